"""The front door: the `marathon` command. It wires the rooms together, and nothing else does."""

from __future__ import annotations

import os
import shutil
import signal
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, nullcontext
from functools import cache
from importlib import import_module
from pathlib import Path
from subprocess import Popen
from tempfile import TemporaryDirectory
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import click

from timing.command_line import Group, command, progress_bar, race_option, run, say
from timing.errors import RaceError, Unreachable, WrongUse
from timing.instants import Instant, iso, later, span
from timing.language import N_, Text, _

if TYPE_CHECKING:
    from socket import socket

    from fastapi import APIRouter
    from starlette.types import ASGIApp, Receive, Scope, Send

    from bibs.press.proof import Readers
    from results.board.follow import BoardProjection
    from results.board.plug import Plug
    from results.board.server import Tls
    from results.certificates.commands import Printer
    from results.display import Drawing
    from scanners.film import Rehearsal
    from timing.certificates import Certificate
    from timing.feed import RaceFeed
    from timing.folder import OpenRace
    from timing.log.notary import Notary
    from timing.log.writer import Writer
    from timing.sheets import Sheets
    from timing.store.gathering import Gathering
    from timing.timekeeper import Timekeeper

VERSION = "0.1.0"
DEMO_ROSTER = "명단.csv"
DATABASE_AGAIN_S = 1.0
FINISH_AFTER_S = 15 * 60  # of the demonstration: from the gun to the first frame at the finish

Loader = Callable[[], click.Command]


class Feature(NamedTuple):
    """A part of the board that can be deleted: its package with a `plug` and a command, and the command's line in the list."""

    package: str
    command: str
    line: Text


FEATURES: tuple[Feature, ...] = (
    # deleting a feature is deleting its folder and its line here
    Feature("results.spectators", "vote", _("spectators' vote on QR designs")),
)


def _in(module: str, attribute: str) -> Loader:
    """A command that stands complete in a room; the room is imported only when the command is asked for."""

    def load() -> click.Command:
        found = getattr(import_module(module), attribute)
        assert isinstance(found, click.Command)
        return found

    return load


def _people() -> click.Command:
    """The names, and the commands about people that other rooms have: one is a row of a list, one a ruling."""
    from bibs.roster.add_command import people_add
    from results.desk.stand_in import stand_in
    from timing.people_commands import people

    people.add_command(people_add)
    people.add_command(stand_in)
    return people


def _log() -> click.Command:
    """The log; its verification makes editions again by the results' rules."""
    from results.published import editions_that_differ
    from timing.log.commands import log
    from timing.log.verify_command import verify_command

    log.add_command(verify_command(editions_that_differ))
    return log


def _bibs() -> click.Command:
    """Printing, with the station's own eyes and a second decoder as the judges of what was printed."""
    from bibs.commands import bibs_command

    return bibs_command(_readers())


def _readers() -> Readers:
    from bibs.press.proof import Readers
    from scanners.reading.decoder import decode_texts, second_texts
    from scanners.reading.marks import proof_reader

    return Readers(decode_texts, proof_reader, second_texts())


def _firm() -> click.Command:
    """Firms' cards, with the station's decoder and a second one as the judges of a QR's design."""
    from bibs.firms.commands import firm_command
    from scanners.reading.decoder import both_decoders

    return firm_command(both_decoders)


def _plugs(opened: OpenRace, gathering: Gathering | None = None) -> list[Plug]:
    """What features add to a race's board; what their visitors send is written by the gathering."""
    return [import_module(f"{one.package}.plug").plug(opened, gathering) for one in FEATURES]


def _codes_of(opened: OpenRace) -> Drawing:
    """Draws firms' QR codes for their pages, by the bibs' printer; that is loaded with the first one, and need not be there."""
    from results.display import undrawn

    @cache
    def printer() -> Drawing:
        try:
            from bibs.design.svg import FirmCodes
        except ModuleNotFoundError:
            return undrawn
        return FirmCodes(opened.root)

    return lambda card, text: printer()(card, text)


