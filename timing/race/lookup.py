"""Looks up what somebody named: an entrant by bib or id, a firm or a team by id or name. Pure."""

from collections.abc import Mapping, Sequence
from typing import Final

from timing.errors import RaceError, WrongUse
from timing.language import NOTHING, Text, _
from timing.race.codes import Code
from timing.race.events import BibAssigned, BibReplaced
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spares import free_spare
from timing.race.spelling import company_key, group_key
from timing.race.teams import teams_of

NEAR_SHOWN: Final = 5


def entrant_of(race: Race, who: str) -> Entrant:
    """The entrant with this bib or id; of a bib that was replaced (`replacement_of`) the one who wore it.

    Raises:
        RaceError: there is none.
    """
    found = race.by_bib(int(who)) or wore(race, int(who)) if who.isdecimal() else race.entrants.get(who)
    if found is None and who.isdecimal() and free_spare(race, int(who)):
        raise RaceError(_("{who} is a spare bib, given to nobody yet", who=who))
    if found is None:
        raise RaceError(_("there is no {who} in this race", who=who))
    return found


def replacement_of(race: Race, who: str) -> Text | None:
    """Says which bib is worn instead of this one; None unless `who` is a bib that was replaced."""
    found = wore(race, int(who)) if who.isdecimal() else None
    return _("that bib was replaced: {who} → {bib}", who=who, bib=found.bib) if found else None


def number_with(race: Race, code: Code) -> str:
    """The number printed beside this code; empty for a code of no bib that was given to somebody."""
    given = (fact for fact in race.said.values() if isinstance(fact, BibAssigned | BibReplaced))
    return next((str(fact.bib) for fact in given if fact.code == code), "")


def wore(race: Race, bib: int) -> Entrant | None:
    """Whose is by now a bib that nobody wears, by the code under its number: scans of it are theirs; None if there is nobody, or several."""
    if race.by_bib(bib):
        return None
    codes = {
        fact.code
        for pos, fact in race.said.items()
        if isinstance(fact, BibAssigned | BibReplaced) and fact.bib == bib and pos not in race.gone
    }
    found = {one.id: one for code in codes if (one := race.holder(code))}
    return next(iter(found.values())) if len(found) == 1 else None


def firm_of(companies: Mapping[str, str], who: str) -> str:
    """The id of a firm told by its id, its name in any spelling, or a part of the name that no other has.

    Raises:
        WrongUse: there is none, or several.
    """
    if who in companies:
        return who
    key = company_key(who)
    found = firms_called(companies, who) or [
        company for company, name in companies.items() if key and key in company_key(name)
    ]
    if len(found) == 1:
        return found[0]
    if not found:
        raise WrongUse(
            _("no firm {who!r}; see `marathon firm list`", who=who),
        )
    near = ", ".join(f"{company} {companies[company]}" for company in found[:NEAR_SHOWN])
    raise WrongUse(_("several firms match {who!r}: {near}; name one by its id", who=who, near=near))


def firms_called(companies: Mapping[str, str], name: str) -> list[str]:
    """The ids of the firms of this name in any spelling; several where some are to be merged."""
    key = company_key(name)
    return [company for company, one in companies.items() if company_key(one) == key]


class UnknownFirm(RaceError):
    """Somebody is to be entered for a firm of which nobody is entered yet."""


class Namesake(RaceError):
    """Somebody is to be entered of whose name the firm has somebody already."""


def team_of(race: Race, names: Names, company: str, who: str) -> str:
    """The id of a team told by its id, its own name in any spelling, or all that it is called; empty for no team.

    It is one of this company, or a joint team: nobody runs for another firm's team.

    Raises:
        WrongUse: there is none, or several.
    """
    if not who:
        return ""
    here = {team for firm in (company, "") for team in teams_of(names.own, race.office, firm).values()}
    if who in here:
        return who
    key = group_key(who)
    found = [team for team in here if key in (group_key(names.own[team].name), group_key(names.teams[team]))]
    if len(found) == 1:
        return found[0]
    if not found:
        near = close_to(who, [names.own[team].name for team in here])
        raise WrongUse(_("this firm has no team {who!r}{near}", who=who, near=near))
    told = ", ".join(f"{team} {names.teams[team]}" for team in sorted(found))
    raise WrongUse(_("several teams match {who!r}: {told}; name one by its id", who=who, told=told))


def close_to(who: str, known: Sequence[str]) -> Text:
    """`; close: ...`, with the known names that are most like this one; empty if none is."""
    from difflib import get_close_matches  # only an error needs it

    found = ", ".join(get_close_matches(who, known, 3, 0.4))
    return _("; close: {found}", found=found) if found else NOTHING
