"""Real stations on films: each a process of its own, as a volunteer would start it."""

import os
import sys
from subprocess import Popen

from bibs.drawing.layout import DEFAULT_LAYOUT
from demo.film import FilmCamera, line_px
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import _
from timing.race.chance import new_token
from timing.race.instants import Instant, iso


def start_station(opened: OpenRace, point: str, begins: Instant, port: int, realtime: bool) -> Popen[bytes]:
    """`marathon scan` on the film of that point, which was taken from `begins` on; it sends to a server on this machine."""
    name, token = f"{point}-1", new_token()
    opened.directory.enrol(name, token)
    width_px = line_px(FilmCamera(), DEFAULT_LAYOUT.code.width / 1000)
    arguments = [str(opened.root / "films" / f"{point}.mp4"), "--station", name, "--point", point, "--at", iso(begins)]
    arguments += ["--race", str(opened.root), "--server", f"http://127.0.0.1:{port}", "--line-px", f"{width_px:.2f}"]
    arguments += ["--realtime"] if realtime else []
    return Popen([sys.executable, "-m", "marathon", "scan", *arguments], env={**os.environ, "MARATHON_TOKEN": token})


def wait_for(stations: list[Popen[bytes]]) -> None:
    """Until all have ended; none is left behind.

    Raises:
        RaceError: one failed.
    """
    try:
        failed = [code for code in [station.wait() for station in stations] if code]
    finally:
        for station in stations:
            station.terminate()
        for station in stations:
            station.wait()
    if failed:
        raise RaceError(_("a station failed with exit code {failed}", failed=failed[0]))
