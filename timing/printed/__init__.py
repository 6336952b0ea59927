"""The content of printed sheets and certificates, for the rooms that print and those that fill them."""
