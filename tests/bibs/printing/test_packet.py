"""What goes to print: every page holds its own code, its number and its name, and is the same when printed again."""

import ctypes
import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pypdfium2
import pypdfium2.raw as pdfium
import pytest
from msgspec.structs import replace as changed

from bibs.drawing.imposition import A4
from bibs.drawing.layout import DEFAULT_LAYOUT, Area, widened
from bibs.drawing.lists import LINES_A_PAGE, draw_handout, draw_index
from bibs.drawing.pdf_pages import Picture, render_pages
from bibs.drawing.sheet import BibFace, FirmPacket, draw_bibs
from bibs.printing.packet import BIB_FILE, HANDOUT_FILE, PrintJob, firms_of, folder_name, pages_by_number, write_packet
from bibs.printing.print_job import print_bibs
from bibs.printing.proof import PLAIN_LEAD, Decoders, NotProved, verify_pages
from bibs.roster.registration.roster_import import import_files
from scanners.reading.decoder import decode_texts, second_reader
from scanners.reading.mark_reader import MarkReader
from tests.prints import OCCASION, READERS, eyes_for, firm_of
from tests.rosters import csv_file
from tests.system import libzbar
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace
from timing.race.codes import bib_url, printed
from timing.race.events import MarkDrawn
from timing.race.marks import mark_book, marks_in_force

HEADER = ["소속", "성명", "팀"]
PEOPLE = [
    ["㈜한빛소프트웨어테크놀로지", "김하늘", "개발팀"],
    ["㈜한빛소프트웨어테크놀로지", "남궁똠샾", ""],
    ["㈜한빛소프트웨어테크놀로지", "Alexandra Kim-Schmidt", "생산 2팀"],
    ["가산/정밀: 본사", "이서연", ""],
    ["가산/정밀: 본사", "박도윤", "개발팀"],
]
DOTS_PER_MM = 6
POINTS_PER_MM = 72 / 25.4
Grey = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Printed:
    """A race whose bibs are printed."""

    race: OpenRace
    firms: list[FirmPacket]

    @property
    def root(self) -> Path:
        return self.race.root / "bibs"

    def folder(self, firm: FirmPacket) -> Path:
        return self.root / folder_name(firm)

    def files(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.root)): file.read_bytes() for file in self.root.rglob("*.*") if file.is_file()
        }


@pytest.fixture(scope="module")
def printing(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Printed]:
    folder = tmp_path_factory.mktemp("printed")
    with race_folder(folder / "대회") as race:
        import_files(race, (csv_file(folder / "명단.csv", HEADER, *PEOPLE),))
        print_bibs(race, READERS)
        yield Printed(race, firms_of(race.fold(), race.directory.names()))


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as opened:
        yield opened


@pytest.fixture(scope="module")
def pages(printing: Printed) -> dict[int, Grey]:
    """Every bib's page in grey, at 150 dpi."""
    return {
        bib.number: page.mean(axis=2).astype(np.uint8)
        for firm in printing.firms
        for bib, page in zip(firm.bibs, render_pages(printing.folder(firm) / BIB_FILE, DOTS_PER_MM), strict=True)
    }


def bibs_of(printing: Printed) -> list[BibFace]:
    return [bib for firm in printing.firms for bib in firm.bibs]


def cut(page: Grey, box: Area) -> Grey:
    return page[
        round(box.y * DOTS_PER_MM) : round((box.y + box.height) * DOTS_PER_MM),
        round(box.x * DOTS_PER_MM) : round((box.x + box.width) * DOTS_PER_MM),
    ]


def ink_mm(page: Grey, box: Area) -> tuple[float, float]:
    """Width and height of what is dark in a part of the page."""
    rows, columns = np.nonzero(cut(page, box) < 128)
    return float(np.ptp(columns) + 1) / DOTS_PER_MM, float(np.ptp(rows) + 1) / DOTS_PER_MM


def test_everybody_has_a_page(printing: Printed, pages: dict[int, Grey]) -> None:
    assert len(pages) == len(bibs_of(printing)) == len(PEOPLE)
    assert {page.shape for page in pages.values()} == {(200 * DOTS_PER_MM, 240 * DOTS_PER_MM + 1)}


def test_every_page_reads_back_its_own_code_and_no_other(printing: Printed, pages: dict[int, Grey]) -> None:
    for bib in bibs_of(printing):
        assert decode_texts(pages[bib.number]) == [bib_url("GV.TEST", bib.code)]


