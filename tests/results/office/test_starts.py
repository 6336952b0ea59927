"""Starts that were seen and cannot count: what the office is told, and a gun that comes after them."""

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from results.office.review.review import review
from results.ranking.standings import standings
from tests.boards import Run, race_folder
from tests.builders import GUN, Station, after_gun
from tests.terminal import Typist, marathon
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.race.events import GunHeard, GunMoved, WaveAssigned, WaveStarted
from timing.race.gun import gun_instant
from timing.race.instants import SECOND, Instant, wall

FIELD = [
    Run(101, "0:10", "25:00", name="김한결"),
    Run(102, "0:07", "24:50", name="이두레"),
    Run(103, "10:02", "26:40", name="박세찬"),
    Run(104, "27:00", "55:00", name="최늦음"),
    Run(105, "-8:00", "40:00", name="정일찍"),
    Run(106, "0:20", "9:30", name="한번개"),
]
Said = Callable[..., str]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    """102 is entered for wave 2, whose gun goes ten minutes later, and runs with wave 1; 103 does as entered."""
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        second = [WaveAssigned(f"e00{bib}", "2", "desk", "2조") for bib in (102, 103)]
        opened.log.record([*second, WaveStarted("2", after_gun("10:00"))])
        yield opened


@pytest.fixture
def typed(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    return Typist(gvalley, capsys)


def places(gvalley: OpenRace) -> list[int | None]:
    return [row.entrant.bib for row in standings(gvalley.fold()).ranked]


def test_review_tells_by_how_much_a_start_misses_the_own_gun_and_which_wave_it_fits(
    gvalley: OpenRace, typed: Said
) -> None:
    said = typed("rule", "review")
    (held,) = (line for line in said.splitlines() if "102 이두레" in line)
    assert (
        "seen at the start at 14:00:07.0, 9:53 before the gun of wave 2; fits wave 1: `marathon rule wave 102 1`"
        in held
    )
    assert "start not seen" not in said
    assert places(gvalley) == [103, 101]
    typed("rule", "wave", 102, 1, "--why", "1조와 출발", "--yes")
    assert places(gvalley) == [103, 102, 101]
    assert "102 이두레" not in typed("rule", "review")


def test_a_start_that_fits_no_wave_is_told_with_both_ways_out(gvalley: OpenRace, typed: Said) -> None:
    said = typed("rule", "review")
    (late,) = (line for line in said.splitlines() if "104 최늦음" in line)
    assert (
        "seen at the start at 14:27:00.0, 27:00 after the gun of wave 1" in late and "rule start 104 14:27:00.0" in late
    )
    (early,) = (line for line in said.splitlines() if "105 정일찍" in line)
    assert "8:00 before the gun of wave 1; fits no wave" in early
    typed("rule", "start-offset", 105, 0, "--why", "줄에서 기다림", "--yes")
    typed("rule", "start", 104, "14:27:00.0", "--why", "늦은 출발", "--yes")
    assert places(gvalley) == [103, 101, 104, 105]


def test_a_gun_that_came_after_starts_stands_in_review(gvalley: OpenRace, typed: Said) -> None:
    typed("rule", "gun", "14:03:00", "--why", "늦게 누름", "--yes")
    said = typed("rule", "review")
    (told,) = (line for line in said.splitlines() if "총성(14:03:00.0)보다 먼저" in line)
    assert "3명(13:52:00.0~14:00:20.0)" in told and "101" in told and "105" in told


def test_a_finish_before_the_least_time_is_told_one_by_one(typed: Said) -> None:
    said = typed("rule", "review")
    assert "도착에 보였으나 인정되지 않음 / finish seen and not counted: 1  [106]" in said
    assert "106 한번개: 도착 14:09:30.0 판독, 1조 총성 9:30 후라 너무 이름" in said


def test_who_ran_with_an_earlier_wave_and_came_in_before_the_own_one_could_is_told_the_wave_that_fits(
    gvalley: OpenRace, typed: Said
) -> None:
    typed("rule", "gun", "14:20:00", "--wave", 2, "--why", "늦춘 2조", "--yes")
    (told,) = (line for line in typed("rule", "review").splitlines() if "102 이두레" in line)
    assert "seen at the finish at 14:24:50.0, 4:50 after the gun of wave 2, too early to count" in told
    assert (
        "seen at the start at 14:00:07.0, 19:53 before the gun of wave 2; fits wave 1: `marathon rule wave 102 1`"
        in told
    )
    typed("rule", "wave", 102, 1, "--why", "1조와 출발", "--yes")
    assert 102 in places(gvalley)


def test_who_started_outside_the_window_and_is_still_out_is_on_the_course(tmp_path: Path) -> None:
    with race_folder(tmp_path / "out", [Run(7, "0:10"), Run(8, "16:00"), Run(9)]) as opened:
        race, rules = opened.fold(), opened.fold().rules
        found = review(race, standings(race, rules), opened.directory.names(), lambda at: wall(at, opened.zone))
        (out,) = (finding for finding in found if "On course" in finding.text)
    assert "2 (출발 / Start 14:00:10.0~)" in out.text and out.bibs == (7, 8)


def test_nobody_whose_start_is_in_the_log_is_called_not_seen(typed: Said) -> None:
    for bib in (102, 104, 105):
        said = typed("explain", bib)
        assert "held until officials rule" in said and "start not seen" not in said
    typed("gun", "--at", "14:00:12", "--why", "심판 시계", "--yes")
    said = typed("explain", 101)
    assert "start seen and not counted, the gun stands in" in said and "start not seen" not in said


# The gun asks.


@pytest.fixture
def before_the_gun(tmp_path: Path) -> Iterator[OpenRace]:
    """Everybody starts at two o'clock, and nobody has recorded the gun."""
    with race_folder(tmp_path / "late", FIELD) as opened:
        (fired,) = (fact.pos for fact in opened.log.read() if isinstance(fact.event, WaveStarted))
        assert marathon("rule", "undo", fired, "--why", "연습", "--yes", "--race", opened.root) == 0
        yield opened


def guns(opened: OpenRace) -> Sequence[Instant]:
    return [fact.event.at for fact in opened.log.read() if isinstance(fact.event, WaveStarted | GunMoved)][1:]


def test_a_gun_after_starts_and_finishes_tells_how_many_it_drops_and_is_not_recorded_unasked(
    before_the_gun: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("gun", "--at", "2026-09-03T14:20:00+09:00", "--race", before_the_gun.root) == 2
    assert guns(before_the_gun) == []
    said = capsys.readouterr().err
    assert "5 at the start (13:52:00.0~14:10:02.0), 4 at the finish (14:09:30.0~14:26:40.0)" in said


def test_without_an_instant_and_a_terminal_the_gun_says_which_instant_it_was(
    before_the_gun: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("gun", "--race", before_the_gun.root) == 2
    said = capsys.readouterr().err
    assert guns(before_the_gun) == [] and "--at" in said and "at the start" in said


def test_yes_records_it_and_says_it_plainly(before_the_gun: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("gun", "--at", "2026-09-03T14:00:15+09:00", "--yes", "--race", before_the_gun.root) == 0
    assert guns(before_the_gun) == [after_gun("0:15")]
    assert "2 at the start (13:52:00.0~14:00:07.0)" in capsys.readouterr().err


def test_at_a_terminal_it_asks_when_the_gun_was(before_the_gun: OpenRace, monkeypatch: pytest.MonkeyPatch) -> None:
    answers = iter(["두 시", "2026-09-03T14:00:00+09:00"])
    monkeypatch.setattr("timing.commands.race_commands.click.prompt", lambda *_, **__: next(answers))
    monkeypatch.setattr("timing.commands.race_commands.click.confirm", lambda *_, **__: True)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True, raising=False)
    assert marathon("gun", "--race", before_the_gun.root) == 0
    assert guns(before_the_gun) == [GUN]


def test_a_moved_gun_tells_what_it_drops_before_it_is_recorded(typed: Said) -> None:
    assert "2 at the start (14:00:10.0~14:00:20.0), 1 at the finish" in typed("rule", "gun", "14:18:00", "--preview")


def test_a_time_of_day_given_to_the_gun_is_the_last_one_that_has_been(before_the_gun: OpenRace) -> None:
    now = before_the_gun.clock.now()
    for hours in (1, 13, 23):
        meant = Instant((now - hours * 3_600 * SECOND) // SECOND * SECOND)
        said = wall(meant, before_the_gun.zone)[:-2]
        assert gun_instant(said, None, now, before_the_gun.zone) == meant
    fired = Instant(now - 60 * 24 * 3_600 * SECOND)
    assert gun_instant(wall(fired, before_the_gun.zone), fired, now, before_the_gun.zone) == fired // 100_000 * 100_000


def test_a_time_after_the_gun_needs_a_gun_to_count_from(before_the_gun: OpenRace) -> None:
    now = before_the_gun.clock.now()
    with pytest.raises(WrongUse, match="no gun to count from"):
        gun_instant("+10:00", None, now, before_the_gun.zone)
    assert gun_instant("+0:05", GUN, now, before_the_gun.zone) == after_gun("0:05")


def test_a_wave_is_called_as_people_call_it_and_a_new_one_is_told(gvalley: OpenRace, typed: Said) -> None:
    assert "is new" not in typed("rule", "wave", 102, "1조", "--why", "1조와 출발", "--yes")
    assert places(gvalley) == [103, 102, 101]
    assert "wave 7 is new, and without a gun nobody in it has a time; waves: 1, 2" in typed(
        "rule", "wave", 101, "7", "--preview"
    )


def test_a_gun_that_a_station_noticed_stands_in_review_and_times_nobody(gvalley: OpenRace, typed: Said) -> None:
    before = typed("results")
    gvalley.log.receive(Station("start-9", "start").says(GunHeard(after_gun("0:03"), "1")).batch())
    heard = next(line for line in typed("rule", "review").splitlines() if "start-9" in line and "noticed" in line)
    assert "14:00:03.0" in heard
    assert typed("results") == before
