"""People found by shape: who crossed is told once, with the instant; who did not cross, or is named, is not unread."""

import pytest

from scanners.reading.boxes import PixelBox
from scanners.reading.passers import Passer, PasserTracker, portrait, worth
from scanners.reading.silhouettes import Silhouette
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
    return Silhouette(
        PixelBox(middle - wide / 2, 540 - 100 / far, middle + wide / 2, 540 + 500 / far), wide, middle, False
    )


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


def standing(left: float, top: float, wide: float) -> Silhouette:
    """A body of this width, three and a half times as high, as much of it as the picture holds."""
    return Silhouette(
        PixelBox(left, max(0.0, top), left + wide, min(1080.0, top + 3.5 * wide)), wide, left + wide / 2, False
    )


def test_the_best_view_of_somebody_is_the_largest_one_with_the_head_and_nearly_all_down_to_the_knees() -> None:
    far, whole, legless, headless = (
        standing(500, top, wide) for top, wide in ((400, 100), (200, 250), (150, 500), (-150, 380))
    )
    views = sorted((far, whole, legless, headless), key=lambda view: worth(view, (1080, WIDTH)))
    assert views[-1] == whole and views[0] == headless


def test_a_portrait_has_the_chest_in_the_middle_and_ends_at_the_knees() -> None:
    left, top, right, bottom = portrait(standing(500, 200, 250))
    assert (left + right) / 2 == 625
    assert (top + bottom) / 2 == pytest.approx(200 + 1.3 * 250, abs=0.2 * 250)
    assert right - left > 2 * 250 and top < 200


def test_legs_far_below_where_heads_of_their_size_are_seen_are_nobody() -> None:
    tracker = PasserTracker(LINE_PX)
    for frame in range(3 * FPS):
        seen = body(2.0, frame / FPS, 1000.0)
        tracker.see(frame, at(frame / FPS), [one for one in (seen,) if one], WIDTH)
        if seen:
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), seen.box.middle, seen.across / BODY)
    seen = body(5.0, 5.0, 1000.0)
    assert seen
    legs = Silhouette(seen.box._replace(top=seen.box.top + 1.5 * seen.across), seen.across, seen.x, False)
    assert tracker.see(1000, at(5.0), [legs], WIDTH) == []
    assert len(tracker.see(1001, at(5.1), [seen], WIDTH)) == 1


def test_whoever_follows_close_behind_a_named_runner_is_not_taken_for_that_one() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        first, second = body(2.0, frame / FPS, 1000.0), body(2.6, frame / FPS, 1010.0)
        tracker.see(frame, at(frame / FPS), [one for one in (first, first is None and second) if one], WIDTH)
        if first:
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), first.box.middle, first.across / BODY)
        found += tracker.decided(at(frame / FPS))
    assert [one.names for one in [*found, *tracker.close()]] == [{"SV0Z3FPVAH9"}, set()]


def test_whoever_stands_about_for_long_passes_when_leaving_over_the_line() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(40 * FPS):
        now = frame / FPS
        seen = body(37.0, max(now, 35.5), 1000.0)  # waits before the line
        tracker.see(frame, at(now), [seen] if seen else [], WIDTH)
        found += tracker.decided(at(now))
    (one,) = [*found, *tracker.close()]
    assert one.crossed_at == pytest.approx(at(37.0), abs=SECOND // 10)


def test_whoever_was_hidden_behind_a_named_runner_is_found_when_that_one_has_left() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        first, second = body(2.0, frame / FPS, 1000.0), body(2.35, frame / FPS, 960.0)
        tracker.see(frame, at(frame / FPS), [one for one in (first or second,) if one], WIDTH)
        if first:
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), first.box.middle, first.across / BODY)
        found += tracker.decided(at(frame / FPS))
    unread = [one for one in [*found, *tracker.close()] if not one.names]
    assert [one.crossed_at for one in unread] == [pytest.approx(at(2.35), abs=SECOND // 5)]


def test_whoever_was_hidden_and_leaves_at_the_picture_s_side_came_nearer_though_it_cuts_an_arm() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        first, second = body(2.0, frame / FPS, 560.0), body(2.25, frame / FPS, 540.0)
        since = frame - 74  # frames after the first one has left; in three of them the second seems to stand
        if second and since >= 0:
            second = second._replace(across=second.across * (0.94, 0.86, 0.79, 0.9)[min(since, 3)], cut=since > 2)
        here = first or (second if since < 6 else None)
        tracker.see(frame, at(frame / FPS), [here] if here else [], WIDTH)
        if first:
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), first.box.middle, first.across / BODY)
        found += tracker.decided(at(frame / FPS))
    unread = [one for one in [*found, *tracker.close()] if not one.names]
    assert [one.crossed_at for one in unread] == [pytest.approx(at(2.25), abs=SECOND // 5)]


def test_whoever_runs_close_before_a_taller_runner_who_is_named_has_passed_too() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(7 * FPS):
        first, second = body(2.0, frame / FPS, 1000.0), body(2.45, frame / FPS, 1010.0)
        if first and second:  # over the one the other's head shows
            first = first._replace(box=first.box._replace(top=second.box.top))
        tracker.see(frame, at(frame / FPS), [one for one in (first or second,) if one], WIDTH)
        if second and not first:
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), second.box.middle, second.across / BODY)
        found += tracker.decided(at(frame / FPS))
    assert [one.names for one in sorted([*found, *tracker.close()], key=lambda one: one.crossed_at)] == [
        set(),
        {"SV0Z3FPVAH9"},
    ]


