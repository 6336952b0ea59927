"""Signed checkpoints: what the log held is proved later, small enough for a printed sheet."""

import hashlib
from pathlib import Path

import pytest
import qrcode
from hypothesis import given
from hypothesis import strategies as st
from qrcode.constants import ERROR_CORRECT_L

from tests.builders import GUN, RACE, Station, gun, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from tests.tampering import unguarded
from timing.log.checkpoint import BadNote, Tree, read_note
from timing.log.checkpoint_store import CheckpointStore
from timing.log.note_key import KEY_FILE
from timing.log.notes import NOTES, Contradicted
from timing.log.sql import SqlLog
from timing.store.database import open_database, sqlite_file


def rfc_6962_root(leaves: list[bytes]) -> bytes:
    """The definition as RFC 6962 section 2.1 gives it, by splitting at the largest power of two."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return hashlib.sha256(b"\0" + leaves[0]).digest()
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return hashlib.sha256(b"\1" + rfc_6962_root(leaves[:split]) + rfc_6962_root(leaves[split:])).digest()


@given(st.lists(st.binary(max_size=40), max_size=70))
def test_the_growing_tree_has_the_root_that_the_rfc_defines(leaves: list[bytes]) -> None:
    tree = Tree()
    for leaf in leaves:
        tree.add(leaf)
    assert (tree.size, tree.root()) == (len(leaves), rfc_6962_root(leaves))


def small_race() -> MemoryLog:
    log = MemoryLog(RACE, ManualClock(GUN))
    log.record(race(opened(), *runner(417), gun()))
    log.receive(Station().says(scan(417, "17:05")).batch())
    return log


def test_a_note_says_what_the_log_held_and_fits_a_qr(tmp_path: Path) -> None:
    log = small_race()
    checkpoints = CheckpointStore(tmp_path, RACE)
    note = checkpoints.sign(log, "provisional")
    said = read_note(note, checkpoints.verifier)
    assert (said.origin, said.size) == (f"marathon/{RACE}", log.head().seq)
    assert (tmp_path / NOTES / f"{said.size:08}-provisional.txt").read_text(encoding="utf-8") == note
    code = qrcode.QRCode(error_correction=ERROR_CORRECT_L)
    code.add_data(note.encode())
    code.make(fit=True)
    assert code.version <= 11  # the tenth held what C2SP demands, its extension lines take one more


def test_the_key_is_the_owner_s_alone_and_stays_the_same(tmp_path: Path) -> None:
    first = CheckpointStore(tmp_path, RACE).signer.verifier
    assert (tmp_path / KEY_FILE).stat().st_mode & 0o777 == 0o600
    assert CheckpointStore(tmp_path, RACE).verifier == first


def test_a_changed_note_or_a_foreign_key_is_not_believed(tmp_path: Path) -> None:
    note = CheckpointStore(tmp_path, RACE).sign(small_race(), "official")
    verifier, stranger = (
        CheckpointStore(tmp_path, RACE).verifier,
        CheckpointStore(tmp_path / "other", RACE).signer.verifier,
    )
    for bad, by in (
        (note.replace("\n6\n", "\n7\n"), verifier),
        (note, stranger),
        ("", verifier),
        (note[:40], verifier),
    ):
        with pytest.raises(BadNote):
            read_note(bad, by)


def test_what_was_signed_holds_while_the_log_grows(tmp_path: Path) -> None:
    log, checkpoints = small_race(), CheckpointStore(tmp_path, RACE)
    checkpoints.sign(log, "gun-1")
    log.record(race(*runner(12)))
    checkpoints.sign(log, "official")
    assert checkpoints.check(log).tree.size == log.head().seq


def test_a_log_that_lost_its_tail_is_not_signed_again(tmp_path: Path) -> None:
    checkpoints = CheckpointStore(tmp_path, RACE)
    checkpoints.sign(small_race(), "official")
    shorter = MemoryLog(RACE, ManualClock(GUN))
    shorter.record(race(opened()))
    with pytest.raises(Contradicted, match="00000006-official"):
        checkpoints.sign(shorter, "again")
    assert len(list((tmp_path / NOTES).glob("*.txt"))) == 1


def test_who_tampers_and_recomputes_every_hash_is_found_out_by_the_note(tmp_path: Path) -> None:
    """The chain alone cannot see a log that was written anew as a whole; the note outside it does."""
    checkpoints = CheckpointStore(tmp_path, RACE)
    engine = open_database(sqlite_file(tmp_path / "race.db"))
    log = SqlLog(engine, RACE, ManualClock(GUN))
    log.record(race(opened(), *runner(417), gun()))
    checkpoints.sign(log, "official")
    with unguarded(tmp_path / "race.db") as shell:
        for table in ("event", "race_head", "lineage_head"):
            shell.execute(f"DELETE FROM {table}")
    forged = SqlLog(engine, RACE, ManualClock(GUN))
    forged.record(race(opened(5_000), *runner(417), gun()))
    with pytest.raises(Contradicted, match="Merkle root"):
        checkpoints.check(forged)
    engine.dispose()
