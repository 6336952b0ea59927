"""The commands of this room that need no feature: results, explanations, the board as files."""
