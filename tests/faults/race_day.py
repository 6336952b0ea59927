"""A day on which everything goes wrong but nothing may be lost: stations, their copies, a bad road, a server and its backups.

`RaceDay.law` is what must hold at the end, whatever happened: all that a station promised is in the log or in quarantine,
under its own number, once and unchanged.
"""

import sqlite3
from collections.abc import Callable, Iterable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from threading import Event
from typing import Protocol

from scanners.outbox import Outbox
from scanners.outbox.uploader import LOOK_AGAIN_TURNS, Uploader
from tests.builders import GUN, RACE, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.memory_log import MemoryLog
from timing.errors import RaceError, Unreachable
from timing.language import pair
from timing.log import Log, Receipt
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.chain import Batch, Head
from timing.store.database import open_database, sqlite_file

SENDS_MOST = 60
"""So many batches a uploader may send at one go; a uploader that sends for ever is cut off."""


class Server(Protocol):
    """A log that can be backed up, restored and killed."""

    @property
    def log(self) -> Log: ...

    def back_up(self) -> None: ...

    def restore(self) -> None:
        """Go on from the last backup, or from nothing."""
        ...

    def crash(self) -> None:
        """Be killed and start again."""
        ...

    def close(self) -> None: ...


def copied(log: MemoryLog) -> MemoryLog:
    twin = type(log)(RACE, ManualClock(GUN))
    twin._facts, twin._quarantine = list(log._facts), dict(log._quarantine)
    twin._lineages = {lineage: list(hashes) for lineage, hashes in log._lineages.items()}
    return twin


class MemoryServer:
    """A server whose log is in memory."""

    def __init__(self, _: Path, kind: type[MemoryLog] = MemoryLog) -> None:
        self.log: MemoryLog = kind(RACE, ManualClock(GUN))
        self._kept = copied(self.log)

    def back_up(self) -> None:
        self._kept = copied(self.log)

    def restore(self) -> None:
        self.log = copied(self._kept)

    def crash(self) -> None:
        self.log = copied(self.log)

    def close(self) -> None: ...


class SqliteServer:
    """A server whose log is a SQLite file."""

    def __init__(self, folder: Path) -> None:
        self._path, self._kept = folder / "race.db", folder / "backup.db"
        self._start()

    def back_up(self) -> None:
        copy_database(self._path, self._kept)

    def restore(self) -> None:
        self.close()
        for left in self._path.parent.glob("race.db*"):
            left.unlink()
        if self._kept.exists():
            copy_database(self._kept, self._path)
        self._start()

    def crash(self) -> None:
        self.close()
        self._start()

    def close(self) -> None:
        self._engine.dispose()

    def _start(self) -> None:
        self._engine = open_database(sqlite_file(self._path))
        self.log: Log = SqlLog(self._engine, RACE, ManualClock(GUN))


def copy_database(source: Path, copy: Path) -> None:
    """A faithful copy, also of what only the write-ahead log holds."""
    with closing(sqlite3.connect(source)) as one, closing(sqlite3.connect(copy)) as other:
        one.backup(other)


class BadRoad:
    """From one station to the server; each batch meets the next mishap, and every batch is remembered."""

    def __init__(self, day: "RaceDay") -> None:
        self._day = day
        self.mishaps: list[str] = []
        self.left = SENDS_MOST

    def send(self, batch: Batch) -> Receipt:
        mishap = self.mishaps.pop(0) if self.mishaps else ""
        self.left -= 1
        if mishap == "lost" or self.left < 0:
            raise Unreachable(pair("길이 막혔습니다", "lost on the way"))
        self._day.sent.append(batch)
        receipt = self._day.server.log.receive(batch)
        if mishap == "twice":
            receipt = self._day.server.log.receive(batch)
        if mishap == "unanswered":
            raise Unreachable(pair("답이 없습니다", "the answer was lost"))
        self._day.acknowledged[batch.lineage] = receipt.head
        return receipt


class Turns(Event):
    """Lets a uploader go round so many times, and never makes it wait."""

    def __init__(self, turns: int) -> None:
        super().__init__()
        self._left = turns

    def wait(self, timeout: float | None = None) -> bool:
        self._left -= 1
        if self._left <= 0:
            self.set()
        return self.is_set()


