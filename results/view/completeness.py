"""How many people crossed at each station and minute: identified, still open, or dismissed as no runner. Pure."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Final

from msgspec import Struct

from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span
from timing.race.passings import Point, Scan

MINUTE: Final = Span(60 * SECOND)


class CrossedCount(Struct, frozen=True):
    """People at one station, in the minute that begins at `minute` (of a sum the first one)."""

    station: str
    minute: Instant
    named: int
    open: int
    dismissed: int
    """Seen by the camera and dismissed by an official as no runner; not counted in `crossed`."""

    @property
    def crossed(self) -> int:
        return self.named + self.open

    @property
    def open_share(self) -> float:
        return self.open / self.crossed if self.crossed else 0.0


def completeness(race: Race) -> list[CrossedCount]:
    """Each minute of each station that looks for people who pass unread, in the order of station and time.

    Whoever is read twice at a station has crossed there once, when they were first seen.
    """
    found = list(_found(race))
    watched = {scan.station for scan, _ in found if scan.source == "unread"}
    counts = Counter((scan.station, scan.instant // MINUTE, kind) for scan, kind in found if scan.station in watched)
    minutes = sorted({(station, minute) for station, minute, _ in counts})
    return [
        CrossedCount(
            station,
            Instant(minute * MINUTE),
            *(counts[station, minute, kind] for kind in ("named", "open", "dismissed")),
        )
        for station, minute in minutes
    ]


def by_station(counts: Iterable[CrossedCount]) -> list[CrossedCount]:
    """The sums of each station."""
    sums: dict[str, CrossedCount] = {}
    for one in counts:
        before = sums.get(one.station, CrossedCount(one.station, one.minute, 0, 0, 0))
        sums[one.station] = CrossedCount(
            one.station,
            before.minute,
            before.named + one.named,
            before.open + one.open,
            before.dismissed + one.dismissed,
        )
    return list(sums.values())


def _found(race: Race) -> Iterator[tuple[Scan, str]]:
    """Every crossing that a station saw, as `named`, `open` or `dismissed`."""
    named = dict[tuple[str, str], Scan]()
    for scan in sorted(race.seen(), key=lambda one: one.order):
        if not scan.station or scan.point is Point.PEN:
            continue
        owner = race.owner(scan)
        if scan.voided:
            if scan.source == "unread":
                yield scan, "dismissed"
        elif owner:
            named.setdefault((scan.station, owner.id), scan)
        elif scan.source == "unread":
            yield scan, "open"
    yield from ((scan, "named") for scan in named.values())