def test_a_second_decoder_reads_the_same(printing: Printed, pages: dict[int, Grey]) -> None:
    libzbar()
    read = second_reader()
    assert read
    for bib in bibs_of(printing):
        assert [sighting.text for sighting in read(pages[bib.number])] == [bib_url("GV.TEST", bib.code)]


def test_the_text_in_every_box_of_a_page_is_exactly_what_belongs_there(printing: Printed) -> None:
    at = DEFAULT_LAYOUT
    for firm in printing.firms:
        for bib, page in zip(firm.bibs, pypdfium2.PdfDocument(printing.folder(firm) / BIB_FILE), strict=True):
            boxes = (at.number, at.name, at.team, at.company, at.host, at.typed, at.event, at.course)
            words = (
                str(bib.number),
                bib.name,
                bib.team,
                firm.name,
                "gv.test",
                printed(bib.code),
                "연습 마라톤",
                "4.5 km",
            )
            assert tuple(text_in(page, box) for box in boxes if box) == words


def text_in(page: pypdfium2.PdfPage, box: Area) -> str:
    x, y = box.x * POINTS_PER_MM, page.get_height() - box.y * POINTS_PER_MM
    width, height = box.width * POINTS_PER_MM, box.height * POINTS_PER_MM
    return str(page.get_textpage().get_text_bounded(x - 1, y - height, x + width + 1, y)).strip()


def texts(path: Path) -> list[list[str]]:
    """The lines of text on every page of a PDF."""
    return [page.get_textpage().get_text_bounded().splitlines() for page in pypdfium2.PdfDocument(path)]


def whole_text(path: Path) -> str:
    return " ".join(line for lines in texts(path) for line in lines)


def fonts(path: Path) -> dict[str, bool]:
    """The fonts that a PDF's text is set in, and whether each is embedded."""
    found = {}
    for page in pypdfium2.PdfDocument(path):
        for text in page.get_objects(filter=[pdfium.FPDF_PAGEOBJ_TEXT]):
            font, name = pdfium.FPDFTextObj_GetFont(text.raw), ctypes.create_string_buffer(100)
            pdfium.FPDFFont_GetBaseFontName(font, name, 100)
            found[name.value.decode()] = bool(pdfium.FPDFFont_GetIsEmbedded(font))
    return found


def test_every_font_travels_with_the_file(printing: Printed) -> None:
    files = [printing.root / "index.pdf", *printing.root.glob("*/*.pdf")]
    assert len(files) == 1 + 2 * len(printing.firms)
    for file in files:
        assert fonts(file)
        assert all(fonts(file).values())


def test_the_number_stands_at_least_five_centimetres_high(pages: dict[int, Grey]) -> None:
    area = changed(DEFAULT_LAYOUT.number, y=16.5, height=63)
    for page in pages.values():
        width, height = ink_mm(page, area)
        assert height >= 50
        assert width <= DEFAULT_LAYOUT.number.width


@pytest.mark.parametrize("number", [7, 11, 7_777, 77_777, 111_111, 888_888])
def test_a_number_of_up_to_six_digits_is_five_centimetres_high(tmp_path: Path, number: int) -> None:
    (page,) = drawn(tmp_path, number)
    width, height = ink_mm(page, changed(DEFAULT_LAYOUT.number, y=16.5, height=63))
    assert 50 <= height <= 60
    assert width <= DEFAULT_LAYOUT.number.width


def drawn(folder: Path, number: int, name: str = "김하늘", team: str = "개발팀", firm: str = "가산정밀") -> list[Grey]:
    """The page of one bib, in grey."""
    of = firm_of(1, firm)
    draw_bibs(
        folder / BIB_FILE, replace(of, bibs=(replace(of.bibs[0], number=number, name=name, team=team),)), OCCASION
    )
    return [page.mean(axis=2).astype(np.uint8) for page in render_pages(folder / BIB_FILE, DOTS_PER_MM)]


@pytest.mark.parametrize("number", [1, 417, 2345, 6789, 8008, 88_888, 888_888])
def test_no_number_is_so_large_that_it_touches_the_band_or_the_code_s_white(tmp_path: Path, number: int) -> None:
    (page,) = drawn(tmp_path, number)
    for y in (16.3, 78.6):
        assert cut(page, Area(10, y, 220, 0.2)).min() > 250


