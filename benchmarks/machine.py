"""What the figures were measured on; no names of hosts or folders."""

import os
import platform
import sqlite3
from importlib.metadata import version
from pathlib import Path
from statistics import median

from benchmarks.measure import taken_s


def described(folder: Path, postgres: str) -> list[str]:
    """The machine and what runs on it, a line each; `folder` lies on the disk that was measured."""
    return [
        hardware(),
        f"one flush of 4 KiB to the disk: {_flush_us(folder):.0f} us (median of 200)",
        f"Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}, PostgreSQL {postgres}",
        versions("sqlalchemy", "psycopg", "uvicorn", "eventsourcing", "polars"),
    ]


def hardware() -> str:
    """Cores, processor, memory and system."""
    pages, page = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    return f"{os.cpu_count()} cores, {_processor()}, {pages * page / 2**30:.0f} GiB memory, {platform.system()}"


def versions(*libraries: str) -> str:
    """`msgspec 0.20.0, polars 2.1.0`."""
    return ", ".join(f"{name} {version(name)}" for name in libraries)


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        lines = []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return models[0] if models else platform.machine()


def _flush_us(folder: Path) -> float:
    file = os.open(folder / "flush", os.O_CREAT | os.O_WRONLY)

    def flush() -> None:
        os.write(file, bytes(4_096))
        os.fsync(file)

    found = median(taken_s(flush) for _ in range(200)) * 1e6
    os.close(file)
    return found
