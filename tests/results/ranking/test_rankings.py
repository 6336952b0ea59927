"""Group rankings, worked by hand: which members count, what is summed, who is in front.

가산정밀 (c0001)      20:00 21:00 22:00 30:00
구로소프트 (c0002)    19:00 23:00 23:30
디지털단지상사 (c0003) 18:00 18:30
"""

from fractions import Fraction
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from results.files.exports import results_rows
from results.ranking.rankings import Ranking, rankings, score_text
from results.ranking.standings import standings
from tests.boards import Run, names_of, net, race_of, ranking_of, rankings_of, standings_of
from tests.builders import FIRMS, after_gun
from timing.race.events import CourseClosed, Event, HeadcountDeclared
from timing.race.instants import SECOND
from timing.race.rules import GroupRule, Mix, Rules, TieStep

MINUTE = 60
FIELD = [
    *(net(bib, minutes * MINUTE, company="c0001") for bib, minutes in ((101, 20), (102, 21), (103, 22), (104, 30))),
    *(net(bib, minutes * MINUTE, company="c0002") for bib, minutes in ((201, 19), (202, 23), (203, 23.5))),
    *(net(bib, minutes * MINUTE, company="c0003") for bib, minutes in ((301, 18), (302, 18.5))),
]


def told(ranking: Ranking) -> list[tuple[int, str, float | None, list[int | None]]]:
    """Place, firm, score (times in minutes) and the bibs that count."""
    unit = 1 if ranking.rule.combine == "count" or ranking.rule.by == "place" else MINUTE * SECOND
    return [
        (
            score.place,
            FIRMS.get(score.group, score.group),
            None if score.score is None else float(score.score / unit),
            [row.entrant.bib for row in score.counters],
        )
        for score in ranking.scores
    ]


def test_the_sum_of_the_best_three() -> None:
    assert told(ranking_of(FIELD, GroupRule("3인 단체", "company", pick=3))) == [
        (1, "가산정밀", 63, [101, 102, 103]),
        (2, "구로소프트", 65.5, [201, 202, 203]),
    ]


def test_a_firm_with_too_few_comes_last_where_the_rule_says_so() -> None:
    ranking = ranking_of(FIELD, GroupRule("3인 단체", "company", pick=3, incomplete="last"))
    assert told(ranking)[2:] == [(3, "디지털단지상사", None, [301, 302])]


def test_of_two_firms_with_too_few_the_one_with_more_is_in_front() -> None:
    field = [*FIELD, net(1, 1000, company="c0009"), net(2, 1200, company="c0008"), net(3, 1300, company="c0008")]
    ranking = ranking_of(field, GroupRule("3인 단체", "company", incomplete="last"))
    assert [(score.place, score.group) for score in ranking.scores[2:]] == [(3, "c0003"), (3, "c0008"), (5, "c0009")]


def test_the_average() -> None:
    assert told(ranking_of(FIELD, GroupRule("평균", "company", pick=2, combine="average"))) == [
        (1, "디지털단지상사", 18.25, [301, 302]),
        (2, "가산정밀", 20.5, [101, 102]),
        (3, "구로소프트", 21, [201, 202]),
    ]


def test_the_third_member_s_time() -> None:
    assert told(ranking_of(FIELD, GroupRule("세 번째", "company", pick=3, combine="nth"))) == [
        (1, "가산정밀", 22, [101, 102, 103]),
        (2, "구로소프트", 23.5, [201, 202, 203]),
    ]


def test_the_most_finishers() -> None:
    field = [*FIELD, Run(105, "0:10", company="c0003"), Run(106, company="c0003")]  # on the course, and at home
    assert told(ranking_of(field, GroupRule("참가상", "company", combine="count"))) == [
        (1, "가산정밀", 4, [101, 102, 103, 104]),
        (2, "구로소프트", 3, [201, 202, 203]),
        (3, "디지털단지상사", 2, [301, 302]),
    ]


def test_the_sum_of_places() -> None:  # 301 302 201 101 102 103 202 203 104
    assert told(ranking_of(FIELD, GroupRule("순위 합", "company", pick=3, by="place"))) == [
        (1, "가산정밀", 4 + 5 + 6, [101, 102, 103]),
        (2, "구로소프트", 3 + 7 + 8, [201, 202, 203]),
    ]


def test_places_count_over_all_finishers_those_without_a_group_too() -> None:
    alone = Run(1, "0:10", "17:00", company="")
    assert told(ranking_of([alone, *FIELD], GroupRule("순위 합", "company", pick=3, by="place")))[0] == (
        1,
        "가산정밀",
        5 + 6 + 7,
        [101, 102, 103],
    )


