"""A server whose board is broken: every scan is taken, viewers see a plain page, and the board comes back by itself."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, closing, contextmanager, suppress
from pathlib import Path
from threading import Event
from typing import Any

import httpx2
import pytest

from scanners.outbox import Outbox
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader
from tests.boards import PATIENCE_S, Run, race_folder, wait_until
from tests.builders import assigned, code_of, entrant, scan
from tests.intakes import race_server
from timing.errors import Unreachable
from timing.folder import OpenRace, open_race
from timing.log.sql import SqlLog
from timing.race.events import (
    Scanned,
    StationOpened,
)
from timing.race.instants import Instant
from timing.race.records import Recorded

RUNS = [Run(bib, "0:10", "17:00", name="김하늘") for bib in range(1, 6)]
TOKEN = "7" * 64
Fault = Callable[[OpenRace], AbstractContextManager[object]]


class Fails(Exception):
    """What is planted."""


def failing(where: str) -> Fault:
    """Whoever calls this gets an exception."""

    @contextmanager
    def planted(_: OpenRace) -> Iterator[None]:
        def fail(*_: Any, **__: Any) -> None:
            raise Fails(where)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(where, fail)
            yield

    return planted


def hanging(where: str) -> Fault:
    """Whoever calls this waits until the fault is over, and then fails."""

    @contextmanager
    def planted(_: OpenRace) -> Iterator[None]:
        over = Event()

        def hang(*_: Any, **__: Any) -> None:
            over.wait()
            raise Fails(where)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(where, hang)
            try:
                yield
            finally:
                over.set()

    return planted


def without(table: str) -> Fault:
    """A table is away for a while."""

    @contextmanager
    def planted(opened: OpenRace) -> Iterator[None]:
        with closing(sqlite3.connect(opened.root / "race.db", isolation_level=None)) as database:
            database.execute(f"ALTER TABLE {table} RENAME TO away")
            try:
                yield
            finally:
                database.execute(f"ALTER TABLE away RENAME TO {table}")

    return planted


@contextmanager
def crowded(opened: OpenRace) -> Iterator[None]:
    """The board's visitors hold every connection that the board has to the database."""
    with ExitStack() as held:
        for _ in range(15):
            held.enter_context(opened.engine.connect())
        yield


FAULTS: dict[str, Fault] = {
    "the front page's renderer fails": failing("results.board.snapshot.runners_page"),
    "a template is broken": failing("jinja2.Template.render"),
    "the head cannot be made": failing("results.board.snapshot.head_of"),
    "the ranking fails": failing("results.ranking.projection.StandingsProjection.standings"),
    "judging a runner fails": failing("results.ranking.standings.row_of"),
    "the ranking never ends": hanging("results.ranking.projection.StandingsProjection.standings"),
    "the front page never ends": hanging("results.board.snapshot.runners_page"),
    "spectators are not let in": failing("results.spectators.plug.SpectatorPlug.doors"),
    "captains are not let in": failing("server.board_side.captains_pages"),
    "certificates cannot be given": failing("results.certificates.certificate_service.CertificateService.__init__"),
    "the follower cannot be made": failing("results.board.board_projection.BoardProjection.__init__"),
    "spectators' scans cannot be counted": without("spectator_count"),
    "the names are away": without("person"),
    "the votes are away": without("design_poll"),
    "visitors hold every connection": crowded,
}


