"""Rate limits by address and for everybody, counted in memory alone."""

from collections import Counter
from collections.abc import Iterator
from ipaddress import IPv4Address, IPv6Address, ip_network
from threading import RLock
from typing import Final

from results.web.addresses import address_of
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant

WINDOW_S: Final = 600
HOUSEHOLD_BITS: Final = 64
NETWORK_BITS_4, NETWORK_BITS_6 = 8, 72
"""Of an address, those that its owner chooses at will: a host has a /24 of IPv4 or a /56 of IPv6 for little money."""
NETWORKS: Final = ((NETWORK_BITS_6, 4), (80, 16))
"""Larger networks that one customer may own, by the bits of the address below them (/56, /48): so many times as much as one
client_network. A carrier's phones have a /64 each of such a network, so it is no less."""


class Limits:
    """Limits in windows of `window_s` seconds; a whole office, or a carrier's customers, may share an address.

    Few senders cannot lock out all: beyond the limit for everybody, an address that sent nothing yet may still send once. An unknown
    address (`""`) counts against the limit for everybody alone.
    """

    def __init__(self, clock: Clock, from_one: int, from_all: int, window_s: int = WINDOW_S) -> None:
        self._clock, self._from_one, self._from_all, self._window_s = clock, from_one, from_all, window_s
        self._came = Counter[str]()
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
        """Take back one that was counted."""
        with self._lock:
            if self._came[client_network(sender)]:  # nothing of a window that is over
                self._came.subtract(dict.fromkeys((key for key, _ in _places(sender)), 1))
                self._all -= 1

    def full(self, sender: str) -> bool:
        """Whether nothing more may come from there now."""
        with self._lock:
            now = self._clock.now()
            if not 0 <= now - self._since < self._window_s * SECOND:
                self._since, self._all = now, 0
                self._came.clear()
            if sender and any(self._came[key] >= self._from_one * times for key, times in _places(sender)):
                return True
            return self._all >= self._from_all and not (sender and not self._came[client_network(sender)])

    def count(self, sender: str) -> None:
        with self._lock:
            self._came.update(key for key, _ in _places(sender))
            self._all += 1


class CrowdLimits:
    """Limits from one address, from the network around it, and from everybody.

    A carrier's customers share few addresses, often of one /24: a network may send several addresses' worth, not all 256 of them.
    """

    def __init__(self, clock: Clock, from_one: int, from_network: int, from_all: int) -> None:
        self._one, self._network = Limits(clock, from_one, from_all), Limits(clock, from_network, from_all)

    def may(self, sender: str) -> bool:
        """Whether one more may come; if so, it is counted."""
        if self._network.full(network_of(sender)) or not self._one.may(sender):
            return False
        self._network.count(network_of(sender))
        return True

    def give_back(self, sender: str) -> None:
        """Take back one that was counted."""
        self._one.give_back(sender)
        self._network.give_back(network_of(sender))


def client_network(address: str) -> str:
    """The part of an address that one line has: an IPv6 customer has 2^64 addresses.

    >>> client_network("2001:db8:1:2:aaaa::1") == client_network("2001:db8:1:2:bbbb::2"), client_network("192.0.2.7")
    (True, '192.0.2.7')
    >>> client_network("::ffff:192.0.2.7")  # how a server that listens on `::` sees IPv4
    '192.0.2.7'
    """
    known = address_of(address)
    if known is None:
        return address
    return str(int(known) >> HOUSEHOLD_BITS) if isinstance(known, IPv6Address) else str(known)


def network_of(address: str) -> str:
    """The network around an address: IPv4 /24, IPv6 /56.

    >>> network_of("192.0.2.7"), network_of("::ffff:192.0.2.200"), network_of("2001:db8:0:aa07::1")
    ('192.0.2.0/24', '192.0.2.0/24', '2001:db8:0:aa00::/56')
    """
    known = address_of(address)
    bits = 32 - NETWORK_BITS_4 if isinstance(known, IPv4Address) else 128 - NETWORK_BITS_6
    return str(ip_network(f"{known}/{bits}", strict=False)) if known else address


def _places(sender: str) -> Iterator[tuple[str, int]]:
    """The networks that an address lies in, smallest first, and how many client_networks' share each may have."""
    yield client_network(sender), 1
    known = address_of(sender)
    if isinstance(known, IPv6Address):
        yield from ((f"{int(known) >> bits}/{128 - bits}", times) for bits, times in NETWORKS)
