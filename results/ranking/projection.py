"""Standings that follow the log: the rows that a fact concerns are judged again; order and places are computed when used."""

from collections.abc import Iterable, Mapping

from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row, row_of, with_their_heats
from results.ranking.standings import Standings, guarded, rank, standings
from timing.race.events import DeskFact
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.records import Recorded
from timing.race.rules import Rules


class StandingsProjection:
    """The standings of a race that goes on, for one thread at a time.

    After any facts they equal what `standings` makes of the same race; facts that come while nobody asks cost their folding alone.
    """

    def __init__(self, rules: Rules | None = None, race: Race | None = None) -> None:
        """Follow a race under its own rules, or under these; for a `race` that is folded elsewhere call `concern`."""
        self.race = Race() if race is None else race
        self._asked = rules
        self._under = self._rules_of(self.race)
        self._concerned: set[str] = set()
        self._known: Standings | None = None
        self._facts = 0
        self._lists: tuple[Standings, Names, list[Ranking]] | None = None

    def apply(self, recorded: Recorded) -> None:
        """Take in the next fact of the log."""
        self.concern(self.race.apply(recorded))

    def concern(self, entrants: Iterable[str]) -> None:
        """The race has folded facts about these entrants: judge them again."""
        self._concerned.update(entrants)

    def standings(self) -> Standings:
        """The standings now; the same object until a fact comes."""
        if self._known is None or self._concerned or self._facts != self.race.facts:
            self._known, self._under = self._ranked(self.race, self._concerned), self._rules_of(self.race)
            self._concerned, self._facts = set(), self.race.facts
        return self._known

    @property
    def rules(self) -> Rules:
        """The rules in force; whether starts are guarded is as of the last standings, unless other rules were set since."""
        known = self._known if self._rules_of(self.race) == self._under else None
        return (known or self.standings()).rules

    def row(self, entrant: str) -> Row:
        """One entrant's row as of now, without a place: nobody is ranked for it.

        Raises:
            KeyError: there is no such entrant.
        """
        return row_of(self.race, self.race.entrants[entrant], self.rules)

    def rankings(self, names: Names) -> list[Ranking]:
        """The group rankings now; made once for a state of the standings and the names."""
        ranked = self.standings()
        if self._lists is None or self._lists[0] is not ranked or self._lists[1] is not names:
            self._lists = ranked, names, rankings(ranked, names)
        return self._lists[2]

    def supposing(self, facts: Iterable[DeskFact]) -> Standings:
        """The standings, were these the next facts; nothing here changes."""
        self.standings()
        return self._ranked(*self.race.supposing(facts))

    def _rules_of(self, race: Race) -> Rules:
        return race.rules if self._asked is None else self._asked

    def _ranked(self, race: Race, concerned: Iterable[str]) -> Standings:
        """Everybody ranked; all are judged again where the rules changed, or the guard comes into force or out of it."""
        known, asked = self._known, self._rules_of(race)
        if known is None or asked != self._under:
            return standings(race, asked)
        rows = judged_again(known.by_id, race, known.rules, concerned)
        return (
            rank(rows.values(), known.rules, race)
            if guarded(asked, rows.values()) == known.rules
            else standings(race, asked)
        )


def judged_again(known: Mapping[str, Row], race: Race, rules: Rules, concerned: Iterable[str]) -> dict[str, Row]:
    """The rows in their last order, which is nearly the next one; those concerned are new, and whoever is gone is left out."""
    affected = {*concerned}
    rows = {**known} | {one: row_of(race, race.entrants[one], rules) for one in with_their_heats(race, affected)}
    for gone in affected - race.entrants.keys():
        rows.pop(gone, None)
    return rows
