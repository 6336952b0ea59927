"""Whoever changes the log by hand is found, at the very position."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest

from tests.builders import GUN, RACE, Station, after_gun, code_of, entrant_id, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from tests.tampering import unguarded
from timing.log import Log
from timing.log.sql import SqlLog
from timing.log.verify import Verified, verify
from timing.race.chain import Head
from timing.race.fold import fold
from timing.store.database import open_database, sqlite_file

FACTS = 10
TEXTS = ("lineage",)
BYTES = ("data", "lineage_hash", "hash")
NUMBERS = ("pos", "seq", "received_at")


class Vault:
    """A small race's log in a SQLite file, and somebody with an SQL shell."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._engine = open_database(sqlite_file(path).render_as_string())
        self.log = SqlLog(self._engine, RACE, ManualClock(GUN))
        start, finish = Station("start-1", "start"), Station("finish-1", "finish")
        self.log.record(race(opened(), *runner(417), gun()))
        self.log.receive(start.says(scan(417, "0:12")).batch())
        self.log.receive(finish.says(scan(12, "17:00")).batch())
        self.log.receive(start.says(scan(12, "0:15")).batch(first=3))
        self.log.receive(finish.says(scan(417, "17:05")).batch(first=3))

    def verify(self) -> Verified:
        return verify(self.log)

    def look(self, sql: str, *values: object) -> tuple[object, ...]:
        with closing(sqlite3.connect(self._path)) as shell:
            found: tuple[object, ...] = shell.execute(sql, values).fetchone()
            return found

    def change(self, sql: str, *values: object) -> None:
        with unguarded(self._path) as shell:
            shell.execute(sql, values)

    def close(self) -> None:
        self._engine.dispose()


@pytest.fixture
def vault(tmp_path: Path) -> Iterator[Vault]:
    built = Vault(tmp_path / "race.db")
    yield built
    built.close()


def with_a_flipped_byte(stored: bytes, chance: Random) -> bytes:
    at = chance.randrange(len(stored))
    return stored[:at] + bytes([stored[at] ^ (1 << chance.randrange(8))]) + stored[at + 1 :]


def with_a_flipped_bit(stored: int, chance: Random) -> int:
    return stored ^ (
        1 << chance.randrange(5, 62)
    )  # below, a position or number could be another's, which no table takes


def with_another_letter(stored: str, chance: Random) -> str:
    at = chance.randrange(len(stored))
    return stored[:at] + chr(ord(stored[at]) ^ 1) + stored[at + 1 :]


def test_a_rehearsal_s_log_with_former_tags_passes_and_folds_to_a_race(tmp_path: Path) -> None:
    code, at, station = code_of(417), after_gun("17:05"), Station("finish-1")
    station.items += [
        b'{"at":%d,"event":"TapRecorded/1"}' % at,
        b'{"code":"%s","event":"TapNamed/1","tap":2}' % code.encode(),
        b'{"code":"%s","crossed_at":null,"event":"ScanRecorded/1","first_at":%d,"frame":3,"last_at":%d,"sightings":9}'
        % (code.encode(), at + 1, at + 9),
    ]
    log = SqlLog(open_database(sqlite_file(tmp_path / "race.db").render_as_string()), RACE, ManualClock(GUN))
    log.record(race(opened(), *runner(417), gun()))
    log.receive(station.batch())
    assert verify(log).damage is None
    told = fold(log.read())
    seen = told.scans_of(told.entrants[entrant_id(417)])
    assert [(one.source, one.first_at) for one in seen] == [("tap", at), ("qr", at + 1)]
    assert told.set_aside() == []


def test_an_untouched_log_passes(vault: Vault) -> None:
    checked = vault.verify()
    assert (checked.facts, checked.damage) == (FACTS, None)
    assert checked.head == vault.log.head()


@pytest.mark.parametrize(
    ("column", "flipped"),
    [
        *((column, with_a_flipped_byte) for column in BYTES),
        *((column, with_a_flipped_bit) for column in NUMBERS),
        *((column, with_another_letter) for column in TEXTS),
    ],
)
def test_one_flipped_byte_is_found_at_its_position(
    vault: Vault, column: str, flipped: Callable[[object, Random], object]
) -> None:
    chance = Random(20)
    for pos in range(1, FACTS + 1):
        for _ in range(4):
            row, stored = vault.look(f"SELECT rowid, {column} FROM event WHERE pos = ?", pos)
            vault.change(f"UPDATE event SET {column} = ? WHERE rowid = ?", flipped(stored, chance), row)
            checked = vault.verify()
            assert checked.damage
            assert (checked.damage.pos, checked.facts) == (pos, pos - 1)
            vault.change(f"UPDATE event SET {column} = ? WHERE rowid = ?", stored, row)
    assert vault.verify().damage is None


