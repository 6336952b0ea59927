"""How it stands with the server, for the operator: what the uploader tells, and since when."""

from collections.abc import Callable

from scanners.operator.station_state import PendingUpload
from scanners.outbox.uplink import Refused
from timing.errors import RaceError, WrongUse
from timing.language import Text, _
from timing.race.clock import Clock
from timing.race.events import StationFact
from timing.race.instants import SECOND, Instant


class UploadStatus:
    """Hears of the uploader's troubles. `direct` says that there is no server, the log being on this machine."""

    def __init__(self, clock: Clock, direct: bool) -> None:
        self._clock, self._direct = clock, direct
        self._trouble: RaceError | None = None
        self._since = Instant(0)
        self.unsent: Callable[[], int] = lambda: 0
        """How many items the server has not provably stored; set once somebody carries them."""
        self.closed = False
        self.alarms: dict[str, Text] = {}
        """What is wrong with the keeping itself, by kind, in both languages."""

    def keeping(self, keep: Callable[[StationFact], int]) -> Callable[[StationFact], int]:
        """The same, until the station closes: what it says last is that nothing comes after."""

        def kept(fact: StationFact) -> int:
            if self.closed:
                raise WrongUse(_("this station has closed; start it again"))
            return keep(fact)

        return kept

    def tell(self, trouble: RaceError | None) -> None:
        """A new trouble, or None when it is over."""
        if trouble and not self._trouble:
            self._since = self._clock.now()
        self._trouble = trouble

    def pending(self) -> PendingUpload:
        trouble, now, unsent = self._trouble, self._clock.now(), self._unsent()
        if trouble is None:
            return PendingUpload(unsent, None if self._direct else now, direct=self._direct)
        refused = trouble.text if isinstance(trouble, Refused) else None
        return PendingUpload(unsent, self._since or None, (now - self._since) / SECOND, refused, self._direct)

    def _unsent(self) -> int:
        try:
            return self.unsent()
        except RaceError:  # the outbox does not say now; whoever keeps scans in it will complain
            return 0
