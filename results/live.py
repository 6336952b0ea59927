"""Standings that follow the log: one more fact costs what it touches, and what is read always equals the whole computed anew."""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from results.live_rankings import LiveRankings
from results.order import Order
from results.rankings import Ranking
from results.standings import (
    OrderKey,
    Row,
    Standings,
    bib_order_of,
    fields_of,
    order_of,
    placed,
    row_of,
    with_places,
)
from timing.directory import Names
from timing.log import Recorded
from timing.race import Race
from timing.rules import GroupRule, Rules


class LiveStandings:
    """A projection of the log, for one thread.

    A fact only names the entrants it concerns. Each of them is judged again, from all their facts and never by patching, when
    somebody next reads: so a whole log is taken in as quickly as it is folded, and a gun judges its wave once.
    """

    def __init__(self, rules: Rules) -> None:
        self.rules, self.race = rules, Race()
        self._concerned: set[str] = set()
        self._rows: dict[str, Row] = {}
        self._fields: defaultdict[tuple[int, str], Order[OrderKey]] = defaultdict(Order)
        self._others: Order[tuple[int, str]] = Order()
        self._groups = LiveRankings(rules)
        self._standings: Standings | None = None

    def apply(self, recorded: Recorded) -> None:
        """Take in the next fact of the log."""
        self._concerned.update(self.race.apply(recorded))

    def row(self, entrant: str) -> Row:
        """The entrant's result with its places, as `standings` shows it.

        Raises:
            KeyError: there is no such entrant.
        """
        self._settle()
        row = self._rows[entrant]
        return row if row.time is None else with_places(row, list(self._places(row)))

    def place(self, entrant: str) -> int | None:
        return self.row(entrant).place

    def group_place(self, rule: GroupRule, group: str, names: Names, division: str = "all") -> int | None:
        """The place of a company or team in one list of one of the rules; None for whoever is not in it."""
        self._settle()
        if rule.by == "place":
            return _place_in(self.rankings(names), rule, group, division)
        return self._groups.place(rule, division, group, names)

    def standings(self) -> Standings:
        """What `standings` makes of the same race."""
        self._settle()
        if self._standings is None:
            ranked = [self._rows[entrant] for *_, entrant in self._fields[0, "all"]]
            self._standings = placed(ranked, [self._rows[entrant] for _, entrant in self._others], self.rules)
        return self._standings

    def rankings(self, names: Names) -> list[Ranking]:
        """What `rankings` makes of the same standings."""
        return self._groups.rankings(self.standings().finishers, names)

    def _settle(self) -> None:
        """Judge again whom the facts since the last look concern."""
        if not self._concerned:
            return
        for entrant in self._concerned:
            self._judge(entrant)
        self._concerned = set()  # a new one: a set that held a whole race is slow for ever after
        self._standings = None

    def _judge(self, entrant: str) -> None:
        row = row_of(self.race, self.race.entrants[entrant], self.rules)
        if before := self._rows.get(entrant):
            self._take_out(before)
        self._rows[entrant] = row
        self._put_in(row)

    def _take_out(self, row: Row) -> None:
        if row.time is None:
            self._others.remove(bib_order_of(row))
            return
        for field in self._fields_of(row):
            field.remove(order_of(row))
        self._groups.remove(row)

    def _put_in(self, row: Row) -> None:
        if row.time is None:
            self._others.add(bib_order_of(row))
            return
        for field in self._fields_of(row):
            field.add(order_of(row))
        self._groups.add(row)

    def _fields_of(self, row: Row) -> Iterator[Order[OrderKey]]:
        return (self._fields[at, name] for at, name in enumerate(fields_of(row.entrant, self.rules)) if name)

    def _places(self, row: Row) -> Iterator[int | None]:
        key = order_of(row)
        start = key[:1] if self.rules.ties == "share" else key
        for at, name in enumerate(fields_of(row.entrant, self.rules)):
            yield self._fields[at, name].place(start) if name else None


def _place_in(rankings: Iterable[Ranking], rule: GroupRule, group: str, division: str) -> int | None:
    lists = (ranking.scores for ranking in rankings if (ranking.rule, ranking.division) == (rule, division))
    return next((score.place for scores in lists for score in scores if score.group == group), None)
