"""Connections that cost too much: slow ones, endless ones, too many. Whoever asks properly is answered all the while."""

import socket
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager, suppress
from threading import Event
from time import monotonic

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.types import Receive, Scope, Send

from results.web.connections import Bounds, roomy
from results.web.http_server import bind, serving
from tests.boards import PATIENCE_S, wait_until

QUICK = Bounds(header_s=1.5, body_s=2, idle_s=2.5, answer_s=2, look_s=0.05)
LASTING = Bounds(header_s=3_600, body_s=3_600, idle_s=3_600, answer_s=3_600)
"""Nothing ends by these because its time is up."""
DRIP_S = 0.1
ELSEWHERE = "127.0.0.2"
HUGE = 8_000_000

SLOW = {
    "nothing": b"",
    "half a header": b"GET / HTTP/1.1\r\nHost: x\r\nX-A: ",
    "half a body": b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nbib=",
    "half a chunk": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nff\r\na",
    "half a trailer": b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\nX-A: ",
    "a body that nobody reads": b"POST /unread HTTP/1.1\r\nHost: x\r\nContent-Length: 5000\r\n\r\nbib=",
    "half of a second request": b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HT",
}


async def app(scope: Scope, receive: Receive, send: Send) -> None:
    """Tells how long the body was; `/unread` leaves it, `/huge` answers with a lot."""
    request = Request(scope, receive)
    if scope["path"] == "/huge":
        answer: Response = PlainTextResponse("x" * HUGE)
    elif scope["path"] == "/unread":
        answer = PlainTextResponse("not read")
    else:
        answer = PlainTextResponse(str(len(await request.body())))
    await answer(scope, receive, send)


@contextmanager
def server(bounds: Bounds = QUICK) -> Iterator[int]:
    listening = bind("127.0.0.1", 0)
    with serving(app, listening, bounds=bounds):
        yield int(listening.getsockname()[1])


def connect(port: int, source: str = "127.0.0.1") -> socket.socket:
    try:
        return socket.create_connection(("127.0.0.1", port), PATIENCE_S, (source, 0))
    except OSError as failure:
        if source != "127.0.0.1" and "assign" in str(failure):
            pytest.skip(f"no {source} on this machine")
        raise


def asked(
    port: int, request: bytes = b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n", source: str = "127.0.0.1"
) -> bytes:
    """Everything that comes back until the server closes."""
    with connect(port, source) as line:
        with suppress(ConnectionError):  # it may have had enough before all was sent
            line.sendall(request)
        return rest(line)


def rest(line: socket.socket) -> bytes:
    came = bytearray()
    with suppress(ConnectionError):
        while part := line.recv(65_536):
            came += part
    return bytes(came)


def heard(port: int, kind: str, drip: bytes) -> bytes:
    """What a slow one hears until the server closes, while one more letter comes every now and then."""
    until, came = monotonic() + PATIENCE_S, bytearray()
    with connect(port) as line, suppress(ConnectionError):
        line.sendall(SLOW[kind])
        line.settimeout(DRIP_S)
        while True:
            try:
                part = line.recv(65_536)
                if not part:
                    break
                came += part
            except TimeoutError:
                line.send(drip) if drip else None
            assert monotonic() < until, "still open"
    return bytes(came)


def test_whoever_does_not_come_to_the_end_of_a_request_is_let_go_and_told_so() -> None:
    slow = [(kind, drip) for kind in SLOW for drip in (b"", b"a")]
    with server() as port, ThreadPoolExecutor(len(slow)) as crowd:
        told = dict(zip(slow, crowd.map(lambda one: heard(port, *one), slow), strict=True))
        wait_until(lambda: asked(port).startswith(b"HTTP/1.1 200"))
    assert told["half a header", b""].startswith(b"HTTP/1.1 408")
    assert told["half a body", b""].startswith(b"HTTP/1.1 408")
    assert told["nothing", b""] == b""


def test_a_large_body_may_take_longer_than_a_small_one_as_long_as_it_comes() -> None:
    parts = [b"a" * 900] * 6
    with server(Bounds(body_s=0.3, look_s=0.05, least_rate=300)) as port, connect(port) as line:
        parts[0] = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 6000\r\n\r\n" + parts[0]
        for part in parts:  # 0.9 s in all, three times the time that a body has that does not come
            line.sendall(part)
            wait_until_quiet(line, 0.15)
        line.sendall(b"a" * 600)
        assert rest(line).endswith(b"6000")


def wait_until_quiet(line: socket.socket, seconds: float) -> None:
    line.settimeout(seconds)
    with pytest.raises(TimeoutError):
        line.recv(1)
    line.settimeout(PATIENCE_S)


