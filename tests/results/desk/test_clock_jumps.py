"""A jump of the server's clock: shown in red to all who work at the race, holds the official edition until somebody says whose it was."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.announcer.announcing import announced
from results.announcer.pages import announcer_page
from results.board.follow import view_of
from results.board.snapshot import Snapshot
from tests.boards import net, race_folder
from tests.builders import Station, after_gun
from tests.terminal import marathon
from timing.commands.checks import State, timing_checks
from timing.feed import RaceFeed
from timing.folder import OpenRace, open_race
from timing.race.events import ClockSampled
from timing.race.instants import SECOND, Instant

SET_FORWARD = 30 * SECOND
Typed = Callable[..., tuple[int, str]]


def samples(name: str, jumps_at: int, until: int = 30) -> Station:
    """A station whose server's clock is set forward so many minutes after the gun; each way takes 0.9 ms."""
    told = Station(name)
    for half_minute in range(until * 2):
        sent = after_gun(str(half_minute * 30))
        ahead = SET_FORWARD if half_minute >= jumps_at * 2 else 0
        arrived = Instant(sent + ahead + 900)
        told.says(ClockSampled(sent, arrived, Instant(arrived + 50), Instant(sent + 1_850)))
    return told


@pytest.fixture
def jumped(tmp_path: Path) -> Iterator[OpenRace]:
    """Two stations saw it; the provisional edition is out."""
    with race_folder(tmp_path / "gvalley", [net(1, 1000, name="김하늘"), net(2, 1010, name="이솔")]) as opened:
        for name in ("finish-8", "finish-9"):
            opened.log.receive(samples(name, jumps_at=20).batch())
        yield opened


@pytest.fixture
def typed(jumped: OpenRace, capsys: pytest.CaptureFixture[str]) -> Typed:
    def type_(*arguments: object) -> tuple[int, str]:
        code = marathon(*arguments, "--race", jumped.root)
        answer = capsys.readouterr()
        return code, answer.out + answer.err

    return type_


def official(typed: Typed, race: OpenRace) -> tuple[int, str]:
    stations = sorted({one.station for places in race.fold().placements.values() for one in places})
    return typed("edition", "official", "--early", "--yes", *(f"--despite={name}" for name in stations))


def test_no_edition_is_official_while_a_jump_is_open_and_each_is_when_all_are_ruled(
    jumped: OpenRace, typed: Typed
) -> None:
    assert typed("edition", "provisional")[0] == 0
    code, told = official(typed, jumped)
    assert code == 1 and "marathon rule jump" in told and "+30.0" in told

    code, told = typed("rule", "jump", "finish-8", "server", "--why", "시각 동기화", "--yes")
    assert code == 0
    assert [one.station for one in jumped.fold().open_jumps()] == ["finish-9"]
    assert official(typed, jumped)[0] == 1

    assert typed("rule", "jump", "all", "server", "--why", "시각 동기화", "--yes")[0] == 0
    assert jumped.fold().open_jumps() == []
    code, told = official(typed, jumped)
    assert code == 0, told


def test_a_ruling_on_a_jump_is_undone_like_any_other(jumped: OpenRace, typed: Typed) -> None:
    typed("edition", "provisional")
    typed("rule", "jump", "all", "server", "--why", "시각 동기화", "--yes")
    assert typed("rule", "undo", jumped.log.head().seq, "--why", "잘못 누름", "--yes")[0] == 0
    assert len(jumped.fold().open_jumps()) == 1
    assert official(typed, jumped)[0] == 1


def test_a_jump_is_named_by_what_the_review_calls_it(jumped: OpenRace, typed: Typed) -> None:
    (first, second) = jumped.fold().open_jumps()
    reference = f"{first.lineage[:8]}#{first.jump.seq}"
    assert reference in typed("rule", "review")[1]
    assert typed("rule", "jump", reference, "station", "--why", "전화기", "--yes")[0] == 0
    assert jumped.fold().open_jumps() == [second]


@pytest.mark.parametrize("which", ["finish-7", "0000#1", "all#", ""])
def test_a_jump_that_is_not_open_is_refused_and_nothing_is_recorded(jumped: OpenRace, typed: Typed, which: str) -> None:
    before = jumped.log.head()
    code, told = typed("rule", "jump", which, "server", "--why", "시각 동기화", "--yes")
    assert code == 1 and "marathon rule review" in told
    assert jumped.log.head() == before


def test_a_preview_of_a_ruling_on_a_jump_records_nothing(jumped: OpenRace, typed: Typed) -> None:
    before = jumped.log.head()
    assert typed("rule", "jump", "all", "station", "--preview")[0] == 0
    assert jumped.log.head() == before


def test_the_doctor_says_during_the_race_that_a_clock_jumped_until_it_is_ruled(jumped: OpenRace, typed: Typed) -> None:
    def clock_alarms() -> list[str]:
        found = timing_checks(jumped.root)
        return [one.text.to("en") for one in found if "clock" in one.part and one.state is State.MISSING]

    (told,) = [one for one in clock_alarms() if "jumped" in one]
    assert "finish-8 +30.0" in told and "finish-9 +30.0" in told and "`marathon rule jump`" in told
    typed("rule", "jump", "all", "server", "--why", "시각 동기화", "--yes")
    assert [one for one in clock_alarms() if "jumped" in one] == []


def test_the_announcer_s_page_shows_it_in_red_and_no_public_page_does(jumped: OpenRace, typed: Typed) -> None:
    snapshot = Snapshot(view_of(jumped, jumped.fold()))
    told = announced(snapshot.view)
    (alarm,) = told.alarms
    assert "finish-8 +30.0" in alarm and "시계" in alarm
    assert f"<p>{alarm}".split("(")[0] in announcer_page(snapshot, told)
    for path in ("index.html", "head.json", "results.csv"):
        page = snapshot.get(path)
        assert page and "finish-8" not in page.plain.decode()
    typed("rule", "jump", "all", "server", "--why", "시각 동기화", "--yes")
    assert announced(view_of(jumped, jumped.fold())).alarms == []


def test_the_server_s_console_tells_a_jump_apart_from_its_own_troubles(jumped: OpenRace) -> None:
    with open_race(jumped.root) as again:
        troubles, alarms = list[str](), list[str]()
        feed = RaceFeed(again, troubles.append, alarms.append)
        feed.refresh()
        assert troubles == [] and len(alarms) == 1 and "finish-9 +30.0" in alarms[0]
