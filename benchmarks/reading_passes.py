"""Who is missed: runners passing by, as crops around their bibs, and single frames at fixed distances."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product
from typing import Final, NamedTuple

import msgspec

from benchmarks.engines import CODE_AND_MARK, CODE_ONLY, SINGLES, ZXING, our_codes, our_marks, our_slow_readers, single
from benchmarks.frames.conditions import DAY, DUSK, WIDE, WIDE_720, Conditions, Grey
from benchmarks.frames.passes import WHOLLY, Pass, Shot
from benchmarks.frames.printed import LARGE, ONE_MARK, Field, Worn, module_m
from benchmarks.reading_work import Scale, shared_out
from bibs.drawing.layout import BibLayout
from demo.film import FilmCamera

MARK: Final = "our mark alone"
LEAST_PX: Final = 1.2
"""Of a module: nobody reads a smaller code, so nobody is asked."""

AGREE_S: Final = 1.0
CHUNK: Final = 25
SLOW_PASSES: Final = 150
"""So many passes of a cell are shown to the slow engines too, which try every frame of a pass that they miss."""

GLANCES: Final = 80
ALL: Final = "all"
SLOW_VIEWS: Final = 2
STRATA: Final = (0.8, 1.6)
"""Of the wrinkle, in mm."""

EXPOSURES: Final = (1_000, 500, 250, 120)
DISTANCES_M: Final = (1.5, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0)


@dataclass(frozen=True, slots=True)
class Cell:
    """One setting, and how many runners pass in it."""

    name: str
    passes: int
    camera: FilmCamera = WIDE
    conditions: Conditions = DAY
    layout: BibLayout = ONE_MARK


def exposed_for(exposure: int, camera: FilmCamera = WIDE) -> FilmCamera:
    return replace(camera, exposure_s=1 / exposure)


MAIN: Final = "12 cm, 1/500 s"
CELLS: Final = (
    Cell(MAIN, 3_000, exposed_for(500), layout=LARGE),
    Cell("9 cm, 1/500 s", 600, exposed_for(500)),
    Cell("9 cm, 1/1000 s", 200, exposed_for(1_000)),
    Cell("9 cm, 1/250 s", 300, exposed_for(250)),
    Cell("9 cm, 1/120 s", 300, exposed_for(120)),
    Cell("9 cm, 1/500 s, low light", 200, exposed_for(500), DUSK),
    Cell("9 cm, 1/500 s, 720p", 200, exposed_for(500, WIDE_720)),
    Cell("12 cm, 1/120 s", 200, exposed_for(120), layout=LARGE),
)


class Outcome(NamedTuple):
    """How one pass went: who missed it, and how many frames each misread."""

    wrinkle_mm: float
    arm: bool
    asked: frozenset[str]
    missed: frozenset[str]
    misread: Counter[str]


class Task(NamedTuple):
    """Some runners of a cell."""

    run: int
    cell: int
    first: int
    amount: int


def tasks(run: int, times: int) -> list[Task]:
    """All passes of all cells in portions; each cell is a run of its own, so that no two see the same runners."""
    return [
        Task(run + number, number, first, min(CHUNK, cell.passes * times - first))
        for number, cell in enumerate(CELLS)
        for first in range(0, cell.passes * times, CHUNK)
    ]


def passed(task: Task) -> tuple[int, list[Outcome]]:
    """The outcomes of a portion, and of which cell it is."""
    cell, runners = CELLS[task.cell], range(task.first, task.first + task.amount)
    worn = Field.of(task.run).wear(runners, cell.layout)
    passes = [Pass(one, task.run, at, cell.camera, cell.conditions) for at, one in zip(runners, worn, strict=True)]
    return task.cell, [
        _Watched(one, task.run, SINGLES if at < SLOW_PASSES else (ZXING,)).outcome()
        for at, one in zip(runners, passes, strict=True)
    ]


class _Watched:
    """One pass with everybody looking, each until they have read it."""

    def __init__(self, one: Pass, run: int, singles: Sequence[str]) -> None:
        self._pass, self._worn, self._run = one, one.person.worn, run
        self._asked = frozenset({*singles, CODE_ONLY, MARK})
        self._waiting = set(self._asked)
        self._marked: list[float] = []
        self._misread: Counter[str] = Counter()

    def outcome(self) -> Outcome:
        largest: list[Grey] = []
        for number, at_s in enumerate(self._pass.instants()):
            if not self._waiting:
                break
            shot = self._pass.shoot(at_s, number)
            largest = sorted([*largest, shot.picture], key=lambda view: -view.size)[:SLOW_VIEWS]
            self._look(shot, at_s)
        if CODE_ONLY in self._waiting:
            self._hear(CODE_ONLY, our_slow_readers(largest))
        missed = self._waiting | ({CODE_AND_MARK} if {CODE_ONLY, MARK} <= self._waiting else set())
        person = self._pass.person
        return Outcome(person.cloth.wrinkle_mm, person.arm is not None, self._asked, frozenset(missed), self._misread)

    def _look(self, shot: Shot, at_s: float) -> None:
        if shot.px_per_module >= LEAST_PX:
            for name in self._waiting - {MARK}:
                self._hear(name, our_codes(shot.picture) if name == CODE_ONLY else single(name)(shot.picture))
        if MARK in self._waiting:
            self._see_mark(shot, at_s)

    def _hear(self, name: str, texts: set[str]) -> None:
        self._misread[name] += bool(texts - {self._worn.text})
        if self._worn.text in texts:
            self._waiting.discard(name)

    def _see_mark(self, shot: Shot, at_s: float) -> None:
        """Two frames must agree."""
        found = our_marks(self._run, shot.picture)
        self._misread[MARK] += bool(found - {self._worn.code})
        if self._worn.code in found:
            if any(abs(at_s - before) <= AGREE_S for before in self._marked):
                self._waiting.discard(MARK)
            self._marked.append(at_s)


class Tally(msgspec.Struct, frozen=True):
    """Of some passes: how many each looked at, missed and misread."""

    tries: dict[str, int]
    missed: dict[str, int]
    misread: dict[str, int]

    @classmethod
    def of(cls, outcomes: Sequence[Outcome]) -> "Tally":
        tries, missed, misread = Counter[str](), Counter[str](), Counter[str]()
        for one in outcomes:
            tries.update((*one.asked, CODE_AND_MARK))
            missed.update(one.missed)
            misread.update(name for name, frames in one.misread.items() if frames)
        return cls(tries, missed, misread)


def measured(scale: Scale) -> dict[str, dict[str, Tally]]:
    """The tallies of each cell, of all its passes and of each stratum."""
    found: dict[int, list[Outcome]] = {number: [] for number in range(len(CELLS))}
    for cell, outcomes in shared_out(passed, tasks(scale.run, scale.times), "passes"):
        found[cell] += outcomes
    return {CELLS[cell].name: _strata(outcomes) for cell, outcomes in found.items()}


def _strata(outcomes: Sequence[Outcome]) -> dict[str, Tally]:
    """All, by the wrinkle's size, and by the arm."""
    low, high = STRATA
    kinds: dict[str, Callable[[Outcome], bool]] = {
        ALL: lambda _: True,
        f"< {low} mm": lambda one: one.wrinkle_mm < low,
        f"{low}-{high} mm": lambda one: low <= one.wrinkle_mm < high,
        f">= {high} mm": lambda one: one.wrinkle_mm >= high,
        "with an arm": lambda one: one.arm,
        "without": lambda one: not one.arm,
    }
    return {name: Tally.of([one for one in outcomes if fits(one)]) for name, fits in kinds.items()}


