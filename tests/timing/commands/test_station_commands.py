"""`marathon station`: tokens are given, shown once and taken back; the list says how every station is."""

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from scanners.reading.decoder import decode_texts
from tests.boards import late_finish
from tests.builders import Station, scan
from tests.terminal import marathon, race_folder
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import speaking
from timing.race.instants import Span
from timing.stations.enrolment import Enrolment, enrolment_text, read_enrolment
from timing.stations.registry import StationTable
from timing.stations.station_status import StationStatus
from timing.terminal.qr_blocks import HALVES

SERVER = "http://192.0.2.7:8000"


@pytest.fixture
def gvalley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as made:
        monkeypatch.setenv("MARATHON_RACE", str(made.root))
        yield made


def heard(opened: OpenRace, station: Station, seq: int, hash_: str = "") -> None:
    beat = StationStatus(seq, hash_, 0, 29.7, 2, 81_000_000_000, Span(0))
    StationTable(opened.engine, opened.settings.id, opened.clock).record_heartbeat(station.lineage, station.name, beat)


def test_a_revoked_token_opens_nothing_and_a_new_one_can_be_given(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("station", "finish-1") == 0
    token = capsys.readouterr().out.strip()
    assert gvalley.directory.station_of(token) == "finish-1"
    assert marathon("station", "finish-1", "--revoke") == 0
    assert gvalley.directory.station_of(token) is None
    assert marathon("station", "finish-1", "--revoke") == 2
    assert "finish-1 holds no token" in capsys.readouterr().err
    assert marathon("station", "add", "finish-1") == 0
    assert marathon("station", "finish-1", "--revoke", "--again") == 2


def read_from_screen(lines: list[str]) -> list[str]:
    """What a phone held before the terminal reads."""
    modules = {letter: pair for pair, letter in HALVES.items()}
    width = max(map(len, lines))
    rows = [[modules[letter][half] for letter in line.ljust(width)] for line in lines for half in (0, 1)]
    dark = np.pad(np.array(rows, np.uint8), 4)
    return decode_texts(np.kron((1 - dark) * 255, np.ones((4, 4), np.uint8)).astype(np.uint8))


def test_with_the_server_s_address_a_qr_holds_all_that_a_station_must_know(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("station", "결승-1", "--server", SERVER) == 0
    said = capsys.readouterr()
    drawn = [line for line in said.err.splitlines() if set(line) <= set(HALVES.values())]
    (word,) = read_from_screen(drawn)
    assert read_enrolment(word) == Enrolment(SERVER, "결승-1", said.out.strip())


def test_a_bare_token_is_no_enrolment_and_a_torn_one_is_told() -> None:
    assert read_enrolment("0" * 64) is None
    with pytest.raises(WrongUse, match="lacks 'token'"):
        read_enrolment(enrolment_text(Enrolment(SERVER, "finish-1", "ab")).partition("&token")[0])


def test_the_list_says_how_every_station_is(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("finish-1", "start-1"):
        assert marathon("station", name) == 0
    finish = Station("finish-1").says(scan(417, "17:05"))
    gvalley.log.receive(finish.batch())
    heard(gvalley, finish, 5)
    capsys.readouterr()
    with speaking("en"):
        assert marathon("station", "list") == 0
    _header, first, second = capsys.readouterr().out.splitlines()
    assert first.split()[:5] == ["finish-1", "finish", "5", "2", "3"]
    assert "29.7" in first
    assert "81.0 GB" in first
    assert "pending" in first
    assert "nothing received yet" in second
    assert marathon("station", "list", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [(one["station"], one["head"], one["received"]) for one in told] == [("finish-1", 5, 2), ("start-1", 0, 0)]


def test_another_history_ends_the_list_with_one(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    finish = Station("finish-1").says(scan(417, "17:05"))
    gvalley.log.receive(finish.batch())
    heard(gvalley, finish, 2, "ab" * 32)
    assert marathon("station", "list") == 1
    said = capsys.readouterr()
    assert "history differs" in said.out
    assert "marathon log quarantine" in said.err


def test_stations_that_were_collected_stand_in_the_list_too(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    late_finish(gvalley, 417, "17:05", "finish-3")
    assert marathon("station", "list") == 0
    assert "finish-3" in capsys.readouterr().out
