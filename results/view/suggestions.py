"""Suggests who an unread person may be, the likeliest first, each with reasons; a person decides. Pure."""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nsmallest
from itertools import islice, takewhile
from math import exp
from statistics import median
from typing import Final, NamedTuple

from results.ranking.standings import Standings
from timing.language import NOTHING, Text, _
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span, clock_face
from timing.race.office_state import Entrant
from timing.race.passings import Point, Scan

SHOWN: Final = 5
PAIR_WITHIN: Final = Span(10 * SECOND)
"""Another station at the same point sees the same person within this time."""
COUNTED_WITHIN: Final = Span(5 * SECOND)
"""Who was read so near to a passing is most likely who passed, and counted already."""
COLLEAGUES_WITHIN: Final = Span(8 * SECOND)
SPLIT_WITHIN_S: Final = 45.0  # of the finish that a split leads to expect
BESIDE: Final = Span(2 * SECOND)  # between two starts
FEWEST: Final = 5  # finishers, before any time is usual
LEAST_SPREAD_S: Final = 30.0


class Suggestion(NamedTuple):
    """Somebody who may be meant, and why."""

    entrant: Entrant
    reasons: tuple[Text, ...]
    weight: float
    counted: bool = False
    """Read at this point about then by another station: the passing is counted already."""
    late: bool = False
    """Entered only after the passing: the others come first."""


class _Scene(NamedTuple):
    """What is known around an unread person: each entrant's scans that count, and who passed this point when."""

    race: Race
    scan: Scan
    scans: Mapping[str, Sequence[Scan]]
    passed: Mapping[str, Instant]
    seen_here: frozenset[str]
    """By this very station."""
    pairs: Mapping[str, tuple[str, float]]
    """Whom another station of this point saw about then: which, and how many seconds later."""
    starts: Mapping[str, Instant]
    usual: tuple[float, float] | None
    """Median and spread of the seconds from start to finish."""
    mates: Mapping[str, Sequence[Entrant]]
    """Who passed this point within `COLLEAGUES_WITHIN` of then, by company."""
    near_starts: Sequence[tuple[Instant, Entrant]]
    """Their starts, in order."""
    listed: bool
    """Whether anybody was entered by then: a list that came in later tells nothing about who was there."""


class _Reason(NamedTuple):
    """Why somebody may be meant: how much that weighs (0: it does not hold), and in words, which only the likeliest need."""

    weigh: Callable[[_Scene, Entrant], float]
    tell: Callable[[_Scene, Entrant], Text]


def suggestions(race: Race, standings: Standings, scan: Scan, shown: int = SHOWN) -> list[Suggestion]:
    """The likeliest people for an unread one, the likeliest first; nobody who was seen elsewhere at the time."""
    (found,) = suggestions_for(race, standings, [scan], shown)
    return found


def suggestions_for(
    race: Race, standings: Standings, scans: Sequence[Scan], shown: int = SHOWN
) -> list[list[Suggestion]]:
    """The same for several; the race is looked through once."""
    return [_likeliest(scene, shown) for scene in _scenes(race, standings, scans)]


def _likeliest(scene: _Scene, shown: int) -> list[Suggestion]:
    weighed = [
        (sum(weights), weights, entrant)
        for entrant in scene.race.running()
        if _possible(scene, entrant) and any(weights := [reason.weigh(scene, entrant) for reason in REASONS])
    ]
    best = nsmallest(shown, weighed, key=lambda one: (_entered_late(scene, one[2]), -one[0], one[2].bib or 0))
    return [_suggestion(scene, entrant, weight, weights) for weight, weights, entrant in best]


def _suggestion(scene: _Scene, entrant: Entrant, weight: float, weights: Sequence[float]) -> Suggestion:
    late, told = _entered_late(scene, entrant), _told(scene, entrant, weights)
    reasons = (_("entered only after that"), *told) if late else told
    return Suggestion(entrant, reasons, weight, entrant.id in scene.pairs, late)


def _entered_late(scene: _Scene, entrant: Entrant) -> bool:
    """Whether the race went on and this one had passed before somebody entered them."""
    entered, gun = scene.race.entered_at.get(entrant.id), min(scene.race.guns.values(), default=None)
    return scene.listed and entered is not None and gun is not None and entered > max(gun, scene.scan.instant)


