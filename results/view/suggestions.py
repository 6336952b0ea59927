"""Suggests who an unread person may be, the likeliest first, each with reasons; a person decides. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import chain
from math import exp
from statistics import median
from typing import Final, NamedTuple

from results.ranking.standings import Standings
from timing.language import Text, _
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span, clock_face
from timing.race.office_state import Entrant
from timing.race.passings import Point, Scan

SHOWN: Final = 5
PAIR_WITHIN: Final = Span(10 * SECOND)
"""Another station at the same point sees the same person within this time."""
COLLEAGUES_WITHIN: Final = Span(8 * SECOND)
SPLIT_WITHIN_S: Final = 45.0  # of the finish that a split leads to expect
BESIDE: Final = Span(2 * SECOND)  # between two starts
FEWEST: Final = 5  # finishers, before any time is usual
LEAST_SPREAD_S: Final = 30.0


class SuggestionReason(NamedTuple):
    """A reason for a suggestion, and its weight."""

    weight: float
    text: Text


class Suggestion(NamedTuple):
    """Somebody who may be meant, and why."""

    entrant: Entrant
    reasons: tuple[Text, ...]
    weight: float


class _Scene(NamedTuple):
    """What is known around an unread person: each entrant's scans that count, and who passed this point when."""

    race: Race
    scan: Scan
    scans: Mapping[str, Sequence[Scan]]
    passed: Mapping[str, Instant]
    starts: Mapping[str, Instant]
    usual: tuple[float, float] | None
    """Median and spread of the seconds from start to finish."""


def suggestions(race: Race, standings: Standings, scan: Scan, shown: int = SHOWN) -> list[Suggestion]:
    """The likeliest people for an unread one, the likeliest first; nobody who was seen elsewhere at the time."""
    scene = _scene(race, standings, scan)
    found = [_suggestion(scene, entrant) for entrant in race.running() if _possible(scene, entrant)]
    likely = sorted((one for one in found if one.reasons), key=lambda one: (-one.weight, one.entrant.bib or 0))
    return likely[:shown]


def _scene(race: Race, standings: Standings, scan: Scan) -> _Scene:
    counting = {row.entrant.id: [one for one in race.scans_of(row.entrant) if not one.voided] for row in standings.rows}
    passed = {key: here[0] for key, scans in counting.items() if (here := _instants(scans, scan.point, scan.metres))}
    starts = {row.entrant.id: row.judged.start.at for row in standings.rows if row.judged.start}
    ran = [row.judged.net_time / SECOND for row in standings.ranked if row.judged.net_time is not None]
    return _Scene(race, scan, counting, passed, starts, _usual(ran))


def _instants(scans: Sequence[Scan], point: Point, metres: int) -> list[Instant]:
    return sorted(one.instant for one in scans if one.point is point and one.metres == metres)


def _usual(seconds: Sequence[float]) -> tuple[float, float] | None:
    if len(seconds) < FEWEST:
        return None
    middle = median(seconds)
    return middle, max(LEAST_SPREAD_S, 1.5 * median(abs(one - middle) for one in seconds))


def _possible(scene: _Scene, entrant: Entrant) -> bool:
    """Whether this entrant was not seen here, and had started by then; who passed at the other station of a pair may be."""
    scan, seen = scene.scan, scene.scans.get(entrant.id, ())
    if any(one.station == scan.station and one.point is scan.point for one in seen):
        return False
    if scan.point is Point.START:
        return not any(one.point is not Point.START and one.instant < scan.instant for one in seen)
    ran_s = (scan.instant - scene.starts[entrant.id]) / SECOND if entrant.id in scene.starts else None
    least = scene.race.rules.min_run_s or 0
    passed = scene.passed.get(entrant.id)
    return (ran_s is None or ran_s > least) and (passed is None or abs(passed - scan.instant) <= PAIR_WITHIN)


def _suggestion(scene: _Scene, entrant: Entrant) -> Suggestion:
    found = sorted(chain.from_iterable(why(scene, entrant) for why in REASONS), key=lambda reason: -reason.weight)
    return Suggestion(entrant, tuple(reason.text for reason in found), sum(reason.weight for reason in found))


