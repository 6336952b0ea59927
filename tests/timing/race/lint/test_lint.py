"""The linter of rules: what an organiser would rather hear before the race than after it."""

import re
from pathlib import Path
from typing import Literal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import FIRMS, log_of, opened, runner
from tests.drawn_races import NAMES
from timing.language import pair
from timing.race.events import Event, HeadcountDeclared
from timing.race.fold import Race, fold
from timing.race.lint import RuleFinding, findings
from timing.race.rules import AgeGroup, GroupRule, Mix, Prize, Rules, draft_of

THREE = GroupRule("3인 단체", "company")


def told(rules: Rules, race: Race | None = None) -> list[str]:
    """What is found, in English, errors with an exclamation mark."""
    return [f"{finding.text.to('en')}{'!' if finding.grave else ''}" for finding in findings(rules, race, NAMES)]


def of_ranking(**keys: object) -> list[str]:
    return told(Rules(ranking=(GroupRule(**({"name": "단체", "group": "company"} | keys)),)))  # type: ignore[arg-type]


def test_the_default_rules_and_a_plain_ranking_are_without_fault() -> None:
    assert told(Rules(ranking=(THREE,))) == []


@pytest.mark.parametrize(
    ("keys", "said"),
    [
        ({"combine": "together", "pick": 10}, "`together` needs window_s!"),
        ({"combine": "together", "pick": 10, "window_s": 60.5}, "window_s is over 60 s: people who came in together by chance win too"),
        ({"combine": "together", "pick": 3, "window_s": 5}, "3 of a firm come in together by chance; let small groups declare themselves as teams"),
        ({"combine": "donation"}, "`donation` needs won_per_km!"),
        ({"combine": "share"}, "without min_members a firm of one with one runner is on top"),
        ({"combine": "share", "group": "team", "min_members": 5}, "only companies have a number of employees!"),
        ({"by": "place", "pick": 5, "displace": 4}, "displace is less than pick!"),
        ({"pick": 4, "max_members": 3}, "max_members is so small that nobody ranks!"),
        ({"min_members": 6, "max_members": 5}, "max_members is so small that nobody ranks!"),
        ({"division": "size"}, "without bands sizes are not told apart"),
        ({"division": "size", "bands": (1_000, 100)}, "bands must grow, from 2 on!"),
        ({"division": "size", "bands": (1,)}, "bands must grow, from 2 on!"),
        ({"mix": (Mix("혼성", ({"M": 2},)), Mix("혼성", ({"F": 2},)))}, "two mixes have the name '혼성'!"),
        ({"mix": (Mix("혼성", ({"M": 2}, {})),)}, "a composition of nobody!"),
        ({"mix": (Mix("혼성", ({"M": 2, "남": 2},)),)}, "a composition names one sex twice!"),
        ({"mix": (Mix("혼성", ({"M": 2},)),), "combine": "count"}, "`mix` does not go with `count`!"),
        ({"mix": (Mix("혼성", ({"M": 2},)),), "by": "place", "displace": 4}, "`displace` and `mix` do not go together!"),
        ({"tie": ("shared", "next")}, "in tie nothing after `shared` is used"),
        ({"tie": ("next", "next", "shared")}, "`next` stands twice in tie"),
        ({"tie": "next", "combine": "count"}, "`next` parts nobody here"),
        ({"tie": "next", "mix": (Mix("혼성", ({"M": 2},)),)}, "`next` parts nobody here"),
        ({"name": "overall"}, "this is the name of a ranking of runners!"),
    ],
)  # fmt: skip
def test_a_ranking_that_cannot_be_meant_so(keys: dict[str, object], said: str) -> None:
    assert said in of_ranking(**keys)


@pytest.mark.parametrize(
    ("keys", "idle"),
    [
        ({"combine": "count", "pick": 10}, "pick"),
        ({"combine": "count", "by": "gun"}, "by"),
        ({"combine": "count", "teams": "many"}, "teams"),
        ({"combine": "count", "incomplete": "last"}, "incomplete"),
        ({"combine": "sum", "window_s": 30}, "window_s"),
        ({"combine": "sum", "who": "started"}, "who"),
        ({"combine": "sum", "won_per_km": 400}, "won_per_km"),
        ({"combine": "sum", "bands": (100,)}, "bands"),
        ({"combine": "sum", "displace": 7}, "displace"),
        ({"combine": "together", "window_s": 30, "pick": 10, "by": "gun"}, "by"),
        ({"mix": (Mix("혼성", ({"M": 2},)),), "division": "sex"}, "division"),
    ],
)
def test_a_key_that_does_nothing_is_named(keys: dict[str, object], idle: str) -> None:
    (said,) = of_ranking(**keys)
    assert said.startswith(f"`{idle}` is not used with ")


