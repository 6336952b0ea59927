"""The roster of a station in the race folder: read from the log, which is on the same machine."""

from collections.abc import Callable

from scanners.protocol import RosterAnswer
from scanners.station_roster import StationRoster, told_of
from timing.complaints import Complaints
from timing.feed import STANDS_STILL, RaceFeed
from timing.folder import OpenRace
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, Span, later

LOOK_EVERY = Span(2 * SECOND)


class RaceRoster:
    """The roster in the race's own log. A log that cannot be read or folded is reported, and does not stop the station."""

    def __init__(self, opened: OpenRace, complain: Callable[[str], object]) -> None:
        self._opened, self._feed = opened, RaceFeed(opened, complain)
        self._complaints = Complaints(complain, STANDS_STILL)
        self._told: RosterAnswer | None = None

    def now(self) -> RosterAnswer | None:
        """The roster as a server would send it; the same object while nothing changes, None while the log could not be read."""
        with self._complaints.told():
            self._feed.refresh()
            roster = self._feed.roster
            if roster and (self._told is None or self._told.version != roster.version):
                self._told = told_of(self._opened.settings.id, roster, self._opened.firm_names)
        return self._told


class HomeRoster:
    """Reads the log every other second, and replaces the station's roster when it has changed."""

    def __init__(self, race: RaceRoster, roster: StationRoster, clock: Clock) -> None:
        self._race, self._roster, self._clock = race, roster, clock
        self._due = Instant(0)

    def run_if_due(self) -> None:
        """Read the log if it is due.

        Raises:
            Unreachable: the disk does not keep the new roster.
        """
        now = self._clock.now()
        if now < self._due:
            return
        self._due = later(now, LOOK_EVERY)
        told = self._race.now()
        if told and told is not self._roster.told:
            self._roster.replace(told)

    def flush(self) -> None:
        """Nothing is pending."""