def read_about_then(race: Race, scan: Scan, entrant: Entrant) -> Text:
    """How near to a passing this entrant was read at the same point, as a sentence; empty where they were not, or not within seconds."""
    own = (
        one for one in race.scans_of(entrant) if not one.voided and (one.lineage, one.seq) != (scan.lineage, scan.seq)
    )
    here = [one.instant - scan.instant for one in own if one.point is scan.point and one.metres == scan.metres]
    off = min(here, key=abs, default=None)
    if off is None or abs(off) > COUNTED_WITHIN:
        return NOTHING
    return _("read at this point {off} s from then", off=f"{off / SECOND:+.1f}")


def _told(scene: _Scene, entrant: Entrant, weights: Sequence[float]) -> tuple[Text, ...]:
    holding = sorted(((-weight, at) for at, weight in enumerate(weights) if weight))
    return tuple(REASONS[at].tell(scene, entrant) for _, at in holding)


def _scenes(race: Race, standings: Standings, scans: Sequence[Scan]) -> Iterator[_Scene]:
    if not scans:
        return
    counting = {row.entrant.id: [one for one in race.scans_of(row.entrant) if not one.voided] for row in standings.rows}
    starts = {row.entrant.id: row.judged.start.at for row in standings.rows if row.judged.start}
    entrants, first_entered = race.entrants, min(race.entered_at.values(), default=None)
    usual = _usual([row.judged.net_time / SECOND for row in standings.ranked if row.judged.net_time is not None])
    for scan in scans:
        here = {key: own for key, all_ in counting.items() if (own := [one for one in all_ if one.point is scan.point])}
        passed = {
            key: min(at)
            for key, own in here.items()
            if (at := [one.instant for one in own if one.metres == scan.metres])
        }
        near = [entrants[one] for one, at in passed.items() if abs(at - scan.instant) <= COLLEAGUES_WITHIN]
        mates = defaultdict[str, list[Entrant]](list)
        for one in near:
            mates[one.company].append(one)
        near_starts = sorted(((starts[one.id], one) for one in near if one.id in starts), key=lambda one: one[0])
        seen_here = frozenset(key for key, own in here.items() if any(one.station == scan.station for one in own))
        pairs = {key: pair for key, own in here.items() if (pair := _pair_of(scan, own))}
        listed = first_entered is not None and first_entered <= scan.instant
        yield _Scene(race, scan, counting, passed, seen_here, pairs, starts, usual, mates, near_starts, listed)


def _pair_of(scan: Scan, own: Sequence[Scan]) -> tuple[str, float] | None:
    offs = ((one.station, (one.instant - scan.instant) / SECOND) for one in own if one.station != scan.station)
    return next((one for one in offs if abs(one[1]) <= PAIR_WITHIN / SECOND), None)


def _usual(seconds: Sequence[float]) -> tuple[float, float] | None:
    if len(seconds) < FEWEST:
        return None
    middle = median(seconds)
    return middle, max(LEAST_SPREAD_S, 1.5 * median(abs(one - middle) for one in seconds))


def _possible(scene: _Scene, entrant: Entrant) -> bool:
    """Whether this entrant was not seen here, and had started by then; who passed at the other station of a pair may be."""
    scan = scene.scan
    if entrant.id in scene.seen_here:
        return False
    if scan.point is Point.START:
        seen = scene.scans.get(entrant.id, ())
        return not any(one.point is not Point.START and one.instant < scan.instant for one in seen)
    start, passed = scene.starts.get(entrant.id), scene.passed.get(entrant.id)
    least = scene.race.rules.min_run_s or 0
    ran_on = start is None or (scan.instant - start) / SECOND > least
    return ran_on and (passed is None or abs(passed - scan.instant) <= PAIR_WITHIN)


def _pair_weight(scene: _Scene, entrant: Entrant) -> float:
    """The other station of this point saw the bib then."""
    found = scene.pairs.get(entrant.id)
    return 8.0 * exp(-abs(found[1]) / 3) if found else 0.0


def _pair_text(scene: _Scene, entrant: Entrant) -> Text:
    station, off = scene.pairs[entrant.id]
    return _("{station} read the bib {off:+.1f} s from then", station=station, off=off)


def _out_weight(scene: _Scene, entrant: Entrant) -> float:
    """Seen before this point and not at it; at the start, seen later and not there."""
    if entrant.id in scene.passed:
        return 0.0
    at_start = scene.scan.point is Point.START
    return 3.0 if any((one.point is Point.START) != at_start for one in scene.scans.get(entrant.id, ())) else 0.0