def _pair(scene: _Scene, entrant: Entrant) -> Iterator[SuggestionReason]:
    """The other station of this point saw the bib then."""
    scan = scene.scan
    for one in scene.scans.get(entrant.id, ()):
        off = (one.instant - scan.instant) / SECOND
        if one.point is scan.point and one.station != scan.station and abs(off) <= PAIR_WITHIN / SECOND:
            text = _("{station} read the bib {off:+.1f} s from then", station=one.station, off=off)
            yield SuggestionReason(8.0 * exp(-abs(off) / 3), text)
            return


def _still_out(scene: _Scene, entrant: Entrant) -> Iterator[SuggestionReason]:
    """Seen before this point and not at it; at the start, seen later and not there."""
    if entrant.id in scene.passed:
        return
    seen = scene.scans.get(entrant.id, ())
    if scene.scan.point is Point.START and any(one.point is not Point.START for one in seen):
        yield SuggestionReason(3.0, _("was seen on the course or at the finish, and not at the start"))
    elif scene.scan.point is not Point.START and any(one.point is Point.START for one in seen):
        yield SuggestionReason(3.0, _("has started, and was not seen here"))


def _by_split(scene: _Scene, entrant: Entrant) -> Iterator[SuggestionReason]:
    """The pace up to the last split leads to about this instant."""
    start, course = scene.starts.get(entrant.id), scene.race.course_m
    splits = [one for one in scene.scans.get(entrant.id, ()) if one.point is Point.SPLIT]
    if scene.scan.point is not Point.FINISH or start is None or not splits or not course:
        return
    last = max(splits, key=lambda one: one.metres)
    expected = start + (last.instant - start) * course / max(1, last.metres)
    off = (scene.scan.instant - expected) / SECOND
    if abs(off) < 3 * SPLIT_WITHIN_S:
        text = _("by the split at {metres} m expected {off:+.0f} s from then", metres=last.metres, off=-off)
        yield SuggestionReason(4.0 * exp(-((off / SPLIT_WITHIN_S) ** 2)), text)


def _colleagues(scene: _Scene, entrant: Entrant) -> Iterator[SuggestionReason]:
    """People of the same company passed here then."""
    near = [
        other
        for other, at in scene.passed.items()
        if other != entrant.id and abs(at - scene.scan.instant) <= COLLEAGUES_WITHIN
    ]
    mates = [one for one in near if entrant.company and scene.race.entrants[one].company == entrant.company]
    if mates:
        bibs = ", ".join(str(scene.race.entrants[one].bib) for one in mates[:3])
        text = _("colleagues passed within {seconds} s: {bibs}", seconds=COLLEAGUES_WITHIN // SECOND, bibs=bibs)
        yield SuggestionReason(1.0 + 0.5 * min(2, len(mates)), text)
    start = scene.starts.get(entrant.id)
    beside = [
        one for one in near if start is not None and one in scene.starts and abs(scene.starts[one] - start) <= BESIDE
    ]
    if scene.scan.point is not Point.START and beside:
        bibs = ", ".join(str(scene.race.entrants[one].bib) for one in beside[:3])
        yield SuggestionReason(1.0, _("started beside {bibs}, who passed then too", bibs=bibs))


def _usual_time(scene: _Scene, entrant: Entrant) -> Iterator[SuggestionReason]:
    """The time from the own start would be one that others ran."""
    start = scene.starts.get(entrant.id)
    if scene.scan.point is not Point.FINISH or start is None or scene.usual is None or entrant.id in scene.passed:
        return
    ran = Span(scene.scan.instant - start)
    off = (ran / SECOND - scene.usual[0]) / scene.usual[1]
    if abs(off) < 3:
        text = _("would have run {time}, within what others ran", time=clock_face(ran, "none"))
        yield SuggestionReason(exp(-off * off / 2), text)


REASONS: Final[Sequence[Callable[[_Scene, Entrant], Iterator[SuggestionReason]]]] = (
    _pair, _still_out, _by_split, _colleagues, _usual_time,
)  # fmt: skip
