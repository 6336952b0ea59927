"""What an organiser prints: everything, only who is new, one bib again, spares; and what the proof says of any file."""

import csv
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from bibs.drawing.layout import layout_named
from bibs.drawing.sheet import Progress
from bibs.printing.packet import pages_by_number, spares_of
from bibs.printing.print_job import PrintingAlready, PrintOrder, print_bibs
from bibs.printing.proof import DecoderFactory, NotProved
from bibs.roster.registration.roster_import import import_files
from scanners.reading.decoder import decode_texts
from scanners.reading.mark_reader import proof_reader
from tests.bibs.conftest import Entered
from tests.prints import READERS
from tests.rosters import csv_file
from tests.terminal import marathon, race_folder
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import Text
from timing.race.codes import Code, bib_url, printed
from timing.race.events import EntrantRegistered, SpareDrawn
from timing.race.firms import FirmCard
from timing.race.known_names import Names

HEADER = ["소속", "성명", "팀"]
PEOPLE = [["가산정밀", "김하늘", "개발팀"], ["가산정밀", "이서연", ""], ["구로소프트", "박도윤", ""]]
LATE = [["가산정밀", "최늦음", ""]]


@pytest.fixture
def race(tmp_path: Path, entered: Entered) -> Iterator[OpenRace]:
    with entered(tmp_path / "대회", HEADER, *PEOPLE) as opened:
        yield opened


def enter(race: OpenRace, people: list[list[str]]) -> None:
    import_files(race, (csv_file(race.root / "명단.csv", HEADER, *people),))


def test_what_holds_every_code_is_for_the_owner_and_the_owner_s_group_alone(race: OpenRace) -> None:
    before = os.umask(0)
    try:
        print_bibs(race, READERS, PrintOrder(proof=False))
        print_bibs(race, READERS, PrintOrder(proof=False))
    finally:
        os.umask(before)
    root = race.root / "bibs"
    assert len(list(root.rglob("*.pdf"))) > 2
    assert {path.stat().st_mode & 0o777 for path in root.rglob("*") if path.is_file()} == {0o640}
    assert {path.stat().st_mode & 0o777 for path in (root, *root.rglob("*")) if path.is_dir()} == {0o750}


@pytest.mark.parametrize("company", ["../../밖", "..", "a/b", "*", "[c]"])
def test_a_firm_s_id_from_elsewhere_leads_nowhere_outside(race: OpenRace, company: str) -> None:
    race.log.record([EntrantRegistered("e09999", company, "", "M", "", "1")])
    race.directory.keep(Names({"e09999": "김하늘"}, {company: "밖으로"}))
    print_bibs(race, READERS, PrintOrder(proof=False))
    print_bibs(race, READERS, PrintOrder(proof=False))
    names = {path.name for path in race.root.parent.rglob("*밖으로*")}
    assert names and all(
        path.parent == race.root / "bibs" for path in race.root.parent.rglob("*밖으로*") if path.is_dir()
    )


def manifest(folder: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return told


def packet(race: OpenRace, start: str) -> Path:
    (folder,) = race.root.glob(f"bibs/{start}*")
    return folder


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir()}


def page_count(file: Path) -> int:
    return len(pypdfium2.PdfDocument(file))


def test_the_manifest_says_where_and_how(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(layout="a5", output="office"))
    folder = packet(race, "c0001")
    told = manifest(folder)
    assert (told["layout"], told["output"]) == ("a5", "office")
    assert told["proved"] == ("two decoders" if READERS.second else "one decoder")
    assert told["fonts"]
    assert [(bib["page"], bib["file"], bib["box"][1]) for bib in told["bibs"]] == [
        (1, "10-배번-A4.pdf", 0.5),
        (1, "10-배번-A4.pdf", 148.5),
    ]


@pytest.mark.parametrize("wish", [PrintOrder(), PrintOrder(output="shop"), PrintOrder(layout="a5", output="office")])
def test_each_bib_is_found_again_as_a_picture_of_its_own(race: OpenRace, wish: PrintOrder) -> None:
    print_bibs(race, READERS, wish)
    found = pages_by_number(race.root / "bibs")
    layout = layout_named(wish.layout or "", race.root)
    for code, bib in race.fold().roster().items():
        grey = found[bib].mean(axis=2).astype("uint8")
        assert decode_texts(grey) == [bib_url("GV.TEST", Code(code))]
        assert grey.shape == pytest.approx((layout.height * 4, layout.width * 4), abs=2)


