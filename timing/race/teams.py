"""The identity of a team, within a firm or across firms, and its name in lists. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from timing.race.office_state import OfficeState
from timing.race.spelling import group_key

CAPTAIN: Final = "captain "
"""Before the firm's id: who recorded a move that a captain made."""
TeamKey = tuple[str, str]
"""The identity of a team: the id of its firm (empty for a joint team) and the key of its name."""


@dataclass(frozen=True, slots=True)
class Team:
    """A team by its own name; `company` is the firm's id, empty for a joint team (연합팀), whose people run for several firms."""

    name: str
    company: str = ""


def present(company: str, merged: Mapping[str, str]) -> str:
    """The firm into which this one was merged, else the firm itself."""
    while company in merged:
        company = merged[company]
    return company


def key_of(team: Team, merged: Mapping[str, str]) -> TeamKey:
    """The identity of a team, independent of its shown name."""
    return present(team.company, merged), group_key(team.name)


def shown_teams(teams: Mapping[str, Team], companies: Mapping[str, str], merged: Mapping[str, str]) -> dict[str, str]:
    """What each team is called: its firm's present name and its own. Where two teams would read alike, a sign tells them apart.

    >>> two = {"t1": Team("전자 1팀", "c1"), "t2": Team("1팀", "c2"), "t3": Team("2팀", "c2")}
    >>> shown_teams(two, {"c1": "새벽", "c2": "새벽 전자"}, {})
    {'t1': '새벽 / 전자 1팀', 't2': '새벽 전자 / 1팀', 't3': '새벽 전자 2팀'}
    """
    firms = {one: companies.get(present(team.company, merged), "") for one, team in teams.items()}
    plain = {one: f"{firms[one]} {team.name}".strip() for one, team in teams.items()}
    alike: dict[str, set[TeamKey]] = defaultdict(set)
    for one, text in plain.items():
        alike[group_key(text)].add(key_of(teams[one], merged))
    return {
        one: text if len(alike[group_key(text)]) == 1 else _apart(firms[one], team)
        for (one, text), team in zip(plain.items(), teams.values(), strict=True)
    }


def _apart(firm: str, team: Team) -> str:
    return f"{firm} / {team.name}" if team.company else f"{team.name} (연합)"


def same_teams(teams: Mapping[str, Team], book: OfficeState, company: str, into: str) -> list[tuple[str, str]]:
    """Which teams of two firms become one where the firms do: pairs of the same name, of the one that goes and the one that stays."""
    kept, gone = (teams_of(teams, book, firm) for firm in (into, company))
    return [(one, kept[name]) for name, one in sorted(gone.items()) if name in kept]


def teams_of(teams: Mapping[str, Team], book: OfficeState, company: str) -> dict[str, str]:
    """The ids of a firm's teams (empty: the joint teams) by the keys of their names, with those of firms that are part of it now."""
    found: dict[str, str] = {}
    for one, team in sorted(teams.items()):
        firm, name = key_of(team, book.merged)
        if firm == company:
            found.setdefault(name, book.team_now(team.company, one))
    return found
