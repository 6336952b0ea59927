"""A draft of rules looked over before it is put in force: what the linter finds, and in which line."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from results.office.rulings.rulings import Office
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace
from timing.language import Text, _
from timing.race.lint import RuleFinding, findings
from timing.race.rules import Rules, draft_of


@dataclass(frozen=True, slots=True)
class DraftCheck:
    """What the linter found in a draft, with lines counted from 1; None for what concerns no line."""

    findings: Sequence[tuple[int | None, RuleFinding]]

    @property
    def errors(self) -> int:
        return sum(one.grave for _line, one in self.findings)


def draft_text(file: Path) -> str:
    """The text of a rules file.

    Raises:
        Unreachable: it is not there, or no text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise Unreachable(_("{file}: cannot be read: {failure}", file=file, failure=failure)) from failure


def draft_findings(text: str, where: str, opened: OpenRace | None) -> list[RuleFinding]:
    """What the linter says of a draft, for this race where there is one; `where` names it.

    Raises:
        WrongUse: it cannot be read as rules at all.
    """
    rules = draft_of(text, where)
    if opened is None:
        return findings(rules)
    race = opened.fold()
    return findings(rules, race, opened.names(race), opened.settings.date)


def draft_check(text: str, where: str, office: Office) -> DraftCheck:
    """The same for somebody who edits the draft: each finding with its line, and what cannot be read as one of them."""
    try:
        found = findings(draft_of(text, where), office.race, office.names, office.opened.settings.date)
    except WrongUse as wrong:
        found = [RuleFinding(True, where, wrong.text)]
    return DraftCheck([(line_of(text, one.where, one.text), one) for one in found])


def says(text: str, where: str, in_force: Rules) -> bool:
    """Whether a draft says what is in force; whatever is wrong with it, the linter says."""
    try:
        return draft_of(text, where) == in_force
    except WrongUse:
        return False


def line_of(text: str, where: str, told: Text) -> int | None:
    """The line of a draft that a finding is about.

    >>> draft = 'basis = "net"\\n[[ranking]]\\nname = "men"\\ngroup = "firm"\\n'
    >>> line_of(draft, "rules.toml", _("no TOML (at line 2, column 9)")), line_of(draft, "ranking 'men'", _("wrong"))
    (2, 3)
    >>> line_of(draft, "rules.toml", _("Invalid enum value 'firm' - at `$.ranking[0].group`")), line_of(draft, "x", _("y"))
    (4, None)
    """
    said, lines = told.to("en"), text.splitlines()
    if found := re.search(r"at line (\d+)", said):
        return int(found[1])
    if found := re.search(r"`\$\.(\w+)(?:\[(\d+)\])?(?:\.(\w+))?", said):
        table, number, key = found[1], found[2], found[3]
        start = _nth(lines, rf"\s*\[\[\s*{table}\s*\]\]", int(number)) if number else 0
        return _nth(lines, rf"\s*{key or table}\s*=", 0, start or 0) or start or None
    if found := re.search(r"unknown field `(\w+)`", said):
        return _nth(lines, rf"\s*(?:\[\[?\s*)?{found[1]}\b", 0)
    if found := re.fullmatch(r"(?:ranking|prize) '(.*)'", where):
        return _nth(lines, rf"\s*name\s*=\s*[\"']{re.escape(found[1])}[\"']", 0)
    return _nth(lines, rf"\s*{re.escape(where)}\s*=", 0)


def _nth(lines: Sequence[str], pattern: str, number: int, after: int = 0) -> int | None:
    """The line of the match with this number, from 0, behind so many lines."""
    matching = (at for at, line in enumerate(lines, 1) if at > after and re.match(pattern, line))
    return next(islice(matching, number, None), None)
