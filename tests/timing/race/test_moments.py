"""Instants as people at a race say them."""

from zoneinfo import ZoneInfo

import pytest

from tests.builders import GUN, after_gun
from timing.errors import WrongUse
from timing.race.instants import Instant, between, instant, span
from timing.race.moments import moment, race_time, seconds

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("14:17:05.2", after_gun("17:05.2")),
        ("+17:05.2", after_gun("17:05.2")),
        ("+1:02:03", after_gun("1:02:03")),
        ("2026-09-03T14:17:05.2+09:00", after_gun("17:05.2")),
        ("2026-09-03T05:17:05.2Z", after_gun("17:05.2")),
        ("13:59:30", after_gun("-0:30")),
    ],
)
def test_every_way_to_say_it_means_the_same_instant(said: str, meant: Instant) -> None:
    assert moment(said, GUN, SEOUL) == meant


@pytest.mark.parametrize("said", ["17:05", "noon", "25:61:00", "14:17:60", "+17", "", "+-1:00", "2026-09-03T14:17:05"])
def test_what_could_mean_several_instants_is_refused(said: str) -> None:
    with pytest.raises(ValueError, match=r"write|neither|minute|offset|Invalid"):
        moment(said, GUN, SEOUL)


def test_without_a_gun_only_a_full_instant_will_do() -> None:
    assert moment("2026-09-03T14:00:00+09:00", None, SEOUL) == GUN
    with pytest.raises(ValueError, match="no gun"):
        moment("14:00:05", None, SEOUL)


def test_times_and_seconds_are_read_digit_by_digit() -> None:
    assert (race_time("17:05.000001"), seconds("-0.1"), seconds("+600")) == (1_025_000_001, -100_000, 600_000_000)
    for wrong in ("1e3", "0x1", "--1", "1:00"):
        with pytest.raises(ValueError, match="seconds"):
            seconds(wrong)


@pytest.mark.parametrize(
    ("gun", "said", "meant"),
    [
        ("2026-09-03T23:50:00+09:00", "00:20:00", "2026-09-04T00:20:00+09:00"),
        ("2026-12-31T23:59:30+09:00", "0:05:10.5", "2027-01-01T00:05:10.5+09:00"),
        ("2026-09-03T23:40:00+09:00", "24:05:10", "2026-09-04T00:05:10+09:00"),
        ("2026-09-03T06:00:00+09:00", "19:30:00", "2026-09-03T19:30:00+09:00"),
    ],
)
def test_after_midnight_a_time_of_day_is_the_first_one_after_the_gun(gun: str, said: str, meant: str) -> None:
    assert moment(said, instant(gun), SEOUL) == instant(meant)


def test_what_may_precede_the_gun_is_that_of_the_nearer_day() -> None:
    after_midnight = instant("2026-09-04T00:02:00+09:00")
    assert moment("23:58:00", after_midnight, SEOUL, may_precede=True) == instant("2026-09-03T23:58:00+09:00")
    assert moment("23:58:00", after_midnight, SEOUL) == instant("2026-09-04T23:58:00+09:00")


@pytest.mark.parametrize(
    ("zone", "gun"),
    [
        ("Europe/Berlin", "2026-03-29T10:00:00+02:00"),
        ("Europe/Berlin", "2025-10-26T10:00:00+01:00"),
        ("America/New_York", "2026-03-08T08:00:00-04:00"),
        ("Australia/Lord_Howe", "2026-04-05T09:00:00+10:30"),
        ("Europe/Berlin", "2026-06-14T10:00:00+02:00"),
    ],
)
def test_on_a_day_of_clock_change_the_clock_on_the_wall_is_believed(zone: str, gun: str) -> None:
    at, place = instant(gun), ZoneInfo(zone)
    begun = int(gun[11:13])
    assert between(at, moment(f"{begun}:20:00", at, place)) == span(1_200)


@pytest.mark.parametrize(
    ("said", "gun", "why", "ways"),
    [
        ("02:30:00", "2025-10-26T01:00:00+02:00", "came twice", ("T02:30:00+02:00", "T02:30:00+01:00")),
        ("02:30:00", "2026-03-29T01:00:00+01:00", "never came", ("2026-03-29T02:30:00",)),
        ("26:30:00", "2025-10-25T23:00:00+02:00", "came twice", ("2025-10-26T02:30:00+01:00",)),
    ],
)
def test_a_time_that_the_clocks_showed_twice_or_never_is_refused_with_how_to_write_it(
    said: str, gun: str, why: str, ways: tuple[str, ...]
) -> None:
    with pytest.raises(WrongUse, match=why) as refused:
        moment(said, instant(gun), ZoneInfo("Europe/Berlin"))
    assert all(way in str(refused.value) for way in ways)
