"""Short words for long facts: a race in a few lines, timed from the gun at 14:00 in Seoul.

Times are race times as people say them: `"17:05"` is 17 minutes 5 seconds after the gun, `"-0:30"` half a minute before it.
"""

from collections.abc import Sequence
from typing import Final, Literal, Self
from zlib import crc32

from tests.clock_and_chance import ManualClock, seeded_bits
from tests.memory_log import MemoryLog
from timing.race.chain import ROOT, Batch, link
from timing.race.chance import new_lineage
from timing.race.codes import Code, new_code
from timing.race.encoding import decode, encode
from timing.race.events import (
    BibAssigned,
    EntrantRegistered,
    Event,
    RaceOpened,
    Scanned,
    StationFact,
    StationOpened,
    WaveStarted,
)
from timing.race.instants import SECOND, Instant, Span, instant, later
from timing.race.passings import Point, Scan

RACE: Final = "00000000000f2026"
GUN: Final = instant("2026-09-03T14:00:00+09:00")
FIRMS: Final = {"c0001": "가산정밀", "c0002": "구로소프트", "c0003": "디지털단지상사"}
"""Made-up companies, by the id that stands in the log."""


def race_time(text: str) -> Span:
    """`"17:05"`, `"1:02:03.25"`, `"-0:30"`."""
    size = 0.0
    for part in text.removeprefix("-").split(":"):
        size = size * 60 + float(part)
    return Span(round(-size * SECOND if text.startswith("-") else size * SECOND))


def after_gun(text: str) -> Instant:
    return later(GUN, race_time(text))


def race(*events: Event) -> list[Event]:
    """Facts in the order in which the desk records them."""
    return list(events)


def opened(course_m: int = 4_500) -> RaceOpened:
    return RaceOpened(RACE, course_m)


def entrant_id(bib: int) -> str:
    return f"e{bib:05}"


def code_of(bib: int) -> Code:
    """The code that this bib bears in all tests."""
    return new_code(seeded_bits(bib))


def entrant(
    bib: int, company: str = "c0001", team: str = "", sex: str = "F", category: str = "30대", wave: str = "1"
) -> EntrantRegistered:
    """The person who will run with this bib."""
    return EntrantRegistered(entrant_id(bib), company, team, sex, category, wave)


def assigned(bib: int) -> BibAssigned:
    return BibAssigned(bib, entrant_id(bib), code_of(bib))


def runner(
    bib: int, company: str = "c0001", team: str = "", sex: str = "F", category: str = "30대", wave: str = "1"
) -> list[Event]:
    """A person entered, with a bib."""
    return [entrant(bib, company, team, sex, category, wave), assigned(bib)]


def gun(at: str = "0:00", wave: str = "1") -> WaveStarted:
    return WaveStarted(wave, after_gun(at))


def scan(
    bib: int | str, first: str, last: str | None = None, crossed: str | None = None, sightings: int = 12, frame: int = 3
) -> Scanned:
    """A station saw this bib (or this very code) from `first` to `last`."""
    return Scanned(
        "qr",
        code_of(bib) if isinstance(bib, int) else bib,
        after_gun(first),
        after_gun(last or first),
        sightings,
        frame,
        after_gun(crossed) if crossed else None,
    )


def station_fact(data: bytes) -> StationFact:
    """What an item of a station's outbox tells."""
    fact = decode(data)
    assert isinstance(fact, StationFact)
    return fact


class Station:
    """A station's outbox: numbers and chains what the station says, and cuts batches from it."""

    def __init__(self, name: str = "finish-1", point: Literal["start", "finish"] = "finish", lineage: str = "") -> None:
        self.name, self.point = name, point
        self.lineage = lineage or new_lineage(seeded_bits(crc32(name.encode())))
        self.items: list[bytes] = []
        self.says(StationOpened(name, point, after_gun("-30:00")))

    def says(self, *facts: StationFact) -> Self:
        self.items += [encode(fact) for fact in facts]
        return self

    @property
    def facts(self) -> list[StationFact]:
        return [station_fact(item) for item in self.items]

    def clone(self) -> "Station":
        """A copy of the station's disk, as when somebody clones a laptop: from now on two outboxes bear one lineage."""
        copy = Station(self.name, self.point, self.lineage)
        copy.items = list(self.items)
        return copy

    def batch(self, first: int = 1, last: int | None = None) -> Batch:
        """The items from number `first` to `last`, both included."""
        prev_hash = ROOT
        for item in self.items[: first - 1]:
            prev_hash = link(prev_hash, item)
        return Batch(self.lineage, first, prev_hash, self.items[first - 1 : last])


def log_of(desk: Sequence[Event], *stations: Station) -> MemoryLog:
    """A log that holds the desk's facts and then everything the stations said."""
    log = MemoryLog(RACE, ManualClock(GUN))
    log.record(desk)
    for station in stations:
        log.receive(station.batch())
    return log


def at_start(
    first: str, last: str | None = None, crossed: str | None = None, seq: int = 2, lineage: str = "start"
) -> Scan:
    """A visit to the start camera, as the judgement sees it."""
    return _visit(Point.START, first, last, crossed, seq, lineage)


def at_finish(
    first: str, last: str | None = None, crossed: str | None = None, seq: int = 2, lineage: str = "finish"
) -> Scan:
    """A visit to the finish camera, as the judgement sees it."""
    return _visit(Point.FINISH, first, last, crossed, seq, lineage)


def _visit(point: Point, first: str, last: str | None, crossed: str | None, seq: int, lineage: str) -> Scan:
    fact = scan(417, first, last, crossed)
    return Scan(
        lineage,
        seq,
        f"{lineage}-1",
        point,
        fact.code,
        fact.first_at,
        fact.last_at,
        fact.sightings,
        fact.frame,
        fact.crossed_at,
    )
