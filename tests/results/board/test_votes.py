"""Votes on designs and photos: pictures are made harmless, a device votes once, and counts are shown when it is over."""

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from starlette.types import ASGIApp

from marathon import _board_app
from results.board.follow import Follower
from tests.boards import Page, Run, ask, followed, race_folder
from tests.doors import ManualClock
from tests.spectators import ROBOTS, bomb, device, photo, posted
from tests.terminal import marathon
from timing.events import CompaniesMerged
from timing.firms import Design, FirmCard
from timing.folder import OpenRace
from timing.instants import SECOND, Instant, Span
from timing.store.ballots import Ballots
from timing.store.database import writing
from timing.store.spectators import Arrival, Sieve, Spectators

RUNS = [Run(417, "0:10", "17:03", name="김하늘"), Run(42, "0:11", company="c0002"), Run(7, company="c0003")]
HELL = [
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "‮gnp.exe\u202e",
    '"onmouseover="alert(1)',
    '=HYPERLINK("http://x")',
    "가" * 10_000,
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        yield made


@pytest.fixture
def add(opened: OpenRace, tmp_path: Path) -> Callable[..., int]:
    """Puts a photo up, as the organiser does; gives the exit code."""

    def put(file: Path | None = None, firm: str = "가산정밀", caption: str = "") -> int:
        chosen = file or photo(tmp_path / "photo.jpg")
        return marathon("vote", "photo", "add", chosen, "--firm", firm, "--caption", caption, "--race", opened.root)

    return put


@pytest.fixture
def follower(opened: OpenRace) -> Follower:
    return followed(opened, print)


@pytest.fixture
def app(opened: OpenRace, follower: Follower) -> ASGIApp:
    return _board_app(opened, follower)


def test_a_firm_s_page_and_the_home_page_lead_to_a_vote_while_it_is_open(
    opened: OpenRace, add: Callable[..., int]
) -> None:
    def leads() -> list[bool]:
        board = followed(opened, print).snapshot
        pages = [board.get(path) for path in ("c/c0001.html", "en/c/c0001.html", "index.html")]
        return [any(link.endswith("vote.html") for link in Page(page.plain.decode()).links) for page in pages if page]

    assert add() == 0 and leads() == [False] * 3
    assert marathon("vote", "open", "photo", "--race", opened.root) == 0 and leads() == [True] * 3
    assert marathon("vote", "close", "photo", "--race", opened.root) == 0 and leads() == [False] * 3


def test_a_copy_where_nobody_takes_votes_names_the_board_that_does(opened: OpenRace, add: Callable[..., int]) -> None:
    assert add() == 0 and marathon("vote", "open", "photo", "--race", opened.root) == 0
    copied = followed(opened, print, takes_messages=False).snapshot
    for path in ("vote.html", "en/vote.html"):
        page = copied.get(path)
        assert page and f"https://gv.test/{path}" in page.plain.decode()
        served = followed(opened, print).snapshot.get(path)
        assert served and "https://gv.test" not in served.plain.decode()


def ballots(opened: OpenRace) -> Ballots:
    return Ballots(opened.engine, opened.settings.id)


def test_a_picture_of_a_firm_that_became_part_of_another_bears_that_one_s_name(
    opened: OpenRace, follower: Follower, add: Callable[..., int], app: ASGIApp
) -> None:
    add(firm="구로소프트")
    assert marathon("vote", "open", "photo", "--race", opened.root) == 0
    opened.log.record([CompaniesMerged("c0002", "c0001", "desk", "같은 회사")])
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(10 * SECOND))
    follower.refresh()
    page = Page(ask(app, "/vote.html").text)
    assert "가산정밀" in page.words and "구로소프트" not in page.words
    assert "가산정밀" in Page(ask(app, "/c/c0002.html").text).words


def a_while_later(opened: OpenRace, follower: Follower) -> None:
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(11 * SECOND))
    follower.refresh()


def votes(app: ASGIApp, number: int, candidate: object = 1, ballot: str = "photo", **about: str) -> tuple[int, str]:
    status, told = posted(
        app, "/v1/vote", {"ballot": ballot, "candidate": candidate, "device": device(number)}, **about
    )
    return status, told["outcome"]


