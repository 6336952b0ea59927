"""The port: taken before anything else, given back afterwards, and one clear line where somebody else has it."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.request import urlopen

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID
from starlette.responses import PlainTextResponse

from marathon import cli
from results.web.connections import Bounds
from results.web.http_server import Tls, bind, serving
from tests.boards import PATIENCE_S, race_folder
from timing.commands.command_line import run
from timing.errors import Unreachable

APP = PlainTextResponse("전광판")
GUN_DAY = datetime(2026, 9, 3, tzinfo=UTC)


@contextmanager
def taken() -> Iterator[int]:
    """A port that somebody else listens at."""
    with bind("127.0.0.1", 0) as other:
        yield other.getsockname()[1]


def test_an_answer_is_never_held_back_for_forty_milliseconds() -> None:
    with bind("127.0.0.1", 0) as listening:
        assert listening.proto == socket.IPPROTO_TCP  # where asyncio looks before it switches Nagle's delay off


def test_a_port_in_use_is_one_clear_error() -> None:
    with taken() as port, pytest.raises(Unreachable, match=f"127.0.0.1:{port}") as refused:
        bind("127.0.0.1", port)
    assert refused.value.exit_code == 3
    assert "--port" in refused.value.text.to("ko") and "--port" in refused.value.text.to("en")


def test_an_address_that_is_not_ours_is_one_clear_error() -> None:
    with pytest.raises(Unreachable):
        bind("203.0.113.7", 0)


def test_a_host_that_nobody_knows_is_one_clear_error() -> None:
    with pytest.raises(Unreachable):
        bind("no.such.host.invalid", 0)


def test_serve_on_a_port_in_use_ends_at_once_and_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with race_folder(tmp_path / "race", []) as opened, taken() as port:
        assert run(cli, ["serve", "--race", str(opened.root), "--port", str(port)]) == 3
    told = capsys.readouterr()
    assert told.err.count("\n") == 1 and f"127.0.0.1:{port}" in told.err
    assert told.out == ""


def test_serving_beside_other_work_and_giving_the_port_back() -> None:
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    with serving(APP, listening), urlopen(f"http://127.0.0.1:{port}/") as answer:
        assert answer.read().decode() == "전광판"
        assert "server" not in answer.headers
    with bind("127.0.0.1", port) as again:
        assert again.getsockname()[1] == port


@pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 here")
def test_an_ipv6_address() -> None:
    try:
        listening = bind("::1", 0)
    except Unreachable as away:
        pytest.skip(f"no IPv6 here: {away}")
    with serving(APP, listening), urlopen(f"http://[::1]:{listening.getsockname()[1]}/") as answer:
        assert answer.status == 200


def self_signed(folder: Path) -> Tls:
    """A certificate for this machine that nobody else vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    made = x509.CertificateBuilder(name, name, key.public_key(), 417, *(GUN_DAY, GUN_DAY + timedelta(36_500)))
    signed = made.add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), False).sign(key, SHA256())
    tls = Tls(folder / "cert.pem", folder / "key.pem")
    tls.certificate.write_bytes(signed.public_bytes(Encoding.PEM))
    tls.key.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return tls


def test_with_a_certificate_the_board_is_served_by_https(tmp_path: Path) -> None:
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    where = f"https://localhost:{listening.getsockname()[1]}/"
    with serving(APP, listening, tls), urlopen(where, context=trusting) as answer:
        assert answer.read().decode() == "전광판"


def test_whoever_does_not_come_to_the_end_of_a_handshake_is_let_go(tmp_path: Path) -> None:
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    with (
        serving(APP, listening, tls, Bounds(header_s=0.3, look_s=0.05)),
        socket.create_connection(listening.getsockname(), PATIENCE_S) as line,
    ):
        line.sendall(b"\x16\x03\x01")
        assert line.recv(1_000) == b""


