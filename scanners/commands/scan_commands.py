"""The command that runs a station."""

import os
from contextlib import ExitStack, nullcontext
from fractions import Fraction
from pathlib import Path
from typing import Final
from zoneinfo import ZoneInfo

import click

from scanners.cameras.sources import is_live
from scanners.commands.camera_options import camera_options, wish_of
from scanners.commands.scan_output import summary, terminal_output
from scanners.operator.page_beside import ServePage, operator_page_beside
from scanners.station.assembly import open_station
from scanners.station.calibration import calibrate as find_line
from scanners.station.running_station import RunningStation, sending
from scanners.station.server_uplink import TOKEN
from scanners.station.station_options import ZONE, PointName, StationOptions
from timing.commands.command_line import command, race_option
from timing.commands.race_commands import InstantParam, StationName
from timing.errors import Unreachable
from timing.folder import OpenRace, find_race, open_race
from timing.language import N_
from timing.race.clock import SystemClock
from timing.race.instants import Instant
from timing.terminal.output import beep, say

PORT: Final = 8010
MEGABYTE: Final = 1_000_000
FILM_MB: Final = 4_000  # some four hours
SOMETHING_WRONG: Final = 1  # the exit code when somebody must look


@command(
    "scan",
    examples="marathon scan 0 --station finish-1 --point finish\n"
    "marathon scan finish.mp4 --station finish-1 --point finish --at 2026-09-03T14:15:00+09:00\n"
    "MARATHON_TOKEN=... marathon scan 0 --station start-1 --point start --server http://192.0.2.7:8000\n"
    "marathon scan photos/ --station test --jsonl\n"
    "marathon scan rtsp://192.0.2.30/live --station finish-2 --point finish\n"
    "marathon scan --list\n"
    "marathon scan 0 --station finish-1 --point finish --calibrate\n"
    "marathon scan 0 --station finish-1 --point finish --watch\n"
    "marathon scan 0 --station split-1 --point split --metres 2500",
)
@race_option
@click.argument("source")
@click.option("--station", type=StationName(), required=True, help=N_("the station's name"))
@click.option(
    "--point",
    type=click.Choice(["start", "finish", "split", "pen"]),
    help=N_("where time is taken (split: on the course), or a wave's pen"),
)
@click.option("--wave", help=N_("the wave whose pen it is"))
@click.option(
    "--metres",
    type=click.IntRange(1, 100_000),
    help=N_("how many metres from the start the split stands"),
)
@click.option("--server", help=N_("the server to send to; its token in MARATHON_TOKEN"))
@click.option("--at", type=InstantParam(), help=N_("the instant of a file's first frame"))
@click.option(
    "--line-px",
    type=click.FloatRange(min=1),
    help=N_("side of a bib's QR in pixels when held over the line"),
)
@click.option(
    "--calibrate",
    is_flag=True,
    help=N_(
        "wait for a bib that is held still over the line, keep how large its QR is there for the next start, and end"
    ),
)
@click.option(
    "--no-line", is_flag=True, help=N_("there is no line: the moment of sight is the time, and that is marked")
)
@camera_options
@click.option(
    "--watch",
    type=click.IntRange(0, 65535),
    is_flag=False,
    flag_value=PORT,
    metavar="[PORT]",
    help=N_("the operator's page, on this machine only (default port 8010)"),
)
@click.option(
    "--evidence-mb",
    type=click.IntRange(0),
    default=500,
    show_default=True,
    help=N_("room for a picture of each scan in MB; 0 keeps none"),
)
@click.option(
    "--film-mb",
    type=click.IntRange(0),
    help=N_("room for the film in MB, the oldest goes first; 0 keeps none [a camera's 4000, of a file none]"),
)
@click.option(
    "--film-hours",
    type=click.FloatRange(0.1),
    default=24,
    show_default=True,
    help=N_("film that is older is deleted"),
)
@click.option(
    "--reserve-mb",
    type=click.IntRange(0),
    default=64,
    show_default=True,
    help=N_("room in MB that is kept for when the disk is full"),
)
@click.option("--no-unread", is_flag=True, help=N_("do not look for people who pass and are not read"))
@click.option("--realtime", is_flag=True, help=N_("read a file at the speed it was filmed"))
@click.option("--jsonl", is_flag=True, help=N_("print a JSON object per scan"))
@click.pass_obj
def scan(
    serve: ServePage | None,
    race: Path | None,
    source: str,
    station: str,
    point: PointName | None,
    wave: str | None,
    metres: int | None,
    server: str | None,
    at: Instant | None,
    line_px: float | None,
    calibrate: bool,
    no_line: bool,
    size: tuple[int, int],
    exposure: Fraction | None,
    watch: int | None,
    evidence_mb: int,
    film_mb: int | None,
    film_hours: float,
    reserve_mb: int,
    no_unread: bool,
    realtime: bool,
    jsonl: bool,
) -> int:
    """Read bibs from a camera, a video file or a folder of images.

    With a full disk it goes on seeing and sending; it beeps then only for what the server has got, and writes
    when there is room. Ctrl-C or SIGTERM ends it: whoever is in view is kept, the station says that it closed;
    exit code 0, or 3 if something could not be sent yet.

    SOURCE is a webcam's index or name, the address of a phone or IP camera, a video file, or a folder of images.
    Without a server, in a race folder, scans go straight into that race's log; --jsonl alone only prints and records
    nothing. Files of a folder that cannot be read (HEIC, damaged pictures ...) are named with the reason and skipped;
    it exits 1 if somebody may be in them. It exits 1, too, if the outbox was damaged (all that can be read goes on),
    or the log keeps something that it cannot count.

    Whoever passes and is not read is kept too, with a picture and without a beep: see `marathon unread list`.

    A finish needs a line: hold a bib over it and run this with --calibrate once, or give --line-px, or say --no-line.
    """
    trial = jsonl and not server
    options = StationOptions(
        source=source,
        name=station,
        point=point or "",
        wave=wave,
        metres=metres,
        server=server or "",
        token=os.environ.get(TOKEN, ""),
        at=at,
        line_px=line_px,
        no_line=no_line,
        camera=wish_of(size, exposure),
        evidence_bytes=0 if trial else evidence_mb * MEGABYTE,
        film_bytes=0 if trial else _film_mb(film_mb, source) * MEGABYTE,
        film_hours=film_hours,
        reserve_bytes=reserve_mb * MEGABYTE,
        realtime=realtime,
        trial=trial,
        unread=not (trial or no_unread),
    )
    with ExitStack() as stack:
        opened = race_here(race, needed=not (jsonl or server))
        stack.enter_context(opened or nullcontext())
        output = terminal_output(jsonl, opened.zone if opened else ZoneInfo(ZONE))
        if calibrate:
            find_line(options, opened, output)
            beep()  # whoever holds the bib stands at the line
            return 0
        running = stack.enter_context(open_station(options, opened, output))
        if watch is not None:
            stack.enter_context(operator_page_beside(running, serve, watch))
        stack.enter_context(sending(running, say))
        _watch(running)
    return SOMETHING_WRONG if running.suspect else 0


def scan_command(serve: ServePage) -> click.Command:
    """The command, with a way to serve the operator's page."""
    scan.context_settings = {"obj": serve}
    return scan


def _film_mb(wish: int | None, source: str) -> int:
    """A film file is film already."""
    return wish if wish is not None else FILM_MB if is_live(source) else 0


def race_here(given: Path | None, needed: bool) -> OpenRace | None:
    """The race folder that is given or found; None where there is none and none is needed."""
    try:
        find_race(given)
    except Unreachable:
        if needed or given:
            raise
        return None
    return open_race(given)


def _watch(running: RunningStation) -> None:
    """Watch to the end and say on stderr what was seen."""
    began_at = SystemClock().now()
    try:
        running.watch()
    finally:
        for text in summary(running, began_at, SystemClock().now()):
            say(text)
