"""Prizes: the winners in the order of the rules, and who was passed over so that others moved up. Pure."""

from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import NamedTuple

from results.ranking.difference import Results
from results.ranking.places import grouped
from results.ranking.rankings import GroupScore, Ranking
from results.ranking.rows import Row, fields_of
from results.ranking.standings import Standings
from results.view.view import View, group_name, lines, score_face, sex_label
from timing.language import _, one_language
from timing.race.known_names import Names
from timing.race.rules import Prize
from timing.race.spelling import field_key

WITHHELD = "withheld"


class Candidate(NamedTuple):
    """Somebody in a ranking that a prize is given by: a runner, or a group with its score."""

    ranked: int
    one: Row | GroupScore

    @property
    def who(self) -> Hashable:
        """The id of the runner or group, by which two prizes have the same winner; a firm's second team has the firm's id."""
        return self.one.entrant.id if isinstance(self.one, Row) else self.one.group


@dataclass(frozen=True, slots=True)
class Award:
    """A prize and its winner, or somebody who was passed over for it.

    `place` is the place among those who may win, `ranked` that in the ranking; they differ for whoever moved up. Passed over:
    `place` is None, and `because` the prize that they have already, or `withheld`.
    """

    prize: Prize
    division: str
    place: int | None
    ranked: int
    one: Row | GroupScore
    because: str = ""


def prize_list(standings: Standings, rankings: Sequence[Ranking]) -> list[Award]:
    """Who wins each prize of the rules, in their order; equal places win both.

    Whoever holds a prize in `unless`, and whoever's result is withheld, is passed over; the ruled-out stand in no ranking.
    """
    held: dict[str, set[Hashable]] = {}
    awards: list[Award] = []
    for prize in standings.rules.prize:
        # Kinds are apart: the id of a runner is never that of a company.
        barred = {who: name for name in reversed(prize.unless) for who in held.get(name, ())}
        given = [
            award
            for division, candidates in _lists(prize, standings, rankings)
            for award in _given(prize, division, candidates, barred)
        ]
        held[prize.name] = {Candidate(award.ranked, award.one).who for award in given if award.place is not None}
        awards += given
    return awards


def _given(
    prize: Prize, division: str, candidates: Iterable[Candidate], barred: Mapping[Hashable, str]
) -> Iterator[Award]:
    """The winners of one list, best first, with those passed over among them."""
    winners, place, level = 0, 0, 0
    for candidate in candidates:
        if winners >= prize.places and candidate.ranked != level:
            return
        withheld = isinstance(candidate.one, Row) and candidate.one.ruled.withheld
        because = WITHHELD if withheld else barred.get(candidate.who, "")
        if because:
            yield Award(prize, division, None, candidate.ranked, candidate.one, because)
            continue
        winners += 1
        place, level = (place if candidate.ranked == level else winners), candidate.ranked
        yield Award(prize, division, place, candidate.ranked, candidate.one)


def _lists(
    prize: Prize, standings: Standings, rankings: Sequence[Ranking]
) -> Iterator[tuple[str, Sequence[Candidate]]]:
    """The lists of the prize's ranking that it is given in, each best first."""
    by_sex = any(one.rule.name == prize.ranking and one.rule.division == "sex" for one in rankings)
    field = "sex" if by_sex or prize.ranking == "sex" else "category"
    asked = field_key(field, prize.division)
    for division, short, candidates in _all_lists(prize.ranking, standings, rankings):
        if not prize.division or asked in (field_key(field, division), field_key(field, short)):
            yield division, candidates