def test_equal_times_bring_equal_places() -> None:
    field = [net(1, 1000), net(2, 1010, company="c0002"), net(3, 1010), net(4, 1020, company="c0002")]
    assert told(ranking_of(field, GroupRule("순위 합", "company", pick=2, by="place"))) == [
        (1, "가산정밀", 1 + 2, [1, 3]),
        (2, "구로소프트", 2 + 4, [2, 4]),
    ]


@pytest.mark.parametrize(("tie", "given_places"), [("shared", [1, 1]), ("best_first", [1, 2])])
def test_two_firms_with_one_sum(tie: Literal["shared", "best_first"], given_places: list[int]) -> None:
    field = [
        net(1, 1100, company="c0001"),
        net(2, 1200, company="c0001"),
        net(3, 1000, company="c0002"),
        net(4, 1300, company="c0002"),
    ]
    ranking = ranking_of(field, GroupRule("2인 단체", "company", pick=2, tie=tie))
    assert [score.place for score in ranking.scores] == given_places
    assert [score.score for score in ranking.scores] == [2300 * SECOND] * 2
    if tie == "best_first":
        assert ranking.scores[0].group == "c0002"


# Three of c0001 in places 1, 6, 8 and three of c0002 in 3, 5, 7 (c0003 in between): both sum to 15, duels go to c0002.
CROSS_COUNTRY = [net(place, 1000 + place, company=f"c000{of}") for place, of in enumerate("13232121", 1)]


@pytest.mark.parametrize(
    ("tie", "first"),
    [
        (("head_to_head",), "c0002"),
        (("head_to_head", "best_first"), "c0002"),
        (("best_first", "head_to_head"), "c0001"),
        (("more_finishers", "head_to_head", "each_in_turn"), "c0002"),
        (("each_in_turn", "head_to_head"), "c0001"),
    ],
)
def test_the_steps_of_a_tie_are_asked_in_the_order_written(tie: tuple[TieStep, ...], first: str) -> None:
    ranking = ranking_of(CROSS_COUNTRY, GroupRule("3인", "company", by="place", tie=tie))
    assert ranking.scores[0].group == first
    assert [score.place for score in ranking.scores] == [1, 2]


def test_after_level_duels_the_next_step_is_asked() -> None:
    field = [
        net(bib, seconds, company=f"c000{of}") for bib, seconds, of in [(1, 10, 1), (2, 20, 2), (3, 30, 2), (4, 40, 1)]
    ]
    rule = GroupRule("2인", "company", pick=2, by="place", tie=("head_to_head", "best_first"))
    assert [(score.place, score.group) for score in ranking_of(field, rule).scores] == [(1, "c0001"), (2, "c0002")]


@pytest.mark.parametrize(("by", "places"), [("place", [1, 2]), ("net", [1, 1]), ("gun", [1, 1])])
def test_duels_compare_what_the_ranking_counts(by: Literal["net", "gun", "place"], places: list[int]) -> None:
    """All in one second, as a hand times them, in the order of recording: 1 5 6 against 2 3 7."""
    field = [net(bib, 1000, company=f"c000{of}") for bib, of in enumerate("1223112", 1)]
    rule = GroupRule("3인", "company", by=by, tie=("head_to_head", "shared"))
    ranking = ranking_of(field, rule, Rules(ties="arrival"))
    assert [score.place for score in ranking.scores] == places


def test_duels_by_gun_are_not_those_by_net() -> None:
    late, early = [Run(1, "10:00", "30:00"), Run(2, "0:00", "30:00")], [Run(3, "5:00", "29:00", company="c0002")]
    field = [
        *late,
        *early,
        Run(4, "1:00", "31:00", company="c0002"),
    ]  # by gun 30 30 against 29 31, by net 20 30 against 24 30
    rule = GroupRule("2인", "company", pick=2, by="gun", tie=("head_to_head", "best_first"))
    assert [score.group for score in ranking_of(field, rule).scores] == ["c0002", "c0001"]


@pytest.mark.parametrize("combine", ["count", "share", "together"])
def test_the_better_first_counter_parts_also_those_who_are_counted(
    combine: Literal["count", "share", "together"],
) -> None:
    field = [net(1, 1000, company="c0002"), net(2, 1100), net(3, 1200), net(4, 1200, company="c0002")]
    rule = GroupRule("단체", "company", pick=2, combine=combine, tie="best_first", window_s=900)
    told_sizes = [HeadcountDeclared(company, 10, "desk", "회사 신고") for company in ("c0001", "c0002")]
    (ranking,) = rankings(standings(race_of(field, *told_sizes), Rules(ranking=(rule,))), names_of(field))
    assert [(score.place, score.group) for score in ranking.scores] == [(1, "c0002"), (2, "c0001")]


