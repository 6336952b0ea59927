"""`marathon score`: a race that was timed elsewhere, from its files to ours, by the very judgement of the live race."""

from pathlib import Path
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.faults.soak import scaled
from tests.scoring import ENTRY, READ, RULING, files, outcome, scored, table
from tests.terminal import marathon

Captured = pytest.CaptureFixture[str]
FIELD = [
    "1,M,30대,가산정밀,,",
    "2,F,30대,구로소프트,,",
    "3,M,40대,구로소프트,,",
    "4,F,30대,가산정밀,,",
]
RUN = [
    "start,1,10000",
    "start,2,40000",
    "start,3,20000",
    "finish,1,1000000",
    "finish,2,1020000",
    "finish,3,1010000.5",
    "start,4,30000",
]


def test_a_small_race_to_the_letter(tmp_path: Path) -> None:
    rules = '[[ranking]]\nname = "2인 단체"\ngroup = "company"\npick = 2\nincomplete = "last"\n'
    scored(tmp_path, FIELD, RUN, rules=rules)
    assert (tmp_path / "out" / "results.csv").read_bytes().decode("utf-8") == (
        "\ufeffplace,bib,status,gun_ms,net_ms,sex,sex_place,category,category_place,company,team,start_source\r\n"
        "1,2,finished,1020000,980000,F,1,30대,1,구로소프트,,scan\r\n"
        "2,1,finished,1000000,990000,M,1,30대,1,가산정밀,,scan\r\n"
        "3,3,finished,1010000.5,990000.5,M,2,40대,1,구로소프트,,scan\r\n"
        ",4,dnf,,,F,,30대,,가산정밀,,\r\n"
    )
    assert (tmp_path / "out" / "rankings.csv").read_bytes().decode("utf-8") == (
        "\ufeffranking,division,place,group,score,counters\r\n"
        "2인 단체,all,1,구로소프트,1970000.5,2 3\r\n"
        "2인 단체,all,2,가산정밀,,1\r\n"
    )


# --- individuals: basis, ties, windows, missing starts -------------------------------------------------------------------


def test_gun_time_decides_where_the_rules_say_so(tmp_path: Path) -> None:
    assert scored(tmp_path, FIELD, RUN, rules='basis = "gun"').order() == ["1 1", "2 3", "3 2", " 4"]


def test_equal_times_share_a_place_and_the_next_is_skipped(tmp_path: Path) -> None:
    reads = ["finish,1,900000", "finish,2,950000", "finish,3,950000", "finish,4,960000"]
    assert scored(tmp_path, FIELD, reads).order() == ["1 1", "2 2", "2 3", "4 4"]


def test_or_the_order_of_recording_stands(tmp_path: Path) -> None:
    reads = ["finish,1,900000", "finish,3,950000", "finish,2,950000", "finish,4,950000"]
    found = scored(tmp_path, FIELD, reads, rules='ties = "arrival"')
    assert found.order() == ["1 1", "2 3", "3 2", "4 4"]
    assert (found.of(2)["sex_place"], found.of(4)["sex_place"]) == ("1", "2")


def test_a_dead_heat_shares_a_place_and_only_among_equal_times(tmp_path: Path) -> None:
    reads = ["finish,1,900000", "finish,3,950000", "finish,2,950000", "finish,4,960000"]
    heat = ["dead_heat,2 3 4,,결승 사진"]
    found = scored(tmp_path, FIELD, reads, heat, 'ties = "arrival"')
    assert found.order() == ["1 1", "2 3", "2 2", "4 4"]


def test_a_dead_heat_leaves_out_whom_the_judges_did_not_name(tmp_path: Path) -> None:
    reads = ["finish,1,950000", "finish,2,950000", "finish,3,950000"]
    found = scored(tmp_path, FIELD, reads, ["dead_heat,1 3,,"], 'ties = "arrival"')
    assert [found.of(bib)["place"] for bib in (1, 2, 3)] == ["1", "3", "1"]


HELD = {
    "the gun": (["gun_offset,,5000,"], ["1 1", "2 2", "2 3", "4 4"]),
    "a later start": (["start_offset,2,100000,"], ["1 2", "1 3", "3 1", "4 4"]),
    "an earlier start": (["start_offset,3,-20000,"], ["1 1", "2 2", "2 3", "4 4"]),
    "another finish": (["finish_at,2,980000,"], ["1 1", "2 3", "2 2", "4 4"]),
    "a better finish": (["finish_at,3,850000,"], ["1 3", "1 2", "3 1", "4 4"]),
    "no finish": (["dnf,3,,"], ["1 1", "2 2", "3 4", " 3"]),
    "one who joins": (["dead_heat,3 4,,", "finish_at,4,950000,"], ["1 1", "2 2", "2 3", "2 4"]),
}


@pytest.mark.parametrize("ties", ["share", "arrival"])
@pytest.mark.parametrize("later", HELD)
def test_a_dead_heat_holds_whatever_moves_its_members_later(tmp_path: Path, later: str, ties: str) -> None:
    reads = ["finish,1,900000", "finish,2,950000", "finish,3,950000", "finish,4,960000"]
    rulings, order = HELD[later]
    found = scored(tmp_path, FIELD, reads, ["dead_heat,2 3,,", *rulings], f'ties = "{ties}"')
    assert sorted(found.order()) == sorted(order)