def test_only_new_prints_only_who_was_never_printed(race: OpenRace) -> None:
    print_bibs(race, READERS)
    before = {folder.name: files(folder) for folder in race.root.glob("bibs/c*")}
    printed = print_bibs(race, READERS, PrintOrder(only_new=True))
    assert "nobody is new" in printed.summary.to("en") and printed.paths == ()
    assert {folder.name: files(folder) for folder in race.root.glob("bibs/c*")} == before

    enter(race, LATE)
    print_bibs(race, READERS, PrintOrder(only_new=True))
    folder = packet(race, "c0001")
    assert sorted(files(folder)) == ["00-명단.pdf", "10-배번.pdf", "11-배번-추가.pdf", "manifest.json"]
    assert files(folder)["10-배번.pdf"] == before[folder.name]["10-배번.pdf"]
    assert page_count(folder / "11-배번-추가.pdf") == 1
    assert [bib["file"] for bib in manifest(folder)["bibs"]] == ["10-배번.pdf"] * 2 + ["11-배번-추가.pdf"]
    assert files(packet(race, "c0002")) == before[packet(race, "c0002").name]
    assert "최늦음" in pypdfium2.PdfDocument(folder / "00-명단.pdf")[0].get_textpage().get_text_bounded()
    assert sorted(pages_by_number(race.root / "bibs")) == sorted(race.fold().roster().values())


def test_printing_everything_again_makes_one_file_of_a_firm_s_additions(race: OpenRace) -> None:
    print_bibs(race, READERS)
    enter(race, LATE)
    print_bibs(race, READERS, PrintOrder(only_new=True))
    print_bibs(race, READERS)
    assert sorted(files(packet(race, "c0001"))) == ["00-명단.pdf", "10-배번.pdf", "manifest.json"]


def test_a_firm_that_was_renamed_has_one_packet(race: OpenRace) -> None:
    print_bibs(race, READERS)
    names = race.directory.names()
    names.companies["c0001"] = "가산정밀 홀딩스"
    race.directory.keep(names)
    print_bibs(race, READERS, PrintOrder(only_new=True))
    assert packet(race, "c0001").name == "c0001-가산정밀"  # nobody new: nothing moves
    print_bibs(race, READERS)
    assert packet(race, "c0001").name == "c0001-가산정밀_홀딩스"


def test_one_bib_is_printed_again_at_the_desk(race: OpenRace) -> None:
    print_bibs(race, READERS)
    number = max(race.fold().roster().values())
    before = {folder.name: files(folder) for folder in race.root.glob("bibs/c*")}
    assert marathon("bibs", "--reprint", number, "--race", race.root) == 0
    file = race.root / "bibs" / "reprints" / f"재발행-배번-{number}.pdf"
    assert page_count(file) == 1
    (again,) = manifest(file.parent)["reprints"]
    assert (again["number"], again["sha256"]) == (number, hashlib.sha256(file.read_bytes()).hexdigest())
    assert {folder.name: files(folder) for folder in race.root.glob("bibs/c*")} == before
    assert sorted(pages_by_number(race.root / "bibs")) == sorted(race.fold().roster().values())


def test_chosen_firms_alone_are_printed_and_everybody_is_numbered(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("bibs", "--firm", "구로", "--race", race.root) == 0
    assert [folder.name for folder in race.root.glob("bibs/*/")] == ["c0002-구로소프트"]
    assert len(race.fold().roster()) == 3
    assert "가산정밀" not in (race.root / "bibs" / "index.csv").read_text(encoding="utf-8")
    assert marathon("bibs", "--firm", "없는회사", "--race", race.root) == 2


def test_two_prints_do_not_run_at_once_and_one_tells_how_far_it_is(race: OpenRace) -> None:
    told: list[int] = []

    def begin(steps: int, remarks: Sequence[Text]) -> Progress:
        assert steps == 2 * 3  # each drawn and proved
        with pytest.raises(PrintingAlready):
            print_bibs(race, READERS)
        return told.append

    print_bibs(race, READERS, PrintOrder(proof=True), begin)
    assert told[:6] == [1] * 6
    print_bibs(race, READERS, PrintOrder(proof=False))


def test_several_bibs_of_different_firms_come_in_one_file(race: OpenRace) -> None:
    print_bibs(race, READERS)
    one, two, three = sorted(race.fold().roster().values())
    (file,) = print_bibs(race, READERS, PrintOrder(reprint=(three, one, two))).paths
    assert file.name == f"재발행-배번-{three}-외2.pdf"
    told = [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(file)]
    assert ["구로소프트" in text for text in told] == [True, False, False]


def test_nobody_s_bib_is_not_printed_again(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    print_bibs(race, READERS)
    assert marathon("bibs", "--reprint", "77", "--race", race.root) == 2
    assert "bib 77 is not assigned yet" in capsys.readouterr().err
    assert marathon("bibs", "--reprint", "열", "--race", race.root) == 2


def test_a_bib_that_was_replaced_is_not_printed_again_but_the_one_worn_now(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    print_bibs(race, READERS, PrintOrder(spares=1))
    lost, spare = min(race.fold().roster().values()), next(iter(race.fold().office.spares))
    marathon("rule", "replace", lost, spare, "--why", "배번 분실", "--yes", "--race", race.root)
    capsys.readouterr()
    assert marathon("bibs", "--reprint", lost, "--race", race.root) == 2
    said = capsys.readouterr().err
    assert f"{lost} → {spare}" in said and f"--reprint {spare}" in said


def test_spares_have_numbers_after_all_others_codes_and_marks(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=3))
    folded = race.fold()
    spares = spares_of(folded)
    assert spares
    assert min(folded.office.spares) > max(one.bib or 0 for one in folded.entrants.values())
    assert len(folded.office.spares) == 3 and all(bib.mark for bib in spares.bibs)
    assert page_count(packet(race, "spare") / "10-배번.pdf") == 3


def test_asking_for_spares_twice_makes_no_more_and_a_worn_one_is_made_up_for(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=2))
    head = race.log.head()
    print_bibs(race, READERS, PrintOrder(spares=2))
    assert race.log.head() == head
    spare, code = min(race.fold().office.spares.items())
    lost = min(race.fold().roster().values())
    assert marathon("rule", "replace", lost, spare, "--why", "분실", "--yes", "--race", race.root) == 0
    assert race.fold().roster()[code] == spare
    print_bibs(race, READERS, PrintOrder(spares=2))
    assert len(race.fold().office.spares) == 3
    assert page_count(packet(race, "spare") / "10-배번.pdf") == 2


def test_a_spare_s_number_is_never_given_to_anybody_else(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=5))
    enter(race, LATE)
    print_bibs(race, READERS)
    folded = race.fold()
    assert not {one.bib for one in folded.entrants.values()} & set(folded.office.spares)