def _all_lists(
    name: str, standings: Standings, rankings: Sequence[Ranking]
) -> Iterator[tuple[str, str, Sequence[Candidate]]]:
    """Every list of a ranking with its name and, inside a sex, its category's."""
    finishers = standings.ranked
    match name:
        case "overall":
            yield "all", "", _ranked(finishers, "place")
        case "sex":
            for sex, rows in sorted(grouped(finishers, lambda row: row.entrant.sex).items()):
                yield sex, sex, _ranked(rows, "sex_place")
        case "category":
            fields = grouped(finishers, lambda row: fields_of(row.entrant, standings.rules)[2])
            for field, rows in sorted(fields.items()):
                yield field.replace("\n", " "), field.partition("\n")[2], _ranked(rows, "category_place")
        case _:
            for ranking in rankings:
                if ranking.rule.name == name:
                    complete = (score for score in ranking.scores if score.score is not None)
                    yield ranking.division, "", [Candidate(score.place, score) for score in complete]


def _ranked(rows: Iterable[Row], field: str) -> list[Candidate]:
    place = attrgetter(field)
    return [Candidate(place(row), row) for row in rows]


@dataclass(frozen=True, slots=True)
class PrizeChange:
    """Who wins a prize before and after; several where they share the place."""

    prize: Prize
    division: str
    place: int
    before: tuple[Row | GroupScore, ...]
    after: tuple[Row | GroupScore, ...]


def prize_changes(before: Results, after: Results) -> list[PrizeChange]:
    """The prizes that go to somebody else in the second state of the results, in the order of its rules."""
    old, new = _winners(before), _winners(after)
    changed = [key for key in {**new, **old} if set(old.get(key, {})) != set(new.get(key, {}))]
    return [PrizeChange(*key, tuple(old.get(key, {}).values()), tuple(new.get(key, {}).values())) for key in changed]


def _winners(results: Results) -> dict[tuple[Prize, str, int], dict[Hashable, Row | GroupScore]]:
    """The winners of each prize, list and place, by what tells them apart."""
    found: dict[tuple[Prize, str, int], dict[Hashable, Row | GroupScore]] = {}
    for award in prize_list(*results):
        if award.place is not None:
            who = Candidate(award.ranked, award.one).who
            found.setdefault((award.prize, award.division, award.place), {})[who] = award.one
    return found


def prize_change_row(change: PrizeChange, names: Names) -> tuple[str, str, str, str]:
    """A changed prize in words: prize, list, place, and its winner before → after."""

    def told(winners: Iterable[Row | GroupScore]) -> str:
        return ", ".join(_winner(one, names) for one in winners) or "–"

    where = _list_name(change.division)
    return change.prize.name, where, str(change.place), f"{told(change.before)} → {told(change.after)}"


def _winner(one: Row | GroupScore, names: Names) -> str:
    if isinstance(one, Row):
        return f"{one.entrant.bib or ''} {names.people.get(one.entrant.id, '')}".strip()
    return group_name({**names.teams, **names.companies}, one)


def prize_rows(view: View) -> list[tuple[str, ...]]:
    """The awards as rows for officials: prize, list, place, winner, firm, score, and a note."""
    return [
        (award.prize.name, _list_name(award.division), str(award.place or "–"), *_told(award, view), _note(award))
        for award in prize_list(view.standings, view.rankings)
    ]


def _list_name(division: str) -> str:
    """The list in words; nothing where there is one for everybody."""
    if division == "all":
        return ""
    sex, _, category = division.partition(" ")
    return f"{sex_label(sex, one_language())} {category}".strip()


def _told(award: Award, view: View) -> tuple[str, str, str]:
    """Who, of which firm, with which score; of a withheld runner nothing."""
    if isinstance(award.one, Row):
        (line,) = lines(view, [award.one], [award.ranked], one_language())
        name = view.names.people.get(award.one.entrant.id, "")
        who = line.name if award.because == WITHHELD else f"{award.one.entrant.bib} {name}".strip()
        return who, line.company, line.time
    rule = next(rule for rule in view.standings.rules.ranking if rule.name == award.prize.ranking)
    called = view.names.companies if rule.group == "company" else view.names.teams
    return group_name(called, award.one), "", score_face(rule, award.one.score, one_language())


def _note(award: Award) -> str:
    if award.place is None:
        return f"{_('passed over')}: {_('Withheld') if award.because == WITHHELD else award.because}"
    return f"{_('in the ranking')} {award.ranked}" if award.ranked != award.place else ""
