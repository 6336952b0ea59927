"""Looks up the entrant that a command names, and reports a bib that was replaced."""

from timing.race.fold import Race
from timing.race.lookup import entrant_of, replacement_of
from timing.race.office_state import Entrant
from timing.terminal.output import say


def named_entrant(race: Race, who: str) -> Entrant:
    """As `entrant_of`; says on stderr where the bib was replaced."""
    entrant = entrant_of(race, who)
    if replaced := replacement_of(race, who):
        say(replaced)
    return entrant
