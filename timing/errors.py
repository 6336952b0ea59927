"""What can go wrong for a person, said in Korean first and in English beside it."""

from collections.abc import Sequence

from timing.language import Text


class RaceError(Exception):
    """One clear line: what is wrong, where, and what to do. `exit_code` follows the README's table; each of
    the `details` is shown on a line of its own."""

    exit_code = 1

    def __init__(self, text: Text, details: Sequence[object] = ()) -> None:
        super().__init__("\n  ".join(map(str, (text, *details))))
        self.text, self.details = text, details


class WrongUse(RaceError):
    """The command was given something it cannot mean."""

    exit_code = 2


class Unreachable(RaceError):
    """A file, camera, server or database cannot be reached or opened."""

    exit_code = 3
