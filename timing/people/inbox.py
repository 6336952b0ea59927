"""Reports of runners to the director: a bib and a few words each, in a table beside the log."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, Select, func, insert, select, update

from timing.race.instants import Instant
from timing.store.low_priority_writer import low_priority_writing
from timing.store.tables import report

TEXT_MOST: Final = 300
WRITTEN_MOST: Final = 40
OPEN_MOST: Final = 5_000
"""The most open reports that are stored, so that nobody can fill the disk; further ones are refused until some are settled."""


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


class Inbox:
    """The reports of one race."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def put(self, bib: int | None, written: str, text: str, at: Instant) -> bool:
        """Store a report, once while an equal one is open; False if the inbox is full."""
        said = {"bib": bib or 0, "written": written[:WRITTEN_MOST], "text": text[:TEXT_MOST]}
        with low_priority_writing(self._engine) as connection:
            if connection.scalar(self._still_open().where(*(report.c[key] == value for key, value in said.items()))):
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
        if done is not None:
            asked = asked.where(report.c.done.is_(done))
        with self._engine.connect() as connection:
            return [
                Message(
                    row.number,
                    row.bib or None,
                    row.written or str(row.bib or ""),
                    row.text,
                    Instant(row.at),
                    row.done,
                )
                for row in connection.execute(asked)
            ]

    def open(self) -> int:
        """The number of open reports."""
        with self._engine.connect() as connection:
            return int(connection.scalar(self._still_open()) or 0)

    def settle(self, number: int, done: bool = True, beside: Callable[[Connection], object] | None = None) -> bool:
        """Mark one as dealt with, or as open again; False if there is none of that number. `beside` writes in the same transaction."""
        settled = update(report).where(report.c.race == self._race, report.c.number == number).values(done=done)
        with low_priority_writing(self._engine) as connection:
            found = bool(connection.execute(settled).rowcount)
            if found and beside:
                beside(connection)
            return found

    def _still_open(self) -> Select[int]:
        return select(func.count()).where(report.c.race == self._race, report.c.done.is_(False))
