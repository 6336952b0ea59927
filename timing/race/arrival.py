"""Scans whose instants do not go with when they arrived: kept and judged like all others, and shown. Pure.

A station's items are numbered in the order in which they were written, so that one which was sent after another had arrived was
written after that, too. Whoever holds a station's token may say any instant; this tells which ones the server's own clock belies.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import Final

from timing.race.fold import Race
from timing.race.instants import MINUTE, Instant, Span
from timing.race.passings import Scan
from timing.race.records import Recorded

AHEAD_MOST: Final = Span(MINUTE)
"""No instant can lie beyond its arrival, whatever the road was, but for what clocks differ."""
BEHIND_MOST: Final = Span(2 * MINUTE)
"""So long before an earlier item arrived a scan may lie that was written after that: somebody lingers in view, or is typed later."""
UNHEARD_MOST: Final = Span(10 * MINUTE)
"""The first items of a lineage may be older: a station may have begun without a server. Beyond this it is worth a look."""
Window = tuple[Instant, Instant]


def oddly_dated(race: Race, stored: Iterable[Recorded]) -> dict[str, int]:
    """How many scans of each lineage lie outside what their arrival allows; films that are read later are among them."""
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
    """For each item of a lineage, the instants that go with its arrival."""
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
