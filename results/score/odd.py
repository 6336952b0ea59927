"""Warnings about the files of a race timed elsewhere: what changes no result, or not as its author may expect. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path

from results.ranking.rows import Flag, Row
from results.ranking.standings import Standings
from results.score.facts import TimedElsewhere
from results.score.input_files import Ruling
from timing.language import Text, _, ngettext
from timing.race.instants import milliseconds
from timing.race.spelling import look_alike

FIRST_FEW = 5
TIMES_SET = (Ruling.START_OFFSET, Ruling.FINISH_AT)
STATUSES = (Ruling.DNF, Ruling.DNS, Ruling.DSQ, Ruling.WITHDRAWN)
CALLED = {"company": _("company"), "team": _("team"), "category": _("category")}


def oddities(timed: TimedElsewhere, ranked: Standings, rulings: Path | None) -> Iterator[Text]:
    """All warnings; `rulings` is the file that its rows are named by."""
    yield from _nothing_read(timed)
    yield from _strangers(timed)
    yield from _ruled_twice(timed)
    yield from _withheld(timed)
    yield from _sizes(timed)
    yield from _teams(timed)
    yield from _spellings(timed)
    yield from _starts(timed, ranked)
    yield from _impossible(timed, ranked, rulings)


def _nothing_read(timed: TimedElsewhere) -> Iterator[Text]:
    if not any(read.point == "finish" for read in timed.reads):
        yield _("there is no finish read at all; is this the right file?")


def _ruled_twice(timed: TimedElsewhere) -> Iterator[Text]:
    """Rulings of one bib that cannot both hold: of two statuses, starts, finishes or guns the last one does."""
    rows: dict[tuple[str, int], list[int]] = defaultdict(list)
    for one in timed.decisions:
        kind = (
            one.ruling if one.ruling in (*TIMES_SET, Ruling.GUN_OFFSET) else "status" if one.ruling in STATUSES else ""
        )
        for bib in one.bibs or (0,) if kind else ():
            rows[kind, bib].append(one.row)
    twice = [(kind, bib, numbers) for (kind, bib), numbers in rows.items() if len(numbers) > 1]
    if twice:
        told = _few(f"{bib or ''} {kind} ({', '.join(map(str, numbers))})".strip() for kind, bib, numbers in twice)
        yield _("of several rulings the last one holds: {told}", told=told)


def _strangers(timed: TimedElsewhere) -> Iterator[Text]:
    strangers = timed.strangers()
    if strangers:
        told = _few(f"{bib} ({count})" for bib, count in sorted(strangers.items()))
        yield ngettext(
            "{n} read of a bib that is no entrant does not count: {told}",
            "{n} reads of {count} bibs that are no entrants do not count: {told}",
            strangers.total(),
            count=len(strangers),
            told=told,
        )


def _withheld(timed: TimedElsewhere) -> Iterator[Text]:
    if timed.withheld:
        yield ngettext(
            "{n} withheld row without a bib is left out; those behind it move up",
            "{n} withheld rows without a bib are left out; those behind them move up",
            timed.withheld,
        )


def _sizes(timed: TimedElsewhere) -> Iterator[Text]:
    for key, sizes in timed.sizes().items():
        if len(sizes) > 1:
            company, told = timed.spelled["company"][key], ", ".join(map(str, sorted(sizes)))
            yield _(
                "{company} has several numbers of employees ({told}); the largest, {sizes}, counts",
                company=company,
                told=told,
                sizes=max(sizes),
            )


def _teams(timed: TimedElsewhere) -> Iterator[Text]:
    shared = timed.shared_teams() if any(rule.group == "team" for rule in timed.rules.ranking) else []
    if shared:
        yield _(
            "a team that stands beside several companies is a team of each (a joint one goes into the column joint_team): {shared}",
            shared=_few(shared),
        )


def _spellings(timed: TimedElsewhere) -> Iterator[Text]:
    for field, text in CALLED.items():
        if same := timed.spellings(field):
            told = _few(" = ".join(texts) for texts in same)
            yield _("spelled in several ways, one {text}: {told}", text=text, told=told)
        if alike := look_alike(timed.spelled[field].values()):
            told = _few(" ? ".join(texts) for texts in alike)
            yield _(
                "look alike and count apart (if one {text} is meant, correct the file): {told}", text=text, told=told
            )


def _starts(timed: TimedElsewhere, ranked: Standings) -> Iterator[Text]:
    """Finishers who were seen at the start, though not when a start counts: another gun, or too short a window."""
    rows = [row for row in ranked.rows if Flag.START_NOT_COUNTED in row.flags]
    if rows:
        told = _few(timed.written[str(row.entrant.bib)] for row in rows)
        yield ngettext(
            "{n} finisher was seen at the start, but before the gun or after the window: {told}",
            "{n} finishers were seen at the start, but before the gun or after the window: {told}",
            len(rows),
            told=told,
        )


def _impossible(timed: TimedElsewhere, ranked: Standings, rulings: Path | None) -> Iterator[Text]:
    """Times of zero or less: somebody typed seconds for milliseconds, or a wrong sign."""
    rows = [row for row in ranked.rows if row.impossible]
    if rows:
        told = _few(f"{timed.written[str(row.entrant.bib)]} ({_why(timed, row, rulings)})" for row in rows)
        yield _("{count} with an impossible time, without a place if negative: {told}", count=len(rows), told=told)


def _why(timed: TimedElsewhere, row: Row, rulings: Path | None) -> str:
    """The time, and the rulings that may have made it."""
    time = row.gun_time if row.net_time is None else row.net_time
    bib = int(timed.written[str(row.entrant.bib)])
    rows = [
        str(_("{file} row {row} {ruling}", file=rulings, row=one.row, ruling=one.ruling))
        for one in timed.decisions
        if one.ruling is Ruling.GUN_OFFSET or (one.ruling in TIMES_SET and bib in one.bibs)
    ]
    return "; ".join([f"{milliseconds(time)} ms" if time is not None else "", *rows])


def _few(texts: Iterable[str]) -> str:
    """The first few of them."""
    listed = list(islice(texts, FIRST_FEW + 1))
    return ", ".join(listed[:FIRST_FEW]) + (", ..." if len(listed) > FIRST_FEW else "")