def test_dead_heats_that_share_a_bib_are_one(tmp_path: Path) -> None:
    reads = [f"finish,{bib},950000" for bib in (1, 2, 3, 4)]
    found = scored(tmp_path, FIELD, reads, ["dead_heat,1 3,,", "dead_heat,3 4,,"], 'ties = "arrival"')
    assert found.order() == ["1 1", "1 3", "1 4", "4 2"]


def test_a_finish_set_by_hand_stands_behind_the_reads_with_its_time(tmp_path: Path) -> None:
    reads = ["finish,1,1000000", "finish,2,1000000", "finish,3,1000000"]
    by_hand = ["finish_at,4 1,1000000,수기"]
    assert scored(tmp_path, FIELD, reads, by_hand, 'ties = "arrival"').order() == ["1 2", "2 3", "3 4", "4 1"]


def test_the_last_start_and_the_first_finish_count_in_whatever_order_they_are_told(tmp_path: Path) -> None:
    reads = ["finish,1,990000", "finish,1,980000", "start,1,5000", "start,1,9000", "start,1,2000", "start,1,985000"]
    found = scored(tmp_path, FIELD, reads).of(1)
    assert (found["gun_ms"], found["net_ms"]) == ("980000", "971000")


def test_start_reads_count_to_the_end_of_the_window_and_no_longer(tmp_path: Path) -> None:
    reads = ["start,1,900000", "start,2,900000.001", "finish,1,2000000", "finish,2,2000000"]
    found = scored(tmp_path, FIELD, reads, rules="start_window_s = 900")
    assert (found.of(1)["net_ms"], found.of(1)["start_source"]) == ("1100000", "scan")
    assert (found.of(2)["net_ms"], found.of(2)["start_source"]) == ("2000000", "gun")


def test_finishers_whose_start_was_seen_and_does_not_count_are_told(tmp_path: Path, capsys: Captured) -> None:
    reads = ["start,1,1000", "start,2,950000", "start,3,-500", "start,4,-500"]
    reads += [f"finish,{bib},200000{bib}" for bib in (1, 2, 3)]
    scored(tmp_path, FIELD, reads, rules="start_window_s = 900")
    told = capsys.readouterr().err
    assert "2 finishers were seen at the start, but before the gun or after the window: 2, 3" in told


def test_no_finish_and_rulings_that_contradict_each_other_are_told(tmp_path: Path, capsys: Captured) -> None:
    scored(
        tmp_path, FIELD, ["start,1,1000"], ["withdrawn,1,,", "dnf,2 1,,", "start_offset,3,5,", "finish_at,3,700000,"]
    )
    told = capsys.readouterr().err
    assert "there is no finish read at all" in told
    assert "of several rulings the last one holds: 1 status (2, 3)" in told


def test_finish_reads_count_from_the_least_plausible_time_on(tmp_path: Path) -> None:
    reads = ["finish,1,599999.999", "finish,1,700000", "finish,2,600000", "finish,3,599000"]
    found = scored(tmp_path, FIELD, reads, rules="min_finish_s = 600")
    assert [found.of(bib)["gun_ms"] for bib in (1, 2, 3)] == ["700000", "600000", ""]
    assert found.of(3)["status"] == "dns"


def test_nobody_starts_before_the_gun(tmp_path: Path) -> None:
    found = scored(tmp_path, FIELD, ["start,1,-200.5", "finish,1,900000"]).of(1)
    assert (found["net_ms"], found["start_source"]) == ("900000", "gun")


def test_whoever_was_read_at_the_start_and_never_finished_did_start(tmp_path: Path) -> None:
    reads = ["start,1,10000", "start,2,-3000", "start,3,1000000"]
    found = scored(tmp_path, FIELD, reads, rules="start_window_s = 900")
    assert [found.of(bib)["status"] for bib in (1, 2, 3, 4)] == ["dnf", "dnf", "dnf", "dns"]


def test_a_finisher_without_a_start_read_may_be_left_without_a_place(tmp_path: Path) -> None:
    reads = ["start,1,0", "finish,1,900000", "finish,2,800000"]
    found = scored(tmp_path, FIELD, reads, rules='missing_start = "unranked"')
    assert found.order()[0] == "1 1"
    without = found.of(2)
    assert [without[key] for key in ("place", "status", "gun_ms", "net_ms", "start_source")] == [
        "",
        "finished",
        "800000",
        "",
        "",
    ]


def test_categories_are_within_the_sex_or_for_all(tmp_path: Path) -> None:
    assert scored(tmp_path, FIELD, RUN).of(1)["category_place"] == "1"
    assert scored(tmp_path, FIELD, RUN, rules='category_within = "all"').of(1)["category_place"] == "2"


# --- what officials decide -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", ["dnf", "dns", "dsq", "withdrawn"])
def test_a_ruled_status_takes_place_and_times_and_others_move_up(tmp_path: Path, status: str) -> None:
    found = scored(tmp_path, FIELD, RUN, [f"{status},2 4,,심판"])
    assert found.order() == ["1 1", "2 3", " 2", " 4"]
    assert [found.of(2)[key] for key in ("status", "gun_ms", "net_ms")] == [status, "", ""]


