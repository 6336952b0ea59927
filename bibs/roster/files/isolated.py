"""Opens a file that somebody sent: a child process with limits parses it, this process never does.

A spreadsheet of a few kilobytes can unpack to gigabytes or keep a parser busy for hours; then only the child ends.
"""

import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import msgspec

from bibs.roster.table_rows import MAX_BYTES, SourceSheet, Unreadable
from timing.errors import Unreachable
from timing.language import Text, _, pair

MEMORY_BYTES = 512 * 1024 * 1024
CPU_S = 20
WALL_S = 60  # a busy machine may keep the child waiting
CHILD = "from bibs.roster.files.isolated import child; child()"
TOO_MUCH = _("reading it takes too much memory or time; copy the roster alone into a new file and save it as .xlsx")
STOPPED = _("reading it failed; open it in Excel, copy the roster alone into a new file and save that")
ROOMS = Path(__file__).parents[3]


class _Told(msgspec.Struct):
    """The child's output: the sheets, or why there are none, in Korean and English."""

    sheets: list[SourceSheet] = []
    why: tuple[str, str] | None = None


def read_sheets(path: Path, encoding: str = "", name: str = "") -> list[SourceSheet]:
    """All rows of the file that are not empty; `encoding` is that of a text file, if known.

    An error calls the file by this `name`, else by its path.

    Raises:
        Unreachable: the file is missing, too large, neither a text file nor a workbook, or takes more than a roster can need.
    """
    called = name or str(path)
    if path.is_dir():
        raise _unreadable(called, _("a folder; give the files in it"))
    try:
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(called, _("it is larger than 5 MB"))
        data = path.read_bytes()
    except OSError as failure:
        why = failure.strerror or str(failure)
        raise _unreadable(called, pair(why, why)) from failure
    told = _told(called, data, encoding)
    if told.why:
        raise _unreadable(called, pair(*told.why))
    return told.sheets


def child(memory_bytes: int = MEMORY_BYTES, cpu_s: int = CPU_S) -> None:
    """The child's main function: reads the file from standard input, with its encoding as an argument, and writes its sheets as JSON."""
    from bibs.roster.files.spreadsheet import parse

    _limit(memory_bytes, cpu_s)
    try:
        told = _Told(parse(sys.stdin.buffer.read(), *sys.argv[1:]))
        answer = msgspec.json.encode(told)
    except Unreadable as refused:
        answer = msgspec.json.encode(_Told(why=_pair(refused.text)))
    except MemoryError:
        answer = msgspec.json.encode(_Told(why=_pair(TOO_MUCH)))
    sys.stdout.buffer.write(answer)


def _told(called: str, data: bytes, encoding: str) -> _Told:
    # As a child of its own, not a fork: nothing of this process, its threads or its database goes along. `-P` keeps modules
    # that lie beside the roster from being imported.
    try:
        done = subprocess.run(
            [sys.executable, "-P", "-c", CHILD, encoding],
            input=data,
            capture_output=True,
            timeout=WALL_S,
            env={**os.environ, "PYTHONPATH": str(ROOMS)},
            check=False,
        )
    except subprocess.TimeoutExpired as late:
        raise _unreadable(called, TOO_MUCH) from late
    if done.returncode:
        raise _unreadable(
            called, TOO_MUCH if done.returncode < 0 else STOPPED
        )  # below 0: ended by a signal, at a limit
    return msgspec.json.decode(done.stdout, type=_Told)


def _limit(memory_bytes: int, cpu_s: int) -> None:
    """Limit memory and CPU time; on systems without such limits the parent's timeout bounds the child."""
    try:
        import resource
    except ModuleNotFoundError:  # Windows
        return
    for what, most in (
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_CPU, cpu_s),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with suppress(ValueError, OSError):  # a system may refuse one of them, as macOS does for memory
            resource.setrlimit(what, (most, most))


def _unreadable(called: str, why: Text) -> Unreachable:
    return Unreachable(_("{path}: cannot be read: {why}", path=called, why=why))


def _pair(text: Text) -> tuple[str, str]:
    return text.to("ko"), text.to("en")
