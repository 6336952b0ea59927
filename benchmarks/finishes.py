"""Who still comes in at a made-up race, and what everybody is called."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from random import Random

from benchmarks.field import Camera, Person, seen
from timing.folder import OpenRace
from timing.race.events import (
    Scanned,
)
from timing.race.instants import Instant
from timing.race.known_names import Names

FAMILY, FIRST, SECOND = "김이박최정강조윤장임한오서신권황", "하지서도민예수가다라", "늘준윤아온솔결연호"


def named(opened: OpenRace, people: Sequence[Person]) -> None:
    """Give everybody and every firm a made-up name: pages of nameless rows would be too small."""
    chance = Random(4)
    names = {
        one.entered.entrant: chance.choice(FAMILY) + chance.choice(FIRST) + chance.choice(SECOND) for one in people
    }
    firms = {
        one.entered.company: f"{chance.choice(FIRST)}{chance.choice(SECOND)}테크{one.entered.company[-3:]}"
        for one in people
    }
    opened.directory.keep(Names(names, firms))


@dataclass(slots=True)
class Finishes:
    """A camera that lets those come in who have not yet."""

    people: Sequence[Person]
    camera: Camera = field(default_factory=lambda: Camera("finish", 9))
    given: int = 0
    late: list[Person] = field(init=False)
    done: list[Person] = field(init=False)

    def __post_init__(self) -> None:
        self.late = [one for one in self.people if one.finish is None and one.start is not None]
        self.done = [one for one in self.people if one.finish is not None]

    def next(self, after_s: int = 2_000) -> tuple[int, Scanned]:
        """The next runner to come in, by default in the middle of the field."""
        one = self.late[self.given]
        self.given += 1
        return one.bib.bib, seen(one.bib.code, Instant((one.start or one.gun) + after_s * 1_000_000 + self.given))

    def again(self, number: int) -> Scanned:
        """Somebody seen once more, long after the finish."""
        one = self.done[number % len(self.done)]
        return seen(one.bib.code, Instant(one.gun + 20_000_000_000 + number))
