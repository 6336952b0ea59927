"""The command that tries a camera out before the race: people with bibs walk by, and it says what to change."""

import os
from contextlib import ExitStack, nullcontext
from datetime import UTC
from fractions import Fraction
from pathlib import Path
from tempfile import TemporaryFile
from zoneinfo import ZoneInfo

import click

from scanners.commands.camera_options import camera_options, wish_of
from scanners.commands.scan_commands import race_here
from scanners.commands.scan_output import terminal_output
from scanners.operator.rehearsal_html import rehearsal_html
from scanners.station.camera_rehearsal import CameraRehearsal, advice, figures, rehearse_camera, verdict
from scanners.station.server_uplink import TOKEN
from scanners.station.station_options import ZONE, PointName, StationOptions
from timing.commands.command_line import command, race_option
from timing.commands.race_commands import StationName
from timing.language import N_, _
from timing.private import write_private
from timing.race.instants import span
from timing.replacing import must_write
from timing.terminal.output import say


@command(
    "rehearse-camera",
    examples="marathon rehearse-camera 0 --station finish-1\n"
    "marathon rehearse-camera 0 --station finish-1 --minutes 5 --passes 60\n"
    "marathon rehearse-camera walk.mp4 --line-px 52 --out rehearsal.html",
)
@race_option
@click.argument("source")
@click.option(
    "--station",
    type=StationName(),
    default="finish-1",
    show_default=True,
    help=N_("whose line is taken, if one was set"),
)
@click.option(
    "--point",
    type=click.Choice(["start", "finish", "split"]),
    default="finish",
    show_default=True,
    help=N_("where time is taken"),
)
@click.option(
    "--minutes",
    type=click.FloatRange(0.1, 120),
    default=10,
    show_default=True,
    help=N_("how long; a film may end before"),
)
@click.option("--passes", type=click.IntRange(0), help=N_("how often somebody walked by, as counted by hand"))
@click.option("--server", help=N_("the server to ask for the roster; its token in MARATHON_TOKEN"))
@click.option(
    "--line-px",
    type=click.FloatRange(min=1),
    help=N_("side of a bib's QR in pixels when held over the line"),
)
@camera_options
@click.option(
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    default=Path("rehearsal.html"),
    show_default=True,
    help=N_("the page with the pictures"),
)
def rehearse_camera_command(
    race: Path | None,
    source: str,
    station: str,
    point: PointName,
    minutes: float,
    passes: int | None,
    server: str | None,
    line_px: float | None,
    size: tuple[int, int],
    exposure: Fraction | None,
    out: Path,
) -> None:
    """Try a camera out: people with bibs walk by, and it says what was read and what to change.

    Ten people walk towards the camera and over the line, six times each; nothing is recorded, nothing is sent. SOURCE is as
    in `marathon scan`: a camera, an address, or a film of the same. Ctrl-C ends it early.

    Prints what was read, how sharp and bright the picture is, how crossings were timed and what to change, and writes one
    HTML page with pictures of those who were not read.
    """
    options = StationOptions(
        source=source,
        name=station,
        point=point,
        metres=1 if point == "split" else None,
        server=server or "",
        token=os.environ.get(TOKEN, ""),
        line_px=line_px,
        camera=wish_of(size, exposure),
        trial=True,
    )
    _make_room(out)
    with ExitStack() as stack:
        opened = race_here(race, needed=False)
        stack.enter_context(opened or nullcontext())
        place = opened.zone if opened else ZoneInfo(ZONE)
        zone = place if options.live else UTC  # a film begins at 0
        found = rehearse_camera(options, opened, terminal_output(False, zone), span(60 * minutes), passes)
    _print(found)
    with must_write(out):
        write_private(out, rehearsal_html(found, source).encode())
    say(_("with pictures: {file}", file=out))


def _make_room(page: Path) -> None:
    """The page's folder, where files can be written: nobody walks ten minutes for a page that cannot be kept.

    Raises:
        Unreachable: it cannot be made, or takes no file.
    """
    with must_write(page):
        page.parent.mkdir(parents=True, exist_ok=True)
        TemporaryFile(dir=page.parent).close()


def _print(found: CameraRehearsal) -> None:
    click.echo(str(verdict(found)))
    for name, text in figures(found):
        click.echo(f"  {name}: {text}")
    changes = advice(found)
    click.echo(str(_("What to change")) + ":" if changes else str(_("Nothing: leave the camera as it is.")))
    for number, text in enumerate(changes, 1):
        click.echo(f"  {number}. {text}")
