"""The office's film: what stations told that they hold, which segments are asked for, and those they have sent. Files."""

import hashlib
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from scanners.protocol import FILM_MOST
from timing.private import begin_private, write_private
from timing.race.instants import Instant
from timing.stations.station_status import FilmSegment

WANTED_MOST: Final = 6  # told to a station at once
HELD_MOST: Final = 50_000
"""Segments of one lineage of which is remembered that it holds them: some days."""
HELD: Final = "held.jsonl"
BEFORE: Final = "delete-before"


class RequestedFilms:
    """A folder for each lineage: `held.jsonl`, and for each segment `START.wanted`, then `START.mp4` or `START.none`.

    Files, because the requesting command and the server are two processes. A segment is accepted only if it has the SHA-256 that the
    station reported when it was filmed. `delete-before` beside the lineages' folders holds the instant before which stations delete film.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def record_held(self, lineage: str, told: Sequence[FilmSegment]) -> None:
        """Remember what a station holds.

        Raises:
            OSError: the folder cannot be written.
        """
        known = {one.start for one in self.held(lineage)} if told else set()
        new = [one for one in told if one.start not in known]
        if not new or len(known) >= HELD_MOST:
            return
        file = self._folder / lineage / HELD
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        begin_private(file)
        with file.open("ab") as held:
            held.write(b"".join(msgspec.json.encode(one) + b"\n" for one in new))

    def held(self, lineage: str) -> list[FilmSegment]:
        """The segments that a station reported to hold, the oldest first; damaged lines are skipped."""
        try:
            lines = (self._folder / lineage / HELD).read_bytes().splitlines()
        except OSError:
            return []
        found = []
        for line in lines:
            with suppress(msgspec.MsgspecError, UnicodeError):
                found.append(msgspec.json.decode(line, type=FilmSegment))
        return sorted(found, key=lambda one: one.start)

    def ask(self, lineage: str, start: Instant) -> None:
        """Have the station asked for the segment that begins then.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = self._file(lineage, start, "wanted")
        wanted.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._file(lineage, start, "none").unlink(missing_ok=True)
        wanted.touch()

    def wanted(self, lineage: str) -> list[Instant]:
        """The beginnings of the segments that are asked for; of many the first few."""
        asked = (int(file.stem) for file in (self._folder / lineage).glob("*.wanted") if file.stem.isdecimal())
        return [Instant(start) for start in sorted(asked)[:WANTED_MOST]]

    def take(self, lineage: str, start: Instant, film: bytes) -> bool:
        """Keep what a station sent, nothing being the answer that it is gone; False if nobody asked, or it is another film than was told.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = self._file(lineage, start, "wanted")
        if not wanted.exists() or len(film) > FILM_MOST:
            return False
        if film:
            told = {one.sha256 for one in self.held(lineage) if one.start == start}
            if hashlib.sha256(film).hexdigest() not in told:
                return False
            write_private(self._file(lineage, start, "mp4"), film)
        else:
            self._file(lineage, start, "none").touch()
        wanted.unlink(missing_ok=True)
        return True

    def find(self, lineage: str, start: Instant) -> Path | None:
        """The segment's file, once it is there."""
        file = self._file(lineage, start, "mp4")
        return file if file.is_file() else None

    def has_none(self, lineage: str, start: Instant) -> bool:
        """Whether the station answered that the segment is gone."""
        return self._file(lineage, start, "none").exists()

    def delete(self, before: Instant) -> int:
        """Delete the copies of film that began before an instant, and have every station delete its own; returns how many copies went.

        Raises:
            OSError: a file cannot be deleted.
        """
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(self._folder / BEFORE, str(before).encode())
        gone = [file for file in self._folder.glob("*/*.mp4") if file.stem.isdecimal() and int(file.stem) < before]
        for file in gone:
            file.unlink(missing_ok=True)
        return len(gone)

    def delete_before(self) -> Instant:
        """Before which instant film is to be deleted; 0 where nobody ordered that."""
        with suppress(OSError, ValueError):
            return Instant(max(0, int((self._folder / BEFORE).read_text())))
        return Instant(0)

    def _file(self, lineage: str, start: Instant, kind: str) -> Path:
        return self._folder / lineage / f"{start}.{kind}"
