"""Hostile names, blurbs and links: text in every file, and nothing but text."""

import csv
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pypdfium2
import pytest

from bibs.drawing.canvas import missing_glyphs
from bibs.drawing.certificate_sheet import draw_certificates
from bibs.drawing.result_sheet import draw_results
from results.board.board_projection import view_of
from results.board.snapshot import Snapshot
from results.captain.captain_view import people_csv, people_of
from results.certificates.issuer import CertificateHeader, CertificateIssuer, told
from results.files.offline import offline_page
from results.files.paper_sheets import result_sheets
from server.printer import codes_of
from tests.boards import Page, Run, race_folder
from tests.builders import entrant_id
from tests.hostile_names import HOSTILE_NAMES
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.language import pair
from timing.printed.spreadsheet_text import FORMULA_STARTS, NUMBER
from timing.race.events import EditionPublished, RulesSet
from timing.race.firms import FirmCard
from timing.race.known_names import Names
from timing.race.rules import GroupRule, Rules

Shape = list[tuple[str, frozenset[str]]]
PLAIN = "가산정밀"
RULES = Rules(ranking=(GroupRule("단체", "company", pick=2), GroupRule("팀", "team", pick=1)))
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:00", team="t0001", sex="M", name="박솔잎"),
    Run(5, "0:12", "19:00", company="c0002", team="t0003", name="이보람"),
    Run(8, "0:20", company="c0002", name="최가온"),
]


def race_at(root: Path) -> OpenRace:
    made = race_folder(root, RUNS)
    made.log.record([RulesSet(RULES, "desk", "")])
    return made


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRace]:
    """One race for all names: each test calls everybody anew."""
    with race_at(tmp_path_factory.mktemp("hostile") / "race") as made:
        yield made


@pytest.fixture(scope="module", params=list(HOSTILE_NAMES.values()), ids=list(HOSTILE_NAMES))
def name(request: pytest.FixtureRequest) -> str:
    """The tests of one name stand together, so that its board is made once."""
    given: str = request.param
    return given


@pytest.fixture(scope="module")
def board(opened: OpenRace, harmless: object, name: str) -> Snapshot:
    return board_of(opened, name)


@pytest.fixture
def fresh(tmp_path: Path) -> Iterator[OpenRace]:
    """A race for those who write into it."""
    with race_at(tmp_path / "race") as made:
        yield made


@pytest.fixture(scope="module")
def harmless(opened: OpenRace) -> dict[bool, dict[str, Shape]]:
    """The shapes of all pages where every name is harmless, without and with a blurb."""
    return {says: shapes(plain(opened, says)) for says in (False, True)}


def called(opened: OpenRace, name: str) -> Names:
    """Everything that can bear a name bears this one; it comes in by the directory's own door, past all checks of rosters."""
    names = Names({entrant_id(417): name, entrant_id(5): name}, {"c0001": name}, {"t0001": name})
    opened.directory.keep(names)
    opened.directory.keep_consents({entrant_id(417): True})
    return opened.directory.names()


def board_of(opened: OpenRace, name: str) -> Snapshot:
    called(opened, name)
    card = FirmCard("c0001", "건물", "층", link=name, blurb=name, approved=True)
    view = view_of(opened, opened.fold(), draw=codes_of(opened))
    return Snapshot(replace(view, cards={"c0001": card}))


def plain(opened: OpenRace, says: bool) -> Snapshot:
    """The same with a harmless name, and with a blurb or without."""
    called(opened, PLAIN)
    view = view_of(opened, opened.fold(), draw=codes_of(opened))
    return Snapshot(replace(view, cards={"c0001": FirmCard("c0001", blurb="소개" * says, approved=True)}))


def files(board: Snapshot, ending: str) -> Iterator[tuple[str, str]]:
    for path in board.paths():
        if path.endswith(ending):
            asset = board.get(path)
            assert asset
            yield path, asset.plain.decode()


def test_every_page_keeps_its_shape(board: Snapshot, harmless: dict[bool, dict[str, Shape]], name: str) -> None:
    """A blurb stands only where it is one that the organiser's tools would take."""
    expected = harmless[bool(FirmCard("c0001", blurb=name, approved=True).public_blurb)]
    shown = shapes(board)
    assert shown.keys() == expected.keys()
    for path, tags in shown.items():
        assert tags == expected[path], path


def shapes(board: Snapshot) -> dict[str, Shape]:
    return {path: shape(text) for path, text in files(board, ".html")}


