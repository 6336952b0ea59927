"""Numbers: a firm's stand together, none is given twice, and what was given stays."""

from itertools import groupby

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.printing.numbers import FIRST_BIB, LAST_BIB, free_block
from tests.builders import code_of
from tests.rosters import Desk, entry
from timing.errors import RaceError
from timing.race.codes import read_code
from timing.race.events import BibReplaced, FactUndone

FIRMS = ["가산정밀", "구로소프트", "디지털단지상사", "새벽별게임즈"]


def staff(desk: Desk, firms: list[int]) -> None:
    """So many runners, each of the firm with that index, in the order of the list."""
    desk.takes(*(entry(f"선수{len(desk.race().entrants) + at}", FIRMS[firm]) for at, firm in enumerate(firms)))


def worn(desk: Desk) -> list[tuple[int, str]]:
    """Every number with its firm, in order."""
    return sorted((person.bib or 0, desk.company_of(person)) for person in desk.race().entrants.values())


def test_firms_are_numbered_one_after_the_other_each_from_a_new_ten() -> None:
    desk = Desk()
    staff(desk, [0, 1, 0, 1, 2])
    desk.numbers()
    assert worn(desk) == [
        (FIRST_BIB, "가산정밀"),
        (FIRST_BIB + 1, "가산정밀"),
        (FIRST_BIB + 10, "구로소프트"),
        (FIRST_BIB + 11, "구로소프트"),
        (FIRST_BIB + 20, "디지털단지상사"),
    ]


def test_a_team_s_numbers_stand_together_inside_the_firm() -> None:
    desk = Desk()
    teams = ["개발팀", "생산팀", "개발팀", "생산팀"]
    desk.takes(*(entry(f"선수{at}", team=team) for at, team in enumerate(teams)))
    desk.numbers()
    runners = sorted(desk.race().entrants.values(), key=lambda person: person.bib or 0)
    assert len(list(groupby(desk.team_of(person) for person in runners))) == 2


def test_late_entries_come_after_the_highest_number() -> None:
    desk = Desk()
    staff(desk, [0, 1])
    desk.numbers()
    before = worn(desk)
    staff(desk, [0])
    (late,) = desk.numbers()
    assert late.bib > max(number for number, _ in before)
    assert worn(desk)[:-1] == before


def test_a_number_that_a_firm_brought_is_kept_and_the_others_follow() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=2026), entry("이서연"))
    desk.numbers()
    assert desk.named("김하늘")[0].bib == 2026
    assert desk.named("이서연")[0].bib == 2031


def test_numbering_again_gives_nothing() -> None:
    desk = Desk()
    staff(desk, [0, 1, 2])
    desk.numbers()
    assert desk.numbers() == []


def test_nobody_entered_nobody_numbered() -> None:
    assert Desk().numbers() == []


waves_of_entries = st.lists(st.lists(st.integers(0, 3), max_size=25), max_size=4)


@given(waves_of_entries)
def test_no_number_and_no_code_is_given_twice_however_late_people_come(entries: list[list[int]]) -> None:
    desk = Desk()
    for firms in entries:
        before = dict(worn(desk))
        staff(desk, firms)
        numbers = [fact.bib for fact in desk.numbers()]
        assert len(numbers) == len(firms)
        assert all(number > max(before, default=0) for number in numbers)
        assert dict(worn(desk)).items() >= before.items()
        given_now = sorted((number, firm) for number, firm in worn(desk) if number in numbers)
        assert len(list(groupby(firm for _, firm in given_now))) == len(set(firms))
    runners = desk.race().entrants.values()
    assert len({person.bib for person in runners}) == len(runners)
    assert len({person.code for person in runners}) == len(runners)
    assert all(person.code == read_code(person.code or "") for person in runners)


def test_a_number_that_was_replaced_or_taken_back_or_whose_wearer_was_erased_is_never_given_again() -> None:
    desk = Desk()
    staff(desk, [0, 0, 0])
    desk.numbers()
    desk.log.record([BibReplaced("e00001", 1_500, code_of(1_500), "desk", "분실")])
    desk.log.record([FactUndone(desk.log.head().seq, "desk", "찾음")])
    assert desk.named("선수0")[0].bib == FIRST_BIB
    del desk.names.people["e00003"]
    desk.takes(entry("김하늘"))
    assert [fact.bib for fact in desk.numbers()] == [1_501]


def test_when_the_highest_number_is_taken_a_gap_is_used() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=LAST_BIB), entry("이서연", bib=2_005), entry("박도윤"), entry("최민준"))
    assert [fact.bib for fact in desk.numbers()] == [2_011, 2_012]


def test_when_no_number_is_left_that_is_said() -> None:
    with pytest.raises(RaceError, match="no bib numbers are left"):
        free_block(set(range(1, LAST_BIB + 1)), 2)


given_before = st.sets(st.one_of(st.integers(990, 1_100), st.integers(LAST_BIB - 60, LAST_BIB)), max_size=60)


@given(given_before, st.integers(1, 30))
def test_a_block_of_numbers_is_free_and_begins_after_a_ten(taken: set[int], size: int) -> None:
    first = free_block(taken, size)
    assert taken.isdisjoint(range(first, first + size))
    assert (first % 10, first + size - 1 <= LAST_BIB) == (1, True)
