"""The presets, and the rules of other races, each on a small made-up race whose table was worked out by hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from results.ranking.rankings import Ranking, rankings, score_text
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from results.view.prize_list import prize_list
from tests.boards import TEAMS, Run, desk_facts, net, race_of, stations
from tests.builders import FIRMS, log_of, opened
from timing.race.events import Event, HeadcountDeclared
from timing.race.fold import fold
from timing.race.known_names import Names
from timing.race.lint import findings
from timing.race.rules import Rules, rules_of
from timing.race.rules.presets import names, preset

OTHERS: Final = Path(__file__).parent / "other_races"
"""Corporate challenges, clubs, cross-country: what the rules can say, though no race of ours needs it as a preset."""
MINUTE = 60
GASAN, GURO, DIGITAL = "c0001", "c0002", "c0003"
Line = tuple[int, str, str, str]


def rules(name: str) -> Rules:
    return rules_of(preset(name) if name in names() else (OTHERS / f"{name}.toml").read_text("utf-8"), name)


def raced(name: str, runs: Sequence[Run], *said: Event) -> tuple[Standings, list[Ranking]]:
    """The race under this preset alone."""
    race = fold(log_of([opened(), *desk_facts(runs), *said], *stations(runs)).read()) if said else race_of(runs)
    ranked = standings(race, rules(name))
    return ranked, rankings(ranked, Names({}, FIRMS | {"c0009": "무소속"}, TEAMS))


def table(ranking: Ranking) -> list[Line]:
    """Place, group, score as the files have it (times in ms), the bibs that count."""
    called = FIRMS | TEAMS
    return [
        (
            score.place,
            called[score.group],
            "" if score.score is None else score_text(ranking.rule, score.score),
            " ".join(str(row.entrant.bib) for row in score.counters),
        )
        for score in ranking.scores
    ]


def tables(name: str, runs: Sequence[Run], *said: Event) -> dict[str, list[Line]]:
    """Every list of the preset, by the name of its ranking, or its division where it has several."""
    return {
        ranking.rule.name if ranking.division == "all" else ranking.division: table(ranking)
        for ranking in raced(name, runs, *said)[1]
    }


def prizes(name: str, runs: Sequence[Run], *said: Event) -> list[tuple[str, str, int | None, str]]:
    """Prize, list, place, and the bib or firm."""
    return [
        (
            award.prize.name,
            award.division,
            award.place,
            str(award.one.entrant.bib) if isinstance(award.one, Row) else FIRMS[award.one.group],
        )
        for award in prize_list(*raced(name, runs, *said))
    ]


def firm(company: str, first_bib: int, *minutes: float, sex: str = "M", team: str = "") -> list[Run]:
    """People of a firm with these net times in minutes, bibs in a row."""
    return [net(bib, m * MINUTE, company=company, sex=sex, team=team) for bib, m in enumerate(minutes, first_bib)]


def test_every_preset_has_its_worked_example_here() -> None:
    assert set(names()) == {
        "age-decades", "gvalley", "gvalley-3", "gvalley-individual", "necktie-10-together", "participation"
    }  # fmt: skip


def test_the_rules_of_other_races_are_without_fault() -> None:
    assert {file.name: findings(rules(file.stem)) for file in OTHERS.glob("*.toml")} == {
        f"{name}.toml": [] for name in ("fife-3", "firmenlauf-4", "joongang-3of5-avg", "jpmcc-4", "nth-4", "xc-5-7")
    }


def test_gvalley() -> None:
    runs = [
        *firm(GASAN, 101, 20, 21, 22, 30),
        *firm(GURO, 201, 19, 23, 23.5, team="t0002"),
        *firm(DIGITAL, 301, 18, 18.5),
    ]
    assert tables("gvalley", runs) == {
        # 20 + 21 + 22 = 63 min = 3,780,000 ms; 19 + 23 + 23.5 = 65.5 min; 디지털단지상사 has two only
        "3인 단체": [(1, "가산정밀", "3780000", "101 102 103"), (2, "구로소프트", "3930000", "201 202 203")],
        "팀 3인": [(1, "구로소프트 개발팀", "3930000", "201 202 203")],
        "참가상": [
            (1, "가산정밀", "4", "101 102 103 104"),
            (2, "구로소프트", "3", "201 202 203"),
            (3, "디지털단지상사", "2", "301 302"),
        ],
    }


def test_gvalley_3() -> None:
    runs = [*firm(GASAN, 101, 20, 21, 22), *firm(GURO, 201, 19, 23, 21), *firm(DIGITAL, 301, 18, 18.5)]
    assert tables("gvalley-3", runs) == {  # both 63 minutes: they share the place
        "빠른 3인": [(1, "가산정밀", "3780000", "101 102 103"), (1, "구로소프트", "3780000", "201 203 202")]
    }
    assert prizes("gvalley-3", runs) == [("빠른 3인상", "all", 1, "가산정밀"), ("빠른 3인상", "all", 1, "구로소프트")]


def test_gvalley_individual() -> None:
    runs = [
        net(1, 900, sex="M", category="40대"),  # wins overall
        net(2, 910, sex="M", category="40대"),
        net(3, 920, sex="M", category="30대"),
        net(4, 930, sex="M", category="30대"),  # third of the men once the winner is passed over
        net(5, 940, sex="M", category="30대"),  # first of his category without a prize
        net(11, 1000, sex="F", category="30대"),
        net(12, 1010, sex="F", category="30대"),
        net(13, 1020, sex="F", category="30대"),
        net(14, 1030, sex="F", category="40대"),
    ]
    assert prizes("gvalley-individual", runs) == [
        ("종합 우승", "all", 1, "1"),
        ("개인상", "F", 1, "11"),
        ("개인상", "F", 2, "12"),
        ("개인상", "F", 3, "13"),
        ("개인상", "M", None, "1"),
        ("개인상", "M", 1, "2"),
        ("개인상", "M", 2, "3"),
        ("개인상", "M", 3, "4"),
        ("부문상", "F 30대", None, "11"),
        ("부문상", "F 30대", None, "12"),
        ("부문상", "F 30대", None, "13"),
        ("부문상", "F 40대", 1, "14"),
        ("부문상", "M 30대", None, "3"),
        ("부문상", "M 30대", None, "4"),
        ("부문상", "M 30대", 1, "5"),
        ("부문상", "M 40대", None, "1"),
        ("부문상", "M 40대", None, "2"),
    ]


def in_a_row(company: str, first_bib: int, first_s: float, every_s: float, people: int) -> list[Run]:
    """People who cross the finish one after the other, seconds after the gun."""
    instants = (first_s + number * every_s for number in range(people))
    return [Run(bib, "0:10", str(at), company=company) for bib, at in enumerate(instants, first_bib)]


def test_necktie_10_together() -> None:
    runs = [
        *in_a_row(GASAN, 101, 1500, 3, 10),  # 1500 ... 1527: ten within 27 s, the tenth at 1527
        Run(100, "0:10", "1200"),  # a fast colleague in front of them does not disturb
        *in_a_row(GURO, 201, 1400, 30 / 9, 10),  # 1400 ... 1430: exactly 30 s
        *in_a_row(DIGITAL, 301, 1300, 3.4, 10),  # 1300 ... 1330.6: too long
    ]
    ten = " ".join(str(201 + number) for number in range(10))
    assert tables("necktie-10-together", runs) == {
        "10인 동시 골인": [
            (1, "구로소프트", "1430000", ten),
            (2, "가산정밀", "1527000", ten.replace("20", "10").replace("21", "11")),
        ]
    }
    assert prizes("necktie-10-together", runs) == [("단체상", "all", 1, "구로소프트"), ("단체상", "all", 2, "가산정밀")]


def test_necktie_10_together_at_one_instant_the_larger_group_is_in_front() -> None:
    runs = [
        *in_a_row(GASAN, 101, 1491, 1, 10),  # the tenth at 1500, nobody after
        Run(199, "0:10", "1530", company=GASAN),  # 39 s after the first: not together with them
        *in_a_row(GURO, 201, 1482, 2, 11),  # the tenth at 1500 too, and one more at 1502
    ]
    assert [
        (place, name, score) for place, name, score, _ in tables("necktie-10-together", runs)["10인 동시 골인"]
    ] == [
        (1, "구로소프트", "1500000"),
        (2, "가산정밀", "1500000"),
    ]


def test_jpmcc_4() -> None:
    runs = [
        *firm(GASAN, 101, 20, 21, 22, 23, 24, 25),  # six men
        *firm(GASAN, 111, 26, 27, sex="F"),  # two women
        *firm(GURO, 201, 21, 22),  # two men
        *firm(GURO, 211, 20, 21, 22, 23, 24, 25, sex="F"),  # six women
    ]
    assert tables("jpmcc-4", runs) == {
        "남자 4인": [(1, "가산정밀", str((20 + 21 + 22 + 23) * 60_000), "101 102 103 104")],
        "여자 4인": [(1, "구로소프트", str((20 + 21 + 22 + 23) * 60_000), "211 212 213 214")],
        "혼성 2+2": [  # of those who are left: nobody is on two teams
            (1, "구로소프트", str((21 + 22 + 24 + 25) * 60_000), "201 202 215 216"),
            (2, "가산정밀", str((24 + 25 + 26 + 27) * 60_000), "105 106 111 112"),
        ],
    }


def test_firmenlauf_4() -> None:
    runs = [
        *firm(GASAN, 101, 25, 26, 27, sex="M"),  # three men and a woman run as men
        *firm(GASAN, 111, 24, sex="F"),
        *firm(GURO, 201, 25, sex="M"),  # three women and a man run as mixed
        *firm(GURO, 211, 24, 26, 27, sex="F"),
        *firm(DIGITAL, 301, 28, 29, 30, 31, 32, 33, 34, 35, sex="F"),  # eight women are two teams
    ]
    assert tables("firmenlauf-4", runs) == {
        "여자": [
            (1, "디지털단지상사", str((28 + 29 + 30 + 31) * 60_000), "301 302 303 304"),
            (2, "디지털단지상사", str((32 + 33 + 34 + 35) * 60_000), "305 306 307 308"),
        ],
        "남자": [(1, "가산정밀", str((24 + 25 + 26 + 27) * 60_000), "111 101 102 103")],
        "혼성": [(1, "구로소프트", str((24 + 25 + 26 + 27) * 60_000), "211 201 212 213")],
    }


def test_fife_3() -> None:
    order = [
        (1, GASAN),
        (2, GURO),
        (3, "c0009"),
        (4, GURO),
        (5, GASAN),
        (6, GASAN),
        (7, GURO),
        (8, DIGITAL),
        (9, DIGITAL),
    ]
    men = [net(100 + place, 1000 + place, company=company, sex="M") for place, company in order]
    women = [net(200 + place, 1100 + place, company=DIGITAL, sex="F") for place in (1, 2, 3)]
    assert tables("fife-3", [*men, *women]) == {
        "F": [(1, "디지털단지상사", "6", "201 202 203")],
        # 1 + 5 + 6 = 12 and 2 + 4 + 7 = 13; the unattached third keeps the place; 디지털단지상사 has two men only
        "M": [(1, "가산정밀", "12", "101 105 106"), (2, "구로소프트", "13", "102 104 107")],
    }


def test_fife_3_a_tie_goes_to_the_better_first() -> None:
    order = [(1, GURO), (2, GASAN), (3, GASAN), (4, GURO), (5, GURO), (5, GASAN)]  # 1 + 4 + 5 and 2 + 3 + 5
    runs = [net(100 + at, 1000 + place, company=company, sex="M") for at, (place, company) in enumerate(order)]
    assert [line[:3] for line in tables("fife-3", runs)["M"]] == [(1, "구로소프트", "10"), (2, "가산정밀", "10")]


def crossing(finishers: str) -> list[Run]:
    """A cross-country field in the order in which it came in; `a`, `b`, `c` are the firms."""
    firms = {"a": GASAN, "b": GURO, "c": DIGITAL}
    return [net(at, 1000 + at, company=firms[one], sex="M") for at, one in enumerate(finishers, 1)]


def scored(finishers: str) -> list[tuple[int, str, str]]:
    return [line[:3] for line in tables("xc-5-7", crossing(finishers))["M"]]


def test_xc_5_7() -> None:
    # c has two: its people get no place and push nobody back. Anew a1 a2 b3 b4 a5 a6 b7 a8 a9 a10, then the eighth of a, who
    # pushes nobody back either, then b11 b12 b13.
    assert scored("caabbaabaaaacbbb") == [(1, "가산정밀", "22"), (2, "구로소프트", "37")]  # 1+2+5+6+8, 3+4+7+11+12


def test_xc_5_7_the_better_sixth_breaks_a_tie() -> None:
    # a 1 4 6 8 9, the sixth 10; b 2 3 5 7 11, the sixth 12: both 28
    assert scored("abbababaaabb") == [(1, "가산정밀", "28"), (2, "구로소프트", "28")]


def test_xc_5_7_a_sixth_beats_none() -> None:
    assert scored("abbababaaab") == [(1, "가산정밀", "28"), (2, "구로소프트", "28")]


def test_xc_5_7_without_sixths_the_first_four_decide() -> None:
    # a 1 5 9 12 | 13, b 2 4 8 11 | 15, c 3 6 7 10 | 14: all 40, the first four 27, 25, 26
    assert scored("abcbaccbacbaacb") == [(1, "구로소프트", "40"), (2, "디지털단지상사", "40"), (3, "가산정밀", "40")]


def test_participation() -> None:
    runs = [
        *firm(GASAN, 101, 20, 21, 22, 23, 24, 25),
        Run(107, "0:10"),  # on the course: not in yet
        *firm(GURO, 201, 26, 27, 28, 29, 30),
        *firm(DIGITAL, 301, 31, 32, 33, 34),  # four entered are too few for a share
    ]
    heads = [
        HeadcountDeclared(company, employees, "desk", "회사 신고")
        for company, employees in ((GASAN, 120), (GURO, 40), (DIGITAL, 4))
    ]
    found = tables("participation", runs, *heads)
    assert [line[:3] for line in found["완주 인원"]] == [
        (1, "가산정밀", "6"),
        (2, "구로소프트", "5"),
        (3, "디지털단지상사", "4"),
    ]
    assert [line[:3] for line in found["1-99"]] == [(1, "구로소프트", "125")]  # 5 of 40: 125 per mille
    assert [line[:3] for line in found["100-999"]] == [(1, "가산정밀", "50")]  # 6 of 120
    assert [line[:3] for line in found["기부금"]] == [  # 4.5 km at 400 won are 1,800 won each
        (1, "가산정밀", "10800"),
        (2, "구로소프트", "9000"),
        (3, "디지털단지상사", "7200"),
    ]


def test_joongang_3of5_avg() -> None:
    runs = [
        *firm(GASAN, 101, 20, 21, 24, 30, 40, team="t0001"),  # the best three of five: 65 min, a third of that
        *firm(GURO, 201, 19, 23, 23.5, team="t0002"),  # 65.5 min
        *firm(DIGITAL, 301, 15, 15, 15, 15, 15, 15, team="t0003"),  # six were entered
        *firm(DIGITAL, 401, 14, 14),  # in no team
    ]
    assert tables("joongang-3of5-avg", runs) == {
        "팀 3인 평균": [
            (1, "가산정밀 개발팀", "1300000", "101 102 103"),
            (2, "구로소프트 개발팀", "1310000", "201 202 203"),
        ]
    }


def test_nth_4() -> None:
    runs = [
        *firm(GASAN, 101, 20, 21, 22, 26),
        *firm(GURO, 201, 24, 24.5, 25, 25.5, 25.6),
        *firm(DIGITAL, 301, 20, 20.5, 25, 26),  # level with 가산정밀 but for the second
        *firm("c0008", 401, 10, 11, 12),  # no fourth
    ]
    assert tables("nth-4", runs) == {
        "네 번째 사람": [
            (1, "구로소프트", "1530000", "201 202 203 204"),
            (2, "디지털단지상사", "1560000", "301 302 303 304"),
            (3, "가산정밀", "1560000", "101 102 103 104"),
        ]
    }


def test_age_decades() -> None:
    """The categories themselves are given at import; here men and women of one age group rank apart."""
    runs = [
        net(1, 1000, sex="M", category="30대"),
        net(2, 1010, sex="F", category="30대"),
        net(3, 990, sex="F", category="40대"),
    ]
    ranked = standings(race_of(runs), rules("age-decades"))
    assert {row.entrant.bib: row.category_place for row in ranked.rows} == {1: 1, 2: 1, 3: 1}
    assert [group.name for group in rules("age-decades").age_group] == [
        "29세 이하",
        "30대",
        "40대",
        "50대",
        "60세 이상",
    ]
