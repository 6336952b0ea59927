"""What waits for a person beside the log: runners' reports, and lines of paper sheets that were not recorded."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Literal

from sqlalchemy import Connection, Engine, Select, func, insert, select, update

from timing.race.instants import Instant
from timing.store.low_priority_writer import low_priority_writing, take_turn
from timing.store.tables import report

TEXT_MOST: Final = 300
WRITTEN_MOST: Final = 40
OPEN_MOST: Final = 5_000
"""The most open reports that are stored, so that nobody can fill the disk; further ones are refused until some are settled."""


LinePoint = Literal["start", "finish"]


@dataclass(frozen=True, slots=True)
class PaperLine:
    """Where and when a line of a paper sheet says that somebody passed; `passed` is None where that cannot be read."""

    point: LinePoint
    passed: Instant | None


@dataclass(frozen=True, slots=True)
class Message:
    """One report, and whether it is settled."""

    number: int
    bib: int | None
    """None if what was written is not a number."""
    written: str
    """The bib as it was written."""
    text: str
    at: Instant
    done: bool
    line: PaperLine | None = None
    """Of a paper sheet's line: where and when, as it was written; None for a runner's report."""


class Inbox:
    """The reports of one race."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def put(self, bib: int | None, written: str, text: str, at: Instant) -> bool:
        """Store a report, once while an equal one is open; False if the inbox is full."""
        with low_priority_writing(self._engine) as connection:
            return self._put(connection, self._still_open(), bib, written, text, at, None)

    def keep_line(
        self, connection: Connection, bib: int | None, written: str, text: str, at: Instant, line: PaperLine
    ) -> bool:
        """Store a line of a paper sheet within a transaction, once for ever; False if the inbox is full."""
        take_turn(connection)
        every = select(func.count()).where(report.c.race == self._race)
        return self._put(connection, every, bib, written, text, at, line)

    def _put(
        self,
        connection: Connection,
        among: Select[int],
        bib: int | None,
        written: str,
        text: str,
        at: Instant,
        line: PaperLine | None,
    ) -> bool:
        said = {"bib": bib or 0, "written": written[:WRITTEN_MOST], "text": text[:TEXT_MOST]}
        if line:
            said |= {"point": line.point, "passed": line.passed or 0}
        if connection.scalar(among.where(*(report.c[key] == value for key, value in said.items()))):
            return True
        last = select(func.coalesce(func.max(report.c.number), 0)).where(report.c.race == self._race)
        number = int(connection.scalar(last) or 0) + 1
        if int(connection.scalar(self._still_open()) or 0) >= OPEN_MOST:
            return False
        connection.execute(insert(report).values(race=self._race, number=number, **said, at=at, done=False))
        return True

    def messages(self, done: bool | None = False, most: int | None = None) -> list[Message]:
        """The reports, the oldest first and not more than `most`; those still open unless others are asked for (None: all)."""
        asked = select(report).where(report.c.race == self._race).order_by(report.c.number).limit(most)
        return self._read(asked if done is None else asked.where(report.c.done.is_(done)))

    def message(self, number: int) -> Message | None:
        """The one of this number."""
        found = self._read(select(report).where(report.c.race == self._race, report.c.number == number))
        return found[0] if found else None

    def _read(self, asked: Select[Any]) -> list[Message]:
        with self._engine.connect() as connection:
            return [
                Message(
                    row.number,
                    row.bib or None,
                    row.written or str(row.bib or ""),
                    row.text,
                    Instant(row.at),
                    row.done,
                    _line(row.point, row.passed),
                )
                for row in connection.execute(asked)
            ]

    def open(self) -> int:
        """The number of open reports."""
        with self._engine.connect() as connection:
            return int(connection.scalar(self._still_open()) or 0)

    def settle(self, number: int, done: bool = True, beside: Callable[[Connection], object] | None = None) -> bool:
        """Mark one as dealt with, or as open again; False if there is none of that number. `beside` writes in the same transaction."""
        with low_priority_writing(self._engine) as connection:
            found = self.settle_within(connection, number, done)
            if found and beside:
                beside(connection)
            return found

    def settle_within(self, connection: Connection, number: int, done: bool = True) -> bool:
        """The same within a transaction."""
        settled = update(report).where(report.c.race == self._race, report.c.number == number).values(done=done)
        return bool(connection.execute(settled).rowcount)

    def reopen_lines(self, connection: Connection, line: PaperLine) -> None:
        """What was written for then is open again: the time that was taken from it was taken back."""
        same = report.c.race == self._race, report.c.point == line.point, report.c.passed == (line.passed or 0)
        connection.execute(update(report).where(*same).values(done=False))

    def _still_open(self) -> Select[int]:
        return select(func.count()).where(report.c.race == self._race, report.c.done.is_(False))


def _line(point: str, passed: int) -> PaperLine | None:
    if point not in ("start", "finish"):
        return None
    return PaperLine("start" if point == "start" else "finish", Instant(passed) if passed else None)
