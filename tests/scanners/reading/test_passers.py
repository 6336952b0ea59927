"""People found by shape: who crossed is told once, with the instant; who did not cross, or is named, is not unread."""

import numpy as np
import pytest

from scanners.reading.boxes import PixelBox
from scanners.reading.passers import MOST_SIGHTS, Passer, PasserTracker, line_crossing, worth
from scanners.reading.silhouettes import Silhouette, SilhouetteFinder, figures
from timing.race.instants import SECOND, Instant

FPS, WIDTH = 30, 1920
LINE_PX, BODY = 40.0, 5.85  # a code's side at the line, and a body's width in codes' sides


def at(seconds: float) -> Instant:
    return Instant(round(seconds * SECOND))


def body(crosses_s: float, now_s: float, x: float, pace: float = 1.4) -> Silhouette | None:
    """A figure that comes nearer by so many distances of the line a second; None while it is out of view."""
    far = 1 + pace * (crosses_s - now_s)
    if not 0.35 < far < 4:
        return None
    wide = LINE_PX * BODY / far
    middle = WIDTH / 2 + (x - WIDTH / 2) / far
    return Silhouette(PixelBox(middle - wide / 2, 540 - 100 / far, middle + wide / 2, 540 + 500 / far), wide, False)


def followed(*ways: tuple[float, float], until_s: float = 8.0, name: str = "", stop_s: float = 99.0) -> list[Passer]:
    """Who crossed, of people with the crossing and the place at the line; the first wears a bib of this name."""
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(round(until_s * FPS)):
        seen = [body(crosses, min(frame / FPS, stop_s), x) for crosses, x in ways]
        tracker.see(frame, at(frame / FPS), [one for one in seen if one], WIDTH)
        if name and seen[0]:
            tracker.named(name, frame, at(frame / FPS), seen[0].box.middle, seen[0].across / BODY)
        found += tracker.decided(at(frame / FPS))
    return found + tracker.close()


def test_somebody_who_comes_up_to_the_line_and_leaves_has_passed_once() -> None:
    (one,) = followed((3.0, 1000.0))
    assert one.crossed_at is not None and one.crossed_at == pytest.approx(at(3.0), abs=SECOND // 20)
    assert (one.names, len(one.sights) > 40) == (set(), True)


def test_people_side_by_side_have_passed_each() -> None:
    crossed = followed((3.0, 700.0), (3.1, 1000.0), (3.05, 1300.0))
    assert len(crossed) == 3


def test_whoever_wears_a_bib_that_was_read_is_named_and_the_one_beside_is_not() -> None:
    crossed = followed((3.0, 700.0), (3.1, 1100.0), name="SV0Z3FPVAH9")
    assert sorted(map(sorted, (one.names for one in crossed))) == [[], ["SV0Z3FPVAH9"]]


def test_whoever_stays_before_the_line_has_not_passed() -> None:
    assert followed((6.0, 1000.0), stop_s=4.5) == []


def test_a_bib_that_is_read_late_names_whom_it_was_on() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(5 * FPS):
        seen = body(2.0, frame / FPS, 1000.0)
        tracker.see(frame, at(frame / FPS), [seen] if seen else [], WIDTH)
        found += tracker.decided(at(frame / FPS))
        if frame == 4 * FPS:  # a slow reader's answer about a frame of two seconds ago
            was = body(2.0, 45 / FPS, 1000.0)
            assert was is not None
            tracker.named("SV0Z3FPVAH9", 45, at(45 / FPS), was.box.middle, was.across / BODY)
    assert [one.names for one in [*found, *tracker.close()]] == [{"SV0Z3FPVAH9"}]


def test_a_crossing_is_where_the_size_is_the_line_s_and_only_for_who_comes_nearer() -> None:
    sizes = [(at(second / 10), 100 / (3 - second / 10)) for second in range(25)]
    assert line_crossing(sizes, 100.0, 0.8) == pytest.approx(at(2.0), abs=2_000)
    assert line_crossing([(Instant(at(5) - when), size) for when, size in sizes][::-1], 100.0, 0.8) is None
    assert line_crossing(sizes[:12], 100.0, 0.8) is None  # never came near


def test_a_body_that_the_picture_cuts_is_a_worse_view_than_a_whole_one_as_large() -> None:
    whole, cut = PixelBox(500, 100, 700, 900), PixelBox(500, 280, 700, 1080)
    assert worth(Silhouette(whole, 200, False), (1080, WIDTH)) == 2 * worth(Silhouette(cut, 200, False), (1080, WIDTH))


def street(seed: int = 1) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    return np.random.default_rng(seed).integers(90, 110, (180, 320)).astype(np.uint8)


def stand(picture: np.ndarray[tuple[int, ...], np.dtype[np.uint8]], x: int, grey: int = 30, size: int = 1) -> None:
    """A head on shoulders."""
    picture[40 - 10 * size : 42, x - 4 * size : x + 4 * size] = grey
    picture[40:170, x - 13 * size : x + 13 * size] = grey


def found(*after: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> list[Silhouette]:
    finder = SilhouetteFinder()
    for seed in range(60):
        finder.find(street(seed))
    return [finder.find(one) for one in after][-1]


def test_two_who_touch_are_parted_between_their_heads() -> None:
    picture = street()
    stand(picture, 100)
    stand(picture, 126)
    assert sorted(round(one.box.middle[0] / 10) for one in found(picture)) == [10, 13]


def test_a_change_of_exposure_and_a_shadow_on_the_road_are_nobody() -> None:
    darker, shadow = (street() * 0.6).astype(np.uint8), street()
    shadow[150:170, 60:200] //= 2
    assert (found(darker), found(shadow)) == ([], [])


def test_somebody_is_found_although_the_exposure_changed() -> None:
    picture = street()
    stand(picture, 160)
    (one,) = found((picture * 0.7).astype(np.uint8))
    assert (round(one.box.middle[0] / 10), round(one.across)) == (16, 26)


def test_nothing_is_found_in_an_empty_mask() -> None:
    assert figures(np.zeros((90, 160), np.uint8)) == []


def test_whoever_stands_about_for_long_takes_no_more_room_and_passes_when_leaving_over_the_line() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(40 * FPS):
        now = frame / FPS
        seen = body(37.0, max(now, 35.5), 1000.0)  # waits before the line
        tracker.see(frame, at(now), [seen] if seen else [], WIDTH)
        found += tracker.decided(at(now))
    (one,) = [*found, *tracker.close()]
    assert len(one.sights) <= MOST_SIGHTS and one.best_frame == 0
    assert one.crossed_at == pytest.approx(at(37.0), abs=SECOND // 10)
