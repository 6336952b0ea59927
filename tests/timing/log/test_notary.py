"""While a server runs the log is signed every five minutes, and whoever keeps a note can have it compared."""

from pathlib import Path

import pytest

from tests.builders import GUN, RACE, Station, gun, opened, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log.checkpoint import BadNote, read_note
from timing.log.checkpoint_store import CheckpointStore
from timing.log.notary import Notary
from timing.log.notes import FROM_STATIONS, NOTES
from timing.race.instants import MINUTE, Span


class Office:
    """A race folder with a log, a notary, and what it complained about."""

    def __init__(self, root: Path) -> None:
        self.root, self.clock, self.heard = root, ManualClock(GUN), list[str]()
        self.log = MemoryLog(RACE, self.clock)
        self.log.record([opened(), *runner(417), gun()])
        self.notary = self.notary_of(self.log)
        self.station = Station()

    def notary_of(self, log: MemoryLog) -> Notary:
        return Notary(self.root, RACE, log, self.clock, self.heard.append)

    def scan(self) -> None:
        self.log.receive(self.station.says(scan(417, "17:05")).batch())

    @property
    def notes(self) -> int:
        return len(list((self.root / NOTES).glob("*.txt")))


@pytest.fixture
def office(tmp_path: Path) -> Office:
    return Office(tmp_path)


def test_a_note_comes_with_the_first_fact_after_five_minutes_and_not_before(office: Office) -> None:
    office.notary.turn()
    assert office.notes == 1
    office.clock.tick(Span(4 * MINUTE))
    office.scan()
    office.notary.turn()
    assert office.notes == 1
    office.clock.tick(Span(MINUTE))
    office.notary.turn()
    assert office.notes == 2
    office.clock.tick(Span(20 * MINUTE))
    office.notary.turn()
    assert office.notes == 2
    office.scan()
    office.notary.turn()
    assert office.notes == 3
    assert CheckpointStore(office.root, RACE).check(office.log).covered == office.log.head().seq
    assert office.heard == []


def test_a_server_that_starts_again_adds_no_note_of_what_is_signed_already(office: Office) -> None:
    office.notary.turn()
    again = office.notary_of(office.log)
    again.turn()
    assert office.notes == 1
    assert again.attest(0).note == office.notary.attest(0).note != ""


def test_a_station_hears_the_root_at_the_size_of_its_note_and_of_everything_where_the_log_is_shorter(
    office: Office,
) -> None:
    assert office.notary.attest(3).root == ""
    office.notary.turn()
    told = office.notary.attest(office.log.head().seq)
    assert told.root == read_note(told.note, told.verifier).root.hex()
    assert office.notary.attest(3).root not in ("", told.root)
    assert office.notary.attest(99).root == ""
    office.notary.turn()
    assert office.notary.attest(99).root == told.root


def test_a_log_rewritten_under_a_running_server_is_told_at_the_next_note(office: Office) -> None:
    office.notary.turn()
    forged = MemoryLog(RACE, office.clock)
    forged.record([opened(5_000), *runner(417), gun(), *runner(12)])
    office.notary._log = forged
    office.clock.tick(Span(5 * MINUTE))
    office.notary.turn()
    (told,) = office.heard
    assert "contradicts the signed checkpoint" in told
    assert office.notes == 1


def test_a_note_that_a_station_brings_back_is_kept_and_said_aloud(office: Office) -> None:
    office.notary.turn()
    told = office.notary.attest(0)
    office.notary.accept_note("finish-1", told.note, told.verifier)
    (brought,) = (office.root / NOTES / FROM_STATIONS).iterdir()
    assert brought.read_text(encoding="utf-8") == told.note and "finish-1" in brought.name
    assert "finish-1 holds a signed checkpoint" in office.heard[0]
    for note, verifier in (("", ""), (told.note[:-9], told.verifier), (told.note, f"{told.verifier}x")):
        with pytest.raises(BadNote):
            office.notary.accept_note("finish-1", note, verifier)


def test_a_note_of_another_race_is_none(office: Office, tmp_path: Path) -> None:
    other = "00000000000f2027"
    checkpoints = CheckpointStore(tmp_path / "other", other)
    (tmp_path / "other").mkdir()
    note = checkpoints.sign(office.log, "desk")
    with pytest.raises(BadNote, match="another race"):
        office.notary.accept_note("finish-1", note, checkpoints.verifier)
