"""Prizes: who wins, who moves up when somebody is passed over, and that nobody is honoured twice against the rules."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from results.view.prize_list import Award, prize_change_row, prize_changes, prize_list, prize_rows
from tests.boards import Run, desk_facts, names_of, net, stations, view_of_runs
from tests.builders import entrant_id, log_of, opened
from timing.race.events import Event, ResultWithheld, StatusRuled
from timing.race.fold import fold
from timing.race.known_names import Names
from timing.race.rules import GroupRule, Prize, Rules

OVERALL = Prize("종합 우승", "overall", places=1)
TOP_THREE = Prize("종합상", "overall", places=3)


def awards(
    runs: Sequence[Run], *prizes: Prize, ranking: Sequence[GroupRule] = (), said: Sequence[Event] = ()
) -> list[Award]:
    return prize_list(*results_with(runs, *prizes, ranking=ranking, said=said))


def results_with(
    runs: Sequence[Run], *prizes: Prize, ranking: Sequence[GroupRule] = (), said: Sequence[Event] = ()
) -> tuple[Standings, list[Ranking]]:
    race = fold(log_of([opened(), *desk_facts(runs), *said], *stations(runs)).read())
    ranked = standings(race, Rules(ranking=tuple(ranking), prize=prizes))
    return ranked, rankings(ranked, names_of(runs))


def told(found: Sequence[Award]) -> list[tuple[int | None, int, object, str]]:
    """Place in the prize, place in the ranking, bib or firm, and why somebody was passed over."""
    return [
        (one.place, one.ranked, one.one.entrant.bib if isinstance(one.one, Row) else one.one.group, one.because)
        for one in found
    ]


def field(*seconds: float, sex: str = "F") -> list[Run]:
    return [net(bib, time, sex=sex) for bib, time in enumerate(seconds, 1)]


def test_the_first_three_win() -> None:
    assert told(awards(field(1000, 1010, 1020, 1030), TOP_THREE)) == [(1, 1, 1, ""), (2, 2, 2, ""), (3, 3, 3, "")]


def test_a_prize_s_list_is_found_however_its_name_is_spelled() -> None:
    runs = [net(1, 1000, sex="M", category="10K"), net(2, 1010, sex="F", category="10 km")]
    by_sex = GroupRule("1인", "company", pick=1, division="sex")
    assert told(awards(runs, Prize("여자상", "sex", "여자"))) == [(1, 1, 2, "")]
    assert told(awards(runs, Prize("부문상", "category", "10㎞"))) == [(1, 1, 2, ""), (1, 1, 1, "")]  # of each sex
    assert [one.division for one in awards(runs, Prize("남자 단체", "1인", "남"), ranking=[by_sex])] == ["M"]


def test_equal_places_win_both_and_the_next_prize_is_left_out() -> None:
    assert told(awards(field(1000, 1000, 1020, 1020), TOP_THREE)) == [
        (1, 1, 1, ""),
        (1, 1, 2, ""),
        (3, 3, 3, ""),
        (3, 3, 4, ""),
    ]


def test_whoever_wins_a_prize_that_takes_precedence_lets_the_next_move_up() -> None:
    second = Prize("여자상", "sex", "F", places=2, unless=("종합 우승",))
    assert told(awards(field(1000, 1010, 1020, 1030), OVERALL, second)) == [
        (1, 1, 1, ""),
        (None, 1, 1, "종합 우승"),
        (1, 2, 2, ""),
        (2, 3, 3, ""),
    ]


def test_without_such_a_rule_one_person_wins_both() -> None:
    assert told(awards(field(1000, 1010), OVERALL, Prize("여자상", "sex", places=1))) == [(1, 1, 1, ""), (1, 1, 1, "")]


def test_a_withheld_runner_keeps_the_place_and_wins_nothing() -> None:
    withheld = ResultWithheld(entrant_id(1), "desk", "공개 동의 철회")
    assert told(awards(field(1000, 1010), OVERALL, said=[withheld])) == [(None, 1, 1, "withheld"), (1, 2, 2, "")]


def test_a_disqualified_runner_wins_nothing_and_is_not_in_the_way() -> None:
    out = StatusRuled(entrant_id(1), "dsq", "desk", "대리 참가")
    assert told(awards(field(1000, 1010), OVERALL, said=[out])) == [(1, 1, 2, "")]


def test_there_may_be_fewer_winners_than_prizes_and_none_before_the_first_is_in() -> None:
    assert told(awards(field(1000), TOP_THREE)) == [(1, 1, 1, "")]
    assert told(awards([Run(1, "0:10")], TOP_THREE)) == []


def test_each_sex_and_each_category_has_its_own_list() -> None:
    runs = [
        net(1, 1000, sex="M", category="30대"),
        net(2, 1010, sex="F", category="30대"),
        net(3, 1020, sex="F", category="40대"),
    ]
    best = Prize("상", "category", places=1)
    assert [(one.division, told([one])[0][2]) for one in awards(runs, best)] == [
        ("F 30대", 2),
        ("F 40대", 3),
        ("M 30대", 1),
    ]
    thirties = Prize("상", "category", "30대", places=1)
    assert [one.division for one in awards(runs, thirties)] == ["F 30대", "M 30대"]
    assert [one.division for one in awards(runs, Prize("상", "category", "F 30대"))] == ["F 30대"]
    assert [one.division for one in awards(runs, Prize("상", "sex", places=1))] == ["F", "M"]


def test_firms_win_by_their_rankings_and_are_passed_over_like_people() -> None:
    fastest = GroupRule("빠른 1인", "company", pick=1)
    most = GroupRule("참가상", "company", combine="count")
    runs = [net(1, 1000), net(2, 1100), net(3, 1050, company="c0002")]
    found = awards(
        runs, Prize("속도상", "빠른 1인", places=1), Prize("참가상", "참가상", places=1, unless=("속도상",)),
        ranking=(fastest, most),
    )  # fmt: skip
    assert told(found) == [(1, 1, "c0001", ""), (None, 1, "c0001", "속도상"), (1, 2, "c0002", "")]


def test_an_incomplete_group_at_the_end_of_a_list_wins_nothing() -> None:
    three = GroupRule("3인", "company", incomplete="last")
    runs = [*field(1000, 1010, 1020), net(9, 900, company="c0002")]
    assert told(awards(runs, Prize("상", "3인"), ranking=(three,))) == [(1, 1, "c0001", "")]


times = st.lists(st.tuples(st.integers(900, 910), st.sampled_from("FM")), max_size=9)


@given(times, st.integers(1, 3), st.integers(1, 3))
def test_nobody_wins_two_prizes_that_exclude_each_other(drawn: list[tuple[int, str]], first: int, second: int) -> None:
    runs = [net(bib, time, sex=sex) for bib, (time, sex) in enumerate(drawn, 1)]
    prizes = Prize("종합상", "overall", places=first), Prize("성별상", "sex", places=second, unless=("종합상",))
    found = awards(runs, *prizes)
    winners = [told([one])[0][2] for one in found if one.place is not None]
    assert len(winners) == len(set(winners))
    for one in found:
        assert (one.place is None) == bool(one.because)
        assert one.place is None or one.place <= one.ranked


def test_the_table_says_who_moved_up_and_who_was_passed_over() -> None:
    three = GroupRule("3인 단체", "company", pick=2)
    prizes = OVERALL, Prize("여자상", "sex", places=1, unless=("종합 우승",)), Prize("단체상", "3인 단체", places=1)
    runs = [net(1, 1000, name="김하늘"), net(2, 1010, name="이보람")]
    rows = prize_rows(view_of_runs(runs, Rules(ranking=(three,), prize=prizes)))
    assert rows == [
        ("종합 우승", "", "1", "1 김하늘", "가산정밀", "16:40", ""),
        ("여자상", "여자", "–", "1 김하늘", "가산정밀", "16:40", "건너뜀 / passed over: 종합 우승"),
        ("여자상", "여자", "1", "2 이보람", "가산정밀", "16:50", "순위표에서는 / in the ranking 2"),
        ("단체상", "", "1", "가산정밀", "", "33:30.0", ""),
    ]


def test_a_correction_tells_which_prizes_go_to_somebody_else() -> None:
    runs = field(1000, 1010, 1020, 1030)
    second = Prize("여자상", "sex", "F", places=1, unless=("종합 우승",))
    gone = StatusRuled(entrant_id(1), "dsq", "director", "코스를 벗어남")
    before, after = (results_with(runs, OVERALL, second, said=said) for said in ([], [gone]))
    assert prize_changes(before, before) == []
    named = Names({entrant_id(bib): name for bib, name in enumerate(("김하늘", "이보기", "박새롬"), 1)})
    assert [prize_change_row(change, named) for change in prize_changes(before, after)] == [
        ("종합 우승", "", "1", "1 김하늘 → 2 이보기"),
        ("여자상", "여자", "1", "2 이보기 → 3 박새롬"),
    ]
