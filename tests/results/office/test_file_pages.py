"""Everything to download from the office: results of now and of an edition, certificates firm by firm, the log, what changed."""

import json

import pytest

from tests.results.office.test_background_jobs import over
from tests.results.office.test_edition_pages import provisional
from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.log.backup import exported

__all__ = ["house"]

PAGE = "/office/files"


@pytest.fixture
def director(house: House) -> Device:
    return house.somebody("director")


def made(director: Device, **wanted: str) -> tuple[str, dict[str, bytes]]:
    """The page of the work once it is over, and its files by name."""
    answer = director.sends(PAGE, **wanted)
    assert answer.status_code == 303, answer.text
    page = over(director, answer.headers["location"])
    links = [part.partition("</a>")[0] for part in page.split('<a href="/office/jobs/')[1:]]
    told = [(link.partition('"')[0], link.rpartition(">")[2]) for link in links]
    return page, {name: director.asks(f"/office/jobs/{where}").content for where, name in told}


def test_results_of_now_come_in_every_format_that_was_asked_for_with_names_masked(director: Device) -> None:
    _page, files = made(director, form="results", edition="0", csv="1", json="1", html="1", xlsx="1", cp949="1")
    assert {*files} == {
        "results.csv", "rankings.csv", "cp949-results.csv", "cp949-rankings.csv", "results.json", "results.html", "results.xlsx",
    }  # fmt: skip
    assert "김*늘" in files["results.html"].decode() and "김하늘" not in files["results.html"].decode()
    assert files["results.xlsx"].startswith(b"PK") and "가산정밀".encode("cp949") in files["cp949-rankings.csv"]


def test_an_edition_s_files_tell_what_was_published_whatever_came_later(house: House, director: Device) -> None:
    provisional(house)
    preview = director.sends("/office/people/e00417", form="status", status="dsq", why="코스 이탈")
    director.sends("/office/people/e00417", **hidden(preview.text))
    _page, files = made(director, form="results", edition="1", csv="1", full="1")
    _page, now = made(director, form="results", edition="0", csv="1", full="1")
    assert "edition-1-results.csv" in files and files["edition-1-results.csv"] != now["results.csv"]
    assert "김하늘" in files["edition-1-results-named.csv"].decode()
    changes = director.asks("/office/editions/changes.csv?old=1").content.decode("utf-8-sig")
    assert "417" in changes and "김하늘" in changes and "실격" in changes
    told = director.asks("/office/editions/1/edition.jsonl")
    assert told.status_code == 200 and json.loads(told.content.splitlines()[0])
    assert director.asks("/office/editions/2/edition.jsonl").status_code == 404


def test_certificates_are_made_firm_by_firm_and_say_who_gets_none(house: House, director: Device) -> None:
    page, files = made(director, form="certificates", each="1")
    assert files == {} and 'role="alert"' in page  # nothing is published
    provisional(house)
    page, files = made(director, form="certificates", each="1", provisional="1")
    assert {*files} == {"기록증-가산정밀.pdf", "기록증-구로소프트.pdf"}
    assert all(pdf.startswith(b"%PDF") for pdf in files.values())
    page, files = made(director, form="certificates", firm="c0001", provisional="1")
    assert [*files] == ["기록증-가산정밀.pdf"]


def test_the_log_comes_as_the_command_exports_it(house: House, director: Device) -> None:
    _page, files = made(director, form="log")
    assert files == {"log.jsonl": b"".join(exported(fact) + b"\n" for fact in house.opened.log.read())}


@pytest.mark.parametrize(
    "sent",
    [{}, {"form": "results", "edition": "0"}, {"form": "results", "csv": "1", "edition": "x"}, {"form": "secrets"}],
)
def test_what_nobody_makes_is_refused(director: Device, sent: dict[str, str]) -> None:
    assert director.sends(PAGE, **sent).status_code == 422
