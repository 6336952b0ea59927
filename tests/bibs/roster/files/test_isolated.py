"""A file from outside is parsed by a child with limits; whatever happens to it, this process goes on and says one line."""

from pathlib import Path

import pytest

from bibs.roster.files import isolated, spreadsheet
from bibs.roster.files.isolated import STOPPED, TOO_MUCH, read_sheets
from bibs.roster.table_rows import MAX_UNPACKED_BYTES, TableRow
from tests.rosters import SHEET, csv_file, tampered, xlsx_file
from timing.errors import Unreachable

HEADER = ["소속", "성명"]


def refused(file: Path) -> str:
    with pytest.raises(Unreachable) as failure:
        read_sheets(file)
    assert str(file) in failure.value.text.to("ko")
    return failure.value.text.to("ko").removeprefix(f"{file}: ")


def test_this_process_never_parses_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spreadsheet, "parse", lambda data: pytest.fail("parsed here"))
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER))
    assert read_sheets(file)[0].lines == [TableRow(1, HEADER)]


def test_a_child_that_wants_too_much_memory_ends_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        isolated, "CHILD", "from bibs.roster.files.isolated import child; child(memory_bytes=200_000_000)"
    )
    file = xlsx_file(tmp_path / "명단.xlsx", list(HEADER))
    cell = (
        b'<row r="9"><c r="A9" t="inlineStr"><is><t>' + b"x" * (MAX_UNPACKED_BYTES - 100_000) + b"</t></is></c></row>"
    )
    tampered(file, SHEET, lambda sheet: sheet.replace(b"</sheetData>", cell + b"</sheetData>"))
    assert refused(file) == TOO_MUCH.to("ko")


def test_a_child_that_computes_too_long_ends_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(
        isolated, "CHILD", "from bibs.roster.files.isolated import _limit\n_limit(10**9, 1)\nwhile True: pass"
    )
    assert refused(csv_file(tmp_path / "명단.csv", HEADER)) == TOO_MUCH.to("ko")


def test_a_child_that_hangs_is_ended(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(isolated, "CHILD", "import signal; signal.pause()")
    monkeypatch.setattr(isolated, "WALL_S", 0.5)
    assert refused(csv_file(tmp_path / "명단.csv", HEADER)) == TOO_MUCH.to("ko")


def test_a_child_that_fails_is_told_without_anything_of_the_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(isolated, "CHILD", "import sys; raise ValueError(sys.stdin.read())")
    assert refused(csv_file(tmp_path / "명단.csv", HEADER)) == STOPPED.to("ko")


def test_a_module_beside_the_roster_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "csv.py").write_text("raise SystemExit(9)")
    monkeypatch.chdir(tmp_path)
    assert read_sheets(csv_file(tmp_path / "명단.csv", HEADER))[0].lines == [TableRow(1, HEADER)]
