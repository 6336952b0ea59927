"""Tells the office which film this station holds, and sends the segments it asks for, in a thread of its own: scans go first."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from queue import Full, Queue
from threading import Lock, Thread
from typing import Final

from scanners.outbox.uplink import HttpUplink
from scanners.protocol import HeartbeatAnswer
from scanners.station.film_ring import FilmRing, name_of
from timing.errors import RaceError
from timing.race.instants import Instant
from timing.stations.station_status import FILM_AT_ONCE, FilmSegment

WAITING_MOST: Final = 20


class FilmSender:
    """Between the heartbeats of a station and its ring of film."""

    def __init__(self, ring: FilmRing, folder: Path, http: HttpUplink, lineage: str) -> None:
        """`folder` is the lineage's folder of film."""
        self._ring, self._folder, self._http, self._lineage = ring, folder, http, lineage
        self._told: set[Instant] = set()
        self._waiting: set[Instant] = set()
        self._lock, self._queue = Lock(), Queue[Instant](WAITING_MOST)
        Thread(target=self._send, name="film sender", daemon=True).start()

    def untold(self) -> tuple[FilmSegment, ...]:
        """Segments that the office has not heard of."""
        kept = self._ring.kept
        self._told &= {one.start for one in kept}
        return tuple([one for one in kept if one.start not in self._told][:FILM_AT_ONCE])

    def answered(self, told: Sequence[FilmSegment], answer: HeartbeatAnswer) -> None:
        """The office has heard of these segments, and asks for others or wants film deleted."""
        self._told |= {one.start for one in told}
        if answer.film_before:
            with suppress(OSError):  # it is ordered still at the next heartbeat
                self._ring.delete_begun(answer.film_before)
        for start in answer.films:
            self._ask(start)

    def _ask(self, start: Instant) -> None:
        with self._lock, suppress(Full):
            if start not in self._waiting:
                self._queue.put_nowait(start)
                self._waiting.add(start)

    def _send(self) -> None:
        while True:
            start = self._queue.get()
            with suppress(RaceError):  # it is wanted still at the next heartbeat
                self._http.film(self._lineage, start, self._film(start))
            with self._lock:
                self._waiting.discard(start)

    def _film(self, start: Instant) -> bytes:
        found = next((one for one in self._ring.kept if one.start == start), None)
        try:
            return (self._folder / name_of(found)).read_bytes() if found else b""
        except OSError:
            return b""
