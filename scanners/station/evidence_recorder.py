"""Stores a picture of each scan at the station: the best view of the runner. Scans never wait for it."""

import errno
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from threading import Thread
from typing import Final

from scanners.cameras.jpeg import fitted, jpeg
from scanners.outbox.evidence_files import evidence_file, evidence_files
from scanners.station.observer import Picture, SeenCode
from timing.disk import free_bytes
from timing.race.events import StationFact
from timing.race.instants import SECOND, Instant, Span
from timing.replacing import replace_file
from timing.stations.station_warnings import DISK_LOW

PICTURE_PX: Final = 480
WAITING_MOST: Final = 32  # pictures on their way to the disk
FORGOTTEN_AFTER: Final = Span(20 * SECOND)
BETTER: Final = 1.15  # a view so many times as large replaces an earlier one
ASIDE: Final = 2.5
ABOVE: Final = 5.0
BELOW: Final = 8.0
"""The extent of a runner around the code or mark on the chest, in sides of it."""


class EvidenceStore:
    """The pictures of one lineage within a size limit: the oldest are deleted first, and none is added to a nearly full disk."""

    def __init__(
        self,
        folder: Path,
        lineage: str,
        most_bytes: int,
        free: Callable[[Path], int] = free_bytes,
        spare: int = DISK_LOW,
    ) -> None:
        """`folder` is the evidence folder beside the outbox.

        Raises:
            OSError: the folder cannot be made or read, and not for want of room.
        """
        self._folder, self._lineage, self._most, self._free, self._spare = folder, lineage, most_bytes, free, spare
        try:
            (folder / lineage).mkdir(parents=True, exist_ok=True)
        except OSError as failure:
            if failure.errno not in (errno.ENOSPC, errno.EDQUOT):
                raise
        self._kept = deque((file, file.stat().st_size) for _, file in evidence_files(folder, lineage))
        self._bytes = sum(size for _, size in self._kept)

    def keep(self, seq: int, picture: bytes) -> bool:
        """Store the picture of a scan; False when there is no room for pictures.

        Raises:
            OSError: it cannot be written.
        """
        if len(picture) > self._most or self._free(self._folder) < self._spare + len(picture):
            return False
        while self._bytes + len(picture) > self._most:
            file, size = self._kept.popleft()
            file.unlink(missing_ok=True)
            self._bytes -= size
        file = evidence_file(self._folder, self._lineage, seq)
        file.parent.mkdir(parents=True, exist_ok=True)
        replace_file(file, picture)
        self._kept.append((file, len(picture)))
        self._bytes += len(picture)
        return True


class EvidenceRecorder:
    """Observes the frames, holds the best view of each runner, and stores it when the scan is committed.

    A thread of its own writes; when the disk is too slow, pictures are dropped and counted in `lost`.
    """

    def __init__(self, store: EvidenceStore) -> None:
        self._store = store
        self._best: dict[str, tuple[float, Instant, Picture]] = {}
        self._last: Picture | None = None
        self._queue: Queue[tuple[int, Picture] | None] = Queue(WAITING_MOST)
        self.lost = 0
        self.keeping = True
        """Whether the last picture could be stored."""
        self._thread = Thread(target=self._write, name="evidence", daemon=True)
        self._thread.start()

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read: cut out each runner who is seen better than before."""
        self._last = gray
        for one in seen:
            worth, part = person(gray, one)
            best, _, view = self._best.get(one.code, (0.0, at, part))
            if worth > BETTER * best:
                best, view = worth, part.copy()
            self._best[one.code] = best, at, view
        gone = [code for code, (_, last, _) in self._best.items() if not 0 <= at - last <= FORGOTTEN_AFTER]
        for code in gone:
            del self._best[code]

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """A visit is committed: queue its picture."""
        if code in self._best:
            self.hand_over(seq, self._best.pop(code)[2])

    def on_tap(self, seq: int) -> None:
        """The operator entered a time or a bib: queue the whole frame."""
        if self._last is not None:
            self.hand_over(seq, self._last)

    def hand_over(self, seq: int, view: Picture) -> None:
        """This picture belongs to this item; it may go to the disk."""
        try:
            self._queue.put_nowait((seq, view))
        except Full:
            self.lost += 1

    def close(self) -> None:
        """Write the queued pictures, and stop the thread."""
        self._queue.put(None)
        self._thread.join()

    def _write(self) -> None:
        while (waiting := self._queue.get()) is not None:
            seq, view = waiting
            self.keeping = False
            with suppress(OSError):  # a disk that fails is told by the outbox, which needs it more
                self.keeping = self._store.keep(seq, jpeg(fitted(view, PICTURE_PX)))
            self.lost += not self.keeping


def person(gray: Picture, seen: SeenCode) -> tuple[float, Picture]:
    """The part of the frame that shows the wearer, and a score of the view: larger is better, half a runner scores half."""
    left, top, right, bottom = seen.box
    side = max(right - left, bottom - top, 1.0)
    rows = slice(max(0, round(top - ABOVE * side)), max(1, round(bottom + BELOW * side)))
    columns = slice(max(0, round(left - ASIDE * side)), max(1, round(right + ASIDE * side)))
    part = gray[rows, columns]
    whole = (1 + ABOVE + BELOW) * (1 + 2 * ASIDE) * side**2
    return side * part.size / whole, part
