"""What a correction changes: places, times, statuses and group places, before and after. Pure."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from results.ranking.projection import StandingsProjection
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings
from timing.race.events import DeskFact
from timing.race.known_names import Names

PODIUM = 3


@dataclass(frozen=True, slots=True)
class Change:
    """One entrant before and after; None where there was or is no such entrant."""

    before: Row | None
    after: Row | None

    @property
    def row(self) -> Row:
        """The row that names the entrant."""
        row = self.after or self.before
        assert row
        return row

    @property
    def in_itself(self) -> bool:
        """Whether the entrant's own time, status or entry changes, and not only places because of others."""
        return self.before is None or self.after is None or _own(self.before) != _own(self.after)


@dataclass(frozen=True, slots=True)
class GroupChange:
    """A group's place in one list before and after; None where it is not in it."""

    ranking: str
    division: str
    group: str
    team: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Difference:
    """Everything that two states of the results do not have in common."""

    runners: tuple[Change, ...]
    groups: tuple[GroupChange, ...]

    @property
    def places(self) -> int:
        """How many entrants get another overall place."""
        return sum(_place(change.before) != _place(change.after) for change in self.runners)

    @property
    def podiums(self) -> int:
        """How many of the first three, overall or of a sex, change."""
        return len(self._podium_changes())

    @property
    def prizes(self) -> int:
        """How many of the first three groups of any list change."""
        return len(self._prize_changes())

    def essence(self, about: Collection[str]) -> list[object]:
        """What a ruling does to these entrants themselves, to podiums and to prizes: not to all places, which every new scan moves."""
        own = [(one.before and _own(one.before), one.after and _own(one.after)) for one in self.runners
               if one.row.entrant.id in about]  # fmt: skip
        podiums = [(one.row.entrant.id, _podium(one.before), _podium(one.after)) for one in self._podium_changes()]
        return [*own, *podiums, *self._prize_changes()]

    def _podium_changes(self) -> list[Change]:
        return [change for change in self.runners if _podium(change.before) != _podium(change.after)]

    def _prize_changes(self) -> list[GroupChange]:
        return [
            change
            for change in self.groups
            if min(change.before or PODIUM + 1, PODIUM + 1) != min(change.after or PODIUM + 1, PODIUM + 1)
        ]

    def __bool__(self) -> bool:
        return bool(self.runners or self.groups)


Results = tuple[Standings, Sequence[Ranking]]


def preview(live: StandingsProjection, facts: Sequence[DeskFact], names: Names) -> Difference:
    """What these facts would change, were they recorded now; nothing is recorded."""
    return difference(*supposed(live, facts, names))


def supposed(live: StandingsProjection, facts: Sequence[DeskFact], names: Names) -> tuple[Results, Results]:
    """The results as they are, and as they would be with these facts."""
    after = live.supposing(facts)
    return (live.standings(), live.rankings(names)), (after, rankings(after, names))


def difference(before: Results, after: Results) -> Difference:
    """Compare two states of the results."""
    return Difference(tuple(_runners(before[0], after[0])), tuple(_groups(before[1], after[1])))


def _runners(before: Standings, after: Standings) -> Iterator[Change]:
    """Who changed, in the new order; whoever is gone comes last."""
    old = dict(before.by_id)
    for row in after.rows:
        was = old.pop(row.entrant.id, None)
        if was is None or _placed(was) != _placed(row) or (was.judged is not row.judged and _own(was) != _own(row)):
            yield Change(was, row)
    for row in old.values():
        yield Change(row, None)


def _groups(before: Sequence[Ranking], after: Sequence[Ranking]) -> Iterator[GroupChange]:
    old, new = _places(before), _places(after)
    for key in [*new, *(key for key in old if key not in new)]:
        if old.get(key) != new.get(key):
            yield GroupChange(*key, old.get(key), new.get(key))


def _places(rankings: Sequence[Ranking]) -> dict[tuple[str, str, str, int], int]:
    return {
        (ranking.rule.name, ranking.division, score.group, score.team): score.place
        for ranking in rankings
        for score in ranking.scores
    }


def _own(row: Row) -> tuple[object, ...]:
    return row.entrant, row.status, row.net_time, row.gun_time, row.time, row.start_source, row.ruled.withheld


def _placed(row: Row) -> tuple[object, ...]:
    return row.place, row.sex_place, row.category_place


def _place(row: Row | None) -> int | None:
    return row.place if row else None


def _podium(row: Row | None) -> tuple[int, int]:
    """The places among the first three, overall and within the sex; beyond them all are alike."""
    if row is None:
        return PODIUM + 1, PODIUM + 1
    return min(row.place or PODIUM + 1, PODIUM + 1), min(row.sex_place or PODIUM + 1, PODIUM + 1)
