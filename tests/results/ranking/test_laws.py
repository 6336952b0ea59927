"""The laws of judgement: what may happen to a race on the way without moving a single result, and how far one ruling reaches."""

from copy import deepcopy
from random import Random
from typing import get_args

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from results.ranking.difference import difference, preview
from results.ranking.projection import StandingsProjection
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row, Status
from results.ranking.standings import Standings, standings
from tests.builders import FIRMS, Station, entrant_id, scan
from tests.drawn_races import DESK, NAMES, DrawnRace, Said, drawn_races, interleaved, told
from tests.faults.soak import scaled
from tests.rulings import PEOPLE, corrections, rule_books, rulings
from timing.log import Log
from timing.race.events import (
    BibsSwapped,
    ClockRuled,
    CompaniesMerged,
    Correction,
    EntrantMoved,
    EntrantRegistered,
    Event,
    FactUndone,
    HeadcountDeclared,
    RulesSet,
    ScanNamed,
    Scanned,
    ScanVoided,
    StatusRuled,
    UnreadDismissed,
    UnreadNamed,
)
from timing.race.fold import Race, fold
from timing.race.instants import SECOND, Span, later
from timing.race.known_names import Names
from timing.race.passings import Passing
from timing.race.rules import Rules

WHO = "director", "연습 판정"
Results = tuple[Standings, list[Ranking]]
chances = st.randoms(use_true_random=False)


def ruled_by(rules: Rules, drawn: DrawnRace) -> DrawnRace:
    return [Said(DESK, RulesSet(rules, *WHO)), *drawn]


races = st.builds(ruled_by, rule_books, drawn_races())
plain_races = st.builds(ruled_by, rule_books, drawn_races(ruled=False))


def results_of(race: Race, names: Names = NAMES) -> Results:
    ranked = standings(race)
    return ranked, rankings(ranked, names)


def results(log: Log, names: Names = NAMES) -> Results:
    return results_of(fold(log.read()), names)


def essence(found: Results) -> tuple[object, object]:
    """Times, places and scores, without the scans behind them."""
    rows = [
        (row.entrant, row.status, row.time, row.net_time, row.gun_time, row.place, row.sex_place, row.category_place)
        for row in found[0].rows
    ]
    return rows, tables(found)


def tables(found: Results) -> list[object]:
    return [
        (
            ranking.rule,
            ranking.division,
            [(s.place, s.group, s.team, s.score, _bibs(s.counters)) for s in ranking.scores],
        )
        for ranking in found[1]
    ]


def _bibs(rows: tuple[Row, ...]) -> list[str]:
    return [row.entrant.id for row in rows]


# First what may happen on the way.


@given(races, chances)
def test_any_order_of_arrival_gives_the_same_results(drawn: DrawnRace, chance: Random) -> None:
    assert results(told(interleaved(drawn, chance))) == results(told(drawn))


@given(races, chances)
def test_whatever_part_is_sent_again_the_results_stay(drawn: DrawnRace, chance: Random) -> None:
    assert results(told(drawn, lambda new: chance.randint(1, new))) == results(told(drawn))


@given(races, st.sampled_from(["start-1", "start-2", "finish-1", "finish-2", "pen-1"]))
def test_a_station_whose_scans_come_hours_later_changes_nothing(drawn: DrawnRace, late: str) -> None:
    delayed = [one for one in drawn if one.by != late] + [one for one in drawn if one.by == late]
    assert results(told(delayed)) == results(told(drawn))


@given(races, chances)
def test_two_outboxes_of_one_station_are_as_good_as_one(drawn: DrawnRace, chance: Random) -> None:
    """Where the order of recording decides it is that of one outbox; and a voided scan is named by its outbox."""
    said = [Said(by, _whole(fact)) for by, fact in drawn]
    whole = [one for one in said if one.by != "finish-1" or isinstance(one.fact, Scanned)]
    split = [
        Said("finish-1/b" if one.by == "finish-1" and chance.random() < 0.5 else one.by, one.fact) for one in whole
    ]
    assert essence(results(told(split))) == essence(results(told(whole)))


def _whole(fact: Event) -> Event:
    if isinstance(fact, RulesSet):
        return replace(fact, rules=replace(fact.rules, ties="share"))
    return replace(fact, seq=0) if isinstance(fact, ScanVoided | ScanNamed | UnreadNamed | UnreadDismissed) else fact


