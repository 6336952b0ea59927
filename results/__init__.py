"""What it means: standings, rankings, the board, exports."""
