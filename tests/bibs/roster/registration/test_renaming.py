"""Whoever is missing in a roster and whoever is new may be one person under two names."""

from tests.rosters import Desk, entry


def pairs(desk: Desk, *rows: tuple[str, str, str]) -> list[tuple[str, str]]:
    """What a roster of name, sex and category makes the desk ask about."""
    done = desk.takes(*(entry(name, sex=sex, category=category) for name, sex, category in rows))
    return [(desk.names.people[one.id], desk.names.people[other.id]) for one, other in done.renamed]


def desk_with(*rows: tuple[str, str, str]) -> Desk:
    desk = Desk()
    assert pairs(desk, *rows) == []
    return desk


def test_one_missing_and_one_new_of_another_name_are_two_people() -> None:
    desk = desk_with(("김하늘", "F", "30대"), ("이서연", "F", "30대"))
    assert pairs(desk, ("김하늘", "F", "30대"), ("박도윤", "F", "30대")) == []


def test_of_several_those_with_like_names_are_paired_and_the_others_are_not() -> None:
    desk = desk_with(("김하늘", "F", ""), ("이서연", "F", ""), ("최보기", "F", ""))
    assert pairs(desk, ("김하늘솔", "F", ""), ("박도윤", "F", ""), ("정들", "F", "")) == [("김하늘", "김하늘솔")]


def test_short_names_that_share_only_the_family_name_are_two_people() -> None:
    assert pairs(desk_with(("이준", "M", "")), ("이솔", "M", "")) == []
    assert pairs(desk_with(("이준", "M", "")), ("이전", "M", "")) == [("이준", "이전")]


def test_another_sex_or_category_is_another_person() -> None:
    desk = desk_with(("김하늘", "F", "30대"))
    assert pairs(desk, ("김하늘솔", "M", "30대")) == []
    assert pairs(desk_with(("김하늘", "F", "30대")), ("김하늘솔", "F", "40대")) == []


def test_what_is_not_known_speaks_against_nobody() -> None:
    assert pairs(desk_with(("김하늘", "", "")), ("김하늘솔", "F", "30대")) == [("김하늘", "김하늘솔")]


def test_people_of_two_firms_are_two_people() -> None:
    desk = Desk()
    desk.takes(entry("김하늘"), entry("이서연", "구로소프트"))
    assert desk.takes(entry("김하늘"), entry("박도윤", "디지털단지상사")).renamed == []


def test_a_list_of_other_people_altogether_is_asked_about_in_no_time() -> None:
    desk = Desk()
    desk.takes(*(entry(f"선수{at}") for at in range(300)))
    assert desk.takes(*(entry(f"주자{at}") for at in range(300))).renamed == []