def test_a_photo_is_drawn_anew_without_what_the_camera_wrote(
    opened: OpenRace, add: Callable[..., int], tmp_path: Path
) -> None:
    about = Image.Exif()
    about[0x010E], about[0x0112] = "secret place 37.48N", 6  # taken with the camera on its side
    assert add(photo(tmp_path / "big.jpg", (4_000, 3_000), exif=about, comment=b"secret words"), caption="결승선") == 0
    (one,) = ballots(opened).candidates("photo")
    assert (one.company, one.caption, one.width, one.height) == ("c0001", "결승선", 360, 480)
    for name, size in ((one.picture, (1_200, 1_600)), (one.small, (360, 480))):
        kept = (opened.root / "photos" / name).read_bytes()
        assert b"secret" not in kept and b"EXIF" not in kept and b"ICCP" not in kept and b"XMP" not in kept
        with Image.open(io.BytesIO(kept)) as drawn:
            assert (drawn.format, drawn.size, dict(drawn.getexif())) == ("WEBP", size, {})


@pytest.mark.parametrize("kind", ["png", "webp", "jpg"])
def test_other_kinds_and_transparent_pictures_become_photos_too(
    opened: OpenRace, add: Callable[..., int], tmp_path: Path, kind: str
) -> None:
    file = tmp_path / f"seen.{kind}"
    Image.new("L" if kind == "jpg" else "RGBA", (300, 200)).save(file)
    assert add(file) == 0
    (one,) = ballots(opened).candidates("photo")
    with Image.open(opened.root / "photos" / one.picture) as drawn:
        assert drawn.getpixel((5, 5)) == (0, 0, 0) if kind == "jpg" else (255, 255, 255)


