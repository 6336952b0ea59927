"""What a captain sees of the firm's people, and which team changes are possible until when. Pure."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from results.board.site import Site
from results.files.csv_files import records_csv
from results.ranking.difference import Difference
from results.ranking.rows import Row
from results.view.view import lines
from results.view.words import placed
from timing.language import Language, Text, _, bilingual
from timing.race.events import DeskFact, EditionPublished, EntrantMoved, EntrantRegistered
from timing.race.instants import Instant
from timing.race.known_names import Names
from timing.race.teams import CAPTAIN

WHYS: Final = {
    "entered": _("the team was entered wrongly"),
    "line-up": _("another line-up"),
    "left": _("left the team"),
}
"""Reasons for a change of team, to choose from: the log takes no free text from outside."""
Entry = EntrantRegistered | EntrantMoved
CompanyNow = Callable[[str], str]
"""The firm into which one was merged; itself if it was not."""
TeamNow = Callable[[str, str], str]
"""The same for a firm's team."""
COLUMNS: Final = ["bib", "name", "team", "status", "net", "gun", "place"]


@dataclass(frozen=True, slots=True)
class Own:
    """One of the firm's people with the full name; times and places are empty until there are any, and while results are hidden."""

    entrant: str
    bib: int | None
    name: str
    team: str
    status: str
    net: str
    gun: str
    place: int | None


def people_of(site: Site, company: str, language: Language) -> list[Own]:
    """Everybody of the firm, by bib."""
    rows = sorted(site.members.get(company, ()), key=lambda row: (row.entrant.bib or 0, row.entrant.id))
    places = [None if row.ruled.withheld else row.place for row in rows]
    told = zip(rows, lines(site.view, rows, places, language), strict=True)
    return [
        Own(
            row.entrant.id,
            row.entrant.bib,
            site.view.names.people.get(row.entrant.id, ""),
            site.view.names.own_team(row.entrant.team),
            line.status,
            "" if row.ruled.withheld else line.exact or line.time,
            "" if row.ruled.withheld else line.gun,
            line.place,
        )
        for row, line in told
    ]


def people_csv(people: Iterable[Own]) -> bytes:
    """These people as CSV."""
    return records_csv(COLUMNS, people)


def entries_for(said: Iterable[DeskFact], company: str, company_now: CompanyNow) -> Iterator[Entry]:
    """The entries of this firm, and of firms merged into it."""
    entries = (fact for fact in said if isinstance(fact, Entry))
    return (fact for fact in entries if company_now(fact.company) == company)


def firm_teams(entries: Iterable[Entry], own: Iterable[str], team_now: TeamNow) -> set[str]:
    """The teams that the firm's people were ever entered for with this firm: whoever was moved can always be moved back."""
    people = set(own)
    return {team_now(fact.company, fact.team) for fact in entries if fact.entrant in people and fact.team}


def move_of(row: Row, team: str, why: str) -> EntrantMoved:
    """The fact that puts one of the firm's people into another of its teams."""
    entrant = row.entrant
    by = f"{CAPTAIN}{entrant.company}"
    return EntrantMoved(entrant.id, entrant.company, team, by, bilingual(WHYS[why]), role="")


def closed_because(editions: Sequence[EditionPublished], now: Instant) -> Text | None:
    """Why teams cannot be changed any more; None while they can."""
    if any(edition.state == "official" for edition in editions):
        return _("The results are official: teams can no longer be changed. Please speak to the organiser.")
    until = [edition.protest_until or 0 for edition in editions if edition.state == "provisional"]
    if until and until[-1] <= now:
        return _("The protest window is over: teams can no longer be changed. Please speak to the organiser.")
    return None


def group_changes(
    changes: Difference, names: Names, titles: Mapping[str, str], language: Language
) -> list[tuple[str, str, str, str]]:
    """Which group gets which place in which ranking, before and after; `titles` are what the rankings are called."""
    found = []
    for one in changes.groups:
        called = names.companies.get(one.group) or names.teams.get(one.group, one.group)
        division = "" if one.division == "all" else f" · {one.division}"
        before, after = (placed(place).to(language) if place else "–" for place in (one.before, one.after))
        name = f"{called} {one.team + 1}" if one.team else called
        found.append((titles.get(one.ranking, one.ranking) + division, name, before, after))
    return found
