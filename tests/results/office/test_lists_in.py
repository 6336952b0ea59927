"""Lists taken in by the office's browser: looked at row by row first, told how they are meant, written once, gone afterwards."""

import asyncio
import re
from contextlib import ExitStack
from pathlib import Path

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.requests import Request

from results.office.web.uploaded_form import PARTS_MOST, UPLOAD_MOST, UploadedForm, uploaded_form
from server.office_side import office_beside
from tests.clock_and_chance import ManualClock
from tests.results.office.test_office_pages import Device, House, hidden, house
from tests.rosters import csv_file, xlsx_file
from timing.feed import RaceFeed
from timing.people.office_seats import LINK_LASTS
from timing.race.events import EntrantRegistered

__all__ = ["house"]

PAGE = "/office/rosters"
BOUNDARY = b"----b"
MANY = [("list.csv", b"x")] * (PARTS_MOST + 1)


def form_data(*files: tuple[str, bytes]) -> bytes:
    parts = [
        b'--%b\r\nContent-Disposition: form-data; name="file"; filename="%b"\r\nContent-Type: x/y\r\n\r\n%b\r\n'
        % (BOUNDARY, name.encode(), data)
        for name, data in files
    ]
    return b"".join(parts) + b"--" + BOUNDARY + b"--\r\n"


def sends_body(device: Device, body: bytes) -> httpx2.Response:
    return device.asks(PAGE, "POST", body, **{"content-type": "multipart/form-data; boundary=----b"})


def uploaded(device: Device, *files: Path) -> str:
    """The address of the page that shows the files."""
    body = form_data(*((file.name, file.read_bytes()) for file in files))
    answer = sends_body(device, body)
    assert answer.status_code == 303, answer.text
    return answer.headers["location"]


def entered(house: House) -> list[tuple[str, str, str]]:
    """The people of lists: what they are called, and who took them in."""
    names = house.opened.directory.names().people
    facts = [one.event for one in house.opened.log.read() if isinstance(one.event, EntrantRegistered) and one.event.by]
    return [(names[fact.entrant], fact.by, fact.role) for fact in facts]


@pytest.fixture
def director(house: House) -> Device:
    return house.somebody("director")


def test_a_list_is_shown_row_by_row_and_written_once_when_it_is_taken_in(
    house: House, director: Device, tmp_path: Path
) -> None:
    rows = (
        ["가산정밀", "김하늘", "40대"],
        ["가산정밀", "김보라", "30대"],
        ["구로소프트", "한새로", "20대"],
        ["합계", "3명", ""],
    )
    roster = csv_file(tmp_path / "명단.csv", ["소속", "성명", "부문"], *rows)
    where = uploaded(director, roster)
    page = director.asks(where).text
    assert "30대 → 40대" in page and "<small>4행</small>" in page and "합계" in page
    assert "이보람" in page and "김보라" not in page  # who is missing, and who stays as they are
    assert str(tmp_path) not in page and str(house.opened.root) not in page and entered(house) == []
    sent = hidden(page, "take")
    done = [director.sends(where, **sent) for _press in range(2)]
    assert [one.headers["location"] for one in done] == [f"{PAGE}?new=1&changed=1"] * 2
    assert sorted(entered(house)) == [("김하늘", "김총괄", "director"), ("한새로", "김총괄", "director")]
    assert director.asks(where).status_code == 404 and [*house.opened.root.glob("office/uploads/*")] == []


def test_a_workbook_with_a_heading_that_nobody_knows_is_read_as_the_director_says(
    house: House, director: Device, tmp_path: Path
) -> None:
    where = uploaded(
        director, xlsx_file(tmp_path / "list.xlsx", ["Firma", "Läufer", "배번"], ["한빛테크", "박새로", 88])
    )
    page = director.asks(where).text
    assert "가져올 수 없음: 1건" in page and 'name="heading Firma"' in page and "박새로" in page
    answers = {"heading Firma": "company", "heading Läufer": "name", "form": "look"}
    assert director.sends(where, **answers).status_code == 303
    page = director.asks(where).text
    assert re.search(r'<option value="company" selected>', page) and "take" in hidden(page, "take").values()
    director.sends(where, **hidden(page, "take"))
    assert entered(house) == [("박새로", "김총괄", "director")]


def test_rows_that_cannot_be_taken_in_are_named_with_their_reason_and_hold_up_all_others(
    house: House, director: Device, tmp_path: Path
) -> None:
    rows = ["가산정밀", "한새로", "50"], ["가산정밀", "", ""], ["구로소프트", "박바다", "칠"]
    page = director.asks(uploaded(director, csv_file(tmp_path / "명단.csv", ["소속", "성명", "배번"], *rows))).text
    assert "<b>3행</b>" in page and "<b>4행</b>" in page and 'name="seen"' not in page
    assert 'name="firm"' in page and entered(house) == []


