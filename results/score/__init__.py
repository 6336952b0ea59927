"""Races that were timed elsewhere, scored from their files."""
