"""Rows of text read as entries: headings, forms, remarks, several people in a cell, and what must be asked about them."""
