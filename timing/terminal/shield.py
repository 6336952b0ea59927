"""Text from outside cannot control a terminal: non-printing characters are written as escapes, wherever they are printed.

Names on stations, in rosters and of files, reasons, a server's words: each may hold signs that clear the screen, turn the writing
around or overwrite a line. They are escaped in the streams themselves, through which all text passes. Our own colours and bars bypass that.
"""

import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, TextIO, cast

STEERING: Final = {"Cc", "Cf", "Cs", "Zl", "Zp"}
"""Categories: control, marks of writing direction and other unseen signs, half letters, separators of lines and paragraphs."""
HARMLESS: Final = "\n\t\u200c\u200d"
"""Joiners belong to some scripts and to emoji."""


def printable(text: str) -> str:
    """The text with what would not print as an escape; ends of lines and tabulators stay.

    >>> printable("가람\\x1b[2J\\u202e1\\r\\x9b"), printable("김하늘\\n1️⃣ 👨‍👩‍👧")
    ('가람\\\\x1b[2J\\\\u202e1\\\\r\\\\x9b', '김하늘\\n1️⃣ 👨\u200d👩\u200d👧')
    """
    if text.isprintable():
        return text
    return "".join(ascii(one)[1:-1] if _steers(one) else one for one in text)


def one_line(text: str) -> str:
    """The text on one line: a file's name or an answer from elsewhere must not look like a line of our own."""
    return " ".join(text.splitlines())


def _steers(letter: str) -> bool:
    return unicodedata.category(letter) in STEERING and letter not in HARMLESS


class _Bytes:
    """The binary buffer of a shielded terminal: bytes are decoded and escaped too."""

    def __init__(self, shielded: "Shielded") -> None:
        self._shielded = shielded

    def write(self, data: bytes) -> int:
        self._shielded.write(data.decode("utf-8", "replace"))
        return len(data)

    def flush(self) -> None:
        self._shielded.flush()


class Shielded:
    """A text stream that writes only what prints; bytes go through to a file or another program, and to no terminal."""

    def __init__(self, stream: TextIO) -> None:
        self.bare = stream

    def write(self, text: str) -> int:
        self.bare.write(printable(text))
        return len(text)

    def writelines(self, lines: Iterator[str]) -> None:
        for line in lines:
            self.write(line)

    @property
    def buffer(self) -> Any:
        return _Bytes(self) if self.bare.isatty() else self.bare.buffer

    def __getattr__(self, name: str) -> Any:
        return getattr(self.bare, name)


@contextmanager
def shielded() -> Iterator[None]:
    """Within the block everything printed passes through `printable`."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast(TextIO, Shielded(bare(stream))) for stream in before)
    try:
        yield
    finally:
        sys.stdout, sys.stderr = before


def bare(stream: TextIO) -> TextIO:
    """A stream without its shield, for colours and bars of our own; texts from outside must be made `printable` first."""
    return stream.bare if isinstance(stream, Shielded) else stream
