"""Keeps libraries' log messages from filling the disk: the same message at most once a minute, with the number of repeats."""

import logging
from threading import Lock
from typing import Final

ONCE_IN_S: Final = 60
REMEMBERED_MOST: Final = 1_000


class OnceAMinute(logging.Filter):
    """Passes a message once a minute; messages differ by text and by the exception's type and place."""

    def __init__(self, once_in_s: float = ONCE_IN_S) -> None:
        super().__init__()
        self._once_in_s = once_in_s
        self._said: dict[str, tuple[float, int]] = {}
        self._lock = Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        key = _key(record)
        with self._lock:
            at, swallowed = self._said.get(key, (float("-inf"), 0))
            if 0 <= record.created - at < self._once_in_s:
                self._said[key] = at, swallowed + 1
                return False
            if len(self._said) >= REMEMBERED_MOST:
                self._said.clear()
            self._said[key] = record.created, 0
        if swallowed:
            record.msg, record.args = f"{record.getMessage().rstrip()} (+{swallowed})", ()
        return True


def _key(record: logging.LogRecord) -> str:
    failure, place = (record.exc_info or (None, None, None))[1:]
    while place and place.tb_next:
        place = place.tb_next
    where = f"{place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    return f"{record.name} {str(record.msg)[:200]} {type(failure).__name__} {where}"


QUIET: Final = OnceAMinute()


def hush() -> None:
    """Filter the messages of the web server and the event loop."""
    for name in ("asyncio", "uvicorn.error"):
        logging.getLogger(name).addFilter(QUIET)
