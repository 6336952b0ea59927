"""Places from times: equal ones share a place and the next is skipped (1, 2, 2, 4), or the order of recording stands. Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from timing.rules import Ties

T = TypeVar("T")


def places(ordered: Sequence[T], score: Callable[[T], object], ties: Ties = "share") -> list[int]:
    """The places of what is already in order; `score` tells what is equal.

    >>> places([5, 7, 7, 9], lambda score: score)
    [1, 2, 2, 4]
    >>> places([5, 7, 7, 9], lambda score: score, "arrival")
    [1, 2, 3, 4]
    """
    found: list[int] = []
    for index, one in enumerate(ordered):
        shared = ties == "share" and index > 0 and score(one) == score(ordered[index - 1])
        found.append(found[-1] if shared else index + 1)
    return found


def grouped(rows: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Rows by key, each group in the rows' order; rows without a key belong to no group."""
    groups: dict[str, list[T]] = {}
    for row in rows:
        if name := key(row):
            groups.setdefault(name, []).append(row)
    return groups
