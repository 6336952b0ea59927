"""Texts that people see as the same have one key; what merely looks alike is asked about and never joined."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.race.spelling import company_key, group_key, look_alike, name_key, sex_of


@pytest.mark.parametrize("text", ["10km", "10 K", "10㎞", "10Km", "１０ＫＭ", "10 킬로미터", "10k"])
def test_one_distance_is_one_group_however_it_is_written(text: str) -> None:
    assert group_key(text) == group_key("10km")


@pytest.mark.parametrize(("one", "other"), [("1팀", "2팀"), ("10km", "10m"), ("3-5", "35"), ("A", "B"), ("하프", "풀")])
def test_what_differs_in_a_letter_or_a_sign_is_another_group(one: str, other: str) -> None:
    assert group_key(one) != group_key(other)


@pytest.mark.parametrize(
    "name",
    ["㈜가람전자", "( 주 ) 가람전자", "주식 회사 가람전자", "가람 전자(주)", "가람전자 Co., Ltd.", "가람전자 Inc"],
)
def test_a_legal_form_makes_no_other_firm(name: str) -> None:
    assert company_key(name) == company_key("가람전자")


@pytest.mark.parametrize("name", ["㈜", "주식회사", "Limited", "Inc."])
def test_a_firm_called_like_a_legal_form_still_has_a_name(name: str) -> None:
    assert company_key(name)


def test_a_hangul_name_is_the_same_with_spaces_and_a_latin_one_is_not() -> None:
    assert name_key("김 하 나") == name_key("김하나")
    assert name_key("An Na") != name_key("Anna")


@pytest.mark.parametrize(
    ("word", "sex"), [("m", "M"), ("남 자", "M"), ("여성", "F"), ("Female", "F"), ("d", "d"), ("", "")]
)
def test_the_words_of_offices_name_a_sex(word: str, sex: str) -> None:
    assert sex_of(word) == sex


def test_a_slip_and_a_leading_zero_are_asked_about_and_numbered_teams_are_not() -> None:
    asked = look_alike(["1조", "01조", "2조", "가람전자", "가람전지", "개발1팀", "개발2팀", "A팀", "B팀"])
    assert asked == [("01조", "1조"), ("가람전자", "가람전지")]


@given(st.text(max_size=20))
def test_a_key_is_its_own_key(text: str) -> None:
    assert group_key(group_key(text)) == group_key(text)
    assert name_key(name_key(text)) == name_key(text)


@given(st.lists(st.text(max_size=8), max_size=12))
def test_nobody_is_asked_about_one_group_twice(texts: list[str]) -> None:
    groups = look_alike(texts)
    assert all(len({group_key(text) for text in group}) == len(group) > 1 for group in groups)
