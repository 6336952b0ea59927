"""A station in the race folder itself: nobody needs to tell it who is entered late, for the log is beside it."""

from scanners.outbox.protocol import RosterAnswer
from scanners.roster import StationRoster
from timing.clock import Clock
from timing.folder import OpenRace
from timing.instants import SECOND, Instant, Span, later
from timing.race import Race

LOOK_EVERY = Span(2 * SECOND)


def roster_of(opened: OpenRace, race: Race) -> RosterAnswer:
    """What a server would tell its stations of this race."""
    return RosterAnswer(opened.settings.id, race.roster(), dict(race.book.marks), opened.firm_names(race.firms()))


class HomeRoster:
    """Looks into the log every other second, and tells the station when the desk has changed the roster."""

    def __init__(self, opened: OpenRace, race: Race, roster: StationRoster, clock: Clock) -> None:
        """`race` is the race as last folded; it is kept up with the log from here on."""
        self._opened, self._race, self._roster, self._clock = opened, race, roster, clock
        self._due, self._said = Instant(0), len(race.said)

    def beat(self, acked: int) -> None:
        """Look if it is time to.

        Raises:
            Unreachable: the database does not answer.
        """
        now = self._clock.now()
        if now < self._due:
            return
        self._due = later(now, LOOK_EVERY)
        for recorded in self._opened.log.read(self._race.facts):
            self._race.apply(recorded)
        if len(self._race.said) != self._said:
            self._said = len(self._race.said)
            self._roster.replace(roster_of(self._opened, self._race))

    def last_words(self) -> None:
        """There are none."""
