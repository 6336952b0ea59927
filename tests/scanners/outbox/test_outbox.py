"""The outbox: what is kept is numbered without gaps, chained, and still there after the laptop was off."""

import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Thread

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scanners.outbox import Outbox
from tests.builders import scan
from tests.clock_and_chance import seeded_bits
from tests.faults.soak import scaled
from timing.errors import Unreachable
from timing.race.chain import ROOT, Head, items_of, link
from timing.race.encoding import Unrecordable, encode
from timing.race.events import (
    Scanned,
)

PLENTY = 10**6


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox(tmp_path / "finish-1.db", seeded_bits(1))
    yield opened
    opened.close()


def scans(count: int) -> list[Scanned]:
    return [scan(n + 1, "17:05", frame=n) for n in range(count)]


def test_a_new_outbox_is_empty(outbox: Outbox) -> None:
    assert outbox.head() == Head()
    assert outbox.batch(0, PLENTY, PLENTY).items == []


def test_what_is_kept_is_numbered_from_one_and_chained(outbox: Outbox) -> None:
    prev_hash = ROOT
    for number, fact in enumerate(scans(5), 1):
        assert outbox.keep(fact, "text") == number
        prev_hash = link(prev_hash, encode(fact))
        assert outbox.head() == outbox.head_at(number) == Head(number, prev_hash)
    assert outbox.head_at(6) == outbox.head_at(0) == Head()


@settings(max_examples=scaled(15, 250))
@given(st.lists(st.integers(0, 4), max_size=6))
def test_numbers_go_on_without_a_gap_however_often_the_station_is_switched_off(runs: list[int]) -> None:
    facts = scans(sum(runs))
    with TemporaryDirectory() as folder:
        numbers, lineages, items = list[int](), set[str](), list[bytes]()
        for seed, count in enumerate([*runs, 0]):
            outbox = Outbox(Path(folder) / "finish-1.db", seeded_bits(seed))
            lineages.add(outbox.lineage)
            numbers += [outbox.keep(facts[len(numbers) + n]) for n in range(count)]
            items = list(outbox.batch(0, PLENTY, PLENTY).items)
            outbox.close()
    assert numbers == list(range(1, len(facts) + 1))
    assert len(lineages) == 1
    assert [encode(fact) for fact in facts] == items


def test_two_outboxes_are_two_lineages(tmp_path: Path) -> None:
    first, second = Outbox(tmp_path / "a.db"), Outbox(tmp_path / "b.db")
    assert first.lineage != second.lineage
    assert len(first.lineage) == len(second.lineage) == 32
    first.close()
    second.close()


def test_a_batch_follows_what_was_acknowledged_and_proves_it(outbox: Outbox) -> None:
    for fact in scans(5):
        outbox.keep(fact)
    batch = outbox.batch(2, PLENTY, PLENTY)
    assert (batch.lineage, batch.first, batch.prev_hash) == (outbox.lineage, 3, outbox.head_at(2).hash)
    assert list(batch.items) == [encode(fact) for fact in scans(5)[2:]]
    assert items_of(batch)[-1].hash == outbox.head().hash


def test_a_batch_holds_no_more_items_than_allowed(outbox: Outbox) -> None:
    for fact in scans(5):
        outbox.keep(fact)
    assert len(outbox.batch(0, 2, PLENTY).items) == 2
    assert len(outbox.batch(4, 2, PLENTY).items) == 1


def test_a_batch_holds_no_more_bytes_than_allowed_but_always_an_item(outbox: Outbox) -> None:
    for fact in scans(5):
        outbox.keep(fact)
    sizes = [len(encode(fact)) for fact in scans(5)]
    assert len(outbox.batch(0, PLENTY, sum(sizes[:3])).items) == 3
    assert len(outbox.batch(0, PLENTY, sum(sizes[:3]) - 1).items) == 2
    assert len(outbox.batch(0, PLENTY, 1).items) == 1


def test_the_text_that_was_read_stays_here_and_goes_into_no_batch(outbox: Outbox, tmp_path: Path) -> None:
    outbox.keep(scan("?0123456789abcdef", "17:05"), "김하늘의 명함")
    rows = sqlite3.connect(tmp_path / "finish-1.db").execute("SELECT seq, text FROM item").fetchall()
    assert rows == [(1, "김하늘의 명함")]
    assert "명함".encode() not in b"".join(outbox.batch(0, PLENTY, PLENTY).items)


def test_the_roster_is_remembered_and_replaced(tmp_path: Path) -> None:
    for roster in ({"A": 1, "B": 2}, {"C": 3}):
        outbox = Outbox(tmp_path / "finish-1.db")
        outbox.keep_roster(roster)
        outbox.close()
        again = Outbox(tmp_path / "finish-1.db")
        assert again.roster() == roster
        again.close()


def test_a_fact_that_nobody_could_read_again_is_not_kept_and_leaves_no_gap(outbox: Outbox) -> None:
    with pytest.raises(Unrecordable):
        outbox.keep(scan("x" * 81, "17:05"))
    assert outbox.keep(scan(417, "17:05")) == 1


def in_a_file_s_place(tmp_path: Path) -> Path:
    (tmp_path / "대회").write_text("")
    return tmp_path / "대회" / "finish-1.db"


def a_folder(tmp_path: Path) -> Path:
    (tmp_path / "finish-1.db").mkdir()
    return tmp_path / "finish-1.db"


@pytest.mark.parametrize("place", [in_a_file_s_place, a_folder])
def test_an_outbox_that_does_not_open_is_told_in_one_line(tmp_path: Path, place: Callable[[Path], Path]) -> None:
    path = place(tmp_path)
    with pytest.raises(Unreachable) as trouble:
        Outbox(path)
    assert str(path) in str(trouble.value)
    assert "\n" not in str(trouble.value)
    assert trouble.value.exit_code == 3


def test_the_courier_never_sees_a_scan_that_is_not_yet_on_the_disk(outbox: Outbox, tmp_path: Path) -> None:
    camera = Thread(target=lambda: [outbox.keep(fact) for fact in scans(300)])
    disk = sqlite3.connect(tmp_path / "finish-1.db")
    camera.start()
    while camera.is_alive():
        seen = outbox.head().seq
        assert seen <= disk.execute("SELECT count(*) FROM item").fetchone()[0]
    camera.join()
    disk.close()
    assert outbox.head().seq == 300


def test_a_disk_that_takes_nothing_more_is_told_and_afterwards_the_numbers_go_on(
    outbox: Outbox, tmp_path: Path
) -> None:
    outbox.keep(scan(417, "17:05"))
    disk = sqlite3.connect(tmp_path / "finish-1.db")
    disk.execute("CREATE TRIGGER full BEFORE INSERT ON item BEGIN SELECT RAISE(FAIL, 'disk is full'); END")
    assert outbox.keep(scan(418, "17:06")) == 2
    assert (outbox.safe, outbox.unsaved, outbox.trouble, outbox.head().seq) == (1, 1, "disk is full", 2)
    assert len(outbox.batch(0, PLENTY, PLENTY).items) == len(outbox.batch(0, 2, PLENTY).items) == 2
    assert outbox.batch(1, PLENTY, PLENTY).prev_hash == outbox.head_at(1).hash
    disk.execute("DROP TRIGGER full")
    disk.close()
    assert outbox.keep(scan(419, "17:07")) == 3
    assert (outbox.safe, outbox.unsaved, outbox.trouble, outbox.head().seq) == (3, 0, None, 3)
