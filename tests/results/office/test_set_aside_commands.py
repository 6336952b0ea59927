"""What the log cannot count stops no command, is shown in red by those that look at the log, and is settled by its position."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.boards import net, race_folder
from tests.builders import Station, entrant_id, scan
from tests.terminal import Typist, marathon
from timing.folder import OpenRace, open_race
from timing.log import Log
from timing.log.sql import SqlLog
from timing.race.admission import SET_ASIDE_CODE
from timing.race.chain import Batch
from timing.race.encoding import encode
from timing.race.events import StatusRuled

ROTTEN = b'\x1b[31m{"event":"StationClosed/1","at":1\n'
Typed = Callable[..., tuple[int, str]]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", [net(1, 1000, name="김하늘"), net(2, 1010, name="이솔")]) as opened:
        yield opened


@pytest.fixture
def typed(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Typed:
    return Typist(gvalley, capsys).ends


def from_a_station(log: Log) -> int:
    """An outbox with a damaged item and a ruling, as no honest station writes it; the position of the first."""
    station = Station("finish-7")
    station.items += [ROTTEN, encode(StatusRuled(entrant_id(1), "dsq", "desk", "나"))]
    log.receive(station.says(scan(2, "20:00")).batch())
    return log.head().seq - 2


def from_the_desk(log: Log) -> int:
    """A ruling of a later version, or one that a disk has damaged, with chains that are right."""
    assert isinstance(log, SqlLog)
    head = log.lineage_head(log.desk)
    with log._appending() as appending:
        appending.record(Batch(log.desk, head.seq + 1, head.hash, [ROTTEN]))
    return log.head().seq


@pytest.mark.parametrize("plant", [from_a_station, from_the_desk])
def test_every_command_goes_on_and_those_that_look_at_the_log_show_it(
    gvalley: OpenRace, typed: Typed, plant: Callable[[Log], int], tmp_path: Path
) -> None:
    before = typed("results")
    pos = plant(gvalley.log)
    assert typed("results") == before
    assert typed("station", "list")[0] == 0
    assert typed("explain", "1")[0] == 0
    for code, told in (
        typed("log", "verify"),
        typed("rule", "review"),
        typed("log", "quarantine"),
        typed("log", "show"),
    ):
        assert code in (0, SET_ASIDE_CODE)
        assert f"{pos}" in told
        assert r"\x1b[31m{" in told
    assert typed("log", "verify")[0] == SET_ASIDE_CODE
    assert "rule set-aside" in typed("doctor")[1]
    assert typed("log", "backup", tmp_path / "사본.db")[0] == 0


@pytest.mark.parametrize("plant", [from_a_station, from_the_desk])
def test_it_is_settled_by_position_and_taken_back(gvalley: OpenRace, typed: Typed, plant: Callable[[Log], int]) -> None:
    pos = plant(gvalley.log)
    waiting = {one.pos for one in gvalley.fold().set_aside()}
    for one in waiting:
        assert typed("rule", "set-aside", one, "--why", "영상으로 확인함", "--yes")[0] == 0
    assert typed("log", "checkpoint")[0] == 0
    assert (typed("log", "verify")[0], gvalley.fold().set_aside()) == (0, [])
    assert "set-aside" not in typed("doctor")[1]
    first = gvalley.log.head().seq - len(waiting) + 1
    assert typed("rule", "undo", first, "--why", "다시 봄", "--yes")[0] == 0
    assert len(gvalley.fold().set_aside()) == 1
    assert typed("rule", "set-aside", 1, "--why", "없음", "--yes")[0] == 1
    assert pos in waiting


@pytest.mark.parametrize("plant", [from_a_station, from_the_desk])
def test_an_export_takes_it_along_byte_by_byte(
    gvalley: OpenRace, typed: Typed, plant: Callable[[Log], int], tmp_path: Path
) -> None:
    plant(gvalley.log)
    (tmp_path / "out.jsonl").write_text(typed("log", "export")[1], encoding="utf-8")
    assert marathon("log", "import", tmp_path / "out.jsonl", tmp_path / "again") == 0
    with open_race(tmp_path / "again") as again:
        assert list(again.log.read()) == list(gvalley.log.read())
