"""A station times crossings: by its line, by its codes and marks, and without a line by a stand-in that is the same for everybody."""

import pytest

from scanners.reading.visits import Visit, VisitSighting
from scanners.station.crossing_timer import STAND_IN, CrossingTimer
from scanners.station.station_options import PointName
from timing.race.instants import MILLISECOND, SECOND, Instant

FPS = 30
BEGINS = 100 * SECOND
PICTURE_PX = 1920
FOCUS_PX = 1185.0 * 0.08
"""A code of 8 cm one metre before a usual webcam."""


def coming(speed: float, from_m: float, to_m: float, marked: bool = False, waits_s: float = 0.0) -> Visit:
    """Somebody who comes nearer from one distance to another and then waits there."""
    visit = Visit()
    frames = int(((from_m - to_m) / speed + waits_s) * FPS)
    for frame in range(frames):
        at = Instant(BEGINS + frame * SECOND // FPS)
        px = FOCUS_PX / max(from_m - speed * frame / FPS, to_m)
        visit.see(visit.marks if marked else visit.codes, frame, at, px * 61 / 80 if marked else px)
    return visit


def passes_at(speed: float, from_m: float, at_m: float) -> float:
    """The instant at which such a one is so far away."""
    return BEGINS + (from_m - at_m) / speed * SECOND


def timer(line_px: float | None, point: PointName = "finish") -> CrossingTimer:
    made = CrossingTimer(line_px, point)
    made.picture_px = PICTURE_PX
    return made


@pytest.mark.parametrize("marked", [False, True])
def test_by_code_or_by_mark_the_line_is_crossed_at_the_same_instant(marked: bool) -> None:
    found = timer(FOCUS_PX / 2).crossed(coming(4, 5, 1, marked))
    assert found and found.how == "line" and found.doubt
    assert abs(found.at - passes_at(4, 5, 2)) < 10 * MILLISECOND


def test_who_was_seen_in_one_frame_alone_is_estimated() -> None:
    found = timer(FOCUS_PX / 2).crossed(coming(4, 2.2, 2.06))
    assert found and found.how == "estimated"


@pytest.mark.parametrize("point", ["start", "split", "finish"])
@pytest.mark.parametrize(("from_m", "to_m", "marked"), [(7, 1.5, True), (3.2, 0.9, False), (4, 2.8, False)])
def test_without_a_line_all_are_timed_at_one_place_from_however_far_they_were_seen(
    point: PointName, from_m: float, to_m: float, marked: bool
) -> None:
    stand_in_m = FOCUS_PX / (STAND_IN * PICTURE_PX)
    found = timer(None, point).crossed(coming(4, from_m, to_m, marked))
    assert found and (found.how, found.doubt) == ("seen", None)
    assert abs(found.at - passes_at(4, from_m, stand_in_m)) < 30 * MILLISECOND


def test_who_waits_beyond_the_stand_in_at_a_start_is_not_timed_on_arriving_there() -> None:
    waiting = coming(1.2, 4, 1.5, waits_s=20)
    assert timer(None, "start").crossed(waiting) is None
    assert timer(None).crossed(waiting) is not None


def test_paces_that_were_learnt_by_another_line_are_not_borrowed() -> None:
    glimpse, learnt, fresh = coming(4, 1.25, 1.12), timer(FOCUS_PX / 2), timer(FOCUS_PX)
    for _ in range(10):
        learnt.crossed(coming(2, 5, 0.6))
    learnt.set_line(FOCUS_PX)
    assert learnt.crossed(glimpse) == fresh.crossed(glimpse)


def test_in_a_pen_nobody_crosses_anything() -> None:
    assert timer(None, "pen").crossed(coming(4, 5, 1)) is None


def test_a_size_of_nothing_is_no_stand_in() -> None:
    assert CrossingTimer(None).crossed(coming(4, 5, 1)) is None


def test_a_visit_of_one_sighting_without_a_line_is_timed_too() -> None:
    visit = Visit(codes={7: VisitSighting(Instant(BEGINS), 50.0)}, silent_since=Instant(BEGINS))
    found = timer(None).crossed(visit)
    assert found and found.at < BEGINS
