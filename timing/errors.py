"""Errors that are shown to a person."""

from collections.abc import Sequence

from timing.language import Text


class RaceError(Exception):
    """One clear line: what is wrong, where, and what to do. `exit_code` follows the README's table; each of
    the `details` is shown on a line of its own."""

    exit_code = 1

    def __init__(self, text: Text, details: Sequence[object] = ()) -> None:
        super().__init__(text, details)
        self.text, self.details = text, details

    def __str__(self) -> str:
        """In the language of whoever reads it, which may not be that in which it was raised."""
        return "\n  ".join(map(str, (self.text, *self.details)))


class WrongUse(RaceError):
    """The arguments of a command are wrong."""

    exit_code = 2


class Unreachable(RaceError):
    """A file, camera, server or database cannot be reached or opened."""

    exit_code = 3
