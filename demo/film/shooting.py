"""A synthetic race film: runners wearing bibs walk up to a camera behind the line, for trying the stations without a race.

The distance of a bib's centre is `line_m + speed * (crosses_s - t)` exactly, where frame n of the film is at n / fps.
"""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Final

import cv2
import numpy as np

from demo.film.bib import FilmedBib
from demo.film.body import Body, draw_shadow
from demo.film.clothing import Clothing
from demo.film.scenery import Sensor, scenery
from demo.film.walk import FAR_M, NEAR_M, FilmCamera, Gait, Image, Points, RunnerPath, Stance, stance
from timing.errors import Unreachable
from timing.language import _

PAGE_M: Final = (0.24, 0.20)
BANNER: Final = "G VALLEY SMART MARATHON"
CAMERA: Final = FilmCamera()
CODEC: Final = "mp4v"
"""The one of the tried codecs that OpenCV's wheel both writes and reads in an .mp4, at a fifth of Motion JPEG's size."""

SUB_EXPOSURES: Final = (0.0, -1 / 3, 1 / 3)
"""Parts of the exposure at which the bib is drawn, the middle first."""


class Runner:
    """One walk's person with the bib."""

    def __init__(self, walk: RunnerPath, page_m: tuple[float, float], rng: np.random.Generator) -> None:
        self.walk, self.gait = walk, Gait.of(rng)
        self.body, self.bib = Body(Clothing.of(rng)), FilmedBib(walk.page, page_m, rng)
        x, y = page_m[0] / 2, page_m[1] / 2
        self.corners = np.array([[-x, -y, 0], [x, -y, 0], [x, y, 0], [-x, y, 0]])

    def draw(self, image: Image, camera: FilmCamera, at_s: float) -> None:
        """Draw the runner as seen at an instant, fading in at the far end."""
        now = stance(self.walk, self.gait, camera, at_s)
        shown = FAR_M - self.walk.distance_m(camera, at_s)
        if shown >= 1:
            self._draw(image, camera, now, at_s)
            return
        part = image[spot(camera, now)]
        before = part.copy()
        self._draw(image, camera, now, at_s)
        part[:] = cv2.addWeighted(part, shown, before, 1 - shown, 0)

    def _draw(self, image: Image, camera: FilmCamera, now: Stance, at_s: float) -> None:
        draw_shadow(image, camera, now, self.gait.bib_above_camera_m)
        self.body.draw(image, camera, now)
        self.bib.lay(image, [self._quad(camera, at_s + part * camera.exposure_s) for part in SUB_EXPOSURES])

    def _quad(self, camera: FilmCamera, at_s: float) -> Points:
        """The page's corners in the picture, clockwise from its upper left."""
        return camera.project(stance(self.walk, self.gait, camera, at_s).in_space(self.corners))


def shoot(
    path: Path,
    walks: Sequence[RunnerPath],
    seconds: float,
    camera: FilmCamera = CAMERA,
    page_m: tuple[float, float] = PAGE_M,
    seed: int = 1,
    progress: Callable[[int, int], None] | None = None,
    banner: str = BANNER,
) -> None:
    """Write the film to `path`, an .mp4; `progress` is called after each frame with the number done and the total."""
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*CODEC), camera.fps, (camera.width, camera.height))
    if not writer.isOpened():
        raise Unreachable(_("cannot write the film {path}; does its folder exist?", path=path))
    try:
        with ThreadPoolExecutor(1) as pool:  # one frame is encoded while the next is drawn
            written: Future[None] = pool.submit(lambda: None)
            for done, frame in enumerate(frames(walks, seconds, camera, page_m, seed, banner), start=1):
                written.result()
                written = pool.submit(_write, writer, frame)
                if progress is not None:
                    progress(done, frame_count(seconds, camera))
            written.result()
    finally:
        writer.release()


def frames(
    walks: Sequence[RunnerPath],
    seconds: float,
    camera: FilmCamera = CAMERA,
    page_m: tuple[float, float] = PAGE_M,
    seed: int = 1,
    banner: str = BANNER,
) -> Iterator[Image]:
    """The frames of the film, one by one."""
    # Each part of the picture has a stream of chance of its own: another walk more does not change the others.
    background = scenery(camera, banner, np.random.default_rng([seed, 0]))
    sensor = Sensor(camera, np.random.default_rng([seed, 1]))
    runners: dict[int, Runner] = {}
    for number in range(frame_count(seconds, camera)):
        at_s = number / camera.fps
        image = background.copy()
        for index in in_view(walks, camera, at_s):
            if index not in runners:
                runners[index] = Runner(walks[index], page_m, np.random.default_rng([seed, 2, index]))
            runners[index].draw(image, camera, at_s)
        yield sensor.expose(image)


def frame_count(seconds: float, camera: FilmCamera) -> int:
    return round(seconds * camera.fps)


def in_view(walks: Sequence[RunnerPath], camera: FilmCamera, at_s: float) -> list[int]:
    """The walks to be drawn, the farthest first, so that nearer runners hide them."""
    distances = [walk.distance_m(camera, at_s) for walk in walks]
    return sorted((i for i, d in enumerate(distances) if NEAR_M < d < FAR_M), key=lambda i: -distances[i])


def spot(camera: FilmCamera, now: Stance) -> tuple[slice, slice]:
    """The part of the picture that a body can touch."""
    corners = camera.project(now.in_space(np.array([[-0.6, -0.75, -0.4], [0.6, 1.4, -0.4]])))
    (left, top), (right, bottom) = corners.clip(0, (camera.width, camera.height)).astype(int)
    return slice(top, bottom + 1), slice(left, right + 1)


def _write(writer: cv2.VideoWriter, frame: Image) -> None:
    writer.write(frame)