def test_somebody_who_may_be_another_person_is_asked_about_and_the_answer_counts(
    house: House, director: Device, tmp_path: Path
) -> None:
    roster = csv_file(
        tmp_path / "명단.csv", ["소속", "성명", "성별"], ["가산정밀", "김하늘", "남"], ["가산정밀", "김보라", "여"]
    )
    where = uploaded(director, roster)
    assert 'name="person e00417"' in director.asks(where).text
    director.sends(where, form="look", **{"person e00417": "same"})
    page = director.asks(where).text
    assert "F → M" in page and 'value="same" selected' in page
    director.sends(where, form="look", **{"person e00417": "other"})
    page = director.asks(where).text
    assert "F → M" not in page
    director.sends(where, **hidden(page, "take"))
    assert entered(house) == [("김하늘", "김총괄", "director")] and len(house.opened.fold().entrants) == 5


def test_a_preview_that_is_untrue_by_now_is_shown_again_and_nothing_is_written(
    house: House, director: Device, tmp_path: Path
) -> None:
    where = uploaded(director, csv_file(tmp_path / "명단.csv", ["소속", "성명"], ["가산정밀", "한새로"]))
    seen = hidden(director.asks(where).text, "take")
    other = uploaded(director, csv_file(tmp_path / "다른.csv", ["소속", "성명"], ["가산정밀", "박바다"]))
    director.sends(other, **hidden(director.asks(other).text, "take"))
    late = director.sends(where, **seen)
    assert late.status_code == 409 and [name for name, *_who in entered(house)] == ["박바다"]
    assert director.sends(where, **hidden(late.text, "take")).status_code == 303 and len(entered(house)) == 2


def test_files_go_when_they_are_left_and_after_a_day_and_are_the_owner_s_alone_meanwhile(
    house: House, director: Device, tmp_path: Path
) -> None:
    roster = csv_file(tmp_path / "명단.csv", ["소속", "성명"], ["가산정밀", "한새로"])
    left, kept = uploaded(director, roster), uploaded(director, roster)
    files = [*(house.opened.root / "office").rglob("*")]
    assert files and not any(one.stat().st_mode & 0o077 for one in files)
    assert [director.sends(left, form=form).status_code for form in ("x", "leave")] == [422, 303]
    assert [director.asks(one).status_code for one in (left, kept)] == [404, 200]
    clock = house.opened.clock
    assert isinstance(clock, ManualClock)
    clock.tick(LINK_LASTS)
    assert house.somebody("director").asks(kept).status_code == 404
    with ExitStack() as stack:
        office_beside(house.opened, RaceFeed(house.opened, print), stack)  # as every quarter of an hour
        assert [*house.opened.root.glob("office/uploads/*")] == []


@pytest.mark.parametrize(
    "body",
    [b"", form_data(), form_data(("empty.csv", b"")), b"x" * (UPLOAD_MOST + 1), form_data(*MANY)],
    ids=["none", "no", "empty", "large", "many"],
)
def test_an_upload_without_a_file_or_with_too_much_is_refused(house: House, director: Device, body: bytes) -> None:
    answer = sends_body(director, body)
    assert answer.status_code == 422 and not (house.opened.root / "office" / "uploads").exists()


def test_what_is_no_list_is_told_in_a_sentence(director: Device, tmp_path: Path) -> None:
    picture = tmp_path / "사진.png"
    picture.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    page = director.asks(uploaded(director, picture)).text
    assert 'role="alert"' in page and "사진.png" in page and 'name="seen"' not in page


@given(
    st.binary(max_size=300), st.text(st.characters(exclude_characters='"\r\n%', exclude_categories=["Cs"]), min_size=1)
)
def test_a_file_comes_as_it_was_sent_byte_by_byte(content: bytes, name: str) -> None:
    if content and BOUNDARY not in content:
        assert read(form_data((name, content), ("b", b"\r\n"))).files == ((name, content), ("b", b"\r\n"))


def read(body: bytes) -> UploadedForm:
    """What comes of a form's body."""

    async def receive() -> dict[str, object]:
        return {"type": "http.request", "body": body, "more_body": False}

    kind = b"multipart/form-data; boundary=" + BOUNDARY
    return asyncio.run(uploaded_form(Request({"type": "http", "headers": [(b"content-type", kind)]}, receive)))
