"""One runner's pass as crops around the bib: quick to draw, and flattering, for nobody has to find the bib first."""

from collections.abc import Iterator
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from benchmarks.frames.conditions import Conditions, Grey, stream
from benchmarks.frames.person import Person
from benchmarks.frames.printed import Worn, cell_m, module_m
from benchmarks.frames.sensor import behind, exposed
from demo.film import FilmCamera
from demo.film.walk import Points

NEAR_M: Final = 0.8
FAR_M: Final = 6.0
BEST_M: Final = 1.8
"""Neither small nor much smeared; whoever reads a bib at all reads it here."""

AROUND: Final = 0.25
"""Of the bib's size: how much of the street is in a crop."""

WHOLLY: Final = 0.95
OWN: Final = 1


@dataclass(frozen=True, slots=True)
class Shot:
    """One frame's crop with its truth."""

    distance_m: float
    px_per_module: float
    px_per_cell: float
    code_shown: float
    mark_shown: float
    picture: Grey


class Pass:
    """A runner on the way past the camera; frames are drawn only when somebody looks."""

    def __init__(self, worn: Worn, run: int, runner: int, camera: FilmCamera, conditions: Conditions) -> None:
        self.person = Person(worn, run, runner, conditions)
        self._run, self._runner, self._camera, self._conditions = run, runner, camera, conditions
        self._module_m, self._cell_m = module_m(worn.layout), cell_m(worn.layout)

    def instants(self, far_m: float = FAR_M) -> list[float]:
        """When frames are taken: all in which the code or the mark is wholly in the picture, the most readable first."""
        motion, fps = self.person.motion, self._camera.fps
        last = motion.at_distance_s(NEAR_M) - stream(self._run, self._runner, "cut").uniform(0, 1 / fps)
        count = int((last - motion.at_distance_s(far_m)) * fps) + 1
        found = [at for at in (last - number / fps for number in range(count)) if self._in_picture(at)]
        return sorted(found, key=lambda at: abs(log(motion.distance_m(at) / BEST_M)))

    def shots(self) -> Iterator[Shot]:
        """The frames of the pass, the most readable first."""
        return (self.shoot(at, number) for number, at in enumerate(self.instants()))

    def at_distance(self, distance_m: float) -> Shot:
        """One frame at a distance, with the bounce and the swing of that moment."""
        return self.shoot(self.person.motion.at_distance_s(distance_m), 0)

    def shoot(self, at_s: float, number: int) -> Shot:
        """The crop around the bib at an instant."""
        corner, size = self._window(at_s, number)
        behind_it = stream(self._run, self._runner, "background")
        street = behind(self._camera.height, self._camera.width, behind_it)
        x, y = corner.astype(int).tolist()
        light = street[y : y + size[0], x : x + size[1]]
        self.person.draw(light, corner, self._camera, at_s)
        noise = stream(self._run, self._runner, "noise", number).standard_normal(light.shape, np.float32)
        return self._told(exposed(light, self._conditions, noise), corner, at_s)

    def _told(self, picture: Grey, corner: Points, at_s: float) -> Shot:
        person, camera, layout = self.person, self._camera, self.person.worn.layout
        owners = np.zeros_like(picture)
        person.claim(owners, corner, camera, at_s, OWN)
        distance_m = person.motion.distance_m(at_s)
        return Shot(
            distance_m,
            camera.size_px(self._module_m, distance_m),
            camera.size_px(self._cell_m, distance_m),
            person.shown(owners, corner, camera, at_s, layout.code, OWN),
            max((person.shown(owners, corner, camera, at_s, box, OWN) for box in layout.marks), default=0.0),
            picture,
        )

    def _in_picture(self, at_s: float) -> bool:
        layout = self.person.worn.layout
        boxes = [layout.code, *layout.marks]
        size = (self._camera.width - 1, self._camera.height - 1)
        quads = [self.person.quad(self._camera, at_s, box) for box in boxes]
        return any(bool(((quad >= 0) & (quad <= size)).all()) for quad in quads)

    def _window(self, at_s: float, number: int) -> tuple[Points, tuple[int, int]]:
        """The crop's upper left pixel, and its height and width; the bib is not quite in its middle."""
        quad = self.person.quad(self._camera, at_s, self.person.worn.layout.page)
        low, high = quad.min(0), quad.max(0)
        room = AROUND * (high - low)
        aside = stream(self._run, self._runner, "cut", number + 1).uniform(-0.4, 0.4, 2) * room
        end = (self._camera.width, self._camera.height)
        first = np.clip(np.floor(low - room + aside), 0, np.array(end) - 32)
        last = np.clip(np.ceil(high + room + aside), first + 32, end)
        return first, (int(last[1] - first[1]), int(last[0] - first[0]))
