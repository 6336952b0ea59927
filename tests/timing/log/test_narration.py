"""Every fact can be told to a person, in both languages and in the race's own time of day."""

from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.builders import after_gun, assigned, code_of, entrant, gun, opened, scan
from timing.log.narration import describe
from timing.race.encoding import decode
from timing.race.events import ClockSampled, Event, GunMoved, StationOpened

SEOUL = ZoneInfo("Asia/Seoul")


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        (opened(), ["4500 m", "opened, course"]),
        (entrant(417, company="c0001", team="t0002"), ["e00417", "c0001, t0002", "registered"]),
        (assigned(417), ["417", code_of(417), "code"]),
        (gun("0:05"), ["1조 총성 14:00:05.0", "gun of wave 1"]),
        (GunMoved("2", after_gun("0:05"), "desk", "심판 시계"), ["2조", "14:00:05.0", "desk: 심판 시계", "moved"]),
        (ClockSampled(*map(after_gun, ("0:00", "10:00", "10:00", "24:49.5"))), ["1,489,500 ms"]),
        (StationOpened("finish-1", "finish", after_gun("0:00")), ["finish-1", "station finish-1"]),
        (scan(417, "17:05", "17:07", sightings=9), [code_of(417), "14:17:05.0~14:17:07.0", "9 sightings"]),
    ],
    ids=lambda value: type(value).__name__ if not isinstance(value, list) else "",
)
def test_a_fact_is_one_line_in_both_languages(fact: Event, words: list[str]) -> None:
    line = describe(fact, SEOUL)
    assert "\n" not in line and " / " in line
    for word in words:
        assert word in line


@pytest.mark.parametrize(
    "line", (Path(__file__).parents[1] / "race" / "golden" / "events.jsonl").read_bytes().splitlines()
)
def test_every_kind_of_fact_can_be_told(line: bytes) -> None:
    told = describe(decode(line), SEOUL)
    assert "\n" not in told and " / " in told
