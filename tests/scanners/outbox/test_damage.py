"""A disk damages an outbox: it is found when it is opened, everything readable goes on and arrives once, and what is lost is told."""

import shutil
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.outbox import Outbox, outbox_for
from scanners.outbox.bundle import bundle_of, take_in
from scanners.outbox.history import OutboxRow, mended, verdicts
from scanners.outbox.salvage import read_outbox
from scanners.outbox.uplink import LogUplink
from scanners.outbox.uploader import Uploader
from tests.builders import GUN, RACE, code_of, gun, log_of, opened, race, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.memory_log import MemoryLog
from tests.pictures import images, scene, url
from tests.terminal import marathon, race_folder
from timing.errors import Unreachable
from timing.folder import open_race
from timing.log import Log
from timing.log.verify import verify
from timing.race.chain import ROOT, items_of, link
from timing.race.encoding import decode, encode
from timing.race.events import (
    OutboxMended,
    Scanned,
    StationClosed,
    StationOpened,
    TapNamed,
)
from timing.race.fold import Race, fold
from timing.race.instants import Instant, iso

SCANS = 12
DESK = race(opened(), *(fact for bib in range(1, SCANS + 1) for fact in runner(bib)), gun())
Change = Callable[[sqlite3.Connection], object]


def filled(path: Path, scans: int = SCANS) -> str:
    """An outbox that saw bibs 1, 2, 3 ... as items 2, 3, 4 ...; its lineage."""
    with closing(outbox_for(path, RACE)) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
        for bib in range(1, scans + 1):
            outbox.keep(scan(bib, f"17:{bib:02}"), f"text {bib}")
        outbox.keep_roster({code_of(1): 1}, {"00" * 8: code_of(1)}, {code_of(1): "가산정밀"})
        return outbox.lineage


def damage(path: Path, change: Change) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as disk:
        change(disk)