def test_handshakes_count_as_connections_and_whoever_comes_new_is_served(tmp_path: Path) -> None:
    """More than there are places for never say a word after the first; those who wait longest give way."""
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    where = f"https://localhost:{listening.getsockname()[1]}/"
    with serving(APP, listening, tls, Bounds(together=8, header_s=300)), ExitStack() as crowd:
        lines = [crowd.enter_context(socket.create_connection(listening.getsockname(), PATIENCE_S)) for _ in range(24)]
        for line in lines:
            line.sendall(b"\x16\x03\x01")
        with urlopen(where, context=trusting, timeout=PATIENCE_S) as answer:
            assert answer.read().decode() == "전광판"
        for line in lines[:16]:  # 8 places, one of them for the guest just served
            with suppress(ConnectionResetError):
                assert line.recv(10) == b""


@pytest.mark.parametrize("first", [b"GET / HTTP/1.1\r\n\r\n", b"\x00" * 50, b""])
def test_whoever_speaks_no_tls_is_let_go_and_nobody_else_notices(tmp_path: Path, first: bytes) -> None:
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    with serving(APP, listening, tls):
        with socket.create_connection(listening.getsockname(), PATIENCE_S) as line:
            line.sendall(first)
            line.shutdown(socket.SHUT_WR)
            with suppress(ConnectionResetError):
                while line.recv(1_000):
                    pass
        with urlopen(f"https://localhost:{listening.getsockname()[1]}/", context=trusting) as answer:
            assert answer.status == 200


class Silent:
    """A client that speaks TLS by hand: its request goes with the handshake's last message, and it never says that it closes."""

    def __init__(self, trusting: ssl.SSLContext, line: socket.socket) -> None:
        self._line, self._comes, self._goes = line, ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = trusting.wrap_bio(self._comes, self._goes, server_hostname="localhost")

    def asks(self, request: bytes) -> None:
        while True:
            try:
                self._tls.do_handshake()
                break
            except ssl.SSLWantReadError:
                self._line.sendall(self._goes.read())
                self._comes.write(self._line.recv(65_536))
        self._tls.write(request)
        self._line.sendall(self._goes.read())

    def hears(self) -> bytes:
        self._comes.write(self._line.recv(65_536))
        try:
            return self._tls.read(65_536)
        except ssl.SSLWantReadError:
            return b""


def test_a_request_that_comes_in_one_flight_with_the_end_of_the_handshake_is_answered(tmp_path: Path) -> None:
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    with serving(APP, listening, tls), socket.create_connection(listening.getsockname(), PATIENCE_S) as line:
        client, said = Silent(trusting, line), b""
        client.asks(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
        while b"200 OK" not in said:
            said += client.hears()


def test_a_client_that_does_not_say_that_it_closes_stops_nobody_else_s_deadlines(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """By TLS the end of an answer waits for the client's own end; who never says it is let go, and so is the next one."""
    listening, tls = bind("127.0.0.1", 0), self_signed(tmp_path)
    trusting = ssl.create_default_context(cafile=str(tls.certificate))
    with serving(APP, listening, tls, Bounds(header_s=0.3, idle_s=0.3, look_s=0.05)):
        for _ in range(2):
            with socket.create_connection(listening.getsockname(), PATIENCE_S) as line:
                client = Silent(trusting, line)
                client.asks(b"GET / HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")
                with suppress(ConnectionResetError):
                    while line.recv(65_536):
                        pass
    assert not [record for record in caplog.records if record.name == "asyncio"]


@pytest.mark.parametrize("broken", ["nothing", "no pair", "no key"])
def test_a_certificate_that_cannot_be_used_is_one_clear_error(tmp_path: Path, broken: str) -> None:
    tls = self_signed(tmp_path)
    if broken == "nothing":
        tls.certificate.unlink()
    elif broken == "no pair":
        (tmp_path / "other").mkdir()
        tls = Tls(tls.certificate, self_signed(tmp_path / "other").key)
    else:
        tls.key.write_text("열쇠가 아님", encoding="utf-8")
    refused = pytest.raises(Unreachable, match="certificate")
    with bind("127.0.0.1", 0) as listening, refused, serving(APP, listening, tls):
        pass


def test_a_certificate_without_its_key_is_a_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(cli, ["serve", "--tls-certificate", str(tmp_path / "cert.pem")]) == 2
    assert "--tls-key" in capsys.readouterr().err