def test_a_named_runner_who_looks_half_as_wide_again_as_the_others_is_nobody_else() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    names = "SV0Z3FPVAH9", "SV0Z3FPVAHA", "SV0Z3FPVAHB"
    for frame in range(14 * FPS):
        for crosses, name in zip((2.0, 6.0, 10.0), names, strict=True):
            if seen := body(crosses, frame / FPS, 1000.0):
                cape = seen._replace(box=seen.box.grown(0.25), across=1.5 * seen.across)
                tracker.see(frame, at(frame / FPS), [cape if name == names[-1] else seen], WIDTH)
                tracker.named(name, frame, at(frame / FPS), seen.box.middle, seen.across / BODY)
        found += tracker.decided(at(frame / FPS))
    assert [one.names for one in [*found, *tracker.close()]] == [{name} for name in names]


def test_two_named_runners_in_one_figure_are_nobody_else() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        pair = body(2.0, frame / FPS, 850.0), body(2.05, frame / FPS, 1060.0)
        one, other = pair
        if one and other:
            box = PixelBox(one.box.left, one.box.top, other.box.right, one.box.bottom)
            tracker.see(frame, at(frame / FPS), [Silhouette(box, box.width, one.x, False)], WIDTH)  # whose head is seen
            for name, worn in zip(("SV0Z3FPVAH9", "SV0Z3FPVAHA"), (one, other), strict=True):
                tracker.named(name, frame, at(frame / FPS), worn.box.middle, worn.across / BODY)
        found += tracker.decided(at(frame / FPS))
    assert [one.names for one in [*found, *tracker.close()] if not one.names] == []


def test_an_elbow_that_shows_beside_a_named_runner_is_nobody() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(5 * FPS):
        seen = body(2.0, frame / FPS, 1000.0)
        if seen:
            wide, x = 0.5 * seen.across, seen.x + 0.55 * seen.across
            top = seen.box.top + 0.6 * seen.across
            elbow = Silhouette(PixelBox(x - wide / 2, top, x + wide / 2, seen.box.bottom), wide, x, False)
            tracker.see(frame, at(frame / FPS), [seen, elbow], WIDTH)
            tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), seen.box.middle, seen.across / BODY)
        found += tracker.decided(at(frame / FPS))
    assert [one.names for one in [*found, *tracker.close()]] == [{"SV0Z3FPVAH9"}]


def test_whoever_walks_across_the_picture_does_not_pass() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        x = 12.0 * frame
        walker = Silhouette(PixelBox(x - 110, 440, x + 110, 1040), 220.0, x, x < 110 or x > WIDTH - 110)
        tracker.see(frame, at(frame / FPS), [walker] if x < WIDTH else [], WIDTH)
        found += tracker.decided(at(frame / FPS))
    assert [*found, *tracker.close()] == []


