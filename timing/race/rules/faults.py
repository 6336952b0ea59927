"""What the decoder of rules finds wrong, as texts: it says it in English alone. Pure."""

import re
from collections.abc import Iterator
from typing import Final

from timing.language import Text, _, verbatim

SAID: Final[tuple[tuple[str, Text], ...]] = (
    (r"Invalid enum value (?P<value>.+) - at `(?P<path>.+)`", _("Invalid enum value {value} - at `{path}`")),
    (r"Expected `(?P<wanted>.+)`, got `(?P<got>.+)` - at `(?P<path>.+)`", _("Expected `{wanted}`, got `{got}` - at `{path}`")),
    (r"Expected `(?P<kind>.+)` (?P<bound>[<>]=? .+) - at `(?P<path>.+)`", _("Expected `{kind}` {bound} - at `{path}`")),
    (r"Expected `(?P<kind>\w+)` of length (?P<bound>.+) - at `(?P<path>.+)`", _("Expected `{kind}` of length {bound} - at `{path}`")),
    (r"Object contains unknown field `(?P<key>.+?)` - at `(?P<path>.+)`", _("Object contains unknown field `{key}` - at `{path}`")),
    (r"Object contains unknown field `(?P<key>.+?)`", _("Object contains unknown field `{key}`")),
    (r"Object missing required field `(?P<key>.+?)` - at `(?P<path>.+)`", _("Object missing required field `{key}` - at `{path}`")),
)  # fmt: skip
"""How it says what, and the same as a text with the same English."""


def fault_of(said: str) -> Text:
    """The same as a text; what nobody foresaw as it was said.

    >>> fault_of("Invalid enum value 'firm' - at `$.ranking[0].group`").to("en")
    "Invalid enum value 'firm' - at `$.ranking[0].group`"
    """
    return next(_matching(said), verbatim(said))


def _matching(said: str) -> Iterator[Text]:
    for pattern, text in SAID:
        if found := re.fullmatch(pattern, said):
            yield text.filled(**found.groupdict())


def unparsed(wrong: Exception) -> Text:
    """Where a text stops being TOML; the parser says it in English alone."""
    if isinstance(wrong, RecursionError):
        return _("nested too deeply")
    found = re.search(r"at line (\d+), column (\d+)", str(wrong))
    return _("line {line}, column {column}", line=found[1], column=found[2]) if found else _("it ends too early")
