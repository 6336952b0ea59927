"""The source of random bits, which tests replace."""

import secrets  # noqa: TID251  (the one place that may draw)
from collections.abc import Callable

Bits = Callable[[int], int]
"""Draws a number of the given count of random bits."""

system_bits: Bits = secrets.randbits


def new_lineage(bits: Bits = system_bits) -> str:
    """Name a new outbox: 128 random bits in hex, never a host's or a station's name."""
    return f"{bits(128):032x}"


def new_token(bits: Bits = system_bits) -> str:
    """Draw a station's secret: 256 bits in hex."""
    return f"{bits(256):064x}"
