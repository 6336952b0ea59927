"""Bibs printed by the office's browser: chosen firms, who is new, one again; the proof's verdict, and files to fetch."""

import io
import zipfile
from typing import Any

import pytest

from bibs.printing.proof import NotProved, prove_mixed
from results.office.web.print_routes import PACKED
from tests.results.office.test_background_jobs import over
from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.language import verbatim
from timing.race.events import BibsPrinted

__all__ = ["house"]

PAGE = "/office/bibs"
PROVING = "bibs.printing.packet.prove_mixed"


@pytest.fixture
def director(house: House) -> Device:
    return house.somebody("director")


def printed_bibs(house: House) -> set[int]:
    """Whose bibs are on paper."""
    race = house.opened.fold()
    return {one.bib for one in race.entrants.values() if one.bib and one.code in race.office.printed}


def printed(director: Device, **sent: str) -> tuple[str, str]:
    """The job's address, and its page once it is over."""
    answer = director.sends(PAGE, form="print", **sent)
    assert answer.status_code == 303, answer.text
    where = answer.headers["location"]
    return where, over(director, where)


def test_the_packets_of_chosen_firms_are_printed_proved_and_fetched_and_then_who_is_new(
    house: House, director: Device
) -> None:
    before = director.asks(PAGE).text
    assert "가산정밀" in before and "c0001" in before and "10-배번" not in before
    where, page = printed(director, **{"firm c0001": "1"})
    assert "2장" in page and "판독기" in page and str(house.opened.root) not in page
    folders = sorted(folder.name[:5] for folder in house.opened.root.glob("bibs/*/"))
    assert folders == ["c0001"]
    assert director.asks(f"{where}/0").content.startswith(b"%PDF")
    assert "10-배번.pdf" in director.asks(PAGE).text
    assert director.asks(f"{PAGE}/c0001/10-배번.pdf").content.startswith(b"%PDF")
    assert director.asks(f"{PAGE}/c0001/manifest.json").status_code == 404

    where, page = printed(director, only_new="1", spares="2", output="office", layout="a5")
    assert PACKED in page
    with zipfile.ZipFile(io.BytesIO(director.asks(f"{where}/0").content)) as packed:
        names = packed.namelist()
    assert {name.partition("-")[0] for name in names if "/" in name} == {"c0002", "spare"}
    assert "index.pdf" in names
    assert "새 참가자가 없어" in printed(director, only_new="1")[1]


def test_a_firm_whose_sheet_was_refused_is_not_printed_and_the_one_before_it_is(
    house: House, director: Device, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusing(*told: Any) -> None:
        if told[1][0][0].id == "c0001":
            raise NotProved(verbatim("1쪽: 읽히지 않음"))
        prove_mixed(*told)

    monkeypatch.setattr(PROVING, refusing)
    assert 'role="alert"' in printed(director)[1]
    assert printed_bibs(house) == {5, 6}
    counter = house.somebody("counter", "이접수")
    assert counter.sends("/office/people/e00417/bib", form="hand").status_code == 422
    assert 'action="/office/people/e00417/print"' in counter.asks("/office/people/e00417").text
    monkeypatch.setattr(PROVING, prove_mixed)
    printed(director, only_new="1")
    assert printed_bibs(house) == {417, 418, 5, 6}
    assert counter.sends("/office/people/e00417/bib", form="hand").status_code == 303


def test_what_was_printed_elsewhere_is_said_by_the_director_and_taken_back(house: House, director: Device) -> None:
    printed(director, **{"firm c0001": "1"})
    counter = house.somebody("counter", "이접수")
    assert counter.sends("/office/people/e00006/bib", form="hand").status_code == 422
    assert director.sends(PAGE, form="said", elsewhere="인쇄소").status_code == 422  # of whom
    assert director.sends(PAGE, form="said", **{"firm c0002": "1"}).status_code == 422  # by whom
    said = {"form": "said", "elsewhere": "빛나인쇄", "firm c0001": "1", "firm c0002": "1"}
    assert director.sends(PAGE, **said).status_code == 303
    assert director.sends(PAGE, **said).status_code == 422  # all of it is printed now
    page = director.asks(PAGE).text
    assert "구로소프트: " in page and "(총괄 김총괄: 빛나인쇄)" in page and "<b>2</b>" not in page
    assert "새 참가자가 없어" in printed(director, only_new="1")[1]
    assert printed_bibs(house) == {417, 418, 5, 6}
    assert director.sends(PAGE, **hidden(page, "undo")).status_code == 303
    assert printed_bibs(house) == {417, 418}


def test_the_log_says_who_had_bibs_printed(house: House, director: Device) -> None:
    printed(director, **{"firm c0001": "1"})
    (fact,) = [one.event for one in house.opened.log.read() if isinstance(one.event, BibsPrinted)]
    assert (len(fact.codes), fact.by, fact.role, fact.why) == (2, "김총괄", "director", "")


def test_one_bib_is_printed_again_and_nobody_s_is_not(house: House, director: Device) -> None:
    where = director.sends(PAGE, form="again", again="417").headers["location"]
    assert ">배번-417.pdf" in over(director, where) and not [*house.opened.root.glob("bibs/c*")]
    where = director.sends(PAGE, form="again", again="417").headers["location"]
    assert ">재발행-배번-417.pdf" in over(director, where)  # by now it is one
    where = director.sends(PAGE, form="again", again="77").headers["location"]
    assert "77" in over(director, where) and 'role="alert"' in over(director, where)


@pytest.mark.parametrize(
    "sent",
    [{}, {"form": "again", "again": "열"}, {"form": "print", "spares": "viele"}, {"form": "print", "spares": "-1"}],
)
def test_what_is_no_order_is_told_and_nothing_is_printed(house: House, director: Device, sent: dict[str, str]) -> None:
    answer = director.sends(PAGE, **sent)
    assert answer.status_code == 422 and "notice wrong" in answer.text
    assert not (house.opened.root / "bibs").exists()
