"""The race's time: the steady clock of its server, which is recorded in the log and continued from there after a restart.

Within one start of a machine the log's last word of it says all: so much by the race's time when the machine's own count stood
there. A server that was killed goes on from it, and so does every command on that machine, without asking anybody. Where nothing
names the start of a machine (Windows), each program begins with the wall clock, as on a machine that was started anew; whether
that agrees with the time before, the stations tell (`stations.clock`).
"""

from collections.abc import Callable
from threading import Event, Thread
from typing import Final

from timing.complaints import Complaints
from timing.language import Text, _
from timing.log import Log
from timing.race.admission import admitted, server_lineage
from timing.race.chance import new_lineage
from timing.race.clock import Clock, SteadyClock, this_boot
from timing.race.events import GunMoved, ServerClockRead, StationFact, WaveStarted
from timing.race.instants import SECOND, Span

EVERY_S: Final = 60.0
CLOSING_S: Final = 12
SET_BY: Final = Span(SECOND)
"""A wall clock that is so far from the steady one was set by somebody."""
UNTOLD: Final = _("the server's clock could not be recorded")


class Timekeeper:
    """Keeps one machine's clock of a race: goes on from the log, and tells the log.

    Inside its `with` block a thread does so every minute, and says so when somebody sets the machine's wall clock.
    """

    def __init__(
        self,
        log: Log,
        race: str,
        clock: SteadyClock,
        complain: Callable[[str], object] = lambda _: None,
        boot: Callable[[], str] = this_boot,
    ) -> None:
        self._log, self._clock, self._complain = log, clock, complain
        self._boot = boot() or new_lineage()  # an unnamed start is nobody else's
        self._lineage = server_lineage(race, self._boot)
        self._moved, self._told = Span(0), False
        self._troubles = Complaints(complain, UNTOLD)
        self._stop = Event()
        self._thread = Thread(target=self._run, name="timekeeper", daemon=True)

    def go_on(self) -> bool:
        """Have the clock say the race's time, if this machine has told it since it was started; returns whether it has.

        Raises:
            LogUnreadable: the database does not say.
        """
        last = self._last()
        if last is not None:
            self._clock.go_on_from(last.at, last.ticks)
        return last is not None

    def begin(self) -> None:
        """Go on with the race's time, or begin it with the wall clock; then tell the log.

        A wall clock that was set while nobody had been timed yet is taken over: nothing can move by it. A log that takes nothing
        now, its disk being full, hears of it later.

        Raises:
            LogUnreadable: the database does not say.
        """
        if self.go_on() and abs(self._clock.moved()) > SET_BY and not self._has_timed():
            self._clock.go_on_from(self._clock.wall(), self._clock.ticks())
        self._tell()

    def __enter__(self) -> "Timekeeper":
        self._look_at_the_wall()
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join(CLOSING_S)  # one that hangs in the database is left to itself

    def turn(self) -> None:
        """Tell the log, and the organiser of a wall clock that was set; another program's word of the same clock is ours too."""
        self._look_at_the_wall()
        with self._troubles.told():
            if self._told:
                self.go_on()
        self._tell()

    def _tell(self) -> None:
        self._told = False
        with self._troubles.told():
            ticks = self._clock.ticks()
            read = ServerClockRead(self._boot, ticks, self._clock.at(ticks), self._clock.wall())
            self._log.record([read], lineage=self._lineage)
            self._told = True

    def _last(self) -> ServerClockRead | None:
        data = self._log.last(self._lineage)
        fact = admitted(data, self._lineage) if data is not None else None
        return fact if isinstance(fact, ServerClockRead) else None

    def _has_timed(self) -> bool:
        """Whether a station has sent facts or a gun was fired, so that the log has instants by this clock."""
        return any(isinstance(fact.admitted, StationFact | WaveStarted | GunMoved) for fact in self._log.read())

    def _look_at_the_wall(self) -> None:
        moved = self._clock.moved()
        if abs(moved - self._moved) > SET_BY:
            self._complain(str(set_words(moved)))
            self._moved = moved

    def _run(self) -> None:
        while not self._stop.wait(EVERY_S):
            self.turn()


def race_clock(log: Log, race: str, clock: SteadyClock | None = None) -> SteadyClock:
    """The race's clock on this machine: the server's, if one has run here since boot, else the wall clock.

    Raises:
        LogUnreadable: the database does not say.
    """
    clock = clock or SteadyClock()
    Timekeeper(log, race, clock).go_on()
    return clock


def keep_time(log: Log, race: str, clock: Clock) -> None:
    """Before an instant is recorded by this clock: see to it that the log can tell later which time that was.

    Raises:
        as `Timekeeper.begin`.
    """
    if isinstance(clock, SteadyClock):
        keeper = Timekeeper(log, race, clock)
        if not keeper.go_on():
            keeper.begin()


def set_words(moved: Span) -> Text:
    """The notice that the wall clock differs from the race's time, and that nothing need be done about it."""
    by = f"{moved / SECOND:+.1f}"
    return _(
        "⚠ the wall clock of this machine differs by {by} s from the race's time (somebody set it); results go by the race's time: do not set the clock now",
        by=by,
    )
