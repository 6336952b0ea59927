"""Stations know their server by the fingerprint in their enrolment: whoever shows another certificate never hears the token."""

import socket
import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Thread

import pytest
from cryptography import x509

from marathon import cli
from results.web.http_server import Tls, bind, serving
from scanners.intake.routes import intake
from scanners.outbox.uplink import HttpUplink, Refused
from tests.boards import PATIENCE_S, race_folder
from tests.builders import GUN, RACE, Station, scan
from tests.clock_and_chance import ManualClock
from tests.intakes import TOKEN, watched_over
from tests.memory_log import MemoryLog
from timing.commands.command_line import run
from timing.errors import Unreachable, WrongUse
from timing.log import Outcome
from timing.log.writer import Writer
from timing.people.directory import hashed
from timing.stations.enrolment import read_enrolment
from timing.stations.tls_certificate import FILE, fingerprint, own_certificate
from timing.web.app import web_app


@contextmanager
def secure_server(folder: Path) -> Iterator[tuple[str, str]]:
    """An intake with a certificate of its own: its address, and the certificate's fingerprint."""
    folder.mkdir(exist_ok=True)
    file = own_certificate(folder, GUN)
    log = MemoryLog(RACE, ManualClock(GUN))
    with Writer(log) as writer:
        app = web_app(
            "stations",
            intake(writer.submit, lambda: {hashed(TOKEN): "finish-1"}, lambda: None, RACE, watched_over(log)),
        )
        listening = bind("127.0.0.1", 0)
        with serving(app, listening, Tls(file, file)):
            yield f"https://127.0.0.1:{listening.getsockname()[1]}", fingerprint(file)


@contextmanager
def impostor(folder: Path, heard: list[bytes]) -> Iterator[str]:
    """Another machine at our server's address, with a certificate of its own; keeps whatever it is told."""
    folder.mkdir(exist_ok=True)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(own_certificate(folder, GUN))
    listening = socket.create_server(("127.0.0.1", 0))

    def listen() -> None:
        try:
            with context.wrap_socket(listening.accept()[0], server_side=True) as connection:
                heard.append(connection.recv(10_000))
        except OSError as cut:
            heard.append(str(cut).encode()[:0])

    thread = Thread(target=listen)
    thread.start()
    yield f"https://127.0.0.1:{listening.getsockname()[1]}"
    thread.join(PATIENCE_S)
    listening.close()


def test_a_station_sends_to_the_server_whose_fingerprint_it_holds(tmp_path: Path) -> None:
    station = Station().says(scan(417, "17:05"))
    with secure_server(tmp_path / "race") as (address, known_by):
        assert HttpUplink(address, TOKEN, known_by).send(station.batch()).outcome is Outcome.STORED


def test_whoever_shows_another_certificate_is_refused_and_never_told_the_token(tmp_path: Path) -> None:
    heard: list[bytes] = []
    ours = fingerprint(own_certificate(tmp_path, GUN))
    with (
        impostor(tmp_path / "impostor", heard) as address,
        pytest.raises(Refused, match="another certificate than our server's, and the token was not sent"),
    ):
        HttpUplink(address, TOKEN, ours).roster()
    assert b"".join(heard) == b""


def test_without_a_fingerprint_a_certificate_that_nobody_vouches_for_is_refused_as_well(tmp_path: Path) -> None:
    with secure_server(tmp_path / "race") as (address, _), pytest.raises(Refused, match="--own-certificate"):
        HttpUplink(address, TOKEN).roster()


def test_a_server_that_is_away_or_breaks_off_is_no_impostor(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as plain:
        address = f"https://127.0.0.1:{plain.getsockname()[1]}"
        thread = Thread(target=lambda: plain.accept()[0].close())
        thread.start()
        with pytest.raises(Unreachable):
            HttpUplink(address, TOKEN, "ab" * 32).roster()
        thread.join()


def test_an_enrolment_with_a_fingerprint_is_never_sent_in_the_clear() -> None:
    with pytest.raises(WrongUse, match="https://"):
        HttpUplink("http://127.0.0.1:8000", TOKEN, "ab" * 32)


@pytest.mark.parametrize("known_by", ["ab", "AB" * 32, "zz" * 32, "ab" * 20])
def test_what_is_no_sha_256_is_no_fingerprint(known_by: str) -> None:
    with pytest.raises(WrongUse, match="no SHA-256"):
        HttpUplink("https://127.0.0.1:8000", TOKEN, known_by)


def test_the_race_s_certificate_is_made_once_for_its_owner_s_eyes_alone(tmp_path: Path) -> None:
    file = own_certificate(tmp_path, GUN)
    assert (file, file.stat().st_mode & 0o777) == (tmp_path / FILE, 0o600)
    made, other = file.read_bytes(), tmp_path / "other"
    other.mkdir()
    assert own_certificate(tmp_path, GUN).read_bytes() == made
    assert fingerprint(file) != fingerprint(own_certificate(other, GUN))
    years = x509.load_pem_x509_certificate(made)
    assert (years.not_valid_after_utc - years.not_valid_before_utc).days > 19 * 365


def test_an_enrolment_carries_the_fingerprint_that_the_server_will_show(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = race_folder(tmp_path / "race", []).root
    server = ("--server", "https://192.0.2.7:8443", "--own-certificate")
    assert run(cli, ["station", "finish-9", "--race", str(root), *server]) == 0
    word = next(line for line in capsys.readouterr().err.splitlines() if line.startswith("marathon-station:"))
    enrolment = read_enrolment(word)
    assert enrolment
    assert enrolment.fingerprint == fingerprint(root / FILE)


def test_who_enrols_for_plain_http_is_warned_but_on_this_machine(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    root = race_folder(tmp_path / "race", []).root

    def told(name: str, server: str) -> bool:
        assert run(cli, ["station", name, "--race", str(root), "--server", server]) == 0
        return "can read the token" in capsys.readouterr().err

    assert told("finish-7", "http://192.0.2.7:8000")
    assert not told("finish-8", "http://127.0.0.1:8000")
    assert not told("finish-9", "https://gv.test")


def test_the_own_certificate_needs_an_address_that_shows_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    root = race_folder(tmp_path / "race", []).root
    for server in ((), ("--server", "http://192.0.2.7:8000")):
        assert run(cli, ["station", "finish-9", "--race", str(root), "--own-certificate", *server]) == 2
    assert run(cli, ["serve", "--race", str(root), "--board-only", "--own-certificate"]) == 2
    assert "https://" in capsys.readouterr().err