@given(races, st.integers(1, 9), st.booleans())
def test_another_look_within_one_visit_changes_nothing(drawn: DrawnRace, after_s: int, at_finish: bool) -> None:
    """Later at the finish, earlier at the start: there an extra later scan rightly moves the start.

    Of a scan that was named for somebody without this bib another look is the bib's own.
    """
    log = told(drawn)
    race = fold(log.read())
    before = results_of(race)
    used = [(row, _used(row, at_finish)) for row in before[0].rows]
    own = [one for row, one in used if one and one.scan and race.holder(one.scan.code) == row.entrant]
    assume(own)
    again = Station("another", "finish" if at_finish else "start")
    for passing in own:
        assert passing.scan
        at = later(passing.at, Span((after_s if at_finish else -after_s) * SECOND))
        again.says(replace(scan(passing.scan.code, "0:00"), first_at=at, last_at=at))
    log.receive(again.batch())
    assert essence(results(log)) == essence(before)


def _used(row: Row, finish: bool) -> Passing | None:
    passing = row.judged.finish if finish else row.judged.start
    return passing if passing and passing.source == "scan" else None


@given(plain_races, st.sampled_from(["start-1", "finish-1", "finish-2"]), st.integers(-90, 90))
def test_a_clock_that_was_ruled_wrong_changes_nothing(drawn: DrawnRace, station: str, ahead_s: int) -> None:
    ahead = Span(ahead_s * SECOND)
    wrong = [Said(by, _moved(fact, ahead) if by == station else fact) for by, fact in drawn]
    right = Said(DESK, ClockRuled(station, ahead, Span(0), *WHO))
    assert results(told([right, *wrong])) == results(told(drawn))
    assert results(told([*wrong, right])) == results(told(drawn))


def _moved(fact: Event, by: Span) -> Event:
    if not isinstance(fact, Scanned):
        return fact
    crossed = None if fact.crossed_at is None else later(fact.crossed_at, by)
    return replace(fact, first_at=later(fact.first_at, by), last_at=later(fact.last_at, by), crossed_at=crossed)


@given(races, st.integers(0, 40))
def test_a_restart_at_any_position_changes_nothing(drawn: DrawnRace, position: int) -> None:
    log = told(drawn)
    live = StandingsProjection()
    for fact in log.read():
        live.apply(fact)
        if fact.pos == position:
            live.standings()
    assert (live.standings(), live.rankings(NAMES)) == results(log)


# Then what officials say, and take back.


def test_every_kind_of_correction_is_tried() -> None:
    assert {*rulings, "FactUndone"} == {kind.__name__ for kind in get_args(Correction)}


@pytest.mark.parametrize("kind", rulings)
def test_what_is_undone_at_once_was_never_said(kind: str) -> None:
    @settings(max_examples=scaled(5, 100))
    @given(races, rulings[kind])
    def law(drawn: DrawnRace, ruling: Correction) -> None:
        _undone_is_never_said(drawn, ruling)

    law()


@given(races, st.integers(0, 40))
def test_so_is_an_undo_that_is_undone_at_once(drawn: DrawnRace, at: int) -> None:
    _undone_is_never_said(drawn, FactUndone(1 + at % len(drawn), *WHO))


def _undone_is_never_said(drawn: DrawnRace, ruling: Correction) -> None:
    log = told(drawn)
    live = followed(log)
    never = fold(log.read())
    head = log.head().seq
    log.record([ruling])
    said = fold(log.read())
    assert shown(caught_up(live, log)) == results_of(said)
    log.record([FactUndone(head + 1, *WHO)])
    assert shown(caught_up(live, log)) == results(log) == results_of(never)
    assert fold(log.read()).office == never.office
    log.record([FactUndone(head + 2, *WHO)])
    assert shown(caught_up(live, log)) == results(log) == results_of(said)
    assert fold(log.read()).office == said.office


def followed(log: Log) -> StandingsProjection:
    return caught_up(StandingsProjection(), log)


def caught_up(live: StandingsProjection, log: Log) -> StandingsProjection:
    for fact in log.read(live.race.facts):
        live.apply(fact)
    return live


def shown(live: StandingsProjection) -> Results:
    return live.standings(), live.rankings(NAMES)


@given(races, st.integers(1, PEOPLE), st.integers(1, PEOPLE))
def test_bibs_that_are_swapped_twice_are_where_they_were(drawn: DrawnRace, one: int, other: int) -> None:
    log = told(drawn)
    before = results(log)
    swap = BibsSwapped(entrant_id(one), entrant_id(other), *WHO)
    log.record([swap, swap])
    assert results(log) == before


