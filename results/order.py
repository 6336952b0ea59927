"""Sort keys kept in order, so that a place is counted and never stored; sortedcontainers is used here alone.

One more key costs O(log n): a few microseconds, among 2,500 as among 150,000.
"""

from collections.abc import Iterator
from itertools import islice
from typing import Any, Generic, TypeVar

from sortedcontainers import SortedList

Key = TypeVar("Key", bound=tuple[Any, ...])


class Order(Generic[Key]):
    """Keys, all different, in order."""

    def __init__(self) -> None:
        self._keys = SortedList()

    def __len__(self) -> int:
        return len(self._keys)

    def __iter__(self) -> Iterator[Key]:
        return iter(self._keys)

    def add(self, key: Key) -> None:
        self._keys.add(key)

    def remove(self, key: Key) -> None:
        """Take a key out.

        Raises:
            ValueError: it is not there.
        """
        self._keys.remove(key)

    def first(self, count: int) -> list[Key]:
        return list(islice(self._keys, count))

    def place(self, start: tuple[Any, ...]) -> int:
        """One more than the keys in front; the first parts of a key stand before every key that begins with them.

        >>> order = Order[tuple[int, str]]()
        >>> for key in ((7, "b"), (5, "a"), (7, "c"), (9, "d")): order.add(key)
        >>> order.place((7,)), order.place((7, "c")), order.place((9,))
        (2, 3, 4)
        """
        return int(self._keys.bisect_left(start)) + 1