def test_an_own_start_counts_from_the_gun(tmp_path: Path) -> None:
    reads = ["start,1,500", "finish,1,1500000", "finish,2,1000000", "finish,3,1000000"]
    found = scored(tmp_path, FIELD, reads, ["start_offset,1,600000,늦은 출발", "start_offset,2,-60000.5,먼저 출발"])
    assert [found.of(1)[key] for key in ("gun_ms", "net_ms", "start_source")] == ["1500000", "900000", "ruling"]
    assert found.of(2)["net_ms"] == "1060000.5"


def test_a_late_gun_moves_gun_times_windows_and_own_starts(tmp_path: Path) -> None:
    reads = ["start,1,30000", "start,3,961000", "finish,1,1000000", "finish,2,1000000", "finish,3,1600000"]
    reads += ["finish,4,650000"]
    rulings = ["gun_offset,,60000,늦은 총성", "start_offset,2,10000,"]
    found = scored(tmp_path, FIELD, reads, rulings, "start_window_s = 900\nmin_finish_s = 600")
    assert [found.of(1)[key] for key in ("gun_ms", "net_ms", "start_source")] == ["940000", "940000", "gun"]
    assert found.of(2)["net_ms"] == "930000"
    assert found.of(3)["start_source"] == "gun"
    assert found.of(4)["status"] == "dns"


def test_a_finish_by_hand_is_on_the_clock_of_the_reads(tmp_path: Path) -> None:
    rulings = ["finish_at,1,1200000.25,수기", "gun_offset,,60000,"]
    found = scored(tmp_path, FIELD, ["finish,1,1000000"], rulings).of(1)
    assert (found["gun_ms"], found["status"]) == ("1140000.25", "finished")


def test_a_withheld_result_keeps_its_place_and_says_nothing_of_whose_it_is(tmp_path: Path) -> None:
    rules = '[[ranking]]\nname = "2인"\ngroup = "company"\npick = 2\n'
    field = [entry.replace(",,", ",달리기 모임,", 1) for entry in FIELD]
    found = scored(tmp_path, field, RUN, ["withhold,2,,동의 철회"], rules)
    assert found.order() == ["1 ", "2 1", "3 3", " 4"]
    assert "".join(value for value in found.results[0].values()) == "1withheld"
    assert found.of(3)["team"] == "달리기 모임"
    assert [(row["group"], row["counters"]) for row in found.rankings] == [("구로소프트", "* 3")]


# --- groups --------------------------------------------------------------------------------------------------------------

TEAMS = [
    "1,M,,가산정밀,하나,10",
    "2,F,,가산정밀,하나,",
    "3,M,,가산정밀,둘,",
    "4,F,,구로소프트,둘,3",
    "5,M,,구로소프트,하나,3",
    "6,M,,혼자,,",
    "7,F,,,둘,",
]
FINISHES = [
    "finish,1,1000000",
    "finish,6,1001000",
    "finish,4,1002000",
    "finish,5,1003000",
    "finish,2,1010000",
    "finish,7,1011000",
    "finish,3,1012000.5",
]


def groups(tmp_path: Path, more: str, pick: int = 2) -> list[str]:
    rules = f'[[ranking]]\nname = "단체"\ngroup = "company"\npick = {pick}\n{more}\n'
    return scored(tmp_path, TEAMS, FINISHES, rules=rules).groups()


def test_the_sum_of_the_best_so_many(tmp_path: Path) -> None:
    assert groups(tmp_path, 'combine = "sum"') == ["all 1 구로소프트 2005000", "all 2 가산정밀 2010000"]


def test_the_average_to_three_decimals(tmp_path: Path) -> None:
    assert groups(tmp_path, 'combine = "average"', pick=3) == ["all 1 가산정밀 1007333.5"]


def test_the_time_of_the_nth(tmp_path: Path) -> None:
    assert groups(tmp_path, 'combine = "nth"') == ["all 1 구로소프트 1003000", "all 2 가산정밀 1010000"]


def test_places_are_those_in_the_division_over_all_its_finishers(tmp_path: Path) -> None:
    assert groups(tmp_path, 'by = "place"') == ["all 1 가산정밀 6", "all 2 구로소프트 7"]
    assert groups(tmp_path, 'by = "place"\ndivision = "sex"', pick=1) == [
        "M 1 가산정밀 1",
        "M 2 혼자 2",
        "M 3 구로소프트 3",
        "F 1 구로소프트 1",
        "F 2 가산정밀 2",
    ]


def test_together_is_the_first_run_inside_the_window_both_ends_included(tmp_path: Path) -> None:
    both = ["all 1 구로소프트 1003000", "all 2 가산정밀 1012000.5"]
    for window_s, found in {"2.0005": both, "2.000499": both[:1], "1": both[:1], "0.999": []}.items():
        assert groups(tmp_path, f'combine = "together"\nwindow_s = {window_s}') == found


def test_together_counts_from_the_gun_also_where_it_was_late(tmp_path: Path) -> None:
    rules = '[[ranking]]\nname = "함께"\ngroup = "company"\npick = 2\ncombine = "together"\nwindow_s = 1\n'
    assert scored(tmp_path, TEAMS, FINISHES, ["gun_offset,,3000,"], rules).groups() == ["all 1 구로소프트 1000000"]


