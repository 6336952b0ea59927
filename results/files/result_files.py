"""The files of `marathon results --out`: which formats there are, and what each of them holds. Pure."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from results.files.csv_files import Encoding, Misfit, Rows, csv_bytes
from results.files.exports import RANKINGS, rankings_rows, results_columns, results_json, results_rows
from results.files.paper_sheets import result_sheets
from results.view.view import View
from timing.printed.sheets import Cell, Clocked, Sheets, text_of

Format = Literal["csv", "xlsx", "json", "html", "pdf"]
FORMATS: Final[tuple[Format, ...]] = get_args(Format)
Printer = Callable[[Sheets], tuple[bytes, set[str]]]
"""Prints sheets as a PDF; tells which characters its fonts cannot draw. The printer of the bibs is handed in."""
Note = tuple[str, int]
"""A signed checkpoint, and how many facts it covers."""


@dataclass(frozen=True, slots=True)
class WantedFiles:
    """Which files, in which encoding, with full names or masked ones."""

    formats: Sequence[Format] = ("csv",)
    encoding: Encoding = "utf-8"
    full_names: bool = False


@dataclass(frozen=True, slots=True)
class MadeFiles:
    """The files by name, and what could not be written in them: misfits by file, characters without a glyph."""

    files: dict[str, bytes]
    misfits: dict[str, list[Misfit]]
    undrawn: set[str]


def result_files(view: View, wanted: WantedFiles, printer: Printer, note: Note | None = None) -> MadeFiles:
    """Make the files; names are masked as on the board unless they are wanted in full."""
    sheets = result_sheets(view, wanted.full_names, *(note or ()))
    made = MadeFiles({}, {}, set())
    for one in wanted.formats:
        match one:
            case "csv":
                _put_csv(made, view, wanted, sheets)
            case "json":
                made.files["results.json"] = results_json(view.standings, view.rankings, view.names).encode()
            case "html":
                from results.files.offline import offline_page  # each format loads its own library alone

                made.files["results.html"] = offline_page(sheets).encode("utf-8", "replace")
            case "xlsx":
                from results.files.xlsx_file import workbook

                made.files["results.xlsx"] = workbook(sheets)
            case "pdf":
                made.files["results.pdf"], undrawn = printer(sheets)
                made.undrawn.update(undrawn)
    return made


def _put_csv(made: MadeFiles, view: View, wanted: WantedFiles, sheets: Sheets) -> None:
    """The public form, which names nobody; and for officials the list of the people."""
    people = results_rows(view.standings, view.names)
    tables: list[tuple[str, Iterable[str], Rows]] = [
        ("results.csv", results_columns(people), people),
        ("rankings.csv", RANKINGS, rankings_rows(view.rankings, view.names)),
    ]
    if wanted.full_names:
        tables.append(("results-named.csv", *_people(sheets)))
    for name, columns, rows in tables:
        made.files[name], misfits = csv_bytes(list(columns), rows, wanted.encoding)
        if misfits:
            made.misfits[name] = misfits


def _people(sheets: Sheets) -> tuple[list[str], Rows]:
    table = sheets.tables[0]
    columns = [column.title.to("ko") for column in table.columns]
    return columns, [dict(zip(columns, map(_for_spreadsheets, row), strict=True)) for row in table.rows]


def _for_spreadsheets(cell: Cell) -> str:
    """A cell as text; a time with its hours, for a spreadsheet reads 17:00 as seventeen hours."""
    told = text_of(cell)
    if not isinstance(cell, Clocked) or told.count(":") > 1:
        return told
    minutes, seconds = told.removeprefix("-").split(":")
    return f"{'-' if told.startswith('-') else ''}0:{minutes:0>2}:{seconds}"
