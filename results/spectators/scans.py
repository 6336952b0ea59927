"""Counts how often spectators scanned each firm's bibs, once a firm, device and day.

A device is stored for one day, as a hash under that day's key. On the next day key and hashes are deleted; the counts by firm and
day remain.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Connection, Engine, delete, func, select

from timing.people.race_keys import device_hash, new_key
from timing.race.chance import Bits, system_bits
from timing.race.instants import Instant
from timing.store.tables import day_key, rejected_scan, spectator_count, spectator_device, spent_ticket
from timing.store.upserts import increment, insert_if_absent


class ScanOutcome(StrEnum):
    """The outcome of a scan."""

    COUNTED = "counted"
    SPENT = "spent"
    """The ticket was used before."""
    REPEAT = "repeat"
    """This device scanned this firm today already."""


@dataclass(frozen=True, slots=True)
class SpectatorScan:
    """A phone's scan of a bib: the firm, the day in the race's zone, the device, and the ticket's nonce and expiry."""

    company: str
    day: str
    device: str
    nonce: bytes
    until: Instant


class ScanStore:
    """The counts of one race; several servers may count at once."""

    def __init__(self, engine: Engine, race: str, bits: Bits = system_bits) -> None:
        self._engine, self._race, self._bits = engine, race, bits

    def take(self, connection: Connection, arrival: SpectatorScan) -> ScanOutcome:
        """Count a scan within a transaction, unless its ticket was used or its device counted before."""
        spent = {"race": self._race, "nonce": arrival.nonce, "until": arrival.until}
        if not insert_if_absent(connection, spent_ticket, spent):
            return ScanOutcome.SPENT
        row = {"race": self._race, "day": arrival.day, "company": arrival.company}
        device = device_hash(self._key(connection, arrival.day), arrival.device)
        if not insert_if_absent(connection, spectator_device, {**row, "device": device}):
            return ScanOutcome.REPEAT
        increment(connection, spectator_count, {**row, "scans": 1}, "scans")
        return ScanOutcome.COUNTED

    def _key(self, connection: Connection, day: str) -> bytes:
        insert_if_absent(connection, day_key, {"race": self._race, "day": day, "key": new_key(self._bits)})
        found: bytes | None = connection.scalar(
            select(day_key.c.key).where(day_key.c.race == self._race, day_key.c.day == day)
        )
        assert found is not None
        return found

    def scans(self) -> dict[str, int]:
        """Scans by company id, on all days together."""
        total = func.sum(spectator_count.c.scans)
        asked = select(spectator_count.c.company, total).where(spectator_count.c.race == self._race)
        with self._engine.connect() as connection:
            return {
                company: int(number)
                for company, number in connection.execute(asked.group_by(spectator_count.c.company))
            }

    def tidy(self, connection: Connection, today: str, now: Instant) -> None:
        """Delete, within a transaction, devices and keys of days before today, and expired tickets."""
        for table, old in (
            (day_key, day_key.c.day < today),
            (spectator_device, spectator_device.c.day < today),
            (spent_ticket, spent_ticket.c.until < now),
        ):
            connection.execute(delete(table).where(table.c.race == self._race, old))


class Rejections:
    """Counts rejected scans and votes by reason."""

    def __init__(self, engine: Engine, race: str) -> None:
        self._engine, self._race = engine, race

    def note(self, connection: Connection, refused: Mapping[tuple[str, str], int]) -> None:
        """Add these counts, by kind (`scan`, `vote`) and reason."""
        for (what, reason), number in sorted(refused.items()):
            row = {"race": self._race, "what": what, "reason": reason, "number": number}
            increment(connection, rejected_scan, row, "number")

    def noted(self) -> Counter[tuple[str, str]]:
        """All counts, by kind and reason."""
        asked = select(rejected_scan.c.what, rejected_scan.c.reason, rejected_scan.c.number).where(
            rejected_scan.c.race == self._race
        )
        with self._engine.connect() as connection:
            return Counter({(what, reason): number for what, reason, number in connection.execute(asked)})
