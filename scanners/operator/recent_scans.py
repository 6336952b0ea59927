"""The outbox as the operator sees it: the last scans, the unassigned taps, and the counts per minute. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Literal, NamedTuple

from msgspec import Struct

from scanners.station_roster import BibHolder
from timing.race.events import Scanned, StationFact, TapNamed
from timing.race.instants import SECOND, Instant, Span

Source = Literal["qr", "mark", "typed", "tap"]
SHOWN: Final = 40
MINUTE: Final = Span(60 * SECOND)
MINUTES: Final = 15


class ScanLine(Struct, frozen=True):
    """One scan: the item's number, the instant, whose it is and how that is known; `again` when the bib came by before."""

    seq: int
    at: Instant
    bib: int | None
    firm: str
    source: Source
    again: bool = False


class RecentTap(Struct, frozen=True):
    """An instant without a bib."""

    seq: int
    at: Instant


class _Entry(NamedTuple):
    """A scan as it came; its bib is looked up when it is shown, for a later roster may know the code."""

    seq: int
    at: Instant
    code: str
    source: Source
    again: bool


class RecentScans:
    """Collects the facts of the outbox in order, those of an earlier run too."""

    def __init__(self, bearer: Callable[[str], BibHolder]) -> None:
        self._bearer = bearer
        self._entries: list[_Entry] = []
        self._taps: dict[int, RecentTap] = {}
        self._minutes: Counter[int] = Counter()
        self._codes: set[str] = set()
        self.last = 0
        """The number of the last scan."""

    @property
    def taps(self) -> list[RecentTap]:
        """The taps without a name, the latest first."""
        return list(reversed(self._taps.values()))

    def add(self, seq: int, fact: StationFact) -> None:
        """Add the next fact."""
        match fact:
            case Scanned(code="", first_at=at):
                self._taps[seq] = RecentTap(seq, at)
            case Scanned(source=source, code=code, first_at=first_at, crossed_at=crossed_at):
                self._enter(seq, crossed_at or first_at, code, source)
            case TapNamed(tap=tap, code=code) if tap in self._taps:
                self._enter(tap, self._taps.pop(tap).at, code, "tap")
            case _:
                pass

    def recent(self) -> list[ScanLine]:
        """The last scans, the latest first."""
        return [self._line(entry) for entry in reversed(self._entries)]

    def per_minute(self, now: Instant) -> Iterator[tuple[Instant, int]]:
        """Each of the last minutes by its beginning, the present one last, and how many scans it had."""
        present = now // MINUTE
        for minute in range(present - MINUTES + 1, present + 1):
            yield Instant(minute * MINUTE), self._minutes[minute]

    @property
    def runners(self) -> int:
        """How many different bibs came by."""
        return sum(self._bearer(code).bib is not None for code in self._codes)

    def _enter(self, seq: int, at: Instant, code: str, source: Source) -> None:
        self._entries = [*self._entries, _Entry(seq, at, code, source, code in self._codes)][-SHOWN:]
        self._codes.add(code)
        self._minutes[at // MINUTE] += 1
        self.last = max(self.last, seq)

    def _line(self, entry: _Entry) -> ScanLine:
        who = self._bearer(entry.code)
        again = entry.again and who.bib is not None
        return ScanLine(entry.seq, entry.at, who.bib, who.firm, entry.source, again)
