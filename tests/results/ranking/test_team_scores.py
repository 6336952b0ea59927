"""Who counts for a group: arriving together, mixed teams, several teams of one firm, heads and shares; by hand and as laws."""

from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from results.ranking.rankings import Ranking, rankings
from results.ranking.standings import standings
from tests.boards import Run, names_of, net, race_of, ranking_of, rankings_of, said
from timing.race.events import HeadcountDeclared
from timing.race.instants import SECOND
from timing.race.rules import GroupRule, Mix, Rules

WHO = "director", "연습 판정"


def finish(bib: int, seconds: float, **about: str) -> Run:
    """Somebody who came in so long after the gun, having started at once."""
    return Run(bib, "0:00", said(round(seconds * SECOND)), **about)


def told(ranking: Ranking) -> list[tuple[int, str, int, list[int | None]]]:
    """Place, group, number of its team and the bibs that count."""
    return [(one.place, one.group, one.team, [row.entrant.bib for row in one.counters]) for one in ranking.scores]


def scores(ranking: Ranking) -> list[Fraction | None]:
    return [one.score for one in ranking.scores]


TOGETHER = GroupRule("동시 골인", "company", pick=3, combine="together", window_s=10)


def test_a_firm_whose_three_cross_within_the_window_ranks_at_the_third_of_them() -> None:
    field = [finish(1, 1000), finish(2, 1030), finish(3, 1035), finish(4, 1040), finish(5, 1041)]
    ranking = ranking_of(field, TOGETHER)
    assert told(ranking) == [(1, "c0001", 0, [2, 3, 4])]
    assert scores(ranking) == [1040 * SECOND]


def test_the_window_s_both_ends_belong_to_it_and_a_microsecond_more_does_not() -> None:
    assert told(ranking_of([finish(1, 1000), finish(2, 1005), finish(3, 1010)], TOGETHER))
    assert not told(ranking_of([finish(1, 1000), finish(2, 1005), finish(3, 1010.000001)], TOGETHER))


def test_arriving_together_is_about_the_finish_and_not_about_the_time() -> None:
    late_starter = Run(3, "5:00", "16:45")
    assert told(ranking_of([finish(1, 1000), finish(2, 1003), late_starter], TOGETHER)) == [(1, "c0001", 0, [1, 2, 3])]


def test_a_firm_of_many_brings_several_groups_and_nobody_is_in_two() -> None:
    field = [finish(bib, 1000 + bib) for bib in range(1, 7)]
    ranking = ranking_of(field, replace(TOGETHER, teams="many"))
    assert told(ranking) == [(1, "c0001", 0, [1, 2, 3]), (2, "c0001", 1, [4, 5, 6])]


def test_several_teams_of_one_firm_are_formed_best_first() -> None:
    field = [net(bib, 1000 + bib) for bib in range(1, 8)]
    rule = GroupRule("3인 단체", "company", pick=3, teams="many")
    assert told(ranking_of(field, rule)) == [(1, "c0001", 0, [1, 2, 3]), (2, "c0001", 1, [4, 5, 6])]


def test_a_mixed_team_has_its_best_of_each_sex() -> None:
    field = [
        *(net(bib, 1000 + bib, sex="M") for bib in (1, 2, 3)),
        *(net(bib, 1000 + bib) for bib in (11, 12)),
        *(net(bib, 900 + bib, sex="M", company="c0002") for bib in (21, 22, 23, 24)),
    ]
    rule = GroupRule("혼성", "company", mix=(Mix("2+2", ({"M": 2, "F": 2},)), Mix("남자 4", ({"M": 4},))))
    mixed, men = rankings_of(field, rule)
    assert (mixed.division, told(mixed)) == ("2+2", [(1, "c0001", 0, [1, 2, 11, 12])])
    assert (men.division, told(men)) == ("남자 4", [(1, "c0002", 0, [21, 22, 23, 24])])


def test_where_a_composition_may_be_met_in_two_ways_the_faster_counts() -> None:
    field = [net(1, 1000, sex="M"), net(2, 1010), net(3, 1020), net(4, 1030, sex="M")]
    rule = GroupRule("3인", "company", mix=(Mix("어느 쪽이든", ({"M": 2, "F": 1}, {"M": 1, "F": 2})),))
    assert told(rankings_of(field, rule)[0]) == [(1, "c0001", 0, [1, 2, 3])]


