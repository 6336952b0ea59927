"""Who is missed: runners passing by, as crops around their bibs, and single frames at fixed distances."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple

from benchmarks.engines import CODE_AND_MARK, CODE_ONLY, SINGLES, our_codes, our_marks, our_slow_readers, single
from benchmarks.frames.conditions import DAY, DUSK, WIDE, WIDE_720, Conditions
from benchmarks.frames.passes import WHOLLY, Pass, Shot
from benchmarks.frames.printed import LARGE, Field
from bibs.layout import DEFAULT_LAYOUT, BibLayout
from scanners.film import Camera

MARK: Final = "our mark alone"
LEAST_PX: Final = 1.0
"""Of a module: nobody reads a smaller code, so nobody is asked."""

AGREE_S: Final = 1.0
CHUNK: Final = 25
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
    camera: Camera = WIDE
    conditions: Conditions = DAY
    layout: BibLayout = DEFAULT_LAYOUT


def exposed_for(exposure: int, camera: Camera = WIDE) -> Camera:
    return replace(camera, exposure_s=1 / exposure)


MAIN: Final = "12 cm, 1/500 s"
CELLS: Final = (
    Cell(MAIN, 3_000, exposed_for(500), layout=LARGE),
    Cell("9 cm, 1/500 s", 1_000, exposed_for(500)),
    Cell("9 cm, 1/1000 s", 300, exposed_for(1_000)),
    Cell("9 cm, 1/250 s", 400, exposed_for(250)),
    Cell("9 cm, 1/120 s", 400, exposed_for(120)),
    Cell("9 cm, 1/500 s, low light", 300, exposed_for(500), DUSK),
    Cell("9 cm, 1/500 s, 720p", 300, exposed_for(500, WIDE_720)),
    Cell("12 cm, 1/120 s", 300, exposed_for(120), layout=LARGE),
)


class Outcome(NamedTuple):
    """How one pass went: who missed it, and how many frames each misread."""

    wrinkle_mm: float
    arm: bool
    missed: frozenset[str]
    misread: Counter[str]


class Task(NamedTuple):
    """Some runners of a cell."""

    run: int
    cell: int
    first: int
    count: int


def tasks(run: int, times: int) -> list[Task]:
    """All passes of all cells in portions; each cell is a run of its own, so that no two see the same runners."""
    return [
        Task(run + number, number, first, min(CHUNK, cell.passes * times - first))
        for number, cell in enumerate(CELLS)
        for first in range(0, cell.passes * times, CHUNK)
    ]


def passed(task: Task) -> tuple[int, list[Outcome]]:
    """The outcomes of a portion, and of which cell it is."""
    cell, runners = CELLS[task.cell], range(task.first, task.first + task.count)
    worn = Field.of(task.run).wear(runners, cell.layout)
    passes = [Pass(one, task.run, at, cell.camera, cell.conditions) for at, one in zip(runners, worn, strict=True)]
    return task.cell, [_Watched(one, task.run).outcome() for one in passes]


class _Watched:
    """One pass with everybody looking, each until they have read it."""

    def __init__(self, one: Pass, run: int) -> None:
        self._pass, self._worn, self._run = one, one.person.worn, run
        self._waiting = {*SINGLES, CODE_ONLY, MARK}
        self._marked: list[float] = []
        self._misread: Counter[str] = Counter()

    def outcome(self) -> Outcome:
        nearest = []
        for number, at_s in enumerate(self._pass.instants()):
            if not self._waiting:
                break
            shot = self._pass.shoot(at_s, number)
            nearest += [shot.picture][: SLOW_VIEWS - len(nearest)]
            self._look(shot, at_s)
        if CODE_ONLY in self._waiting:
            self._hear(CODE_ONLY, our_slow_readers(nearest))
        missed = self._waiting | ({CODE_AND_MARK} if {CODE_ONLY, MARK} <= self._waiting else set())
        person = self._pass.person
        return Outcome(person.cloth.wrinkle_mm, person.arm is not None, frozenset(missed), self._misread)

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


def strata(outcomes: Iterable[Outcome]) -> dict[str, list[Outcome]]:
    """By the wrinkle's size, and by the arm."""
    found = list(outcomes)
    low, high = STRATA
    return {
        f"< {low} mm": [one for one in found if one.wrinkle_mm < low],
        f"{low}-{high} mm": [one for one in found if low <= one.wrinkle_mm < high],
        f">= {high} mm": [one for one in found if one.wrinkle_mm >= high],
        "with an arm": [one for one in found if one.arm],
        "without": [one for one in found if not one.arm],
    }


class Glance(NamedTuple):
    """Many single frames at one distance and exposure: how many showed code and mark whole, and who read how many of those."""

    exposure: int
    distance_m: float
    frames: int
    read: Counter[str]


def glances(exposure: int, distance_m: float, frames: int, run: int) -> Glance:
    """Frames of the default bib, each of another runner; the same runners for all distances and exposures."""
    read: Counter[str] = Counter()
    whole = 0
    for at, worn in enumerate(Field.of(run).wear(range(frames))):
        shot = Pass(worn, run, at, exposed_for(exposure), DAY).at_distance(distance_m)
        if min(shot.code_shown, shot.mark_shown) < WHOLLY:
            continue
        whole += 1
        code, mark = worn.text in our_codes(shot.picture), worn.code in our_marks(run, shot.picture)
        read.update({CODE_ONLY: code, MARK: mark, CODE_AND_MARK: code or mark})
        read.update({name: worn.text in single(name)(shot.picture) for name in SINGLES})
    return Glance(exposure, distance_m, whole, read)


def px_per_module() -> Sequence[float]:
    """Of the default bib at the distances of the glances."""
    worn = Field.of(0).wear([0])[0]
    return [Pass(worn, 0, 0, WIDE, DAY).at_distance(distance).px_per_module for distance in DISTANCES_M]