@pytest.mark.parametrize("name", ["가", "남궁똠샾", "Alexandra Kim-Schmidt von Hohenlohe-Langenburg", "李舜臣" * 12])
def test_no_name_and_no_team_reaches_into_the_mark_s_white_or_out_of_the_page(tmp_path: Path, name: str) -> None:
    (page,) = drawn(tmp_path, 888_888, name, name, name)
    for mark in DEFAULT_LAYOUT.marks:
        white = cut(page, widened(mark, 5.9)).copy()
        white[34:-34, 34:-34] = 255  # the mark itself
        assert white.min() > 250
    assert cut(page, Area(234, 17, 5, 171)).min() > 250


def test_the_mark_stands_twice_six_centimetres_wide_and_is_read_from_the_whole_page(
    printing: Printed, pages: dict[int, Grey]
) -> None:
    boxes = DEFAULT_LAYOUT.marks
    reader = MarkReader(printing.race.fold().office.marks)
    for bib in bibs_of(printing):
        found = sorted(reader.read(pages[bib.number]), key=lambda seen: seen.corners)
        assert len(found) == len(boxes) == 2
        for box, seen in zip(boxes, found, strict=True):
            assert ink_mm(pages[bib.number], widened(box, 6)) == pytest.approx((61, 61), abs=2 / DOTS_PER_MM)
            assert (seen.mark, seen.code) == (bib.mark, bib.code)
            assert seen.margin >= PLAIN_LEAD
            middle = (box.x + box.width / 2) * DOTS_PER_MM, (box.y + box.height / 2) * DOTS_PER_MM
            assert np.mean(seen.corners, axis=0) == pytest.approx(middle, abs=2)


def test_the_code_is_eight_centimetres_wide_and_its_quiet_zone_is_white(pages: dict[int, Grey]) -> None:
    code = DEFAULT_LAYOUT.code
    quiet = 4 * code.width / 25
    around = Area(code.x - quiet, code.y - quiet, code.width + 2 * quiet, code.height + 2 * quiet)
    for page in pages.values():
        assert ink_mm(page, around) == pytest.approx((80, 80), abs=1 / DOTS_PER_MM)
        assert min(ink_mm(page, around)) >= 80 - 1 / DOTS_PER_MM
        zone = cut(page, around).copy()
        at = round(quiet * DOTS_PER_MM) - 1
        zone[at:-at, at:-at] = 255
        assert zone.min() > 250


def test_a_firm_s_files_are_where_the_manifest_says(printing: Printed) -> None:
    for firm in printing.firms:
        folder = printing.folder(firm)
        assert {file.name for file in folder.iterdir()} == {"00-명단.pdf", BIB_FILE, "manifest.json"}
        assert [file.name for file in folder.iterdir() if "배번" in file.name] == [BIB_FILE]
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        assert told["firm"] == firm.id
        assert [(bib["number"], bib["code"], bib["entrant"], bib["file"], bib["page"]) for bib in told["bibs"]] == [
            (bib.number, bib.code, bib.entrant, BIB_FILE, page) for page, bib in enumerate(firm.bibs, 1)
        ]
        assert [bib["mark"] for bib in told["bibs"]] == [bib.mark for bib in firm.bibs]
        assert {bib["sha256"] for bib in told["bibs"]} == {hashlib.sha256((folder / BIB_FILE).read_bytes()).hexdigest()}


def test_the_pages_are_found_again_by_their_numbers(printing: Printed) -> None:
    found = pages_by_number(printing.root)
    for bib in bibs_of(printing):
        assert decode_texts(found[bib.number].mean(axis=2).astype(np.uint8)) == [bib_url("GV.TEST", bib.code)]


def test_the_hand_out_list_and_the_index_name_everybody(printing: Printed) -> None:
    for firm in printing.firms:
        text = whole_text(printing.folder(firm) / HANDOUT_FILE)
        assert all(word in text for bib in firm.bibs for word in (str(bib.number), bib.name, printed(bib.code)))
    index = whole_text(printing.root / "index.pdf")
    assert all(
        firm.name in index and f"{firm.bibs[0].number}~{firm.bibs[-1].number}" in index for firm in printing.firms
    )


def test_a_long_list_goes_on_over_several_sheets_of_a4(tmp_path: Path) -> None:
    firm = firm_of(2 * LINES_A_PAGE + 1)
    draw_handout(tmp_path / "명단.pdf", firm, OCCASION)
    sheets = pypdfium2.PdfDocument(tmp_path / "명단.pdf")
    assert {tuple(round(side / POINTS_PER_MM) for side in sheet.get_size()) for sheet in sheets} == {A4}
    told = [[printed(bib.code) in text for bib in firm.bibs] for text in map(" ".join, texts(tmp_path / "명단.pdf"))]
    assert [sum(sheet) for sheet in told] == [LINES_A_PAGE, LINES_A_PAGE, 1]


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    firm = firm_of(3)
    for name in ("a", "b"):
        draw_bibs(tmp_path / f"{name}1.pdf", firm, OCCASION)
        draw_handout(tmp_path / f"{name}2.pdf", firm, OCCASION)
        draw_index(tmp_path / f"{name}3.pdf", [firm], OCCASION)
    for n in (1, 2, 3):
        assert (tmp_path / f"a{n}.pdf").read_bytes() == (tmp_path / f"b{n}.pdf").read_bytes()


