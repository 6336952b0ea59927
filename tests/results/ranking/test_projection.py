"""Standings that follow the log: after any facts they equal the whole computed anew."""

from random import Random

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from results.ranking.projection import StandingsProjection
from results.ranking.rankings import Ranking, divisions, rankings
from results.ranking.standings import Standings, standings
from tests.boards import Run, desk_facts, net, stations
from tests.builders import Station, after_gun, assigned, code_of, entrant_id, log_of, runner, scan
from tests.drawn_races import DESK, NAMES, DrawnRace, Said, drawn_races, told
from tests.rulings import rule_books
from timing.log import Log
from timing.race.events import (
    BibAssigned,
    CourseOpened,
    Event,
    GunMoved,
    HeadcountDeclared,
    RulesSet,
    Scanned,
)
from timing.race.fold import Race
from timing.race.rules import GroupRule, Rules

THREE = GroupRule("3인 단체", "company", pick=3)


def followed(log: Log, rules: Rules | None = None) -> StandingsProjection:
    live = StandingsProjection(rules or Rules())
    for fact in log.read():
        live.apply(fact)
    return live


def anew(race: Race, rules: Rules) -> tuple[Standings, list[Ranking]]:
    ranked = standings(race, rules)
    return ranked, rankings(ranked, NAMES)


def shown(live: StandingsProjection) -> tuple[Standings, list[Ranking]]:
    return live.standings(), live.rankings(NAMES)


@given(drawn_races(), rule_books)
def test_after_every_fact_they_equal_the_whole_computed_anew(drawn: DrawnRace, rules: Rules) -> None:
    live, race = StandingsProjection(rules), Race()
    for fact in told(drawn).read():
        live.apply(fact)
        race.apply(fact)
        assert shown(live) == anew(race, rules)


@given(drawn_races(), rule_books)
def test_so_they_do_when_the_rules_themselves_are_set_and_undone(drawn: DrawnRace, rules: Rules) -> None:
    live, race = StandingsProjection(), Race()
    for fact in told([Said(DESK, RulesSet(rules, "director", "대회 규칙")), *drawn]).read():
        live.apply(fact)
        race.apply(fact)
        ranked = standings(race)
        assert shown(live) == (ranked, rankings(ranked, NAMES))


@given(drawn_races(), rule_books)
def test_a_version_once_looked_at_stays_as_it_was(drawn: DrawnRace, rules: Rules) -> None:
    live, versions = StandingsProjection(rules), list[Standings]()
    for fact in told(drawn).read():
        live.apply(fact)
        versions.append(live.standings())
    race = Race()
    for fact, version in zip(told(drawn).read(), versions, strict=True):
        race.apply(fact)
        assert version == standings(race, rules)


@given(drawn_races(ruled=False), rule_books, st.randoms(use_true_random=False))
def test_a_second_camera_at_the_line_changes_no_time_and_no_place(
    drawn: DrawnRace, rules: Rules, chance: Random
) -> None:
    """Where the order of recording decides, it is the one camera's order: two cameras have none."""
    rules = replace(rules, ties="share")
    scans_only = [one for one in drawn if one.by != "finish-1" or isinstance(one.fact, Scanned)]
    split = [
        Said("finish-3" if one.by == "finish-1" and chance.random() < 0.5 else one.by, one.fact) for one in scans_only
    ]
    assert times(followed(told(split), rules)) == times(followed(told(scans_only), rules))


def times(live: StandingsProjection) -> list[tuple[object, ...]]:
    return [
        (row.entrant, row.status, row.time, row.net_time, row.gun_time, row.place, row.sex_place, row.category_place)
        for row in live.standings().rows
    ]


def live_after(log_facts: list[Event], *cameras: Station) -> StandingsProjection:
    return followed(log_of(log_facts, *cameras), Rules(ranking=(THREE,)))


def place(live: StandingsProjection, entrant: str) -> int | None:
    return live.standings().by_id[entrant].place


def group_place(live: StandingsProjection, group: str) -> int | None:
    """In the first list."""
    return next((score.place for score in live.rankings(NAMES)[0].scores if score.group == group), None)


def bibs(live: StandingsProjection) -> list[tuple[int | None, int | None]]:
    return [(row.place, row.entrant.bib) for row in live.standings().rows]


FIELD = [net(1, 1000), net(2, 1010), net(3, 1010), net(4, 1100)]


def test_equal_times_share_a_place_and_the_next_is_skipped() -> None:
    live = live_after(desk_facts(FIELD), *stations(FIELD))
    assert [place(live, entrant_id(bib)) for bib in (1, 2, 3, 4)] == [1, 2, 2, 4]


def test_by_rule_the_first_recorded_of_two_equal_times_is_in_front() -> None:
    runs = [Run(2, "0:20", "17:10"), Run(3, "0:10", "17:00")]
    live = followed(log_of(desk_facts(runs), *stations(runs)), Rules(ties="arrival"))
    assert [place(live, entrant_id(bib)) for bib in (2, 3)] == [2, 1]