def test_a_group_without_a_first_counter_stands_behind_those_that_have_one() -> None:
    field = [Run(1, "0:10", None), net(2, 1100, company="c0002")]
    rule = GroupRule("출발", "company", combine="count", who="started", tie="best_first")
    assert [score.group for score in ranking_of(field, rule).scores] == ["c0002", "c0001"]


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("combine", ["count", "share"])
def test_who_started_is_who_finished_or_is_dnf_in_the_results(combine: Literal["count", "share"], closed: bool) -> None:
    """Somebody who finished, who left half a second before the gun, after the window, in time, and who never came."""
    starts = ["0:10", "-0:00.5", "16:00", "0:20", None]
    field = [Run(bib, at, "17:00" if bib == 1 else None) for bib, at in enumerate(starts, 1)]
    facts: list[Event] = [HeadcountDeclared("c0001", 10, "desk", "회사 신고")]
    facts += [CourseClosed(after_gun("60:00"), "desk", "시간 종료")] if closed else []
    rule = GroupRule("출발", "company", combine=combine, who="started")
    ranked = standings(race_of(field, *facts), Rules(start_window_s=900, ranking=(rule,)))
    listed = {
        row["bib"] for row in results_rows(ranked, names_of(field)) if row["status"] in ("finished", "started", "dnf")
    }
    ((score,),) = (ranking.scores for ranking in rankings(ranked, names_of(field)))
    assert ({str(row.entrant.bib) for row in score.counters}, score.members) == (listed, 4)


def test_words_of_a_rule_fit_however_they_are_spelled() -> None:
    field = [net(1, 1000, sex="M", category="10 K"), net(2, 1100, company="c0002", category="10km")]
    rule = GroupRule("남", "company", pick=1, only_sex=("남자",), only_category=("10㎞",), only_wave=("１",))
    assert [score.group for score in ranking_of(field, rule).scores] == ["c0001"]
    assert not ranking_of(field, replace(rule, ignore=(f"㈜ {FIRMS['c0001']}",))).scores
    mixed = replace(rule, mix=(Mix("혼성", ({"여": 1},)),), only_sex=())
    assert [score.group for score in ranking_of(field, mixed).scores] == ["c0002"]


def test_firms_that_share_leave_out_the_next_place() -> None:
    field = [net(1, 1000, company="c0001"), net(2, 1000, company="c0002"), net(3, 1100, company="c0003")]
    assert [score.place for score in ranking_of(field, GroupRule("1인", "company", pick=1)).scores] == [1, 1, 3]


def test_the_gun_s_list_may_end_otherwise_than_the_net_s() -> None:
    field = [Run(1, "2:00", "18:00", company="c0001"), Run(2, "0:05", "17:00", company="c0002")]
    net_first = ranking_of(field, GroupRule("넷", "company", pick=1))
    gun_first = ranking_of(field, GroupRule("건", "company", pick=1, by="gun"))
    assert [score.group for score in net_first.scores] == ["c0001", "c0002"]
    assert [score.group for score in gun_first.scores] == ["c0002", "c0001"]


def test_the_best_by_the_group_s_own_measure_count_whatever_ranks_the_individuals() -> None:
    field = [Run(1, "2:00", "18:00"), Run(2, "0:05", "17:00")]
    ranking = ranking_of(field, GroupRule("넷 1인", "company", pick=1), Rules(basis="gun"))
    assert [row.entrant.bib for row in ranking.scores[0].counters] == [1]


def test_one_list_per_sex_with_places_inside_it() -> None:
    field = [
        net(1, 1000, sex="M", company="c0001"),
        net(2, 1010, sex="F", company="c0001"),
        net(3, 1020, sex="M", company="c0002"),
        net(4, 1030, sex="F", company="c0002"),
        net(5, 1040, sex="", company="c0002"),
    ]
    rule = GroupRule("성별 1인", "company", division="sex", pick=1, by="place")
    men, women = rankings_of(field, rule)
    assert (women.division, told(women)) == ("F", [(1, "가산정밀", 1, [2]), (2, "구로소프트", 2, [4])])
    assert (men.division, told(men)) == ("M", [(1, "가산정밀", 1, [1]), (2, "구로소프트", 2, [3])])


def test_a_list_for_a_sex_of_which_nobody_has_finished_is_not_made() -> None:
    field = [net(1, 1000, sex="M"), Run(2, "0:10", sex="F")]
    assert [ranking.division for ranking in rankings_of(field, GroupRule("성별", "company", division="sex"))] == ["M"]


def test_an_ignored_group_is_no_group() -> None:
    rule = GroupRule("1인", "company", pick=1, ignore=("구로소프트",))
    assert [score.group for score in ranking_of(FIELD, rule).scores] == ["c0003", "c0001"]