def test_whoever_does_not_take_the_answer_is_let_go_and_holds_no_memory() -> None:
    with server() as port, connect(port) as line:
        line.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
        wait_until(lambda: b"HTTP/1.1 200" in asked(port))

        def gone() -> bool:
            with suppress(ConnectionError):
                line.send(b" ")
                return False
            return True

        wait_until(gone)


def test_an_answer_that_is_taken_slowly_is_given_whole() -> None:
    with server(Bounds(answer_s=2, look_s=0.05)) as port, connect(port) as line:
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65_536)
        line.sendall(b"GET /huge HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        taken, pace = 0, Event()
        while part := line.recv(65_536):
            taken += len(part)
            pace.wait(0.025)  # more than two seconds in all, never longer than a blink without
        assert taken > HUGE


HEADERS: dict[str, Callable[[], bytes]] = {
    "one long value": lambda: b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 20_000 + b"\r\n\r\n",
    "one long name": lambda: b"GET / HTTP/1.1\r\nHost: x\r\n" + b"a" * 20_000 + b": b\r\n\r\n",
    "a long address": lambda: b"GET /" + b"a" * 20_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n",
    "too many": lambda: b"GET / HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: a\r\n" % at for at in range(120)) + b"\r\n",
    "without end": lambda: b"GET / HTTP/1.1\r\nHost: x\r\nX-A: " + b"a" * 3_000_000,
    "an address without end": lambda: b"GET /" + b"a" * 3_000_000,
    "empty lines without end": lambda: b"\r\n" * 1_000_000,
    "a trailer without end": lambda: (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-A: " + b"a" * 3_000_000
    ),
    "a chunk's words without end": lambda: (
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n1;a=" + b"a" * 3_000_000
    ),
    "the second of two": lambda: b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET / HTTP/1.1\r\nX-A: " + b"a" * 3_000_000,
}


@pytest.mark.parametrize("kind", HEADERS)
def test_a_header_beyond_the_bounds_is_refused_and_the_connection_closed(
    kind: str, capfd: pytest.CaptureFixture[str]
) -> None:
    with server(LASTING) as port:
        told = asked(port, HEADERS[kind]())
        assert b" 431 " in told or len(HEADERS[kind]()) > 1_000_000  # who sends on and on may not hear the answer
        assert asked(port).startswith(b"HTTP/1.1 200")


def test_a_hundred_headers_of_an_ordinary_size_are_taken() -> None:
    many = b"".join(b"X-%d: %s\r\n" % (at, b"a" * 100) for at in range(98))
    with server(Bounds()) as port:
        assert asked(port, b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n" + many + b"\r\n").startswith(
            b"HTTP/1.1 200"
        )


def test_a_body_in_tiny_chunks_is_taken() -> None:
    body = b"1\r\na\r\n" * 20_000 + b"0\r\n\r\n"
    head = b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
    with server(Bounds()) as port:
        assert b"20000" in asked(port, head + body)


@pytest.mark.parametrize("kind", SLOW)
def test_a_crowd_from_one_address_keeps_neither_others_nor_its_own_neighbours_out(kind: str) -> None:
    with server(Bounds(from_one=20)) as port, ExitStack() as held:
        for _ in range(60):
            line = held.enter_context(connect(port, ELSEWHERE))
            with suppress(ConnectionError):
                line.sendall(SLOW[kind])
        assert asked(port).startswith(b"HTTP/1.1 200")
        assert asked(port, source=ELSEWHERE).startswith(b"HTTP/1.1 200")


def test_when_all_places_are_taken_whoever_has_waited_longest_gives_way() -> None:
    with server(Bounds(together=30)) as port, ExitStack() as held:
        lines = [held.enter_context(connect(port)) for _ in range(30)]
        wait_until(lambda: asked(port).startswith(b"HTTP/1.1 200"))
        assert rest(lines[0]) == b""
        lines[-1].sendall(b"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        assert rest(lines[-1]).startswith(b"HTTP/1.1 200")


def test_a_connection_that_is_kept_for_another_request_serves_that_too() -> None:
    with server(LASTING) as port, connect(port) as line:
        for _ in range(20):
            line.sendall(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc")
            came = b""
            while not came.endswith(b"\r\n\r\n3"):
                more = line.recv(4_096)
                assert more, came
                came += more


def test_many_bad_requests_are_one_line_of_the_log(capfd: pytest.CaptureFixture[str]) -> None:
    with server(Bounds()) as port:
        for _ in range(50):
            assert asked(port, b"\x00\x01\x02 nonsense\r\n\r\n").startswith(b"HTTP/1.1 400")
    assert capfd.readouterr().err.count("Invalid HTTP request") <= 1


def test_there_are_no_more_places_than_the_process_may_have_files() -> None:
    bounds = roomy(Bounds(together=10**9, from_one=10**9))
    assert bounds.from_one < bounds.together < 10**6
    assert roomy(Bounds()).together <= 10_000
