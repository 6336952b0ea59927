"""Prizes as they are handed out: who has which, and which went to somebody who is no longer the winner."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from results.office.rulings.rulings import Office
from results.ranking.difference import Results
from results.ranking.rows import Row
from results.view.prize_list import Award, prize_list, prize_rows
from results.view.view import View
from timing.errors import RaceError
from timing.language import Text, _
from timing.people.office_seats import Official
from timing.race.events import DeskFact, PrizeHandedOut
from timing.race.fold import Race
from timing.race.instants import Instant
from timing.race.known_names import Names

PrizeKey = tuple[str, str, int, str]
"""The prize, its list, the place, and the winner's id."""


@dataclass(frozen=True, slots=True)
class PrizeLine:
    """A prize of the rules and its winner; without a `key` somebody who was passed over for it."""

    key: PrizeKey | None
    words: tuple[str, ...]
    """Prize, list, place, winner, firm, score, and what is to be said about it."""
    handed: PrizeHandedOut | None
    pos: int | None
    """Where the log says that it was handed out, and that is not taken back."""


def prize_lines(view: View, race: Race) -> list[PrizeLine]:
    """Every prize, in the order of the rules."""
    given, positions = _given(race), _positions(race)
    keys = [_key(award) for award in prize_list(view.standings, view.rankings)]
    return [
        PrizeLine(key, words, given.get(key) if key else None, positions.get(key) if key else None)
        for key, words in zip(keys, prize_rows(view), strict=True)
    ]


def lost_prizes(race: Race, results: Results) -> list[PrizeHandedOut]:
    """What was handed out to somebody who is not the winner by these results."""
    if not race.office.prizes:
        return []
    winners = _winners(results)
    return [fact for key, fact in _given(race).items() if key not in winners]


def moved_prizes(race: Race, then: Race, results: tuple[Results, Results], names: Names) -> Iterator[Text]:
    """What to tell before the results of a race become others: prizes that are handed out and would be somebody else's."""
    already = lost_prizes(race, results[0])
    for fact in lost_prizes(then, results[1]):
        if fact not in already:
            yield lost_words(fact, names)


def lost_words(fact: PrizeHandedOut, names: Names) -> Text:
    """A prize that is in the wrong hands."""
    return _(
        "prize {prize}, place {place}: handed out to {winner}, whose it is not by these results",
        prize=f"{fact.prize} {fact.division}" if fact.division not in ("all", "") else fact.prize,
        place=fact.place,
        winner=_called(fact.winner, names),
    )


def _called(winner: str, names: Names) -> str:
    return names.people.get(winner) or names.companies.get(winner) or names.teams.get(winner, winner)


def hand_out_prize(office: Office, key: PrizeKey, now: Instant, who: Official) -> list[DeskFact]:
    """The winner has the prize.

    Raises:
        RaceError: it is not theirs, or they have it already.
    """
    if key not in _winners((office.live.standings(), office.live.rankings(office.names))):
        raise RaceError(_("this prize goes to somebody else now; nothing was recorded: look again"))
    if key in _given(office.race):
        raise RaceError(_("this prize was handed out already"))
    return [PrizeHandedOut(*key, now, who.name, role=who.role)]


def positions_of(race: Race, lost: Sequence[PrizeHandedOut]) -> Iterator[tuple[int, PrizeHandedOut]]:
    """Where the log says that each was handed out."""
    positions = _positions(race)
    for fact in lost:
        yield positions[fact.prize, fact.division, fact.place, race.office.company_now(fact.winner)], fact


def _winners(results: Results) -> set[PrizeKey]:
    return {key for award in prize_list(*results) if (key := _key(award))}


def _key(award: Award) -> PrizeKey | None:
    if award.place is None:
        return None
    winner = award.one.entrant.id if isinstance(award.one, Row) else award.one.group
    return award.prize.name, award.division, award.place, winner


def _given(race: Race) -> Mapping[PrizeKey, PrizeHandedOut]:
    """Who has what; a company that was merged is the one into which it was."""
    return {(*key[:3], race.office.company_now(key[3])): fact for key, fact in race.office.prizes.items()}


def _positions(race: Race) -> Mapping[PrizeKey, int]:
    return {
        (fact.prize, fact.division, fact.place, race.office.company_now(fact.winner)): pos
        for pos, fact in race.said.items()
        if isinstance(fact, PrizeHandedOut) and race.holds(pos)
    }