def test_whoever_counts_for_one_composition_counts_for_no_other() -> None:
    field = [net(bib, 1000 + bib) for bib in (1, 2, 3)]
    rule = GroupRule("여자", "company", mix=(Mix("두 사람", ({"F": 2},)), Mix("한 사람", ({"F": 1},))), teams="many")
    two, one = rankings_of(field, rule)
    assert (told(two), told(one)) == ([(1, "c0001", 0, [1, 2])], [(1, "c0001", 0, [3])])


def test_places_are_given_anew_among_complete_firms() -> None:
    """Cross-country: an incomplete firm's runners displace nobody, nor does a firm's third where two displace."""
    field = [
        net(1, 1000, company="c0003"),
        *(net(bib, 1000 + bib, company="c0001") for bib in (2, 3, 4)),
        *(net(bib, 1000 + bib, company="c0002") for bib in (5, 6)),
    ]
    rule = GroupRule("순위 합", "company", pick=2, by="place")
    assert scores(ranking_of(field, rule)) == [2 + 3, 5 + 6]
    assert scores(ranking_of(field, replace(rule, displace=2))) == [1 + 2, 3 + 4]


def with_heads(runs: list[Run], rule: GroupRule, **employees: int) -> list[Ranking]:
    race = race_of(runs)
    for company, people in employees.items():
        race.apply_fact(race.facts + 1, "", 0, HeadcountDeclared(company, people, *WHO))
    return rankings(standings(race, Rules(ranking=(rule,))), names_of(runs))


HOME = [net(1, 1000), net(2, 1100), Run(3, "0:10"), Run(4), net(5, 1000, company="c0002")]


@pytest.mark.parametrize(("who", "counted"), [("finished", [2, 1]), ("started", [3, 1]), ("registered", [4, 1])])
def test_who_is_counted_is_the_rule_s_to_say(
    who: Literal["finished", "started", "registered"], counted: list[int]
) -> None:
    assert scores(ranking_of(HOME, GroupRule("참가", "company", combine="count", who=who))) == counted


def test_a_share_is_of_the_employees_and_a_firm_that_declared_none_has_no_share() -> None:
    rule = GroupRule("참가율", "company", combine="share", who="registered")
    (ranking,) = with_heads(HOME, rule, c0001=8)
    assert [(one.group, one.score) for one in ranking.scores] == [("c0001", Fraction(1, 2))]
    (ranking,) = with_heads(HOME, replace(rule, incomplete="last"), c0001=8, c0002=1)
    assert [(one.group, one.score) for one in ranking.scores] == [("c0002", 1), ("c0001", Fraction(1, 2))]


