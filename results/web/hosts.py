"""The host names of a server. Pure.

Another site can let its own name resolve to this server (DNS rebinding), so that browsers take it for ours; its `Host` header tells
it apart. Addresses, `localhost` and names of the local network cannot be rebound.
"""

from collections.abc import Iterable
from typing import Final
from urllib.parse import urlsplit

from results.web.addresses import address_of

LOCAL: Final = (".local", ".localhost")


class Hosts:
    """The names of one server; without any every name is accepted."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._names = {name_of(one) for one in names}

    def knows(self, host: str) -> bool:
        """Whether a `Host` header (with or without a port, or none at all) names this server.

        >>> run = Hosts(["RUN.EXAMPLE.KR:8443"])
        >>> [run.knows(one) for one in ("run.example.kr", "192.0.2.7:8000", "[::1]:8000", "laptop.local", "laptop", "")]
        [True, True, True, True, True, True]
        >>> [run.knows(one) for one in ("evil.example", "run.example.kr.evil.example", "192.0.2.7.evil.example", "a@b.example")]
        [False, False, False, False]
        """
        name = name_of(host)
        return not self._names or self.names(name) or is_local(name)

    def names(self, name: str) -> bool:
        """Whether this is one of the given names."""
        return name in self._names


def name_of(host: str) -> str:
    """The name in small letters, without the port and the last dot."""
    address = address_of(host)
    if address:
        return str(address)
    return host.strip().lower().partition(":")[0].rstrip(".")


def host_in(url: str) -> str | None:
    """The host of an address, as a `Host` header has it; None where it is no address.

    >>> host_in("https://run.example.kr:8443/a"), host_in("null"), host_in("http://[::1")
    ('run.example.kr:8443', None, None)
    """
    try:
        return urlsplit(url).netloc.lower() or None
    except ValueError:  # half an IPv6 address, and what else no browser says
        return None


def is_local(name: str) -> bool:
    return address_of(name) is not None or "." not in name or name.endswith(LOCAL)
