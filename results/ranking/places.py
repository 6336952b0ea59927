"""Places from what is in order already: equal ones share a place and the next is skipped (1, 2, 2, 4). Pure."""

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

T = TypeVar("T")


def places(ordered: Sequence[T], score: Callable[[T], object]) -> list[int]:
    """The places of what is already in order; `score` tells what is equal.

    >>> places([5, 7, 7, 9], lambda score: score)
    [1, 2, 2, 4]
    """
    found: list[int] = []
    for index, one in enumerate(ordered):
        shared = index > 0 and score(one) == score(ordered[index - 1])
        found.append(found[-1] if shared else index + 1)
    return found


def places_within(groups: Iterable[str], scores: Iterable[object]) -> list[int | None]:
    """The same inside each group at once; None for what belongs to no group.

    >>> places_within(["F", "M", "F", "", "F"], [5, 5, 5, 6, 7])
    [1, 1, 1, None, 3]
    """
    ahead: dict[str, tuple[int, int, object]] = {}
    found: list[int | None] = []
    for group, score in zip(groups, scores, strict=True):
        if not group:
            found.append(None)
            continue
        count, place, last = ahead.get(group, (0, 0, None))
        place = place if count and score == last else count + 1
        ahead[group] = count + 1, place, score
        found.append(place)
    return found


def grouped(rows: Iterable[T], key: Callable[[T], str]) -> dict[str, list[T]]:
    """Rows by key, each group in the rows' order; rows without a key belong to no group."""
    groups: dict[str, list[T]] = {}
    for row in rows:
        if name := key(row):
            groups.setdefault(name, []).append(row)
    return groups
