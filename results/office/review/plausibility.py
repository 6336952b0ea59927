"""Whether somebody can have run a time: what cannot be is refused before it is recorded, what is unlikely is told. Pure."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from results.ranking.rows import Row
from results.ranking.standings import Standings
from results.view.words import REASONS
from timing.errors import RaceError
from timing.language import Text, _, ngettext
from timing.log.narration import RULED
from timing.race.clock import AHEAD_MOST
from timing.race.events import (
    DeskFact,
    PassingEntered,
    RuledStatus,
    ScanNamed,
    StandInEntered,
    StartOffsetGiven,
    StatusRuled,
    TimeAdjusted,
    UnreadNamed,
)
from timing.race.fold import Race
from timing.race.instants import Instant, Span, clock_face, span
from timing.race.passings import Judgement, Passing, Point, Reason, judge
from timing.race.rules import Rules

USED = (Reason.START_USED, Reason.FINISH_USED, Reason.SPLIT_USED, Reason.IN_PEN)
CONTRADICTING: Final[Mapping[RuledStatus, Collection[Point]]] = {
    "withdrawn": (Point.START, Point.SPLIT, Point.FINISH),
    "dns": (Point.START, Point.SPLIT, Point.FINISH),
    "dnf": (Point.FINISH,),
    "dsq": (),
}
"""Where a camera that saw somebody speaks against a status."""
ByHand = PassingEntered | StartOffsetGiven | TimeAdjusted
Wall = Callable[[Instant], str]
SLOW = 4
"""So many times the median nobody runs: such a time is a wrong hour, or somebody who came back to the line later."""


def refuse_impossible(race: Race, rules: Rules, facts: Iterable[DeskFact], now: Instant, wall: Wall) -> None:
    """What officials write by hand must have happened, and leave a time above zero; `race` is the one with these facts.

    Raises:
        RaceError: an instant that has not come, or a time of zero or less.
    """
    for fact in facts:
        if isinstance(fact, PassingEntered) and fact.at > now + AHEAD_MOST:
            raise RaceError(_("{at} has not come yet", at=wall(fact.at)))
        if isinstance(fact, ByHand):
            _refuse_nothing_run(race, rules, fact.entrant, wall)


def _refuse_nothing_run(race: Race, rules: Rules, entrant: str, wall: Wall) -> None:
    judged = _judged(race, rules, entrant)
    time = min((time for time in _times(judged, rules) if time is not None), default=None)
    if time is None or time > 0:
        return
    bib, face = race.entrants[entrant].bib or entrant, clock_face(time, rules.rounding)
    gun = "" if judged.gun is None else wall(judged.gun)
    start, finish = (_at(passing, wall) for passing in (judged.start, judged.finish))
    raise RaceError(
        _(
            "bib {bib} would have a time of {face}; gun {gun}, start {start}, finish {finish}",
            bib=bib,
            face=face,
            gun=gun,
            start=start,
            finish=finish,
        ),
    )


def doubts(race: Race, before: Standings, after: Standings, facts: Sequence[DeskFact], wall: Wall) -> Iterator[Text]:
    """What to tell loudly before these facts are recorded; `race` is the one with them."""
    ahead = {row.entrant.id for row in before.rows if row.impossible}
    nothing = [row for row in after.rows if row.impossible and row.entrant.id not in ahead]
    if nothing:
        bibs = ", ".join(str(row.entrant.bib) for row in nothing[:10])
        yield ngettext(
            "{n} person would have a time of zero or less ({bibs})",
            "{n} people would have a time of zero or less ({bibs})",
            len(nothing),
            bibs=bibs,
        )
    yield from _seen_all_the_same(before, facts, wall)
    yield from _without_effect(race, after.rules, facts)
    yield from _ruled_out(race, facts)
    for entrant in dict.fromkeys(fact.entrant for fact in facts if isinstance(fact, ByHand)):
        others = [row for row in before.ranked if row.entrant.id != entrant and not row.impossible]
        judged = _judged(race, after.rules, entrant)
        time = next((time for time in _times(judged, after.rules) if time is not None), None)
        for text in _unlikely(judged, time, others, after.rules):
            yield _("bib {bib}: {text}", text=text, bib=race.entrants[entrant].bib or entrant)


def _seen_all_the_same(before: Standings, facts: Iterable[DeskFact], wall: Wall) -> Iterator[Text]:
    """Who is said not to run, or not to have come in, though cameras saw that bib."""
    for fact in facts:
        if not isinstance(fact, StatusRuled | StandInEntered) or fact.entrant not in before.by_id:
            continue
        status = fact.status if isinstance(fact, StatusRuled) else "withdrawn"
        row = before.by_id[fact.entrant]
        passings = [row.judged.start, *row.judged.splits, row.judged.finish]
        seen = [one.scan for one in passings if one and one.scan and one.point in CONTRADICTING[status]]
        if seen:
            yield _(
                "bib {bib} was seen by cameras: {seen}",
                bib=row.entrant.bib or row.entrant.id,
                seen=", ".join(f"{scan.station} {wall(scan.instant)}" for scan in seen),
            )


def _without_effect(race: Race, rules: Rules, facts: Iterable[DeskFact]) -> Iterator[Text]:
    """Scans, taps and unread people that are somebody's now, and change nothing: that person was seen there already, or it is another's."""
    for fact in facts:
        if isinstance(fact, ScanNamed | UnreadNamed) and fact.entrant in race.entrants:
            reasons = _judged(race, rules, fact.entrant).reasons
            why = next((why for scan, why in reasons if (scan.lineage, scan.seq) == (fact.lineage, fact.seq)), None)
            if why is not None and why not in USED:
                text = REASONS[why]
                bib = race.entrants[fact.entrant].bib or fact.entrant
                yield _("bib {bib} has the same result: {text}", bib=bib, text=text)


def _ruled_out(race: Race, facts: Iterable[DeskFact]) -> Iterator[Text]:
    """Who is given a passing or a time, and was ruled not to have run or come in: that stands."""
    for entrant in dict.fromkeys(fact.entrant for fact in facts if isinstance(fact, ScanNamed | UnreadNamed | ByHand)):
        if status := race.ruled(entrant).status:
            bib = race.entrants[entrant].bib or entrant
            yield _("bib {bib} was ruled out, which stands: {status}", bib=bib, status=RULED[status])


def _unlikely(judged: Judgement, time: Span | None, others: Sequence[Row], rules: Rules) -> Iterator[Text]:
    if time is None:
        return
    face, best = clock_face(time, rules.rounding), others[0].time if others else None
    if too_soon(judged, rules):
        yield _("{face} is below the least that the rules allow", face=face)
    if best is not None and _far_ahead(time, best):
        told = clock_face(best, rules.rounding)
        yield _("{face} beats the fastest, {told}, by more than a third", face=face, told=told)
    if (usual := _median(others)) is not None and time > SLOW * usual:
        yield _(
            "{face} is more than {slow} times the median, {usual}",
            face=face,
            slow=SLOW,
            usual=clock_face(usual, rules.rounding),
        )


def short_rows(standings: Standings) -> list[Row]:
    """Who ran less than the rules' least time, and a winner who beats the next by more than a third; not whose time was let stand."""
    ranked = [row for row in standings.ranked if not row.impossible]
    alone = len(ranked) > 1 and _far_ahead(ranked[0].time or Span(0), ranked[1].time or Span(0))
    odd = (row for at, row in enumerate(ranked) if too_soon(row.judged, standings.rules) or (alone and at == 0))
    return [row for row in odd if not row.confirmed]


