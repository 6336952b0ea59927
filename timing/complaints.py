"""Reports failures of background work that continues in spite of them, each failure once while it lasts."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from traceback import extract_tb
from typing import Final

from timing.language import Text

REMEMBERED_MOST: Final = 100


class Complaints:
    """Reports failures of one kind of work; `what` says what they mean for people."""

    def __init__(self, complain: Callable[[str], object], what: Text | str) -> None:
        self._complain, self._what = complain, what
        self._told: set[str] = set()

    def about(self, failure: BaseException) -> None:
        """Report a failure in one line with its place in the program; the same one is not repeated until the work succeeds."""
        told = f"{type(failure).__name__}: {failure}".splitlines()[0]
        if len(self._told) >= REMEMBERED_MOST:
            self._told.clear()
        if told not in self._told:
            self._told.add(told)
            self._complain(f"{self._what}: {told}{_place(failure)}")

    @contextmanager
    def told(self) -> Iterator[None]:
        """Report an exception inside the `with` block and suppress it; after a success the next failure is reported again."""
        try:
            yield
        except Exception as failure:  # noqa: BLE001  (whatever it is, whoever uses this tries again)
            self.about(failure)
        else:
            self._told.clear()


def _place(failure: BaseException) -> str:
    found = extract_tb(failure.__traceback__)
    return f" ({Path(found[-1].filename).name}:{found[-1].lineno})" if found else ""