def test_a_moved_gun_is_a_moved_time_for_the_whole_wave_and_for_no_other() -> None:
    desk = [*desk_facts([Run(1), Run(2)]), *runner(3, wave="2")]
    finish = Station().says(scan(1, "17:00"), scan(2, "17:30"), scan(3, "18:00"))
    log = log_of(desk, finish)
    live = followed(log)
    before = {bib: live.standings().by_id[entrant_id(bib)].gun_time for bib in (1, 2, 3)}
    log.record([GunMoved("1", after_gun("0:04"), "desk", "심판 시계 확인")])
    for fact in log.read(live.race.facts):
        live.apply(fact)
    after = {bib: live.standings().by_id[entrant_id(bib)].gun_time for bib in (1, 2, 3)}
    assert [(before[bib] or 0) - (after[bib] or 0) for bib in (1, 2, 3)] == [4_000_000, 4_000_000, 0]


def test_a_bib_given_to_another_takes_its_scans_along() -> None:
    """A code has one holder: without this, two people would share one run until the second half of a swap arrives."""
    desk = [*desk_facts([Run(1), Run(2)]), BibAssigned(2, entrant_id(1), code_of(2))]
    live = live_after(desk, Station().says(scan(2, "17:00")))
    assert (place(live, entrant_id(1)), place(live, entrant_id(2))) == (1, None)
    assert live.race.roster() == {code_of(2): 2}


def test_swapped_bibs_are_swapped_runs() -> None:
    swap: list[Event] = [BibAssigned(2, entrant_id(1), code_of(2)), BibAssigned(1, entrant_id(2), code_of(1))]
    cameras = stations([Run(1, "0:10", "17:00"), Run(2, "0:10", "18:00")])
    live = live_after([*desk_facts([Run(1), Run(2)]), *swap], *cameras)
    assert [(place(live, entrant_id(one)), live.standings().by_id[entrant_id(one)].entrant.bib) for one in (1, 2)] == [
        (2, 2),
        (1, 1),
    ]
    assert live.race.roster() == {code_of(1): 1, code_of(2): 2}


def test_a_late_bib_adopts_what_the_cameras_saw_of_it() -> None:
    entry, bib = runner(1)
    log = log_of([entry, *desk_facts([])], Station().says(scan(1, "17:00")))
    live = followed(log)
    assert bibs(live) == [(None, None)]
    log.record([bib])
    for fact in log.read(live.race.facts):
        live.apply(fact)
    assert bibs(live) == [(1, 1)]
    assert len(list(live.race.unmatched_scans())) == 0


def test_a_firm_is_in_the_list_when_its_third_is_in_and_out_when_one_changes_firm() -> None:
    runs = [net(bib, 1000 + bib) for bib in (1, 2, 3)]
    log = log_of(desk_facts(runs), *stations(runs))
    live = followed(log, Rules(ranking=(THREE,)))
    assert group_place(live, "c0001") == 1
    log.record([runner(3, company="c0002")[0]])
    for fact in log.read(live.race.facts):
        live.apply(fact)
    assert group_place(live, "c0001") is None
    assert live.rankings(NAMES)[0].scores == ()


def test_a_list_divided_by_sex_appears_with_its_first_finisher() -> None:
    rule = GroupRule("성별", "company", division="sex", pick=1)
    runs = [Run(1, "0:10", "17:00", sex="M", company=""), Run(2, "0:10", sex="F")]
    live = followed(log_of(desk_facts(runs), *stations(runs)), Rules(ranking=(rule,)))
    assert list(divisions(rule, live.standings().ranked, live.standings())) == ["M"]
    assert [(ranking.division, ranking.scores) for ranking in live.rankings(NAMES)] == [("M", ())]


def test_whoever_is_assigned_a_bib_twice_keeps_one_place() -> None:
    live = live_after([*desk_facts([Run(1)]), assigned(1), assigned(1)], Station().says(scan(1, "17:00")))
    assert bibs(live) == [(1, 1)]


def test_under_the_guard_a_firm_s_place_is_by_the_gun_also_for_who_asks_by_the_rule_as_it_was_set() -> None:
    one = GroupRule("1인", "company", pick=1)
    runs = [Run(1, "2:00", "18:00"), Run(2, "0:05", "17:00", company="c0002"), Run(3, None, "19:00", company="c0003")]
    places = {}
    for missing in ("gun", "guard"):
        rules = Rules(missing_start="guard" if missing == "guard" else "gun", ranking=(one,))
        live = followed(log_of(desk_facts(runs), *stations(runs)), rules)
        places[missing] = [group_place(live, firm) for firm in ("c0001", "c0002", "c0003")]
    assert places == {"gun": [1, 2, 3], "guard": [2, 1, 3]}


def test_what_concerns_no_runner_is_shown_too() -> None:
    live = live_after([*desk_facts(FIELD)], *stations(FIELD))
    before = live.standings()
    said = CourseOpened(3_500, "director", "다시 잼"), HeadcountDeclared("c0001", 320, "director", "회사가 알림")
    for fact in said:
        live.race.apply_fact(live.race.facts + 1, "", 0, fact)
    after = live.standings()
    assert ((before.course_m, dict(before.employees)), (after.course_m, dict(after.employees))) == (
        (0, {}),
        (3_500, {"c0001": 320}),
    )
    assert after == standings(live.race, Rules(ranking=(THREE,)))


def test_rules_set_before_anybody_enters_are_in_force() -> None:
    rules = Rules(basis="gun", ranking=(THREE,))
    live = StandingsProjection()
    assert live.standings().rules == Rules()
    live.race.apply_fact(1, "", 0, RulesSet(rules, "director", "대회 규칙"))
    assert live.standings().rules == rules
