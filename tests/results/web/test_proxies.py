"""Whom a request is counted for: a named proxy's visitors each for themselves, and nobody by what they say of themselves."""

import asyncio
import socket
from pathlib import Path

import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import Receive, Scope, Send

from results.web.http_server import bind, serving
from results.web.limits import Limits
from results.web.proxies import BehindProxies, Proxies
from results.web.proxy_checks import SEEN, kept_for_doctor
from tests.boards import race_folder
from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.errors import WrongUse


class Server:
    """Answers with whom it counts a request for; `heard` are its complaints."""

    def __init__(self, *named: str) -> None:
        self.heard: list[str] = []
        self.now = 0
        self._app = BehindProxies(self._answer, Proxies(named), self.heard.append, lambda: self.now)
        self._counted: object = None

    def counts(self, peer: str | None, *headers: tuple[str, str]) -> str | None:
        """The address that a request from this peer is counted for; None where that is not known."""
        raw = [(name.lower().encode(), value.encode()) for name, value in headers]
        client = None if peer is None else (peer, 5_000)
        asyncio.run(self._app({"type": "http", "client": client, "headers": raw}, None, None))  # type: ignore[arg-type]
        assert self._counted is None or isinstance(self._counted, tuple)
        return self._counted[0] if self._counted else None

    async def _answer(self, scope: Scope, _receive: Receive, _send: Send) -> None:
        self._counted = scope["client"]


def xff(value: str) -> tuple[str, str]:
    return "X-Forwarded-For", value


PROXY = "10.0.0.2"


@pytest.mark.parametrize(
    ("peer", "sent", "counted"),
    [
        (PROXY, ["198.51.100.7"], "198.51.100.7"),
        (PROXY, ["198.51.100.7:40112"], "198.51.100.7"),
        (PROXY, ["[2001:db8::7]:40112"], "2001:db8::7"),
        (PROXY, ["2001:db8::7"], "2001:db8::7"),
        (PROXY, ["::ffff:198.51.100.7"], "198.51.100.7"),
        (PROXY, ["6.6.6.6, 198.51.100.7"], "198.51.100.7"),  # the visitor wrote the first
        (PROXY, ["6.6.6.6", "198.51.100.7"], "198.51.100.7"),
        (PROXY, ["198.51.100.7, 10.1.0.9"], "198.51.100.7"),  # through two of ours
        (PROXY, ["6.6.6.6, evil, 198.51.100.7 , 10.1.0.9"], "198.51.100.7"),
        (f"::ffff:{PROXY}", ["198.51.100.7"], "198.51.100.7"),
        (PROXY, ["10.1.0.9"], "10.1.0.9"),
    ],
)
def test_a_named_proxy_s_visitors_are_counted_each_for_themselves(peer: str, sent: list[str], counted: str) -> None:
    server = Server(PROXY, "10.1.0.0/16")
    assert server.counts(peer, *map(xff, sent)) == counted and server.heard == []


@pytest.mark.parametrize("sent", [[], [""], ["unknown"], ["_hidden"], ["198.51.100.7, "], ["localhost"], ["999.1.1.1"]])
def test_a_named_proxy_that_does_not_say_whose_requests_it_brings_is_told_of_once_a_minute(sent: list[str]) -> None:
    server = Server(PROXY)
    assert [server.counts(PROXY, *map(xff, sent)) for _ in range(5)] == [None] * 5
    assert len(server.heard) == 1 and f"프록시 {PROXY}" in server.heard[0] and "X-Forwarded-For" in server.heard[0]
    server.now = 61_000_000
    server.counts(PROXY, *map(xff, sent))
    assert len(server.heard) == 2


@pytest.mark.parametrize(
    "header",
    [
        ("Forwarded", "for=198.51.100.7"),
        ("X-Real-IP", "198.51.100.7"),
        ("X-Client-IP", "1.2.3.4"),
        ("True-Client-IP", "1.2.3.4"),
    ],
)
def test_other_headers_are_believed_of_nobody(header: tuple[str, str]) -> None:
    assert Server(PROXY).counts(PROXY, header, xff("203.0.113.9")) == "203.0.113.9"
    assert Server(PROXY).counts(PROXY, header) is None
    assert Server(PROXY).counts("203.0.113.1", header) == "203.0.113.1"


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "203.0.113.1", "10.0.0.3"])
def test_who_is_not_named_is_counted_by_the_address_it_comes_from_whatever_it_says(peer: str) -> None:
    for server in (Server(), Server(PROXY)):
        assert {server.counts(peer, xff(f"198.51.100.{number}")) for number in range(20)} == {peer}


def test_a_proxy_in_this_network_that_nobody_named_is_told_of_and_a_stranger_who_plays_one_is_not() -> None:
    server = Server()
    server.counts("203.0.114.1", xff("198.51.100.7"))
    server.counts("127.0.0.1")
    assert server.heard == []
    server.counts("127.0.0.1", xff("198.51.100.7"))
    server.counts("127.0.0.1", ("Via", "1.1 Caddy"))
    assert len(server.heard) == 1 and "--proxy 127.0.0.1" in server.heard[0]


def test_a_request_without_an_address_is_nobody_s() -> None:
    assert Server().counts(None, xff("198.51.100.7")) is None


@pytest.mark.parametrize("named", ["nginx", "10.0.0.0/33", "", "*"])
def test_a_proxy_is_named_by_an_address(named: str) -> None:
    with pytest.raises(WrongUse, match="network"):
        Proxies([named])


def test_visitors_whose_address_is_not_told_are_not_put_into_one_bucket() -> None:
    limits = Limits(ManualClock(GUN), from_one=2, from_all=1_000)
    assert [limits.may("") for _ in range(50)] == [True] * 50


def test_a_server_believes_its_own_machine_no_more_than_others() -> None:
    async def whose(scope: Scope, receive: Receive, send: Send) -> None:
        client = Request(scope).client
        await PlainTextResponse(client.host if client else "nobody")(scope, receive, send)

    def asked(*named: str) -> str:
        listening = bind("127.0.0.1", 0)
        with (
            serving(whose, listening, proxies=Proxies(named)),
            socket.create_connection(("127.0.0.1", listening.getsockname()[1]), 5) as line,
        ):
            line.sendall(b"GET / HTTP/1.0\r\nX-Forwarded-For: 198.51.100.7\r\n\r\n")
            return b"".join(iter(lambda: line.recv(1_000), b"")).rpartition(b"\r\n\r\n")[2].decode()

    assert asked() == "127.0.0.1"
    assert asked("127.0.0.1") == "198.51.100.7"


def test_doctor_knows_the_named_proxies_and_what_a_server_saw_of_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def told() -> str:
        marathon("doctor", "--race", root)
        return "\n".join(line for line in capsys.readouterr().out.splitlines() if "프록시 / proxy" in line)

    with race_folder(tmp_path / "race", []) as opened:
        root = opened.root
    assert "✓" in told() and "none in race.toml" in told()
    settings = root / "race.toml"
    settings.write_text(settings.read_text(encoding="utf-8") + 'proxies = ["127.0.0.1"]\n', encoding="utf-8")
    assert "only 127.0.0.1" in told()
    kept_for_doctor(root, lambda trouble: None)("프록시 고장 / the proxy is silent")
    assert "✗" in told() and "the proxy is silent" in told()
    kept_for_doctor(root, lambda trouble: None)
    assert not (root / SEEN).exists()
    settings.write_text(settings.read_text(encoding="utf-8").replace("127.0.0.1", "nginx"), encoding="utf-8")
    assert "✗" in told() and "10.0.0.0/24" in told()