def test_somebody_new_may_bring_a_printed_spare_and_nobody_else_gets_it(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=5))
    number, code = min(race.fold().office.spares.items())
    header = ["소속", "성명", "배번"]
    assert (
        marathon(
            "import", csv_file(race.root / "1.csv", header, ["새회사", "정새롬", str(number)]), "--race", race.root
        )
        == 0
    )
    bearer = race.fold().by_bib(number)
    assert bearer and bearer.code == code
    assert (
        marathon("import", csv_file(race.root / "2.csv", header, ["들판", "한보라", str(number)]), "--race", race.root)
        == 1
    )


def test_spares_are_facts(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=1))
    (fact,) = (one.event for one in race.log.read() if isinstance(one.event, SpareDrawn))
    assert race.fold().office.spares == {fact.bib: fact.code}


def test_the_index_goes_building_by_building_and_counts(race: OpenRace) -> None:
    race.directory.keep_card(FirmCard("c0001", "나동", "12층"))
    race.directory.keep_card(FirmCard("c0002", "가동", "3층"))
    print_bibs(race, READERS, PrintOrder(spares=2))
    text = pypdfium2.PdfDocument(race.root / "bibs" / "index.pdf")[0].get_textpage().get_text_bounded()
    places = [text.index(word) for word in ("가동", "구로소프트", "나동", "가산정밀", "예비 Spare")]
    assert places == sorted(places)
    assert "2개 소속 · 3명 · 예비 2장" in text and "1개 소속 · 2명" in text
    with (race.root / "bibs" / "index.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(row["building"], row["floor"], row["firm"], row["people"]) for row in rows] == [
        ("가동", "3층", "구로소프트", "1"),
        ("나동", "12층", "가산정밀", "2"),
        ("", "", "예비 Spare", "0"),
    ]
    assert all((race.root / "bibs" / row["folder"]).is_dir() for row in rows)


def test_only_bib_files_have_the_word_in_their_names(race: OpenRace) -> None:
    print_bibs(race, READERS, PrintOrder(spares=1, output="shop"))
    print_bibs(race, READERS, PrintOrder(reprint=(1001,)))
    named = [file for file in race.root.glob("bibs/**/*") if file.is_file() and "배번" in file.name]
    assert {file.suffix for file in named} == {".pdf"}
    assert all(decode_texts(page.mean(axis=2).astype("uint8")) for page in pages_by_number(race.root / "bibs").values())
    assert len(named) == 2 + 1 + 1


def test_without_proof_it_prints_and_says_so_loudly(race: OpenRace) -> None:
    nobody = DecoderFactory(lambda _: [], lambda _: lambda _: [])
    with pytest.raises(NotProved):
        print_bibs(race, nobody)
    assert list(race.root.glob("bibs/c*")) == []
    printed = print_bibs(race, nobody, PrintOrder(proof=False))
    assert any("PRINTING WITHOUT PROOF" in one.to("en") for one in printed.remarks)
    assert manifest(packet(race, "c0001"))["proved"] == "no"


