"""How much may come from one address and from everybody in a while: counted in memory alone, and written nowhere."""

from ipaddress import IPv6Address, ip_address
from threading import RLock
from typing import Final

from timing.clock import Clock
from timing.instants import SECOND, Instant

WINDOW_S: Final = 600
HOUSEHOLD_BITS: Final = 64


class Limits:
    """Counts what came in the last ten minutes; a whole office, or a carrier's customers, may share an address.

    Who owns many networks is many households: then only the number from everybody together binds.
    """

    def __init__(self, clock: Clock, from_one: int, from_all: int, window_s: int = WINDOW_S) -> None:
        self._clock, self._from_one, self._from_all, self._window_s = clock, from_one, from_all, window_s
        self._came: dict[str, int] = {}
        self._all = 0
        self._since = Instant(0)
        self._lock = RLock()

    def may(self, sender: str) -> bool:
        """Whether one more may come; if so, it is counted."""
        with self._lock:
            if self.full(sender):
                return False
            self.count(sender)
            return True

    def give_back(self, sender: str) -> None:
        """One that was counted came to nothing."""
        key = household(sender)
        with self._lock:
            if self._came.get(key):  # nothing of a window that is over
                self._came[key] -= 1
                self._all -= 1

    def full(self, sender: str) -> bool:
        """Whether nothing more may come from there now."""
        with self._lock:
            now = self._clock.now()
            if not 0 <= now - self._since < self._window_s * SECOND:
                self._since, self._came, self._all = now, {}, 0
            return self._came.get(household(sender), 0) >= self._from_one or self._all >= self._from_all

    def count(self, sender: str) -> None:
        key = household(sender)
        with self._lock:
            self._came[key] = self._came.get(key, 0) + 1
            self._all += 1


def household(address: str) -> str:
    """The part of an address that one line has: an IPv6 customer owns 2^64 of them.

    >>> household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::2"), household("192.0.2.7")
    (True, '192.0.2.7')
    >>> household("::ffff:192.0.2.7")  # how a server that listens on `::` sees IPv4
    '192.0.2.7'
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if not isinstance(known, IPv6Address):
        return address
    return str(known.ipv4_mapped or int(known) >> HOUSEHOLD_BITS)
