"""The status list of the stations: what the log has of each, its last heartbeat, and its warnings. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from msgspec import Struct

from timing.language import Text, _
from timing.race.fold import Placement, Race
from timing.race.instants import MILLISECOND, SECOND, Instant, Span
from timing.race.station_clock import Offset
from timing.stations.station_status import LastHeartbeat
from timing.stations.station_warnings import warnings

SILENT_AFTER = Span(10 * SECOND)
"""Five heartbeats missed."""
FORKED = _("history differs")
SILENT = _("silent")
PENDING = _("items pending")
JUMPED = _("a clock jumped; say whose by `marathon rule jump`")
REVOKED = _("no token")
SET_ASIDE = _("items count for nothing")
DAMAGED = _("disk damaged, outbox went on anew")


def implausible_scans(scans: int) -> Text:
    """The warning that this many scans contradict their arrival: from a film, a wrong clock, or a stolen token."""
    return _("{scans} dated away from their arrival", scans=scans)


class StationLine(Struct, frozen=True):
    """One outbox, or a station that was let in and never heard of.

    `head` is the station's own, `received` what the log holds of it; `closed` is also whoever is not waited for; `warnings` are in both languages.
    """

    station: str
    lineage: str
    point: str
    head: int
    received: int
    closed: bool
    heard: LastHeartbeat | None
    clock: Offset | None
    warnings: tuple[Text, ...] = ()

    @property
    def pending(self) -> int:
        return max(0, self.head - self.received)


def holding_back(race: Race, lines: Iterable[StationLine]) -> list[str]:
    """The stations that may hold scans which nobody else has: they have not closed, or said that they hold more than arrived."""
    waited_for = (line for line in lines if line.lineage not in race.office.not_waited_for)
    return sorted({*race.stations_at_work(), *(line.station for line in waited_for if line.pending)})


def station_lines(
    race: Race,
    heard: Iterable[LastHeartbeat],
    received: Callable[[str], int],
    enrolled: Iterable[str],
    now: Instant,
    odd: Mapping[str, int] = MappingProxyType({}),
) -> list[StationLine]:
    """A line for each outbox that the log or a heartbeat knows, and for each station that nobody has heard of.

    `odd` tells how many scans of a lineage do not go with their arrival.
    """
    last, holders = {one.lineage: one for one in heard}, set(enrolled)
    lines = [
        _line(lineage, race, last.get(lineage), received(lineage), holders, now, odd.get(lineage, 0))
        for lineage in {*race.placements, *last} - race.given_up()
    ]
    known = {line.station for line in lines}
    lines += [StationLine(name, "", "", 0, 0, False, None, None) for name in holders - known]
    return sorted(lines, key=lambda line: (line.station, line.heard.at if line.heard else 0, line.lineage))


def _line(
    lineage: str, race: Race, heard: LastHeartbeat | None, received: int, enrolled: set[str], now: Instant, odd: int
) -> StationLine:
    placed: Sequence[Placement] = race.placements.get(lineage, ())
    station = placed[-1].station if placed else heard.station if heard else ""
    point = _where(placed[-1]) if placed else ""
    clock = race.offset_now(lineage, placed[-1].run) if placed else None
    closed = (bool(placed) and placed[-1].closed) or lineage in race.office.not_waited_for
    head = max(heard.status.seq, received) if heard else received
    wrong = (*_warnings(heard, head - received, closed, station in enrolled, now), *_unsound(lineage, race))
    wrong += (implausible_scans(odd),) if odd else ()
    return StationLine(station, lineage, point, head, received, closed, heard, clock, wrong)


def _unsound(lineage: str, race: Race) -> Iterator[Text]:
    """Warnings from the log about a station's items and their instants."""
    if any(one.lineage == lineage for one in race.open_jumps()):
        yield JUMPED
    if lineage in race.mended:
        yield DAMAGED
    if any(one.lineage == lineage for one in race.set_aside()):
        yield SET_ASIDE


def _where(placed: Placement) -> str:
    """The point, with the wave of a pen and the metres of a split: `finish`, `pen 2`, `split 2500 m`."""
    return " ".join(filter(None, (placed.point, placed.wave, f"{placed.metres} m" if placed.metres else "")))


def _warnings(heard: LastHeartbeat | None, pending: int, closed: bool, enrolled: bool, now: Instant) -> Iterator[Text]:
    if heard is None:
        return
    if heard.forked:
        yield FORKED
    if pending:
        yield PENDING
    if not closed and now - heard.at > SILENT_AFTER:
        yield SILENT
    yield from (one.short for one in warnings(heard.status) if one.short)
    if not enrolled:
        yield REVOKED


def offset_words(clock: Offset | None) -> str:
    """`-2350.1 ± 3.2 ms`, or nothing."""
    return f"{clock.offset / MILLISECOND:+.1f} ± {clock.bound / MILLISECOND:.1f} ms" if clock else ""