def _board() -> click.Command:
    """The board as files, with the bibs' drawing of firms' QR codes; and the announcer's link."""
    from results.announcer.commands import announcer
    from results.board.commands import board_command

    board = board_command(_codes_of, _plugs)
    board.add_command(announcer)
    return board


def _results() -> click.Command:
    """Results, with the bibs' printer for their PDF."""
    from results.commands import results_command

    return results_command(_print_results)


def _print_results(sheets: Sheets) -> tuple[bytes, set[str]]:
    with _needing("bibs"):
        from bibs.drawing.result_sheet import draw_results
    return draw_results(sheets)


def _certificates() -> click.Command:
    """Certificates, with the bibs' printer, and the station's decoder as the judge of their codes."""
    from results.certificates.commands import certificates_command

    return certificates_command(_certificate_printer())


def _certificate_printer() -> Printer:
    """What draws certificates; its libraries are loaded with the first one."""
    from results.certificates.commands import Printer

    def lacking(text: str) -> set[str]:
        with _needing("bibs"):
            from bibs.drawing.canvas import lacking
        return lacking(text)

    def pdf(certificates: Sequence[Certificate], drawn: Callable[[], object]) -> bytes:
        with _needing("bibs"):
            from bibs.drawing.certificate import draw_certificates, prove_certificates
            from scanners.reading.decoder import decode_texts
        made = draw_certificates(certificates, drawn)
        prove_certificates(made, certificates, decode_texts)
        return made

    def pictures(certificates: Sequence[Certificate]) -> Iterator[bytes]:
        from bibs.drawing.certificate import certificate_pictures

        return certificate_pictures(certificates)

    return Printer(lacking, pdf, pictures)


def _verify() -> click.Command:
    """Signed results, with the bibs' renderer and the station's reader for those that come as files."""
    from results.certificates.commands import verify_command

    def read_codes(file: Path) -> list[str]:
        with _needing("bibs"):
            from bibs.drawing.certificate import READ_DOTS_PER_MM
            from bibs.drawing.pages import open_pages
            from scanners.reading.decoder import every_text
        if file.suffix.lower() == ".pdf":
            return [text for page in open_pages(file) for text in every_text(page.picture(READ_DOTS_PER_MM))]
        with _needing("station"):
            from scanners.cameras.stills import read_image
        return every_text(read_image(file))

    return verify_command(read_codes)


def _symbol(text: str) -> list[list[bool]]:
    """A text as a QR, by the bibs' printer."""
    with _needing("bibs"):
        from bibs.drawing.symbol import note_modules
    return note_modules(text)


def _station() -> click.Command:
    """Stations, with the bibs' QR for their enrolment."""
    from timing.stations.commands import station_command

    return station_command(_symbol)


def _evidence() -> click.Command:
    """Pictures of scans, with the results' words for what became of each."""
    with _needing("station"):
        from scanners.evidence_commands import evidence_command

    from results.evidence import became

    return evidence_command(became)


def _scan() -> click.Command:
    """The station, with the board's web server for its operator's page."""
    with _needing("station"):
        from scanners.commands import scan_command

    return scan_command(_page_beside)


