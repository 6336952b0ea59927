"""Standings that follow the log: one more fact costs what it touches, and what is read always equals the whole computed anew."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator

from results.ranking.live_rankings import LiveRankings
from results.ranking.order import Lineup
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import (
    Field,
    Kind,
    Row,
    Status,
    arrival_of,
    bib_order_of,
    fields_of,
    is_told,
    kind_of,
    order_of,
    row_of,
    with_places,
    with_their_heats,
)
from results.ranking.standings import (
    LATEST,
    Lists,
    Standings,
    coverage_of,
    guarded,
    heats_reorder,
    rank,
    standing,
    standings,
)
from timing.events import DeskFact
from timing.log import Recorded
from timing.race import Race
from timing.rules import GroupRule, Rules
from timing.store.directory import Names

ALL: Field = (0, "all")


class LiveStandings:
    """A projection of the log, for one thread.

    A fact only names the entrants it concerns. Each of them is judged again, from all their facts and never by patching, when
    somebody next reads: so a whole log is taken in as quickly as it is folded, and a gun judges its wave once.
    """

    def __init__(self, rules: Rules | None = None, race: Race | None = None) -> None:
        """Follow a race under its own rules, or under these; a `race` that somebody else folds is followed by `concern`."""
        self.race = Race() if race is None else race
        self._asked = rules
        self._concerned: set[str] = set()
        self._changes: dict[str, Row | None] = {}
        self._standings: Standings | None = None
        self._lists: tuple[Standings, Names, list[Ranking]] | None = None
        self._under = self._rules_of(self.race)
        self._begin(self._under)

    def apply(self, recorded: Recorded) -> None:
        """Take in the next fact of the log."""
        self.concern(self.race.apply(recorded))

    def concern(self, entrants: Iterable[str]) -> None:
        """These may stand otherwise by now: the race has taken in facts about them."""
        self._concerned.update(entrants)

    def supposing(self, facts: Iterable[DeskFact]) -> Standings:
        """The standings, were these the next facts; nothing here changes."""
        self._settle()
        race, concerned = self.race.supposing(facts)
        asked = self._rules_of(race)
        if asked != self._under:
            return standings(race, asked)
        concerned = with_their_heats(race, concerned)
        rows = {entrant: row for entrant, row in self._rows.items() if entrant in race.entrants}
        rows |= {entrant: row_of(race, race.entrants[entrant], self.rules) for entrant in concerned}
        if guarded(asked, coverage_of(rows.values())) != self.rules:
            return standings(race, asked)
        return rank(rows.values(), self.rules, race)

    def row(self, entrant: str) -> Row:
        """The entrant's result with its places, as `standings` shows it.

        Raises:
            KeyError: there is no such entrant.
        """
        self._settle()
        row = self._rows[entrant]
        if row.time is None:
            return row
        if heats_reorder(self.race, self.rules):
            return self.standings().placed(row)
        return with_places(row, list(self._places(row)))

    def place(self, entrant: str) -> int | None:
        return self.row(entrant).place

    def group_place(self, rule: GroupRule, group: str, names: Names, division: str = "all") -> int | None:
        """The place of a company or team (its best, if it has several) in one list of a rule; None for whoever is not in it."""
        self._settle()
        in_force = zip(self._under.ranking, self.rules.ranking, strict=True)
        rule = next((now for asked, now in in_force if asked == rule), rule)
        if not self._groups.follows(rule):
            return _place_in(self.rankings(names), rule, group, division)
        return self._groups.place(rule, division, group, names)

    def standings(self) -> Standings:
        """What `standings` makes of the same race: with what is kept in order here it costs the same in every field."""
        self._settle()
        beside = self.race.course_m, self.race.book.employees  # what concerns no entrant
        known = self._standings
        if known is None or (known.course_m, known.employees) != beside:
            fields = {each: rows.now() for each, rows in self._fields.items()}
            lists = Lists(
                {each: rows for each, rows in fields.items() if rows}, +self._kinds, self._latest.first(LATEST)
            )
            known = standing(fields.get(ALL, ()), self._others.now(), self.rules, self.race, lists)
            self._standings = known
        return known

    def changes(self) -> dict[str, Row | None]:
        """Whom somebody may now see otherwise than at the last call, with the row of then; None for who had none."""
        self._settle()
        changed, self._changes = self._changes, {}
        return changed

    def rankings(self, names: Names) -> list[Ranking]:
        """What `rankings` makes of the same standings."""
        ranked = self.standings()
        if self._lists is None or self._lists[0] is not ranked or self._lists[1] is not names:
            anew = heats_reorder(self.race, self.rules)
            self._lists = ranked, names, rankings(ranked, names) if anew else self._groups.rankings(ranked, names)
        return self._lists[2]

    def _settle(self) -> None:
        """Judge again whom the facts since the last look concern; everybody where other rules have come into force."""
        asked = self._rules_of(self.race)
        if asked is not self._under and asked != self._under:
            self._begin(asked)
        self._under = asked
        if not self._concerned:
            return
        self._judge_concerned()
        in_force = guarded(asked, self._coverage())
        if in_force != self.rules:  # the guard falls or rises: nobody stays as they were
            self._begin(in_force)
            self._judge_concerned()

    def _rules_of(self, race: Race) -> Rules:
        return race.rules if self._asked is None else self._asked

    def _judge_concerned(self) -> None:
        self._standings = None
        gone = self._concerned - self.race.entrants.keys()
        for entrant in with_their_heats(self.race, self._concerned) | gone:
            self._judge(entrant)
        self._concerned = set()  # a new one: a set that held a whole race is slow for ever after

    def _begin(self, rules: Rules) -> None:
        """Nobody is judged yet under these rules."""
        self.rules = rules
        self._concerned.update(self.race.entrants)
        self._rows: dict[str, Row] = {}
        self._fields: defaultdict[Field, Lineup[Row]] = defaultdict(lambda: Lineup(order_of))
        self._others = Lineup(bib_order_of)
        self._latest = Lineup(arrival_of)
        self._kinds: Counter[Kind] = Counter()
        self._changes = {}
        self._groups = LiveRankings(rules)
        self._finished = self._unseen = 0
        self._standings = None

    def _coverage(self) -> float | None:
        """The share of finishers whose own start is known, as `coverage_of` counts it."""
        return 1 - self._unseen / self._finished if self._finished else None

    def _judge(self, entrant: str) -> None:
        before = self._rows.pop(entrant, None)
        self._changes.setdefault(entrant, before)
        if before:
            self._take_out(before)
            self._tally(before, -1)
        if entrant in self.race.entrants:
            row = row_of(self.race, self.race.entrants[entrant], self.rules)
            self._rows[entrant] = row
            self._put_in(row)
            self._tally(row, 1)

    def _tally(self, row: Row, by: int) -> None:
        self._kinds[kind_of(row)] += by
        if row.status is Status.FINISHED and not row.held:
            self._finished += by
            self._unseen += by * row.start_missing

    def _take_out(self, row: Row) -> None:
        if row.status is Status.FINISHED:
            self._groups.remove(row)
        for lineup in self._lineups_of(row):
            lineup.remove(row)

    def _put_in(self, row: Row) -> None:
        if row.status is Status.FINISHED:
            self._groups.add(row)
        for lineup in self._lineups_of(row):
            lineup.add(row)

    def _lineups_of(self, row: Row) -> Iterator[Lineup[Row]]:
        """Where somebody stands: in their fields, or among those who do not rank; and among those who have come in."""
        if is_told(row):
            yield self._latest
        if row.time is None:
            yield self._others
            return
        yield from (self._fields[each] for each in enumerate(fields_of(row.entrant, self.rules)) if each[1])

    def _places(self, row: Row) -> Iterator[int | None]:
        key = order_of(row)
        start = key[:1] if self.rules.ties == "share" else key
        for each in enumerate(fields_of(row.entrant, self.rules)):
            yield self._fields[each].place(start) if each[1] else None


def _place_in(found: Iterable[Ranking], rule: GroupRule, group: str, division: str) -> int | None:
    lists = (ranking.scores for ranking in found if (ranking.rule, ranking.division) == (rule, division))
    return next((score.place for scores in lists for score in scores if score.group == group), None)
