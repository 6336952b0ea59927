"""The commands of this room: a station that scans, its outbox, its clock, its evidence."""