def _out_text(scene: _Scene, _entrant: Entrant) -> Text:
    if scene.scan.point is Point.START:
        return _("was seen on the course or at the finish, and not at the start")
    return _("has started, and was not seen here")


def _by_split(scene: _Scene, entrant: Entrant) -> tuple[int, float] | None:
    """The pace up to the last split leads to about this instant: the split's metres, and seconds from then."""
    start, course = scene.starts.get(entrant.id), scene.race.course_m
    splits = [one for one in scene.scans.get(entrant.id, ()) if one.point is Point.SPLIT]
    if scene.scan.point is not Point.FINISH or start is None or not splits or not course:
        return None
    last = max(splits, key=lambda one: one.metres)
    expected = start + (last.instant - start) * course / max(1, last.metres)
    return last.metres, (scene.scan.instant - expected) / SECOND


def _split_weight(scene: _Scene, entrant: Entrant) -> float:
    found = _by_split(scene, entrant)
    return 4.0 * exp(-((found[1] / SPLIT_WITHIN_S) ** 2)) if found and abs(found[1]) < 3 * SPLIT_WITHIN_S else 0.0


def _split_text(scene: _Scene, entrant: Entrant) -> Text:
    metres, off = _by_split(scene, entrant) or (0, 0.0)
    return _("by the split at {metres} m expected {off:+.0f} s from then", metres=metres, off=-off)


def _mates(scene: _Scene, entrant: Entrant) -> list[Entrant]:
    """People of the same company passed here then."""
    near = scene.mates.get(entrant.company, ()) if entrant.company else ()
    return [one for one in near if one.id != entrant.id]


def _mates_weight(scene: _Scene, entrant: Entrant) -> float:
    mates = _mates(scene, entrant)
    return 1.0 + 0.5 * min(2, len(mates)) if mates else 0.0


def _mates_text(scene: _Scene, entrant: Entrant) -> Text:
    within = COLLEAGUES_WITHIN // SECOND
    return _("colleagues passed within {seconds} s: {bibs}", seconds=within, bibs=_bibs(_mates(scene, entrant)))


def _beside(scene: _Scene, entrant: Entrant) -> Iterator[Entrant]:
    """Who started beside them and passed here then too."""
    start = scene.starts.get(entrant.id)
    if start is None or scene.scan.point is Point.START:
        return
    first = bisect_left(scene.near_starts, start - BESIDE, key=lambda one: one[0])
    close = takewhile(lambda one: one[0] <= start + BESIDE, islice(scene.near_starts, first, None))
    yield from (one for _, one in close if one.id != entrant.id)


def _beside_weight(scene: _Scene, entrant: Entrant) -> float:
    return 1.0 if any(True for _ in _beside(scene, entrant)) else 0.0


def _beside_text(scene: _Scene, entrant: Entrant) -> Text:
    return _("started beside {bibs}, who passed then too", bibs=_bibs(list(_beside(scene, entrant))))


def _ran(scene: _Scene, entrant: Entrant) -> Span | None:
    """How long they would have run; None away from the finish, or for whoever passed it."""
    start = scene.starts.get(entrant.id)
    if scene.scan.point is not Point.FINISH or start is None or scene.usual is None or entrant.id in scene.passed:
        return None
    return Span(scene.scan.instant - start)


def _usual_weight(scene: _Scene, entrant: Entrant) -> float:
    """The time from the own start would be one that others ran."""
    ran = _ran(scene, entrant)
    if ran is None or scene.usual is None:
        return 0.0
    off = (ran / SECOND - scene.usual[0]) / scene.usual[1]
    return exp(-off * off / 2) if abs(off) < 3 else 0.0


def _usual_text(scene: _Scene, entrant: Entrant) -> Text:
    time = clock_face(_ran(scene, entrant) or Span(0), "none")
    return _("would have run {time}, within what others ran", time=time)


def _bibs(people: Sequence[Entrant]) -> str:
    return ", ".join(str(one.bib) for one in people[:3])


REASONS: Final[Sequence[_Reason]] = (
    _Reason(_pair_weight, _pair_text),
    _Reason(_out_weight, _out_text),
    _Reason(_split_weight, _split_text),
    _Reason(_mates_weight, _mates_text),
    _Reason(_beside_weight, _beside_text),
    _Reason(_usual_weight, _usual_text),
)
