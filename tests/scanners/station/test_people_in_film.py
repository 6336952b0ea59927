"""People of a synthetic film, legs and arms moving, are counted one by one; the street, the light and a helper in the back are nobody."""

from collections.abc import Iterator, Sequence

import cv2
import numpy as np
import pytest

from demo.film import FilmCamera, LanePlace, RunnerPath
from demo.film import frames as film_frames
from scanners.cameras.films import Frame
from scanners.station.passer_watch import PasserWatch
from timing.race.events import Unread
from timing.race.instants import SECOND, Instant

CAMERA = FilmCamera(width=640, height=360, fps=20, line_m=2.5, hfov_deg=70)
CODE_M = 0.08
COVERED = np.full((20, 24, 3), (120, 90, 60), np.uint8)
ERROR_S = 0.35


def crossed(places: Sequence[LanePlace], seconds: float, light: float = 1.0) -> list[float]:
    """When people whose bibs are covered were found to cross, in seconds of the film; after 3 s the light changes."""
    facts: list[Unread] = []

    def keep(fact: Unread) -> int:
        facts.append(fact)
        return len(facts)

    watch = PasserWatch(keep, lambda _seq, _picture: None)
    for frame in _filmed(places, seconds, light):
        watch.look(frame, [], CAMERA.size_px(CODE_M, CAMERA.line_m))
    watch.close([])
    return sorted((fact.crossed_at or 0) / SECOND for fact in facts)


def _filmed(places: Sequence[LanePlace], seconds: float, light: float) -> Iterator[Frame]:
    walks = [RunnerPath(COVERED, place.crosses_s, place.lane_m, 3.0) for place in places]
    for number, picture in enumerate(film_frames(walks, seconds, CAMERA, (0.24, 0.20), seed=4)):
        grey = cv2.cvtColor(picture, cv2.COLOR_BGR2GRAY).astype(np.float32)
        shown = np.clip(grey * (light if number > 3 * CAMERA.fps else 1.0), 0, 255).astype(np.uint8)
        yield Frame(number, Instant(number * SECOND // CAMERA.fps), shown)


def test_runners_one_after_another_and_a_row_of_three_are_counted_at_their_crossings() -> None:
    alone = [LanePlace(5.0, -0.3), LanePlace(6.5, 0.5), LanePlace(8.0, 0.1)]
    row = [LanePlace(10.0, -0.8), LanePlace(10.02, 0.0), LanePlace(10.05, 0.8)]
    truth = [place.crosses_s for place in (*alone, *row)]
    assert crossed([*alone, *row], 12.5) == [pytest.approx(at, abs=ERROR_S) for at in truth]


def test_a_change_of_light_leaves_one_runner_one_runner() -> None:
    assert crossed([LanePlace(6.0, 0.2)], 8.5, light=0.6) == [pytest.approx(6.0, abs=ERROR_S)]


def test_an_empty_street_is_nobody() -> None:
    assert crossed([], 4.0) == []
