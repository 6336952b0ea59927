"""Somebody who stands at the counter and is in no list: what the form says, checked before anybody is entered."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from results.office.people.people_search import scanned_code
from results.office.rulings.rulings import Office
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import _
from timing.log.sql import Beside
from timing.people.office_seats import Official
from timing.race.ages import SHORT, age_group, age_on
from timing.race.fold import Race
from timing.race.lookup import firms_called
from timing.race.spares import spare_of
from timing.race.spelling import clean, group_key, sex_of

NEW: Final = "new"
"""What a choice says for a firm or team that was not entered before."""
NOT_SAID: Final = "-"
"""What is sent where the runner does not say the sex, the birth or the category: nothing is left out by a slip."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """One person, as a row of a roster by its columns."""

    columns: Mapping[str, str]
    course: str = ""
    new_firm: bool = False
    namesake: bool = False


class UnknownTeam(WrongUse):
    """The firm has teams, and none of this name."""


EnterNewcomer = Callable[[OpenRace, Newcomer, Official, Callable[[str], Beside | None]], str]
"""Enters somebody and gives the id; what the last argument makes for the id is written in the same transaction.

Raises:
    UnknownFirm, Namesake: it was not said that it is a new firm, or another person.
    RaceError: it cannot be.
"""


def newcomer(office: Office, sent: Mapping[str, str]) -> Newcomer:
    """Whom the form describes.

    Raises:
        WrongUse: no name or firm, an age that cannot be told, no such spare, or neither a spare nor that a bib is printed.
        UnknownTeam: a team that the firm does not have, and that was not called new.
        RaceError: somebody has the spare.
    """
    name, company = clean(sent.get("name", "")), firm_meant(office, sent)
    if not name or not company:
        raise WrongUse(_("name and firm are needed"))
    columns = {"name": name, "company": company, "team": _team(office, company, sent)}
    columns["sex"] = said_sex(sent.get("sex", ""))
    columns["born"] = needed_born(office, sent.get("born", ""), columns["sex"])
    columns["category"] = "" if grouped_by_age(office) else said_category(office, sent.get("category", ""))
    columns["bib"] = _bib(office, sent)
    columns["consent"] = "yes" if sent.get("consent") else ""
    columns["wave"] = clean(sent.get("wave", ""))
    said = {column: text for column, text in columns.items() if text}
    return Newcomer(said, _course(office.race, sent), _chosen(sent, "firm", "company") == NEW, bool(sent.get("other")))


def _bib(office: Office, sent: Mapping[str, str]) -> str:
    """What the button says that was pressed: the spare that it names, or else the one that was typed; empty for a bib that is printed."""
    if sent.get("print"):
        return ""
    spare = (sent.get("next") or sent.get("spare", "")).strip()
    if not spare:
        raise WrongUse(
            _(
                "type the number of the spare bib, or the code under its QR; without one press the last button below, and a bib is printed"
            )
        )
    return spare_number(office, spare)


def _chosen(sent: Mapping[str, str], choice: str, text: str) -> str:
    """What was chosen; nothing where the text beside it was changed since the choice was offered."""
    return sent.get(choice, "") if sent.get(f"{choice}_of") == sent.get(text, "") else ""


def firm_meant(office: Office, sent: Mapping[str, str]) -> str:
    """The name of the firm that was chosen, or what was typed."""
    return office.names.companies.get(_chosen(sent, "firm", "company")) or clean(sent.get("company", ""))


def said_sex(text: str) -> str:
    """The sex, or that it is not said.

    Raises:
        WrongUse: neither was chosen.
    """
    if text == NOT_SAID:
        return ""
    if (sex := sex_of(clean(text))) not in ("F", "M"):
        raise WrongUse(_("choose the sex, or that it is not said"))
    return sex


def needed_born(office: Office, text: str, sex: str) -> str:
    """As `said_born`, where the rules give age groups; it may be left out only by saying so.

    Raises:
        WrongUse: nothing was said, no age can be told from it, or no group takes the age.
    """
    if text.strip() == NOT_SAID or not grouped_by_age(office):
        return ""
    if not text.strip():
        raise WrongUse(_("birth or age is needed for the age group; write - where the runner does not say it"))
    return said_born(office, text, sex)


def said_category(office: Office, text: str) -> str:
    """One of the race's categories: a new one, or a birth typed here, would stand on the board as a list of its own.

    Raises:
        WrongUse: the race has categories, and this is none of them.
    """
    known = categories(office.race)
    if text.strip() == NOT_SAID or not (known or text):
        return ""
    found = {group_key(one): one for one in known}.get(group_key(text))
    if found is None:
        raise WrongUse(_("choose the category: {known}", known=", ".join(known) or NOT_SAID))
    return found


def grouped_by_age(office: Office) -> bool:
    """Whether the rules give the category by age."""
    return bool(office.race.rules.age_group and office.opened.settings.date)


def categories(race: Race) -> Sequence[str]:
    """The categories in which somebody is entered."""
    return sorted({one.category for one in race.entrants.values() if one.category})


def _team(office: Office, company: str, sent: Mapping[str, str]) -> str:
    """The team's name; of a firm with teams one that it has, unless it is called new."""
    team, chosen = clean(sent.get("team", "")), _chosen(sent, "own_team", "team")
    known = team_names(office, company)
    if chosen in known:
        return chosen
    if team and known and chosen != NEW and group_key(team) not in map(group_key, known):
        raise UnknownTeam(_("{company} has no team {team} yet", company=company, team=team))
    return team


