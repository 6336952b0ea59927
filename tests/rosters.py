"""Rosters as firms send them, and a registration desk in memory that takes them in as `marathon import` does."""

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Final

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from bibs.printing.numbers import assign_numbers
from bibs.roster.entries.entry import Entries, Entry
from bibs.roster.entries.read_entries import read_book
from bibs.roster.registration.import_plan import ImportPlan, register
from bibs.roster.table_rows import SourceSheet, TableRow
from tests.builders import GUN, RACE
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.memory_log import MemoryLog
from timing.race.events import BibAssigned
from timing.race.fold import Race, fold
from timing.race.known_names import Names
from timing.race.office_state import Entrant

SHEET: Final = "xl/worksheets/sheet1.xml"
"""Where an XLSX file keeps its first sheet."""


def csv_file(path: Path, *rows: list[str], encoding: str = "utf-8-sig", delimiter: str = ",") -> Path:
    text = io.StringIO()
    csv.writer(text, delimiter=delimiter).writerows(rows)
    path.write_bytes(text.getvalue().encode(encoding))
    return path


def xlsx_file(path: Path, *rows: Sequence[object]) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.worksheets[0].append(row)
    book.save(path)
    return path


def changed(path: Path, change: Callable[[Worksheet], object]) -> Path:
    """The same XLSX file after somebody worked on its first sheet."""
    book = openpyxl.load_workbook(path)
    change(book.worksheets[0])
    book.save(path)
    return path


def tampered(path: Path, member: str, change: Callable[[bytes], bytes]) -> Path:
    """The same XLSX file with one of its parts changed."""
    with zipfile.ZipFile(io.BytesIO(path.read_bytes())) as old, zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            data = old.read(name)
            new.writestr(name, change(data) if name == member else data)
    return path


def lines(*rows: list[str]) -> list[TableRow]:
    return [TableRow(number, row) for number, row in enumerate(rows, 1)]


def roster(*rows: list[str]) -> Entries:
    """What is read from a file `명단.csv` with these rows."""
    return read_book("명단.csv", [SourceSheet(lines(*rows))])


def entry(
    name: str,
    company: str = "가산정밀",
    bib: int | None = None,
    row: int = 2,
    employees: int | None = None,
    **more: str,
) -> Entry:
    return Entry(f"명단.csv {row}행 / 명단.csv, row {row}", company, name, bib=bib, employees=employees, **more)


class Desk:
    """Takes rosters in, one after the other."""

    def __init__(self, seed: int = 1, day: date | None = None) -> None:
        self._day = day
        self.log, self.names = MemoryLog(RACE, ManualClock(GUN)), Names()
        self._bits = seeded_bits(seed)

    def takes(self, *entries: Entry) -> ImportPlan:
        """Import these entries; with a fault among them nothing is taken in."""
        done = register(entries, self.race(), self.names, self._bits, self._day)
        if not done.faults:
            self.log.record(done.facts)
            self.names = self.names.with_(done.names)
        return done

    def numbers(self) -> list[BibAssigned]:
        """Number everybody who has no bib yet."""
        given = assign_numbers(self.race(), self._bits)
        self.log.record(given)
        return given

    def race(self) -> Race:
        return fold(self.log.read())

    def named(self, name: str) -> list[Entrant]:
        """Everybody of that name, in the order of registration."""
        return [person for person in self.race().entrants.values() if self.names.people[person.id] == name]

    def company_of(self, person: Entrant) -> str:
        return self.names.companies[person.company]

    def team_of(self, person: Entrant) -> str:
        return self.names.teams.get(person.team, "")
