"""A station in the race folder itself: nobody needs to tell it who is entered late, for the log is beside it."""

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
    """Whom the race's own log knows. A log that cannot be read or folded is complained about, and keeps no station from its work."""

    def __init__(self, opened: OpenRace, complain: Callable[[str], object]) -> None:
        self._opened, self._feed = opened, RaceFeed(opened, complain)
        self._complaints = Complaints(complain, STANDS_STILL)
        self._told: RosterAnswer | None = None

    def now(self) -> RosterAnswer | None:
        """What a server would tell its stations now; the very same while nothing changes, None while nothing could be read."""
        with self._complaints.told():
            self._feed.refresh()
            roster = self._feed.roster
            if roster and (self._told is None or self._told.version != roster.version):
                self._told = told_of(self._opened.settings.id, roster, self._opened.firm_names)
        return self._told


class HomeRoster:
    """Looks into the log every other second, and tells the station when the desk has changed the roster."""

    def __init__(self, race: RaceRoster, roster: StationRoster, clock: Clock) -> None:
        self._race, self._roster, self._clock = race, roster, clock
        self._due = Instant(0)

    def run_if_due(self) -> None:
        """Look if it is time to.

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
        """There are none."""
