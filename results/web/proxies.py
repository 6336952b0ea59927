"""The client's address behind proxies.

`X-Forwarded-For` is trusted from proxies that are named in the settings alone. `Forwarded`, `X-Real-IP` and the like are never
trusted: a proxy that sets the one header passes the others on as the client wrote them.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from starlette.types import ASGIApp, Receive, Scope, Send

from results.web.addresses import Address, address_of, network_named
from timing.errors import WrongUse
from timing.language import _, bilingual
from timing.race.clock import Ticks, system_ticks
from timing.race.instants import SECOND

SAY_AGAIN_AFTER: Final = 60 * SECOND
SIGNS: Final = {b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via"}
"""Headers that a proxy adds, and a phone or a station never does."""
SILENT: Final = bilingual(
    _(
        "the proxy {0} does not say whose requests it brings (X-Forwarded-For): limits per address cannot be kept. Set it up as in docs/en/server.md"
    )
)
UNNAMED: Final = bilingual(
    _(
        "{0} seems to be a proxy and is not named, so its X-Forwarded-For is not believed and all its visitors count as one address; if it is yours, name it: `marathon serve --proxy {0}`, or proxies in race.toml"
    )
)


class Proxies:
    """The proxies of this server, by address or network."""

    def __init__(self, named: Sequence[str] = ()) -> None:
        """
        Raises:
            WrongUse: one of them is no address and no network.
        """
        try:
            self._networks = [network_named(one) for one in named]
        except ValueError as wrong:
            raise WrongUse(
                _("a proxy is named by its IP address or network, such as 10.0.0.0/24: {wrong}", wrong=wrong),
            ) from wrong

    def has(self, address: Address | None) -> bool:
        """Whether this is one of them."""
        return address is not None and any(address in network for network in self._networks)

    def origin(self, forwarded: Iterable[str]) -> Address | None:
        """The address before our proxies; None where they do not tell it.

        >>> Proxies(["10.0.0.0/8"]).origin(["6.6.6.6, 198.51.100.7", "10.0.0.2"])  # each proxy adds whom it heard
        IPv4Address('198.51.100.7')
        """
        way = [part for line in forwarded for part in line.split(",")]
        for part in reversed(way):
            address = address_of(part)
            if not self.has(address):
                return address
        return address_of(way[0]) if way else None  # asked on a proxy's own machine


class BehindProxies:
    """An ASGI app that replaces a named proxy's address by the client's, or by None where that proxy does not tell it."""

    def __init__(
        self, app: ASGIApp, proxies: Proxies, complain: Callable[[str], object], ticks: Ticks = system_ticks
    ) -> None:
        self._app, self._proxies, self._complain, self._ticks = app, proxies, complain, ticks
        self._said: dict[str, int] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            scope = {**scope, "client": self._client(scope)}
        await self._app(scope, receive, send)

    def _client(self, scope: Scope) -> tuple[str, int] | None:
        peer = address_of((scope.get("client") or ("", 0))[0])
        if not self._proxies.has(peer):
            self._suspect(peer, scope)
            return (str(peer), scope["client"][1]) if peer else None
        lines = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
        origin = self._proxies.origin(lines)
        if origin is None:
            self._say(SILENT, peer)
            return None
        return str(origin), 0

    def _suspect(self, peer: Address | None, scope: Scope) -> None:
        """Report a proxy that is not named, on this machine or in a private network: from elsewhere anybody may send such headers."""
        if peer and peer.is_private and any(name in SIGNS for name, _ in scope["headers"]):
            self._say(UNNAMED, peer)

    def _say(self, what: str, peer: Address | None) -> None:
        now = self._ticks()
        if now - self._said.get(what, -SAY_AGAIN_AFTER) >= SAY_AGAIN_AFTER:
            self._said[what] = now
            self._complain(what.format(peer))
