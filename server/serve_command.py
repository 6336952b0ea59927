"""The command that serves a race."""

from pathlib import Path

import click

from results.web.http_server import Tls
from server.race_server import Part
from server.serving import ServeOptions, serve_race, tidy_up_when_stopped
from timing.commands.command_line import command, race_option
from timing.errors import WrongUse
from timing.language import N_, _


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
    serve_race(wanted)
