"""A bit of the log's file turns over: `verify`, or the refusal to open the file, finds every flip that changed anything.

A flip is harmful where any stored fact, head or item in quarantine reads otherwise than before, or can no longer be read, in
the tables or through their indexes. Flips in free pages or the file's own bookkeeping change nothing and are not counted.
Not covered: flips in a write-ahead log (SQLite's own checksums), in names and tokens (no log), and a forger who computes the
chains anew: signed checkpoints of the head are for that.
"""

import shutil
import sqlite3
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.builders import GUN, RACE, Station, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.faults.soak import SEED, scaled
from timing.errors import RaceError
from timing.log.sql import SqlLog
from timing.log.verify import verify
from timing.race.instants import SECOND, Span
from timing.store.database import open_database, sqlite_file

FLIPS = scaled(150, 1_000)
FACTS = 500
LOOKS = (
    "SELECT * FROM event NOT INDEXED ORDER BY rowid",
    f"SELECT pos, lineage, seq, received_at, data, lineage_hash, hash FROM event WHERE race = '{RACE}' ORDER BY pos",
    "SELECT lineage, seq, lineage_hash FROM event ORDER BY lineage, seq",
    f"SELECT last_pos, last_hash FROM race_head WHERE race = '{RACE}'",
    "SELECT lineage, seq, hash FROM lineage_head ORDER BY lineage",
    "SELECT * FROM quarantine NOT INDEXED ORDER BY rowid",
)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A race's log of some 500 facts, closed properly."""
    path, clock = tmp_path_factory.mktemp("flips") / "race.db", ManualClock(GUN)
    engine = open_database(sqlite_file(path))
    log = SqlLog(engine, RACE, clock)
    bibs = range(1, 100)
    log.record(race(opened(), *(fact for bib in bibs for fact in runner(bib)), gun()))
    start, finish = Station("start-1", "start"), Station("finish-1")
    copy = finish.clone().says(scan(7, "16:00"), scan(8, "16:01"))
    for bib in bibs:
        clock.tick(Span(SECOND))
        log.receive(start.says(scan(bib, f"0:{bib}")).batch(first=1 if bib == 1 else bib + 1))
        log.receive(finish.says(scan(bib, f"17:{bib}"), scan(bib, f"18:{bib}")).batch(first=max(1, 2 * bib - 2)))
    log.receive(copy.batch())
    assert (log.head().seq, len(log.quarantined())) == (FACTS - 1, 2)
    engine.dispose()
    return path


def content(path: Path) -> list[object]:
    """All that the file says, each look at it on its own; an error is an answer too."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro&immutable=1", uri=True)) as shell:
        shell.text_factory = bytes
        return [_look(shell, sql) for sql in LOOKS]


def _look(shell: sqlite3.Connection, sql: str) -> object:
    try:
        return shell.execute(sql).fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as failure:  # the message itself may quote a damaged letter
        return str(failure)


def found(path: Path) -> bool:
    """Whether the product says that something is wrong, in its own words."""
    try:
        engine = open_database(sqlite_file(path))
    except RaceError:
        return True
    try:
        return verify(SqlLog(engine, RACE, ManualClock(GUN))).damage is not None
    except RaceError:
        return True
    finally:
        engine.dispose()


def flips(whole: Path, folder: Path) -> Iterator[tuple[int, int, Path, list[bool]]]:
    """Files with one flipped bit, where it is, and which of the looks at them differ from before."""
    sound, before, chance, path = whole.read_bytes(), content(whole), Random(SEED), folder / "race.db"
    while True:
        at, bit = chance.randrange(len(sound)), chance.randrange(8)
        path.write_bytes(sound[:at] + bytes([sound[at] ^ 1 << bit]) + sound[at + 1 :])
        yield at, bit, path, [now != then for now, then in zip(content(path), before, strict=True)]


def test_every_harmful_flip_is_found(whole: Path, tmp_path: Path) -> None:
    counted, missed = Counter[str](), list[tuple[int, int, list[bool]]]()
    for at, bit, path, harm in flips(whole, tmp_path):
        counted["harmful" if any(harm) else "harmless"] += 1
        if any(harm) and not found(path):
            missed.append((at, bit, harm))
        for left in tmp_path.iterdir():
            left.unlink()
        if counted["harmful"] == FLIPS:
            break
    print(counted, len(missed))
    assert missed == [], f"seed {SEED}"


def test_an_unharmed_copy_passes(whole: Path, tmp_path: Path) -> None:
    assert not found(Path(shutil.copy(whole, tmp_path)))