def test_without_a_second_decoder_it_says_so(race: OpenRace) -> None:
    printed = print_bibs(race, DecoderFactory(decode_texts, proof_reader))
    assert any("proved with one only" in one.to("en") for one in printed.remarks)
    assert manifest(packet(race, "c0001"))["proved"] == "one decoder"


def test_a_race_names_its_layout(race: OpenRace) -> None:
    settings = race.root / "race.toml"
    settings.write_text(
        settings.read_text(encoding="utf-8").replace('# layout = "a5"', 'layout = "a5"'), encoding="utf-8"
    )
    assert marathon("bibs", "--race", race.root) == 0
    assert manifest(packet(race, "c0001"))["layout"] == "a5"


def test_a_layout_that_cannot_be_used_stops_before_anything_is_numbered(race: OpenRace) -> None:
    head = race.log.head()
    with pytest.raises(WrongUse):
        print_bibs(race, READERS, PrintOrder(layout="a3"))
    assert race.log.head() == head


def test_options_that_exclude_each_other_are_told(race: OpenRace) -> None:
    assert marathon("bibs", "--only-new", "--reprint", "1001", "--race", race.root) == 2
    assert marathon("bibs", "--marks", "--race", race.root) == 2


def prove_file(file: Path, capsys: pytest.CaptureFixture[str], *more: object) -> tuple[int, str]:
    capsys.readouterr()
    code = marathon("bibs", "proof", file, *more)
    told = capsys.readouterr()
    return code, told.out + told.err


@pytest.mark.parametrize(
    "wish",
    [
        PrintOrder(),
        PrintOrder(output="shop", marks=True),
        PrintOrder(layout="a5", output="office"),
        PrintOrder(layout="a4"),
    ],
)
@pytest.mark.parametrize("beside", [True, False], ids=["with its manifest", "alone"])
def test_a_finished_file_is_proved_against_the_race(
    race: OpenRace, wish: PrintOrder, beside: bool, capsys: pytest.CaptureFixture[str]
) -> None:
    print_bibs(race, READERS, wish)
    (file,) = packet(race, "c0001").glob("*배번*")
    if not beside:
        file = Path(shutil.copy(file, race.root / "인쇄소.pdf"))
    code, told = prove_file(file, capsys, "--race", race.root)
    assert code == 0, told
    assert "1001 " in told and "1002 " in told and "all right" in told
    assert "김하늘" in told and "이서연" in told and "✗" not in told


def test_a_file_of_an_older_name_is_told_page_by_page(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    print_bibs(race, READERS)
    assert marathon("people", "rename", "e00001", "김하람", "--race", race.root) == 0
    code, told = prove_file(packet(race, "c0001") / "10-배번.pdf", capsys, "--race", race.root)
    assert code == 1
    assert "the name reads '김하늘' instead of '김하람'" in told
    assert told.count("✗") == 1


def test_a_file_with_a_page_missing_or_changed_is_told(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    print_bibs(race, READERS)
    file = packet(race, "c0001") / "10-배번.pdf"
    document = pypdfium2.PdfDocument(file.read_bytes())
    document.del_page(1)
    document.save(file)
    code, told = prove_file(file, capsys, "--race", race.root)
    assert code == 1
    assert "the file changed since it was printed" in told and "the page is missing" in told


def test_a_code_that_is_nobody_s_is_told(race: OpenRace, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    print_bibs(race, READERS)
    with race_folder(tmp_path / "다른대회") as other:
        enter(other, PEOPLE)
        print_bibs(other, READERS)
        stranger = Path(shutil.copy(packet(other, "c0001") / "10-배번.pdf", tmp_path / "다른.pdf"))
    code, told = prove_file(stranger, capsys, "--race", race.root)
    assert code == 1
    assert "a code that is not of this race" in told


def test_without_a_race_codes_and_marks_are_listed(
    race: OpenRace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    print_bibs(race, READERS)
    file = Path(shutil.copy(packet(race, "c0002") / "10-배번.pdf", tmp_path / "어느.pdf"))
    (tmp_path / "빈곳").mkdir()
    monkeypatch.chdir(tmp_path / "빈곳")
    code, told = prove_file(file, capsys)
    assert code == 0
    ((mark, _),) = [(mark, code) for mark, code in race.fold().office.marks.items() if printed(code) in whole(file)]
    assert bib_url("GV.TEST", race.fold().office.marks[mark]) in told and mark in told


def whole(file: Path) -> str:
    return str(pypdfium2.PdfDocument(file)[0].get_textpage().get_text_bounded())


def test_what_is_no_pdf_is_told_in_a_line(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    code, told = prove_file(race.root / "race.toml", capsys, "--race", race.root)
    assert code == 3 and "cannot be read as a PDF" in told
    code, told = prove_file(race.root / "없음.pdf", capsys, "--race", race.root)
    assert code == 3
