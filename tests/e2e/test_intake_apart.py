"""`serve --intake-port --office-port`: stations, viewers and officials at ports and in processes of their own."""

import os
import signal
import subprocess
from contextlib import closing, suppress
from pathlib import Path

import httpx2

from scanners.outbox import Outbox
from scanners.outbox.uplink import HttpUplink
from scanners.outbox.uploader import Uploader
from tests.boards import PATIENCE_S, Run, race_folder, wait_until
from tests.builders import scan
from tests.programs import free_port, head, members, running, wait_for_board
from tests.terminal import said
from timing.race.events import StationOpened
from timing.race.instants import Instant

RUNS = [Run(bib, "0:10", "17:00", name="김하늘") for bib in range(1, 4)]


def children(parent: int) -> list[int]:
    listed = subprocess.run(["ps", "-eo", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
    return [int(pid) for pid, ppid in (line.split() for line in listed.splitlines()) if int(ppid) == parent]


def test_the_board_s_process_dies_and_comes_back_and_no_scan_waits_for_it(tmp_path: Path) -> None:
    race_folder(tmp_path / "race", RUNS).close()
    board, intake, told = free_port(), free_port(), tmp_path / "told.txt"
    token = said("station", "finish-2", "--race", tmp_path / "race").strip()
    command = ("serve", "--race", tmp_path / "race", "--port", str(board), "--intake-port", str(intake))
    with running(told, *command) as process, closing(Outbox(tmp_path / "outbox.db")) as outbox:
        wait_for_board(board, process, told)
        uploader = Uploader(outbox, HttpUplink(f"http://127.0.0.1:{intake}", token))
        outbox.keep(StationOpened("finish-2", "finish", Instant(1)))
        uploader.drain()
        (child,) = children(process.pid)
        os.kill(child, signal.SIGSTOP)
        outbox.keep(scan(1, "18:01"))
        uploader.drain()
        assert uploader.unsent() == 0
        os.kill(child, signal.SIGKILL)
        outbox.keep(scan(2, "18:02"))
        uploader.drain()
        assert uploader.unsent() == 0
        wait_until(lambda: "starting it again" in told.read_text())
        wait_for_board(board, process, told)
        wait_until(lambda: head(board)["version"] >= 4)
        there = httpx2.get(
            f"http://127.0.0.1:{board}/v1/roster", headers={"authorization": f"Bearer {token}"}, timeout=PATIENCE_S
        )
        assert there.status_code == 404  # stations have their own door
        (again,) = children(process.pid)
        process.terminate()
        assert process.wait(PATIENCE_S) == 0
        wait_until(lambda: not members(again))


def test_the_board_gives_way_to_the_intake_where_processors_are_scarce_and_does_not_outlive_it(tmp_path: Path) -> None:
    """Niceness counts inside one session only: in a session of its own the board would get as much as the intake."""
    race_folder(tmp_path / "race", RUNS).close()
    board, told = free_port(), tmp_path / "told.txt"
    command = ("serve", "--race", tmp_path / "race", "--port", str(board), "--intake-port", str(free_port()))
    with running(told, *command) as process:
        wait_for_board(board, process, told)
        (child,) = children(process.pid)
        assert os.getsid(child) == os.getsid(process.pid)
        assert os.getpriority(os.PRIO_PROCESS, child) > os.getpriority(os.PRIO_PROCESS, process.pid)
        process.kill()
        wait_until(lambda: not members(child))


def test_the_office_stands_at_its_own_port_and_nowhere_else_and_comes_back_when_it_dies(tmp_path: Path) -> None:
    race_folder(tmp_path / "race", RUNS).close()
    board, office, told = free_port(), free_port(), tmp_path / "told.txt"
    link = said("office", "link", "director", "--server", f"http://127.0.0.1:{office}", "--race", tmp_path / "race")
    command = ("serve", "--race", tmp_path / "race", "--port", str(board), "--office-port", str(office))
    with (
        running(told, *command) as process,
        httpx2.Client(follow_redirects=True, timeout=PATIENCE_S, verify=False) as director,
    ):
        wait_for_board(board, process, told)
        wait_until(lambda: opens(office))
        assert director.get(link.strip()).status_code == director.post(link.strip()).status_code == 200
        assert "director" in director.get(f"http://127.0.0.1:{office}/").text
        assert director.get(f"http://127.0.0.1:{board}/office/").status_code == 404
        (child,) = children(process.pid)
        os.kill(child, signal.SIGKILL)
        wait_until(lambda: "the office's process ended" in told.read_text())
        wait_until(lambda: opens(office))
        assert director.get(f"http://127.0.0.1:{office}/office/people").status_code == 200
        assert head(board)["version"] > 0


def opens(port: int) -> bool:
    """Whether the office answers at all, be it to refuse; 503 while it is being built."""
    with suppress(httpx2.TransportError):
        return httpx2.get(f"http://127.0.0.1:{port}/office/", verify=False).status_code == 401
    return False
