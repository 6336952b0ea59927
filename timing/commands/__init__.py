"""The commands about the race, its people, its stations and its log, and what every command shares."""