def test_a_picture_that_would_fill_the_memory_is_refused(
    add: Callable[..., int], opened: OpenRace, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert add(bomb(tmp_path / "bomb.png")) == 2
    assert add(bomb(tmp_path / "smaller.png", 9_500)) == 2
    assert "사진이 아니거나 너무 큽니다" in capsys.readouterr().err
    assert ballots(opened).candidates("photo") == []


@pytest.mark.parametrize(
    "content", [b"", b"GIF89a", b"<svg onload='alert(1)'/>", b"\xff\xd8\xff\xe0broken", b"%PDF-1.7"]
)
def test_what_is_no_photo_is_refused(
    add: Callable[..., int], opened: OpenRace, tmp_path: Path, content: bytes, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "no.jpg"
    file.write_bytes(content)
    assert add(file) in (2, 3)
    assert ballots(opened).candidates("photo") == []
    assert add(tmp_path / "absent.jpg") == 3
    assert capsys.readouterr().err.count("\n") == 2


def test_a_caption_is_one_short_line_that_prints(add: Callable[..., int], capsys: pytest.CaptureFixture[str]) -> None:
    assert add(caption="가" * 101) == 2
    assert add(caption="\u202eabc") == 2
    assert add(firm="없는소속") == 2
    assert add(caption="<b>비</b> 오는 출발선") == 0


def test_a_device_votes_once_and_may_change_its_mind(
    opened: OpenRace, add: Callable[..., int], app: ASGIApp, tmp_path: Path
) -> None:
    add()
    add(photo(tmp_path / "other.jpg", colour="red"), "구로소프트")
    assert votes(app, 1) == (409, "closed")
    assert marathon("vote", "open", "photo", "--race", opened.root) == 0
    assert [votes(app, 1), votes(app, 2), votes(app, 1, 2), votes(app, 1, 2)] == [(200, "taken")] * 4
    assert ballots(opened).counts("photo") == {1: 1, 2: 1}
    assert votes(app, 1, 9) == (404, "unknown")
    assert marathon("vote", "close", "photo", "--race", opened.root) == 0
    assert votes(app, 3) == (409, "closed")
    assert marathon("vote", "close", "photo", "--race", opened.root) == 1


@pytest.mark.parametrize("candidate", ["1", None, 0, -1, 1.5, 10**12, [1]])
def test_nonsense_is_no_vote(opened: OpenRace, add: Callable[..., int], app: ASGIApp, candidate: object) -> None:
    add()
    marathon("vote", "open", "photo", "--race", opened.root)
    assert votes(app, 1, candidate) == (422, "refused")
    assert votes(app, 1, 1, "mayor") == (422, "refused")
    assert votes(app, 1, agent=ROBOTS[1]) == (422, "refused")
    assert votes(app, 1, sec_fetch_site="cross-site") == (422, "refused")
    two_lines = {"ballot": "photo", "candidate": 1, "device": device(1) + "\n"}
    assert posted(app, "/v1/vote", two_lines)[0] == 422
    assert votes(app, 1) == (200, "taken")
    assert ballots(opened).counts("photo") == {1: 1}
    assert Sieve(opened.engine, opened.settings.id).noted()["vote", "refused"] == 5


def test_counts_are_told_when_the_vote_is_closed_unless_the_organiser_wants_them_live(
    opened: OpenRace, add: Callable[..., int], follower: Follower, app: ASGIApp
) -> None:
    add()
    marathon("vote", "open", "photo", "--race", opened.root)
    votes(app, 1)
    a_while_later(opened, follower)
    page = ask(app, "/vote.html").text
    assert "투표하기" in page and "득표" not in page
    tag = ask(app, "/vote.html").headers["etag"]
    votes(app, 2)
    a_while_later(opened, follower)
    assert ask(app, "/vote.html").headers["etag"] == tag  # how it stands shows nowhere, not even in a tag
    marathon("vote", "open", "photo", "--live", "--race", opened.root)
    a_while_later(opened, follower)
    assert "득표 2" in ask(app, "/vote.html").text
    marathon("vote", "close", "photo", "--race", opened.root)
    a_while_later(opened, follower)
    closed = ask(app, "/en/vote.html").text
    assert "This vote is closed." in closed and "Votes 2" in closed and "<button" not in closed


def test_pictures_are_served_as_pictures_and_nothing_else_of_the_folder_is(
    opened: OpenRace, add: Callable[..., int], follower: Follower, app: ASGIApp
) -> None:
    add()
    marathon("vote", "open", "photo", "--race", opened.root)
    (opened.root / "photos" / "photo.aaaaaaaaaa.webp").write_bytes(b"somebody's own")
    a_while_later(opened, follower)
    (one,) = ballots(opened).candidates("photo")
    for name in (one.picture, one.small):
        assert f"photos/{name}" in ask(app, "/vote.html").text
        answer = ask(app, f"/photos/{name}", accept_encoding="br")
        assert answer.headers["content-type"] == "image/webp"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "immutable" in answer.headers["cache-control"]
        assert "content-encoding" not in answer.headers
        assert answer.content == (opened.root / "photos" / name).read_bytes()
    for path in ("photos/photo.aaaaaaaaaa.webp", "photos/../race.toml", "photos/%2e%2e/race.db", "photos/"):
        assert ask(app, f"/{path}").status_code == 404


def test_a_picture_that_is_copied_later_is_shown_then(
    opened: OpenRace, add: Callable[..., int], follower: Follower, app: ASGIApp
) -> None:
    add()
    marathon("vote", "open", "photo", "--race", opened.root)
    (one,) = ballots(opened).candidates("photo")
    (opened.root / "photos" / one.small).rename(opened.root / "elsewhere.webp")
    a_while_later(opened, follower)
    assert ask(app, f"/photos/{one.small}").status_code == 404
    (opened.root / "elsewhere.webp").rename(opened.root / "photos" / one.small)
    assert ask(app, f"/photos/{one.small}").status_code == 200


def test_only_firms_with_a_design_of_their_own_are_voted_on(
    opened: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("vote", "open", "design", "--race", opened.root) == 1
    assert "자기 QR 디자인이 있는 소속이 없습니다" in capsys.readouterr().err
    for company, colour in (("c0001", "#0B4F8A"), ("c0003", "#14532D")):
        opened.directory.keep_card(FirmCard(company, design=Design(colour=colour, shape="rounded")))
    assert marathon("vote", "open", "design", "--race", opened.root) == 0
    found = ballots(opened).candidates("design")
    assert [one.company for one in found] == ["c0001", "c0003"]
    with Image.open(opened.root / "photos" / found[0].picture) as drawn:
        assert drawn.width >= 900
        colours = drawn.convert("RGB").getcolors(1 << 24) or []
        blue = [
            colour
            for count, colour in colours
            if count > 5_000 and isinstance(colour, tuple) and colour[2] > 2 * colour[0]
        ]
        assert blue


def test_photos_without_any_cannot_be_voted_on(opened: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("vote", "open", "photo", "--race", opened.root) == 1
    assert "사진이 없습니다" in capsys.readouterr().err


def test_a_photo_that_is_removed_leaves_the_folder_and_the_page(
    opened: OpenRace, add: Callable[..., int], capsys: pytest.CaptureFixture[str]
) -> None:
    add(caption="첫째")
    (one,) = ballots(opened).candidates("photo")
    add(caption="같은 그림")
    assert marathon("vote", "photo", "list", "--race", opened.root) == 0
    assert "가산정밀\t첫째\tphotos/" in capsys.readouterr().out
    assert marathon("vote", "photo", "remove", 1, "--race", opened.root) == 0
    assert (opened.root / "photos" / one.picture).exists()  # the second one is the same picture
    assert marathon("vote", "photo", "remove", 2, "--race", opened.root) == 0
    assert list((opened.root / "photos").iterdir()) == []
    assert marathon("vote", "photo", "remove", 2, "--race", opened.root) == 1


def test_the_organiser_sees_how_it_stands(
    opened: OpenRace, add: Callable[..., int], app: ASGIApp, capsys: pytest.CaptureFixture[str]
) -> None:
    add(caption="결승선")
    marathon("vote", "open", "photo", "--race", opened.root)
    votes(app, 1)
    votes(app, 2, 77)
    votes(app, 1)
    capsys.readouterr()
    assert marathon("vote", "show", "--race", opened.root) == 0
    told = capsys.readouterr().out
    assert re.search(r"photo: 열림 / open\n +1  1\. 가산정밀 결승선\n", told)
    assert "1  vote unknown" in told


@pytest.mark.parametrize("name", HELL)
def test_a_firm_from_hell_does_no_harm(
    opened: OpenRace, add: Callable[..., int], follower: Follower, app: ASGIApp, name: str, tmp_path: Path
) -> None:
    caption = name[:100] if "\u202e" not in name else "<i>caption"
    assert add(caption=caption) == 0
    marathon("vote", "open", "photo", "--live", "--race", opened.root)
    names = opened.directory.names()
    names.companies["c0001"] = name
    opened.directory.keep(names)
    name = opened.directory.names().companies["c0001"]
    count(opened, "c0001")
    opened.log.record([])
    a_while_later(opened, follower)
    for path in ("/qrpr.html", "/vote.html", "/en/vote.html"):
        page = Page(ask(app, path).text)
        assert not page.all("i") and not [tag for tag in page.tags if set(tag.attributes) & {"onerror", "onmouseover"}]
        assert all("static/" in (tag.attributes.get("src") or "") for tag in page.all("script"))
        assert not [link for link in page.links if link.startswith(("javascript:", "http"))]
        assert any(name.split("\u202e")[0][:20].strip() in word for word in page.words)
    (row,) = json.loads(ask(app, "/qrpr.json").text)["rows"]
    assert row == {"place": 1, "company_id": "c0001", "company": name, "scans": 1}
    (line,) = csv.DictReader(io.StringIO(ask(app, "/qrpr.csv").text.removeprefix("\ufeff")))
    assert line["company"] == ("'" + name if name.startswith("=") else name)
    assert marathon("board", "publish", tmp_path / "out", "--race", opened.root) == 0
    assert len(list((tmp_path / "out" / "photos").iterdir())) == 2
    assert "<button" not in (tmp_path / "out" / "vote.html").read_text(encoding="utf-8")


def count(opened: OpenRace, company: str) -> None:
    spectators = Spectators(opened.engine, opened.settings.id)
    until = Instant(opened.clock.now() + SECOND)
    with writing(opened.engine) as connection:
        spectators.take(connection, Arrival(company, "2026-09-03", device(1), b"12345678", until))
