"""How much may come from one address and from everybody in a while: counted in memory alone, and written nowhere."""

from ipaddress import IPv6Address, ip_address
from typing import Final

from timing.clock import Clock
from timing.instants import SECOND, Instant

WINDOW_S: Final = 600
HOUSEHOLD_BITS: Final = 64


class Limits:
    """Counts what came in the last ten minutes; a whole office, or a carrier's customers, may share an address."""

    def __init__(self, clock: Clock, from_one: int, from_all: int, window_s: int = WINDOW_S) -> None:
        self._clock, self._from_one, self._from_all, self._window_s = clock, from_one, from_all, window_s
        self._came: dict[str, int] = {}
        self._all = 0
        self._since = Instant(0)

    def may(self, sender: str) -> bool:
        """Whether one more may come; if so, it is counted."""
        if self.full(sender):
            return False
        self.count(sender)
        return True

    def full(self, sender: str) -> bool:
        """Whether nothing more may come from there now."""
        now = self._clock.now()
        if not 0 <= now - self._since < self._window_s * SECOND:
            self._since, self._came, self._all = now, {}, 0
        return self._came.get(household(sender), 0) >= self._from_one or self._all >= self._from_all

    def count(self, sender: str) -> None:
        key = household(sender)
        self._came[key] = self._came.get(key, 0) + 1
        self._all += 1


def household(address: str) -> str:
    """The part of an address that one line has: an IPv6 customer owns 2^64 of them.

    >>> household("2001:db8:1:2:aaaa::1") == household("2001:db8:1:2:bbbb::2"), household("192.0.2.7")
    (True, '192.0.2.7')
    """
    try:
        known = ip_address(address)
    except ValueError:
        return address
    return str(int(known) >> HOUSEHOLD_BITS) if isinstance(known, IPv6Address) else address
