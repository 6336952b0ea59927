"""A made-up field of any size: who runs, and what four cameras saw, every tenth scan twice."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random

from timing.log import Log
from timing.race.chain import ROOT, Batch, Head, link
from timing.race.codes import Code, new_code
from timing.race.encoding import encode
from timing.race.events import (
    BibAssigned,
    EntrantRegistered,
    Event,
    RaceOpened,
    Scanned,
    StationOpened,
    WaveStarted,
)
from timing.race.instants import SECOND, Instant, instant

RACE = "00000000000f2026"
GUN = instant("2026-09-03T14:00:00+09:00")
CATEGORIES = ("20대", "30대", "40대", "50대", "60대")
WAVES = ("1", "2", "3", "4")
WAVE_EVERY = 5 * 60 * SECOND
TOGETHER = 500
"""Facts that share a batch."""


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who runs: what the desk knows, and when the cameras will see them."""

    entered: EntrantRegistered
    bib: BibAssigned
    gun: Instant
    start: Instant | None
    finish: Instant | None


def field(size: int, chance: Random) -> list[Person]:
    """Twenty-five people to a firm, a team of five for most; three in a hundred have no start, five no finish."""
    return [_person(number, chance) for number in range(size)]


def _person(number: int, chance: Random) -> Person:
    wave = chance.choice(WAVES)
    gun = Instant(GUN + int(wave) * WAVE_EVERY)
    team = f"t{number // 5:06}" if chance.random() < 0.8 else ""
    key = f"e{number:07}"
    entered = EntrantRegistered(key, f"c{number // 25:05}", team, chance.choice("FM"), chance.choice(CATEGORIES), wave)
    start = Instant(gun + chance.randrange(600 * SECOND)) if chance.random() < 0.97 else None
    seconds = round(chance.gauss(2_000, 350), 2)  # hundredths, so that some share a place
    finish = Instant((start or gun) + round(max(seconds, 700) * SECOND)) if chance.random() < 0.95 else None
    return Person(entered, BibAssigned(number % 999_999 + 1, key, new_code(chance.getrandbits)), gun, start, finish)


def seen(code: str, at: Instant) -> Scanned:
    return Scanned("qr", code, at, Instant(at + 400_000), 12, 3, Instant(at + 200_000))


class Camera:
    """A station's outbox, in batches."""

    def __init__(self, point: str, number: int) -> None:
        self.lineage = f"{number + 16 * (point == 'start'):032x}"
        self.point, self.name = point, f"{point}-{number}"
        self._head = Head()

    def batch(self, facts: Sequence[StationOpened | Scanned]) -> Batch:
        """The next batch of this outbox."""
        items = [encode(fact) for fact in facts]
        batch = Batch(self.lineage, self._head.seq + 1, self._head.hash or ROOT, items)
        for item in items:
            self._head = Head(self._head.seq + 1, link(self._head.hash, item))
        return batch

    def opened(self) -> StationOpened:
        return StationOpened(self.name, "start" if self.point == "start" else "finish", GUN)


def desk_facts(people: Sequence[Person]) -> Iterator[Event]:
    yield RaceOpened(RACE, 4_500)
    for wave in WAVES:
        yield WaveStarted(wave, Instant(GUN + int(wave) * WAVE_EVERY))
    for person in people:
        yield person.entered
        yield person.bib


def scans(people: Sequence[Person], chance: Random) -> list[tuple[str, Scanned]]:
    """What was seen at which point, in order of time; a tenth of it twice."""
    found: list[tuple[str, Scanned]] = []
    for person in people:
        for point, at in (("start", person.start), ("finish", person.finish)):
            if at is not None:
                found.append((point, seen(person.bib.code, at)))
                if chance.random() < 0.1:
                    found.append((point, seen(person.bib.code, Instant(at + chance.randrange(20 * SECOND)))))
    return sorted(found, key=lambda one: one[1].first_at)


def fill(log: Log, people: Sequence[Person], chance: Random) -> int:
    """Write the whole race into the log, as desk and stations do; return the number of scans."""
    desk = list(desk_facts(people))
    for at in range(0, len(desk), 10_000):
        log.record(desk[at : at + 10_000])
    cameras = [Camera(point, number) for point in ("start", "finish") for number in (1, 2)]
    waiting: dict[str, list[StationOpened | Scanned]] = {camera.name: [camera.opened()] for camera in cameras}
    visits = scans(people, chance)
    for point, visit in visits:
        waiting[f"{point}-{chance.choice((1, 2))}"].append(visit)
        for camera in cameras:
            if len(waiting[camera.name]) >= TOGETHER:
                log.receive(camera.batch(waiting[camera.name]))
                waiting[camera.name] = []
    log.receive_all([camera.batch(waiting[camera.name]) for camera in cameras if waiting[camera.name]])
    return len(visits)


def code_of(number: int) -> Code:
    return new_code(Random(number).getrandbits)
