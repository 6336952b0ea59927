"""The command that serves a race."""

import signal
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from socket import socket
from threading import Event
from typing import NamedTuple

import click

from results.web.http_server import Tls, bind, inherited
from results.web.http_server import serve as run_server
from results.web.process import BEHIND, ServerProcess, end_with_parent
from results.web.proxies import Proxies
from results.web.proxy_checks import kept_for_doctor
from server.intake_side import intake_alone
from server.race_server import Part, Parts, race_app
from timing.commands.command_line import command, race_option
from timing.errors import RaceError, WrongUse
from timing.feed import RaceFeed
from timing.folder import OpenRace, open_when_there
from timing.language import N_, Text, _
from timing.terminal.output import complain, say

DATABASE_AGAIN_S = 1.0


class ServeOptions(NamedTuple):
    """What is served, and where."""

    race: Path | None
    board_at: tuple[str, int]
    intake_at: tuple[str, int] | None  # None: at the board's, or nowhere
    office_at: tuple[str, int] | None  # None: at the board's
    parts: Parts
    takes_scans: bool
    listening_fd: int | None  # a listening socket of the process that started this one
    tls: Tls | None
    own_certificate: bool
    proxies: tuple[str, ...]


@command(
    "serve",
    examples="marathon serve\nmarathon serve --host 0.0.0.0 --port 8080\nmarathon serve --board-only --port 8001\n"
    "marathon serve --intake-port 8443 --intake-host 0.0.0.0 --own-certificate\n"
    "marathon serve --host 0.0.0.0 --office-port 8100 --office-host 192.168.0.10\n"
    "marathon serve --host 0.0.0.0 --port 443 --tls-certificate fullchain.pem --tls-key privkey.pem",
)
@race_option
@click.option("--host", default="127.0.0.1", show_default=True, help=N_("the address to listen on"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=N_("the port"))
@click.option(
    "--intake-port",
    type=click.IntRange(1, 65535),
    help=N_("the stations' intake at a port and in a process of its own, which no crowd at the board slows"),
)
@click.option("--intake-host", help=N_("the intake's address (else --host)"))
@click.option(
    "--office-port",
    type=click.IntRange(1, 65535),
    help=N_("the race office at a port and in a process of its own, and nowhere else"),
)
@click.option("--office-host", help=N_("the office's address (else --host)"))
@click.option("--listening-fd", type=int, hidden=True)
@click.option("--part", "parts", type=click.Choice(["board", "office"]), multiple=True, hidden=True)
@click.option("--board-only", is_flag=True, help=N_("board and office alone, no stations"))
@click.option(
    "--tls-certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pem",
    help=N_("serve HTTPS with this certificate"),
)
@click.option(
    "--own-certificate",
    is_flag=True,
    help=N_(
        "the intake by HTTPS with a certificate that the race makes for itself, known to stations by their enrolment; with --intake-port the intake alone"
    ),
)
@click.option(
    "--tls-key", type=click.Path(path_type=Path, dir_okay=False), metavar="FILE.pem", help=N_("its private key")
)
@click.option(
    "--proxy",
    "proxies",
    multiple=True,
    metavar="ADDR",
    help=N_(
        "the address or network of a proxy in front (several times, or proxies in race.toml): only what it tells of visitors' addresses is believed"
    ),
)
def serve(
    race: Path | None,
    host: str,
    port: int,
    intake_port: int | None,
    intake_host: str | None,
    office_port: int | None,
    office_host: str | None,
    listening_fd: int | None,
    parts: tuple[Part, ...],
    board_only: bool,
    own_certificate: bool,
    tls_certificate: Path | None,
    tls_key: Path | None,
    proxies: tuple[str, ...],
) -> None:
    """Serve the board, the race office and the stations' intake; Ctrl-C ends it.

    SIGTERM, as systemd stops it, ends it in order with exit code 0.

    The bibs' QR opens https://: give a certificate, or stand behind a proxy that speaks HTTPS (see the README).

    Name a proxy with --proxy: behind one that is not named all visitors count as one address.

    For many viewers give the stations a port of their own with --intake-port (and to the stations in --server),
    or start further boards with --board-only.
    """
    if board_only and intake_port:
        raise WrongUse(_("--board-only takes no scans: leave out --intake-port"))
    if (tls_certificate is None) != (tls_key is None):
        raise WrongUse(_("--tls-certificate and --tls-key go together"))
    if own_certificate and (board_only or (tls_certificate and not intake_port)):
        raise WrongUse(
            _(
                "--own-certificate is for the intake: not with --board-only, nor with --tls-certificate unless --intake-port parts them"
            ),
        )
    tls = Tls(tls_certificate, tls_key) if tls_certificate and tls_key else None
    intake_at = (intake_host or host, intake_port) if intake_port else None
    office_at = (office_host or host, office_port) if office_port else None
    tidy_up_when_stopped(0)
    served = parts or (("board",) if office_at else ("board", "office"))
    takes_scans = not (board_only or parts)
    wanted = ServeOptions(
        race, (host, port), intake_at, office_at, served, takes_scans, listening_fd, tls, own_certificate, proxies
    )
    if intake_at:
        _serve_apart(wanted, intake_at)
    else:
        _serve_together(wanted)


def tidy_up_when_stopped(code: int) -> None:
    """A stop from outside ends the command as Ctrl-C does."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(code))


def _serve_together(wanted: ServeOptions) -> None:
    """Board, intake and office in this process, or some of them."""
    if wanted.listening_fd is not None:
        end_with_parent()
    with (
        _waited_for(wanted.race) as opened,
        _waited_for(wanted.race) if wanted.takes_scans else nullcontext() as apart,
        ExitStack() as beside,
    ):
        inherits = wanted.listening_fd is not None
        listening = inherited(wanted.listening_fd) if wanted.listening_fd is not None else bind(*wanted.board_at)
        tls = _own_tls(opened) if wanted.own_certificate else wanted.tls
        if not inherits:
            say(_("the board is at {listening}", listening=_where(listening, tls)))
        _office_beside(wanted, opened.root, beside)
        before = Proxies([*opened.settings.proxies, *wanted.proxies])
        with race_app(opened, apart, wanted.parts) as app:
            run_server(app, listening, tls, proxies=before, complain=kept_for_doctor(opened.root, complain))


def _serve_apart(wanted: ServeOptions, intake_at: tuple[str, int]) -> None:
    """The intake in this process, the board in another one."""
    with (
        _waited_for(wanted.race) as stations,
        bind(*wanted.board_at) as board,
        bind(*intake_at) as intake,
        ExitStack() as beside,
    ):
        before, feed = Proxies([*stations.settings.proxies, *wanted.proxies]), RaceFeed(stations, complain)
        command = _part_command(wanted, stations.root, wanted.parts)
        beside.enter_context(ServerProcess(command, board, complain, BEHIND, _board_ended))
        with intake_alone(stations, feed) as app:
            say(_("the board is at {board}", board=_where(board, wanted.tls)))
            _office_beside(wanted, stations.root, beside)
            intake_tls = _own_tls(stations) if wanted.own_certificate else wanted.tls
            say(_("stations send to {intake}", intake=_where(intake, intake_tls)))
            run_server(app, intake, intake_tls, proxies=before, complain=complain)


def _office_beside(wanted: ServeOptions, root: Path, beside: ExitStack) -> None:
    """The office in a process of its own, where it has a port of its own."""
    if wanted.office_at is None:
        return
    listening = beside.enter_context(bind(*wanted.office_at))
    command = _part_command(wanted, root, ["office"])
    beside.enter_context(ServerProcess(command, listening, complain, 0, _office_ended))
    say(_("the race office is at {office}", office=f"{_where(listening, wanted.tls)}/office/"))


def _board_ended(code: int) -> Text:
    return _("the board's process ended ({code}), starting it again (scans are taken)", code=code)


def _office_ended(code: int) -> Text:
    return _("the office's process ended ({code}), starting it again (scans are taken)", code=code)


def _part_command(wanted: ServeOptions, root: Path, parts: Parts) -> list[str]:
    """What starts the process of these parts, but for the number of its socket at the end."""
    command = [sys.executable, "-m", "marathon", "serve", "--race", str(root), *(f"--part={one}" for one in parts)]
    if wanted.tls:
        command += ["--tls-certificate", str(wanted.tls.certificate), "--tls-key", str(wanted.tls.key)]
    return [*command, *(f"--proxy={one}" for one in wanted.proxies), "--listening-fd"]


def _own_tls(opened: OpenRace) -> Tls:
    """The race's own certificate; its fingerprint is printed."""
    from timing.stations.tls_certificate import fingerprint, own_certificate

    file = own_certificate(opened.root, opened.clock.now())
    say(_("the fingerprint of the race's own certificate: {fingerprint}", fingerprint=fingerprint(file)))
    return Tls(file, file)


def _where(listening: socket, tls: Tls | None) -> str:
    host, port = listening.getsockname()[:2]
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def _waited_for(race: Path | None) -> OpenRace:
    """The race folder, as soon as its database is there: after a power cut the server may be up before it."""

    def told(away: RaceError) -> None:
        complain(str(_("waiting for the database: {away}", away=away)))

    return open_when_there(race, told, lambda: Event().wait(DATABASE_AGAIN_S))
