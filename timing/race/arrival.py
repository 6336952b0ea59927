"""Finds scans whose instants contradict the time at which the server received them. They are kept and judged like all others. Pure.

A station numbers its items as it writes them, so an item that arrives after an earlier one was received cannot have been written much
before that. A station (or somebody with its token) can claim any instant; here the claim is compared with the server's clock.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from timing.race.fold import Race
from timing.race.instants import MINUTE, Instant, Span
from timing.race.passings import Scan
from timing.race.records import Recorded

AHEAD_MOST: Final = Span(MINUTE)
"""How far an instant may lie after its arrival: the most that two clocks plausibly differ."""
BEHIND_MOST: Final = Span(2 * MINUTE)
"""How far an instant may lie before the arrival of an earlier item: a runner stays in view, or is typed in later."""
UNHEARD_MOST: Final = Span(10 * MINUTE)
"""How old the first items of a lineage may be on arrival: a station may start without a server."""
Window = tuple[Instant, Instant]


def implausible_arrivals(race: Race, stored: Iterable[Recorded]) -> dict[str, int]:
    """The number of scans per lineage whose instant is implausible; includes films that were read after the event."""
    windows: dict[str, dict[int, Window]] = {}
    for lineage, facts in groupby(sorted(stored, key=lambda one: (one.lineage, one.seq)), lambda one: one.lineage):
        windows[lineage] = dict(_windows(list(facts)))
    found = dict[str, int]()
    for (lineage, run), scans in race.seen_by.items():
        odd = sum(_is_odd(race, scan, run, windows.get(lineage, {})) for scan in scans)
        if odd:
            found[lineage] = found.get(lineage, 0) + odd
    return found


def _windows(facts: Sequence[Recorded]) -> Iterator[tuple[int, Window]]:
    """For each item of a lineage, the earliest and latest plausible instant."""
    last = before = None
    for fact in facts:
        if last is not None and fact.received_at > last:
            before = last
        last = fact.received_at
        earliest = fact.received_at - UNHEARD_MOST if before is None else before - BEHIND_MOST
        yield fact.seq, (Instant(earliest), Instant(fact.received_at + AHEAD_MOST))


def _is_odd(race: Race, scan: Scan, run: int, windows: Mapping[int, Window]) -> bool:
    window, clock = windows.get(scan.seq), race.clock_of(scan.lineage, run)
    at = scan.instant + (clock.at(scan.instant).offset if clock else 0)
    return window is not None and not window[0] <= at <= window[1]
