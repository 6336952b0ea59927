"""The commands of this room: lists taken in, bibs printed and proved, firms and their captains."""
