"""Draws the stations as a table on the terminal; in this room Rich is used here alone."""

from collections.abc import Sequence
from zoneinfo import ZoneInfo

from rich.table import Table

from timing.language import _
from timing.race.instants import SECOND, Instant, wall
from timing.stations.list import DAMAGED, FORKED, JUMPED, SET_ASIDE, StationLine, offset_words
from timing.terminal.console import ShieldedConsole

COLUMNS = (
    _("station"),
    _("point"),
    _("kept"),
    _("received"),
    _("pending"),
    _("last heard"),
    _("clock"),
    _("fps"),
    _("dropped"),
    _("disk"),
)
CLOSED = _("closed")
RED = {FORKED, SET_ASIDE, DAMAGED, JUMPED}
WIDE = 200
"""Columns of a list that goes to a file or another program."""


def print_stations(lines: Sequence[StationLine], zone: ZoneInfo, now: Instant) -> None:
    """A row for each outbox; another history than the log's, and what counts for nothing, stand out in red."""
    console = ShieldedConsole(highlight=False)
    console = console if console.is_terminal else ShieldedConsole(highlight=False, width=WIDE)
    table = Table(box=None, pad_edge=False, header_style="bold")
    for text in COLUMNS:
        table.add_column(str(text), overflow="fold")
    table.add_column("", overflow="fold")
    for line in lines:
        table.add_row(*_cells(line, zone, now), style="bold red" if RED & {*line.warnings} else "")
    console.print(table)


def _cells(line: StationLine, zone: ZoneInfo, now: Instant) -> tuple[str, ...]:
    counts = (str(line.head), str(line.received), str(line.pending)) if line.lineage else ("", "", "")
    told = [pair for pair in line.warnings if not line.closed or pair in RED]
    words = "; ".join(str(one) for one in (*([CLOSED] if line.closed else []), *told))
    if not line.lineage:
        words = str(_("nothing received yet"))
    if line.heard is None:
        return line.station, line.point, *counts, "", offset_words(line.clock), "", "", "", words
    status, ago = line.heard.status, max(0, now - line.heard.at) // SECOND
    when = f"{ago}s" if ago < 3_600 else wall(line.heard.at, zone)
    fps = "" if status.fps is None else f"{status.fps:.1f}"
    disk = "" if status.disk_free is None else f"{status.disk_free / 1e9:.1f} GB"
    return line.station, line.point, *counts, when, offset_words(line.clock), fps, str(status.drops), disk, words
