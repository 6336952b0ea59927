"""The firm's page: what it says of itself once approved, how it stands, its code, and where its link leads."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from svglib.svglib import svg2rlg

from bibs.design.qr_style import LOGOS, QrStyle
from bibs.design.svg import FirmCodes, code_svg
from results.board.snapshot import Snapshot
from results.view.view import View
from scanners.reading.decoder import decode_texts
from server.board_side import board_app
from server.printer import codes_of
from tests.boards import Page, Run, ask, followed, race_folder, text, view_of_runs, written
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.race.codes import firm_url
from timing.race.firms import Design, FirmCard
from timing.race.instants import SECOND, Span
from timing.race.rules import GroupRule, Rules

RULES = Rules(
    ranking=(
        GroupRule("3인 단체", "company", pick=2, incomplete="last"),
        GroupRule("여러 팀", "company", pick=1, teams="many"),
        GroupRule("팀 2인", "team", pick=1),
    )
)
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:00", team="t0003", sex="M", name="박솔잎"),
    Run(8, "0:20", name="최가온"),
    Run(5, "0:12.5", "17:05.5", company="c0002", team="t0003", sex="M", name="이보람"),
]
CARD = FirmCard("c0001", link="https://한빛.kr/채용?a=b&c=d", blurb="함께 달릴 동료를 <찾습니다>", approved=True)


def board_of(*cards: FirmCard) -> Snapshot:
    return Snapshot(view_with(*cards))


def view_with(*cards: FirmCard) -> View:
    return replace(view_of_runs(RUNS, RULES), cards={card.company: card for card in cards}, host="GV.TEST")


def page(board: Snapshot, path: str) -> Page:
    return Page(text(board, path))


def test_the_qr_of_a_firm_that_became_part_of_another_leads_to_that_one(tmp_path: Path) -> None:
    board = Snapshot(replace(view_with(CARD), merged={"c0009": "c0001"}))
    assert text(board, "c/c0009.html") == text(board, "c/c0001.html")
    assert text(board, "en/c/c0009/out.html") == text(board, "en/c/c0001/out.html")
    written(board, tmp_path)
    assert (tmp_path / "c" / "c0009.html").is_file() and not (tmp_path / "c" / "c0009.json").exists()


def test_blurb_and_link_stand_on_the_page_and_in_its_twins() -> None:
    board = board_of(CARD)
    shown = page(board, "c/c0001.html")
    assert CARD.blurb in shown.words and "한빛.kr" in shown.words
    assert {tag.attributes["href"] for tag in shown.all("a", **{"class": "go"})} == {"../c/c0001/out.html"}
    told = json.loads(text(board, "c/c0001.json"))
    assert (told["link"], told["blurb"]) == (CARD.link, CARD.blurb)
    firms = {firm["company_id"]: firm for firm in json.loads(text(board, "participation.json"))["rows"]}
    assert (firms["c0001"]["blurb"], firms["c0002"]["blurb"]) == (CARD.blurb, "")
    rows = list(csv.DictReader(io.StringIO(text(board, "participation.csv").removeprefix("\ufeff"))))
    assert [row["link"] for row in rows if row["company_id"] == "c0001"] == [CARD.link]


@pytest.mark.parametrize(
    "card",
    [
        replace(CARD, approved=False),
        replace(CARD, link="javascript:alert(1)", blurb="가\u202e나"),
        replace(CARD, link="http://한빛.kr/채용", blurb="가" * 10_000),
    ],
)
def test_what_the_organiser_has_not_approved_or_could_not_is_in_no_file(card: FirmCard) -> None:
    board = board_of(card)
    plain = board_of()
    assert list(board.paths()) == list(plain.paths())
    assert all(text(board, path) == text(plain, path) for path in board.paths())
    assert board.get("c/c0001/out.html") is None


@pytest.mark.parametrize("prefix", ["", "en/"])
def test_before_the_link_leads_away_a_page_says_where_to_in_both_languages(prefix: str) -> None:
    leaving = page(board_of(CARD), f"{prefix}c/c0001/out.html")
    assert {"한빛.kr", "xn--xx3br43b.kr", CARD.link} <= set(leaving.words)
    assert any("아래 주소로" in word for word in leaving.words) and any("race's own" in word for word in leaving.words)
    (out,) = leaving.all("a", **{"class": "go"})
    assert out.attributes["href"] == CARD.link
    assert set((out.attributes["rel"] or "").split()) == {"noopener", "noreferrer", "nofollow", "ugc"}
    assert "target" not in out.attributes
    assert any(link.endswith("c/c0001.html") for link in leaving.links)


def test_the_page_counts_the_firm_s_people_and_names_its_places_and_teams() -> None:
    words = page(board_of(), "c/c0001.html").words
    at = words.index("등록", words.index("본문으로"))
    assert words[at : at + 6] == ["등록", "3", "출발", "3", "완주", "2"]
    assert {"3인 단체", "여러 팀", "여러 팀 · 가산정밀 2"} <= set(words)
    at = words.index("개발팀")
    assert words[at : at + 4] == ["개발팀", "1명", "팀 2인", "2위"]
    assert "달리는 사람들" in words


def test_the_code_opens_the_firm_s_page(tmp_path: Path) -> None:
    with race_folder(tmp_path / "race", RUNS) as opened:
        follower = followed(opened, pytest.fail, draw=codes_of(opened))
        board = board_app(opened, follower)
        shown = ask(board, "/c/c0001.html").text
        svg = shown[shown.index("<svg") : shown.index("</svg>") + len("</svg>")]
        (read,) = decode_texts(picture(svg))
        assert read == "HTTPS://GV.TEST/C/C0001"
        for address in (read.removeprefix("HTTPS://GV.TEST"), "/c/c0001"):
            there = ask(board, address)
            assert (there.status_code, there.headers["location"]) == (302, "/c/c0001.html")
        assert ask(board, "/C/C9999", accept="text/html").headers["location"] == "/c/c9999.html"
        assert ask(board, "/c/c9999.html").status_code == 404


@pytest.mark.parametrize(
    "design",
    [
        Design(),
        Design("#0B4F8A", "#EAF4FF"),
        Design("#0B4F8A", shape="rounded"),
        Design("#5B2C6F", shape="circle"),
    ],
    ids=lambda design: f"{design.colour} {design.shape}",
)
def test_a_code_in_any_design_is_read_by_the_station(design: Design) -> None:
    url = firm_url("gv.test", "c0001")
    svg = code_svg(QrStyle(design), url)
    assert design.colour in svg
    assert decode_texts(picture(svg)) == [url]


def test_a_design_whose_logo_is_gone_is_drawn_in_black(tmp_path: Path) -> None:
    drawn = FirmCodes(tmp_path)(FirmCard("c0001", design=Design("#0B4F8A", logo="none.svg")), "HTTPS://GV.TEST/C/C0001")
    assert "#000000" in drawn and "<image" not in drawn


def test_a_firm_s_colour_and_logo_stand_beside_its_name(tmp_path: Path) -> None:
    (tmp_path / LOGOS).mkdir()
    (tmp_path / LOGOS / "h.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"/></svg>'
    )
    card = FirmCard("c0001", design=Design("#0B4F8A", logo="h.svg", logo_percent=0))
    draw = FirmCodes(tmp_path)
    badge = draw(card, "")
    assert "#0B4F8A" in badge and "<image" in badge and "<image" not in draw(card, "HTTPS://GV.TEST/C/C0001")
    with race_folder(tmp_path / "race", RUNS) as opened:
        for kept, shown in ((FirmCard("c0001"), False), (replace(card, design=Design("#0B4F8A")), True)):
            opened.directory.keep_card(kept)
            board = board_app(opened, followed(opened, pytest.fail, draw=codes_of(opened)))
            assert ('class="badge"' in ask(board, "/c/c0001.html").text) is shown


def picture(svg: str) -> "np.ndarray[tuple[int, ...], np.dtype[np.uint8]]":
    """The drawing in grey, eight pixels a module."""
    from reportlab.graphics import renderPDF

    from bibs.drawing.pdf_pages import render_pages

    drawing = svg2rlg(io.BytesIO(svg.encode()))
    (page,) = render_pages(renderPDF.drawToString(drawing), 24)
    grey: np.ndarray[tuple[int, ...], np.dtype[np.uint8]] = page.mean(axis=2).astype(np.uint8)
    return grey


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        yield made


def test_an_approval_counts_for_what_was_approved_and_shows_without_any_finish(opened: OpenRace) -> None:
    follower, clock = followed(opened, pytest.fail), opened.clock
    assert isinstance(clock, ManualClock)

    def shown() -> str:
        clock.tick(Span(10 * SECOND))
        follower.refresh()
        return text(follower.snapshot, "c/c0001.html")

    def said(*arguments: str) -> int:
        return marathon("firm", "set", "c0001", *arguments, "--race", opened.root)

    said("--link", "https://hanbit.example/jobs", "--blurb", "함께 달려요")
    assert "함께 달려요" not in shown() and "hanbit.example" not in shown()
    said("--approve")
    assert "함께 달려요" in shown() and "hanbit.example" in shown()
    said("--link", "https://hanbit.example/other")
    assert "함께 달려요" not in shown() and follower.snapshot.get("c/c0001/out.html") is None
    said("--approve")
    assert "함께 달려요" in shown()
    assert "hanbit.example/other" in text(follower.snapshot, "c/c0001/out.html")