def test_teams_rank_apart_from_firms_and_whoever_has_no_team_counts_for_none() -> None:
    field = [
        net(1, 1000, company="c0001"),
        net(2, 1100, company="c0001", team="t0003"),
        net(3, 1200, company="c0002", team="t0003"),
        net(4, 1250, company="c0001", team="t0001"),
        net(5, 1260, company="c0001", team="t0001"),
    ]
    ranking = ranking_of(field, GroupRule("팀 2인", "team", pick=2))
    assert [(score.place, score.group) for score in ranking.scores] == [(1, "t0003"), (2, "t0001")]


def test_whoever_is_unranked_has_finished_but_brings_no_time() -> None:
    field = [Run(1, None, "17:00"), net(2, 1100), net(3, 1200, company="c0002")]
    both = GroupRule("참가상", "company", combine="count"), GroupRule("1인", "company", pick=1)
    turnout, fastest = rankings(standings_of(field, Rules(missing_start="unranked", ranking=both)), names_of(field))
    assert [(score.group, score.members) for score in turnout.scores] == [("c0001", 2), ("c0002", 1)]
    assert [[row.entrant.bib for row in score.counters] for score in fastest.scores] == [[2], [3]]


def test_nobody_has_finished_yet() -> None:
    assert ranking_of([Run(1), Run(2, "0:10")], GroupRule("3인", "company", incomplete="last")).scores == ()


@pytest.mark.parametrize(
    ("rule", "score", "text"),
    [
        (GroupRule("합", "company"), Fraction(3_780_000_000), "3780000"),
        (GroupRule("합", "company"), Fraction(3_780_000_500), "3780000.5"),
        (GroupRule("평균", "company", combine="average"), Fraction(1_000_000, 3), "333.333"),
        (GroupRule("순위 합", "company", by="place"), Fraction(15), "15"),
        (GroupRule("순위 평균", "company", by="place", combine="average"), Fraction(10, 3), "3.333"),
        (GroupRule("참가상", "company", combine="count"), Fraction(12), "12"),
    ],
)
def test_scores_in_files(rule: GroupRule, score: Fraction, text: str) -> None:
    assert score_text(rule, score) == text


groups = st.sampled_from(["c0001", "c0002", "c0003"])
fields = st.lists(st.tuples(st.integers(900, 930), groups, st.sampled_from("FM")), min_size=1, max_size=10)
measures = st.sampled_from(["net", "gun", "place"])


def field_of(drawn: list[tuple[int, str, str]]) -> list[Run]:
    return [net(bib, seconds, company=company, sex=sex) for bib, (seconds, company, sex) in enumerate(drawn, 1)]


@given(fields, groups, measures, st.integers(1, 4), st.sampled_from(["sum", "nth", "count"]))
def test_one_more_and_slower_member_never_does_a_firm_harm(
    drawn: list[tuple[int, str, str]],
    company: str,
    by: Literal["net", "gun", "place"],
    pick: int,
    combine: Literal["sum", "nth", "count"],
) -> None:
    rule = GroupRule("단체", "company", pick=pick, by=by, combine=combine, incomplete="last")
    field = field_of(drawn)
    slowest = net(99, 2000, company=company)
    before = {score.group: score for score in ranking_of(field, rule).scores}
    after = {score.group: score for score in ranking_of([*field, slowest], rule).scores}
    for group, was in before.items():
        assert group == company or after[group].score == was.score
    if company in before:
        was = before[company]
        assert after[company].place <= was.place
        if was.score is not None and combine != "count":
            assert after[company].score == was.score


@given(fields, measures, st.integers(1, 3), st.sampled_from(["shared", "best_first"]))
def test_the_order_of_entry_does_not_matter(
    drawn: list[tuple[int, str, str]],
    by: Literal["net", "gun", "place"],
    pick: int,
    tie: Literal["shared", "best_first"],
) -> None:
    rule = GroupRule("단체", "company", division="sex", pick=pick, by=by, tie=tie)
    field = field_of(drawn)
    lists = [(ranking.division, told(ranking)) for ranking in rankings_of(field, rule)]
    assert [(ranking.division, told(ranking)) for ranking in rankings_of(field[::-1], rule)] == lists


@given(fields, st.integers(1, 3))
def test_a_sum_is_the_sum_of_those_who_are_named(drawn: list[tuple[int, str, str]], pick: int) -> None:
    ranking = ranking_of(field_of(drawn), GroupRule("단체", "company", pick=pick))
    for score in ranking.scores:
        assert len(score.counters) == pick
        assert score.score == sum(row.net_time or 0 for row in score.counters)
        others = [row for row in score.counters if row.entrant.company != score.group]
        assert others == []
    assert [score.score for score in ranking.scores] == sorted(score.score or 0 for score in ranking.scores)
