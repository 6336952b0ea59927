"""Editions in the office's browser: nothing is official while something is open that nobody answered."""

import pytest

from tests.results.office.test_office_pages import House, hidden, house

__all__ = ["house"]


def provisional(house: House, minutes: str = "30") -> None:
    answer = house.somebody("director").sends("/office/editions", form="provisional", minutes=minutes, after="0")
    assert answer.status_code == 303


def test_a_provisional_edition_bears_the_director_s_name_and_one_that_is_sent_twice_counts_once(house: House) -> None:
    provisional(house)
    again = house.somebody("director").sends("/office/editions", form="provisional", minutes="30", after="0")
    assert again.status_code == 409
    assert [(one.state, one.by, one.role) for one in house.opened.fold().editions] == [
        ("provisional", "김총괄", "director")
    ]


def test_official_takes_an_answer_to_each_thing_that_is_open(house: House) -> None:
    provisional(house)
    director = house.somebody("director")
    page = director.asks("/office/editions").text
    assert "Anna Lee" in page and 'name="early"' in page and 'value="finish-1"' in page
    sent = hidden(page, "official")
    stations = {"despite0": "finish-1", "despite1": "start-1"}
    for answers in ({}, {"early": "1"}, {"early": "1", **stations}):
        assert director.sends("/office/editions", **sent, **answers).status_code == 422
    told = director.sends("/office/editions", **sent, early="1", why="집에 있음", **stations)
    assert told.status_code == 303
    official = house.opened.fold().editions[-1]
    assert (official.state, official.why, set(official.despite)) == ("official", "집에 있음", {"finish-1", "start-1"})


def test_results_that_changed_since_the_page_was_made_are_shown_again_before_they_are_official(house: House) -> None:
    provisional(house, "0")
    director = house.somebody("director")
    sent = hidden(director.asks("/office/editions").text, "official")
    preview = director.sends("/office/people/e00417", form="status", status="dsq", why="코스 이탈")
    director.sends("/office/people/e00417", **hidden(preview.text))
    late = director.sends("/office/editions", **sent, early="1", why="x", despite0="finish-1", despite1="start-1")
    assert late.status_code == 409 and "김하늘" in late.text.partition('id="changes"')[2]
    assert len(house.opened.fold().editions) == 1


@pytest.mark.parametrize(
    ("form", "why", "status"), [("hide", "", 422), ("hide", "시상식까지", 303), ("reveal", "", 422)]
)
def test_results_are_hidden_for_a_reason_and_shown_only_where_they_are_hidden(
    house: House, form: str, why: str, status: int
) -> None:
    director = house.somebody("director")
    assert director.sends("/office/editions", form=form, why=why, after="0").status_code == status
    assert house.opened.fold().office.hidden == (status == 303)


@pytest.mark.parametrize("minutes", ["", "-1", "999999", "²"])
def test_a_protest_window_that_cannot_be_is_refused(house: House, minutes: str) -> None:
    answer = house.somebody("director").sends("/office/editions", form="provisional", minutes=minutes, after="0")
    assert answer.status_code == 422 and not house.opened.fold().editions
