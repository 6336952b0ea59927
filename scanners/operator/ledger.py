"""What the outbox holds, as the operator sees it: the last scans, the taps that nobody has named, and the counts per minute. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator
from typing import Final, Literal

from msgspec import Struct
from msgspec.structs import replace

from timing.events import BibTyped, MarkRecorded, ScanRecorded, StationFact, TapNamed, TapRecorded
from timing.instants import SECOND, Instant, Span

Source = Literal["qr", "mark", "typed", "tap"]
SHOWN: Final = 40
MINUTE: Final = Span(60 * SECOND)
MINUTES: Final = 15


class Bearer(Struct, frozen=True):
    """Whose code it is, as far as a station may know: the bib's number and the firm."""

    bib: int | None = None
    firm: str = ""


class Line(Struct, frozen=True):
    """One scan: the item's number, the instant, whose it is and how that is known; `again` when the bib came by before."""

    seq: int
    at: Instant
    bib: int | None
    firm: str
    source: Source
    again: bool = False


class Tap(Struct, frozen=True):
    """An instant without a bib."""

    seq: int
    at: Instant


class Ledger:
    """Takes in the outbox's facts in order, those of an earlier run too."""

    def __init__(self, bearer: Callable[[str], Bearer]) -> None:
        self._bearer = bearer
        self._lines: list[Line] = []
        self._taps: dict[int, Tap] = {}
        self._minutes: Counter[int] = Counter()
        self._bibs: set[int] = set()
        self.last = 0
        """The number of the last scan."""

    @property
    def taps(self) -> list[Tap]:
        """The taps without a name, the latest first."""
        return list(reversed(self._taps.values()))

    def tell(self, seq: int, fact: StationFact) -> None:
        """Take in the next fact."""
        match fact:
            case ScanRecorded(code=code, first_at=first_at, crossed_at=crossed_at):
                self._enter(seq, crossed_at or first_at, code, "qr")
            case MarkRecorded(code=code, first_at=first_at, crossed_at=crossed_at):
                self._enter(seq, crossed_at or first_at, code, "mark")
            case BibTyped(code=code, at=at):
                self._enter(seq, at, code, "typed")
            case TapRecorded(at=at):
                self._taps[seq] = Tap(seq, at)
            case TapNamed(tap=tap, code=code) if tap in self._taps:
                self._enter(tap, self._taps.pop(tap).at, code, "tap")
            case _:
                pass

    def recent(self) -> list[Line]:
        """The last scans, the latest first."""
        return list(reversed(self._lines))

    def per_minute(self, now: Instant) -> Iterator[tuple[Instant, int]]:
        """Each of the last minutes by its beginning, the present one last, and how many scans it had."""
        present = now // MINUTE
        for minute in range(present - MINUTES + 1, present + 1):
            yield Instant(minute * MINUTE), self._minutes[minute]

    @property
    def runners(self) -> int:
        """How many different bibs came by."""
        return len(self._bibs)

    def _enter(self, seq: int, at: Instant, code: str, source: Source) -> None:
        who = self._bearer(code)
        line = Line(seq, at, who.bib, who.firm, source)
        if who.bib is not None:
            line = replace(line, again=who.bib in self._bibs)
            self._bibs.add(who.bib)
        self._lines = [*self._lines, line][-SHOWN:]
        self._minutes[at // MINUTE] += 1
        self.last = max(self.last, seq)
