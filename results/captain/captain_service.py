"""The service behind captains' private links: access, the firm's card, printed packets, and moves among the firm's teams."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from results.board.board_projection import BoardProjection
from results.board.site import Site
from results.captain.captain_view import WHYS, Entry, closed_because, entries_for, firm_teams, move_of
from results.ranking.difference import Difference
from results.ranking.rows import Row
from results.view.view import ranking_name
from results.web.limits import Limits
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace
from timing.language import Language, Text, _
from timing.log import Moved
from timing.people.private_links import PrivateLinks
from timing.race.firms import FirmCard
from timing.race.instants import SECOND

WRONG_FROM_ONE, WRONG_FROM_ALL = 20, 1_000
"""Wrong tokens in ten minutes, from one address and from everybody, before 429; the right one is always let in."""
CHANGES_FROM_ONE, CHANGES_FROM_ALL = 120, 2_000
"""Changes and previews in ten minutes, of one firm and of all."""

PacketFiles = Callable[[str], Mapping[str, Path]]
"""A firm's printed PDFs by file name; empty where none was printed yet."""


class TooMany(RaceError):
    """Too many wrong tokens, changes or previews."""

    def __init__(self) -> None:
        super().__init__(_("too many tries; try again later"))


@dataclass(frozen=True, slots=True)
class Planned:
    """A previewed move; `seen` is the office's last sequence number at the preview."""

    row: Row
    team: str
    why: str
    changes: Difference
    seen: int


class CaptainService:
    """One for all captains of a race."""

    def __init__(self, opened: OpenRace, follower: BoardProjection, packets: PacketFiles) -> None:
        self._opened, self._follower, self._printed = opened, follower, packets
        self._links = PrivateLinks(opened.engine, opened.settings.id)
        self._wrong = Limits(opened.clock, WRONG_FROM_ONE, WRONG_FROM_ALL)
        self._changes = Limits(opened.clock, CHANGES_FROM_ONE, CHANGES_FROM_ALL)

    def firm_of(self, token: str, sender: str) -> str | None:
        """The firm whose captain holds this token.

        Raises:
            TooMany: wrong ones keep coming from this address.
        """
        holder = self._links.holder_of(
            token
        )  # first: nobody guesses a token, and wrong ones must not lock captains out
        if holder is not None and holder.kind == "captain":
            return self._follower.company_now(holder.name)
        if not self._wrong.may(sender):
            raise TooMany
        return None

    @property
    def site(self) -> Site:
        """The public board: while results are hidden, captains see none either."""
        return self._follower.snapshot.site

    def card(self, company: str) -> FirmCard:
        return self._opened.directory.cards().get(company, FirmCard(company))

    def change_card(self, company: str, link: str, blurb: str) -> FirmCard:
        """Store another link and blurb; the public sees them once the organiser approves.

        Raises:
            WrongUse: they cannot be.
            TooMany: too many changes in a while.
        """
        before = self.card(company)
        after = before.changed(link, blurb)
        if after != before:
            self._count(company)
            self._opened.directory.keep_card(after)
        return after

    def teams(self, company: str) -> dict[str, str]:
        """The firm's teams with their names."""
        own = [row.entrant.id for row in self.site.members.get(company, ())]
        names = self.site.view.names.teams
        return {
            team: names.get(team, team)
            for team in sorted(firm_teams(self._entries(company), own, self._follower.team_now))
        }

    def packets(self, company: str) -> dict[str, Path]:
        """The firm's printed PDFs by file name, without those that may show a name erased since."""
        erased_at = self._erased_at(company)
        return {
            name: file for name, file in self._printed(company).items() if file.stat().st_mtime * SECOND > erased_at
        }

    def outdated_packets(self, company: str) -> bool:
        """Whether packets are left out because a name was erased since."""
        return len(self.packets(company)) < len(self._printed(company))

    def _erased_at(self, company: str) -> int:
        """The last instant at which a name was erased of anybody ever entered for this firm; 0 for never."""
        erased = self._opened.directory.erased()
        people = {entry.entrant for entry in self._entries(company)} if erased else set[str]()
        return max((at for entrant, at in erased.items() if entrant in people), default=0)

    def _entries(self, company: str) -> Iterator[Entry]:
        return entries_for(self._follower.said(), company, self._follower.company_now)

    def closed(self) -> Text | None:
        """Why teams cannot be changed any more; None while they can."""
        return closed_because(self._follower.editions(), self._opened.clock.now())

    def plan(self, company: str, entrant: str, team: str, why: str) -> Planned:
        """Preview a move.

        Raises:
            WrongUse: it is none of the firm's people or teams, no reason, or too late.
            TooMany: too many in ten minutes; a preview holds up the board.
        """
        self._count(company)
        row = next((row for row in self.site.members.get(company, ()) if row.entrant.id == entrant), None)
        if closed := self.closed():
            raise WrongUse(closed)
        if row is None or why not in WHYS or (team and team not in self.teams(company)):
            raise WrongUse(_("only your own people and teams can be chosen"))
        if row.entrant.team == team:
            raise WrongUse(_("already in that team"))
        seen = self._opened.log.lineage_head(self._opened.log.desk).seq
        return Planned(row, team, why, self._follower.supposing([move_of(row, team, why)]), seen)

    def record(self, planned: Planned, seen: int) -> bool:
        """Record a previewed move; False where the office has recorded since `seen`, so that it must be previewed again."""
        try:
            self._opened.log.record([move_of(planned.row, planned.team, planned.why)], after=seen)
        except Moved:
            return False
        return True

    def titles(self, language: Language) -> dict[str, str]:
        """The names of the rankings, by rule name."""
        return {rule.name: ranking_name(rule, language) for rule in self.site.view.standings.rules.ranking}

    def _count(self, company: str) -> None:
        if not self._changes.may(company):
            raise TooMany
