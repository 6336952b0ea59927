"""The files of a race timed elsewhere: entries, reads, rulings and rules, each read whole or not at all."""

import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, Literal, NamedTuple

from results.score.input_table import InputRow, lines, shown, text_of
from timing.errors import WrongUse
from timing.language import _, ngettext
from timing.race.instants import Instant, Span, between, instant
from timing.race.rules import Rules, rules_from
from timing.race.spelling import group_key


class Ruling(StrEnum):
    """What officials may decide in `rulings.csv`."""

    DNF = "dnf"
    DNS = "dns"
    DSQ = "dsq"
    WITHDRAWN = "withdrawn"
    WITHHOLD = "withhold"
    DEAD_HEAT = "dead_heat"
    START_OFFSET = "start_offset"
    FINISH_AT = "finish_at"
    GUN_OFFSET = "gun_offset"


ENTRY: Final = ("bib", "sex", "category", "company", "team")
POINTS: Final[Mapping[str, Literal["start", "finish"]]] = {"start": "start", "finish": "finish"}


def _ruling_key(text: str) -> str:
    """One key for all spellings of a ruling: `Dead Heat`, `dead-heat`."""
    return group_key(text).replace("_", "").replace("-", "")


RULINGS: Final = {_ruling_key(ruling): ruling for ruling in Ruling}
WITH_VALUE: Final = (Ruling.START_OFFSET, Ruling.FINISH_AT, Ruling.GUN_OFFSET)
LEAST_BIBS: Final = {Ruling.GUN_OFFSET: 0, Ruling.DEAD_HEAT: 2}


class EntryRow(NamedTuple):
    """One row of `entries.csv`; `written` is the bib as it stands there, leading zeros included.

    A team is its company's own; a `joint` one stands on its own and may have people of several.
    """

    bib: int
    written: str
    sex: str
    category: str
    company: str
    team: str
    employees: int
    joint: bool = False


class ReadRow(NamedTuple):
    """One row of `reads.csv`; `after` counts from the reads' zero."""

    point: Literal["start", "finish"]
    bib: int
    after: Span


class DecisionRow(NamedTuple):
    """One row of `rulings.csv`; `row` as in `InputRow`."""

    ruling: Ruling
    bibs: tuple[int, ...]
    value: Span
    row: int = 0


@dataclass(frozen=True, slots=True)
class RuleFile:
    """`rules.toml`: the rules, and the reads' zero where it is known."""

    rules: Rules
    gun: Instant | None = None


class EntryRows(NamedTuple):
    """`entries.csv`, and how many of its rows have no bib, being withheld in a race folder's own results."""

    entered: list[EntryRow]
    withheld: int


def entries_of(file: Path) -> EntryRows:
    """Read `entries.csv`, or the `results.csv` of a race.

    Raises:
        Unreachable, WrongUse: as `lines`; or a bib or number of employees is none, or a bib stands there twice.
    """
    first_rows: dict[int, int] = {}
    found, withheld = list[EntryRow](), 0
    for line in lines(file, ENTRY):
        if line.text("status") == "withheld" and not line.text("bib"):
            withheld += 1
            continue
        bib = line.bib()
        if (first := first_rows.setdefault(bib, line.row)) != line.row:
            raise line.wrong("bib", _("bib {bib} is also in row {first}", bib=bib, first=first))
        written, sex, category, company, team = map(line.text, ENTRY)
        employees, joint = line.people("company_size"), line.text("joint_team")
        found.append(EntryRow(bib, written, sex, category, company, joint or team, employees, bool(joint)))
    return EntryRows(found, withheld)


def reads_of(file: Path, gun: Instant | None) -> list[ReadRow]:
    """Read `reads.csv`: milliseconds since the gun (`t_ms`) or, where the gun's instant is known, instants (`at`).

    Raises:
        Unreachable, WrongUse: as `lines`; or a point, a bib or a time is none.
    """
    return [ReadRow(_point(line), line.bib(), _after(line, gun)) for line in lines(file, ("point", "bib", "t_ms|at"))]


def _point(line: InputRow) -> Literal["start", "finish"]:
    text = line.text("point")
    point = POINTS.get(group_key(text))
    if point is None:
        raise line.wrong("point", _("{text} is not start or finish", text=shown(text)))
    return point


def _after(line: InputRow, gun: Instant | None) -> Span:
    if "t_ms" in line.cells:
        return line.span("t_ms")
    if gun is None:
        raise line.wrong("at", _("instants need `gun` in the rules file"))
    return between(gun, line.instant("at"))


def decisions_of(file: Path, known: Collection[int]) -> list[DecisionRow]:
    """Read `rulings.csv`; `known` are the bibs of the entrants.

    Raises:
        Unreachable, WrongUse: as `lines`; or a ruling is unknown, lacks its bibs or its value, or names nobody entered.
    """
    return [_decision(line, known) for line in lines(file, ("ruling", "bibs", "value", "reason"))]


def _decision(line: InputRow, known: Collection[int]) -> DecisionRow:
    text = line.text("ruling")
    ruling = RULINGS.get(_ruling_key(text))
    if ruling is None:
        words = ", ".join(Ruling)
        raise line.wrong("ruling", _("unknown ruling {text}; one of {words}", text=shown(text), words=words))
    bibs = tuple(dict.fromkeys(line.bib_in("bibs", bib) for bib in line.text("bibs").split()))
    _check_bibs(line, ruling, bibs, known)
    return DecisionRow(ruling, bibs, line.span("value") if ruling in WITH_VALUE else Span(0), line.row)


def _check_bibs(line: InputRow, ruling: Ruling, bibs: tuple[int, ...], known: Collection[int]) -> None:
    least = LEAST_BIBS.get(ruling, 1)
    if len(bibs) < least:
        raise line.wrong(
            "bibs",
            ngettext("{ruling} needs at least {n} bib", "{ruling} needs at least {n} bib(s)", least, ruling=ruling),
        )
    if ruling is Ruling.GUN_OFFSET and bibs:
        raise line.wrong(
            "bibs",
            _("gun_offset is everybody's gun; for a few people say start_offset"),
        )
    for bib in bibs:
        if bib not in known:
            raise line.wrong("bibs", _("bib {bib} is no entrant", bib=bib))


def rule_file(file: Path) -> RuleFile:
    """Read `rules.toml`: the rules of a race, and `gun`.

    Raises:
        Unreachable: as `text_of`.
        WrongUse: it is no TOML, the gun is no instant, or as `rules_from`.
    """
    try:
        settings = tomllib.loads(text_of(file))
    except tomllib.TOMLDecodeError as wrong:
        raise WrongUse(_("{file} is no TOML: {wrong}", file=file, wrong=wrong)) from wrong
    gun = settings.pop("gun", None)
    return RuleFile(rules_from(settings, str(file)), None if gun is None else _gun(file, gun))


def _gun(file: Path, value: object) -> Instant:
    text = value.isoformat() if isinstance(value, datetime) else str(value)
    try:
        return instant(text)
    except ValueError as wrong:
        raise WrongUse(
            _(
                "{file} gun: {text} is no ISO 8601 instant with a UTC offset (such as 2026-09-03T14:00:00+09:00)",
                file=file,
                text=shown(text),
            ),
        ) from wrong
