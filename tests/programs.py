"""The program as people start it: `marathon` in a process of its own, its words, its exit code, and what it leaves behind."""

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from random import sample
from typing import Any, Final, NamedTuple
from urllib.error import URLError
from urllib.request import urlopen

from tests.boards import PATIENCE_S, wait_until

ROOT = Path(__file__).parents[1]
MARATHON = [sys.executable, "-m", "marathon"]
LONGEST_S = 240
WORKERS_MOST: Final = 16
PORTS: Final = range(20_000, 30_000)[
    int(os.environ.get("PYTEST_XDIST_WORKER", "gw0")[2:]) % WORKERS_MOST :: WORKERS_MOST
]
"""This worker's own, below those that a system gives to whoever asks for any."""
_unused = iter(sample(PORTS, len(PORTS)))


def environment(**more: str) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", **more}


class Ended(NamedTuple):
    """How a command ended, and what it said; line ends as they were written."""

    code: int
    out: str
    err: str


def marathon(*arguments: str | Path, **more: str) -> Ended:
    """Run a command to its end; further keywords are environment variables."""
    command = [*MARATHON, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, env=environment(**more), timeout=LONGEST_S, check=False)
    return Ended(done.returncode, done.stdout.decode(), done.stderr.decode())


def succeeded(*arguments: str | Path, **more: str) -> str:
    """Run a command that must succeed; returns what it printed."""
    done = marathon(*arguments, **more)
    assert done.code == 0, f"marathon {' '.join(map(str, arguments))}: {done.err}"
    return done.out


def free_port() -> int:
    """A port that nobody uses, and that no connection takes by chance until a program does; never the same twice."""
    for port in _unused:
        with socket.socket() as asked, suppress(OSError):
            asked.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is left")


@contextmanager
def running(told: Path, *arguments: str | Path, **more: str) -> Iterator["subprocess.Popen[bytes]"]:
    """A command that runs until it is stopped, in a process group of its own; what it says goes to the file `told`.

    Whatever of the group is left at the end is killed.
    """
    with told.open("wb") as words:
        process = subprocess.Popen(
            [*MARATHON, *map(str, arguments)],
            stdout=words,
            stderr=words,
            env=environment(**more),
            start_new_session=True,
        )
        try:
            yield process
        finally:
            if members(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def members(group: int) -> list[int]:
    """The living processes of a process group."""
    listed = subprocess.run(["ps", "-eo", "pid=,pgid=,stat="], capture_output=True, text=True, check=True).stdout
    rows = (line.split() for line in listed.splitlines())
    return [int(pid) for pid, pgid, state in rows if int(pgid) == group and not state.startswith("Z")]


def wait_for_board(port: int, process: "subprocess.Popen[bytes]", told: Path) -> None:
    """Until the board answers; at once an error where the program has ended."""

    def answers() -> bool:
        assert process.poll() is None, told.read_text(encoding="utf-8")
        try:
            return bool(head(port))
        except (URLError, ConnectionError):
            return False

    wait_until(answers)


def fetch(port: int, path: str) -> str:
    with urlopen(f"http://127.0.0.1:{port}/{path}", timeout=PATIENCE_S) as answer:
        text: str = answer.read().decode()
        return text


def head(port: int) -> Mapping[str, Any]:
    found: dict[str, Any] = json.loads(fetch(port, "head.json"))
    return found