def test_a_donation_is_won_for_each_kilometre_of_the_course_rounded_down_once() -> None:
    rule = GroupRule("기부", "company", combine="donation", won_per_km=333)
    assert scores(ranking_of(HOME, rule)) == [2 * 4_500 * 333 // 1_000, 4_500 * 333 // 1_000]


def test_firms_by_size_have_lists_of_their_own() -> None:
    rule = GroupRule("규모별", "company", division="size", combine="count", bands=(100, 1_000))
    small, large = with_heads([*HOME, net(6, 1000, company="c0003")], rule, c0001=1_000, c0002=99)
    assert (small.division, [one.group for one in small.scores]) == ("1-99", ["c0002"])
    assert (large.division, [one.group for one in large.scores]) == ("1000-", ["c0001"])


# The laws.

groups = st.sampled_from(["c0001", "c0002", "c0003"])
fields = st.lists(st.tuples(st.integers(900, 930), groups, st.sampled_from("FM")), min_size=1, max_size=10)
windows = st.integers(0, 20)


def field_of(drawn: list[tuple[int, str, str]]) -> list[Run]:
    return [finish(bib, seconds, company=company, sex=sex) for bib, (seconds, company, sex) in enumerate(drawn, 1)]


def by_group(ranking: Ranking) -> dict[tuple[str, int], Fraction | None]:
    return {(one.group, one.team): one.score for one in ranking.scores}


@given(fields, st.integers(1, 4), windows, windows)
def test_a_wider_window_never_makes_a_group_worse(
    drawn: list[tuple[int, str, str]], pick: int, seconds: int, more: int
) -> None:
    field, rule = field_of(drawn), GroupRule("동시", "company", pick=pick, combine="together", window_s=seconds)
    narrow = by_group(ranking_of(field, rule))
    wide = by_group(ranking_of(field, replace(rule, window_s=seconds + more)))
    for group, score in narrow.items():
        assert score is not None and (wide[group] or 0) <= score


@given(fields, st.integers(1, 4), windows)
def test_who_arrives_together_does_so(drawn: list[tuple[int, str, str]], pick: int, seconds: int) -> None:
    """Against the few lines that say what the rule means."""
    rule = GroupRule("동시", "company", pick=pick, combine="together", window_s=seconds)
    expected: dict[tuple[str, int], Fraction | None] = {}
    for company in {company for _, company, _ in drawn}:
        at = sorted(second for second, one, _ in drawn if one == company)
        runs = [last for first, last in zip(at, at[pick - 1 :], strict=False) if last - first <= seconds]
        if runs:
            expected[company, 0] = Fraction(runs[0] * SECOND)
    assert by_group(ranking_of(field_of(drawn), rule)) == expected


@given(fields, groups, st.integers(1, 4), st.sampled_from(["sum", "average", "nth"]), st.sampled_from(["net", "gun"]))
def test_one_more_and_slower_member_takes_nothing_from_a_firm(
    drawn: list[tuple[int, str, str]],
    company: str,
    pick: int,
    combine: Literal["sum", "average", "nth"],
    by: Literal["net", "gun"],
) -> None:
    rule = GroupRule("단체", "company", pick=pick, by=by, combine=combine)
    before = by_group(ranking_of(field_of(drawn), rule))
    after = by_group(ranking_of([*field_of(drawn), finish(99, 2000, company=company)], rule))
    assert before.items() <= after.items()


@given(fields, st.sampled_from([(), (Mix("혼성", ({"M": 1, "F": 1},)), Mix("한 사람", ({"M": 1}, {"F": 1})))]))
def test_nobody_counts_in_two_teams(drawn: list[tuple[int, str, str]], mix: tuple[Mix, ...]) -> None:
    rule = GroupRule("2인", "company", pick=2, teams="many", mix=mix)
    counted = [
        row.entrant.id
        for ranking in rankings_of(field_of(drawn), rule)
        for one in ranking.scores
        for row in one.counters
    ]
    assert len(counted) == len(set(counted))
    if mix:  # one of the compositions takes whoever is left
        assert len(counted) == len(drawn)


@given(fields, st.integers(0, 1_000), st.sampled_from([3_500, 4_500]))
def test_what_the_firms_give_is_what_their_people_ran(
    drawn: list[tuple[int, str, str]], won_per_km: int, course_m: int
) -> None:
    race = race_of(field_of(drawn))
    race.office.course_m = course_m
    rule = GroupRule("기부", "company", combine="donation", won_per_km=won_per_km)
    (ranking,) = rankings(standings(race, Rules(ranking=(rule,))), names_of([]))
    assert sum(one.members for one in ranking.scores) == len(drawn)
    for one in ranking.scores:
        assert one.score == one.members * course_m * won_per_km // 1_000
    exact = Fraction(len(drawn) * course_m * won_per_km, 1_000)
    rounded = sum(one.score or 0 for one in ranking.scores)
    assert 0 <= exact - rounded < len(ranking.scores)  # each firm's sum is rounded down once


@given(fields, st.integers(1, 3))
def test_displacing_members_of_incomplete_firms_only_lowers_a_score(
    drawn: list[tuple[int, str, str]], pick: int
) -> None:
    rule = GroupRule("순위 합", "company", pick=pick, by="place")
    field = field_of(drawn)
    plain, displaced = by_group(ranking_of(field, rule)), by_group(ranking_of(field, replace(rule, displace=7)))
    assert plain.keys() == displaced.keys()
    assert all((displaced[group] or 0) <= (score or 0) for group, score in plain.items())
