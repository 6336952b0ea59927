"""Network addresses as servers and proxies write them. Pure."""

import re
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network
WITH_PORT: Final = re.compile(r"\[(?P<six>[^\]]*)\](?::\d{1,5})?|(?P<four>[\d.]+):\d{1,5}", re.ASCII)


def address_of(text: str) -> Address | None:
    """An address with or without a port; None for anything else, as `unknown`, a host's name or nothing.

    >>> address_of("[2001:db8::7]:443"), address_of("192.0.2.7:51000"), address_of("::ffff:192.0.2.7")
    (IPv6Address('2001:db8::7'), IPv4Address('192.0.2.7'), IPv4Address('192.0.2.7'))
    >>> address_of("unknown"), address_of(""), address_of("fe80::1%eth0")
    (None, None, IPv6Address('fe80::1'))
    """
    written = text.strip().strip('"')
    if found := WITH_PORT.fullmatch(written):
        written = found["six"] or found["four"] or ""
    try:
        known = ip_address(written.partition("%")[0])
    except ValueError:
        return None
    return known.ipv4_mapped or known if isinstance(known, IPv6Address) else known


def network_named(text: str) -> Network:
    """An address, or a network such as `10.0.0.0/24`.

    Raises:
        ValueError: it is neither.
    """
    alone = address_of(text)
    return ip_network(alone) if alone else ip_network(text.strip(), strict=False)
