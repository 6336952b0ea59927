"""The office's pictures of scans: which are asked for, and those that stations have sent. Files in the race folder."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Final, Literal

from scanners.outbox.evidence_files import EVIDENCE, evidence_file, evidence_files, find_picture
from scanners.protocol import PICTURE_MOST
from timing.race.clock import Clock
from timing.race.instants import Span, later
from timing.race.passings import Scan
from timing.replacing import replace_file

JPEG: Final = b"\xff\xd8\xff"
WANTED_MOST: Final = 8  # told to a station at once
LOOK_EVERY_S: Final = 0.3


def picture_file(race: Path, lineage: str, seq: int) -> Path | Literal["coming", "none"]:
    """The picture of an item in a race folder, from a station of this machine or from another; else its station is asked for it.

    A station that said that it has none is not asked again: what it has would wait behind that.

    Raises:
        OSError: the folder cannot be written.
    """
    pictures = RequestedPictures(race / EVIDENCE)
    if found := find_picture(lineage, seq, race / "stations" / EVIDENCE, pictures.folder):
        return found
    if pictures.has_none(lineage, seq):
        return "none"
    pictures.ask(lineage, seq)
    return "coming"


class RequestedPictures:
    """A folder for each lineage, in it `12.jpg`, or `12.wanted` until the station answers, or `12.none`.

    Files, because the requesting command and the server are two processes.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def ask(self, lineage: str, seq: int) -> None:
        """Have the station asked for the picture of a scan.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = evidence_file(self.folder, lineage, seq, "wanted")
        wanted.parent.mkdir(parents=True, exist_ok=True)
        evidence_file(self.folder, lineage, seq, "none").unlink(missing_ok=True)
        wanted.touch()

    def wanted(self, lineage: str) -> list[int]:
        """The scans of a lineage whose pictures are asked for; of many the first few."""
        return [seq for seq, _ in evidence_files(self.folder, lineage, "wanted")][:WANTED_MOST]

    def accept(self, lineage: str, seq: int, picture: bytes) -> bool:
        """Store a picture that a station sent, an empty one meaning that it has none; False if none was requested, or it is no JPEG.

        Raises:
            OSError: the folder cannot be written.
        """
        wanted = evidence_file(self.folder, lineage, seq, "wanted")
        if not wanted.exists() or len(picture) > PICTURE_MOST or (picture and not picture.startswith(JPEG)):
            return False
        if picture:
            replace_file(evidence_file(self.folder, lineage, seq), picture)
        else:
            evidence_file(self.folder, lineage, seq, "none").touch()
        wanted.unlink(missing_ok=True)
        return True

    def find(self, lineage: str, seq: int) -> Path | None:
        """The picture's file, once it is there."""
        return find_picture(lineage, seq, self.folder)

    def has_none(self, lineage: str, seq: int) -> bool:
        """Whether the station answered that it has no picture."""
        return evidence_file(self.folder, lineage, seq, "none").exists()


def fetched(
    pictures: RequestedPictures, at_home: Path, scans: Sequence[Scan], wait: Span, clock: Clock
) -> Iterator[tuple[Scan, Path | None]]:
    """Each scan with its picture as it comes, None where its station has none; scans whose pictures do not come in time are left out.

    Pictures of stations on this machine lie in the folder `at_home`; all others are asked for.

    Raises:
        OSError: the folder of the requests cannot be written.
    """
    over, idle, waiting = later(clock.now(), wait), Event(), list(scans)
    for scan in waiting:
        if not find_picture(scan.lineage, scan.seq, at_home, pictures.folder):
            pictures.ask(scan.lineage, scan.seq)
    while True:
        for scan in waiting.copy():
            file = find_picture(scan.lineage, scan.seq, at_home, pictures.folder)
            if file or pictures.has_none(scan.lineage, scan.seq):
                waiting.remove(scan)
                yield scan, file
        if not waiting or clock.now() >= over:
            return
        idle.wait(LOOK_EVERY_S)
