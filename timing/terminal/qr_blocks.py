"""A QR symbol for a terminal: two modules per character, black on white regardless of the terminal's colours."""

from collections.abc import Sequence
from itertools import zip_longest

QUIET = 4
"""Modules of white around it, as ISO/IEC 18004 asks."""
BLACK_ON_WHITE, PLAIN = "\x1b[30;107m", "\x1b[0m"
HALVES = {(False, False): " ", (True, False): "▀", (False, True): "▄", (True, True): "█"}


def blocks(modules: Sequence[Sequence[bool]], colour: bool = True) -> str:
    """The symbol as lines of text, its quiet zone around it.

    >>> print(blocks([[True]], colour=False))
    <BLANKLINE>
    <BLANKLINE>
        ▀
    <BLANKLINE>
    <BLANKLINE>
    """
    side = [False] * QUIET
    empty = [False] * (len(modules[0]) + 2 * QUIET)
    rows = [*[empty] * QUIET, *([*side, *row, *side] for row in modules), *[empty] * QUIET]
    lines = []
    for upper, lower in zip_longest(rows[::2], rows[1::2], fillvalue=empty):
        line = "".join(HALVES[pair] for pair in zip(upper, lower, strict=True))
        lines.append(f"{BLACK_ON_WHITE}{line}{PLAIN}" if colour else line.rstrip())
    return "\n".join(lines)
