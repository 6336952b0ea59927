"""A paper sheet's rows as people write them at the line: `45 35 453` is minute, second, bib. Pure.

The hour is carried from row to row, and so is the minute while seconds go on: `38 454` is the same minute's second 38.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from timing.language import NOTHING, Text, _
from timing.race.spelling import clean

ROW: Final = re.compile(r"[\d\s.,:;/·#?-]+", re.ASCII)
PART: Final = re.compile(r"\d+|\?", re.ASCII)
PAIRED: Final = re.compile(r"\d+\s*[.:]\s*\d+", re.ASCII)
"""A minute and a second, or an hour and a minute: what follows them is told apart by it."""
KOREAN: Final = str.maketrans({"시": ":", "분": ":", "초": " ", "번": " "})
BIB_DIGITS: Final = 6
HOUR_S, MINUTE_S = 3_600, 60
ROWS_MOST: Final = 300

UNREADABLE: Final = _("write minute, second and bib: 45 35 453")
NO_MINUTE: Final = _("which minute? Write it before the second")
NO_SUCH_TIME: Final = _("there are 60 seconds in a minute and 60 minutes in an hour")
NO_BIB: Final = _("the bib is missing")


@dataclass(frozen=True, slots=True)
class WrittenRow:
    """One line of a sheet: `seconds` after midnight (or after the gun), and the bib; what is wrong with it where it cannot be read."""

    line: int
    text: str
    seconds: int | None = None
    bib: int | None = None
    wrong: Text = NOTHING


def written_rows(text: str, since: int) -> Iterator[WrittenRow]:
    """Each line that is not empty, numbered from 1; `since` is the time, in seconds, that the first one follows.

    An hour that is not written is the one that brings the minute nearest to the row before.

    >>> [(row.seconds, row.bib) for row in written_rows("45 35 453\\n38 454\\n1:02 455", 14 * 3_600)]
    [(53135, 453), (53138, 454), (54062, 455)]
    >>> [str(row.wrong) for row in written_rows("38 454\\n45:35\\n45 61 7", 0)]  # doctest: +ELLIPSIS
    ['...', '...', '...']
    """
    after, minute_known, first = since, False, True
    for line, said in enumerate(text.splitlines(), start=1):
        if not said.strip():
            continue
        row = _row(line, said.strip(), after, minute_known, first)
        minute_known = row.seconds is not None
        if row.seconds is not None:
            after, first = row.seconds, False
        yield row


def _row(line: int, said: str, after: int, minute_known: bool, first: bool) -> WrittenRow:
    told = clean(said).translate(KOREAN)
    parts = PART.findall(told) if ROW.fullmatch(told) else []
    if PAIRED.fullmatch(told.strip()):
        parts.append("?")  # a time without a bib
    *times, bib = parts or ("?",)
    if not 1 <= len(times) <= 3 or "?" in times or len(bib) > BIB_DIGITS:
        return WrittenRow(line, said, wrong=UNREADABLE)
    numbers = [int(one) for one in times]
    if max(numbers[-2:]) >= 60:
        return WrittenRow(line, said, wrong=NO_SUCH_TIME)
    if len(numbers) == 1 and not (minute_known and numbers[0] >= after % MINUTE_S):
        return WrittenRow(line, said, wrong=NO_MINUTE)
    seconds = _carried(numbers, after, first)
    if bib == "?":
        return WrittenRow(line, said, seconds, wrong=NO_BIB)
    return WrittenRow(line, said, seconds, int(bib))


def _carried(numbers: list[int], after: int, first: bool) -> int:
    """The seconds of a time whose hour, or hour and minute, are those of the row before; the `first` one is not before `after`."""
    if len(numbers) == 1:
        return after // MINUTE_S * MINUTE_S + numbers[0]
    *hour, minute, second = numbers
    within = minute * MINUTE_S + second
    if hour:
        return hour[0] * HOUR_S + within
    least = after // HOUR_S - 1
    every = [(least + step) * HOUR_S + within for step in range(3) if least + step >= 0]
    if first:
        return next(one for one in every if one >= after)
    return min(every, key=lambda one: (abs(one - after), -one))
