"""Who is meant at the desk: one look-up for every command that takes a bib or an entrant's id."""

from timing.book import Entrant, undone
from timing.command_line import say
from timing.errors import RaceError
from timing.events import BibAssigned, BibReplaced
from timing.race import Race


def entrant_of(race: Race, who: str) -> Entrant:
    """The entrant with this bib or id; of a bib that was replaced whoever wore it, and that is said.

    Raises:
        RaceError: there is none.
    """
    found = race.by_bib(int(who)) if who.isdecimal() else race.entrants.get(who)
    if found is None and who.isdecimal() and (found := wore(race, int(who))):
        say(f"배번이 바뀌었습니다: {who} → {found.bib}", f"that bib was replaced: {who} → {found.bib}")
    if found is None:
        raise RaceError(f"{who}은(는) 이 대회에 없습니다", f"there is no {who} in this race")
    return found


def wore(race: Race, bib: int) -> Entrant | None:
    """Who wore a bib that nobody wears any more and has another now; None where nobody did, or several."""
    if race.by_bib(bib):
        return None
    gone = undone(race.said.items())
    given = {
        fact.entrant
        for pos, fact in race.said.items()
        if isinstance(fact, BibAssigned | BibReplaced) and fact.bib == bib and pos not in gone
    }
    found = [race.entrants[one] for one in given if one in race.entrants and race.entrants[one].bib is not None]
    return found[0] if len(found) == 1 else None
