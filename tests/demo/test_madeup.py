"""The made-up roster: the same for the same seed, and never a real firm."""

import csv
from pathlib import Path

import pytest

from bibs.roster.entries.read_entries import read_book
from bibs.roster.files.isolated import read_sheets
from demo.madeup import FAMILY_NAMES, FIRMS, GIVEN_NAMES, write_madeup_roster
from tests.rosters import Desk


def test_the_same_seed_writes_the_same_file_and_another_seed_another(tmp_path: Path) -> None:
    once, again, other = (tmp_path / name for name in ("a.csv", "b.csv", "c.csv"))
    for file, seed in ((once, 7), (again, 7), (other, 8)):
        write_madeup_roster(file, 60, seed)
    assert once.read_bytes() == again.read_bytes() != other.read_bytes()


@pytest.mark.parametrize("people", [12, 60, 300])
def test_it_holds_so_many_made_up_people_of_all_made_up_firms(tmp_path: Path, people: int) -> None:
    write_madeup_roster(tmp_path / "명단.csv", people, 1)
    with (tmp_path / "명단.csv").open(encoding="utf-8-sig") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == people
    assert {row["소속"] for row in rows} == set(FIRMS)
    assert all(row["성명"][0] in FAMILY_NAMES and row["성명"][1:] in GIVEN_NAMES for row in rows)


def test_everybody_on_it_can_be_entered(tmp_path: Path) -> None:
    write_madeup_roster(tmp_path / "명단.csv", 300, 1)
    roster = read_book("명단.csv", read_sheets(tmp_path / "명단.csv"))
    done = Desk().takes(*roster.entries)
    assert (roster.faults, done.faults, done.new) == ((), [], 300)
    assert len(done.names.companies) == len(FIRMS)
