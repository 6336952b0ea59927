"""Prizes in the office's browser: handed out once, taken back, and told of when they are somebody else's."""

import pytest

from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.race.events import FactUndone, PrizeHandedOut, RulesSet
from timing.race.rules import rules_of

__all__ = ["house"]

PAGE = "/office/prizes"
RULES = """[[ranking]]
name = "firms"
group = "company"
pick = 2

[[prize]]
name = "종합 우승"
ranking = "overall"
places = 1

[[prize]]
name = "참가상"
ranking = "firms"
places = 1
"""
BEST = {"form": "hand", "prize": "종합 우승", "division": "all", "place": "1", "winner": "e00417"}
GIVEN = ("종합 우승", "all", 1, "e00417", "김총괄", "director")


@pytest.fixture
def director(house: House) -> Device:
    house.opened.log.record([RulesSet(rules_of(RULES, "rules.toml"), "desk", "")])
    return house.somebody("director")


def given(house: House) -> list[tuple[str, str, int, str, str, str]]:
    prizes = house.opened.fold().office.prizes.values()
    return [(one.prize, one.division, one.place, one.winner, one.by, one.role) for one in prizes]


def disqualified(director: Device) -> str:
    return director.sends("/office/people/e00417", form="status", status="dsq", why="코스 이탈").text


def test_a_prize_goes_to_its_winner_by_one_press_and_counts_once(house: House, director: Device) -> None:
    page = director.asks(PAGE).text
    assert hidden(page, "hand") | BEST == hidden(page, "hand")
    assert [director.sends(PAGE, **hidden(page, "hand")).status_code for _press in range(2)] == [303, 303]
    assert given(house) == [GIVEN]
    other_page = director.sends(PAGE, **BEST)
    assert other_page.status_code == 422 and given(house) == [GIVEN]


def test_a_firm_has_its_prize_as_a_runner_has(house: House, director: Device) -> None:
    firm = {"form": "hand", "prize": "참가상", "division": "all", "place": "1", "winner": "c0001"}
    assert director.sends(PAGE, **firm).status_code == 303
    assert [winner for _prize, _list, _place, winner, *_who in given(house)] == ["c0001"]


def test_what_was_handed_out_is_taken_back_and_given_again(house: House, director: Device) -> None:
    director.sends(PAGE, **BEST)
    assert director.sends(PAGE, **hidden(director.asks(PAGE).text, "undo")).status_code == 303
    assert given(house) == [] and director.sends(PAGE, **BEST).status_code == 303
    assert given(house) == [GIVEN]


def test_every_preview_of_a_ruling_that_moves_a_prize_says_that_it_is_handed_out(
    house: House, director: Device
) -> None:
    told = "종합 우승, 1위: 김하늘"
    assert told not in disqualified(director)
    director.sends(PAGE, **BEST)
    preview = disqualified(director)
    assert told in preview and told not in director.asks(PAGE).text
    director.sends("/office/people/e00417", **hidden(preview))
    assert told in director.asks(PAGE).text


def test_a_prize_in_the_wrong_hands_is_given_back_and_handed_to_its_winner(house: House, director: Device) -> None:
    director.sends(PAGE, **BEST)
    director.sends("/office/people/e00417", **hidden(disqualified(director)))
    director.sends(PAGE, **hidden(director.asks(PAGE).text, "undo"))
    assert director.sends(PAGE, **{**BEST, "winner": "e00418"}).status_code == 303
    assert [(winner, place) for _p, _d, place, winner, *_who in given(house)] == [("e00418", 1)]
    assert "종합 우승, 1위: 김하늘" not in director.asks(PAGE).text


@pytest.mark.parametrize(
    "sent", [{"winner": "e00418"}, {"place": "2"}, {"place": "x"}, {"prize": "없는 상"}, {"form": "undo", "pos": "1"}]
)
def test_a_prize_that_is_not_theirs_and_what_is_no_prize_are_refused(
    house: House, director: Device, sent: dict[str, str]
) -> None:
    assert director.sends(PAGE, **{**BEST, **sent}).status_code == 422
    kinds = [one.event for one in house.opened.log.read() if isinstance(one.event, PrizeHandedOut | FactUndone)]
    assert kinds == []