def team_names(office: Office, company: str) -> Sequence[str]:
    """The names of a firm's own teams."""
    ours = set(firms_called(office.names.companies, company))
    return sorted({team.name for team in office.names.own.values() if team.company in ours})


def _course(race: Race, sent: Mapping[str, str]) -> str:
    known = courses(race)
    if not known:
        return ""
    if sent.get("course") not in known:
        raise WrongUse(_("choose the course"))
    return sent["course"]


def courses(race: Race) -> Sequence[str]:
    """The courses by name; none where there is only one."""
    return [name for name in race.office.courses if name]


def spare_number(office: Office, text: str) -> str:
    """The number of the spare that was typed, or whose QR was scanned; empty for none.

    Raises:
        WrongUse: it is no spare.
        RaceError: somebody has it.
    """
    text = text.strip()
    if not text:
        return ""
    if text.isascii() and text.isdigit() and len(text) <= 6:
        office.spare(int(text))
        return text
    code = scanned_code(text)
    found = spare_of(office.race, code) if code else None
    if found is None:
        if code and (holder := office.race.holder(code)):
            raise WrongUse(_("this bib belongs to somebody else: {told}", told=office.label(holder.id)))
        raise WrongUse(_("this is no spare bib's number or code"))
    return str(found)


def said_born(office: Office, text: str, sex: str) -> str:
    """A birth that gives an age group of this race, as rosters write it; empty for none said.

    Raises:
        WrongUse: no age can be told from it, or no group takes the age.
    """
    day, groups = office.opened.settings.date, office.race.rules.age_group
    if not text or day is None or not groups:
        return ""
    age = said_age(day, text)
    if age is None:
        raise WrongUse(_("{text} may be an age or a year: write 1981, 810131 or 45세", text=text))
    if age_group(groups, age, sex) is None:
        raise WrongUse(_("no age group takes somebody of {age} and this sex", age=age))
    return str(day.year - age)  # the year in which somebody of this age was born, by the roster's reading


def said_age(day: date, text: str) -> int | None:
    """The age that somebody says, or that follows from the birth; None where it could be either, or nothing can be told.

    >>> [said_age(date(2026, 9, 3), text) for text in ("1990", "900904", "45세", "36", "90", "81", "x")]
    [36, 35, 45, 36, 36, None, None]
    """
    text = text.strip()
    if told := re.fullmatch(r"(\d{1,2}) ?(?:세|살)", text):
        return int(told[1])
    if re.fullmatch(r"\d{2}", text):
        short = {int(text), *(day.year - century - int(text) for century in (1900, 2000))} & {*SHORT}
        return short.pop() if len(short) == 1 else None
    return age_on(day, text)
