"""Work that a server does once it is up, beside the pages that are asked for."""

from collections.abc import Callable
from threading import Event, Thread


class BesideThePages:
    """While it is entered, a thread does this work once; left, the work hears that it is over, and is waited for."""

    def __init__(self, name: str, work: Callable[[Event], None]) -> None:
        self._over = Event()
        self._thread = Thread(target=work, args=(self._over,), name=name, daemon=True)

    def __enter__(self) -> "BesideThePages":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