def test_printing_again_changes_no_file_and_no_code(printing: Printed) -> None:
    files, head = printing.files(), printing.race.log.head()
    print_bibs(printing.race, READERS)
    assert printing.files() == files
    assert printing.race.log.head() == head


def test_swapped_pages_are_caught(tmp_path: Path) -> None:
    firm = firm_of(3)
    first, second, third = firm.bibs
    draw_bibs(tmp_path / BIB_FILE, replace(firm, bibs=(first, third, second)), OCCASION)
    with pytest.raises(NotProved, match="page 2, bib 1002"):
        verify_pages(tmp_path / BIB_FILE, firm, OCCASION, eyes_for(firm))


def test_a_code_for_another_host_is_caught(tmp_path: Path) -> None:
    draw_bibs(tmp_path / BIB_FILE, firm_of(1), replace(OCCASION, host="OLD.TEST"))
    with pytest.raises(NotProved, match="bib 1001"):
        verify_pages(tmp_path / BIB_FILE, firm_of(1), OCCASION, eyes_for(firm_of(1)))


def test_a_mark_of_somebody_else_is_caught(tmp_path: Path) -> None:
    firm = firm_of(3)
    first, second, third = firm.bibs
    draw_bibs(tmp_path / BIB_FILE, replace(firm, bibs=(first, replace(second, mark=third.mark), third)), OCCASION)
    with pytest.raises(NotProved, match="page 2, bib 1002: the mark does not read back"):
        verify_pages(tmp_path / BIB_FILE, firm, OCCASION, eyes_for(firm))


def test_a_bib_whose_mark_was_forgotten_is_caught(tmp_path: Path) -> None:
    firm = firm_of(1)
    draw_bibs(tmp_path / BIB_FILE, replace(firm, bibs=(replace(firm.bibs[0], mark=None),)), OCCASION)
    with pytest.raises(NotProved, match="bib 1001: the mark"):
        verify_pages(tmp_path / BIB_FILE, firm, OCCASION, eyes_for(firm))


def test_a_mark_that_is_read_but_not_plainly_is_caught(tmp_path: Path) -> None:
    firm = firm_of(1)
    draw_bibs(tmp_path / BIB_FILE, firm, OCCASION)
    smudged = Decoders(decode_texts, lambda _: [(str(firm.bibs[0].mark), PLAIN_LEAD - 0.01)])
    with pytest.raises(NotProved, match="bib 1001: the mark"):
        verify_pages(tmp_path / BIB_FILE, firm, OCCASION, smudged)


def test_a_layout_may_do_without_the_mark(tmp_path: Path) -> None:
    layout, firm = changed(DEFAULT_LAYOUT, mark=None, second_mark=None), firm_of(1)
    draw_bibs(tmp_path / BIB_FILE, firm, OCCASION, layout)
    (page,) = render_pages(tmp_path / BIB_FILE, DOTS_PER_MM)
    assert eyes_for(firm).marks(page.mean(axis=2).astype(np.uint8)) == []
    verify_pages(tmp_path / BIB_FILE, firm, OCCASION, eyes_for(firm), layout)


def test_a_packet_that_is_not_proved_leaves_the_one_before_as_it_was(tmp_path: Path) -> None:
    def blind(_: Picture) -> Sequence[str]:
        return []

    def blind_to_marks(_: Picture) -> Sequence[tuple[str, float]]:
        return []

    with pytest.raises(NotProved):
        write_packet(tmp_path, firm_of(1), PrintJob(OCCASION, Decoders(blind, blind_to_marks)))
    assert list(tmp_path.iterdir()) == []
    folder = write_packet(tmp_path, firm_of(1), PrintJob(OCCASION, eyes_for(firm_of(1))))
    before = (folder / BIB_FILE).read_bytes()
    with pytest.raises(NotProved):
        write_packet(tmp_path, firm_of(2), PrintJob(OCCASION, replace(eyes_for(firm_of(2)), marks=blind_to_marks)))
    assert list(tmp_path.iterdir()) == [folder]
    assert (folder / BIB_FILE).read_bytes() == before


