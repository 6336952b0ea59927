"""Ages on race day from the births in a roster; only the name of the age group is stored. Pure."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from timing.race.rules import AgeGroup
from timing.race.spelling import sex_of

PLAUSIBLE = range(4, 100)
"""Plausible ages of runners, by which the century of a two-digit year and the meaning of a number are told."""
SHORT = range(14, 86)
"""The same of two digits alone: 36 or 15 is an age that somebody wrote for a birth, and no year 1936 or 2015."""
SERIAL_ZERO = date(1899, 12, 30)  # day 0 of a spreadsheet's dates, so that those after February 1900 come out right
WRITTEN = re.compile(r"(\d{4}|\d{2}) ?[-–./,년 ] ?(\d{1,2}) ?[-–./,월 ] ?(\d{1,2}) ?[.일]?")
TIME_OF_DAY = re.compile(r"[ T](오전 ?|오후 ?|[AP]M )?\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[AP]M)?$")
DECORATION = re.compile(r"^['’`]| ?\((양|양력|[월화수목금토일])\)$|(?<=\d)\.0$")


def age_on(day: date, text: str) -> int | None:
    """How old somebody is on that day; None where the text is unclear. Of a year alone: how old they turn in that year.

    Read are `1990-01-01`, `1990. 1. 1.`, `1990년 1월 1일`, `90.1.1`, `19900101`, `900101`, a spreadsheet's day number, a year.

    >>> [age_on(date(2026, 9, 3), text) for text in ("1990-09-03", "90.9.4", "900903", "33120", "1990년생", "사과")]
    [36, 35, 36, 35, 36, None]
    """
    bare = DECORATION.sub("", DECORATION.sub("", TIME_OF_DAY.sub("", text.strip()))).removesuffix("생").strip()
    likely = SHORT if re.fullmatch(r"\d{2} ?년?", bare) else PLAUSIBLE
    ages = {age for age in _ages(day, bare) if age in likely}
    return ages.pop() if len(ages) == 1 else None


def age_group(groups: Iterable[AgeGroup], age: int, sex: str) -> AgeGroup | None:
    """The age group of somebody; None where they fit none."""
    return next(
        (group for group in groups if sex_of(group.sex) in ("", sex_of(sex)) and group.least <= age <= group.most), None
    )


def _ages(day: date, text: str) -> Iterator[int]:
    """The age by every way to read the text."""
    if year := re.fullmatch(r"(\d{4}|\d{2}) ?년?", text):
        yield from (day.year - born for born in _years(year[1]))
    yield from (
        day.year - born.year - ((day.month, day.day) < (born.month, born.day)) for born in _births(text) if born <= day
    )


def _births(text: str) -> Iterator[date]:
    if written := WRITTEN.fullmatch(text):
        yield from _dates(written[1], written[2], written[3])
    elif re.fullmatch(r"\d{5}", text):  # a day number; or 050302 of which a spreadsheet took the zero
        yield SERIAL_ZERO + timedelta(days=int(text))
        yield from _dates(f"0{text[0]}", text[1:3], text[3:])
    elif re.fullmatch(r"\d{6}|\d{8}", text):
        yield from _dates(text[:-4], text[-4:-2], text[-2:])


def _dates(year: str, month: str, day: str) -> Iterator[date]:
    for one in _years(year):
        try:
            yield date(one, int(month), int(day))
        except ValueError:  # no such day in the calendar
            continue


def _years(text: str) -> list[int]:
    """The year; of two digits that of either century."""
    return [int(text)] if len(text) == 4 else [1900 + int(text), 2000 + int(text)]
