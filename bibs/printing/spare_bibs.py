"""Spare bibs: numbers after all others, with codes of their own, so that a lost bib is replaced on the spot. Pure."""

from bibs.printing.numbers import BLOCK, FIRST_BIB, LAST_BIB, ever_given
from timing.errors import RaceError
from timing.language import ngettext
from timing.race.chance import Bits
from timing.race.codes import new_code
from timing.race.events import SpareDrawn
from timing.race.fold import Race
from timing.race.spares import free_spare


def unworn(race: Race) -> list[int]:
    """The numbers of the spares that nobody wears yet."""
    return sorted(number for number in race.office.spares if free_spare(race, number))


def draw_spares(race: Race, count: int, bits: Bits) -> list[SpareDrawn]:
    """So many new spares that `count` are there for the taking: asking twice makes no more.

    Raises:
        RaceError: no numbers are left.
    """
    missing = count - len(unworn(race))
    first = -(-max(ever_given(race), default=FIRST_BIB - 1) // BLOCK) * BLOCK + 1
    if first + missing - 1 > LAST_BIB:
        raise RaceError(
            ngettext(
                "no numbers are left for {n} spare bib (up to {last_bib})",
                "no numbers are left for {n} spare bibs (up to {last_bib})",
                missing,
                last_bib=LAST_BIB,
            ),
        )
    return [SpareDrawn(first + at, new_code(bits)) for at in range(missing)]
