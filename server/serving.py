"""Serves a race: board, intake and office in one process, or the intake in this one and the others in processes of their own."""

import signal
import sys
from contextlib import ExitStack, nullcontext
from pathlib import Path
from socket import socket
from threading import Event
from typing import NamedTuple

from results.web.http_server import Tls, bind, inherited, serve
from results.web.process import BOARD_BEHIND, OFFICE_BEHIND, ServerProcess, end_with_parent
from results.web.proxies import Proxies
from results.web.proxy_checks import kept_for_doctor
from server.intake_side import intake_alone
from server.race_server import Parts, race_app
from timing.errors import RaceError
from timing.feed import RaceFeed
from timing.folder import OpenRace, open_when_there
from timing.language import Text, _
from timing.terminal.output import complain, say

DATABASE_AGAIN_S = 1.0
SWITCH_S = 0.001
"""Seconds until a thread that ranks lets the others have the interpreter, a fifth of Python's own choice: they may hold the database."""


class ServeOptions(NamedTuple):
    """Which parts are served, and where."""

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


def serve_race(wanted: ServeOptions) -> None:
    """Serve until the process is stopped."""
    sys.setswitchinterval(SWITCH_S)
    if wanted.intake_at:
        _serve_apart(wanted, wanted.intake_at)
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
            serve(app, listening, tls, proxies=before, complain=kept_for_doctor(opened.root, complain))


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
        beside.enter_context(ServerProcess(command, board, complain, BOARD_BEHIND, _board_ended))
        with intake_alone(stations, feed) as app:
            say(_("the board is at {board}", board=_where(board, wanted.tls)))
            _office_beside(wanted, stations.root, beside)
            intake_tls = _own_tls(stations) if wanted.own_certificate else wanted.tls
            say(_("stations send to {intake}", intake=_where(intake, intake_tls)))
            serve(app, intake, intake_tls, proxies=before, complain=complain)


def _office_beside(wanted: ServeOptions, root: Path, beside: ExitStack) -> None:
    """The office in a process of its own, where it has a port of its own."""
    if wanted.office_at is None:
        return
    listening = beside.enter_context(bind(*wanted.office_at))
    command = _part_command(wanted, root, ["office"])
    beside.enter_context(ServerProcess(command, listening, complain, OFFICE_BEHIND, _office_ended))
    say(_("the race office is at {office}", office=f"{_where(listening, wanted.tls)}/office/"))


def _board_ended(code: int) -> Text:
    return _("the board's process ended ({code}), starting it again (scans are taken)", code=code)


def _office_ended(code: int) -> Text:
    return _("the office's process ended ({code}), starting it again (scans are taken)", code=code)


def _part_command(wanted: ServeOptions, root: Path, parts: Parts) -> list[str]:
    """The command line of the process of these parts, without the number of its socket at the end."""
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
