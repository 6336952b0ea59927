"""The terminal: lines, tables, bars and QR symbols, none of which can be steered by text from outside."""