def test_the_number_of_finishers_most_first(tmp_path: Path) -> None:
    found = groups(tmp_path, 'combine = "count"\nignore = ["혼자"]')
    assert found == ["all 1 가산정밀 3", "all 2 구로소프트 2"]


def test_the_share_of_employees_is_floored_to_see_and_exact_to_order(tmp_path: Path) -> None:
    entries = [f"{bib},F,,{firm},,{size}" for bib, firm, size in _sizes()]
    reads = [f"finish,{bib},1000000" for bib, *_ in _sizes()]
    rules = '[[ranking]]\nname = "참가율"\ngroup = "company"\ncombine = "share"\n'
    assert scored(tmp_path, entries, reads, rules=rules).groups() == [
        "all 1 나 333",
        "all 2 가 333",
        "all 2 다 333",
    ]


def _sizes() -> list[tuple[int, str, str]]:
    """가: 333 of 1000, 나: 1 of 3 (a little more), 다: 333 of 1000, 라: nobody knows of how many."""
    firms = [("가", "1000", 333), ("나", "3", 1), ("다", "1000.0", 333), ("라", "", 5)]
    people = [(firm, size) for firm, size, count in firms for _ in range(count)]
    return [(bib, firm, size) for bib, (firm, size) in enumerate(people, 1)]


def test_the_better_first_counter_wins_or_both_share_the_place(tmp_path: Path) -> None:
    entries = ["1,F,,가산정밀,,", "2,F,,가산정밀,,", "3,F,,구로소프트,,", "4,F,,구로소프트,,"]
    reads = ["finish,3,1000000", "finish,1,1001000", "finish,2,1002000", "finish,4,1003000"]
    rules = '[[ranking]]\nname = "2인"\ngroup = "company"\npick = 2\n'
    assert scored(tmp_path, entries, reads, rules=rules).groups() == [
        "all 1 가산정밀 2003000",
        "all 1 구로소프트 2003000",
    ]
    assert scored(tmp_path, entries, reads, rules=f'{rules}tie = "best_first"').groups() == [
        "all 1 구로소프트 2003000",
        "all 2 가산정밀 2003000",
    ]


def test_incomplete_groups_are_left_out_or_stand_last(tmp_path: Path) -> None:
    assert len(groups(tmp_path, 'incomplete = "omit"')) == 2
    assert groups(tmp_path, 'incomplete = "last"')[-1] == "all 3 혼자 "


TEAM_RULE = '[[ranking]]\nname = "팀"\ngroup = "team"\npick = 2\n'


def test_a_team_lives_inside_its_company_and_that_is_said(tmp_path: Path, capsys: Captured) -> None:
    assert scored(tmp_path, TEAMS, FINISHES, rules=TEAM_RULE).groups() == ["all 1 가산정밀 하나 2010000"]
    assert "a team of each (a joint one goes into the column joint_team): 둘, 하나" in capsys.readouterr().err
    alone = scored(tmp_path, TEAMS, FINISHES, rules=TEAM_RULE.replace("2", "1")).rankings
    assert [row["group"] for row in alone] == ["가산정밀 하나", "구로소프트 둘", "구로소프트 하나", "둘", "가산정밀 둘"]


def test_firms_and_teams_that_read_alike_when_joined_are_not_one(tmp_path: Path) -> None:
    entries = ["1,F,,새벽,전자 1팀,", "2,F,,새벽,전자 1팀,", "3,F,,새벽 전자,1팀,"]
    found = scored(tmp_path, entries, [f"finish,{bib},90000{bib}" for bib in (1, 2, 3)], rules=TEAM_RULE)
    assert [(row["group"], row["counters"]) for row in found.rankings] == [("전자 1팀", "1 2")]


def test_a_joint_team_stands_on_its_own_and_comes_back_from_the_results(tmp_path: Path) -> None:
    entries = "bib,sex,category,company,team,joint_team\n1,F,,가,개발,\n2,F,,가,,연합\n3,F,,나,,연합\n4,F,,가,개발,\n5,F,,나,개발,\n"
    reads = table(READ, [f"finish,{bib},90000{bib}" for bib in range(1, 6)])
    assert marathon(*files(tmp_path, entries=entries, reads=reads, rules=TEAM_RULE)) == 0
    found = outcome(tmp_path / "out")
    assert [(row["group"], row["counters"]) for row in found.rankings] == [("가 개발", "1 4"), ("연합", "2 3")]
    again = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    assert marathon(*files(tmp_path, entries=again, reads=reads, rules=TEAM_RULE)) == 0
    assert outcome(tmp_path / "out") == found


def test_several_rankings_stand_in_the_order_of_the_rules(tmp_path: Path) -> None:
    rules = "".join(f'[[ranking]]\nname = "{name}"\ngroup = "company"\ncombine = "count"\n' for name in "다가나")
    names = [row["ranking"] for row in scored(tmp_path, TEAMS, FINISHES, rules=rules).rankings]
    assert list(dict.fromkeys(names)) == ["다", "가", "나"]


