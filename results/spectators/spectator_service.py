"""What the spectators' routes share: reading a JSON body, batched writes, and counts of what was rejected."""

from asyncio import wrap_future
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass
from threading import Lock
from typing import Annotated, Final, TypeVar
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Meta
from sqlalchemy import Connection

from results.board.plugs import Heads
from results.spectators.scans import Rejections
from results.web.same_origin import is_json
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, day_of
from timing.store.low_priority_writer import LowPriorityWriter

R = TypeVar("R")
Device = Annotated[str, Meta(pattern="^[0-9a-f]{32}$", max_length=32)]  # `$` alone lets a line end with it
"""A device's number in hexadecimal: 128 bits that a browser drew for this board alone."""
BODY_MOST: Final = 1_000
NOTED_AFTER: Final = 10 * SECOND


@dataclass(frozen=True, slots=True)
class SpectatorRequest:
    """A request: its body if it was short enough, the address it came from, and its headers, names in lower case."""

    body: bytes | None
    sender: str
    headers: Heads

    def read(self, kind: type[R]) -> R | None:
        """The body decoded as this type; None where it does not fit."""
        try:
            return msgspec.json.decode(self.body, type=kind) if self.body is not None else None
        except (msgspec.MsgspecError, UnicodeError, RecursionError):
            return None

    @property
    def from_our_script(self) -> bool:
        """Whether a script of our own page sent it: browsers send no JSON from other sites, and forms were refused before."""
        return is_json(self.headers)


class SpectatorService:
    """The day in the race's zone, and writes through the crowd writer."""

    def __init__(
        self, low_priority_writer: LowPriorityWriter, rejections: Rejections, clock: Clock, zone: ZoneInfo
    ) -> None:
        self._low_priority_writer, self._sieve, self._clock, self._zone = low_priority_writer, rejections, clock, zone
        self._refused: Counter[tuple[str, str]] = Counter()
        self._noted_at = Instant(0)
        self._lock = Lock()

    @property
    def full(self) -> bool:
        return self._low_priority_writer.full

    def today(self) -> str:
        return day_of(self._clock.now(), self._zone)

    async def write(self, work: Callable[[Connection], R]) -> R:
        """Do work within a transaction of the crowd writer; rejections since the last one are written first."""
        self._note()
        return await wrap_future(self._low_priority_writer.put(work))

    def refuse(self, what: str, reason: str) -> None:
        """Count a rejection; it is written with the next work, or after ten seconds."""
        now = self._clock.now()
        with self._lock:
            self._refused[what, reason] += 1
            due = not 0 <= now - self._noted_at < NOTED_AFTER and not self.full
            self._noted_at = now if due else self._noted_at
        if due:
            self._note()

    def _note(self) -> None:
        """Write the counted rejections; those that cannot be written are kept for the next time."""
        with self._lock:
            refused, self._refused = self._refused, Counter()

        def keep_if_lost(noted: Future[None]) -> None:
            if noted.exception():
                with self._lock:
                    self._refused.update(refused)

        if refused:
            written = self._low_priority_writer.put(lambda connection: self._sieve.note(connection, refused))
            written.add_done_callback(keep_if_lost)
