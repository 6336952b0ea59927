"""A database that stops answering: everybody who needs it is told to come again at once, everybody else is served, nothing is lost."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import httpx2
import pytest

from scanners.outbox import Outbox
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader
from tests.boards import PATIENCE_S, Run, race_folder, wait_until
from tests.builders import code_of, scan
from tests.faults.frozen import frozen_postgres
from tests.programs import free_port, running, wait_for_board
from tests.terminal import said
from timing.errors import Unreachable
from timing.folder import OpenRace, open_race
from timing.race.events import (
    Scanned,
    StationOpened,
)
from timing.race.instants import Instant

RUNS = [Run(bib, "0:10", "17:00", name="김하늘") for bib in range(1, 6)]


@pytest.fixture
def opened(tmp_path: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRace]:
    monkeypatch.setenv("MARATHON_DATABASE", postgres_url)
    race_folder(tmp_path / "race", RUNS).close()
    with open_race(tmp_path / "race") as race:
        yield race


def test_while_it_stops_who_needs_it_is_put_off_who_does_not_is_served_and_all_scans_arrive(
    opened: OpenRace, tmp_path: Path, postgres_url: str
) -> None:
    port, told = free_port(), tmp_path / "told.txt"
    token = said("station", "finish-2", "--race", opened.root).strip()
    here = f"http://127.0.0.1:{port}"
    with running(told, "serve", "--race", opened.root, "--port", str(port)) as process:
        wait_for_board(port, process, told)
        with (
            closing(Outbox(tmp_path / "outbox.db")) as outbox,
            httpx2.Client(base_url=here, timeout=PATIENCE_S) as phone,
        ):
            outbox.keep(StationOpened("finish-2", "finish", Instant(1)))
            uploader = Uploader(outbox, HttpUplink(here, token))
            uploader.drain()
            with frozen_postgres(postgres_url):
                asked = {
                    "a wrong token": ("GET", "/v1/roster", {"headers": {"authorization": "Bearer x"}}),
                    "a station": ("GET", "/v1/roster", {"headers": {"authorization": f"Bearer {token}"}}),
                    "a report": ("POST", "/missing", {"data": {"bib": "1", "text": "no time"}}),
                    "a captain": ("GET", "/captain/nobody", {}),
                    "the announcer": ("GET", "/announcer/nobody", {}),
                    "a certificate": ("POST", "/certificate/1", {"data": {"name": "김하늘"}}),
                }
                for bib in range(1, 6):
                    outbox.keep(scan(bib, f"18:0{bib}"))
                with pytest.raises(Unreachable):
                    uploader.drain()
                for who, (method, path, more) in asked.items():
                    assert phone.request(method, path, **more).status_code == 503, who  # type: ignore[arg-type]
                    assert phone.get("/head.json").status_code == 200, who
                assert phone.get("/companies.html").status_code == 200  # made now, without the database

            def all_arrived() -> bool:
                try:
                    uploader.drain()
                except Unreachable:
                    return False
                return uploader.unsent() == 0

            wait_until(all_arrived)
            wait_until(lambda: phone.get("/head.json").json()["version"] == opened.log.head().seq)
    scans = [one.event.code for one in opened.log.read() if isinstance(one.event, Scanned)]
    assert scans[2 * len(RUNS) :] == [code_of(bib) for bib in range(1, 6)]
    words = told.read_text(encoding="utf-8")
    assert "Traceback" not in words and words.count("\n") < 12, words
    assert "데이터베이스가 응답하지 않아" in words


def test_a_server_that_is_started_before_its_database_waits_for_it_and_says_so(
    opened: OpenRace, tmp_path: Path, postgres_url: str
) -> None:
    port, told = free_port(), tmp_path / "told.txt"
    opened.engine.dispose()
    with ExitStack() as stack:
        with frozen_postgres(postgres_url):
            process = stack.enter_context(running(told, "serve", "--race", opened.root, "--port", str(port)))
            wait_until(lambda: "waiting for the database" in told.read_text(encoding="utf-8"))
            assert process.poll() is None
        wait_for_board(port, process, told)
    assert "Traceback" not in told.read_text(encoding="utf-8")