@pytest.mark.parametrize("pos", range(1, FACTS + 1))
def test_a_deleted_fact_is_missed_at_its_position(vault: Vault, pos: int) -> None:
    vault.change("DELETE FROM event WHERE pos = ?", pos)
    damage = vault.verify().damage
    assert damage and damage.pos == pos


@pytest.mark.parametrize("left", range(FACTS))
def test_a_cut_tail_is_missed_where_it_was_cut(vault: Vault, left: int) -> None:
    vault.change("DELETE FROM event WHERE pos > ?", left)
    damage = vault.verify().damage
    assert damage and damage.pos == left + 1


def test_who_cuts_the_tail_and_sets_the_race_s_head_back_forgot_the_stations_heads(vault: Vault) -> None:
    (fingerprint,) = vault.look("SELECT hash FROM event WHERE pos = 8")
    vault.change("DELETE FROM event WHERE pos > 8")
    vault.change("UPDATE race_head SET last_pos = 8, last_hash = ?", fingerprint)
    damage = vault.verify().damage
    assert damage and damage.pos == 9


@pytest.mark.parametrize(
    "sql",
    [
        "UPDATE race_head SET last_pos = last_pos + 1",
        "UPDATE race_head SET last_pos = last_pos - 1",
        "UPDATE race_head SET last_hash = zeroblob(32)",
        "UPDATE lineage_head SET seq = seq + 1",
        "UPDATE lineage_head SET hash = zeroblob(32)",
        "DELETE FROM lineage_head",
    ],
)
def test_a_head_that_lies_is_found(vault: Vault, sql: str) -> None:
    vault.change(sql)
    damage = vault.verify().damage
    assert damage and damage.pos == FACTS + 1


def test_two_facts_that_changed_places_are_found_at_the_first(vault: Vault) -> None:
    for old, new in ((6, -1), (7, 6), (-1, 7)):
        vault.change("UPDATE event SET pos = ? WHERE pos = ?", new, old)
    damage = vault.verify().damage
    assert damage and damage.pos == 6


@pytest.mark.parametrize(
    "changed",
    [
        'data = \'{"event":"a better time"}\'',
        "data = CAST(x'ff' AS TEXT)",
        "lineage = CAST(x'ff' AS TEXT)",
        "lineage_hash = 'text'",
        "hash = CAST(x'ff' AS TEXT)",
        "received_at = 'noon'",
        "seq = 'third'",
        "data = x''",
    ],
)
def test_a_value_of_another_kind_is_found_and_upsets_nobody(vault: Vault, changed: str) -> None:
    vault.change(f"UPDATE event SET {changed} WHERE pos = 7")
    damage = vault.verify().damage
    assert damage and damage.pos == 7


def test_a_fact_slipped_in_at_the_end_is_found(vault: Vault) -> None:
    vault.change(
        "INSERT INTO event SELECT race, 11, lineage, seq + 1, received_at, data, lineage_hash, hash FROM event WHERE pos = 10"
    )
    damage = vault.verify().damage
    assert damage and damage.pos == 11


def test_the_damage_is_told_in_both_languages(vault: Vault) -> None:
    vault.change("DELETE FROM event WHERE pos = 3")
    damage = vault.verify().damage
    assert damage
    assert (damage.text.to("ko"), damage.text.to("en")) == ("기록이 빠져 있습니다", "a fact is missing")


def test_an_empty_log_passes() -> None:
    log: Log = MemoryLog(RACE, ManualClock(GUN))
    assert verify(log).damage is None


class BusyLog(MemoryLog):
    """A log to which a scan comes in the very moment between reading it and asking for its head."""

    def __init__(self, scans: int) -> None:
        super().__init__(RACE, ManualClock(GUN))
        self.station, self.waiting = Station(), scans

    def head(self) -> Head:
        waiting, self.waiting = self.waiting, 0  # receiving asks for the head as well
        if waiting:
            self.receive(self.station.says(scan(417, "17:05")).batch())
            self.waiting = waiting - 1
        return super().head()


def test_scans_that_come_in_meanwhile_are_no_damage() -> None:
    checked = verify(BusyLog(scans=3))
    assert checked.damage is None
    assert checked.facts == 4
