"""Instants as people at a race say them."""

from zoneinfo import ZoneInfo

import pytest

from results.moments import moment, race_time, seconds
from tests.builders import GUN, after_gun
from timing.instants import Instant

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
