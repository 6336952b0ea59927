"""What `make bench-load` lets loose on a server on this machine, each kind in a process of its own, for some seconds and no longer."""

import asyncio
import resource
import socket
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from multiprocessing import get_context
from random import Random
from time import perf_counter

ELSEWHERE = "127.0.0.2"
"""Another address than that of the clients who are measured."""
SLOW = {
    "nothing at all": b"",
    "a header, letter by letter": b"GET /head.json HTTP/1.1\r\nHost: x\r\nX-A: ",
    "a form, letter by letter": b"POST /missing HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
    b"Content-Length: 5000\r\n\r\nbib=",
    "a batch, letter by letter": b"POST /v1/lineages/" + b"0" * 32 + b"/batch HTTP/1.1\r\nHost: x\r\n"
    b"Content-Length: 5000\r\n\r\n{",
}
HEAVY = ("/print.html", "/en/print.html", "/results.html", "/plots.html")
PATHS = (
    *(
        "/",
        "/head.json",
        "/r/1.html",
        "/c/c00001.html",
        "/missing",
        "/v1/vote",
        "/v1/spectator",
        "/v1/roster",
    ),
    *("/v1/stations", "/certificate/1", "/captain/x", "/announcer/x", "/v/AAAA", "/b/AAAA", "/s/1-1/index.json"),
    "/v1/lineages/" + "0" * 32 + "/batch",
    "/v1/lineages/" + "0" * 32 + "/heartbeat",
)
HEADS = (
    *("Host: x", "Origin: http://[::1", "Origin: null", "Content-Type: application/json", "Accept-Encoding: br;q=\xff"),
    *("Authorization: Bearer \xe9", 'If-None-Match: "\xff"', "Last-Event-ID: \xfe", "Sec-Fetch-Site: cross-site"),
)
BODIES = (
    b"",
    b"{}",
    b"[]",
    b'{"first":1,"prev_hash":"\xd2","items":[{}]}',
    b"bib=%ff&text=%00",
    b"\xff\xfe",
    b"[" * 500,
)


@contextmanager
def flood(work: Callable[..., None], *given: object) -> Iterator[None]:
    """The work going on in another process, ended with the block."""
    process = get_context("spawn").Process(target=work, args=given, daemon=True)
    process.start()
    try:
        yield
    finally:
        process.terminate()
        process.join()


def slow(port: int, kind: str, count: int, seconds: float) -> None:
    """So many connections that each send a letter every three seconds; whoever is let go comes again."""
    resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
    asyncio.run(_for(seconds, [_drip(port, SLOW[kind]) for _ in range(count)]))


async def _for(seconds: float, works: list[object]) -> None:
    tasks = [asyncio.ensure_future(work) for work in works]  # type: ignore[call-overload]
    await asyncio.wait(tasks, timeout=seconds)
    for task in tasks:
        task.cancel()


async def _drip(port: int, begin: bytes) -> None:
    while True:
        with suppress(OSError):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ELSEWHERE, 0))
            writer.write(begin)
            while not reader.at_eof():
                with suppress(TimeoutError):
                    await asyncio.wait_for(reader.read(1_000), 3)
                if begin:
                    writer.write(b"a")
            writer.close()
        await asyncio.sleep(0.5)


def heavy(port: int, clients: int, seconds: float) -> None:
    """Clients that ask for the largest pages, each for the next as soon as it has one."""
    asyncio.run(_for(seconds, [_browse(port, at) for at in range(clients)]))


async def _browse(port: int, number: int) -> None:
    while True:
        with suppress(OSError, asyncio.IncompleteReadError, StopIteration):
            reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ELSEWHERE, 0))
            while True:
                number += 1
                writer.write(
                    f"GET {HEAVY[number % len(HEAVY)]} HTTP/1.1\r\nHost: x\r\nAccept-Encoding: br\r\n\r\n".encode()
                )
                head = (await reader.readuntil(b"\r\n\r\n")).lower()
                size = next(line for line in head.split(b"\r\n") if line.startswith(b"content-length:"))
                await reader.readexactly(int(size.partition(b":")[2]))


def wrong_tokens(port: int, rate: int, seconds: float) -> None:
    """So many requests a second, each with another token that nobody gave, over ten connections."""
    asyncio.run(_for(seconds, [_guess(port, rate / 10, at) for at in range(10)]))


async def _guess(port: int, rate: float, seed: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, local_addr=(ELSEWHERE, 0))
    chance, due = Random(seed), perf_counter()

    async def listen() -> None:
        while await reader.read(65_536):
            pass

    listening = asyncio.create_task(listen())
    while not listening.done():
        token = f"{chance.getrandbits(256):064x}"
        writer.write(f"GET /v1/roster HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {token}\r\n\r\n".encode())
        due += 1 / rate
        await asyncio.sleep(max(0.0, due - perf_counter()))


def endless_headers(port: int, connections: int, megabytes: int) -> int:
    """Headers that never end, on some connections at once; how many bytes the server let come in all."""
    lines = [socket.create_connection(("127.0.0.1", port), 10) for _ in range(connections)]
    block, sent = b"a" * 1_000_000, 0
    for line in lines:
        line.sendall(b"GET /head.json HTTP/1.1\r\nHost: x\r\nX: ")
    for _ in range(megabytes // connections):
        for line in lines:
            with suppress(OSError):
                line.sendall(block)
                sent += len(block)
    for line in lines:
        line.close()
    return sent


def mutated(port: int, requests: int, seed: int) -> Counter[int]:
    """Requests with something wrong in them; how often each status came back (0: the connection was closed without one)."""
    chance, statuses = Random(seed), Counter[int]()
    with_line: socket.socket | None = None
    for _ in range(requests):
        with_line = with_line or socket.create_connection(("127.0.0.1", port), 10)
        status, goes_on = _tried(with_line, _mutant(chance))
        statuses[status] += 1
        if not goes_on:
            with_line.close()
            with_line = None
    return statuses


def _mutant(chance: Random) -> bytes:
    body = chance.choice(BODIES)
    heads = [*chance.sample(HEADS, chance.randrange(4)), f"Content-Length: {len(body)}"]
    line = f"{chance.choice(('GET', 'POST', 'HEAD', 'PUT'))} {chance.choice(PATHS)} HTTP/1.1"
    whole = bytearray("\r\n".join([line, *heads, "", ""]).encode("latin-1") + body)
    for _ in range(chance.choice((0, 0, 1, 1, 2, 4))):
        whole[chance.randrange(len(whole))] = chance.randrange(256)
    return bytes(whole)


def _tried(line: socket.socket, request: bytes) -> tuple[int, bool]:
    line.settimeout(0.25)  # a request that has become too short for its length is not waited for
    try:
        line.sendall(request)
        came = line.recv(65_536)
    except OSError:
        return 0, False
    told = came.startswith(b"HTTP/1.1 ") and came[9:12].isdigit()
    whole = b"\r\n\r\n" in came and b"close" not in came.lower() and b"event-stream" not in came
    return int(came[9:12]) if told else 0, whole and len(came) < 30_000 and _is_all(came, request)


def _is_all(came: bytes, request: bytes) -> bool:
    head, _, body = came.partition(b"\r\n\r\n")
    sizes = [one for one in head.lower().split(b"\r\n") if one.startswith(b"content-length:")]
    return bool(sizes) and (request[:4] == b"HEAD" or len(body) == int(sizes[0].partition(b":")[2]))