def test_several_sizes_of_one_firm_are_told_and_the_largest_counts(tmp_path: Path, capsys: Captured) -> None:
    entries = ["1,F,,가산정밀,,4", "2,F,,가산정밀,,10", "3,F,,구로소프트,,3"]
    rules = '[[ranking]]\nname = "참가율"\ngroup = "company"\ncombine = "share"\n'
    found = scored(tmp_path, entries, ["finish,1,900000", "finish,3,900000"], rules=rules)
    assert found.groups() == ["all 1 구로소프트 333", "all 2 가산정밀 100"]
    assert "가산정밀 has several numbers of employees (4, 10)" in capsys.readouterr().err


def test_withheld_rows_of_a_race_s_own_results_are_left_out_and_told(tmp_path: Path, capsys: Captured) -> None:
    scored(tmp_path, FIELD, RUN, ["withhold,2,,동의 철회"])
    own = (tmp_path / "out" / "results.csv").read_text(encoding="utf-8")
    assert marathon(*files(tmp_path, entries=own, reads=table(READ, RUN), rulings=table(RULING, []))) == 0
    assert outcome(tmp_path / "out").order() == ["1 1", "2 3", " 4"]
    assert "1 withheld row without a bib is left out" in capsys.readouterr().err


# --- what is spelled in several ways ---------------------------------------------------------------------------------------

SPELLED = [
    "1,M,10K,가람전자,개발 1팀,",
    "2,남,10k,가람 전자,개발1팀,",
    "3,남자,10㎞,(주)가람전자,,",
    "4,m,１０km,가람전자 ,개발 1팀,",
    "5,여,5K,가람전지,,",
]
RULES_SPELLED = """
[[ranking]]
name = "3인"
group = "company"
only_sex = ["M"]
only_category = ["10 km"]
[[ranking]]
name = "없음"
group = "company"
ignore = ["㈜ 가람전자", "가람전지"]
pick = 1
[[ranking]]
name = "성별"
group = "team"
division = "sex"
"""


def test_what_is_spelled_in_several_ways_is_one_as_beside_the_lowest_bib(tmp_path: Path, capsys: Captured) -> None:
    reads = [f"finish,{bib},100000{bib}" for bib in range(1, 6)]
    found = scored(tmp_path, SPELLED, reads, rules=RULES_SPELLED)
    assert scored(tmp_path, SPELLED[::-1], reads, rules=RULES_SPELLED) == found
    assert {(row["sex"], row["category"], row["company"]) for row in found.results} == {
        ("M", "10K", "가람전자"),
        ("여", "5K", "가람전지"),
    }
    assert [row["sex_place"] for row in found.results] == ["1", "2", "3", "4", "1"]
    assert [(row["ranking"], row["division"], row["group"], row["counters"]) for row in found.rankings] == [
        ("3인", "all", "가람전자", "1 2 3"),
        ("성별", "M", "개발 1팀", "1 2 4"),
    ]
    told = capsys.readouterr().err
    assert "one company: (주)가람전자 = 가람 전자 = 가람전자" in told
    assert "look alike and count apart (if one company is meant, correct the file): 가람전자 ? 가람전지" in told


@pytest.mark.parametrize(("sexes", "counted"), [("남남여여", "1 2 3 4"), ("MMFF", "1 2 3 4"), ("남M여f", "1 2 3 4")])
def test_a_mix_knows_the_words_of_offices(tmp_path: Path, sexes: str, counted: str) -> None:
    for men, women in ("MF", "남여"):
        rules = f'[[ranking]]\nname = "2+2"\ngroup = "company"\n[[ranking.mix]]\nname = "혼성"\nof = [{{ {men} = 2, {women} = 2 }}]\n'
        rules = rules.replace(f"{men} =", f'"{men}" =').replace(f"{women} =", f'"{women}" =')
        entries = [f"{bib},{sex},,가람전자,," for bib, sex in enumerate(sexes, 1)]
        found = scored(tmp_path, entries, [f"finish,{bib},100000{bib}" for bib in range(1, 5)], rules=rules)
        assert [(row["division"], row["counters"]) for row in found.rankings] == [("혼성", counted)]


def test_nobody_without_a_sex_stands_in_a_list_of_a_sex(tmp_path: Path) -> None:
    rules = '[[ranking]]\nname = "1인"\ngroup = "company"\npick = 1\ndivision = "sex"\n'
    found = scored(tmp_path, ["1,,30대,가,,", "2,F,30대,나,,"], ["finish,1,900000", "finish,2,950000"], rules=rules)
    assert [found.of(1)[key] for key in ("place", "sex_place", "category_place")] == ["1", "", ""]
    assert found.groups() == ["F 1 나 950000"]


# --- rules that cannot be applied to the files ------------------------------------------------------------------------------