@given(races, corrections)
def test_a_preview_is_what_the_fact_then_changes_and_changes_nothing_itself(
    drawn: DrawnRace, ruling: Correction
) -> None:
    log = told(drawn)
    live = followed(log)
    before, race = shown(live), deepcopy(live.race)
    foreseen = preview(live, [ruling], NAMES)
    assert shown(live) == before
    assert live.race == race
    log.record([ruling])
    after = shown(caught_up(live, log))
    assert foreseen == difference(before, after)
    assert after == results(log)


@given(races, st.lists(corrections, min_size=2, max_size=4))
def test_several_facts_are_previewed_together(drawn: DrawnRace, said: list[Correction]) -> None:
    log = told(drawn)
    live = followed(log)
    before = shown(live)
    foreseen = preview(live, said, NAMES)
    log.record(said)
    assert foreseen == difference(before, results(log))


@given(plain_races, st.data())
def test_without_one_runner_only_the_places_behind_move(drawn: DrawnRace, data: st.DataObject) -> None:
    """Where no guard watches over the starts: that one runner may be the one it waited for."""
    drawn = [Said(by, _unguarded(fact)) for by, fact in drawn]
    log = told(drawn)
    before, groups_before = results(log)
    assume(before.ranked)
    gone = data.draw(st.sampled_from(before.ranked))
    log.record([StatusRuled(gone.entrant.id, "dsq", *WHO)])
    after, groups_after = results(log)
    rows = {row.entrant.id: row for row in after.rows}
    assert rows[gone.entrant.id].place is None
    for was in before.rows:
        row = rows[was.entrant.id]
        if was.entrant.id == gone.entrant.id:
            continue
        assert (row.judged, row.status, row.time) == (was.judged, was.status, was.time)
        assert _without(was.place, gone.place) == row.place
    assert _of_others(groups_before, gone) == _of_others(groups_after, gone)


def _unguarded(fact: Event) -> Event:
    if not isinstance(fact, RulesSet):
        return fact
    return replace(fact, rules=replace(fact.rules, missing_start="gun", ties="share"))


def _without(place: int | None, gone: int | None) -> int | None:
    return place if place is None or gone is None or place <= gone else place - 1


def _of_others(found: list[Ranking], gone: Row) -> list[object]:
    """What the groups have reached of which the runner was no member, where places do not count."""
    return [
        (ranking.rule, ranking.division, score.group, score.team, score.score, _bibs(score.counters))
        for ranking in found
        for score in ranking.scores
        if ranking.rule.by != "place" and score.group not in (gone.entrant.company, gone.entrant.team)
    ]


# And who runs for whom.


@given(races, st.permutations(sorted(FIRMS)))
def test_firms_that_are_called_otherwise_stand_where_they_stood(drawn: DrawnRace, others: list[str]) -> None:
    called = dict(zip(sorted(FIRMS), others, strict=True))
    renamed = [Said(by, _renamed(fact, called)) for by, fact in drawn]
    names = Names({}, {called[key]: name for key, name in FIRMS.items()}, dict(NAMES.teams))
    before, after = results(told(drawn)), results(told(renamed), names)
    assert [(row.entrant.id, row.place, row.time) for row in before[0].rows] == [
        (row.entrant.id, row.place, row.time) for row in after[0].rows
    ]
    assert [_as_sets(ranking, called) for ranking in before[1]] == [_as_sets(ranking, {}) for ranking in after[1]]


def _renamed(fact: Event, called: dict[str, str]) -> Event:
    match fact:
        case EntrantRegistered() | EntrantMoved() | HeadcountDeclared():
            return replace(fact, company=called.get(fact.company, ""))
        case CompaniesMerged():
            return replace(fact, company=called[fact.company], into=called[fact.into])
        case _:
            return fact


def _as_sets(ranking: Ranking, called: dict[str, str]) -> object:
    """A list without the order of those who share a place."""
    rows = {
        (score.place, called.get(score.group, score.group), score.team, score.score, tuple(_bibs(score.counters)))
        for score in ranking.scores
    }
    return ranking.rule, ranking.division, rows


@given(races)
def test_nobody_is_missing_and_only_who_finished_has_a_place(drawn: DrawnRace) -> None:
    race = fold(told(drawn).read())
    ranked = standings(race)
    assert sorted(row.entrant.id for row in ranked.rows) == sorted(race.entrants)
    for row in ranked.rows:
        assert len(set(row.flags)) == len(row.flags)
        assert (row.place is None) == (row.time is None)
        assert row.place is None or row.status is Status.FINISHED
