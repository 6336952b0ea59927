"""Manual entry by the operator: taps (times), their bibs, and typed bibs. Each is committed before the page is answered."""

from collections.abc import Callable, Iterable
from threading import Lock
from typing import Final

from timing.errors import WrongUse
from timing.language import _
from timing.race.events import Scanned, StationFact, TapNamed
from timing.race.instants import MILLISECOND, Instant, Span, later

AGO_MOST_MS: Final = 10_000
"""Longest time between a key press and its arrival; a longer one is cut to this."""


class ManualEntry:
    """Commits what the operator enters; `keep` commits a fact and gives its number, `now` is the station's clock."""

    def __init__(
        self,
        keep: Callable[[StationFact], int],
        told: Callable[[int, StationFact], None],
        code_of: Callable[[int], str | None],
        now: Callable[[], Instant],
    ) -> None:
        """`code_of` gives the code of a bib at this moment, None where nobody bears it."""
        self._keep, self._told, self._code_of, self._now = keep, told, code_of, now
        self._open: set[int] = set()
        self._lock = Lock()

    def remember(self, taps: Iterable[int]) -> None:
        """Add taps of an earlier run, which may still be named."""
        self._open.update(taps)

    def tap(self, ago_ms: int) -> int:
        """Record that somebody crossed `ago_ms` milliseconds ago; gives the item's number."""
        with self._lock:
            at = self._pressed(ago_ms)
            seq = self._put(Scanned("tap", "", at, at))
            self._open.add(seq)
            return seq

    def type_bib(self, bib: int, ago_ms: int) -> int:
        """Record that the bearer of this bib crossed `ago_ms` milliseconds ago; gives the item's number.

        Raises:
            WrongUse: nobody here bears it.
        """
        code = self._code(bib)
        with self._lock:
            at = self._pressed(ago_ms)
            return self._put(Scanned("typed", code, at, at))

    def name(self, tap: int, bib: int) -> int:
        """Record that a tap was of the bearer of this bib. A tap is named once only, for the name may have been sent already.

        Raises:
            WrongUse: nobody bears the bib, or no such tap waits for a name.
        """
        code = self._code(bib)
        with self._lock:
            if tap not in self._open:
                raise WrongUse(_("this tap has a bib; the desk can correct it"))
            seq = self._put(TapNamed(tap, code))
            self._open.remove(tap)
            return seq

    def _put(self, fact: StationFact) -> int:
        seq = self._keep(fact)
        self._told(seq, fact)
        return seq

    def _pressed(self, ago_ms: int) -> Instant:
        return later(self._now(), Span(-min(max(ago_ms, 0), AGO_MOST_MS) * MILLISECOND))

    def _code(self, bib: int) -> str:
        code = self._code_of(bib)
        if code is None:
            raise WrongUse(
                _("bib {bib} is not in the roster; press space to keep the time, and tell the desk", bib=bib),
            )
        return code
