"""A connection during its TLS handshake: it counts like every other, with the deadline of a request's header."""

import ssl
from asyncio import BaseTransport, Protocol, Transport, create_task, get_running_loop
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from uvicorn.protocols.utils import get_remote_addr

from results.web.connections import BoundedConnections, ClientNetwork, ConnectionCounts


class Handshake(Protocol):
    """The protocol of a connection until uvicorn's takes over after the handshake."""

    transport: Transport

    def __init__(
        self, crowd: ConnectionCounts, context: ssl.SSLContext, then: Callable[[], BoundedConnections]
    ) -> None:
        self._crowd, self._context, self._then = crowd, context, then
        self.loop: Any = get_running_loop()
        self.due = 0.0
        self._home: ClientNetwork | None = None
        self._address, self._early, self._lost = "", b"", False

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, Transport)
        self.transport = transport
        client = get_remote_addr(transport)
        self._address = client[0] if client else ""
        self._home = self._crowd.enter(self, self._address)
        if self._home is None:
            transport.abort()
            return
        self.due = self.loop.time() + self._crowd.bounds.header_s
        self._home.waiting[self] = None
        transport.pause_reading()  # the first bytes are the handshake's
        self._agreeing = create_task(self._agree(transport))

    def data_received(self, data: bytes) -> None:
        """Keep the bytes of a request that came together with the handshake's end."""
        self._early += data

    def connection_lost(self, exc: Exception | None) -> None:
        self._lost = True
        self._gone()

    def late(self, now: float) -> None:
        self.vanish()

    def vanish(self) -> None:
        """Abort."""
        self._gone()
        self.transport.abort()

    async def _agree(self, transport: Transport) -> None:
        most = self._crowd.bounds.header_s
        encrypted: Any = None
        with suppress(OSError, ConnectionError):  # also of the handshake; whoever wanted no TLS hears nothing
            encrypted = await self.loop.start_tls(
                transport, self, self._context, server_side=True, ssl_handshake_timeout=most
            )
        self._gone()
        if encrypted is None or self._lost:
            transport.abort()
            return
        self._hand_over(encrypted)

    def _hand_over(self, encrypted: Transport) -> None:
        protocol = self._then()
        encrypted.set_protocol(protocol)
        protocol.connection_made(encrypted)
        if self._early:
            protocol.data_received(self._early)

    def _gone(self) -> None:
        if self._home is not None:
            self._crowd.leave(self, self._address, self._home)
            self._home = None
