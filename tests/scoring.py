"""Short words for races that were timed elsewhere: files in, `marathon score`, files out."""

import csv
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.terminal import marathon

ENTRY = "bib,sex,category,company,team,company_size"
READ = "point,bib,t_ms"
RULING = "ruling,bibs,value,reason"
Rows = list[dict[str, str]]


class Scored(NamedTuple):
    """Both files, row by row."""

    results: Rows
    rankings: Rows

    def of(self, bib: object) -> dict[str, str]:
        return next(row for row in self.results if row["bib"] == str(bib))

    def order(self) -> list[str]:
        """Everybody's place and bib: `1 417`."""
        return [f"{row['place']} {row['bib']}" for row in self.results]

    def groups(self) -> list[str]:
        """Every group's division, place, name and score: `F 1 가산정밀 3131000.5`."""
        return [" ".join(row[key] for key in ("division", "place", "group", "score")) for row in self.rankings]


def rows_of(file: Path) -> Rows:
    with file.open(encoding="utf-8-sig", newline="") as text:
        return list(csv.DictReader(text))


def files(folder: Path, **texts: str) -> list[object]:
    """Write the files and return the command that scores them: `entries=`, `reads=`, `rulings=`, `rules=`."""
    arguments: list[object] = ["score", "--out", folder / "out"]
    for name, text in texts.items():
        file = folder / f"{name}.{'toml' if name == 'rules' else 'csv'}"
        file.write_text(text, encoding="utf-8", newline="")
        arguments += [f"--{name}", file]
    return arguments


def table(header: str, rows: Sequence[str]) -> str:
    return "\n".join((header, *rows)) + "\n"


def scored(
    folder: Path, entries: Sequence[str], reads: Sequence[str], rulings: Sequence[str] = (), rules: str = ""
) -> Scored:
    """Score a race of a few lines."""
    command = files(
        folder, entries=table(ENTRY, entries), reads=table(READ, reads), rulings=table(RULING, rulings), rules=rules
    )
    assert marathon(*command) == 0
    return outcome(folder / "out")


def outcome(folder: Path) -> Scored:
    return Scored(rows_of(folder / "results.csv"), rows_of(folder / "rankings.csv"))
