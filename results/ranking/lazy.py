"""Lists and mappings whose values are made when somebody looks at one. Pure."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Generic, TypeVar, overload

Key = TypeVar("Key")
Kept = TypeVar("Kept")
Shown = TypeVar("Shown")


class LazyList(Sequence[Shown], Generic[Kept, Shown]):
    """What is made of each item, made for those that are looked at.

    >>> LazyList([1, 2, 3], str)[1:]
    ['2', '3']
    """

    def __init__(self, kept: Sequence[Kept], make: Callable[[Kept], Shown]) -> None:
        self._kept, self._make = kept, make

    @overload
    def __getitem__(self, at: int) -> Shown: ...
    @overload
    def __getitem__(self, at: slice) -> list[Shown]: ...
    def __getitem__(self, at: int | slice) -> Shown | list[Shown]:
        if isinstance(at, slice):
            return [self._make(one) for one in self._kept[at]]
        return self._make(self._kept[at])

    def __len__(self) -> int:
        return len(self._kept)

    def __iter__(self) -> Iterator[Shown]:
        return map(self._make, self._kept)


class LazyDict(Mapping[Key, Shown], Generic[Key, Kept, Shown]):
    """What is made of each value, made once for those that are looked up.

    >>> LazyDict({"one": 1, "two": 2}, str)["two"]
    '2'
    """

    def __init__(self, kept: Mapping[Key, Kept], make: Callable[[Kept], Shown]) -> None:
        self._kept, self._make = kept, make
        self._made: dict[Key, Shown] = {}

    def __getitem__(self, key: Key) -> Shown:
        if key not in self._made:
            self._made[key] = self._make(self._kept[key])
        return self._made[key]

    def __contains__(self, key: object) -> bool:
        return key in self._kept

    def __iter__(self) -> Iterator[Key]:
        return iter(self._kept)

    def __len__(self) -> int:
        return len(self._kept)
