"""Ages on race day, from whatever an office writes into the column for the date of birth."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.race.ages import SERIAL_ZERO, age_group, age_on
from timing.race.rules import AgeGroup

DAY = date(2026, 9, 3)


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("1990-01-01", 36),
        ("1990-09-03", 36),  # turns 36 on the day
        ("1990-09-04", 35),
        ("1990.1.1", 36),
        ("1990. 01. 01.", 36),
        ("1990/1/1", 36),
        ("1990년 1월 1일", 36),
        ("1990년 1월 1일생", 36),
        ("90.1.1", 36),
        ("90-01-01", 36),
        ("900101", 36),
        ("19900101", 36),
        ("1990-01-01 00:00:00", 36),
        ("1990-01-01 오전 12:00:00", 36),
        ("1990. 1. 1.(월)", 36),
        ("1990.1.1 (양력)", 36),
        ("'90.1.1", 36),
        ("1990 01 01", 36),
        ("19900101.0", 36),
        ("32874", 36),  # 1990-01-01 as a spreadsheet counts days
        ("1990", 36),
        ("1990년", 36),
        ("90년생", 36),
        ("050302", 21),
        ("50302", 21),  # the same without its zero: as a day number it would lie in the future
        ("2005-03-02", 21),
        ("1940-01-01", 86),
    ],
)
def test_a_birth_in_any_writing(text: str, age: int) -> None:
    assert age_on(DAY, text) == age


@pytest.mark.parametrize(
    "text",
    [
        "",
        "사과",
        "1990-13-01",
        "1990-02-30",
        "01/02/1990",
        "2026-09-04",
        "1880-01-01",
        "30506",
        "199",
        "36세",
        "1990.1.1(음)",
    ],
)
def test_what_is_unclear_gives_no_age(text: str) -> None:
    """30506 is a day of 1983 as well as the 6th of May 2003."""
    assert age_on(DAY, text) is None


births = st.dates(date(1930, 1, 1), DAY - timedelta(days=5 * 366))


@given(births, st.sampled_from(["%Y-%m-%d", "%Y.%m.%d", "%Y%m%d", "%y%m%d", "%y.%m.%d", "%Y년 %m월 %d일"]))
def test_every_writing_of_a_birth_tells_the_same_age(birth: date, writing: str) -> None:
    turned = DAY.year - birth.year - ((DAY.month, DAY.day) < (birth.month, birth.day))
    read = age_on(DAY, birth.strftime(writing))
    assert read == turned


@given(births)
def test_a_day_number_is_read_or_unclear_and_never_wrong(birth: date) -> None:
    turned = DAY.year - birth.year - ((DAY.month, DAY.day) < (birth.month, birth.day))
    assert age_on(DAY, str((birth - SERIAL_ZERO).days)) in (turned, None)


GROUPS = AgeGroup("청년", 0, 39), AgeGroup("여자 장년", 40, 150, "F"), AgeGroup("남자 장년", 40, 59, "M")


@pytest.mark.parametrize(
    ("age", "sex", "name"),
    [
        (39, "M", "청년"),
        (39, "", "청년"),
        (40, "F", "여자 장년"),
        (59, "M", "남자 장년"),
        (60, "M", None),
        (40, "", None),
    ],
)
def test_the_age_group_has_both_its_ends(age: int, sex: str, name: str | None) -> None:
    found = age_group(GROUPS, age, sex)
    assert (found and found.name) == name
