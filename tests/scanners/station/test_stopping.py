"""A station that is told to stop: whoever is in view is kept, it says that it closed, and all of it is sent."""

import signal
from pathlib import Path
from threading import Thread

import pytest

from scanners.station.stopping import stop_asked, until
from tests.boards import PATIENCE_S, wait_until
from tests.builders import GUN, code_of
from tests.pictures import film, scene, url
from tests.programs import running
from tests.terminal import race_folder
from timing.race.events import (
    Scanned,
    ServerClockRead,
    StationClosed,
    StationOpened,
)
from timing.race.instants import iso


@pytest.mark.parametrize("told_to", [signal.SIGTERM, signal.SIGINT])
def test_a_stopped_station_keeps_who_is_in_view_and_closes(tmp_path: Path, told_to: signal.Signals) -> None:
    long = film(tmp_path / "결승.mp4", [scene(url(418))] * 10 + [scene(url(417))] * 1_200)
    with race_folder(tmp_path / "대회") as opened:
        where = ("--station", "finish-1", "--point", "finish", "--no-line", "--at", iso(GUN), "--race", opened.root)
        with running(tmp_path / "told.txt", "scan", long, "--realtime", *map(str, where)) as station:
            before = opened.log.head().seq
            wait_until(lambda: code_of(418) in opened.fold().scans)  # seen and gone; 417 stands there since
            station.send_signal(told_to)
            assert station.wait(PATIENCE_S) == 0, (tmp_path / "told.txt").read_text(encoding="utf-8")
        kinds = [fact.event for fact in opened.log.read(before) if not isinstance(fact.event, ServerClockRead)]
    assert isinstance(kinds[0], StationOpened)
    assert [fact.code for fact in kinds if isinstance(fact, Scanned)] == [code_of(418), code_of(417)]
    assert isinstance(kinds[-1], StationClosed)


def test_the_second_time_does_not_wait() -> None:
    with stop_asked() as asked, pytest.raises(KeyboardInterrupt):
        signal.raise_signal(signal.SIGTERM)
        assert asked.is_set()
        signal.raise_signal(signal.SIGTERM)


def test_what_comes_until_then_is_taken_and_the_handlers_are_as_before() -> None:
    before = [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)]
    with stop_asked() as asked:
        taken = list[int]()
        for number in until(asked, range(100)):
            taken.append(number)
            if number == 3:
                signal.raise_signal(signal.SIGTERM)
    assert taken == [0, 1, 2, 3]
    assert [signal.getsignal(which) for which in (signal.SIGINT, signal.SIGTERM)] == before


def test_beside_the_main_thread_nobody_listens_to_signals() -> None:
    found = list[int]()

    def work() -> None:
        with stop_asked() as asked:
            found.extend(until(asked, range(3)))

    thread = Thread(target=work)
    thread.start()
    thread.join()
    assert found == [0, 1, 2]
