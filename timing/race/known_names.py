"""The names of people, firms and teams by id. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from timing.race.teams import Team, shown_teams


@dataclass(slots=True)
class Names:
    """The names behind the ids of one race."""

    people: dict[str, str] = field(default_factory=dict)
    companies: dict[str, str] = field(default_factory=dict)
    teams: dict[str, str] = field(default_factory=dict)
    """The shown name of each team: its firm's name and its own."""
    open: frozenset[str] = frozenset()
    """The entrants who agreed to their full name in public."""
    withdrawn: frozenset[str] = frozenset()
    """The entrants who withdrew their consent; rosters can no longer give it for them."""
    own: dict[str, Team] = field(default_factory=dict)
    """Each team as its own name and firm."""
    former: dict[str, str] = field(default_factory=dict)
    """Former names of companies with their ids, as old lists still use them."""

    def with_(self, other: "Names", merged: Mapping[str, str] | None = None) -> "Names":
        """These names and others, which replace those of the same ids; consents stay."""
        people, companies = self.people | other.people, self.companies | other.companies
        own = self.own | other.own
        teams = self.teams | other.teams | shown_teams(own, companies, merged or {})
        former = self.former | other.former
        return replace(self, people=people, companies=companies, teams=teams, own=own, former=former)

    def following(self, merged: Mapping[str, str]) -> "Names":
        """The same, with every team called after the firm into which its own was merged."""
        return self.with_(Names(), merged) if merged and self.own else self

    def company(self, company: str) -> str:
        """A company's name; its id where it has none."""
        return self.companies.get(company) or company

    def own_team(self, team: str) -> str:
        """A team as its own firm calls it; empty for none."""
        return self.own[team].name if team in self.own else self.teams.get(team, team)
