"""What can go wrong for a person, said in Korean first and in English beside it."""


class RaceError(Exception):
    """One clear line: what is wrong, where, and what to do. `exit_code` follows the README's table."""

    exit_code = 1

    def __init__(self, korean: str, english: str) -> None:
        super().__init__(f"{korean} / {english}")
        self.korean, self.english = korean, english


class WrongUse(RaceError):
    """The command was given something it cannot mean."""

    exit_code = 2


class Unreachable(RaceError):
    """A file, camera, server or database cannot be reached or opened."""

    exit_code = 3
