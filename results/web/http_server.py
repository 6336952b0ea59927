"""Runs the web server; uvicorn is used here alone."""

import socket
import ssl
from asyncio import get_running_loop
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

import uvicorn
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Receive, Scope, Send

from results.web.connections import BoundedConnections, Bounds, ConnectionCounts, roomy
from results.web.handshake import Handshake
from results.web.proxies import BehindProxies, Proxies
from results.web.quiet import hush
from timing.errors import Unreachable
from timing.language import _

BACKLOG = 1_024
"""Connections that the system queues until they are accepted."""
AT_A_TIME = 16
"""Connections accepted in one go, so that a burst of them does not hold up the others."""
BOUNDS = Bounds()
NO_PROXIES = Proxies()
Complain = Callable[[str], object]


def bind(host: str, port: int) -> socket.socket:
    """Take the port before anything else is started.

    Raises:
        Unreachable: another program has it.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # TCP by name: only then does asyncio switch off the delay that makes each answer wait 40 ms.
    taken = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        taken.bind((host, port))
        taken.listen()  # until then two programs could both have it
    except OSError as failure:
        taken.close()
        raise Unreachable(
            _(
                "cannot use {host}:{port} ({strerror}); try another --port",
                host=host,
                port=port,
                strerror=failure.strerror,
            ),
        ) from failure
    return taken


def inherited(number: int) -> socket.socket:
    """A listening socket that another process has bound."""
    return socket.socket(fileno=number)


@dataclass(frozen=True, slots=True)
class Tls:
    """The certificate's chain and its key, both as PEM files."""

    certificate: Path
    key: Path


def unheard(_trouble: str) -> None:
    """Drop complaints."""


def serve(
    app: ASGIApp,
    listening: socket.socket,
    tls: Tls | None = None,
    bounds: Bounds = BOUNDS,
    proxies: Proxies = NO_PROXIES,
    complain: Complain = unheard,
) -> None:
    """Serve until Ctrl-C or SIGTERM; by HTTPS where there is a certificate. `complain` is called about proxies that are set up wrongly.

    Raises:
        Unreachable: certificate and key cannot be read, or are no pair.
    """
    _server(app, tls, bounds, proxies, complain).run(sockets=[listening])


@contextmanager
def serving(
    app: ASGIApp,
    listening: socket.socket,
    tls: Tls | None = None,
    bounds: Bounds = BOUNDS,
    proxies: Proxies = NO_PROXIES,
    complain: Complain = unheard,
) -> Iterator[None]:
    """Serve on a thread inside the `with` block; as `serve`."""
    server = _server(app, tls, bounds, proxies, complain)
    thread = Thread(target=server.run, args=([listening],), name="server", daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.should_exit = True
        thread.join()


def _server(app: ASGIApp, tls: Tls | None, bounds: Bounds, proxies: Proxies, complain: Complain) -> uvicorn.Server:
    bounds = roomy(bounds)
    crowd = ConnectionCounts(bounds, proxies)
    protocol: Any = crowd.protocol
    config = uvicorn.Config(
        _heedless(BehindProxies(app, proxies, complain)),
        http=protocol,
        ws="none",
        backlog=AT_A_TIME,
        timeout_keep_alive=max(1, round(bounds.idle_s)),
        log_level="warning",
        access_log=False,  # nobody would see a line per request at this level; it need not be put together either
        lifespan="off",
        proxy_headers=False,  # it would believe this whole machine, named or not
        server_header=False,
        timeout_graceful_shutdown=3,
    )
    hush()
    if tls:
        config.ssl_certfile, config.ssl_keyfile = tls.certificate, str(tls.key)
        try:
            config.load()
        except (OSError, ssl.SSLError) as failure:
            raise Unreachable(
                _(
                    "cannot use certificate {certificate} and key {key}: {failure}",
                    failure=failure,
                    certificate=tls.certificate,
                    key=tls.key,
                ),
            ) from failure
    return HttpServer(config, crowd)


class HttpServer(uvicorn.Server):
    """uvicorn's server with the handshake counted too, and a system queue longer than what is accepted at once."""

    def __init__(self, config: uvicorn.Config, crowd: ConnectionCounts) -> None:
        super().__init__(config)
        self._crowd = crowd

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        loop: Any = get_running_loop()
        if self.config.is_ssl:
            loop.create_server = partial(self._create_server, loop.create_server)
        await super().startup(sockets)
        for listening in sockets or ():
            listening.listen(BACKLOG)

    async def _create_server(self, plainly: Any, then: Callable[[], BoundedConnections], **given: Any) -> Any:
        context = given.pop("ssl")
        return await plainly(lambda: Handshake(self._crowd, context, then), **given)


def _heedless(app: ASGIApp) -> ASGIApp:
    """The app without errors about clients that have disconnected."""

    async def heedless(scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(ClientDisconnect):
            await app(scope, receive, send)

    return heedless
