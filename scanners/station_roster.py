"""The station's roster: one object for all that need it, whose content the race may replace while the station runs."""

from collections.abc import Callable, Mapping
from typing import Final, NamedTuple

from msgspec import Struct

from scanners.protocol import RosterAnswer
from timing.feed import BibRoster
from timing.race.codes import Code


class BibHolder(Struct, frozen=True):
    """The holder of a code, as far as a station may know: the bib's number and the firm."""

    bib: int | None = None
    firm: str = ""


NOBODY: Final = BibHolder()
FirmNames = Callable[[Mapping[str, str]], Mapping[str, str]]
"""The same keys with the names of the companies for their ids."""


def told_of(race: str, roster: BibRoster, firm_names: FirmNames) -> RosterAnswer:
    """The part of the race's roster that stations get."""
    return RosterAnswer(race, dict(roster.bibs), dict(roster.marks), dict(firm_names(roster.firms)), roster.version)


class _Known(NamedTuple):
    """One immutable state of the roster, so that threads read it without a lock."""

    told: RosterAnswer
    codes: dict[int, str]


class StationRoster:
    """Bibs, marks and firms by code, as last received. Camera, operator's page and terminal share this object.

    `replace` may be called by any thread while the others read.
    """

    def __init__(self, told: RosterAnswer, keep: Callable[[RosterAnswer], object] = lambda _: None) -> None:
        """`keep` stores a new roster for the next start."""
        self._known, self._keep = _known(told), keep
        self._listeners: list[Callable[[RosterAnswer, RosterAnswer], object]] = []

    def replace(self, told: RosterAnswer) -> None:
        """Use this roster from now on, notify the listeners, and store it for the next start. An equal roster does nothing.

        Raises:
            Unreachable: it cannot be stored; it is in force until the station ends.
        """
        before = self._known.told
        if _differ(before, told):
            self._known = _known(told)
            for listener in self._listeners:
                listener(before, told)
            self._keep(told)

    def listen(self, listener: Callable[[RosterAnswer, RosterAnswer], object]) -> None:
        """Call `listener` with the roster before and after each change, in the thread that replaces it."""
        self._listeners.append(listener)

    @property
    def told(self) -> RosterAnswer:
        """The roster as last received."""
        return self._known.told

    @property
    def marks(self) -> dict[str, Code]:
        """Which code's bib bears which mark, in the order in which they were drawn."""
        return {mark: Code(code) for mark, code in self._known.told.marks.items()}

    def bib(self, code: str) -> int | None:
        return self._known.told.bibs.get(code)

    def bearer(self, code: str) -> BibHolder:
        """The holder of a code; without a bib if nobody in this race has it."""
        told = self._known.told
        return BibHolder(told.bibs[code], told.firms.get(code, "")) if code in told.bibs else NOBODY

    def code(self, bib: int) -> str | None:
        """The code of the bib with this number; None where there is no such bib."""
        return self._known.codes.get(bib)


def _known(told: RosterAnswer) -> _Known:
    return _Known(told, {bib: code for code, bib in told.bibs.items()})


def _differ(one: RosterAnswer, other: RosterAnswer) -> bool:
    """Marks in another order differ too: of a code's marks the last is in force."""
    return (one.bibs, list(one.marks.items()), one.firms) != (other.bibs, list(other.marks.items()), other.firms)
