"""Signed results: who gets one, the door to it on the board, and whether one still stands."""
