"""The counter's lists for the end of the day, on a page and as a file."""

import pytest

from tests.builders import code_of
from tests.results.office.test_office_pages import House, hidden, house
from timing.race.events import BibAssigned, BibsHandedOut, EntrantRegistered, StatusRuled
from timing.race.firms import FirmCard
from timing.race.instants import Instant

__all__ = ["house"]


@pytest.fixture
def counted(house: House) -> House:
    """417 and 9 fetched their bibs, 9 did not start; 10 and 11 did not fetch theirs, 11 has withdrawn; the others ran without one."""
    house.opened.directory.keep_card(FirmCard("c0001", "가산타워", "3층"))
    house.opened.log.record([
        *(fact for bib in (9, 10, 11) for fact in (
            EntrantRegistered(f"e{bib}", "c0001", "", "F", "30대", "1"), BibAssigned(bib, f"e{bib}", code_of(bib)))),
        StatusRuled("e11", "withdrawn", "접수", "불참"),
        BibsHandedOut(("e00417", "e9"), "self", Instant(0), "접수"),
    ])  # fmt: skip
    return house


@pytest.mark.parametrize(("which", "bibs"), [
    ("waiting", ["10", "418", "5", "6"]), ("absent", ["9"]), ("unfetched", ["418", "5", "6"]),
])  # fmt: skip
def test_each_list_by_firm_on_the_page_and_in_the_file(counted: House, which: str, bibs: list[str]) -> None:
    counter = counted.somebody("counter")
    page = counter.asks(f"/office/packets/list?which={which}").text
    file = counter.asks(f"/office/packets/list.csv?which={which}")
    head, *lines = file.content.decode("utf-8-sig").splitlines()
    assert head == "bib,name,firm,team,building,floor,status"
    assert [line.partition(",")[0] for line in lines] == bibs
    assert all(f'<td class="n">{bib}</td>' in page for bib in bibs) and page.count('<td class="n">') == len(bibs)
    assert f'filename="{which}.csv"' in file.headers["content-disposition"]


def test_the_list_says_where_the_firm_is(counted: House) -> None:
    assert "가산타워 3층" in counted.somebody("counter").asks("/office/packets/list").text


def test_a_captain_gets_no_bib_of_whoever_has_withdrawn(counted: House) -> None:
    counter = counted.somebody("counter")
    assert "2 / 4" in counter.asks("/office/packets").text
    counter.sends("/office/packets", company="c0001")
    assert "e11" not in counted.opened.fold().office.handed_out


def test_a_packet_given_by_a_slip_is_taken_back_on_its_page_by_whoever_gave_it(counted: House) -> None:
    counter, other = counted.somebody("counter", "이접수"), counted.somebody("counter", "박접수")
    counter.sends("/office/packets", company="c0002")
    assert 'value="undo"' not in other.asks("/office/packets").text
    undo = hidden(counter.asks("/office/packets").text, "undo")
    assert other.sends("/office/packets", **undo).status_code == 422
    assert [counter.sends("/office/packets", **undo).status_code for _ in range(2)] == [303, 303]
    assert "0 / 2" in counter.asks("/office/packets").text


@pytest.mark.parametrize("asked", ["가산", "ㄱㅅㅈㅁ", "가산정밐"])
def test_a_firm_s_packet_is_found_as_people_say_its_name(counted: House, asked: str) -> None:
    page = counted.somebody("counter").asks(f"/office/packets?q={asked}").text
    assert "가산정밀" in page and "구로소프트" not in page


def test_an_unknown_list_is_refused(house: House) -> None:
    assert house.somebody("counter").asks("/office/packets/list?which=x").status_code in (400, 404, 422)
