"""Bounds connections: the time for a request, the size of its header, and how many connections there are.

uvicorn has none of these bounds. Its protocol for one connection is extended here by a count of bytes and a deadline; once a second
connections past their deadline are closed. Where there are too many, a new connection displaces the one that has waited longest for
its client: a phone or a station sends its request at once, and gets in however many idle connections there are.
"""

import resource
from asyncio import BaseTransport, TimerHandle, Transport
from collections import OrderedDict
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import Any, Final, Protocol

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from results.web.addresses import address_of
from results.web.limits import client_network
from results.web.proxies import Proxies

HERE: Final = ("127.0.0.1", "::1")
"""Connections from this machine may be a proxy's: like those of named proxies they are limited by the server's sum alone."""
FILES_WANTED: Final = 65_536
FILES_BESIDE: Final = 300
"""Open files that are no connections: of the database, the log, the pages."""
SLICE: Final = 16_384
AT_A_TIME: Final = 64
SOON_S: Final = 0.02
FRAMES: Final = 8
"""Chunk sizes and trailers may take so many times the bytes of the body, and a header more."""


@dataclass(frozen=True, slots=True)
class Bounds:
    """The bounds of every connection, in seconds and bytes. After its first time a body or a response goes on at `least_rate`."""

    header_s: float = 10
    body_s: float = 30
    idle_s: float = 5
    answer_s: float = 30
    """A response of which the client takes nothing for so long is aborted."""
    least_rate: int = 1_000
    """Bytes a second."""
    header_bytes: int = 16_384
    headers: int = 100
    from_one: int = 1_000
    """From one address (an IPv6 /64): a carrier's or a company's phones share one, and a stadium may."""
    together: int = 10_000
    look_s: float = 1.0


def roomy(bounds: Bounds) -> Bounds:
    """The bounds with as many connections as this process may open files; its limit is raised to what the machine allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = FILES_WANTED if hard == resource.RLIM_INFINITY else min(hard, FILES_WANTED)
    if soft != resource.RLIM_INFINITY and soft < most:
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
    files = most if soft == resource.RLIM_INFINITY else max(soft, most)
    together = max(2, min(bounds.together, files - FILES_BESIDE))
    return replace(bounds, together=together, from_one=min(bounds.from_one, together // 2))


class ClientConnection(Protocol):
    """A connection that may wait for its client, until the loop's time `due`."""

    loop: Any
    due: float

    def late(self, now: float) -> None:
        """Called once `due` has passed."""
        ...

    def vanish(self) -> None:
        """End at once, without a word."""
        ...


@dataclass(slots=True)
class ClientNetwork:
    """The connections of one address; `waiting` for their client in the order in which they began to."""

    connections: int = 0
    waiting: OrderedDict[ClientConnection, None] = field(default_factory=OrderedDict)


class ConnectionCounts:
    """All connections of one server; used in its event loop alone."""

    def __init__(self, bounds: Bounds, proxies: Proxies) -> None:
        self.bounds, self._proxies = bounds, proxies
        self._homes: dict[str, ClientNetwork] = {}
        self._count = 0
        self._look: TimerHandle | None = None

    def protocol(self, **given: Any) -> "BoundedConnections":
        """The protocol factory for uvicorn."""
        return BoundedConnections(self, **given)

    def enter(self, one: ClientConnection, address: str) -> ClientNetwork | None:
        """Admit a connection, if need be in place of a waiting one; None where none is waiting."""
        home = self._homes.get(client_network(address))
        full = home and home.connections >= self.bounds.from_one and not self._brings_many(address)
        if home and full and not self._displaced(home):
            return None
        if self._count >= self.bounds.together and not self._displaced(self._largest()):
            return None
        home = self._homes.setdefault(client_network(address), ClientNetwork())
        home.connections += 1
        self._count += 1
        if self._look is None:
            self._look = one.loop.call_later(self.bounds.look_s, self._look_round, one.loop)
        return home

    def leave(self, one: ClientConnection, address: str, home: ClientNetwork) -> None:
        home.waiting.pop(one, None)
        home.connections -= 1
        self._count -= 1
        if not home.connections:
            self._homes.pop(client_network(address), None)

    def _brings_many(self, address: str) -> bool:
        known = address_of(address)
        return str(known) in HERE or self._proxies.has(known)

    def _largest(self) -> ClientNetwork:
        return max(self._homes.values(), key=lambda home: len(home.waiting))

    def _displaced(self, home: ClientNetwork) -> bool:
        """Abort the connection that has waited longest; whether there was one. It calls `leave` at once."""
        for one in home.waiting:
            one.vanish()
            return True
        return False

    def _look_round(self, loop: Any) -> None:
        """Close connections past their deadline, a limited number at a time, so that responses are not held up."""
        now = loop.time()
        late = [one for home in self._homes.values() for one in home.waiting if one.due <= now]
        again = self.bounds.look_s if len(late) <= AT_A_TIME else SOON_S
        self._look = loop.call_later(
            again, self._look_round, loop
        )  # first: whatever becomes of these, there is a next look
        for one in late[:AT_A_TIME]:
            one.late(now)
        if not self._count:
            self._look.cancel()
            self._look = None


