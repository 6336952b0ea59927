"""Which items of an outbox are as they were kept. Pure: from the stored rows to what goes on, and under which lineage.

One flipped bit in an item breaks the chain at that item, and the hash that stands beside it still proves those that follow.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from itertools import accumulate, count
from typing import Final, NamedTuple

from scanners.protocol import BYTES_MOST
from timing.race.admission import STATIONS, admitted
from timing.race.chain import ROOT, link
from timing.race.encoding import encode
from timing.race.events import OutboxMended

GAP_MOST: Final = 10_000
"""A larger gap in the numbers is taken for a damaged number, not for lost items."""
FOUND_BYTES: Final = 200
"""Bytes of a damaged item that are sent to the server; all of them stay in the station's damaged file."""
LINEAGE: Final = re.compile("[0-9a-f]{32}")


class OutboxRow(NamedTuple):
    """An item as it stands in the file; `text` is what the camera read."""

    seq: int
    data: bytes
    hash: bytes
    text: str | None = None


class KeptItem(NamedTuple):
    """An item from here on: its bytes, and what it holds beside them; `damaged` is what was found where it should be."""

    data: bytes
    text: str | None = None
    damaged: bytes | None = None


def mended(rows: Sequence[OutboxRow], kept: int, lineage: str) -> tuple[str, list[KeptItem]]:
    """Every item from the first on, the damaged ones replaced by facts that say so, and the lineage they have from here on.

    `rows` are in order; `kept` is the expected number of items, 0 if unknown. If all are sound the lineage stays the same. Else it is a
    new one that depends only on the damage, so that repairing a copy of the file gives the same history.
    """
    of = lineage if LINEAGE.fullmatch(lineage) else "0" * 32
    items = [_kept(one, of) for one in verdicts(rows, kept)]
    if all(item.damaged is None for item in items) and of == lineage:
        return lineage, items
    first = next((at for at, item in enumerate(items) if item.damaged is not None), 0)
    *_, hashed = accumulate((item.data for item in items[: first + 1]), link, initial=ROOT)
    return hashlib.sha256(f"{of},".encode() + hashed).hexdigest()[:32], items


def verdicts(rows: Sequence[OutboxRow], kept: int) -> Iterator[OutboxRow | bytes]:
    """For each number from 1 on the item, or the bytes found in its place."""
    expected, before = 1, ROOT
    known = True  # whether `before` is truly the hash before the next item
    for row, after in zip(rows, [*rows[1:], None], strict=False):
        hole = row.seq - expected
        if hole:
            yield from [b""] * (hole if hole <= GAP_MOST else 1)
            known = False
        expected = row.seq + 1
        hashed = _proved(row, before if known else None, after)
        yield row if hashed is not None else row.data
        before, known = hashed if hashed is not None else row.hash, True
    yield from [b""] * max(0, min(kept - (expected - 1), GAP_MOST))


def _proved(row: OutboxRow, before: bytes | None, after: OutboxRow | None) -> bytes | None:
    """The hash of a sound item; None when it is not the one that was kept, or nobody can tell.

    Behind a hole nothing proves the item itself, and one that reads as a station's fact is taken for what it says.
    """
    if len(row.data) > BYTES_MOST:
        return None
    if before is None:
        return row.hash if isinstance(admitted(row.data, ""), STATIONS) else None
    hashed = link(before, row.data)
    if hashed == row.hash:
        return hashed
    follows = after is not None and after.seq == row.seq + 1 and link(hashed, after.data) == after.hash
    return hashed if follows else None  # the hash beside it is what was damaged


def _kept(found: OutboxRow | bytes, of: str) -> KeptItem:
    if isinstance(found, OutboxRow):
        return KeptItem(found.data, found.text)
    return KeptItem(encode(OutboxMended(of, found[:FOUND_BYTES].hex())), None, found)


def hashes(items: Sequence[KeptItem]) -> Iterator[tuple[int, bytes, bytes]]:
    """Number, bytes and hash of each item."""
    chained = accumulate((item.data for item in items), link, initial=ROOT)
    next(chained)
    yield from zip(count(1), (item.data for item in items), chained, strict=False)
