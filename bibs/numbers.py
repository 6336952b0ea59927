"""Hands out bib numbers: a firm's numbers stay together, a number once given is never given again. Pure."""

from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from timing.book import Entrant
from timing.chance import Bits
from timing.codes import new_code
from timing.events import BibAssigned
from timing.race import Race

FIRST_BIB = 1001
BLOCK = 10  # a firm's numbers begin after a multiple of this, so that captains see their range at a glance


def assign_numbers(race: Race, bits: Bits) -> list[BibAssigned]:
    """Numbers and codes for everybody who has none, firm by firm in the order of registration; late entries follow at the end."""
    given = [entrant.bib for entrant in race.entrants.values() if entrant.bib is not None]
    last = max(given, default=FIRST_BIB - 1)
    facts = []
    for entrants in _firms(entrant for entrant in race.entrants.values() if entrant.bib is None):
        first = -(-last // BLOCK) * BLOCK + 1
        facts += [BibAssigned(first + at, entrant.id, new_code(bits)) for at, entrant in enumerate(entrants)]
        last = facts[-1].bib
    return facts


def _firms(entrants: Iterable[Entrant]) -> list[list[Entrant]]:
    ordered = sorted(entrants, key=attrgetter("company", "team", "id"))
    return [list(firm) for _, firm in groupby(ordered, key=attrgetter("company"))]