def test_how_wide_bodies_are_is_learned_from_every_runner_alike_however_long_in_view() -> None:
    tracker = PasserTracker(LINE_PX)
    widths = [5.5, 6.0, 6.2, 9.0]  # in codes; the last one walks in a coat
    for frame in range(400):
        number = min(frame // 20, 3)
        figure = standing(800, 300, widths[number] * 30)
        tracker.see(frame, at(frame / FPS), [figure], WIDTH)
        tracker.named(f"SV0Z3FPVAH{number}", frame, at(frame / FPS), figure.box.middle, 30)
    assert tracker.line_width == pytest.approx(6.1 * LINE_PX)


def test_somebody_who_stands_still_with_a_bib_for_long_is_seen_all_the_time() -> None:
    tracker = PasserTracker(LINE_PX)
    for frame in range(300):
        assert len(tracker.see(frame, at(frame / FPS), [standing(800, 300, 175.5)], WIDTH)) == 1
        tracker.named("SV0Z3FPVAH9", frame, at(frame / FPS), (887.75, 600.0), 30)


def test_a_shadow_that_stays_behind_in_the_street_and_shrinks_is_nobody() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(5 * FPS):
        wide = LINE_PX * BODY / (0.70 if frame < 34 else 0.76)
        ghost = Silhouette(PixelBox(960 - wide / 2, 300, 960 + wide / 2, 900), wide, 960, False)
        tracker.see(frame, at(frame / FPS), [ghost] if 31 <= frame < 37 else [], WIDTH)
        found += tracker.decided(at(frame / FPS))
    assert [*found, *tracker.close()] == []


def test_whoever_runs_slantwise_across_the_road_is_still_the_one_whose_bib_was_read_far_away() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(5 * FPS):
        now = frame / FPS
        seen = body(2.0, now, 1000.0 + 260.0 * (now - 2.0))
        tracker.see(frame, at(now), [seen] if seen else [], WIDTH)
        if seen and 1.0 < now < 1.9:
            tracker.named("SV0Z3FPVAH9", frame, at(now), seen.box.middle, seen.across / BODY)
        found += tracker.decided(at(now))
    assert [one.names for one in [*found, *tracker.close()]] == [{"SV0Z3FPVAH9"}]


def test_before_a_camera_that_looks_from_aside_people_are_counted_once_each() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    truth = [1.5 + 1.2 * number for number in range(8)]
    for frame in range(14 * FPS):
        ways = [(crosses, body(crosses, frame / FPS, WIDTH / 2)) for crosses in truth]
        aside = [(one, 1 - one.across / (LINE_PX * BODY)) for _, one in ways if one]
        moved = [
            one._replace(
                x=one.x + 700 * by, box=one.box._replace(left=one.box.left + 700 * by, right=one.box.right + 700 * by)
            )
            for one, by in aside
        ]
        tracker.see(frame, at(frame / FPS), moved, WIDTH)
        found += tracker.decided(at(frame / FPS))
    last = sorted(one.crossed_at / SECOND for one in [*found, *tracker.close()])
    assert [one for one in last if one > truth[3] - 0.3] == [pytest.approx(one, abs=0.2) for one in truth[3:]]


def test_a_slow_walker_who_was_hidden_for_long_beyond_the_line_has_passed() -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(14 * FPS):
        now = frame / FPS
        first, second = body(4.0, now, 800.0, pace=0.5), body(8.0, now, 1000.0, pace=0.5)
        tracker.see(frame, at(now), [one for one in (first, now > 8.7 and second) if one], WIDTH)
        if first:
            tracker.named("SV0Z3FPVAH9", frame, at(now), first.box.middle, first.across / BODY)
        found += tracker.decided(at(now))
    unread = [one for one in [*found, *tracker.close()] if not one.names]
    assert [one.crossed_at for one in unread] == [pytest.approx(at(8.0), abs=SECOND // 5)]


@pytest.mark.parametrize(("pace", "told"), [(0.5, 0), (1.5, 1)])
def test_a_glimpse_of_three_frames_is_somebody_where_people_run_and_nobody_where_they_walk(
    pace: float, told: int
) -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(12 * FPS):
        now = frame / FPS
        walker, glimpsed = body(4.0, now, 600.0, pace), body(8.0, now, 1300.0, pace=1.5)
        seen = [walker, glimpsed if 0 <= frame - round(8.25 * FPS) < 3 else None]
        tracker.see(frame, at(now), [one for one in seen if one], WIDTH)
        if walker:
            tracker.named("SV0Z3FPVAH9", frame, at(now), walker.box.middle, walker.across / BODY)
        found += tracker.decided(at(now))
    assert sum(not one.names for one in [*found, *tracker.close()]) == told


@pytest.mark.parametrize(("frames", "told"), [((0, 1, 3), 1), ((0, 3, 6), 0)])
def test_three_frames_in_a_row_are_somebody_and_three_far_between_are_parts_of_others(
    frames: tuple[int, ...], told: int
) -> None:
    tracker, found = PasserTracker(LINE_PX), list[Passer]()
    for frame in range(6 * FPS):
        now = frame / FPS
        glimpsed = body(3.0, now, 1300.0) if frame - round(3.1 * FPS) in frames else None
        tracker.see(frame, at(now), [glimpsed] if glimpsed else [], WIDTH)
        found += tracker.decided(at(now))
    assert len([*found, *tracker.close()]) == told


def test_a_camera_whose_clock_stands_ends_nothing() -> None:
    tracker = PasserTracker(LINE_PX)
    for frame in range(3 * FPS):
        if seen := body(2.0, frame / FPS, 1000.0):
            tracker.see(frame, at(5.0), [seen], WIDTH)
            tracker.named("SV0Z3FPVAH9", frame, at(5.0), seen.box.middle, seen.across / BODY)
    assert [one.names for one in tracker.close()] == [{"SV0Z3FPVAH9"}]