def test_two_rankings_of_one_name_are_told_once() -> None:
    assert told(Rules(ranking=(THREE, THREE, THREE))) == ["two rankings have this name!"]


DECADES = (AgeGroup("청년", 0, 39), AgeGroup("장년", 40, 150))


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        (DECADES, []),
        ((AgeGroup("청년", 0, 39), AgeGroup("장년", 41, 150)), ["ages 40 are in none"]),
        ((AgeGroup("청년", 19, 39), AgeGroup("장년", 40, 69)), ["ages 0-18 are in none", "ages 70-150 are in none"]),
        ((AgeGroup("청년", 0, 40), AgeGroup("장년", 40, 150)), ["ages 40 are in two: 청년, 장년!"]),
        ((AgeGroup("남", sex="M"),), ["ages 0-150 are in none"]),  # of the women
        ((AgeGroup("남", sex="M"), AgeGroup("여", sex="F")), []),
        ((AgeGroup("남", sex="남"), AgeGroup("여", sex="여성")), []),
        ((*DECADES, AgeGroup("여자 60세 이상", 60, 150, "F")), ["ages 60-150 are in two: 장년, 여자 60세 이상!"]),
        ((AgeGroup("거꾸로", 60, 50),), ["least 60 is above most 50!", "ages 0-150 are in none"]),
    ],
)
def test_every_age_of_each_sex_has_one_group(groups: tuple[AgeGroup, ...], said: list[str]) -> None:
    assert told(Rules(age_group=groups)) == said


@given(st.lists(st.integers(1, 149), unique=True, max_size=6))
def test_groups_that_follow_each_other_leave_no_gap_and_do_not_overlap(ages: list[int]) -> None:
    starts = [0, *sorted(ages)]
    ends = [age - 1 for age in starts[1:]] + [150]
    groups = tuple(AgeGroup(f"{least}세부터", least, most) for least, most in zip(starts, ends, strict=True))
    assert told(Rules(age_group=groups)) == []


WINNER, MEN = Prize("종합 우승", "overall", places=1), Prize("남자상", "sex", "M", unless=("종합 우승",))


@pytest.mark.parametrize(
    ("prizes", "said"),
    [
        ((WINNER, MEN), []),
        ((Prize("상", "4인 단체"),), ["there is no ranking '4인 단체'; there are: overall, sex, category, 3인 단체!"]),
        ((Prize("상", "3인 단체", "F"),), ["'3인 단체' has no list 'F': there is only one!"]),
        ((Prize("상", "overall", "M"),), ["'overall' has no list 'M': there is only one!"]),
        ((WINNER, WINNER), ["two prizes have this name!"]),
        ((MEN,), ["unless: there is no prize '종합 우승'!"]),
        ((MEN, WINNER), ["unless: '종합 우승' must stand above this prize!"]),
        (
            (WINNER, Prize("단체상", "3인 단체", unless=("종합 우승",))),
            ["unless: '종합 우승' honours others (runners, firms, teams), so nobody can win both"],
        ),
    ],
)
def test_a_prize_stands_on_a_ranking_and_after_those_it_yields_to(prizes: tuple[Prize, ...], said: list[str]) -> None:
    assert told(Rules(ranking=(THREE,), prize=prizes)) == said


def test_a_prize_names_one_of_the_lists_that_a_ranking_can_have() -> None:
    mixed = GroupRule("4인", "company", mix=(Mix("혼성", ({"M": 2, "F": 2},)),))
    sized = GroupRule("참여율", "company", combine="share", division="size", bands=(100,), min_members=5)
    right = (Prize("혼성상", "4인", "혼성"), Prize("작은 회사상", "참여율", "1-99"))
    assert told(Rules(ranking=(mixed, sized), prize=right)) == []
    wrong = (Prize("혼성상", "4인", "남자"), Prize("작은 회사상", "참여율", "1-100"))
    assert told(Rules(ranking=(mixed, sized), prize=wrong)) == [
        "'4인' has no list '남자': 혼성!",
        "'참여율' has no list '1-100': 1-99, 100-!",
    ]


