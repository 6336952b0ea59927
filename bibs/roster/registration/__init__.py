"""Entries taken into the race: matched with whom it knows already, previewed, recorded as facts."""
