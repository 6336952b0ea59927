"""A value that is dear to make: made once for everybody who asks, and again once what it rests on has changed."""

from collections.abc import Callable, Hashable
from threading import Lock
from typing import Generic, TypeVar

T = TypeVar("T")


class Latest(Generic[T]):
    """Holds the last value; any number of threads may ask."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._held: tuple[Hashable, T] | None = None

    def of(self, key: Hashable, make: Callable[[], T]) -> T:
        """The value of this key; whoever asks while it is made waits for it."""
        with self._lock:
            if self._held is None or self._held[0] != key:
                self._held = key, make()
            return self._held[1]
