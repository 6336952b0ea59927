"""Firms: their cards, QR designs and captains' links."""
