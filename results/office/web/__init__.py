"""The office's pages and their addresses."""