class TooMuch(Exception):
    """A header beyond the bounds; ends the reading of a request."""


class BoundedConnections(HttpToolsProtocol):
    """uvicorn's connection, within bounds.

    It waits for its client until `due`, except between the end of a request and that of the response; a response that the client does
    not take is waiting too.
    """

    transport: Transport

    def __init__(self, crowd: ConnectionCounts, **given: Any) -> None:
        super().__init__(**given)
        self._crowd, self._bounds = crowd, crowd.bounds
        self._home: ClientNetwork | None = None
        self._asking = True
        """Whether a request is still being received."""
        self._began = self.due = 0.0
        self._came = self._body = self._header = 0
        self._left: float = 0
        """Bytes of a response not taken by the client at the last check; 0 while it takes them."""

    def connection_made(self, transport: BaseTransport) -> None:
        assert isinstance(transport, Transport)
        super().connection_made(transport)
        self._home = self._crowd.enter(self, self._address)
        if self._home is None:
            transport.abort()
        else:
            self._wait(self._bounds.header_s)

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        for begin in range(0, len(data), SLICE):
            part = data[begin : begin + SLICE]
            self._came += len(part)
            super().data_received(part)
            if self.transport.is_closing():
                return
            if self._came > self._bounds.header_bytes + FRAMES * self._body:
                self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
                return

    def send_400_response(self, msg: str) -> None:
        if self._header > self._bounds.header_bytes or len(self.headers or ()) > self._bounds.headers:
            self._end(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE)
        else:
            super().send_400_response(msg)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._header, self._asking = 0, True
        self._wait(self._bounds.header_s)

    def on_url(self, url: bytes) -> None:
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        super().on_header(name, value)
        self._count(len(name) + len(value) + 4)

    def on_headers_complete(self) -> None:
        self._wait(self._bounds.body_s)
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._came = self._body = 0
        self._asking = False
        super().on_message_complete()
        if self.cycle.response_complete:  # an answer that did not wait for the end of its request
            self._wait(self._bounds.idle_s)
        else:
            self._work()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and not self._left:
            self._wait(self._bounds.idle_s)

    def pause_writing(self) -> None:
        super().pause_writing()
        self._left = float("inf")
        self._wait(self._bounds.answer_s)

    def resume_writing(self) -> None:
        super().resume_writing()
        self._left = 0
        if self.cycle is not None and self.cycle.response_complete:
            self._wait(self._bounds.idle_s)
        elif not self._asking:
            self._work()

    def late(self, now: float) -> None:
        """Extend the deadline where bytes came or went, else close."""
        if self._left:
            left, taken = self.transport.get_write_buffer_size(), self._bounds.least_rate * self._bounds.answer_s
            if left <= self._left - taken:
                self._left, self.due = left, now + self._bounds.answer_s
                return
        elif self._body and not self.cycle.response_complete and now < self._earned():
            self.due = self._earned()
            return
        self._end(HTTPStatus.REQUEST_TIMEOUT if self._asking and self._came else None)

    def vanish(self) -> None:
        """End at once, without a word."""
        self._gone()
        self.transport.abort()

    @property
    def _address(self) -> str:
        return self.client[0] if self.client else ""

    def _wait(self, seconds: float) -> None:
        """Wait for the client, so long at most."""
        if self._home is not None:
            self._began = self.loop.time()
            self.due = self._began + seconds
            self._home.waiting[self] = None

    def _work(self) -> None:
        """Stop waiting: the request is being answered."""
        if self._home is not None and not self._left:
            self._home.waiting.pop(self, None)

    def _earned(self) -> float:
        """The deadline of a body that came at the least rate."""
        return self._began + self._bounds.body_s + self._body / self._bounds.least_rate

    def _count(self, more: int) -> None:
        self._header += more
        if self._header > self._bounds.header_bytes or len(self.headers) > self._bounds.headers:
            raise TooMuch

    def _gone(self) -> None:
        if self._home is not None:
            self._crowd.leave(self, self._address, self._home)
            self._home = None

    def _end(self, status: HTTPStatus | None) -> None:
        """Send the status, where no response is under way, and close; what the client does not take is dropped."""
        if self.transport.is_closing():  # by TLS it waits for the client's word that it closes, too
            self.vanish()
            return
        if status and (self.cycle is None or self.cycle.response_complete or not self.cycle.response_started):
            words = f"HTTP/1.1 {status.value} {status.phrase}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
            self.transport.write(words.encode())
        self.transport.close()
        if self.transport.get_write_buffer_size():
            self.vanish()
