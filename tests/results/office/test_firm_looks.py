"""A firm's colour and logo by a form: tried, kept, shown on the bib and on the board, taken back; who decided it is kept."""

from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.boards import late_finish
from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.race.firms import PLAIN, FirmCard

__all__ = ["house"]
PAGE = "/office/firms/c0001"
MARK = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 200 80" width="200" height="80">
<rect width="80" height="80" fill="#0B4F8A"/><circle cx="140" cy="40" r="30" fill="#E4572E"/></svg>"""


def picture(kind: str, side: int = 160) -> bytes:
    file = BytesIO()
    Image.new("RGB", (side, side), "#0B4F8A").save(file, kind)
    return file.getvalue()


def uploads(director: Device, fields: dict[str, str], name: str = "", data: bytes = b"") -> tuple[int, str]:
    """The status and the page that answers the form as a browser sends it, with its file."""
    parts = [
        f'--x\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{told}\r\n'.encode()
        for key, told in fields.items()
    ]
    head = f'--x\r\nContent-Disposition: form-data; name="logo"; filename="{name}"\r\n\r\n'.encode()
    body = b"".join([*parts, head, data, b"\r\n--x--\r\n"])
    answer = director.asks(PAGE, "POST", body, **{"content-type": "multipart/form-data; boundary=x"})
    return answer.status_code, answer.text


def look(house: House) -> FirmCard:
    return house.opened.directory.cards().get("c0001", FirmCard("c0001"))


@pytest.mark.parametrize(
    ("name", "data"), [("로고.SVG", MARK), ("logo.png", picture("PNG")), ("logo.jpg", picture("JPEG"))]
)
def test_colour_and_logo_are_kept_shown_and_taken_back(house: House, name: str, data: bytes) -> None:
    director = house.somebody("director", "김총괄")
    house.opened.directory.keep_card(FirmCard("c0001", link="https://gasan.example/", blurb="함께"))
    status, page = uploads(director, {"form": "look", "colour": "#0b4f8a"}, name, data)
    assert status == 200 and "<image" in page and "총괄 김총괄" in page
    kept = look(house).design
    assert (kept.colour, kept.logo_percent, look(house).blurb) == ("#0B4F8A", 0, "함께")
    assert (house.opened.root / "logos" / kept.logo).read_bytes() == data
    assert "<image" in director.asks("/office/firms").text
    back = page.partition('name="kept" value="')[2].partition('"')[0].replace("&#34;", '"')
    assert uploads(director, {"form": "back", "kept": back})[0] == 200
    assert look(house).design.plain and not look(house).design.logo


def test_what_nobody_would_read_or_no_logo_is_refused_without_a_path_and_nothing_changes(house: House) -> None:
    director = house.somebody("director")
    for fields, name, data in (
        ({"form": "look", "colour": "#ffee00"}, "", b""),
        ({"form": "look", "colour": "#0b4f8a"}, "logo.png", picture("PNG", 20)),
        ({"form": "look", "colour": "#0b4f8a"}, "../../logo.svg", b"<svg/>"),
        ({"form": "back", "kept": '{"logo":"../race.toml"'}, "", b""),
        ({"form": "else"}, "", b""),
    ):
        status, page = uploads(director, fields, name, data)
        assert status == 422 and 'role="alert"' in page, fields
        assert str(Path("/tmp")) not in page.partition("<main")[2]
    assert look(house).design == PLAIN
    assert director.asks("/office/firms/c9999").status_code == 404


def test_a_logo_of_another_firm_or_a_file_of_the_race_is_never_taken_by_its_name(house: House) -> None:
    director = house.somebody("director")
    uploads(director, {"form": "back", "kept": '{"colour":"#0B4F8A","logo":"../race.toml","logo_percent":0}'})
    assert look(house).design.logo == ""


def test_two_spellings_become_one_firm_after_a_look_and_two_again(house: House) -> None:
    director = house.somebody("director", "김총괄")
    assert "구로소프트" in director.asks(PAGE).text.partition('<datalist id="firms">')[2]
    preview = director.sends(f"{PAGE}/ruling", form="merge", into="구로 소프트", why="같은 회사")
    assert preview.status_code == 200 and "(총괄 김총괄: 같은 회사)" in preview.text
    assert house.opened.fold().office.company_now("c0001") == "c0001"
    assert director.sends(f"{PAGE}/ruling", **hidden(preview.text)).status_code == 303
    merged = director.asks(f"{PAGE}?done=1").text
    assert house.opened.fold().office.company_now("c0001") == "c0002"
    assert "지금은 구로소프트" in merged and 'name="into"' not in merged
    undo = director.sends(f"{PAGE}/ruling", **hidden(director.asks("/office/firms/c0002").text, "undo"))
    director.sends(f"{PAGE}/ruling", **hidden(undo.text))
    assert house.opened.fold().office.company_now("c0001") == "c0001"


def test_how_many_a_firm_employs_is_shown_then_recorded(house: House) -> None:
    director = house.somebody("director", "김총괄")
    preview = director.sends(f"{PAGE}/ruling", form="employees", employees="320", why="회사 신고")
    late_finish(house.opened, 6, "40:00")  # who comes in meanwhile and changes no prize holds nothing up
    assert director.sends(f"{PAGE}/ruling", **hidden(preview.text)).status_code == 303
    assert house.opened.fold().office.employees["c0001"] == 320
    assert 'value="320"' in director.asks(PAGE).text


@pytest.mark.parametrize(
    "sent",
    [{"form": "merge", "into": "없는 회사"}, {"form": "merge", "into": "가산정밀"}, {"form": "merge", "into": ""}, {"form": "merge", "into": "구로소프트", "why": ""},
     {"form": "employees", "employees": "많이"}, {"form": "employees", "employees": "-1"}, {"form": "undo", "pos": "2"}, {"form": "x"}],
)  # fmt: skip
def test_what_cannot_be_ruled_about_a_firm_is_refused(house: House, sent: dict[str, str]) -> None:
    director, before = house.somebody("director"), house.opened.log.head()
    assert director.sends(f"{PAGE}/ruling", **{"why": "x", **sent}).status_code == 422
    gone = director.sends("/office/firms/c0999/ruling", form="employees", employees="3", why="x")
    assert gone.status_code in (404, 422) and house.opened.log.head() == before
