"""Hands out bib numbers: a firm's numbers stay together, a number once given is never given again. Pure."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from timing.errors import RaceError
from timing.language import ngettext
from timing.race.chance import Bits
from timing.race.codes import new_code
from timing.race.events import BibAssigned, BibReplaced, SpareDrawn
from timing.race.fold import Race
from timing.race.office_state import Entrant

FIRST_BIB = 1001
LAST_BIB = 999_999
BLOCK = 10  # a firm's numbers begin after a multiple of this, so that captains see their range at a glance


def ever_given(race: Race) -> dict[int, set[str]]:
    """Every number that any fact ever gave, and to whom: a bib may be printed, though the fact was undone or the name erased."""
    given: dict[int, set[str]] = {}
    for fact in race.said.values():
        if isinstance(fact, BibAssigned | BibReplaced):
            given.setdefault(fact.bib, set()).add(fact.entrant)
        elif isinstance(fact, SpareDrawn):
            given.setdefault(fact.bib, set())
    return given


def assign_numbers(race: Race, bits: Bits) -> list[BibAssigned]:
    """Numbers and codes for everybody who has none, firm by firm in the order of registration; late entries follow at the end.

    Raises:
        RaceError: no numbers are left.
    """
    taken = set(ever_given(race))
    facts: list[BibAssigned] = []
    for entrants in _firms(entrant for entrant in race.running() if entrant.bib is None):
        first = free_block(taken, len(entrants))
        facts += [BibAssigned(first + at, entrant.id, new_code(bits)) for at, entrant in enumerate(entrants)]
        taken.update(range(first, first + len(entrants)))
    return facts


def free_block(taken: set[int], size: int) -> int:
    """Where a block of new numbers begins: after all others, or in the last gap that takes it when the end is reached."""
    for number in sorted(taken | {FIRST_BIB - 1}, reverse=True):
        first = -(-number // BLOCK) * BLOCK + 1
        if first + size - 1 <= LAST_BIB and taken.isdisjoint(range(first, first + size)):
            return first
    raise RaceError(
        ngettext(
            "no bib numbers are left for {n} person (1 to {last_bib})",
            "no bib numbers are left for {n} people (1 to {last_bib})",
            size,
            last_bib=LAST_BIB,
        ),
    )


def _firms(entrants: Iterable[Entrant]) -> list[list[Entrant]]:
    ordered = sorted(entrants, key=attrgetter("company", "team", "id"))
    return [list(firm) for _, firm in groupby(ordered, key=attrgetter("company"))]
