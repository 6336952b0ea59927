"""The office on the command line."""
