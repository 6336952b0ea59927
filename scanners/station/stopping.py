"""Signals that stop a station: it finishes its visits and records that it has closed."""

import signal
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from threading import Event, current_thread, main_thread
from typing import Final, TypeVar

SIGNALS: Final = (signal.SIGINT, signal.SIGTERM)
T = TypeVar("T")


@contextmanager
def stop_asked() -> Iterator[Event]:
    """An event that is set by the first SIGINT (Ctrl-C) or SIGTERM.

    Raises:
        KeyboardInterrupt: at the second signal.
    """
    asked = Event()

    def on_signal(*_: object) -> None:
        if asked.is_set():
            raise KeyboardInterrupt
        asked.set()

    if current_thread() is not main_thread():  # signals go to the main thread alone
        yield asked
        return
    before = {which: signal.signal(which, on_signal) for which in SIGNALS}
    try:
        yield asked
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)


def until(asked: Event, shots: Iterable[T]) -> Iterator[T]:
    """The items until the event is set."""
    for shot in shots:
        if asked.is_set():
            return
        yield shot
