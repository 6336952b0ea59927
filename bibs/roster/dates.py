"""Undoes a spreadsheet's conversions to dates and times: `3-5` became the 5th of March, `14:00` a fraction of a day. Pure."""

import re

MONTHS = {
    name: at
    for at, name in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1)
}
NAME = "(?P<name>jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)[a-z]*"
MONTH, DAY, YEAR = r"(?P<month>0?[1-9]|1[0-2])", r"(?P<day>0?[1-9]|[12]\d|3[01])", r"(?:\d{4}|\d{2})"
CLOCK = r"(?:[T ](?:(?:오전|오후) ?)?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?: ?[AP]M)?)?"
DATES = [
    re.compile(shape, re.IGNORECASE)
    for shape in (
        rf"\d{{4}} ?[-./년] ?{MONTH} ?[-./월] ?{DAY} ?[일.]?(?: ?\(?[일월화수목금토](?:요일)?\)?)?{CLOCK}",
        rf"{MONTH} ?[/.-] ?{DAY} ?[/.-] ?{YEAR}\.?{CLOCK}",
        rf"(?P<day>0?[1-9]|[12]\d|3[01])[/.-]{MONTH}[/.-]\d{{4}}{CLOCK}",
        rf"(?:\d{{2}}년 ?)?{MONTH} ?월 ?{DAY} ?일",
        rf"{DAY}[- ]{NAME}(?:[- ,]+{YEAR})?",
        rf"{NAME}[- .]+{DAY}(?:[, -]+{YEAR})?",
        rf"{NAME}[- ](?P<day>\d{{2}})",  # a month and a year, made of `3-99`
    )
]
FRACTION = re.compile(r"0?\.\d{6,}")  # of a day, as a time is when its format is lost
DAY_MINUTES = 24 * 60
TIME = re.compile(
    r"(?P<half>오전|오후|am|pm)? ?(?P<hour>\d{1,2}):(?P<minute>\d{2})(?::00(?:\.0+)?)? ?(?P<after>am|pm)?",
    re.IGNORECASE,
)


def typed_before(text: str) -> str:
    """The text that Excel may have converted to this date; empty for a text that is no date.

    >>> [typed_before(text) for text in ("2026-03-05", "03월 05일", "5-Mar", "Mar-05", "3/5/2026", "2026. 3. 5.", "2026-05-10 00:00:00")]
    ['3-5', '3-5', '3-5', '3-5', '3-5', '3-5', '5-10']
    >>> [typed_before(text) for text in ("3-5", "개발 3월팀", "5월", "2026-9", "1.5", "10km", "14:00")]
    ['', '', '', '', '', '', '']
    """
    found = next((found for shape in DATES if (found := shape.fullmatch(text))), None)
    if not found:
        return ""
    parts = found.groupdict()
    month = int(parts["month"]) if parts.get("month") else MONTHS[parts["name"][:3].lower()]
    return f"{month}-{int(parts['day'])}"


def to_the_minute(text: str) -> str:
    """A time of day as `HH:MM`, also from a spreadsheet's fraction of a day; any other text unchanged.

    >>> to_the_minute("14:00:00"), to_the_minute("2:00 PM"), to_the_minute("오후 2:00"), to_the_minute("9:05"), to_the_minute("1조")
    ('14:00', '14:00', '14:00', '09:05', '1조')
    >>> to_the_minute("0.583333333333333"), to_the_minute("0.5"), to_the_minute("0.58334")
    ('14:00', '0.5', '0.58334')
    """
    if FRACTION.fullmatch(text) and abs(float(text) * DAY_MINUTES - round(float(text) * DAY_MINUTES)) < 0.001:
        hour, minute = divmod(round(float(text) * DAY_MINUTES), 60)
        return f"{hour:02}:{minute:02}"
    found = TIME.fullmatch(text)
    if not found:
        return text
    half, hour = (found["half"] or found["after"] or "").lower(), int(found["hour"])
    if half:
        hour = hour % 12 + (12 if half in ("오후", "pm") else 0)
    return f"{hour:02}:{found['minute']}"