# What only the entries can tell.


def entered(*more: Event) -> Race:
    """Five women of 가산정밀, one man of 구로소프트, nobody in a team."""
    people = [*(fact for bib in range(1, 6) for fact in runner(bib)), *runner(6, "c0002", sex="M", category="")]
    return fold(log_of([opened(), *people, *more]).read())


def test_without_entrants_the_race_says_nothing_about_the_rules() -> None:
    share = GroupRule("참여율", "company", combine="share", min_members=5)
    assert told(Rules(ranking=(share,)), fold(log_of([opened()]).read())) == []


def test_a_share_needs_head_counts() -> None:
    share = Rules(ranking=(GroupRule("참여율", "company", combine="share", min_members=5),))
    assert told(share, entered()) == [
        "2 firms without a head count are left out (column company_size, or `marathon rule employees`): 가산정밀, 구로소프트"
    ]
    counted = [HeadcountDeclared(company, 120, "desk", "회사 신고") for company in ("c0001", "c0002")]
    assert told(share, entered(*counted)) == []


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (GroupRule("팀", "team"), "nobody is entered with a team"),
        (GroupRule("단체", "company", ignore=("무소석",)), "no name in ignore is entered: 무소석"),
        (GroupRule("단체", "company", max_members=4), "more than 4 entered, so left out: 가산정밀"),
        (GroupRule("남자", "company", only_sex=("남", "d")), "only_sex: nobody is entered as 'd'"),
        (GroupRule("2조", "company", only_wave=("2",)), "only_wave: nobody is entered as '2'"),
        (GroupRule("혼성", "company", mix=(Mix("혼성", ({"여": 2, "d": 1},)),)), "mix: nobody is entered as 'd'"),
    ],
)
def test_words_that_fit_nobody_are_named(rule: GroupRule, said: str) -> None:
    assert told(Rules(ranking=(rule,)), entered()) == [said]


@pytest.mark.parametrize("field", ["sex", "category"])
def test_a_list_for_each_of_what_nobody_has_is_named(field: Literal["sex", "category"]) -> None:
    people = fold(log_of([opened(), *runner(1, sex="", category="")]).read())
    assert told(Rules(ranking=(GroupRule("단체", "company", division=field),)), people) == [
        f"nobody is entered with a {field}"
    ]


def test_an_ignored_name_that_is_entered_is_no_slip() -> None:
    assert told(Rules(ranking=(GroupRule("단체", "company", ignore=("무소속", FIRMS["c0002"])),)), entered()) == []


@pytest.mark.parametrize(
    ("division", "said"), [("30대", []), ("F 30대", []), ("40대", ["nobody is entered as '40대'"])]
)
def test_a_prize_for_a_category_that_nobody_has(division: str, said: list[str]) -> None:
    assert told(Rules(prize=(Prize("부문상", "category", division),)), entered()) == said


def test_errors_come_first_and_each_is_said_in_both_languages() -> None:
    ranking = GroupRule("단체", "company", combine="share", window_s=30)
    found = findings(Rules(ranking=(ranking,), prize=(Prize("상", "없음"),)))
    assert [finding.grave for finding in found] == [True, False, False]
    for finding in found:
        assert any("가" <= letter <= "힣" for letter in finding.text.to("ko"))
    assert (
        str(RuleFinding(True, "prize '상'", pair("없습니다", "there is none")))
        == "[오류 / error] prize '상': 없습니다 / there is none"
    )


@pytest.mark.parametrize("language", ["en", "ko"])
def test_the_papers_rules_are_without_error(language: str) -> None:
    paper = (Path(__file__).parents[4] / "docs" / language / "rules.md").read_text(encoding="utf-8")
    (shown,) = re.findall(r"```toml\n(.*?)```", paper, re.DOTALL)
    assert [str(finding) for finding in findings(draft_of(shown, "rules.md")) if finding.grave] == []