@pytest.mark.parametrize("name", ["../../밖", "C:\\한빛", "한빛 . ", "★", "가" * 90, ".숨김"])
def test_a_firm_s_name_makes_a_folder_that_every_file_system_takes(tmp_path: Path, name: str) -> None:
    folder = tmp_path / folder_name(firm_of(1, name))
    folder.mkdir()
    assert folder.parent.samefile(tmp_path)
    assert not set(folder.name) & set('\\/:*?"<>|')


@pytest.mark.parametrize(
    "row", [["가산정밀", "김하늘🏃", ""], ["가산정밀", "김하늘", "🏃팀"], ["🏃상사", "김하늘", ""]]
)
def test_a_name_that_cannot_be_printed_is_told_with_its_row_and_taken_in(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str], row: list[str]
) -> None:
    file = csv_file(tmp_path / "명단.csv", HEADER, ["구로소프트", "이서연", ""], row)
    assert marathon("import", file, "--race", race.root) == 0
    said = capsys.readouterr().err
    assert "🏃" in said
    assert "3행" in said and "row 3" in said
    assert len(race.fold().entrants) == 2


def test_a_name_that_became_unprintable_later_is_printed_in_other_letters_and_that_is_told(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, *PEOPLE),))
    assert marathon("people", "rename", "e00001", "김하늘🏃", "--race", race.root) == 0
    assert marathon("bibs", "--race", race.root) == 0
    assert "김하늘🏃 → 김하늘○" in capsys.readouterr().err
    assert marathon("people", "rename", "e00001", "김하늘", "--race", race.root) == 0
    assert marathon("bibs", "--race", race.root) == 0
    assert "다르게 인쇄" not in capsys.readouterr().err


def test_a_race_s_name_that_cannot_be_printed_is_told_too(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with race_folder(tmp_path / "대회", "달리자 🏃") as race:
        import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, *PEOPLE),))
    assert marathon("bibs", "--race", race.root) == 1
    assert "달리자 🏃" in capsys.readouterr().err


def test_the_command_prints_and_says_where(tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, *PEOPLE),))
    assert marathon("bibs", "--race", race.root) == 0
    said = capsys.readouterr()
    assert said.out == ""
    assert f"bibs of {len(PEOPLE)} people in 2 firms: {race.root / 'bibs'}" in said.err
    assert "GV.TEST is a practice host" in said.err
    assert len(list(race.root.glob("bibs/*/manifest.json"))) == 2


def test_a_late_entry_gets_a_bib_and_the_others_keep_theirs(tmp_path: Path, race: OpenRace) -> None:
    import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, *PEOPLE[:2]),))
    print_bibs(race, READERS)
    before = race.fold().roster()
    import_files(race, (csv_file(tmp_path / "추가.csv", HEADER, PEOPLE[2]),))
    print_bibs(race, READERS)
    after = race.fold().roster()
    assert after.items() > before.items()
    assert sorted(pages_by_number(race.root / "bibs")) == sorted(after.values())


def test_every_code_has_one_mark_that_no_other_ever_had(tmp_path: Path, race: OpenRace) -> None:
    import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, *PEOPLE[:2]),))
    print_bibs(race, READERS)
    before = race.fold().office.marks
    assert sorted(before.values()) == sorted(race.fold().holders)
    import_files(race, (csv_file(tmp_path / "추가.csv", HEADER, *PEOPLE[2:]),))
    print_bibs(race, READERS)
    after = race.fold().office.marks
    assert after.items() > before.items()
    assert sorted(after.values()) == sorted(race.fold().holders)


def test_a_lost_mark_is_replaced_by_a_new_fact_and_the_sheet_follows(tmp_path: Path, race: OpenRace) -> None:
    import_files(race, (csv_file(tmp_path / "명단.csv", HEADER, PEOPLE[0]),))
    print_bibs(race, READERS)
    ((old, code),) = race.fold().office.marks.items()
    new = next(mark for mark in mark_book() if mark != old)
    race.log.record([MarkDrawn(code, new)])
    print_bibs(race, READERS)
    (manifest,) = race.root.glob("bibs/*/manifest.json")
    assert [bib["mark"] for bib in json.loads(manifest.read_text(encoding="utf-8"))["bibs"]] == [new]
    assert marks_in_force(race.fold().office.marks) == {code: new}


def test_without_entrants_there_is_nothing_to_print(
    tmp_path: Path, race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("bibs", "--race", race.root) == 2
    assert "marathon import" in capsys.readouterr().err