RANKING = '[[ranking]]\nname = "단체"\ngroup = "company"\n'
OUT_OF_REACH = [
    (f'{RANKING}only_wave = ["2"]', "ranking '단체'", "the entries tell no waves"),
    (f'{RANKING}combine = "donation"\nwon_per_km = 400', "ranking '단체'", "no file tells the course's length"),
    (f'{RANKING}combine = "share"\nmin_members = 2', "ranking '단체'", "fill the column company_size"),
    (f'{RANKING}division = "size"\nbands = [100]', "ranking '단체'", "fill the column company_size"),
    (
        f'{RANKING}[[ranking.mix]]\nname = "혼성"\nof = [{{ d = 1, F = 1 }}]',
        "ranking '단체'",
        "nobody is entered as 'd'",
    ),
    ('[[age_group]]\nname = "40대"\nleast = 40', "age_group '40대'", "the entries tell no birth"),
    ('[[prize]]\nname = "우승"\nranking = "overall"', "prize '우승'", "`score` awards no prizes"),
    (f"{RANKING}pick = 1\n{RANKING}pick = 2", "ranking '단체'", "two rankings have this name"),
    (f'{RANKING}by = "place"\npick = 5\ndisplace = 3', "ranking '단체'", "displace is less than pick"),
    (RANKING.replace("단체", "overall"), "ranking 'overall'", "this is the name of a ranking of runners"),
    (f'{RANKING}combine = "together"', "'단체'", "`together` needs window_s"),
]


@pytest.mark.parametrize(("rules", "where", "told"), OUT_OF_REACH, ids=[told for _, _, told in OUT_OF_REACH])
def test_a_rule_that_cannot_be_applied_is_named_and_nothing_is_written(
    tmp_path: Path, capsys: Captured, rules: str, where: str, told: str
) -> None:
    assert marathon(*files(tmp_path, entries=table(ENTRY, FIELD), reads=table(READ, RUN), rules=rules)) == 2
    said = capsys.readouterr().err
    assert any(where in line and told in line for line in said.splitlines())
    assert not (tmp_path / "out").exists()


def test_what_may_be_meant_so_is_told_and_scored(tmp_path: Path, capsys: Captured) -> None:
    scored(tmp_path, FIELD, RUN, rules=f'{RANKING}only_category = ["50대"]\nwindow_s = 5\n')
    told = capsys.readouterr().err
    assert "[경고 / warning] ranking '단체'" in told
    assert "only_category: nobody is entered as '50대'" in told
    assert "`window_s` is not used" in told


NEGATIVE = ["start_offset,1,1200000,초를 밀리초로", "finish_at,2,-5000,"]


@pytest.mark.parametrize("basis", ["net", "gun"])
def test_nobody_with_a_negative_time_has_a_place_and_the_row_is_told(
    tmp_path: Path, capsys: Captured, basis: str
) -> None:
    rules = f'basis = "{basis}"\n{RANKING}pick = 1\n'
    reads = ["finish,1,1000000", "finish,3,900000"]
    found = scored(tmp_path, FIELD, reads, NEGATIVE, rules)
    assert [(row["place"], row["bib"], row["status"], row["net_ms"]) for row in found.results] == [
        ("1", "3", "finished", "900000"),
        ("", "1", "finished", "-200000"),
        ("", "2", "finished", "-5000"),
        ("", "4", "dns", ""),
    ]
    assert [row["counters"] for row in found.rankings] == ["3"]
    told = capsys.readouterr().err
    assert (
        f"1 (-200000 ms; {tmp_path}/rulings.csv 2행 start_offset / {tmp_path}/rulings.csv row 2 start_offset)" in told
    )
    assert f"2 (-5000 ms; {tmp_path}/rulings.csv 3행 finish_at / {tmp_path}/rulings.csv row 3 finish_at)" in told


# --- what files may look like --------------------------------------------------------------------------------------------


def test_files_come_as_other_programs_write_them(tmp_path: Path) -> None:
    entries = (
        "\ufeffBIB, sex ,category,company,team,name,\r\n"
        ' 007 ,남,"30대, 상위",\u1100\u1161\u1102\u1161,,"홍, 길동",\r\n'
        "\r\n"
        '0,d,,"가나 ",,,\r\n'
        ",,,,,,\r\n"
        "123456789012,,,,\r\n"
    )
    reads = '\ufeffpoint,bib,t_ms,chip\r\nFinish,7,"1000000.250",x\r\nfinish,000,1.5e6,\r\nstart,123456789012,5,\r\n'
    rules = '[[ranking]]\nname = "참가"\ngroup = "company"\ncombine = "count"\n'
    assert marathon(*files(tmp_path, entries=entries, reads=reads, rules=rules)) == 0
    found = outcome(tmp_path / "out")
    assert found.order() == ["1 007", "2 0", " 123456789012"]
    assert (found.of("007")["category"], found.of("007")["gun_ms"]) == ("30대, 상위", "1000000.25")
    assert [(row["group"], row["score"], row["counters"]) for row in found.rankings] == [("가나", "2", "007 0")]


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("first", ["", "sep={}\n"])
def test_cells_may_be_parted_as_spreadsheets_do(tmp_path: Path, separator: str, first: str) -> None:
    texts = {
        name: first.format(separator) + "\n".join(lines).replace("|", separator)
        for name, lines in {
            "entries": ["bib|sex|category|company|team|name", '007|남|30대|"가, 나; 다"|개발|"홍, 길동"'],
            "reads": ["Point|BIB|t_ms", "ＦＩＮＩＳＨ|７|900000"],
            "rulings": ["ruling|bibs|value|reason", "Start Offset|07|1000|늦음"],
        }.items()
    }
    assert marathon(*files(tmp_path, **texts)) == 0
    (row,) = outcome(tmp_path / "out").results
    assert [row[key] for key in ("place", "bib", "net_ms", "company")] == ["1", "007", "899000", "가, 나; 다"]