def flip(seq: int, bit: int) -> Change:
    def flipped(disk: sqlite3.Connection) -> None:
        data = bytearray(disk.execute("SELECT data FROM item WHERE seq = ?", (seq,)).fetchone()[0])
        data[bit // 8] ^= 1 << bit % 8
        disk.execute("UPDATE item SET data = ? WHERE seq = ?", (bytes(data), seq))

    return flipped


def run(sql: str) -> Change:
    return lambda disk: disk.execute(sql)


def sent(path: Path, log: Log) -> Race:
    """The race after the station was switched on again and off."""
    with closing(outbox_for(path, RACE)) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
        outbox.keep(StationClosed(Instant(GUN + 1)))
        uploader = Uploader(outbox, LogUplink(log))
        uploader.drain()
        assert uploader.unsent() == 0
    assert (verify(log).damage, log.quarantined()) == (None, [])
    return fold(log.read())


def bibs_of(told: Race) -> list[int]:
    """Whose scans count, each as often as it does."""
    scans = [(one.bib or 0, scan) for one in told.entrants.values() for scan in told.scans_of(one)]
    return sorted(bib for bib, _ in scans)


ONE_ITEM = {
    "unreadable": flip(5, 1),
    "a digit": lambda disk: disk.execute(
        "UPDATE item SET data = CAST(replace(CAST(data AS TEXT), '\"frame\":3', '\"frame\":7') AS BLOB) WHERE seq = 5"
    ),
    "row gone": run("DELETE FROM item WHERE seq = 5"),
    "empty": run("UPDATE item SET data = x'' WHERE seq = 5"),
    "another kind of value": run("UPDATE item SET data = 17 WHERE seq = 5"),
    "larger than any batch": run("UPDATE item SET data = zeroblob(200000) WHERE seq = 5"),
    "a scan of somebody else": lambda disk: disk.execute(
        "UPDATE item SET data = ? WHERE seq = 5", (encode(scan(9, "17:04")),)
    ),
    "data and hash": lambda disk: [
        flip(5, 1)(disk), disk.execute("UPDATE item SET hash = zeroblob(32), data = x'00' WHERE seq = 5")
    ],
}  # fmt: skip


@pytest.mark.parametrize("arrived", [0, 3, 6, SCANS + 1])
@pytest.mark.parametrize("kind", ONE_ITEM)
def test_one_damaged_item_costs_that_item_alone_whatever_the_server_holds(
    tmp_path: Path, kind: str, arrived: int
) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    before = filled(path)
    with closing(Outbox(path)) as outbox:
        log.receive(outbox.batch(0, arrived, 10**6))
    damage(path, ONE_ITEM[kind])
    told = sent(path, log)
    lost = {4} if arrived < 5 else set[int]()
    lost |= {5} if kind == "data and hash" and arrived < 6 else set()
    assert bibs_of(told) == sorted({*range(1, SCANS + 1)} - lost)
    assert {one.seq for one in told.set_aside()} >= {5}
    assert told.stations_at_work() == []
    assert told.mended != {} and before in set().union(*told.mended.values())
    assert (tmp_path / "finish-1.damaged.db").exists()


def test_a_damaged_hash_beside_a_sound_item_loses_nothing_and_the_lineage_goes_on(tmp_path: Path) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    lineage = filled(path)
    damage(path, run("UPDATE item SET hash = zeroblob(32) WHERE seq = 5"))
    told = sent(path, log)
    assert (bibs_of(told), told.set_aside(), [*told.placements]) == ([*range(1, SCANS + 1)], [], [lineage])


@pytest.mark.parametrize(
    ("kind", "lost"),
    [
        (run("DELETE FROM item WHERE seq > 11"), 2),
        (run("DELETE FROM item"), SCANS),
        (run("UPDATE item SET seq = 4000000000000 WHERE seq = 13"), 0),
        (run(f"UPDATE item SET hash = x'' WHERE seq = {SCANS + 1}"), 1),
        (run("UPDATE lineage SET id = replace(id, '1', '3')"), 0),
        (run("UPDATE lineage SET race = 'f00000000000f2026'"), 0),
        (run("DELETE FROM lineage"), 0),
        (run("DROP TABLE roster"), 0),
    ],
    ids=["tail", "all", "a number", "the last hash", "name", "race", "no name", "no roster"],
)
def test_other_damage_is_found_too(tmp_path: Path, kind: Change, lost: int) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    filled(path)
    damage(path, kind)
    told = sent(path, log)
    assert len(set(bibs_of(told))) == SCANS - lost
    assert len(told.set_aside()) >= lost


def test_a_damaged_opening_is_made_good_by_the_next_one(tmp_path: Path) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    filled(path)
    damage(path, flip(1, 9))
    told = sent(path, log)
    assert (bibs_of(told), told.unplaced_scans) == ([*range(1, SCANS + 1)], 0)


def test_taps_keep_their_numbers(tmp_path: Path) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    filled(path, 2)
    with closing(Outbox(path)) as outbox:
        tap = outbox.keep(Scanned("tap", "", Instant(GUN + 10**9), Instant(GUN + 10**9)))
        outbox.keep(TapNamed(tap, code_of(7)))
    damage(path, flip(2, 3))
    assert bibs_of(sent(path, log)) == [2, 7]


def test_an_outbox_may_be_damaged_again(tmp_path: Path) -> None:
    path, log = tmp_path / "finish-1.db", log_of(DESK)
    filled(path)
    for seq in (5, 3, 9):
        damage(path, flip(seq, 2))
        sent(path, log)
    told = fold(log.read())
    assert bibs_of(told) == sorted({*range(1, SCANS + 1)} - {4})  # the others had arrived before
    assert told.stations_at_work() == []
    assert len([*tmp_path.glob("finish-1.damaged*.db")]) == 3


def test_whoever_takes_in_the_damaged_file_comes_to_the_same_history(tmp_path: Path) -> None:
    path, copy = tmp_path / "finish-1.db", tmp_path / "usb.db"
    filled(path)
    damage(path, flip(5, 1))
    shutil.copy(path, copy)
    log = log_of(DESK)
    for _ in range(2):
        assert take_in(log, bundle_of(read_outbox(copy))).whole
    facts = log.head().seq
    told = sent(path, log)
    assert log.head().seq == facts + 2  # it opened and closed once more
    assert len(bibs_of(told)) == SCANS - 1


def rotten(path: Path, chance: Random) -> None:
    """A flipped bit anywhere in the file, pages and all."""
    data = bytearray(path.read_bytes())
    data[chance.randrange(len(data))] ^= 1 << chance.randrange(8)
    path.write_bytes(data)


@pytest.mark.parametrize("seed", range(60))
def test_a_flipped_bit_anywhere_stops_no_station_and_falsifies_nothing(tmp_path: Path, seed: int) -> None:
    path = tmp_path / "finish-1.db"
    filled(path)
    true = {one.data for one in bundle_facts(path)}
    rotten(path, Random(seed))
    log = log_of(DESK)
    told = sent(path, log)
    said = [one for one in log.read() if one.lineage != log.desk and b'"Scanned' in one.data]
    assert {one.data for one in said} <= true
    assert len(said) + len(told.set_aside()) >= SCANS or (tmp_path / "finish-1.damaged.db").exists()


def bundle_facts(path: Path) -> list[OutboxRow]:
    with closing(sqlite3.connect(path)) as disk:
        return [OutboxRow(*row) for row in disk.execute("SELECT seq, data, hash, text FROM item")]


def test_a_page_that_cannot_be_read_costs_what_stood_on_it(tmp_path: Path) -> None:
    path, many, log = tmp_path / "finish-1.db", 400, log_of(DESK)
    filled(path, many)
    data = bytearray(path.read_bytes())
    where = data.find(encode(scan(200, "17:200")))
    page = where // 4096 * 4096
    data[page : page + 4096] = b"\xa5" * 4096
    path.write_bytes(data)
    told = sent(path, log)
    arrived = sum(b'"Scanned' in one.data for one in log.read())
    assert many - 30 < arrived < many
    assert len(told.set_aside()) == many - arrived


def test_what_is_no_outbox_at_all_is_moved_aside_and_the_station_goes_on(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    path.write_text("이것은 보관함이 아닙니다" * 100)
    with closing(Outbox(path)) as outbox:
        assert outbox.keep(scan(417, "17:05")) == 1
        assert outbox.mended is not None and outbox.mended.aside == tmp_path / "finish-1.damaged.db"
    assert (tmp_path / "finish-1.damaged.db").read_text().startswith("이것은")


def test_a_sound_outbox_is_left_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    lineage = filled(path)
    for _ in range(3):
        with closing(Outbox(path)) as outbox:
            assert (outbox.mended, outbox.lineage) == (None, lineage)
    assert [*tmp_path.glob("*damaged*")] == []


def test_an_outbox_of_an_earlier_version_is_sound(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    lineage = filled(path)
    damage(path, lambda disk: [disk.execute(f"ALTER TABLE lineage DROP COLUMN {name}") for name in ("kept", "proof")])
    with closing(Outbox(path)) as outbox:
        assert (outbox.mended, outbox.lineage, outbox.head().seq) == (None, lineage, SCANS + 1)


def test_a_station_that_stopped_between_the_two_renames_finds_its_outbox(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    lineage = filled(path)
    path.rename(path.with_suffix(".mending"))
    with closing(Outbox(path)) as outbox:
        assert (outbox.lineage, outbox.head().seq) == (lineage, SCANS + 1)


def test_a_locked_outbox_is_not_taken_for_a_damaged_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "finish-1.db"
    filled(path)
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        connect = sqlite3.connect
        monkeypatch.setattr(sqlite3, "connect", lambda *given, **more: connect(*given, **{**more, "timeout": 0.01}))
        with pytest.raises(Unreachable):
            Outbox(path)
    assert [*tmp_path.glob("*damaged*")] == []


def test_pictures_go_on_with_the_scans(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    lineage = filled(path)
    (tmp_path / "evidence" / lineage).mkdir(parents=True)
    (tmp_path / "evidence" / lineage / "4.jpg").write_bytes(b"jpeg")
    damage(path, flip(5, 1))
    with closing(Outbox(path)) as outbox:
        assert (tmp_path / "evidence" / outbox.lineage / "4.jpg").read_bytes() == b"jpeg"


def test_collect_takes_what_is_readable_says_what_is_not_and_leaves_the_file_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with race_folder(tmp_path / "gvalley") as folder:
        folder.log.record(DESK[1:])
        root, race_id = folder.root, folder.settings.id
    path = tmp_path / "usb" / "finish-1.db"
    with closing(outbox_for(path, race_id)) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
        for bib in range(1, 6):
            outbox.keep(scan(bib, f"17:{bib:02}"))
    damage(path, flip(3, 1))
    before = path.read_bytes()
    path.chmod(0o444)
    path.parent.chmod(0o555)
    try:
        for added in ("6 new", "0 new"):
            assert marathon("collect", path, "--race", root) == 1
            told = capsys.readouterr().err
            assert added in told
            assert "1 item cannot be read (3)" in told
    finally:
        path.parent.chmod(0o755)
    assert path.read_bytes() == before
    with open_race(root) as again:
        assert sorted(one.seq for one in again.fold().set_aside()) == [3]
        assert verify(again.log).damage is None


def test_a_station_says_what_was_damaged_and_what_the_log_does_not_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with race_folder(tmp_path / "gvalley") as folder:
        root, race_id = folder.root, folder.settings.id
    path = root / "stations" / "finish-1.db"
    with closing(outbox_for(path, race_id)) as outbox:
        outbox.keep(StationOpened("finish-1", "finish", GUN))
        outbox.keep(scan(417, "17:05"))
        outbox.keep(scan(12, "17:06"))
    odd = b'{"event":"Zukunft/9"}'  # with a chain that is right, as of a later version
    damage(path, flip(2, 1))
    damage(path, lambda disk: disk.execute("INSERT INTO item VALUES (4, ?, ?, NULL)", (odd, hash_after(disk, odd))))
    pictures = images(tmp_path / "그림", [scene(url(12))])
    assert (
        marathon(
            "scan",
            pictures,
            "--station",
            "finish-1",
            "--point",
            "finish",
            "--no-line",
            "--at",
            iso(GUN),
            "--race",
            root,
        )
        == 1
    )
    told = capsys.readouterr().err
    assert "1 item cannot be read (2)" in told
    assert "the log keeps items 4 and cannot count them" in told
    with open_race(root) as again:
        assert [one.seq for one in again.fold().set_aside()] == [2, 4]


def hash_after(disk: sqlite3.Connection, data: bytes) -> bytes:
    return link(disk.execute("SELECT hash FROM item ORDER BY seq DESC").fetchone()[0], data)


@given(st.integers(1, 12), st.sets(st.integers(1, 12)), st.integers(0, 10_000))
def test_a_mended_history_is_chained_numbered_as_before_and_holds_no_altered_item(
    count: int, changed: set[int], seed: int
) -> None:
    chance, rows, hashed = Random(seed), list[OutboxRow](), ROOT
    for seq in range(1, count + 1):
        data = encode(scan(seq, "17:05", frame=1 + chance.randrange(98)))
        hashed = link(hashed, data)
        rows.append(OutboxRow(seq, data, hashed))
    hurt = [
        OutboxRow(row.seq, row.data.replace(b'"frame":', b'"frame":1'), row.hash) if row.seq in changed else row
        for row in rows
    ]
    lineage, items = mended(hurt, count, "ab" * 16)
    assert len(items) == count
    for row, item in zip(rows, items, strict=True):
        if row.seq in changed:
            fact = decode(item.data)
            assert isinstance(fact, OutboxMended) and fact.of == "ab" * 16
        else:
            assert item.data == row.data
    assert (lineage == "ab" * 16) == (not changed & {*range(1, count + 1)})
    assert list(verdicts(rows, count)) == rows


def test_a_mended_batch_fits_its_chain(tmp_path: Path) -> None:
    path = tmp_path / "finish-1.db"
    filled(path)
    damage(path, flip(5, 1))
    with closing(Outbox(path, seeded_bits(1))) as outbox:
        batch = outbox.batch(0, 10**6, 10**6)
        assert items_of(batch)[-1].hash == outbox.head().hash
        assert MemoryLog(RACE, ManualClock(GUN)).receive(batch).set_aside == ()