class Laptop:
    """A station's laptop: its outbox file and, while it is on, the uploader."""

    def __init__(self, path: Path, day: "RaceDay") -> None:
        self.path, self._day = path, day
        self.road = BadRoad(day)
        self.switch_on()

    def switch_on(self) -> None:
        self.outbox = Outbox(self.path, seeded_bits(next(self._day.numbers)))
        self.uploader = Uploader(self.outbox, self.road, lambda _: 0)

    def switch_off(self) -> None:
        self.outbox.close()


class RaceDay:
    """Everything that may happen on such a day."""

    def __init__(self, folder: Path, server: Server) -> None:
        self._folder, self.server = folder, server
        self.numbers = count(1)
        self.promised: set[tuple[str, int, bytes]] = set()
        self.sent: list[Batch] = []
        self.acknowledged: dict[str, Head] = {}
        self.laptops: list[Laptop] = []
        self.fresh_laptop()

    def fresh_laptop(self) -> Laptop:
        """Another outbox, perhaps under a station name that was used before: the log knows no names."""
        self.laptops.append(Laptop(self._folder / f"laptop-{len(self.laptops)}.db", self))
        return self.laptops[-1]

    def clone(self, laptop: Laptop) -> Laptop:
        """The disk is copied while the laptop is on; from now on both go their own ways."""
        path = self._folder / f"laptop-{len(self.laptops)}.db"
        copy_database(laptop.path, path)
        self.laptops.append(Laptop(path, self))
        return self.laptops[-1]

    def restart(self, laptop: Laptop) -> None:
        laptop.switch_off()
        laptop.switch_on()

    def keep(self, laptop: Laptop, bib: int) -> None:
        """A scan, and a beep. Two laptops may well keep equal bytes."""
        seq = laptop.outbox.keep(scan(bib, "17:05"))
        (data,) = laptop.outbox.batch(seq - 1, 1, 1).items
        self.promised.add((laptop.outbox.lineage, seq, bytes(data)))

    def send(self, laptop: Laptop, mishaps: Iterable[str] = (), turns: int = 1) -> None:
        """The uploader goes round, as it does beside the camera."""
        laptop.road.mishaps, laptop.road.left = list(mishaps), SENDS_MOST
        laptop.uploader.keep_draining(Turns(turns), lambda _: None)

    def restore(self) -> None:
        """The server goes on from its last backup, and so is bound to nothing that it said since."""
        self.server.restore()
        self.acknowledged.clear()

    def late_duplicate(self, which: int) -> None:
        """A batch that was sent long ago arrives once more; whoever sent it hears nothing."""
        if self.sent:
            with suppress(RaceError):
                self.server.log.receive(self.sent[which % len(self.sent)])

    def check(self) -> None:
        """What holds at every moment."""
        log = self.server.log
        facts = list(log.read())
        stored = [(fact.lineage, fact.seq, fact.data) for fact in facts]
        aside = [(lineage, item.seq, item.data) for lineage, item in log.quarantined()]
        assert [fact.pos for fact in facts] == list(range(1, len(facts) + 1)), "a hole in the positions"
        assert len({(lineage, seq) for lineage, seq, _ in stored}) == len(stored), "a number twice"
        assert {*stored, *aside} <= self.promised, "something that no station said"
        for lineage, head in self.acknowledged.items():
            assert head.seq <= log.lineage_head(lineage).seq, "acknowledged, and not there"

    def law(self) -> None:
        """What holds at the end of the day, once the road is good and every uploader went round for a while."""
        for laptop in self.laptops:
            self.send(laptop, turns=2 * LOOK_AGAIN_TURNS)
        self.server.crash()  # the last acknowledgement must hold too
        self.check()
        log = self.server.log
        stored = {(fact.lineage, fact.seq, fact.data) for fact in log.read()}
        aside = {(lineage, item.seq, item.data) for lineage, item in log.quarantined()}
        assert self.promised <= stored | aside, "a promised scan is lost"
        assert verify(log).damage is None

    def close(self) -> None:
        for laptop in self.laptops:
            laptop.switch_off()
        self.server.close()


Script = Callable[[RaceDay], None]
