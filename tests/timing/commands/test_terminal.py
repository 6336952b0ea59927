"""What came from outside is shown and steers no terminal: no sign of it clears, overwrites, hides or turns anything."""

import io
import sys
import unicodedata
from pathlib import Path
from typing import BinaryIO

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.outbox import Outbox
from tests.boards import Run, race_folder
from tests.terminal import marathon
from timing.race.encoding import Unrecordable
from timing.race.events import (
    StationOpened,
)
from timing.terminal.output import beep
from timing.terminal.shield import bare, printable, shielded

STEERING = [
    "\x1b]0;owned\x07",
    "\x1b[2J",
    "\u202e1",
    "\r",
    "\x9b31m",
    "\u2066",
    "\u2028",
    "\x08",
    "\ud800",
    "\U000e0041",
]


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def __init__(self) -> None:
        super().__init__()
        self.bytes = io.BytesIO()

    @property
    def buffer(self) -> BinaryIO:
        return self.bytes

    def isatty(self) -> bool:
        return True


def steers(text: str) -> bool:
    return any(
        unicodedata.category(one) in ("Cc", "Cf", "Cs", "Zl", "Zp") and one not in "\n\t\u200c\u200d" for one in text
    )


@given(st.text())
def test_no_text_steers_and_ordinary_text_stays_as_it_is(text: str) -> None:
    assert not steers(printable(text))
    assert printable(text) == text or steers(text)


@pytest.mark.parametrize("sign", STEERING)
def test_whoever_prints_prints_it_as_an_escape(sign: str, monkeypatch: pytest.MonkeyPatch) -> None:
    terminal = Terminal()
    monkeypatch.setattr(sys, "stdout", terminal)
    with shielded():
        print(f"가람{sign}!")
        sys.stdout.writelines([sign])
        sys.stdout.buffer.write(f"{sign}!".encode("utf-8", "surrogatepass"))
        bare(sys.stdout).write("\x1b[31m")
    assert sys.stdout is terminal
    assert not steers(terminal.getvalue().replace("\x1b[31m", ""))
    assert terminal.getvalue().startswith("가람\\") and terminal.bytes.getvalue() == b""


def test_bytes_reach_a_file_as_they_are(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    with shielded():
        sys.stdout.buffer.write(b"\xb0\xa1\x1b")
        sys.stdout.buffer.flush()
    assert capfdbinary.readouterr().out == b"\xb0\xa1\x1b"


@pytest.mark.parametrize("sign", [one for one in STEERING if one != "\ud800"])
def test_names_from_a_database_and_files_on_a_disk_steer_no_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], sign: str
) -> None:
    with race_folder(
        tmp_path / "race", [Run(417, "0:10", "17:03", name="김하늘"), Run(42, "0:11", company="c0002")]
    ) as made:
        names = made.directory.names()
        names.people["e00417"], names.companies["c0001"] = f"김{sign}늘", f"가{sign}밀"
        made.directory.keep(names)
        made.directory.enrol(f"finish{sign}", "t")
    (tmp_path / f"명단{sign}.csv").write_bytes(b"\x00")
    commands = (
        ["results"],
        ["explain", 417],
        ["station", "list"],
        ["log", "show"],
        ["people", "show", 417],
        ["vote", "show"],
    )
    for command in commands:
        marathon(*command, "--race", tmp_path / "race")
    marathon("import", tmp_path / f"명단{sign}.csv", "--race", tmp_path / "race")
    said = capsys.readouterr()
    assert "가" in said.out and "명단" in said.err
    assert not steers(said.out + said.err)


@pytest.mark.parametrize("sign", STEERING[:7])
def test_a_station_that_tells_such_a_name_is_not_believed(tmp_path: Path, sign: str) -> None:
    outbox = Outbox(tmp_path / "x.db")
    for fact in (StationOpened(f"finish{sign}", "finish", 1), StationOpened("pen-1", "pen", 1, f"{sign}A")):  # type: ignore[arg-type]
        with pytest.raises(Unrecordable):
            outbox.keep(fact)


def test_an_error_is_one_line_whatever_a_file_is_called(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("verify", tmp_path / "x\nmarathon: 모두 유효합니다 / all valid") != 0
    assert len(capsys.readouterr().err.splitlines()) == 1


class Console(io.StringIO):
    """A terminal that keeps what is written to it."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("stream", "rung"), [(Console(), "\a"), (io.StringIO(), "")])
def test_our_own_bell_rings_through_the_shield_and_in_no_file(
    stream: io.StringIO, rung: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stderr", stream)
    with shielded():
        beep()
    assert stream.getvalue() == rung
