"""What runners report to the director: a bib and a few words each, in a table beside the log; no part of what happened."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Engine, Select, func, insert, select, update

from timing.race.instants import Instant
from timing.store.crowd_writer import crowd_writing
from timing.store.tables import report

TEXT_MOST: Final = 300
WRITTEN_MOST: Final = 40
OPEN_MOST: Final = 5_000
"""Whoever fills the box fills no disk: further messages are not kept until somebody has dealt with some."""


@dataclass(frozen=True, slots=True)
class Message:
    """One report, and whether somebody has dealt with it."""

    number: int
    bib: int | None
    """None where what was written is no number."""
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
        """Keep a report, once however often the same is sent while it is open; False when the box is full."""
        said = {"bib": bib or 0, "written": written[:WRITTEN_MOST], "text": text[:TEXT_MOST]}
        with crowd_writing(self._engine) as connection:
            if connection.scalar(self._still_open().where(*(report.c[key] == value for key, value in said.items()))):
                return True
            last = select(func.coalesce(func.max(report.c.number), 0)).where(report.c.race == self._race)
            number = int(connection.scalar(last) or 0) + 1
            if int(connection.scalar(self._still_open()) or 0) >= OPEN_MOST:
                return False
            connection.execute(insert(report).values(race=self._race, number=number, **said, at=at, done=False))
        return True

    def messages(self, done: bool | None = False) -> list[Message]:
        """The reports, the oldest first; those still open unless others are asked for (None: all)."""
        asked = select(report).where(report.c.race == self._race).order_by(report.c.number)
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
        """How many nobody has dealt with."""
        with self._engine.connect() as connection:
            return int(connection.scalar(self._still_open()) or 0)

    def settle(self, number: int) -> bool:
        """Mark one as dealt with; False if there is none of that number."""
        settled = update(report).where(report.c.race == self._race, report.c.number == number).values(done=True)
        with crowd_writing(self._engine) as connection:
            return bool(connection.execute(settled).rowcount)

    def _still_open(self) -> Select[int]:
        return select(func.count()).where(report.c.race == self._race, report.c.done.is_(False))