@contextmanager
def _page_beside(app: ASGIApp, port: int) -> Iterator[str]:
    """A page for this machine alone, served beside other work; gives its address."""
    from results.board.server import bind, serving

    listening = bind("127.0.0.1", port)
    with serving(app, listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/"


def _clock() -> click.Command:
    """The clock as a QR, by the bibs' printer."""
    from scanners.clock_commands import clock_command

    return clock_command(_symbol)


@contextmanager
def _needing(extra: str) -> Iterator[None]:
    """Tells how to get a part that is not installed."""
    try:
        yield
    except ModuleNotFoundError as lacking:
        raise Unreachable(
            _("{name} is needed: install the extra `{extra}`", name=lacking.name, extra=extra)
        ) from lacking


STATIONS = ("/v1/lineages/", "/v1/roster", "/v1/stations", "/v1/openapi.json")
"""Where stations talk to the server; everything else is the board's."""


@contextmanager
def _server(opened: OpenRace, stations: OpenRace | None) -> Iterator[ASGIApp]:
    """One server for a race. `stations` is the race opened once more for the intake, None for a board alone.

    The intake needs the log and its feed alone. The board is built beside it, on connections of its own: whatever fails there,
    or has to wait, keeps no scan out.
    """
    from results.board.standby import Standby
    from timing.clock import SteadyClock
    from timing.feed import RaceFeed
    from timing.timekeeper import race_clock

    with ExitStack() as stack:
        feed = RaceFeed(stations or opened, _complain)
        intake = stack.enter_context(_intake_alone(stations, feed)) if stations else None
        if isinstance(opened.clock, SteadyClock):
            # begun only now, perhaps; by the intake's own connections, since whoever visits the board may hold all of its
            race_clock((stations or opened).log, opened.settings.id, opened.clock)
        if not stations:
            stack.enter_context(feed)
        board = stack.enter_context(Standby(lambda kept: _board_beside(opened, feed, kept), _complain))
        yield _apart(intake, board) if intake else board


@contextmanager
def _intake_alone(stations: OpenRace, feed: RaceFeed) -> Iterator[ASGIApp]:
    """The intake with the threads that it needs: the log's writer, the race's feed, the notary and the timekeeper."""
    from timing.log.writer import Writer

    notary, timekeeper = _notary(stations), _timekeeper(stations)
    with Writer(stations.log) as writer:
        intake = _intake(stations, feed, writer, notary)
        with feed, notary, timekeeper:  # only now: reading a long log would keep the intake from being loaded
            yield intake


def _notary(opened: OpenRace) -> Notary:
    """Signs the log while the server runs, so that every station keeps a note of it."""
    from timing.clock import SteadyClock
    from timing.log.beside import SideTables
    from timing.log.notary import Notary

    beside = SideTables(opened.engine, opened.settings.id)
    return Notary(opened.root, opened.settings.id, opened.log, SteadyClock(), _complain, beside)


def _timekeeper(opened: OpenRace) -> Timekeeper:
    """Has the race's time go on as it went before this server was started, if this machine knows it."""
    from timing.clock import SteadyClock
    from timing.timekeeper import Timekeeper

    assert isinstance(opened.clock, SteadyClock)
    timekeeper = Timekeeper(opened.log, opened.settings.id, opened.clock, _complain)
    timekeeper.begin()
    return timekeeper


def _apart(intake: ASGIApp, board: ASGIApp) -> ASGIApp:
    """Stations to the intake, everybody else to the board."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        to_intake = scope["type"] == "http" and scope["path"].startswith(STATIONS)
        await (intake if to_intake else board)(scope, receive, send)

    return app


def _board_beside(opened: OpenRace, feed: RaceFeed, kept: ExitStack) -> ASGIApp:
    """The board with the threads that it needs."""
    from results.board.follow import BoardProjection
    from timing.store.gathering import Gathering

    gathering = kept.enter_context(Gathering(opened.engine))
    follower = BoardProjection(opened, feed, _complain, draw=_codes_of(opened), plugs=_plugs(opened, gathering))
    kept.callback(follower.leave)
    app = _board_app(opened, follower)
    kept.enter_context(follower)
    return app


def _board_app(opened: OpenRace, follower: BoardProjection, listeners: int | None = None) -> ASGIApp:
    """The board from memory first, then its live data, and what its features, captains and the announcer do.

    `listeners` of the live data may come from one address alone, where it is given.
    """
    from results.announcer.pages import announcer_pages
    from results.board.api import live_data
    from results.board.app import Board
    from results.board.deadline import Deadline
    from results.board.feed import FROM_ONE, LISTENERS, Feed
    from results.board.hosts import Hosts
    from results.board.missing import MissingTimes
    from results.board.plug import landing_of
    from results.board.standby import unavailable
    from results.certificates.door import CertificateDoor
    from results.certificates.pages import certificate_pages
    from results.certificates.verdict_page import verdict_pages
    from timing.store.inbox import Inbox
    from timing.store.private_links import PrivateLinks
    from timing.web.app import web_app

    feed = Feed(lambda: follower.snapshot, listeners or LISTENERS, listeners or FROM_ONE)
    follower.listen(feed.tell)
    inbox = Inbox(opened.engine, opened.settings.id)
    missing = MissingTimes(inbox, opened.clock)
    doors = [plug.doors(follower) for plug in follower.plugs]
    api = web_app(
        "marathon",
        live_data(feed, missing),
        *(one.router for one in doors),
        announcer_pages(lambda: follower.snapshot, PrivateLinks(opened.engine, opened.settings.id), opened.clock),
        certificate_pages(CertificateDoor(opened, follower, _certificate_printer(), opened.clock)),
        _captains_pages(opened, follower),
        version=VERSION,
        summary=opened.settings.name_en,
        unavailable=unavailable,
    )
    return Board(
        lambda: follower.snapshot,
        follower.firm_of,
        behind=Deadline(api, opened.log.head),
        verdict_of=verdict_pages(opened, follower),
        at=follower.at,
        landing=landing_of(doors),
        hosts=Hosts([opened.settings.host, *opened.settings.hosts]),
    )


def _captains_pages(opened: OpenRace, follower: BoardProjection) -> APIRouter:
    """The captains' private pages, with the packets that the bibs' printer left."""
    from bibs.press.packet_files import packet_files
    from results.captain.desk import CaptainDesk
    from results.captain.routes import captain_pages

    desk = CaptainDesk(opened, follower, lambda company: packet_files(opened.root / "bibs", company))
    return captain_pages(desk)


def _intake(stations: OpenRace, feed: RaceFeed, writer: Writer, notary: Notary | None = None) -> ASGIApp:
    """Where the stations come in; nothing of the board is loaded for it."""
    from scanners.album import Album
    from scanners.intake import THREADS, Watched, intake
    from scanners.station_api import ABOUT
    from timing.aside import Aside
    from timing.stations.book import StationBook
    from timing.web.app import web_app

    book = StationBook(stations.engine, stations.settings.id, stations.clock)
    watched = Watched(book, stations.clock, lambda lineage: stations.log.lineage_head(lineage).seq, notary)
    router = intake(
        writer.submit,
        stations.directory.stations,
        lambda: feed.roster,
        stations.settings.id,
        watched,
        stations.firm_names,
        Album(stations.root / "evidence"),
        Aside("intake", THREADS, complain=_complain),
    )
    api = web_app("marathon stations", router, version=VERSION, about=ABOUT, address="/v1/openapi.json")
    api.openapi()  # has FastAPI make its routes ready now, while nothing else runs; else the first station would wait for it
    return api


@command(
    "serve",
    examples="marathon serve\nmarathon serve --host 0.0.0.0 --port 8080\nmarathon serve --board-only --port 8001\n"
    "marathon serve --intake-port 8443 --intake-host 0.0.0.0 --own-certificate\n"
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
@click.option("--board-fd", type=int, hidden=True)
@click.option("--board-only", is_flag=True, help=N_("the board alone, no stations"))
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
    board_fd: int | None,
    board_only: bool,
    own_certificate: bool,
    tls_certificate: Path | None,
    tls_key: Path | None,
    proxies: tuple[str, ...],
) -> None:
    """Serve the board and the stations' intake; Ctrl-C ends it.

    SIGTERM, as systemd stops it, ends it in order with exit code 0.

    The bibs' QR opens https://: give a certificate, or stand behind a proxy that speaks HTTPS (see the README).

    Name a proxy with --proxy: behind one that is not named all visitors count as one address.

    For many viewers give the stations a port of their own with --intake-port (and to the stations in --server),
    or start further boards with --board-only.
    """
    from results.board.process import end_with_parent
    from results.board.proxies import Proxies
    from results.board.proxy_checks import kept_for_doctor
    from results.board.server import Tls, bind, inherited
    from results.board.server import serve as run_server

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
    _tidy_up_when_stopped(0)
    if intake_port:
        _serve_apart(race, (host, port), (intake_host or host, intake_port), tls, proxies, own_certificate)
        return
    if board_fd is not None:
        end_with_parent()
    with _waited_for(race) as opened, nullcontext() if board_only else _waited_for(race) as stations:
        listening = bind(host, port) if board_fd is None else inherited(board_fd)
        tls = _own_tls(opened) if own_certificate else tls
        if board_fd is None:
            say(_("the board is at {listening}", listening=_where(listening, tls)))
        before = Proxies([*opened.settings.proxies, *proxies])
        with _server(opened, stations) as app:
            run_server(app, listening, tls, proxies=before, complain=kept_for_doctor(opened.root, _complain))


def _serve_apart(
    race: Path | None,
    board_at: tuple[str, int],
    intake_at: tuple[str, int],
    tls: Tls | None,
    proxies: tuple[str, ...],
    own: bool,
) -> None:
    """The intake in this process, the board in another one."""
    from results.board.process import BoardProcess
    from results.board.proxies import Proxies
    from results.board.server import bind
    from results.board.server import serve as run_server
    from timing.feed import RaceFeed

    with _waited_for(race) as stations, bind(*board_at) as board, bind(*intake_at) as intake:
        command = [sys.executable, "-m", "marathon", "serve", "--race", str(stations.root), "--board-only"]
        if tls:
            command += ["--tls-certificate", str(tls.certificate), "--tls-key", str(tls.key)]
        command += [f"--proxy={one}" for one in proxies]
        before, feed = Proxies([*stations.settings.proxies, *proxies]), RaceFeed(stations, _complain)
        with BoardProcess([*command, "--board-fd"], board, _complain), _intake_alone(stations, feed) as app:
            say(_("the board is at {board}", board=_where(board, tls)))
            intake_tls = _own_tls(stations) if own else tls
            say(_("stations send to {intake}", intake=_where(intake, intake_tls)))
            run_server(app, intake, intake_tls, proxies=before, complain=_complain)


def _own_tls(opened: OpenRace) -> Tls:
    """The race's own certificate, whose fingerprint is said."""
    from results.board.server import Tls
    from timing.stations.certificate import fingerprint, own_certificate

    file = own_certificate(opened.root, opened.clock.now())
    say(_("the fingerprint of the race's own certificate", file=fingerprint(file)))
    return Tls(file, file)


def _where(listening: socket, tls: Tls | None) -> str:
    host, port = listening.getsockname()[:2]
    return f"{'https' if tls else 'http'}://{f'[{host}]' if ':' in host else host}:{port}"


def _waited_for(race: Path | None) -> OpenRace:
    """The race folder, as soon as its database is there: after a power cut the server may be up before it."""
    from timing.folder import open_when_there

    def told(away: RaceError) -> None:
        _complain(str(_("waiting for the database: {away}", away=away)))

    return open_when_there(race, told, lambda: Event().wait(DATABASE_AGAIN_S))


def _complain(trouble: str) -> None:
    click.echo(f"marathon: {trouble}", err=True)


@command("demo", examples="marathon demo\nmarathon demo --once out --seed 7")
@click.option(
    "--once",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=N_("run once without serving and leave everything in DIR"),
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(min=0),
    help=N_("the same number makes the same race"),
)
@click.option("--people", default=60, show_default=True, type=click.IntRange(12, 300), help=N_("how many runners"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=N_("the board's port"))
def demo(once: Path | None, seed: int, people: int, port: int) -> None:
    """Run a made-up race from roster to board.

    Prints bibs, films both lines from those very PDFs, reads the films with real stations and fills the board.
    --once exits 0 only if everybody in the film is in the results with a time within 0.2 s of the truth.
    """
    _tidy_up_when_stopped()
    if once:
        _clear_demo(once)
        _demonstrate_once(once, seed, people)
    else:
        with TemporaryDirectory(prefix="marathon-demo-") as folder:
            _demonstrate_live(Path(folder), seed, people, port)


def _tidy_up_when_stopped(code: int = 143) -> None:
    """A stop from outside ends the command as Ctrl-C does: stations stopped, the folder of a demonstration removed."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(code))


@contextmanager
def _serving_beside(opened: OpenRace, listening: socket) -> Iterator[None]:
    """The race's server, running while the stations of a demonstration look at their films."""
    from results.board.server import serving
    from timing.folder import open_race

    with open_race(opened.root) as stations, _server(opened, stations) as app, serving(app, listening):
        yield


def _demonstrate_live(root: Path, seed: int, people: int, port: int) -> None:
    from results.board.server import bind

    listening = bind("127.0.0.1", port)
    with _demo_race(root, seed, people) as opened, _serving_beside(opened, listening):
        say(_("the board is open: http://127.0.0.1:{port}", port=port))
        rehearsal = _film_demo(opened, seed)
        gun = _fire_gun(opened)
        for point, begins in _film_instants(gun).items():
            line = _("start") if point == "start" else _("finish")
            say(_("the {line} station looks at its film", line=line))
            _wait_for([_start_station(opened, point, begins, port, realtime=True)])
        _judge_demo(opened, rehearsal, gun)
        say(_("Ctrl-C ends it"))
        Event().wait()


def _demonstrate_once(root: Path, seed: int, people: int) -> None:
    from results.board.follow import view_of
    from results.board.publishing import Publisher
    from results.board.server import bind
    from results.board.snapshot import Snapshot
    from results.commands import write_results
    from results.files.files import Wanted, result_files
    from timing.events import CourseClosed

    listening = bind("127.0.0.1", 0)
    with _demo_race(root, seed, people) as opened:
        rehearsal = _film_demo(opened, seed)
        gun = _fire_gun(opened)
        with _serving_beside(opened, listening):
            port = int(listening.getsockname()[1])
            films = _film_instants(gun).items()
            _wait_for([_start_station(opened, point, begins, port, realtime=False) for point, begins in films])
        opened.log.record([CourseClosed(opened.clock.now(), "demo", "")])
        sections = [plug.now() for plug in _plugs(opened)]
        view = view_of(opened, opened.fold(), draw=_codes_of(opened), sections=sections)
        write_results(root, result_files(view, Wanted(), _print_results).files)
        Publisher(root / "board", opened.clock).publish(Snapshot(view, sections=sections), whole=True)
        _judge_demo(opened, rehearsal, gun)


def _clear_demo(root: Path) -> None:
    """Make room for a new demonstration; a folder with anything else in it is left alone."""
    if root.exists() and any(root.iterdir()):
        if not (root / DEMO_ROSTER).is_file():
            raise WrongUse(_("{root} is not empty; name a new folder", root=root))
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)


def _demo_race(root: Path, seed: int, people: int) -> OpenRace:
    """A race folder with a made-up roster and its bibs printed."""
    from bibs.press.printing import print_bibs
    from bibs.roster.commands import import_rosters
    from bibs.roster.madeup import write_madeup_roster
    from timing.folder import create_race

    write_madeup_roster(root / DEMO_ROSTER, people, seed)
    opened = create_race(root, "G밸리 스마트 마라톤 (연습)", "G Valley Smart Marathon (rehearsal)", "GV.TEST", 4500)
    import_rosters(opened, (root / DEMO_ROSTER,))
    print_bibs(opened, _readers())
    return opened


def _film_demo(opened: OpenRace, seed: int) -> Rehearsal:
    """Film both lines from the printed PDF pages, side by side; the truth is written beside the films."""
    from bibs.drawing.layout import DEFAULT_LAYOUT
    from bibs.press.packet import pages_by_number
    from scanners.film import rehearse, shoot_lines

    pages = pages_by_number(opened.root / "bibs")
    rehearsal = rehearse(sorted(pages), seed)
    films = opened.root / "films"
    films.mkdir(exist_ok=True)
    (films / "truth.json").write_text(rehearsal.told(), encoding="utf-8")
    with progress_bar(length=100, label=str(_("filming both lines"))) as bar:
        page_m = DEFAULT_LAYOUT.width / 1000, DEFAULT_LAYOUT.height / 1000
        shoot_lines(films, rehearsal, pages, page_m, seed, lambda percent: bar.update(percent - bar.pos))
    return rehearsal


def _fire_gun(opened: OpenRace) -> Instant:
    """The gun went long enough ago for both films to lie in the past."""
    from timing.events import WaveStarted
    from timing.log.witness import witness_of

    gun = later(opened.clock.now(), span(-FINISH_AFTER_S - 300))
    opened.log.record([WaveStarted("1", gun)])
    witness_of(opened).sign(opened.log, "gun-1")
    return gun


def _film_instants(gun: Instant) -> dict[str, Instant]:
    """When each film begins: at the gun, and when the first runners come in."""
    return {"start": gun, "finish": later(gun, span(FINISH_AFTER_S))}


def _start_station(opened: OpenRace, point: str, begins: Instant, port: int, realtime: bool) -> Popen[bytes]:
    """A real station, a process of its own, as a volunteer would start it."""
    from bibs.drawing.layout import DEFAULT_LAYOUT
    from scanners.film import Camera, line_px
    from timing.chance import new_token

    name, token = f"{point}-1", new_token()
    opened.directory.enrol(name, token)
    arguments = [str(opened.root / "films" / f"{point}.mp4"), "--station", name, "--point", point, "--at", iso(begins)]
    arguments += [
        "--race",
        str(opened.root),
        "--server",
        f"http://127.0.0.1:{port}",
        "--line-px",
        f"{line_px(Camera(), DEFAULT_LAYOUT.code.width / 1000):.2f}",
    ]
    arguments += ["--realtime"] if realtime else []
    return Popen([sys.executable, "-m", "marathon", "scan", *arguments], env={**os.environ, "MARATHON_TOKEN": token})


def _wait_for(stations: list[Popen[bytes]]) -> None:
    try:
        failed = [code for code in [station.wait() for station in stations] if code]
    finally:
        for station in stations:
            station.terminate()
        for station in stations:
            station.wait()
    if failed:
        raise RaceError(_("a station failed with exit code {failed}", failed=failed[0]))


def _judge_demo(opened: OpenRace, rehearsal: Rehearsal, gun: Instant) -> None:
    """Compare the results with what was filmed."""
    from results.ranking.standings import standings
    from scanners.film import differences

    begins = _film_instants(gun)
    truth = rehearsal.net_times(begins["start"], begins["finish"])
    rows = standings(opened.fold()).ranked
    measured = {
        row.entrant.bib: row.net_time for row in rows if row.entrant.bib is not None and row.net_time is not None
    }
    wrong = differences(truth, measured)
    if wrong:
        raise RaceError(_("{count} results differ from the film: {wrong}", count=len(wrong), wrong="; ".join(wrong)))
    worst = max(abs(measured[bib] - truth[bib]) for bib in truth) / 1000
    say(
        _(
            "all {count} who crossed the line are in the results; largest error {worst:.0f} ms",
            count=len(truth),
            worst=worst,
        )
    )


@command("doctor", examples="marathon doctor\nmarathon doctor --race gvalley")
@race_option
@click.option(
    "--tls-certificate",
    type=click.Path(path_type=Path, dir_okay=False),
    metavar="FILE.pem",
    help=N_("look at the certificate that serve is given, too"),
)
def doctor(race: Path | None, tls_certificate: Path | None) -> int:
    """What is there, what is missing, and how to get it.

    Exit code 1 if something needed is missing.
    """
    from bibs.checks import bibs_checks
    from results.board.proxy_checks import proxy_checks
    from scanners.checks import scanners_checks
    from timing.checks import State, timing_checks
    from timing.keeping_checks import keeping_checks

    missing = False
    kept = keeping_checks(race, tls_certificate)
    for check in (*timing_checks(race), *kept, *proxy_checks(race), *bibs_checks(), *scanners_checks()):
        click.echo(str(check))
        missing |= check.state is State.MISSING
    return int(missing)


def _itself(found: click.Command) -> Loader:
    """A command that stands here, because it wires rooms together."""
    return lambda: found


# name -> (how to get the command, its line in the list)
COMMANDS: dict[str, tuple[Loader, Text]] = {
    "demo": (_itself(demo), _("a made-up race from roster to board")),
    "init": (_in("timing.commands", "init"), _("make a race folder")),
    "import": (_in("bibs.roster.commands", "import_"), _("import rosters")),
    "bibs": (_bibs, _("numbers and bib sheets")),
    "firm": (_firm, _("a firm's place, link, blurb, QR design")),
    "people": (_people, _("mend or erase names")),
    "station": (_station, _("let stations in, their tokens, how they are")),
    "gun": (_in("timing.commands", "gun"), _("the gun")),
    "scan": (_scan, _("read bibs from a camera or film")),
    "outbox": (
        _in("scanners.outbox.commands", "outbox"),
        _("an outbox: list it, export it as a bundle"),
    ),
    "clock": (_clock, _("this machine's clock as a QR code")),
    "collect": (
        _in("scanners.outbox.commands", "collect"),
        _("take in outboxes and bundles"),
    ),
    "evidence": (_evidence, _("the picture of a scan, what was seen at a time")),
    "serve": (_itself(serve), _("the board and the stations' intake")),
    "board": (
        _board,
        _("the board as files, reports of missing times"),
    ),
    **{one.command: (_in(f"{one.package}.commands", one.command), one.line) for one in FEATURES},
    "rules": (
        _in("results.desk.rules_commands", "rules"),
        _("rules: show, presets, lint, set"),
    ),
    "rule": (
        _in("results.desk.rule_commands", "rule"),
        _("rulings: preview, record, undo"),
    ),
    "edition": (_in("results.desk.edition_commands", "edition"), _("provisional and official results")),
    "results": (_results, _("results: table, CSV, XLSX, HTML, PDF")),
    "certificates": (_certificates, _("certificates: PDF, pictures, a signed QR")),
    "verify": (_verify, _("is a certificate valid, superseded or wrong")),
    "score": (_in("results.score.commands", "score"), _("score a race timed elsewhere")),
    "explain": (_in("results.commands", "explain_command"), _("every fact behind one result")),
    "doctor": (_itself(doctor), _("what is missing and how to get it")),
    "log": (_log, _("verify, show, export the log")),
}


class FrontDoor(Group):
    """A table of names, so that `marathon --help` loads no room."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        return COMMANDS[name][0]() if name in COMMANDS else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section(str(_("Commands"))):
            formatter.write_dl([(name, str(line)) for name, (_, line) in COMMANDS.items()])


@click.group(cls=FrontDoor, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(VERSION, prog_name="marathon")
def cli() -> None:
    """A race of companies, from spreadsheet to public board."""


def main() -> int:
    """Run the command line; returns the exit code."""
    return run(cli)


if __name__ == "__main__":
    sys.exit(main())
