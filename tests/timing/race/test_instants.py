"""Instants and race times: exact inside, honest on paper."""

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.race.instants import (
    MILLISECOND,
    SECOND,
    Instant,
    Span,
    between,
    clock_face,
    from_milliseconds,
    instant,
    iso,
    later,
    milliseconds,
    span,
    wall,
)

instants = st.integers(0, 2**53).map(Instant)
spans = st.integers(-(10**12), 10**12).map(Span)
race_times = st.integers(0, 10**11).map(Span)


def seconds_on(face: str) -> int:
    total = 0
    for part in face.split(":"):
        total = total * 60 + int(part)
    return total


@given(instants)
def test_an_instant_survives_being_written_down(at: Instant) -> None:
    assert instant(iso(at)) == at


@given(instants, spans)
def test_later_and_between_undo_each_other(at: Instant, by: Span) -> None:
    assert between(at, later(at, by)) == by


def test_two_in_the_afternoon_in_seoul_is_five_in_the_morning_in_utc() -> None:
    at = instant("2026-09-03T14:00:00+09:00")
    assert iso(at) == "2026-09-03T05:00:00.000000Z"
    assert instant("2026-09-03T05:00:00Z") == at
    assert wall(at, ZoneInfo("Asia/Seoul")) == "14:00:00.0"


@pytest.mark.parametrize("text", ["2026-09-03T14:00:00", "2026-09-03", "14:00", "", "잠시 뒤", "2026-13-01T00:00:00Z"])
def test_an_instant_that_could_mean_any_hour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        instant(text)


def test_tenths_on_the_wall_never_run_ahead() -> None:
    assert wall(instant("2026-09-03T14:17:05.999999+09:00"), ZoneInfo("Asia/Seoul")) == "14:17:05.9"


@given(race_times)
def test_a_race_time_never_flatters(time: Span) -> None:
    shown = seconds_on(clock_face(time)) * SECOND
    assert time <= shown < time + SECOND


@given(race_times)
def test_rounded_down_a_race_time_loses_less_than_a_second(time: Span) -> None:
    shown = seconds_on(clock_face(time, "down")) * SECOND
    assert time - SECOND < shown <= time


@given(race_times, race_times)
def test_who_was_faster_never_shows_the_slower_time(one: Span, other: Span) -> None:
    faster, slower = sorted((one, other))
    assert seconds_on(clock_face(faster)) <= seconds_on(clock_face(slower))


@pytest.mark.parametrize(
    ("time", "face"),
    [
        (0, "0:00"),
        (1, "0:01"),
        (59_000_000, "0:59"),
        (59_000_001, "1:00"),
        (1_025_000_000, "17:05"),
        (3_599_000_001, "1:00:00"),
        (-30 * SECOND, "-0:30"),
    ],
)
def test_faces_of_race_times(time: int, face: str) -> None:
    assert clock_face(Span(time)) == face


@given(spans)
def test_milliseconds_in_a_file_are_exact(time: Span) -> None:
    written = milliseconds(time)
    assert from_milliseconds(written) == time
    assert not written.endswith(".") and not ("." in written and written.endswith("0"))


@given(spans)
def test_whole_milliseconds_bear_no_decimals(time: Span) -> None:
    assert milliseconds(Span(time * MILLISECOND)) == str(time)


@pytest.mark.parametrize(
    ("text", "time"), [("+7", 7_000), (" 12.50 ", 12_500), ("-0.001", -1), ("1.5000", 1_500), ("-0", 0)]
)
def test_other_people_s_milliseconds(text: str, time: int) -> None:
    assert from_milliseconds(text) == time


@pytest.mark.parametrize("text", ["", "17:05", "1e3", "1.", ".5", "1.2345", "nan", "５", "1,5", "- 1", "--1"])
def test_what_is_no_number_of_milliseconds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="no number of milliseconds"):
        from_milliseconds(text)


@given(st.integers(-(10**9), 10**9))
def test_whole_seconds_make_whole_spans(seconds: int) -> None:
    assert span(seconds) == seconds * SECOND
