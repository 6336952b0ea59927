"""How a station is stopped: whoever is in view is kept, and what it says last is that it has closed."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import Final, TypeVar

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
T = TypeVar("T")


@contextmanager
def stop_asked() -> Iterator[Event]:
    """Set once the process is told to stop, by Ctrl-C or by SIGTERM; whoever says it twice does not want to wait.

    Raises:
        KeyboardInterrupt: at the second time.
    """
    asked = Event()

    def hear(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if current_thread() is not main_thread():  # signals go to the main thread alone
        yield asked
        return
    before = {which: signal.signal(which, hear) for which in SIGNALS}
    try:
        yield asked
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def until(asked: Event, shots: Iterable[T]) -> Iterator[T]:
    """What comes until then."""
    for shot in shots:
        if asked.is_set():
            return
        yield shot
