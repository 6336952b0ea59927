"""Whole frames with several runners: the street stands still, nearer runners hide others, the truth is told frame by frame."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Final

import msgspec
import numpy as np

from benchmarks.frames.clutter import built
from benchmarks.frames.compressed import through_h264
from benchmarks.frames.conditions import SPEED_MPS, Conditions, Grey, stream
from benchmarks.frames.motion import Motion
from benchmarks.frames.person import Person
from benchmarks.frames.printed import Field, cell_m, module_m
from benchmarks.frames.sensor import behind, exposed, grain, held, packed
from benchmarks.frames.weather import between, focused, sunlit
from bibs.drawing.layout import DEFAULT_LAYOUT, BibLayout
from demo.film import FilmCamera
from demo.film.walk import Points

NEAR_M: Final = 0.6
ABREAST_M: Final = 0.52
ROW_S: Final = 1.3
FAR_M: Final = 8.0
LEAD_M: Final = 7.5
"""From so far away the slowest runner comes first: nobody is near when a film begins."""
NEAR_LINE_M: Final = 2.0
SHOULDERS_M: Final = 0.5
HEADWAY_S: Final = 0.3
"""Whoever would be so near to another comes a little later, where runners keep apart."""

ORIGIN: Final[Points] = np.zeros(2)
FRAME_FILE: Final = "{:06}.jpg"
TRUTH_FILE: Final = "truth.jsonl"


class Seen(msgspec.Struct, frozen=True):
    """One runner in one frame: how far, how large, which part of the code and the mark nothing hides, and where the chest's middle is."""

    bib: int
    runner: int
    distance_m: float
    px_per_module: float
    px_per_cell: float
    code_shown: float
    mark_shown: float
    chest: tuple[float, float] = (0.0, 0.0)
    """In pixels, of a camera that is not tilted and does not mirror."""


class Truth(msgspec.Struct, frozen=True):
    """What is in one frame."""

    frame: int
    at_s: float
    seen: tuple[Seen, ...]


class Crowd:
    """So many runners of a run, so many a second on average, before one camera."""

    def __init__(
        self,
        run: int,
        runners: int,
        camera: FilmCamera,
        conditions: Conditions,
        layout: BibLayout = DEFAULT_LAYOUT,
        per_s: float = 3.0,
    ) -> None:
        bibs, ways = Field.of(run).wear(range(runners), layout), _ways(run, runners, conditions, per_s)
        self.people = [Person(worn, run, at, conditions, motion=ways[at]) for at, worn in enumerate(bibs)]
        passes = [way.passes_s for way in ways]
        self._run, self._camera, self._conditions, self._layout = run, camera, conditions, layout
        self.frame_count = int((max(passes) + 0.2) * camera.fps)

    def frames(self, first: int = 0, end: int | None = None) -> Iterator[tuple[Grey, Truth]]:
        """Every frame, or some of them, also the empty ones, with its truth."""
        height, width = self._camera.height, self._camera.width
        street = behind(height, width, stream(self._run, 0, "background"))
        if self._conditions.walking:
            built(street, stream(self._run, 1, "background"))
        street = sunlit(street, self._conditions)
        for number in range(first, self.frame_count if end is None else end):
            at_s = number / self._camera.fps
            light = street.copy()
            near = self._near(at_s)
            for _, person in near:
                person.draw(light, ORIGIN, self._camera, at_s)
            noise = grain(height, width, stream(self._run, 0, "noise", number))
            lens = stream(self._run, 0, "lens")
            light = between(light, self._conditions, at_s, self._camera.exposure_s, lens)
            light = held(light, self._conditions)
            yield (
                exposed(light, focused(self._conditions, at_s), noise),
                Truth(number, at_s, tuple(self._told(near, at_s))),
            )

    def write(self, folder: Path) -> None:
        """The frames as a folder of JPEGs, compressed once, which a station takes as 30 frames a second; and the truth."""
        folder.mkdir(parents=True, exist_ok=True)
        quality = self._conditions.jpeg or 95
        self._conditions = replace(self._conditions, jpeg=0)
        with (folder / TRUTH_FILE).open("wb") as truths:

            def drawn() -> Iterator[Grey]:
                for picture, truth in self.frames():
                    truths.write(msgspec.json.encode(truth) + b"\n")
                    yield picture

            rate = self._conditions.h264_kbps
            for number, picture in enumerate(through_h264(drawn(), self._camera, rate) if rate else drawn()):
                (folder / FRAME_FILE.format(number)).write_bytes(packed(picture, quality).tobytes())

    def _near(self, at_s: float) -> list[tuple[int, Person]]:
        """Who is in view, the farthest first."""
        seen = [(at, one) for at, one in enumerate(self.people) if NEAR_M < one.motion.distance_m(at_s) < FAR_M]
        return sorted(seen, key=lambda one: -one[1].motion.distance_m(at_s))

    def _told(self, near: Sequence[tuple[int, Person]], at_s: float) -> Iterator[Seen]:
        camera, layout = self._camera, self._layout
        owners = np.zeros((camera.height, camera.width), np.uint8)
        for own, (_, person) in enumerate(near, start=1):
            person.claim(owners, ORIGIN, camera, at_s, own)
        for own, (runner, person) in enumerate(near, start=1):
            distance_m = person.motion.distance_m(at_s)
            shown = [
                max((person.shown(owners, ORIGIN, camera, at_s, box, own) for box in boxes), default=0.0)
                for boxes in ((layout.code,), layout.marks)
            ]
            sizes = (camera.size_px(module_m(layout), distance_m), camera.size_px(cell_m(layout), distance_m))
            far, module, cell, code, mark = (round(figure, 3) for figure in (distance_m, *sizes, *shown))
            x, y = person.quad(camera, at_s, layout.page).mean(axis=0).round(1).tolist()
            yield Seen(person.worn.number, runner, far, module, cell, code, mark, (x, y))


def _ways(run: int, runners: int, conditions: Conditions, per_s: float) -> list[Motion]:
    """How everybody comes: alone at chance intervals, or in rows of those who keep step."""
    lead_s = LEAD_M / min(SPEED_MPS[0], conditions.speed_mps[0])
    if not conditions.abreast:
        passes = lead_s + np.cumsum(stream(run, 0, "path", 1).exponential(1 / per_s, runners))
        alone = [Motion.of(run, at, conditions, float(passes[at])) for at in range(runners)]
        return _apart(alone) if conditions.apart else alone
    ways = []
    for at in range(runners):
        row, place = divmod(at, conditions.abreast)
        way, first = Motion.of(run, at, conditions), Motion.of(run, row * conditions.abreast, conditions)
        lane_m = (place - (conditions.abreast - 1) / 2) * ABREAST_M + 0.05 * way.lane_m
        passes_s = lead_s + ROW_S * row + 0.05 * way.drift_mps
        ways.append(replace(way, passes_s=passes_s, lane_m=lane_m, drift_mps=0.0, speed_mps=first.speed_mps))
    return ways


def _apart(ways: Sequence[Motion]) -> list[Motion]:
    kept: list[Motion] = []
    for way in ways:
        while any(_collide(way, other) for other in kept):
            way = replace(way, passes_s=way.passes_s + HEADWAY_S / 3)
        kept.append(way)
    return kept


def _collide(one: Motion, other: Motion) -> bool:
    apart_s = abs(one.at_distance_s(NEAR_LINE_M) - other.at_distance_s(NEAR_LINE_M))
    return apart_s < HEADWAY_S and abs(one.lane_m - other.lane_m) < SHOULDERS_M
