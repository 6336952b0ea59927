"""The ordinary append on PostgreSQL: batches that continue their lineages exactly, taken in one call of the server.

A race's appends stand in line for one lock, so what counts is how long each holds it. `sql_append` asks the server and thinks
in between; here all is said before the lock is taken, and the commit is already on its way while the server writes. Whatever is
not so ordinary (resent, gap, fork) writes nothing here and is left to `sql_append`.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError, ProgrammingError

from timing.instants import Instant
from timing.log import Outcome, Receipt
from timing.log.bell import CHANNEL
from timing.log.chain import Batch, Head, items_of

# It lives no longer than the connection, so that it is never older or newer than this program. The loop is `chain.race_link`.
# Each of its statements sees what was committed before the lock was taken.
FUNCTION = f"""
CREATE OR REPLACE FUNCTION pg_temp.append_ordinary(
    to_race text, at bigint,
    lineages text[], seqs_before bigint[], hashes_before bytea[], seqs_after bigint[], hashes_after bytea[],
    item_lineages text[], item_seqs bigint[], item_data bytea[], item_hashes bytea[]
) RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE
    last bigint;
    link bytea;
    links bytea[];
BEGIN
    SELECT last_pos, last_hash INTO STRICT last, link FROM race_head WHERE race = to_race FOR UPDATE;
    IF EXISTS (
        SELECT FROM unnest(lineages, seqs_before, hashes_before) AS sent (lineage, seq, hash)
        LEFT JOIN lineage_head AS head ON head.lineage = sent.lineage
        WHERE coalesce(head.race, to_race) <> to_race
        OR coalesce(head.seq, 0) <> sent.seq OR coalesce(head.hash, '') <> sent.hash
    ) THEN
        RETURN false;
    END IF;
    FOR n IN 1..cardinality(item_seqs) LOOP
        link := sha256(
            link || convert_to(last + n || ',' || at || ',' || item_lineages[n] || ',', 'UTF8') || item_hashes[n]
        );
        links[n] := link;
    END LOOP;
    INSERT INTO event (race, pos, lineage, seq, received_at, data, lineage_hash, hash)
        SELECT to_race, last + item.n, item.lineage, item.seq, at, item.data, item.lineage_hash, item.hash
        FROM unnest(item_lineages, item_seqs, item_data, item_hashes, links)
            WITH ORDINALITY AS item (lineage, seq, data, lineage_hash, hash, n);
    UPDATE race_head SET last_pos = last + cardinality(item_seqs), last_hash = link WHERE race = to_race;
    INSERT INTO lineage_head (lineage, race, seq, hash)
        SELECT lineage, to_race, seq, hash FROM unnest(lineages, seqs_after, hashes_after) AS head (lineage, seq, hash)
        ON CONFLICT (lineage) DO UPDATE SET seq = excluded.seq, hash = excluded.hash;
    NOTIFY {CHANNEL};
    RETURN true;
END $$
"""
CALL = """SELECT pg_temp.append_ordinary(
    %b, %b::bigint, %b::text[], %b::bigint[], %b::bytea[], %b::bigint[], %b::bytea[], %b::text[], %b::bigint[], %b::bytea[], %b::bytea[]
)"""
MADE = "append_ordinary"
"""Under this key a pooled connection remembers that it has the function."""


def append_ordinary(engine: Engine, race: str, batches: Sequence[Batch], now: Instant) -> list[Receipt] | None:
    """Append batches that continue their lineages' heads exactly, all of them in one commit.

    None, and nothing is written, where one of them does not, or where the server lets us make no function.

    Raises:
        DBAPIError: the server did not take them; nothing is stored, or the answer to the commit was lost.
    """
    if not _may_be_ordinary(batches):
        return None
    heads, arguments = _arguments(race, batches, now)
    try:
        with engine.connect() as connection, _pipelined(connection) as driver:
            with connection.begin():
                if MADE not in connection.info:
                    driver.execute(FUNCTION)
                answer = driver.execute(CALL, arguments)
            connection.info[MADE] = True
            (taken,) = answer.fetchone()
    except ProgrammingError:  # no right to make it, or a pooler between handed us a session without it
        return None
    return [Receipt(Outcome.STORED, head) for head in heads] if taken else None


def _may_be_ordinary(batches: Sequence[Batch]) -> bool:
    lineages = {batch.lineage for batch in batches if batch.items}
    return bool(batches) and len(lineages) == len(batches)


def _arguments(race: str, batches: Sequence[Batch], now: Instant) -> tuple[list[Head], tuple[object, ...]]:
    """The lineages' heads afterwards, and what the function is called with."""
    chained = [(batch.lineage, items_of(batch)) for batch in batches]
    heads = [Head(items[-1].seq, items[-1].hash) for _, items in chained]
    rows = [(lineage, item.seq, item.data, item.hash) for lineage, items in chained for item in items]
    return heads, (
        race,
        now,
        [batch.lineage for batch in batches],
        [batch.first - 1 for batch in batches],
        [batch.prev_hash for batch in batches],
        [head.seq for head in heads],
        [head.hash for head in heads],
        *map(list, zip(*rows, strict=True)),
    )


@contextmanager
def _pipelined(connection: Connection) -> Iterator[Any]:
    """The driver's connection, which within sends on without waiting for each answer.

    Raises:
        DBAPIError: what the driver raised by itself, past SQLAlchemy.
    """
    driver: Any = connection.connection.driver_connection
    base = connection.dialect.loaded_dbapi.Error
    try:
        with driver.pipeline():
            yield driver
    except base as failure:
        raise DBAPIError.instance(None, None, failure, base) from failure
