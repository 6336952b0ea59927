"""The output of a station: to the terminal, or in a test to a list."""

from collections.abc import Callable
from typing import NamedTuple

from scanners.protocol import RosterAnswer
from scanners.station.station import KeptScan
from timing.language import Text
from timing.race.events import FilmJumped, Unread

Say = Callable[[Text], object]


class StationOutput(NamedTuple):
    """The reports of a station, each by a function of its own.

    `on_scan` gets each scan once it is safe, with its bib where one is known; `on_roster` the roster before and after a change.
    """

    say: Say
    complain: Callable[[str], object]
    """A failure that does not stop the work."""
    on_scan: Callable[[KeptScan, int | None], object]
    on_unread: Callable[[int, Unread], object]
    """Somebody passed and was not read: the item's number and the fact."""
    on_jump: Callable[[FilmJumped], object]
    on_roster: Callable[[RosterAnswer, RosterAnswer], object]
