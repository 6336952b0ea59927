"""What the board shows besides results: spectators' scans by firm, and the vote. No facts of the log; read from the database every ten seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from results.spectators.ballots import Ballots, Poll
from results.spectators.scans import ScanStore
from timing.folder import OpenRace
from timing.race.instants import SECOND, Instant, day_of
from timing.store.low_priority_writer import LowPriorityWriter

READ_AGAIN_AFTER: Final = 10 * SECOND


@dataclass(frozen=True, slots=True)
class Promotion:
    """Scans and vote at one moment."""

    scans: Mapping[str, int] = field(default_factory=dict)
    """By firm; who has none is left out."""
    poll: Poll | None = None

    @property
    def candidates(self) -> tuple[str, ...]:
        """The firms whose designs were ever put up for the vote."""
        return self.poll.candidates if self.poll else ()

    @property
    def open_now(self) -> bool:
        """Whether there is something to vote on at this moment."""
        return self.poll is not None and self.poll.open_now


def promotion_of(opened: OpenRace) -> Promotion:
    """Scans and vote as the database has them now."""
    race = opened.settings.id
    return Promotion(ScanStore(opened.engine, race).scans(), Ballots(opened.engine, race).poll())


class Promoted:
    """Scans and vote, read again after ten seconds; with each reading the crowd writer, if any, deletes devices and keys of past days."""

    def __init__(self, opened: OpenRace, low_priority_writer: LowPriorityWriter | None = None) -> None:
        self._opened, self._low_priority_writer = opened, low_priority_writer
        self._found = Promotion()
        self._read_at: Instant | None = None

    def now(self) -> Promotion:
        """As read last."""
        now = self._opened.clock.now()
        if self._read_at is None or not 0 <= now - self._read_at < READ_AGAIN_AFTER:
            self._have_tidied(day_of(now, self._opened.zone), now)
            self._found, self._read_at = promotion_of(self._opened), now
        return self._found

    def _have_tidied(self, today: str, now: Instant) -> None:
        """Queued, not waited for; a failure is tried again with the next reading."""
        if self._low_priority_writer and not self._low_priority_writer.full:
            spectators = ScanStore(self._opened.engine, self._opened.settings.id)
            self._low_priority_writer.put(lambda connection: spectators.tidy(connection, today, now))
