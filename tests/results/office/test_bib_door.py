"""A bib's QR opened by a phone's camera: the office's page on an official's phone, the public page on any other."""

import pytest

from server.race_server import apart
from tests.boards import ask
from tests.builders import code_of
from tests.results.office.test_office_pages import House, house
from timing.race.events import Role, SpareDrawn

__all__ = ["house"]
BIB = f"/B/{code_of(417)}"
WITHIN = f"/office/b/{code_of(417)}"


@pytest.mark.parametrize("role", ["director", "counter", "entry"])
def test_on_an_official_s_phone_the_bib_leads_to_the_person_s_page(house: House, role: Role) -> None:
    phone = house.somebody(role)
    assert f"url={WITHIN}" in phone.asks(BIB).text
    assert phone.asks(WITHIN).headers["location"] == "/office/people/e00417"


@pytest.mark.parametrize("role", ["medical", "viewer", None])
def test_any_other_phone_is_led_to_the_public_page_and_asked_no_more(house: House, role: Role | None) -> None:
    phone = house.somebody(role)
    assert "office_bib" not in phone.cookies
    phone.cookies["office_bib"] = "1"
    away = phone.asks(WITHIN)
    assert away.headers["location"] == BIB and 'office_bib=""; ' in away.headers["set-cookie"]
    assert "김하늘" not in away.text + phone.asks(BIB).text


def test_a_phone_that_was_taken_out_is_led_to_the_public_page(house: House) -> None:
    phone = house.somebody("counter", "이접수")
    house.seats.revoke("이접수")
    assert phone.asks(WITHIN).headers["location"] == BIB


def test_the_cookie_for_bibs_bears_no_right_and_the_session_s_stays_strict(house: House) -> None:
    told = house.somebody().sends(house.link("counter")).headers.get_list("set-cookie")
    session, bibs = (next(one for one in told if one.startswith(name)) for name in ("office=", "office_bib="))
    assert "SameSite=strict" in session and "Path=/office" in session
    assert bibs.startswith("office_bib=1; ") and "SameSite=lax" in bibs and "Path=/B" in bibs and "HttpOnly" in bibs
    stranger = house.somebody()
    stranger.cookies["office_bib"] = "1"
    assert stranger.asks("/office/people/e00417").status_code == 401


def test_whoever_leaves_has_neither_cookie(house: House) -> None:
    phone = house.somebody("counter")
    phone.sends("/office/leave")
    assert set(phone.cookies.values()) == {""}


def test_a_free_spare_leads_to_the_form_for_a_new_person_and_an_unknown_code_to_the_search(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter = house.somebody("counter")
    assert counter.asks(f"/office/b/{code_of(9001)}").headers["location"] == "/office/new?spare=9001"
    assert counter.asks("/office/b/X1").headers["location"] == "/office/people?q=X1"


def test_a_reader_that_types_the_qr_into_the_search_opens_the_page(house: House) -> None:
    found = house.somebody("counter").asks(f"/office/people?q=HTTPS%3A%2F%2FGV.TEST%2FB%2F{code_of(417)}")
    assert found.headers["location"] == "/office/people/e00417"


def test_the_board_answers_bibs_to_everybody_without_the_cookie(house: House) -> None:
    async def board(_scope: object, _receive: object, send: object) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})  # type: ignore[operator]
        await send({"type": "http.response.body", "body": b"the board"})  # type: ignore[operator]

    server = apart(None, board, house.app)
    assert ask(server, BIB).text == "the board"
    assert ask(server, BIB, cookie="vote=1").text == "the board"
    assert WITHIN in ask(server, BIB, cookie="vote=1; office_bib=1").text
    assert ask(house.app, BIB).status_code == 404  # the office at a port of its own
