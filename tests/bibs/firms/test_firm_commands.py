"""`marathon firm`: a firm's card at the organiser's desk, from its name on a roster to its code on a bib."""

import csv
import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
import pypdfium2
import pytest
from PIL import Image

from bibs.drawing.pdf_pages import render_pages
from bibs.printing.packet import BIB_FILE, HANDOUT_FILE
from scanners.reading.decoder import decode_texts
from tests.bibs.conftest import Entered
from tests.bibs.design.test_design import png, svg
from tests.system import libzbar
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.private_links import Holder, PrivateLinks
from timing.race.firms import BLURB_MOST, Design, FirmCard
from timing.race.known_names import Names

HEADER = ["소속", "성명"]
PEOPLE = [["㈜한빛소프트웨어", "김하늘"], ["가산정밀", "이서연"], ["구로소프트", "박도윤"], ["구로소프트", "최보기"]]
HANBIT, GASAN, GURO = "c0001", "c0002", "c0003"
Say = Callable[..., str]


@pytest.fixture
def race(tmp_path: Path, entered: Entered) -> Iterator[OpenRace]:
    with entered(tmp_path / "대회", HEADER, *PEOPLE) as opened:
        yield opened


@pytest.fixture
def firm(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> Say:
    """Runs `marathon firm ...` in the race and gives what it said, the exit code at the end."""

    def run(*arguments: object) -> str:
        capsys.readouterr()
        code = marathon("firm", *arguments, "--race", race.root)
        said = capsys.readouterr()
        return f"{said.out}{said.err}exit {code}"

    return run


@pytest.fixture
def logos(tmp_path: Path) -> Path:
    (tmp_path / "로고.svg").write_text(svg('<path fill="#B3261E" d="M60 5 L115 95 H5 Z"/>'), encoding="utf-8")
    (tmp_path / "로고.png").write_bytes(png())
    return tmp_path


def card(race: OpenRace, company: str) -> FirmCard:
    return race.directory.cards().get(company, FirmCard(company))


def test_every_firm_is_listed_with_its_runners(firm: Say) -> None:
    firm("set", "가산정밀", "--building", "가산타워", "--floor", "3층")
    lines = firm("list").splitlines()
    assert [line.split("\t")[:4] for line in lines[:3]] == [
        [HANBIT, "㈜한빛소프트웨어", "1", ""],
        [GASAN, "가산정밀", "1", "가산타워 3층"],
        [GURO, "구로소프트", "2", ""],
    ]


@pytest.mark.parametrize("who", [HANBIT, "㈜한빛소프트웨어", "한빛소프트웨어(주)", "한빛"])
def test_a_firm_is_found_by_its_id_or_its_name_in_any_spelling(race: OpenRace, firm: Say, who: str) -> None:
    assert firm("set", who, "--floor", "12층").endswith("exit 0")
    assert card(race, HANBIT).floor == "12층"


def test_a_name_of_several_firms_or_of_none_is_told(firm: Say) -> None:
    assert "c0001 ㈜한빛소프트웨어, c0003 구로소프트" in firm("set", "소프트", "--floor", "1층")
    said = firm("show", "없는상사")
    assert "marathon firm list" in said and said.endswith("exit 2")


def test_a_firm_takes_no_name_that_another_is_or_was_called_by(race: OpenRace, firm: Say) -> None:
    assert "exit 0" in firm("rename", "가산정밀", "가산테크")
    assert "merge" in firm("rename", "구로소프트", "가산테크")
    told = firm("rename", "구로소프트", "㈜가산정밀")
    assert "was the name of 가산테크" in told and "exit 2" in told
    assert "exit 0" in firm("rename", "가산테크", "가산정밀")
    assert race.directory.names().companies[GASAN] == "가산정밀"


def test_link_and_blurb_wait_for_the_organiser(race: OpenRace, firm: Say) -> None:
    said = firm("set", GASAN, "--link", "https://gasan.example/jobs", "--blurb", "함께 달려요")
    assert "--approve" in said
    assert (card(race, GASAN).public_link, card(race, GASAN).public_blurb) == ("", "")
    firm("set", GASAN, "--approve")
    assert (card(race, GASAN).public_link, card(race, GASAN).public_blurb) == (
        "https://gasan.example/jobs",
        "함께 달려요",
    )


def test_a_change_after_the_approval_needs_another(race: OpenRace, firm: Say) -> None:
    firm("set", GASAN, "--link", "https://gasan.example", "--approve")
    said = firm("set", GASAN, "--link", "https://gasan.example/other")
    assert "다시" in said and "approved again" in said
    assert not card(race, GASAN).approved
    assert "승인 전" in firm("show", GASAN)
    firm("set", GASAN, "--link", "https://gasan.example/third", "--approve")
    assert card(race, GASAN).public_link == "https://gasan.example/third"


def test_moving_a_packet_leaves_the_approval(race: OpenRace, firm: Say) -> None:
    firm("set", GASAN, "--blurb", "함께 달려요", "--approve")
    firm("set", GASAN, "--building", "다른 빌딩", "--floor", "B1")
    assert card(race, GASAN).approved


def test_an_empty_text_takes_it_away(race: OpenRace, firm: Say) -> None:
    firm("set", GASAN, "--link", "https://gasan.example", "--blurb", "함께", "--approve")
    firm("set", GASAN, "--link", "", "--blurb", "")
    assert card(race, GASAN) == FirmCard(GASAN)
    assert "nothing to approve" in firm("set", GASAN, "--approve")


@pytest.mark.parametrize(
    "wrong",
    [
        ("--link", "http://gasan.example"),
        ("--link", "javascript:alert(1)"),
        ("--blurb", "가" * (BLURB_MOST + 1)),
        ("--blurb", "가\u202e나"),
        ("--building", "🏃타워"),
        ("--colour", "navy"),
        ("--logo-percent", "x"),
    ],
)
def test_what_cannot_be_is_refused_and_nothing_is_kept(race: OpenRace, firm: Say, wrong: tuple[str, str]) -> None:
    assert firm("set", GASAN, "--floor", "3층", *wrong).endswith("exit 2")
    assert race.directory.cards() == {}


@pytest.mark.parametrize(
    ("asked", "why"),
    [
        (["--colour", "#F4D03F"], "contrast is 1.5, at least 4.5"),
        (["--colour", "#FFFFFF", "--ground", "#0B4F8A"], "dark ground"),
        (["--logo", "로고.svg", "--logo-percent", "25"], "25 percent of the QR's width"),
    ],
)
def test_a_design_that_would_not_scan_is_refused_with_the_number(
    race: OpenRace, firm: Say, logos: Path, asked: list[str], why: str
) -> None:
    asked = [str(logos / word) if word.startswith("로고") else word for word in asked]
    said = firm("set", GASAN, *asked)
    assert why in said and said.endswith("exit 1")
    assert race.directory.cards() == {}
    assert not list(race.root.glob("logos/*"))


def test_a_design_goes_from_the_desk_onto_the_bibs(race: OpenRace, firm: Say, logos: Path) -> None:
    libzbar()
    said = firm("set", GURO, "--colour", "#0B4F8A", "--shape", "circle", "--logo", logos / "로고.png")
    assert "both decoders read" in said and said.endswith("exit 0")
    assert "29 modules a side instead of 25" in said
    kept = card(race, GURO).design
    assert kept.accepted
    assert "#0B4F8A, circle" in firm("show", GURO)
    assert marathon("bibs", "--race", race.root) == 0
    plain, designed = (_first_page(race, name) for name in ("가산정밀", "구로소프트"))
    assert len(decode_texts(designed.mean(axis=2).astype(np.uint8))) == 1
    assert _blue(designed) > 1_000 > 10 > _blue(plain)


@pytest.mark.parametrize("suffix", [".svg", ".png", ".jpg"])
def test_a_logo_beside_the_name_alone_leaves_the_code_black_and_untried(
    race: OpenRace, firm: Say, logos: Path, suffix: str
) -> None:
    Image.open(logos / "로고.png").convert("RGB").save(logos / "로고.jpg", quality=90)
    said = firm("set", GURO, "--logo", logos / f"로고{suffix}", "--logo-percent", "0")
    assert "both decoders" not in said and said.endswith("exit 0")
    assert card(race, GURO).design.plain and card(race, GURO).design.logo.endswith(suffix)
    assert marathon("bibs", "--race", race.root) == 0
    assert marathon("bibs", "proof", "--race", race.root, *race.root.glob(f"bibs/*/{BIB_FILE}")) == 0
    page = _first_page(race, "구로소프트").astype(int)
    panel, code = page[5:42, 39:100], page[96 * 3 : 175 * 3, 13 * 3 : 92 * 3]
    assert (panel[..., 2] - panel[..., 0]).max() > 60  # the logo's red, on white
    assert abs(code[..., 2] - code[..., 0]).max() < 20


def _first_page(race: OpenRace, name: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    (file,) = race.root.glob(f"bibs/*{name}/{BIB_FILE}")
    return next(iter(render_pages(file, 3)))


def _blue(page: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> int:
    """Blue spots where the code stands."""
    code = page[96 * 3 : 175 * 3, 13 * 3 : 92 * 3].astype(int)
    return int(((code[..., 0] - code[..., 2]) > 60).sum())


def test_an_accepted_design_is_not_tried_again(race: OpenRace, firm: Say) -> None:
    libzbar()
    first = firm("set", GASAN, "--shape", "rounded")
    assert "both decoders read" in first
    assert "both decoders read" not in firm("set", GASAN)
    assert "both decoders read" not in firm("set", GASAN, "--floor", "2층")
    assert card(race, GASAN).design.shape == "rounded"
    firm("set", GASAN, "--plain")
    assert card(race, GASAN).design == Design()


def test_a_new_design_tells_how_many_bibs_are_printed_in_the_old_one(race: OpenRace, firm: Say) -> None:
    libzbar()
    assert "old design" not in firm("set", GURO, "--shape", "rounded")
    assert marathon("bibs", "--race", race.root) == 0
    worn = [entrant.bib for entrant in race.fold().entrants.values() if entrant.company == GURO]
    said = firm("set", GURO, "--plain")
    assert "2 bibs are printed in the old design" in said
    assert f"marathon bibs --reprint {worn[0]},{worn[1]}`" in said
    assert "old design" not in firm("set", GURO)
    assert "old design" not in firm("set", GURO, "--floor", "3층")


def test_a_captain_s_qr_is_for_its_owner_s_eyes(firm: Say, tmp_path: Path) -> None:
    file = tmp_path / "주장.png"
    file.write_bytes(b"")
    file.chmod(0o644)
    assert firm("captain", GASAN, "--qr", file).endswith("exit 0")
    assert file.stat().st_mode & 0o777 == 0o600
    with Image.open(file) as picture:
        assert "/captain/" in decode_texts(np.asarray(picture.convert("L")))[0]


def test_a_logo_that_changed_since_is_told_before_anything_is_numbered(
    race: OpenRace, firm: Say, logos: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    libzbar()
    firm("set", GASAN, "--logo", logos / "로고.svg")
    (kept,) = race.root.glob("logos/*")
    assert kept.read_bytes() == (logos / "로고.svg").read_bytes()
    kept.write_text(svg('<circle cx="60" cy="50" r="40"/>'), encoding="utf-8")
    before = race.log.head()
    assert marathon("bibs", "--race", race.root) == 1
    assert f"marathon firm set {GASAN}" in capsys.readouterr().err
    kept.unlink()
    assert marathon("bibs", "--race", race.root) == 3
    assert race.log.head() == before
    assert firm("set", GASAN, "--no-logo").endswith("exit 0")
    assert marathon("bibs", "--race", race.root) == 0


def test_a_design_nobody_tried_is_not_printed(race: OpenRace) -> None:
    race.directory.keep_card(replace(card(race, GASAN), design=Design("#F4D03F")))
    assert marathon("bibs", "--race", race.root) == 1


def test_the_preview_is_the_code_as_it_will_be_printed(race: OpenRace, firm: Say, tmp_path: Path) -> None:
    file = tmp_path / "보기.png"
    assert firm("set", GASAN, "--preview", file).endswith("exit 0")
    assert race.directory.cards() == {}
    with Image.open(file) as plain:
        assert 900 < plain.width == plain.height < 1_100
        (text,) = decode_texts(np.asarray(plain.convert("L")))
    firm("set", GASAN, "--colour", "#F4D03F", "--preview", file)
    with Image.open(file) as refused:
        assert decode_texts(np.asarray(refused.convert("L"))) == [text]
        assert refused.getpixel((5, 5)) == (255, 255, 255)
    assert firm("set", GASAN, "--preview", tmp_path / "없는 곳" / "보기.png").endswith("exit 3")


def test_the_lists_say_where_packets_go_and_follow_the_way(race: OpenRace, firm: Say) -> None:
    firm("set", GURO, "--building", "가산타워", "--floor", "3층")
    firm("set", HANBIT, "--building", "가산타워", "--floor", "12층")
    assert marathon("bibs", "--race", race.root) == 0
    index = _text(race.root / "bibs" / "index.pdf")
    assert index.index("구로소프트") < index.index("한빛소프트웨어") < index.index("가산정밀")
    assert "가산타워 2개 소속 · 3명" in index and "12층 ㈜한빛소프트웨어" in index
    (handout,) = race.root.glob(f"bibs/*구로소프트/{HANDOUT_FILE}")
    assert "가산타워 3층" in _text(handout)


def _text(file: Path) -> str:
    return " ".join(str(page.get_textpage().get_text_bounded()) for page in pypdfium2.PdfDocument(file))


def test_nothing_of_a_card_stands_in_the_log(race: OpenRace, firm: Say) -> None:
    before = race.log.head()
    firm(
        "set", GASAN, "--link", "https://gasan.example", "--blurb", "함께 달려요", "--approve", "--building", "가산타워"
    )
    assert race.log.head() == before


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is huge."""
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"\0" * 99)),
        (b"IEND", b""),
    )
    parts = (
        struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data)) for kind, data in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


@pytest.mark.parametrize("size", [(60_000, 60_000), (20_000, 5_000), (2**31 - 1, 1), (12_000, 12_000)])
def test_a_logo_that_unpacks_to_too_many_pixels_is_refused_in_one_line(
    firm: Say, tmp_path: Path, size: tuple[int, int]
) -> None:
    (tmp_path / "큰로고.png").write_bytes(bomb(*size))
    said = firm("set", "가산정밀", "--logo", tmp_path / "큰로고.png")
    assert said.endswith("exit 2")
    assert "큰로고.png" in said and "pixels" in said
    assert said.count("\n") == 1


# Captains' links, which are kept nowhere but in the table.


def test_a_second_table_of_links_never_takes_the_first_one_s_place(firm: Say, race: OpenRace, tmp_path: Path) -> None:
    table = tmp_path / "주장.csv"
    assert firm("captain", "--all", table).endswith("exit 0")
    first = table.read_bytes()
    assert first.count(b"/captain/") == 3
    assert table.stat().st_mode & 0o777 == 0o600
    assert "nothing was written" in firm("captain", "--all", table)
    race.directory.keep(Names({}, {"c0009": "새소속"}))
    assert firm("captain", "--all", table).endswith("exit 2")
    assert table.read_bytes() == first
    assert firm("captain", "--all", tmp_path / "둘째.csv").endswith("exit 0")
    assert (tmp_path / "둘째.csv").read_bytes().count(b"/captain/") == 1
    assert firm("captain", "--all", table, "--again").endswith("exit 0")
    assert table.read_bytes().count(b"/captain/") == 4


def test_every_link_in_the_table_opens(firm: Say, race: OpenRace, tmp_path: Path) -> None:
    firm("captain", "--all", tmp_path / "주장.csv")
    links = PrivateLinks(race.engine, race.settings.id)
    rows = list(csv.DictReader((tmp_path / "주장.csv").read_text(encoding="utf-8-sig").splitlines()))
    assert [links.holder_of(row["link"].rpartition("/")[2]) for row in rows] == [
        Holder("captain", company) for company in (HANBIT, GASAN, GURO)
    ]


def test_no_link_is_given_where_the_table_cannot_be_written(firm: Say, race: OpenRace, tmp_path: Path) -> None:
    assert firm("captain", "--all", tmp_path / "없는 폴더" / "주장.csv").endswith("exit 3")
    assert PrivateLinks(race.engine, race.settings.id).given("captain") == set()


def test_a_captain_s_qr_takes_no_other_picture_s_place(firm: Say, race: OpenRace, tmp_path: Path) -> None:
    assert firm("captain", "가산정밀", "--qr", tmp_path / "qr.png").endswith("exit 0")
    first = (tmp_path / "qr.png").read_bytes()
    assert firm("captain", "구로소프트", "--qr", tmp_path / "qr.png").endswith("exit 2")
    assert (tmp_path / "qr.png").read_bytes() == first
    assert PrivateLinks(race.engine, race.settings.id).given("captain") == {GASAN}
    assert firm("captain", "가산정밀", "--again", "--qr", tmp_path / "qr.png").endswith("exit 0")
    assert (tmp_path / "qr.png").read_bytes() != first
