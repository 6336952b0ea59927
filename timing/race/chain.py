"""Hash chains, and the decision about a batch: resent, new, gap or fork. Pure; every store carries out the same decision."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate

from timing.race.instants import Instant

ROOT = b""
"""The hash before a chain's first item."""


@dataclass(frozen=True, slots=True)
class Head:
    """The end of a chain: the last item's number (0 before the first) and hash."""

    seq: int = 0
    hash: bytes = ROOT


@dataclass(frozen=True, slots=True)
class Batch:
    """Items of one lineage in order, the first numbered `first`, following the hash `prev_hash`."""

    lineage: str
    first: int
    prev_hash: bytes
    items: Sequence[bytes]


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a lineage: its number, bytes, the hash before it and its own."""

    seq: int
    data: bytes
    prev_hash: bytes
    hash: bytes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a store must do with a batch: append `fresh`, set the head, put `forked` into quarantine; on a gap nothing."""

    head: Head
    fresh: tuple[Item, ...] = ()
    forked: tuple[Item, ...] = ()
    gap: bool = False


def link(prev_hash: bytes, data: bytes) -> bytes:
    """The next hash of a lineage: SHA-256 over the hash before and the item's bytes."""
    return hashlib.sha256(prev_hash + data).digest()


def race_link(prev_hash: bytes, pos: int, received_at: Instant, lineage: str, lineage_hash: bytes) -> bytes:
    """The next hash of the race's chain: covers the position, the instant of receipt, the lineage and its hash."""
    return hashlib.sha256(prev_hash + f"{pos},{received_at},{lineage},".encode() + lineage_hash).digest()


def items_of(batch: Batch) -> list[Item]:
    """Number and chain a batch's items."""
    hashes = list(accumulate(batch.items, link, initial=batch.prev_hash))
    return [
        Item(seq, data, hashes[at], hashes[at + 1])
        for at, (seq, data) in enumerate(
            zip(range(batch.first, batch.first + len(batch.items)), batch.items, strict=True)
        )
    ]


def judge(head: Head, known: Mapping[int, bytes], batch: Batch, after_fork: bool = False) -> Verdict:
    """Judge a batch against its lineage's head; `known` holds the stored hashes of the numbers up to the head.

    `after_fork` says that the item before the batch stands in quarantine: the batch continues that branch and joins it there.

    The order of the rules matters: once one item contradicts what is stored, it and all that follow are a fork, even where a
    number would look like a gap; judged the other way round, the tail of a forked batch would be lost.
    """
    if batch.first > head.seq + 1:
        return Verdict(head, forked=tuple(items_of(batch))) if after_fork else Verdict(head, gap=True)
    fresh: list[Item] = []
    forked: list[Item] = []
    for item in items_of(batch):
        if forked or _contradicts(head, known, item):
            forked.append(item)
        elif item.seq > head.seq:
            fresh.append(item)
            head = Head(item.seq, item.hash)
    return Verdict(head, tuple(fresh), tuple(forked))


def refused(head: Head, batch: Batch) -> Verdict:
    """The verdict on a batch in a lineage that does not belong to the sender: all of it goes into quarantine."""
    return Verdict(head, forked=tuple(items_of(batch)))


def _contradicts(head: Head, known: Mapping[int, bytes], item: Item) -> bool:
    if item.seq <= head.seq:
        return known.get(item.seq) != item.hash
    return item.prev_hash != head.hash


@dataclass(frozen=True, slots=True)
class Branch:
    """A fork of a lineage: its items in order, in quarantine until an official decides."""

    lineage: str
    items: tuple[Item, ...]

    @property
    def id(self) -> str:
        """The lineage under which the branch is merged; the same however far the branch has grown since."""
        return hashlib.sha256(self.items[0].hash).hexdigest()[:32]


def branches(quarantined: Iterable[tuple[str, Item]]) -> list[Branch]:
    """Sort quarantined items into branches: each begins where no item before it is in quarantine, and follows the hashes.

    Where a branch itself forks (a copy of a copy), each end is a branch of its own that begins after the fork.
    """
    items = sorted(quarantined, key=lambda kept: (kept[0], kept[1].seq, kept[1].hash))
    followers: dict[tuple[str, int, bytes], list[Item]] = {}
    for lineage, item in items:
        followers.setdefault((lineage, item.seq - 1, item.prev_hash), []).append(item)
    hashes = {(lineage, item.seq, item.hash) for lineage, item in items}
    found = []
    for (lineage, seq, hash_before), nexts in followers.items():
        if (lineage, seq, hash_before) not in hashes or len(nexts) > 1:
            found += [Branch(lineage, tuple(_line(followers, lineage, item))) for item in nexts]
    return found


def _line(followers: Mapping[tuple[str, int, bytes], list[Item]], lineage: str, item: Item) -> Iterator[Item]:
    yield item
    while len(nexts := followers.get((lineage, item.seq, item.hash), [])) == 1:
        (item,) = nexts
        yield item
