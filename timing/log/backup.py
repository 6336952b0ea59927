"""Backup, export and restore of the log. Every copy is verified before it is used."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from itertools import islice
from pathlib import Path

import msgspec
from msgspec import Raw, Struct
from sqlalchemy import Connection, Engine, Table, delete, insert, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from timing.errors import RaceError, Unreachable, WrongUse
from timing.language import _, ngettext
from timing.log import LogUnreadable
from timing.log.sql import SqlLog, reason_of
from timing.log.verify import ChainWalk, Verified, verify
from timing.race.clock import Clock
from timing.race.encoding import from_json, in_json
from timing.race.events import LogRestored
from timing.race.instants import Instant
from timing.race.records import Recorded
from timing.store import tables
from timing.store.database import open_database, sqlite_file, writing

CHUNK = 1_000
BACKED_UP = "last-backup.txt"
"""The file in the race folder that tells where the last backup was written."""
NOT_KEPT: Mapping[Table, str] = {
    tables.schema: "every database has its own, made when it is opened",
    tables.heartbeat: "how stations were a moment ago; each tells again within two seconds",
    tables.day_key: "goes with its day: afterwards nobody may tie a spectator's device to a scan",
    tables.spectator_device: "for its day alone, as its key",
    tables.spent_ticket: "tickets live for minutes, and count for devices that are not kept either",
}
"""The tables that a backup leaves out, with the reason; all others are copied."""
KEPT = tuple(table for table in tables.metadata.sorted_tables if table not in NOT_KEPT)


class BadCopy(RaceError):
    """A copy of the log does not verify."""


class ExportedFact(Struct, frozen=True):
    """A line of `marathon log export`; `data` holds the stored bytes as they are, or as base64 what is no fact."""

    pos: int
    lineage: str
    seq: int
    received_at: int
    lineage_hash: str
    hash: str
    data: Raw

    def recorded(self) -> Recorded:
        hashes = bytes.fromhex(self.lineage_hash), bytes.fromhex(self.hash)
        return Recorded(self.pos, self.lineage, self.seq, Instant(self.received_at), from_json(self.data), *hashes)


def exported(fact: Recorded) -> bytes:
    """A fact as a JSON line, its stored bytes unchanged inside."""
    hashes = fact.lineage_hash.hex(), fact.hash.hex()
    line = ExportedFact(fact.pos, fact.lineage, fact.seq, fact.received_at, *hashes, in_json(fact.data))
    return msgspec.json.encode(line)


def backup(engine: Engine, race: str, file: Path, clock: Clock) -> Verified:
    """Copy the race, names included, into a SQLite file while everything goes on, and verify the copy.

    Raises:
        BadCopy: the copy does not verify, and was removed.
        Unreachable: the file cannot be written.
    """
    draft = file.with_name(f".{file.name}.draft")
    try:
        _remove(draft)
        with _disposed(open_database(sqlite_file(draft))) as copy:
            with _snapshot(engine) as source, writing(copy) as target:
                for table in KEPT:
                    _copy(source, target, table, race)
            checked = _verified(SqlLog(copy, race, clock), str(file))
            with closing(copy.raw_connection()) as raw:  # one file, readable also where nothing can be written
                raw.cursor().execute("PRAGMA journal_mode=DELETE")
        draft.replace(file)
    except OSError as failure:
        raise Unreachable(_("cannot write {file}: {failure}", file=file, failure=failure)) from failure
    except SQLAlchemyError as failure:
        reason = reason_of(failure)
        raise Unreachable(
            _("no copy could be made: {reason}; the database is damaged, or there is no room", reason=reason),
        ) from failure
    finally:
        with suppress(OSError):
            _remove(draft)
    return checked


def _remove(draft: Path) -> None:
    """Delete the file and the files that SQLite keeps beside it, which hold names too."""
    for ending in ("", "-wal", "-shm", "-journal"):
        draft.with_name(draft.name + ending).unlink(missing_ok=True)


def restore(engine: Engine, race: str, file: Path, why: str, clock: Clock) -> Verified:
    """Put a backup back into an empty database, and record that it was.

    Raises:
        WrongUse: the database holds facts already, or the file is no backup of this race.
        BadCopy: the backup does not verify; nothing was put back.
    """
    if not file.is_file():
        raise Unreachable(_("{file}: no such file", file=file))
    _refuse_unless_empty(engine, race, clock)
    with _disposed(open_database(sqlite_file(file), as_it_is=True)) as copy:
        if not _bears(copy, race):
            raise WrongUse(_("{file} holds nothing of this race", file=file))
        checked = _verified(SqlLog(copy, race, clock), str(file))
        with _snapshot(copy) as source, writing(engine) as target:
            target.execute(delete(tables.race_head).where(tables.race_head.c.race == race))
            for table in KEPT:
                _copy(source, target, table, race)
    log = SqlLog(engine, race, clock)
    log.record([LogRestored(checked.facts, "desk", why)])
    return checked


def import_lines(engine: Engine, race: str, lines: Iterable[bytes], clock: Clock) -> Verified:
    """Take exported facts into an empty log, with identical positions and hashes; all of them, or none.

    Raises:
        WrongUse: the log holds facts already.
        BadCopy: a line does not follow from those before; its number is named.
    """
    _refuse_unless_empty(engine, race, clock)
    walk = ChainWalk()
    with writing(engine) as target:
        followed = _followed(walk, lines)
        while facts := list(islice(followed, CHUNK)):
            target.execute(insert(tables.event), [_row(race, fact) for fact in facts])
        head = {"last_pos": walk.race.seq, "last_hash": walk.race.hash}
        target.execute(tables.race_head.update().where(tables.race_head.c.race == race).values(head))
        heads = [{"lineage": key, "race": race, "seq": at.seq, "hash": at.hash} for key, at in walk.lineages.items()]
        if heads:
            target.execute(insert(tables.lineage_head), heads)
    return _verified(SqlLog(engine, race, clock), "import")


def _bears(copy: Engine, race: str) -> bool:
    """Whether the database holds facts of this race."""
    try:
        with copy.connect() as connection:
            return connection.scalar(select(tables.event.c.pos).where(tables.event.c.race == race).limit(1)) is not None
    except SQLAlchemyError as failure:
        raise LogUnreadable(reason_of(failure)) from failure


def _followed(walk: ChainWalk, lines: Iterable[bytes]) -> Iterator[Recorded]:
    for number, line in enumerate(lines, 1):
        try:
            fact = msgspec.json.decode(line, type=ExportedFact).recorded()
        except (msgspec.MsgspecError, ValueError) as wrong:
            raise BadCopy(_("line {number} cannot be read: {wrong}", number=number, wrong=wrong)) from wrong
        damage = walk.step(fact)
        if damage:
            raise BadCopy(_("line {number}: {text}", number=number, text=damage.text))
        yield fact


def _row(race: str, fact: Recorded) -> dict[str, object]:
    return {
        "race": race,
        "pos": fact.pos,
        "lineage": fact.lineage,
        "seq": fact.seq,
        "received_at": fact.received_at,
        "data": fact.data,
        "lineage_hash": fact.lineage_hash,
        "hash": fact.hash,
    }


def _copy(source: Connection, target: Connection, table: Table, race: str) -> None:
    """Copy the race's rows; a table or column that an older version's backup lacks is left to its default."""
    seen = inspect(source)
    if not seen.has_table(table.name):
        return
    there = {column["name"] for column in seen.get_columns(table.name)}
    columns = [column for column in table.columns if column.name in there]
    rows = source.execution_options(yield_per=CHUNK).execute(select(*columns).where(table.c.race == race))
    for part in rows.partitions(CHUNK):
        target.execute(insert(table), [dict(row._mapping) for row in part])


@contextmanager
def _snapshot(engine: Engine) -> Iterator[Connection]:
    """A connection that reads one consistent snapshot of the database while others write."""
    with engine.connect() as connection:
        if engine.dialect.name == "postgresql":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        yield connection


@contextmanager
def _disposed(engine: Engine) -> Iterator[Engine]:
    try:
        yield engine
    finally:
        engine.dispose()


def _refuse_unless_empty(engine: Engine, race: str, clock: Clock) -> None:
    facts = SqlLog(engine, race, clock).head().seq
    if facts:
        raise WrongUse(
            ngettext(
                "this race's log holds {n} fact already; a copy goes into an empty database only",
                "this race's log holds {n} facts already; a copy goes into an empty database only",
                facts,
            ),
        )


def _verified(log: SqlLog, where: str) -> Verified:
    checked = verify(log)
    if checked.damage:
        raise BadCopy(
            _("{where}: position {pos}: {text}", where=where, pos=checked.damage.pos, text=checked.damage.text),
        )
    return checked


def remember_backup(root: Path, copy: Path) -> None:
    """Record for `doctor` when and where a backup was made."""
    with suppress(OSError):  # a folder that cannot be written: the copy is what counts
        (root / BACKED_UP).write_text(f"{copy.absolute()}\n", encoding="utf-8")
