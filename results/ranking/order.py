"""Sort keys, and rows by such keys, kept in order: a place is counted and never stored; sortedcontainers is used here alone.

One more key costs O(log n): a few microseconds, among 2,500 as among 150,000.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice
from typing import Any, Generic, TypeVar

from sortedcontainers import SortedKeyList, SortedList

Key = TypeVar("Key", bound=tuple[Any, ...])
Item = TypeVar("Item")


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


class Lineup(Generic[Item]):
    """Items in the order of their keys, which are all different."""

    def __init__(self, key: Callable[[Item], tuple[Any, ...]]) -> None:
        self._items = SortedKeyList(key=key)
        self._now: tuple[Item, ...] | None = None

    def add(self, item: Item) -> None:
        self._items.add(item)
        self._now = None

    def remove(self, item: Item) -> None:
        """Take an item out.

        Raises:
            ValueError: it is not there.
        """
        self._items.remove(item)
        self._now = None

    def first(self, count: int) -> tuple[Item, ...]:
        return tuple(islice(self._items, count))

    def place(self, start: tuple[Any, ...]) -> int:
        """As `Order.place`, by the first parts of a key.

        >>> lineup = Lineup[str](lambda word: (len(word), word))
        >>> for word in ("start", "gun", "bib", "finish"): lineup.add(word)
        >>> lineup.place((3,)), lineup.place((3, "gun")), lineup.place((6,)), lineup.now()
        (1, 2, 4, ('bib', 'gun', 'start', 'finish'))
        """
        return int(self._items.bisect_key_left(start)) + 1

    def now(self) -> Sequence[Item]:
        """All of them as they stand; what comes later does not change it. The same one until something comes."""
        if self._now is None:
            self._now = tuple(self._items)
        return self._now
