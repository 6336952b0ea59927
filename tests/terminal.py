"""The command line as a person uses it, without a process of its own."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from marathon import cli
from tests.clock_and_chance import ManualClock, seeded_bits
from timing.commands.command_line import run
from timing.folder import OpenRace, create_race
from timing.race.instants import Instant


def marathon(*arguments: object) -> int:
    """Run `marathon ...` and return its exit code; what it says is caught by pytest's capsys."""
    return run(cli, [str(argument) for argument in arguments])


class Typist:
    """Types `marathon ...` for a race, each time with these words first, and reads all that is said."""

    def __init__(self, opened: OpenRace, capsys: pytest.CaptureFixture[str], *first: str) -> None:
        self._root, self._capsys, self._first = opened.root, capsys, first

    def ends(self, *arguments: object) -> tuple[int, str]:
        """The exit code, and all that was said."""
        code = marathon(*self._first, *arguments, "--race", self._root)
        answer = self._capsys.readouterr()
        return code, answer.out + answer.err

    def __call__(self, *arguments: object, code: int = 0) -> str:
        """All that was said by a command that must end with this code."""
        ended, said = self.ends(*arguments)
        assert ended == code, said
        return said


def said(*arguments: object) -> str:
    """Run a command that must succeed; returns what it printed, line ends as they were written."""
    with redirect_stdout(io.TextIOWrapper(io.BytesIO(), encoding="utf-8", newline="")) as out:
        assert marathon(*arguments) == 0, arguments
        out.flush()
        assert isinstance(out.buffer, io.BytesIO)
        return out.buffer.getvalue().decode()


def race_folder(root: Path, name: str = "연습 마라톤") -> OpenRace:
    """A race folder with nobody entered."""
    return create_race(root, name, "Rehearsal", "GV.TEST", 4_500, ManualClock(Instant(0)), seeded_bits(1))
