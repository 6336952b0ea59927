"""The line's setting: kept beside the outbox, scaled to the picture, refused where the picture shows something else, taken back."""

from pathlib import Path

import pytest

from scanners.station.crossing_timer import CrossingTimer
from scanners.station.held_bib import HeldBib
from scanners.station.line_control import LineControl
from scanners.station.line_setting import LineSetting, LineStore, line_for
from scanners.station.station_options import PointName, StationOptions
from timing.errors import Unreachable, WrongUse
from timing.race.instants import Instant

FULL_HD = LineSetting(43.5, "finish", 1920, 1080, [(0.1, 0.1), (0.2, 0.1), (0.2, 0.2), (0.1, 0.2)], Instant(5))
HELD = HeldBib("code", 60.0, [(0.1, 0.1), (0.2, 0.1), (0.2, 0.2), (0.1, 0.2)], 1280, 720)


@pytest.fixture
def store(tmp_path: Path) -> LineStore:
    return LineStore(tmp_path / "stations" / "finish-1.db")


def options(point: PointName = "finish", **more: object) -> StationOptions:
    metres = 2500 if point == "split" else None
    return StationOptions(source="0", name="finish-1", point=point, metres=metres, **more)  # type: ignore[arg-type]


def test_what_is_kept_is_read_again_and_what_is_forgotten_is_not(store: LineStore) -> None:
    assert store.read() is None
    store.write(FULL_HD)
    assert store.read() == FULL_HD
    store.write(None)
    assert store.read() is None


def test_a_damaged_setting_is_told_and_not_guessed(store: LineStore, tmp_path: Path) -> None:
    store.write(FULL_HD)
    (tmp_path / "stations" / "finish-1.line.json").write_text('{"px": "wide"}', encoding="utf-8")
    with pytest.raises(Unreachable, match="calibrate"):
        store.read()


def test_in_a_picture_of_half_the_size_the_line_is_half_as_wide() -> None:
    assert FULL_HD.px_in(960, 540) == pytest.approx(21.75)
    assert LineSetting(90, "finish").px_in(640, 480) == 90


@pytest.mark.parametrize("size", [(640, 480), (1080, 1920)])
def test_a_picture_of_other_proportions_shows_something_else(size: tuple[int, int]) -> None:
    with pytest.raises(WrongUse, match="1920x1080"):
        FULL_HD.px_in(*size)


def test_what_the_options_say_stands_above_what_is_kept(store: LineStore) -> None:
    store.write(FULL_HD)
    assert line_for(options(), store) == FULL_HD
    assert line_for(options(line_px=90.0), store) == LineSetting(90.0, "finish")
    assert line_for(options(no_line=True), store) is None


def test_only_a_finish_insists_on_a_line_and_another_point_s_is_not_taken(store: LineStore) -> None:
    with pytest.raises(WrongUse):
        line_for(options(), store)
    store.write(LineSetting(40.0, "start", 1920, 1080))
    with pytest.raises(WrongUse):
        line_for(options(), store)
    assert line_for(options("split"), store) is None
    assert line_for(options("start"), store) == LineSetting(40.0, "start", 1920, 1080)


def test_a_line_that_is_set_at_work_holds_at_once_and_at_the_next_start_until_it_is_taken_back(
    store: LineStore,
) -> None:
    store.write(FULL_HD)
    timer = CrossingTimer(43.5)
    line = LineControl(timer, "finish", FULL_HD, store)
    assert line.known and not line.can_undo
    line.set(HELD, Instant(9))
    assert (timer.line_px, store.read()) == (60.0, LineSetting(60.0, "finish", 1280, 720, HELD.corners, Instant(9)))
    line.undo()
    assert (timer.line_px, line.setting, store.read(), line.can_undo) == (43.5, FULL_HD, FULL_HD, False)
    with pytest.raises(WrongUse):
        line.undo()


def test_before_another_view_no_line_holds_and_none_comes_back(store: LineStore) -> None:
    store.write(FULL_HD)
    timer = CrossingTimer(43.5, "finish")
    line = LineControl(timer, "finish", FULL_HD, store)
    line.set(HELD, Instant(9))
    line.forget()
    assert (timer.line_px, line.setting, line.missing, line.can_undo) == (None, None, True, False)
    with pytest.raises(WrongUse):
        line.undo()


def test_taken_back_to_none_nothing_is_kept(store: LineStore) -> None:
    timer = CrossingTimer(None)
    line = LineControl(timer, "finish", None, store)
    line.set(HELD, Instant(9))
    line.undo()
    assert (timer.line_px, line.setting, store.read()) == (None, None, None)
