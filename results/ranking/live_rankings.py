"""Group rankings that follow the standings: one more finisher costs the groups that the finisher counts for."""

from collections import defaultdict
from collections.abc import Mapping, Set
from typing import NamedTuple

from results.ranking.order import Order
from results.ranking.rankings import (
    GroupOrder,
    GroupScore,
    Ranking,
    Scored,
    decides,
    divisions,
    group_of,
    ignored,
    listed,
    lists,
    measure,
    score_of,
    shown,
)
from results.ranking.rows import OrderKey, Row, order_of
from results.ranking.standings import Standings
from results.ranking.teams import FAR, Formed
from timing.rules import GroupRule, Rules
from timing.store.directory import Names


class Member(NamedTuple):
    """A finisher inside a group, the best first; where all count, in the order of the standings."""

    unmeasured: bool
    rank: int
    order: OrderKey
    value: int

    @property
    def entrant(self) -> str:
        return self.order[-1]


NOBODY = Standings((), (), Rules())


class LiveRankings:
    """The lists of every rule. Those in which one finish may move many groups are made anew when read."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules.ranking
        self._followed = list(dict.fromkeys(rule for rule in rules.ranking if self.follows(rule)))  # each once
        self._lists: dict[tuple[GroupRule, str], LiveList] = {}

    def add(self, row: Row) -> None:
        for found in self._lists_of(row):
            found.add(row)

    def remove(self, row: Row) -> None:
        for found in self._lists_of(row):
            found.remove(row)

    def place(self, rule: GroupRule, division: str, group: str, names: Names) -> int | None:
        """A group's place in a list that does not ask for places."""
        return self._list(rule, division).place(group, ignored(rule, names))

    @staticmethod
    def follows(rule: GroupRule) -> bool:
        """Whether a finish moves no group but the runner's own: its best members decide, by times or by their number."""
        plain = rule.combine in ("sum", "average", "nth", "count") and rule.by != "place" and rule.who == "finished"
        whole = rule.division in ("all", "sex") and rule.teams == "one" and not rule.mix
        limited = rule.only_sex or rule.only_category or rule.only_wave or rule.min_members or rule.max_members
        return plain and whole and not limited and rule.tie_steps in (("shared",), ("best_first",))

    def rankings(self, standings: Standings, names: Names) -> list[Ranking]:
        """Every list."""
        finished = standings.finished
        by_id = {row.entrant.id: row for row in finished}
        found: list[Ranking] = []
        for rule in self._rules:
            if not self.follows(rule):
                found += lists(rule, standings, names)
                continue
            for division in divisions(rule, finished, standings):
                scores = self._list(rule, division).scores(by_id, ignored(rule, names))
                found.append(listed(rule, division, scores))
        return found

    def _lists_of(self, row: Row) -> list["LiveList"]:
        """The lists in which this finisher counts for a group."""
        divided = [(rule, "all" if rule.division == "all" else row.entrant.sex) for rule in self._followed]
        return [self._list(rule, division) for rule, division in divided if division and group_of(rule)(row)]

    def _list(self, rule: GroupRule, division: str) -> "LiveList":
        if (rule, division) not in self._lists:
            self._lists[rule, division] = LiveList(rule)
        return self._lists[rule, division]


class LiveList:
    """One list of a rule: each group's finishers in order, and the groups in order."""

    def __init__(self, rule: GroupRule) -> None:
        self._rule, self._group_of = rule, group_of(rule)
        self._members: defaultdict[str, Order[Member]] = defaultdict(Order)
        self._touched: set[str] = set()
        self._keys: dict[str, tuple[GroupOrder, str]] = {}
        self._order: Order[tuple[GroupOrder, str]] = Order()

    def add(self, row: Row) -> None:
        self._touch(row).add(self._member(row))

    def remove(self, row: Row) -> None:
        self._touch(row).remove(self._member(row))

    def place(self, group: str, ignored: Set[str]) -> int | None:
        """The place of a group; groups with what decides equal share one, ignored ones leave none out."""
        self._settle()
        if group not in self._keys or group in ignored:
            return None
        start = self._keys[group][:1]
        in_front = sum(self._keys[other][:1] < start for other in ignored if other in self._keys)
        return self._order.place(start) - in_front

    def scores(self, by_id: Mapping[str, Row], ignored: Set[str]) -> list[Scored]:
        """The groups in order, each with those who count for it."""
        self._settle()
        in_list = ((decided, group) for decided, group in self._order if group not in ignored)
        return [Scored(decided, self._score(decided, group, by_id)) for decided, group in in_list]

    def _touch(self, row: Row) -> Order[Member]:
        group = self._group_of(row)
        self._touched.add(group)
        return self._members[group]

    def _member(self, row: Row) -> Member:
        value = measure(self._rule, row)
        if self._rule.combine == "count":
            return Member(False, 0, order_of(row), FAR if value is None else value)
        return Member(value is None, value or 0, order_of(row), value or 0)

    def _settle(self) -> None:
        """Put every group that somebody has joined or left where it now belongs."""
        touched, self._touched = self._touched, set()
        for group in touched:
            if old := self._keys.pop(group, None):
                self._order.remove(old)
            if new := self._key(group):
                self._keys[group] = new
                self._order.add(new)

    def _key(self, group: str) -> tuple[GroupOrder, str] | None:
        """The group's place among the others as a sort key; None for a group that is not in the list."""
        values = [member.value for member in self._counting(group, self._rule.pick)]
        decided = decides(self._rule, Formed(tuple(values), (), len(self._members[group])), NOBODY, group)
        return (decided, group) if self._members[group] and shown(self._rule, decided) else None

    def _score(self, decided: GroupOrder, group: str, by_id: Mapping[str, Row]) -> GroupScore:
        members = self._members[group]
        counting = self._counting(group, len(members) if self._rule.combine == "count" else self._rule.pick)
        counters = tuple(by_id[member.entrant] for member in counting)
        return GroupScore(0, group, score_of(self._rule, decided), counters, len(members))

    def _counting(self, group: str, count: int) -> list[Member]:
        return [member for member in self._members[group].first(count) if not member.unmeasured]