def test_signs_that_keep_spreadsheets_from_counting_are_no_part_of_a_cell(tmp_path: Path) -> None:
    entries = 'bib,sex,category,company,team\n"=""007""",F,,\'=한빛,\n8,F,,=한빛,\n'
    rules = '[[ranking]]\nname = "참가"\ngroup = "company"\ncombine = "count"\n'
    reads = table(READ, ["finish,7,900000", "finish,8,900000"])
    assert marathon(*files(tmp_path, entries=entries, reads=reads, rules=rules)) == 0
    assert outcome(tmp_path / "out").groups() == ["all 1 '=한빛 2"]


def test_instants_will_do_where_the_gun_is_known(tmp_path: Path) -> None:
    reads = "point,bib,at\nstart,1,2026-09-03T14:00:10+09:00\nfinish,1,2026-09-03T05:17:05.0005Z\n"
    for gun in ('"2026-09-03T14:00:00+09:00"', "2026-09-03T05:00:00Z"):
        command = files(tmp_path, entries=table(ENTRY, FIELD), reads=reads, rules=f"gun = {gun}\n")
        assert marathon(*command) == 0
        found = outcome(tmp_path / "out").of(1)
        assert (found["gun_ms"], found["net_ms"]) == ("1025000.5", "1015000.5")


def test_milliseconds_are_exact_to_three_decimals(tmp_path: Path) -> None:
    found = scored(tmp_path, FIELD, ["start,1,0.001", "finish,1,1000000.1004999", "finish,2,+1000000.100"])
    assert (found.of(1)["gun_ms"], found.of(1)["net_ms"]) == ("1000000.1", "1000000.099")
    assert found.of(2)["gun_ms"] == "1000000.1"


def test_a_race_without_sexes_categories_or_companies_has_places_all_the_same(tmp_path: Path) -> None:
    rules = '[[ranking]]\nname = "단체"\ngroup = "company"\ndivision = "sex"\n'
    found = scored(tmp_path, ["1,,,,,", "2,,,,,"], ["finish,1,900000", "finish,2,800000"], rules=rules)
    assert (found.order(), found.rankings) == (["1 2", "2 1"], [])


def test_a_race_that_nobody_ran_is_scored_too(tmp_path: Path) -> None:
    assert [row["status"] for row in scored(tmp_path, FIELD, []).results] == ["dns"] * 4
    assert scored(tmp_path, [], []) == ([], [])


def test_reads_of_strangers_change_nothing_and_are_told(tmp_path: Path, capsys: Captured) -> None:
    strangers = ["finish,99,5", *(f"finish,{bib},1" for bib in range(90, 96)), "start,99,3"]
    assert scored(tmp_path, FIELD, [*strangers, *RUN]) == scored(tmp_path, FIELD, RUN)
    told = capsys.readouterr().err
    assert "8 reads of 7 bibs that are no entrants do not count: 90 (1), 91 (1), 92 (1), 93 (1), 94 (1), ..." in told


def test_nothing_is_said_on_stdout(tmp_path: Path, capsys: Captured) -> None:
    scored(tmp_path, FIELD, RUN)
    told = capsys.readouterr()
    assert told.out == ""
    assert "3 with a place, 1 without" in told.err


# --- what is wrong with a file -------------------------------------------------------------------------------------------

GOOD = {
    "entries": table(ENTRY, FIELD),
    "reads": table(READ, RUN),
    "rulings": table(RULING, ["dnf,4,,"]),
    "rules": "",
}
RULINGS_WRONG = [
    ("resigned,4,,", "row 2, column ruling: unknown ruling 'resigned'"),
    ("dnf,4 99,,", "row 2, column bibs: bib 99 is no entrant"),
    ("dnf,,,", "row 2, column bibs: dnf needs at least 1"),
    ("dnf,4;3,,", "row 2, column bibs: '4;3' is no bib"),
    ("dead_heat,4,,", "row 2, column bibs: dead_heat needs at least 2"),
    ("start_offset,4,,", "row 2, column value: '' is no number"),
    ("finish_at,4,17:05,", "row 2, column value: '17:05' is no number"),
    ("gun_offset,4,60000,", "row 2, column bibs: gun_offset is everybody's"),
]
WRONG = [
    *(("rulings", table(RULING, [row]), told) for row, told in RULINGS_WRONG),
    *(
        ("entries", GOOD["entries"].replace(column, "other", 1), f"row 1, column {column}: this column is missing")
        for column in ("bib", "sex", "category", "company", "team")
    ),
    ("entries", "", "row 1, column bib: this column is missing"),
    (
        "entries",
        GOOD["entries"].replace(",team", ",crew").replace(",", ";"),
        "row 1, column team: this column is missing",
    ),
    ("entries", table("bib," + ENTRY, []), "row 1, column bib: this column is there twice"),
    ("entries", table(ENTRY, ["1,,,,,", "", "01,,,,,"]), "row 4, column bib: bib 1 is also in row 2"),
    ("entries", table(ENTRY, [",F,,,,"]), "row 2, column bib: '' is no bib"),
    ("entries", table(ENTRY, [f"{'1' * 5000},F,,,,"]), "is no bib"),
    ("entries", table(ENTRY, ["1-2,F,,,,"]), "row 2, column bib: '1-2' is no bib"),
    ("entries", table(ENTRY, ["1,F,,가산정밀,,많음"]), "row 2, column company_size: '많음' is no number of people"),
    ("entries", table(ENTRY, ["1,F,,가산정밀, 주식회사,,9"]), "row 2: more cells than columns"),
    ("entries", table(ENTRY, ['1,F,,"가산"정밀,,']), "line 2 is no CSV"),
    *(
        ("reads", GOOD["reads"].replace(column, "other", 1), f"row 1, column {column}: this column is missing")
        for column in ("point", "bib", "t_ms")
    ),
    ("reads", table(READ, ["middle,1,5"]), "row 2, column point: 'middle' is not start or finish"),
    ("reads", table(READ, ["start,하나,5"]), "row 2, column bib: '하나' is no bib"),
    ("reads", table(READ, ["start,1,5", "start,1"]), "row 3, column t_ms: '' is no number"),
    *(
        ("reads", table(READ, [f'start,1,"{text}"']), f"row 2, column t_ms: '{text}' is no number")
        for text in ("soon", "1,5", "nan", "inf", "1_000", "1e999999999", "-1e999999999", "17:05")
    ),
    ("reads", "point,bib,at\nstart,1,2026-09-03T14:00:10+09:00\n", "row 2, column at: instants need `gun`"),
    *(
        ("rulings", GOOD["rulings"].replace(column, "other", 1), f"row 1, column {column}: this column is missing")
        for column in RULING.split(",")
    ),
    ("rules", "base = 3", "unknown field `base`"),
    ("rules", 'basis = "chip"', "$.basis"),
    ("rules", "basis = ", "is no TOML"),
    ("rules", 'gun = "14:00"', "gun: '14:00' is no ISO 8601 instant"),
    ("rules", "gun = 2026-09-03T14:00:00", "gun: '2026-09-03T14:00:00' is no ISO 8601 instant"),
    ("rules", '[[ranking]]\nname = "a"\ngroup = "company"\nwho_knows = 1', "unknown field `who_knows`"),
]


