"""Names with letters that the bibs' fonts lack: told at the import, and no reason to keep anybody out."""

from collections.abc import Iterable, Iterator
from typing import Final

from bibs.drawing.fonts import NoKoreanFont
from bibs.roster.entries.entry import Entry, Fault
from timing.language import _

ORDINARY: Final = (range(0x20, 0x7F), range(0xAC00, 0xD7A4))
"""Letters that every Korean font draws: only for others are the fonts opened at all."""


def unprintable(entries: Iterable[Entry]) -> Iterator[Fault]:
    """The rows with characters that bibs cannot show, and what is printed instead."""
    for entry in entries:
        texts = [text for text in (entry.name, entry.company, entry.team, entry.joint_team) if text]
        missing = {text: lacking for text in texts if (lacking := _missing(text))}
        if missing:
            letters = " ".join(repr(letter) for letter in sorted(set().union(*missing.values())))
            shown = ", ".join(f"{text} → {_nearest(text)}" for text in missing)
            yield Fault(
                entry.where,
                _(
                    "the fonts cannot draw {letters}; the bib will say: {shown} (to write it otherwise: `marathon people rename`, `firm rename`)",
                    letters=letters,
                    shown=shown,
                ),
            )


def _missing(text: str) -> list[str]:
    unusual = {letter for letter in text if not any(ord(letter) in letters for letters in ORDINARY)}
    if not unusual:
        return []
    from bibs.drawing.canvas import missing_glyphs  # opens the fonts, and loads the PDF library

    try:
        return sorted(missing_glyphs("".join(unusual)))
    except NoKoreanFont:  # entering somebody needs no font
        return []


def _nearest(name: str) -> str:
    from bibs.drawing.nearest import nearest

    return nearest(name)
