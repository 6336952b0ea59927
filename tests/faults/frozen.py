"""Programs that stand still for a while (SIGSTOP, SIGCONT), as on a laptop that sleeps or a machine that swaps."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from sqlalchemy import create_engine

HOLD = """
import sqlite3, sys
held = sqlite3.connect(sys.argv[1], isolation_level=None, timeout=60)
held.execute("BEGIN IMMEDIATE")
print("held", flush=True)
sys.stdin.read()
"""


def tell(pids: Iterable[int], what: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError):  # one that just ended
            os.kill(pid, what)


@contextmanager
def frozen_postgres(url: str) -> Iterator[None]:
    """No process of the database's server moves."""
    engine = create_engine(url)
    with engine.connect() as connection:
        folder = Path(str(connection.exec_driver_sql("SHOW data_directory").scalar_one()))
    engine.dispose()
    parent = int((folder / "postmaster.pid").read_text().split()[0])
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(parent)], capture_output=True, text=True, check=False)
    pids = [parent, *map(int, listed.stdout.split())]
    tell(pids, signal.SIGSTOP)
    try:
        yield
    finally:
        tell(pids, signal.SIGCONT)


@contextmanager
def frozen_writer(path: Path) -> Iterator[None]:
    """Another program on this machine stands still within a transaction, and so nobody writes into the SQLite file; then it dies."""
    command = [sys.executable, "-c", HOLD, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as writer:
        try:
            assert writer.stdout and writer.stdout.readline() == b"held\n"
            tell([writer.pid], signal.SIGSTOP)
            yield
        finally:
            writer.kill()