@pytest.mark.parametrize(("file", "text", "told"), WRONG, ids=[f"{file}: {told}" for file, _, told in WRONG])
def test_one_line_says_where_a_file_is_wrong_and_nothing_is_written(
    tmp_path: Path, capsys: Captured, file: str, text: str, told: str
) -> None:
    assert marathon(*files(tmp_path, **{**GOOD, file: text})) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert told in line
    assert f"{file}.{'toml' if file == 'rules' else 'csv'}" in line
    assert any("가" <= letter <= "힣" for letter in line.partition(" / ")[0])
    assert not (tmp_path / "out").exists()


def test_an_instant_needs_its_offset(tmp_path: Path, capsys: Captured) -> None:
    reads = "point,bib,at\nstart,1,2026-09-03T14:00:10\n"
    assert marathon(*files(tmp_path, **{**GOOD, "reads": reads, "rules": "gun = 2026-09-03T05:00:00Z"})) == 2
    assert "row 2, column at: '2026-09-03T14:00:10' is no ISO 8601 instant" in capsys.readouterr().err


@pytest.mark.parametrize("file", GOOD)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, capsys: Captured, file: str) -> None:
    command = files(tmp_path, **GOOD)
    path = tmp_path / f"{file}.{'toml' if file == 'rules' else 'csv'}"
    path.write_bytes("가산정밀".encode("cp949"))
    assert marathon(*command) == 3
    assert f"{path} is no UTF-8 text" in capsys.readouterr().err
    path.unlink()
    assert marathon(*command) == 3
    assert f"cannot read {path}" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_earlier_results_stand_until_new_ones_are_whole(tmp_path: Path) -> None:
    scored(tmp_path, FIELD, RUN)
    before = (tmp_path / "out" / "results.csv").read_bytes()
    assert marathon(*files(tmp_path, **{**GOOD, "rules": "oops"})) == 2
    assert (tmp_path / "out" / "results.csv").read_bytes() == before
    assert sorted(file.name for file in (tmp_path / "out").iterdir()) == ["rankings.csv", "results.csv"]


# --- laws ----------------------------------------------------------------------------------------------------------------

instants = st.integers(-3, 6).map(lambda at: f"{at * 1000}")
late_instants = st.integers(599, 603).map(lambda at: f"{at * 1000}.5")
bibs = st.integers(1, 7)
read_rows = st.lists(
    st.builds("start,{},{}".format, bibs, instants) | st.builds("finish,{},{}".format, bibs, late_instants), max_size=20
)
FEATURES = 'min_finish_s = 600\n[[ranking]]\nname = "단체"\ngroup = "company"\npick = 1\nincomplete = "last"\n'


@settings(max_examples=scaled(15, 250))
@given(reads=read_rows, chance=st.randoms(use_true_random=False))
def test_the_order_of_rows_and_repeats_decide_nothing(
    tmp_path_factory: pytest.TempPathFactory, reads: list[str], chance: Random
) -> None:
    folder = tmp_path_factory.mktemp("race")
    told = scored(folder, FIELD, reads, rules=FEATURES)
    otherwise = [*reads, *reads[:3]]
    chance.shuffle(otherwise)
    field = [*FIELD]
    chance.shuffle(field)
    assert scored(folder, field, otherwise, rules=FEATURES) == told
