"""Which figures a known runner explains."""

import numpy as np

from scanners.reading.ways import Sights, Way, explained

BODY = 240.0  # a body's width at the line in pixels


def seen(x: float, wide: float, cut: bool) -> Sights:
    """A figure in one frame, a quarter of a second after somebody crossed."""
    at, middle, far, top, left, right = (
        np.array([value]) for value in (0.25, x, BODY / wide, 300.0, x - wide / 2, x + wide / 2)
    )
    return Sights(np.array([1]), np.array([cut]), at, middle, far, top, left, right)


def test_whatever_the_picture_s_side_leaves_of_a_runner_is_that_runner() -> None:
    leaves = Way(at=0.0, aside=-400.0, pace=2.0)  # half-way to the camera, 480 pixels wide, 800 aside
    sliver, elbow = seen(-700, 90, cut=True), seen(-700, 90, cut=False)
    assert explained(sliver, [leaves], BODY) == [True]
    assert explained(elbow, [leaves], BODY) == [False]  # it may be somebody behind
    assert explained(seen(-400, 90, cut=True), [leaves], BODY) == [False]