class Look(NamedTuple):
    """Single frames to draw at one distance and exposure."""

    run: int
    exposure: int
    distance_m: float
    frames: int


class Glance(msgspec.Struct, frozen=True):
    """Of such frames: how many showed code and mark whole, and who read how many of those."""

    exposure: int
    distance_m: float
    px_per_module: float
    frames: int
    read: dict[str, int]


def glanced(scale: Scale) -> list[Glance]:
    """Frames of the default bib at fixed distances; the same runners for every distance and exposure."""
    looks = [Look(scale.run + 50, *at, GLANCES * scale.times) for at in product(EXPOSURES, DISTANCES_M)]
    return sorted(shared_out(_glance, looks, "glances"), key=lambda one: (-one.exposure, one.distance_m))


def _glance(look: Look) -> Glance:
    read = dict.fromkeys((CODE_AND_MARK, CODE_ONLY, MARK, *SINGLES), 0)
    shots = list(_whole(look))
    for worn, shot in shots:
        seen = {CODE_ONLY: worn.text in our_codes(shot.picture), MARK: worn.code in our_marks(look.run, shot.picture)}
        seen[CODE_AND_MARK] = seen[CODE_ONLY] or seen[MARK]
        seen |= {name: worn.text in single(name)(shot.picture) for name in SINGLES}
        for name, hit in seen.items():
            read[name] += hit
    size = WIDE.size_px(module_m(ONE_MARK), look.distance_m)
    return Glance(look.exposure, look.distance_m, round(size, 2), len(shots), read)


def _whole(look: Look) -> Iterator[tuple[Worn, Shot]]:
    """The frames in which nothing hides the code or the mark."""
    camera = exposed_for(look.exposure)
    for at, worn in enumerate(Field.of(look.run).wear(range(look.frames))):
        shot = Pass(worn, look.run, at, camera, DAY).at_distance(look.distance_m)
        if min(shot.code_shown, shot.mark_shown) >= WHOLLY:
            yield worn, shot
