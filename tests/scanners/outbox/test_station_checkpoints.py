"""Stations are the witnesses: a rewritten history is told by the next one that comes."""

import shutil
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from sqlalchemy import delete

from scanners.outbox import Outbox
from scanners.outbox.heartbeat_sender import HeartbeatSender
from scanners.outbox.station_checkpoints import OTHER_KEY, OTHER_LOG, StationCheckpoints, notes_of
from scanners.outbox.uplink import HttpUplink
from tests.boards import wait_until
from tests.builders import GUN, gun, opened, runner
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.intakes import race_server
from tests.outboxes import status_of
from tests.terminal import marathon
from timing.errors import Unreachable
from timing.folder import OpenRace, create_race, open_race
from timing.language import Text
from timing.log.checkpoint_store import CheckpointStore
from timing.log.notes import FROM_STATIONS, NOTES
from timing.race.clock import SteadyClock
from timing.race.instants import SECOND, Span
from timing.store import tables
from timing.store.database import writing
from timing.store.write_guards import GUARDED

TOKEN = "5" * 64


@pytest.fixture
def race(tmp_path: Path, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRace]:
    if database_url.startswith("postgresql"):
        monkeypatch.setenv("MARATHON_DATABASE", database_url)
    made = create_race(tmp_path / "race", "가산", "Gasan", "GV.TEST", 4_500, ManualClock(GUN))
    made.log.record([*runner(417), gun()])
    made.directory.enrol("finish-1", TOKEN)
    yield made
    made.close()


@dataclass
class Witnessing:
    """A station that only beats."""

    path: Path
    alarms: list[Text] = field(default_factory=list)

    def beats_at(self, server: str, until_noted: bool = True) -> None:
        """Beat until the server has looked up what the station asked, as it does within seconds."""
        with closing(Outbox(self.path, seeded_bits(1))) as outbox:
            http, clock = HttpUplink(server, TOKEN), ManualClock(GUN)
            heard = len(notes_of(self.path)), len(self.alarms)
            testimony = StationCheckpoints(self.path, outbox.lineage, http, self.alarms.append)
            steady = SteadyClock(clock, lambda: clock.now())
            heartbeats = HeartbeatSender(
                outbox, http, steady, status_of(outbox), keep_every=None, checkpoints=testimony
            )

            def noted() -> bool:
                clock.tick(Span(3 * SECOND))
                with suppress(Unreachable):  # a machine that is busy may ask a station to come again
                    heartbeats.run_if_due()
                    return not until_noted or (len(notes_of(self.path)), len(self.alarms)) != heard
                return False

            wait_until(noted)


@pytest.fixture
def station(tmp_path: Path) -> Witnessing:
    return Witnessing(tmp_path / "finish-1.db")


def rewrite(race: OpenRace, course_m: int = 5_000) -> None:
    """Everything anew, with the guards taken away and put back, as an insider would."""
    with writing(race.engine) as connection:
        for guarded in GUARDED:
            if connection.dialect.name == "postgresql":
                connection.exec_driver_sql(f"DROP TRIGGER {guarded.name}_append_only ON {guarded.name}")
            else:
                for what in ("update", "delete", "replace"):
                    connection.exec_driver_sql(f"DROP TRIGGER {guarded.name}_no_{what}")
        for table in (tables.event, tables.race_head, tables.lineage_head):
            connection.execute(delete(table))
    with open_race(race.root, ManualClock(GUN), lost=True) as forged:
        forged.log.record([opened(course_m), *runner(417), gun(), *runner(12)])
    assert marathon("log", "guard", "--race", race.root) == 0


def test_a_station_keeps_the_server_s_notes(race: OpenRace, station: Witnessing) -> None:
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    (kept,) = notes_of(station.path)
    assert kept.said.size == race.log.head().seq
    assert kept.verifier == CheckpointStore(race.root, race.settings.id).verifier
    with race_server(race, parts=()) as server:
        station.beats_at(server, until_noted=False)
    assert station.alarms == []


@pytest.mark.parametrize("cleaned", ["nothing", "notes", "notes and key"])
def test_a_rewritten_history_is_told_by_the_next_station_that_comes(
    race: OpenRace, station: Witnessing, cleaned: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    rewrite(race)
    if "notes" in cleaned:
        shutil.rmtree(race.root / NOTES)
    if "key" in cleaned:
        shutil.rmtree(race.root / "keys")
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    assert station.alarms == [OTHER_LOG]
    assert "finish-1 holds a signed checkpoint" in capsys.readouterr().err
    assert list((race.root / NOTES / FROM_STATIONS).glob("*finish-1.txt"))
    assert marathon("log", "verify", "--race", race.root) == 1


def test_a_cut_tail_is_told_too(race: OpenRace, station: Witnessing) -> None:
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    rewrite(race, 4_500)
    shutil.rmtree(race.root / NOTES)
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    assert station.alarms == [OTHER_LOG]


def test_another_key_is_told_even_where_the_log_is_the_same(race: OpenRace, station: Witnessing) -> None:
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    shutil.rmtree(race.root / NOTES)
    shutil.rmtree(race.root / "keys")
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    assert station.alarms == [OTHER_KEY]


def test_only_the_holder_of_a_token_may_bring_a_note(race: OpenRace, station: Witnessing) -> None:
    from scanners.outbox.uplink import Refused

    with race_server(race, parts=()) as server:
        for token, note in (("0" * 64, "x"), (TOKEN, "no note"), (TOKEN, "n" * 5_000)):
            with pytest.raises(Refused):
                HttpUplink(server, token).return_note("a" * 32, note, "marathon-x+00+AA")
    assert not (race.root / NOTES / FROM_STATIONS).exists()


def test_a_note_from_an_outbox_is_held_against_the_log(race: OpenRace, station: Witnessing, tmp_path: Path) -> None:
    with race_server(race, parts=()) as server:
        station.beats_at(server)
    assert marathon("outbox", "notes", station.path, "--out", tmp_path / "notes") == 0
    (note,) = (tmp_path / "notes").glob("*.txt")
    key = notes_of(station.path)[0].verifier
    verify = ("log", "verify", "--race", race.root, "--note", note, "--key", key)
    assert marathon(*verify) == 0
    rewrite(race)
    shutil.rmtree(race.root / NOTES)
    shutil.rmtree(race.root / "keys")
    assert marathon(*verify) == 1
