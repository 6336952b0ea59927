"""Signed results: who gets one, the form for it on the board, and whether one is still valid."""
