"""The displayed text of a cell's value: numbers by their format (`0"팀"`), dates, times, booleans. Pure."""

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime, time, timedelta
from decimal import ROUND_HALF_UP, Decimal

TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|_(?P<space>.)|\*.|\[\$(?P<sign>[^\]-]*)[^\]]*\]|\[(?P<bracket>[^\]]*)\]'
    r"|(?P<general>General|G/표준)|(?P<place>[0#?])|(?P<point>\.)|(?P<group>,)|(?P<percent>%)|(?P<science>E[+-])|(?P<text>@)|(?P<literal>.)",
    re.IGNORECASE | re.DOTALL,
)
SECTION = re.compile(r'((?:"[^"]*"|\\.|[^;"\\])*)(?:;|$)', re.DOTALL)
CONDITION = re.compile(r"(<=|>=|<>|<|>|=)\s*(-?[\d.]+)")
CHECKS = {
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "=": lambda a, b: a == b,
    "<>": lambda a, b: a != b,
}
BUILT_IN = {
    9: "0%",
    10: "0.00%",
    18: "h:mm AM/PM",
    19: "h:mm:ss AM/PM",
    20: "h:mm",
    21: "h:mm:ss",
    32: "h:mm",
    33: "h:mm:ss",
}
"""The formats that a file names by their number alone and that show something else than the plain value."""
UNTOLD = re.compile(r'"[^"]*"|\\.|\[\$[^\]]*\]')
LONG = 15  # significant digits of a spreadsheet's numbers
Value = str | int | float | bool | date | time | timedelta | None
Token = tuple[str, str]
"""Its kind, as `TOKEN` names it, and its text."""


def shown(value: Value, code: str = "") -> str:
    """The text of a cell, also if its format hides the value.

    >>> shown(1.0, '0"팀"'), shown(7.0, "000"), shown("가", '@"조"'), shown(3.0), shown(0.1 + 0.2), shown(1e5)
    ('1팀', '007', '가조', '3', '0.3', '100000')
    >>> shown(time(14, 0)), shown(datetime(2026, 3, 5)), shown(True), shown(1200.0, "#,##0명"), shown(5.0, ";;;")
    ('14:00', '2026-03-05', 'TRUE', '1200명', '5')
    """
    plain = _plain(value.time() if isinstance(value, datetime) and _is_clock(code) else value)
    if not code or value is None or isinstance(value, bool | date | time | timedelta):
        return plain
    tokens = _section(value, _sections(code))
    told = ""
    whole = next((kind for kind, _ in tokens if kind in ("text", "general")), "")
    if isinstance(value, str):
        told = _with(tokens, "text", value) if whole == "text" else value
    else:
        with suppress(ArithmeticError):  # more places than a number can fill
            told = _with(tokens, whole, plain) if whole else _placed(Decimal(repr(float(value))), tokens)
    return told.strip() or plain


def _is_clock(code: str) -> bool:
    """Whether a format shows only the time of a day.

    >>> _is_clock("h:mm AM/PM"), _is_clock('[$-412]AM/PM h"시" mm"분";@'), _is_clock("yyyy-mm-dd hh:mm"), _is_clock("")
    (True, True, False, False)
    """
    letters = set(UNTOLD.sub("", code).lower())
    return bool(letters & set("hs")) and not letters & set("yd")


def _plain(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return str(value).upper()
        case datetime():
            instant = (value + timedelta(microseconds=500_000)).replace(microsecond=0)
            return instant.date().isoformat() + (f" {_clock(instant.time())}" if instant.time() != time() else "")
        case date():
            return value.isoformat()
        case time():
            return _plain(
                timedelta(hours=value.hour, minutes=value.minute, seconds=value.second + round(value.microsecond / 1e6))
            )
        case timedelta():
            minutes, seconds = divmod(round(value.total_seconds()), 60)
            return f"{minutes // 60:02}:{minutes % 60:02}" + (f":{seconds:02}" if seconds else "")
        case float():
            return f"{Decimal(f'{value:.{LONG}g}'):f}"
        case _:
            return str(value)


def _clock(at: time) -> str:
    return at.isoformat("seconds" if at.second else "minutes")


def _sections(code: str) -> list[list[Token]]:
    """A format's parts for positive, negative, zero and text."""
    return [[_token(found) for found in TOKEN.finditer(part)] for part in SECTION.findall(code)[:-1]]


def _token(found: re.Match[str]) -> Token:
    kind = found.lastgroup or "nothing"  # nothing: what fills a cell's width
    text = found[kind] if found.lastgroup else ""
    return (
        ("literal", " " if kind == "space" else text)
        if kind in ("quoted", "escaped", "space", "sign")
        else (kind, text)
    )


def _section(value: str | int | float, sections: Sequence[list[Token]]) -> list[Token]:
    if isinstance(value, str):
        return sections[3] if len(sections) > 3 else next((s for s in sections if ("text", "@") in s), [])
    conditions = [
        next((CONDITION.fullmatch(text) for kind, text in s if kind == "bracket" and CONDITION.fullmatch(text)), None)
        for s in sections
    ]
    if any(conditions):
        fits = (not found or CHECKS[found[1]](value, float(found[2])) for found in conditions)
        return next((section for section, fit in zip(sections, fits, strict=True) if fit), [])
    if value < 0 and len(sections) > 1:
        return sections[1]
    return [("literal", "-"), *sections[0]] if value < 0 else sections[2 if value == 0 and len(sections) > 2 else 0]


def _with(tokens: Sequence[Token], place: str, text: str) -> str:
    return "".join(text if kind == place else said for kind, said in tokens if kind in (place, "literal"))


def _placed(value: Decimal, tokens: Sequence[Token]) -> str:
    """A number's digits in the places of its format; commas between thousands are for the eye and left out."""
    kinds = [kind for kind, _ in tokens]
    if "science" in kinds or ("literal", "/") in tokens:  # powers and fractions
        return ""
    if "place" not in kinds:
        return "".join(text for kind, text in tokens if kind == "literal")
    point = kinds.index("point") if "point" in kinds else len(kinds)
    last = len(kinds) - kinds[::-1].index("place")
    thousands = next((at for at, kind in enumerate(kinds[last:]) if kind != "group"), len(kinds) - last)
    scaled = abs(value) * 100 ** kinds.count("percent") / 1000**thousands
    decimals = kinds[point:].count("place")
    digits = f"{scaled.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP):f}".partition(".")
    whole = _whole(digits[0], tokens[:point])
    fraction = iter(digits[2])
    rest = [next(fraction, "") if kind == "place" else text for kind, text in tokens[point:] if kind not in UNSEEN]
    return whole + "".join(rest)


UNSEEN = ("bracket", "group", "nothing")


def _whole(digits: str, tokens: Sequence[Token]) -> str:
    """The digits before the point, put in from the right; the first place takes all that is left."""
    places, left, told = sum(kind == "place" for kind, _ in tokens), digits.lstrip("0"), []
    for kind, text in reversed(tokens):
        if kind == "place":
            places -= 1
            digit = left if not places else left[-1:]
            left = left[: -len(digit)] if digit else left
            told.append(digit or ("0" if text == "0" else ""))
        elif kind not in UNSEEN:
            told.append(text)
    return "".join(reversed(told))
