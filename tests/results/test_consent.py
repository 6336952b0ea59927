"""Whoever agreed is shown in full everywhere in public; everybody else nowhere."""

import json
import unicodedata

import pytest

from results.board.snapshot import Snapshot
from results.files.offline import offline_page
from results.files.paper_sheets import result_sheets
from results.view.names import public_name
from tests.boards import Page, Run, names_of, text, view_of_runs
from timing.race.known_names import Names

RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:00", name="박솔잎"),
    Run(77, "0:12", "19:00", company="c0002", name="Jane Mary Doe"),
    Run(8, "0:20", company="c0002", name=unicodedata.normalize("NFD", "최가온")),
]
AGREED = frozenset({"e00417", "e00077", "e00008"})


@pytest.fixture(scope="module")
def board() -> Snapshot:
    names = names_of(RUNS)
    names.open = AGREED
    return Snapshot(view_of_runs(RUNS, names=names))


@pytest.mark.parametrize("path", ["index.html", "en/index.html", "c/c0001.html", "c/c0001.json", "overall.csv"])
def test_the_full_name_stands_where_people_look(board: Snapshot, path: str) -> None:
    said = text(board, path)
    assert "김하늘" in said and "박*잎" in said


def test_who_did_not_agree_is_in_no_file(board: Snapshot) -> None:
    assert not [path for path in board.paths() if "박솔잎" in text(board, path)]


def test_the_index_finds_the_full_name_composed(board: Snapshot) -> None:
    runners = {bib: name for bib, name, *_ in json.loads(text(board, "index.json"))["runners"]}
    assert runners == {417: "김하늘", 12: "박*잎", 77: "Jane Mary Doe", 8: "최가온"}
    finishers = json.loads(text(board, "head.json"))["finishers"]
    assert [name for _, name, *_ in finishers] == ["Jane Mary Doe", "박*잎", "김하늘"]


def test_sheets_and_the_file_to_keep_show_the_same(board: Snapshot) -> None:
    words = Page(offline_page(result_sheets(board.site.view))).words
    assert {"김하늘", "박*잎", "Jane Mary Doe"} <= set(words)


def test_an_erased_name_is_nothing_whatever_was_agreed() -> None:
    assert public_name(Names(open=AGREED), "e00417") == ""
