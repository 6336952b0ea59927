"""Stations let in by the director's page: the token is shown once with its QR, replaced only when that is said, taken back; who did it is kept."""

import re
from html import unescape

import pytest

from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.stations.enrolment import Enrolment, read_enrolment

__all__ = ["house"]
PAGE = "/office/stations"
SERVER = "http://192.0.2.7:8000"


def shown(page: str) -> Enrolment | None:
    found = re.search(r'class="secret">([^<]+)<', page)
    return read_enrolment(unescape(found[1])) if found else None


def lets_in(director: Device, **more: str) -> Enrolment:
    answer = director.sends(PAGE, form="enrol", name="finish-1", server=SERVER, **more)
    given = shown(answer.text)
    assert answer.status_code == 200 and "<svg" in answer.text and given
    return given


def test_a_station_is_let_in_by_a_word_that_is_shown_once_and_who_gave_it_is_told(house: House) -> None:
    director = house.somebody("director", "김총괄")
    given = lets_in(director)
    assert (given.server, given.name) == (SERVER, "finish-1")
    assert house.opened.directory.station_of(given.token) == "finish-1"
    later = director.asks(PAGE).text
    assert given.token not in later and "finish-1 스테이션에 토큰 발급 (총괄 김총괄)" in later


def test_a_new_token_shuts_the_old_one_out_and_must_be_asked_for(house: House) -> None:
    director = house.somebody("director")
    first = lets_in(director)
    refused = director.sends(PAGE, form="enrol", name="finish-1", server=SERVER)
    assert refused.status_code == 422 and 'name="again"' in refused.text and shown(refused.text) is None
    assert house.opened.directory.station_of(first.token) == "finish-1"
    second = lets_in(director, again="1")
    assert house.opened.directory.station_of(first.token) is None
    assert house.opened.directory.station_of(second.token) == "finish-1"


def test_a_token_that_is_taken_back_lets_nobody_in(house: House) -> None:
    director = house.somebody("director")
    given = lets_in(director)
    assert "finish-1 스테이션의 토큰 회수" in director.sends(PAGE, form="revoke", name="finish-1").text
    assert house.opened.directory.station_of(given.token) is None
    assert director.sends(PAGE, form="revoke", name="finish-1").status_code == 422


@pytest.mark.parametrize(
    "wrong",
    [{"name": "../finish"}, {"name": ""}, {"name": "가" * 41}, {"server": "192.0.2.7:8000"}, {"pinned": "1"}],
)
def test_what_is_no_station_s_name_or_no_address_lets_nobody_in(house: House, wrong: dict[str, str]) -> None:
    director = house.somebody("director")
    answer = director.sends(PAGE, **{"form": "enrol", "name": "finish-1", "server": SERVER, **wrong})
    assert answer.status_code == 422 and 'role="alert"' in answer.text
    assert not house.opened.directory.stations()


def test_an_enrolment_names_the_race_s_own_certificate_where_that_is_said(house: House) -> None:
    given = shown(
        house.somebody("director")
        .sends(PAGE, form="enrol", name="start-1", server="https://192.0.2.7:8443", pinned="1")
        .text
    )
    assert given and len(given.fingerprint) == 64


def test_a_station_that_stood_elsewhere_is_shown_recorded_and_taken_back(house: House) -> None:
    director = house.somebody("director", "김총괄")
    shown = director.sends(f"{PAGE}/ruling", form="point", station="finish-1", point="start", why="표지를 바꿔 닮")
    assert shown.status_code == 200 and "(총괄 김총괄: 표지를 바꿔 닮)" in shown.text
    assert director.sends(f"{PAGE}/ruling", **hidden(shown.text)).status_code == 303
    assert house.opened.fold().office.repointed["finish-1"][0].point == "start"
    page = director.asks(f"{PAGE}?done=1").text
    undo = director.sends(f"{PAGE}/ruling", **hidden(page, "undo"))
    assert director.sends(f"{PAGE}/ruling", **hidden(undo.text)).status_code == 303
    assert house.opened.fold().office.repointed == {}


def test_a_clock_that_was_ahead_is_ruled_with_its_uncertainty(house: House) -> None:
    director = house.somebody("director")
    told = {"form": "clock", "station": "finish-1", "seconds": "+2.35", "uncertain": "50", "why": "시계 비교"}
    shown = director.sends(f"{PAGE}/ruling", **told)
    assert director.sends(f"{PAGE}/ruling", **hidden(shown.text)).status_code == 303
    ruled = house.opened.fold().office.clocks["finish-1"]
    assert (ruled.ahead, ruled.uncertainty) == (2_350_000, 50_000)


@pytest.mark.parametrize(
    "sent",
    [{"form": "point", "station": "finish-9", "point": "start"}, {"form": "clock", "station": "finish-1", "seconds": "viel"},
     {"form": "clock", "station": "finish-1", "seconds": "1", "why": ""}, {"form": "undo", "pos": "2"}, {"form": "x"}],
)  # fmt: skip
def test_what_cannot_be_ruled_about_a_station_is_refused(house: House, sent: dict[str, str]) -> None:
    before = house.opened.log.head()
    answer = house.somebody("director").sends(f"{PAGE}/ruling", **{"why": "x", **sent})
    assert answer.status_code == 422 and 'value="http' in answer.text and house.opened.log.head() == before