class Camera:
    """A station that sends to the server over HTTP."""

    def __init__(self, folder: Path, address: str) -> None:
        self.outbox = Outbox(folder / "finish-2.db")
        self.outbox.keep(StationOpened("finish-2", "finish", Instant(1)))
        self.uploader = Uploader(self.outbox, HttpUplink(address, TOKEN))

    def sends(self, bib: int, at: str) -> None:
        """Until it is taken: a machine that is busy may ask a station to come again."""
        self.outbox.keep(scan(bib, at))
        wait_until(self._taken)

    def _taken(self) -> bool:
        with suppress(Unreachable):
            self.uploader.drain()
        return self.uploader.unsent() == 0


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is tried again every second or two is tried again at once."""
    monkeypatch.setattr("results.web.standby.RETRY_S", 0.1)
    monkeypatch.setattr("results.board.board_projection.BETWEEN_VERSIONS_S", 0.1)
    monkeypatch.setattr("results.board.board_projection.LOOK_ANYWAY_S", 0.1)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    race_folder(tmp_path / "race", RUNS).close()
    with open_race(tmp_path / "race") as race:
        race.directory.enrol("finish-2", TOKEN)
        yield race


def stored(opened: OpenRace) -> list[str]:
    with open_race(opened.root) as race:
        facts = [recorded.event for recorded in race.log.read()]
    return [fact.code for fact in facts if isinstance(fact, Scanned)][2 * len(RUNS) :]


def look(address: str, path: str = "/") -> httpx2.Response:
    return httpx2.get(address + path, timeout=PATIENCE_S, verify=False)  # so that no authorities are loaded each time


@pytest.mark.parametrize("fault", FAULTS)
def test_a_board_that_is_broken_from_the_start_keeps_no_scan_out_and_comes_back_by_itself(
    opened: OpenRace, tmp_path: Path, fault: str, capfd: pytest.CaptureFixture[str]
) -> None:
    mended = ExitStack()
    mended.enter_context(FAULTS[fault](opened))
    with race_server(opened) as address:
        with mended:
            camera = Camera(tmp_path, address)
            for bib in range(1, 6):
                camera.sends(bib, f"18:0{bib}")
            assert stored(opened) == [code_of(bib) for bib in range(1, 6)]
            page = look(address)
            assert page.status_code == 503
            assert "지금은 결과를 볼 수 없습니다" in page.text and "Results unavailable" in page.text
            if not fault.startswith(("the ranking never", "the front page never", "visitors")):  # these fail later
                wait_until(lambda: bool(logged := capfd.readouterr().err) and "marathon: 전광판" in logged)
        wait_until(lambda: look(address).status_code == 200)
        assert len(look(address, "/head.json").json()["finishers"]) == 5


PAGES = {
    "/companies.html": failing("results.board.pages._group_list"),
    "/r/1.html": failing("results.board.snapshot.runner_page"),
    "/c/c0001.html": failing("results.board.snapshot.firm_page"),
    "/overall.csv": failing("results.board.snapshot.as_csv"),
    "/v/MADE0UP": failing("results.certificates.verdict_page.verdict_page"),
    "/b/" + code_of(1): failing("timing.race.fold.Race.holder"),
}


@pytest.mark.parametrize("path", PAGES)
def test_one_broken_page_says_so_and_takes_no_other_with_it(
    opened: OpenRace, tmp_path: Path, path: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with race_server(opened) as address:
        wait_until(lambda: look(address).status_code == 200)
        with PAGES[path](opened):
            page = look(address, path)
            assert (page.status_code, "Results unavailable" in page.text) == (503, True)
            assert look(address).status_code == 200
            Camera(tmp_path, address).sends(1, "18:01")
        assert stored(opened) == [code_of(1)]
    logged = capfd.readouterr().err
    assert "전광판의 한 페이지에 오류가 발생" in logged and "Fails" in logged


@pytest.mark.parametrize("fault", ["the front page's renderer fails", "the ranking fails"])
def test_a_board_that_breaks_on_the_way_keeps_what_it_shows_until_it_is_mended(
    opened: OpenRace, tmp_path: Path, fault: str
) -> None:
    with race_server(opened) as address:
        wait_until(lambda: look(address).status_code == 200)
        camera, before = Camera(tmp_path, address), look(address, "/head.json").json()["version"]
        with FAULTS[fault](opened):
            camera.sends(1, "18:01")
            camera.sends(2, "18:02")
            assert look(address, "/head.json").json()["version"] == before
        wait_until(lambda: look(address, "/head.json").json()["version"] == opened.log.head().seq)
    assert stored(opened) == [code_of(1), code_of(2)]


def test_a_log_that_cannot_be_folded_is_still_written(opened: OpenRace, tmp_path: Path) -> None:
    mended = ExitStack()
    mended.enter_context(failing("timing.race.fold.Race.apply")(opened))
    with race_server(opened) as address:
        with mended:
            Camera(tmp_path, address).sends(1, "18:01")
            with pytest.raises(Unreachable):
                HttpUplink(address, TOKEN).roster()
        wait_until(lambda: look(address).status_code == 200)
        assert HttpUplink(address, TOKEN).roster().bibs[code_of(1)] == 1
    assert stored(opened) == [code_of(1)]


def fails_from(pos: int) -> Fault:
    """The log cannot be read from this position on."""

    @contextmanager
    def planted(_: OpenRace) -> Iterator[None]:
        read = SqlLog.read

        def half_read(log: SqlLog, after: int = 0) -> Iterator[Recorded]:
            for recorded in read(log, after):
                if recorded.pos >= pos:
                    raise Fails(f"position {pos}")
                yield recorded

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(SqlLog, "read", half_read)
            yield

    return planted


def test_of_a_log_that_can_be_read_in_part_no_station_and_no_viewer_is_told_that_part(
    opened: OpenRace, tmp_path: Path
) -> None:
    mended = ExitStack()
    mended.enter_context(fails_from(5)(opened))
    with race_server(opened) as address:
        with mended:
            Camera(tmp_path, address).sends(1, "18:01")
            with pytest.raises(Unreachable):
                HttpUplink(address, TOKEN).roster()
            assert look(address).status_code == 503
        wait_until(lambda: look(address).status_code == 200)
        assert len(HttpUplink(address, TOKEN).roster().bibs) == len(RUNS)


def test_a_log_whose_end_cannot_be_read_leaves_board_and_stations_with_what_they_had(
    opened: OpenRace, tmp_path: Path
) -> None:
    with race_server(opened) as address:
        wait_until(lambda: look(address).status_code == 200)
        before = look(address, "/head.json").json()["version"]
        with fails_from(before + 2)(opened):
            opened.log.record([entrant(9), assigned(9)])
            Camera(tmp_path, address).sends(1, "18:01")
            assert code_of(9) not in HttpUplink(address, TOKEN).roster().bibs
            assert look(address, "/head.json").json()["version"] == before
        wait_until(lambda: look(address, "/head.json").json()["version"] == opened.log.head().seq)
        assert HttpUplink(address, TOKEN).roster().bibs[code_of(9)] == 9


def test_a_full_queue_of_spectators_keeps_no_scan_out(
    opened: OpenRace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("timing.store.low_priority_writer.WAITING_MOST", 0)
    with race_server(opened) as address:
        wait_until(lambda: look(address).status_code == 200)
        landed = look(address, look(address, "/b/" + code_of(1)).headers["location"])
        assert landed.status_code == 200
        Camera(tmp_path, address).sends(1, "18:01")
    assert stored(opened) == [code_of(1)]


def test_the_stations_routes_are_described_apart_from_the_board_s(opened: OpenRace) -> None:
    with race_server(opened) as address:
        assert "/v1/lineages/{lineage}/batch" in look(address, "/v1/openapi.json").json()["paths"]
        wait_until(lambda: look(address).status_code == 200)
        assert "/head.json" in look(address, "/openapi.json").json()["paths"]
