"""How uploading stands: what the uploader reports, since when the server is away, and what is wrong with the outbox."""

from collections.abc import Callable, Iterator

from scanners.outbox import Outbox
from scanners.outbox.uplink import Refused
from timing.errors import RaceError, WrongUse
from timing.language import Text, _, ngettext, warning
from timing.race.clock import Clock
from timing.race.events import StationFact
from timing.race.instants import SECOND, Instant


class UploadStatus:
    """Keeps what the uploader reports, and the alarms about the stored items."""

    def __init__(self, clock: Clock, say: Callable[[Text], object] = lambda _: None) -> None:
        """`say` tells each alarm to the person at the terminal."""
        self._clock, self._say = clock, say
        self._trouble: RaceError | None = None
        self._since = Instant(0)
        self.unsent: Callable[[], int] = lambda: 0
        """The uploader's count, once there is one."""
        self.closed = False
        self.alarms: dict[str, Text] = {}
        """Problems of the stored items themselves, by kind."""

    def raise_alarm(self, kind: str, text: Text) -> None:
        """Warn on the terminal now, and on the operator's page from now on."""
        self.alarms[kind] = text
        self._say(warning(text))

    def until_closed(self, keep: Callable[[StationFact], int]) -> Callable[[StationFact], int]:
        """The same function, which refuses once the station has closed: nothing may come after its last item."""

        def kept(fact: StationFact) -> int:
            if self.closed:
                raise WrongUse(_("this station has closed; start it again"))
            return keep(fact)

        return kept

    def on_trouble(self, trouble: RaceError | None) -> None:
        """A new trouble, or None when it is over."""
        if trouble and not self._trouble:
            self._since = self._clock.now()
        self._trouble = trouble

    def away_s(self) -> float | None:
        """Seconds since the server stopped answering; None while it answers."""
        return (self._clock.now() - self._since) / SECOND if self._trouble else None

    def refused(self) -> Text | None:
        """Why the server does not take what is sent, if it answers at all."""
        return self._trouble.text if isinstance(self._trouble, Refused) else None

    def unsent_now(self) -> int:
        """How many items the server has not provably stored."""
        try:
            return self.unsent()
        except RaceError:  # the outbox does not say now; whoever keeps scans in it will complain
            return 0


def unsaved_warnings(outbox: Outbox) -> Iterator[Text]:
    """That the disk takes nothing, and how much is in memory alone; nothing while all is saved."""
    if outbox.unsaved:
        yield ngettext(
            "the disk cannot be written to ({trouble}): {n} item is in memory alone. Do not switch off; free some space now. It beeps only for what the server has received",
            "the disk cannot be written to ({trouble}): {n} items are in memory alone. Do not switch off; free some space now. It beeps only for what the server has received",
            outbox.unsaved,
            trouble=outbox.trouble,
        )