def shape(html: str) -> Shape:
    """The tags, each with the names of its attributes; empty leaves out what a page shows only where there is a name."""
    page = Page(html)
    for link in page.links:
        assert link.partition(":")[0].lower() in ("data",) or ":" not in link.partition("/")[0], link
    return [(tag.name, frozenset(tag.attributes)) for tag in page.tags]


def test_every_file_for_programs_is_read_as_it_was_meant(board: Snapshot, opened: OpenRace, name: str) -> None:
    kept = called(opened, name).companies["c0001"]
    for _, text in files(board, ".json"):
        json.loads(text)
    (firm,) = (one for path, text in files(board, "c/c0001.json") for one in [json.loads(text)])
    assert firm["company"] == (kept or "c0001") and firm["link"] == ""
    assert firm["blurb"] in ("", name)


def test_no_cell_of_a_spreadsheet_runs(board: Snapshot) -> None:
    tables = [text for _, text in files(board, ".csv")]
    tables.append(people_csv(people_of(board.site, "c0001", "ko")).decode())
    for text in tables:
        assert text.startswith("\ufeff")
        rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))
        assert len({len(row) for row in rows}) == 1
        for cell in (cell for row in rows for cell in row):
            assert not cell.startswith(FORMULA_STARTS) or NUMBER.fullmatch(cell), cell[:80]


def doings(pdf: bytes) -> int:
    """What a PDF can do besides being read: scripts, files inside, links and buttons."""
    paper = pypdfium2.PdfDocument(io.BytesIO(pdf))
    links = sum(pypdfium2.raw.FPDFPage_GetAnnotCount(page) for page in paper)
    return int(
        pypdfium2.raw.FPDFDoc_GetJavaScriptActionCount(paper) + pypdfium2.raw.FPDFDoc_GetAttachmentCount(paper) + links
    )


def test_the_result_sheets_are_paper_and_nothing_else(opened: OpenRace, name: str) -> None:
    called(opened, name)
    sheets = result_sheets(view_of(opened, opened.fold()), full_names=True)
    pdf, missing = draw_results(sheets)
    assert missing == missing_glyphs(called(opened, name).companies["c0001"])
    assert doings(pdf) == 0
    assert 1 <= len(pypdfium2.PdfDocument(io.BytesIO(pdf))) <= 20
    page = Page(offline_page(sheets))
    assert not {tag.name for tag in page.tags} & {"script", "img", "svg", "iframe", "link"}
    assert not [tag for tag in page.tags for attribute in tag.attributes if attribute.startswith("on")]


def test_a_certificate_is_paper_and_nothing_else(opened: OpenRace, name: str) -> None:
    names, view = called(opened, name), view_of(opened, opened.fold())
    edition = EditionPublished(1, "official", 3, "0" * 64, None, (), "desk", "")
    day, race = date(2026, 9, 3), pair("제20회 G밸리 스마트 마라톤", "G Valley Smart Marathon")
    occasion = CertificateHeader(race, edition, "record", day, "조직위원회", "SIGNED {}".format)
    given, _ = told(CertificateIssuer(view.standings, names, occasion).everybody())
    printable = [
        one for one in given if not missing_glyphs(one.name + one.company + one.team)
    ]  # the others are named and left out
    assert len(printable) >= 1  # 박솔잎 of a firm that can be written, at least
    assert doings(draw_certificates(printable)) == 0


def test_a_packet_of_bibs_is_paper_and_says_what_it_writes_in_other_letters(
    fresh: OpenRace, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    kept = called(fresh, name).companies["c0001"]
    code = marathon("bibs", "--no-proof", "--race", fresh.root)
    printed = list((fresh.root / "bibs").rglob("*.pdf")) if (fresh.root / "bibs").is_dir() else []
    assert code == 0 and printed
    assert ("글꼴에 없는 글자" in capsys.readouterr().err) is bool(missing_glyphs(kept))
    for file in printed:
        assert file.is_relative_to(fresh.root / "bibs")
        assert doings(file.read_bytes()) == 0


def test_the_firm_s_own_tools_take_only_what_they_can_show(fresh: OpenRace, name: str) -> None:
    """What `marathon firm set` keeps is what the board shows, to the letter."""
    words = name.encode("utf-8", "replace").decode().replace("\x00", "")
    said = marathon("firm", "set", "c0001", f"--blurb={words}", f"--link={words}", "--approve", "--race", fresh.root)
    assert said == 2 and fresh.directory.cards() == {}  # none of them is a link
    if marathon("firm", "set", "c0001", f"--blurb={words}", "--approve", "--race", fresh.root) == 0:
        card = fresh.directory.cards()["c0001"]
        assert card.public_blurb == card.blurb != ""
