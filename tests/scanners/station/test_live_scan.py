"""A live camera that sends to a server: its clock is compared with the server's and with a clock that it is shown."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from scanners.cameras.films import Frame
from scanners.station.qr_clock import clock_text
from tests.builders import GUN, RACE, code_of
from tests.clock_and_chance import ManualClock
from tests.intakes import TOKEN, intake_server
from tests.memory_log import MemoryLog
from tests.pictures import scene, url
from tests.terminal import marathon
from timing.race.clock import Clock
from timing.race.events import (
    ClockSampled,
    QrClockSeen,
    Scanned,
    StationClosed,
    StationOpened,
)
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.enrolment import Enrolment, enrolment_text

FPS = 30


@pytest.fixture(autouse=True)
def away_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def camera(source: str, begins: Instant, clock: Clock, *_: object) -> Iterator[Frame]:
    """A second of somebody's laptop that shows a clock, then nobody, then a bib."""
    begun = clock.now()
    for index in range(5 * FPS):
        at = later(begun, Span(index * SECOND // FPS))
        texts = [clock_text("server", at)] if index < FPS else [url(417)] if 4 * FPS < index < 4 * FPS + 9 else []
        yield Frame(index, at, scene(*texts))


def scanned(server: str, monkeypatch: pytest.MonkeyPatch, token: str) -> int:
    monkeypatch.setattr("scanners.station.assembly.pictures", camera)
    monkeypatch.setenv("MARATHON_TOKEN", token)
    return marathon("scan", "0", "--station", "finish-1", "--point", "finish", "--no-line", "--server", server)


def test_a_live_station_keeps_what_its_clock_is_off_before_it_closes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = MemoryLog(RACE, ManualClock(GUN))
    with intake_server(log, {code_of(417): 417}) as server:
        assert scanned(server, monkeypatch, enrolment_text(Enrolment(server, "finish-1", TOKEN))) == 0
    facts = [fact.event for fact in log.read()]
    assert isinstance(facts[0], StationOpened)
    assert isinstance(facts[-1], StationClosed)
    (shown,) = (fact for fact in facts if isinstance(fact, QrClockSeen))
    assert (shown.other, shown.seen_at - shown.other_at) == ("server", 0)
    assert any(isinstance(fact, ClockSampled) for fact in facts)
    assert [fact.code for fact in facts if isinstance(fact, Scanned)] == [code_of(417)]  # a clock is no stray scan
    assert "read the clock server" in capsys.readouterr().err


def test_an_enrolment_for_another_station_is_a_wrong_use(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    enrolment = enrolment_text(Enrolment("http://192.0.2.7", "start-1", TOKEN))
    assert scanned("http://192.0.2.7", monkeypatch, enrolment) == 2
    assert "this enrolment is for start-1" in capsys.readouterr().err