def long_rows(standings: Standings) -> list[Row]:
    """Whose time is many times the median; not whose time was let stand."""
    usual = _median(standings.ranked)
    if usual is None:
        return []
    return [row for row in standings.ranked if (row.time or 0) > SLOW * usual and not row.confirmed]


def too_soon(judged: Judgement, rules: Rules) -> bool:
    """Whether a time is below the least that the rules take from a camera."""
    least = (judged.gun_time, rules.min_finish_s), (judged.net_time, rules.min_run_s)
    return any(time is not None and seconds is not None and time < span(seconds) for time, seconds in least)


def _far_ahead(time: Span, best: Span) -> bool:
    return 3 * time < 2 * best


def _median(rows: Iterable[Row]) -> Span | None:
    times = [row.time for row in rows if row.time is not None]
    return Span(sorted(times)[(len(times) - 1) // 2]) if times else None


def _judged(race: Race, rules: Rules, entrant: str) -> Judgement:
    """The entrant's run as if no status were ruled: whoever is reinstated later has this time."""
    scans, ruled = race.scans_of(race.entrants[entrant], rules), replace(race.ruled(entrant), status=None)
    gun = race.guns.get(race.wave_of(race.entrants[entrant], scans))
    return judge(scans, gun, rules, ruled, race.office.closed_at)


def _times(judged: Judgement, rules: Rules) -> tuple[Span | None, Span | None]:
    """The time that ranks, and the net time."""
    return (judged.net_time if rules.basis == "net" and not judged.held else judged.since_gun), judged.net_time


def _at(passing: Passing | None, wall: Wall) -> str:
    return "–" if passing is None else wall(passing.at)
