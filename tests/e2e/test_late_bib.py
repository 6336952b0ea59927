"""A bib that is entered while the stations run: the next heartbeat brings it, for whoever types it and for the camera."""

from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from scanners.outbox import Outbox
from scanners.outbox.heartbeat_sender import BEAT_EVERY, JITTER_MS, HeartbeatSender
from scanners.outbox.uplink import HttpUplink
from scanners.station.uploading import fetch_roster
from scanners.station_roster import StationRoster
from tests.boards import Run, race_folder, wait_until
from tests.builders import assigned, code_of, entrant, entrant_id
from tests.clock_and_chance import ManualClock
from tests.intakes import race_server
from tests.outboxes import status_of
from timing.errors import Unreachable
from timing.folder import OpenRace, open_race
from timing.race.clock import SteadyClock
from timing.race.events import BibReplaced, DeskFact, MarkDrawn, SpareDrawn, StatusRuled
from timing.race.instants import MILLISECOND, SECOND, Span
from timing.race.marks import mark_book

TOKEN = "7" * 64
BETWEEN_BEATS = Span(BEAT_EVERY + JITTER_MS * MILLISECOND)


class Machine(ManualClock):
    """A station's clock, moved by the test."""

    def moved(self) -> Span:
        return Span(0)


class Finish:
    """A running station of the server; its heartbeats beats when the test says that time has passed."""

    def __init__(self, folder: Path, address: str) -> None:
        self.http, self.outbox = HttpUplink(address, TOKEN), Outbox(folder / "finish-1.db")
        self.clock, self.fetched = Machine(SteadyClock().now()), list[str]()
        self.roster = StationRoster(self.http.roster())
        self.roster.listen(lambda before, after: self.fetched.append(after.version))
        fetch = fetch_roster(self.http, self.roster)
        status = status_of(self.outbox)
        self._heart = HeartbeatSender(self.outbox, self.http, self.clock, status, keep_every=None, roster=fetch)

    def beats(self) -> None:
        """Until it is heard: a machine that is busy may ask a station to come again."""
        wait_until(self._heard)

    def _heard(self) -> bool:
        self.clock.tick(BETWEEN_BEATS)
        with suppress(Unreachable):
            self._heart.run_if_due()
            return True
        return False


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    race_folder(tmp_path / "race", [Run(417, name="김하늘")]).close()
    with open_race(tmp_path / "race") as race:
        race.log.record([SpareDrawn(1250, code_of(1250)), MarkDrawn(code_of(1250), mark_book()[0])])
        race.directory.enrol("finish-1", TOKEN)
        yield race


@pytest.fixture
def finish(opened: OpenRace, tmp_path: Path) -> Iterator[Finish]:
    with race_server(opened) as address:
        wait_until(lambda: version(address) != "")
        station = Finish(tmp_path, address)
        with closing(station.outbox):
            station.beats()
            yield station


def version(address: str) -> str:
    """Which roster the server tells; none while it has not read its log."""
    try:
        return HttpUplink(address, TOKEN).roster().version
    except Unreachable:
        return ""


def recorded(opened: OpenRace, finish: Finish, *facts: DeskFact) -> None:
    """The desk records something that changes the roster, and the server hears of it, which takes a moment."""
    before = version(finish.http.server)
    opened.log.record(facts)
    wait_until(lambda: version(finish.http.server) != before)


def test_between_two_heartbeats_less_than_five_seconds_pass() -> None:
    assert BETWEEN_BEATS < 4 * SECOND


def test_a_late_bib_and_its_mark_are_known_at_the_next_heartbeat(opened: OpenRace, finish: Finish) -> None:
    assert (finish.roster.code(1251), finish.roster.code(417)) == (None, code_of(417))
    recorded(opened, finish, entrant(1251), assigned(1251), MarkDrawn(code_of(1251), mark_book()[1]))
    finish.beats()
    assert finish.roster.code(1251) == code_of(1251)
    assert finish.roster.marks[mark_book()[1]] == code_of(1251)


def test_a_spare_that_is_given_out_is_its_wearer_s_at_the_next_heartbeat(opened: OpenRace, finish: Finish) -> None:
    assert finish.roster.bearer(code_of(1250)).firm == ""
    recorded(opened, finish, BibReplaced(entrant_id(417), 1250, code_of(1250), "desk", "잃음"))
    finish.beats()
    assert (finish.roster.code(417), finish.roster.bearer(code_of(1250)).bib) == (None, 1250)
    assert finish.roster.bearer(code_of(1250)).firm


def test_what_changes_no_bib_has_no_station_fetch_the_roster_again(opened: OpenRace, finish: Finish) -> None:
    opened.log.record([StatusRuled(entrant_id(417), "dnf", "desk", "")])
    recorded(opened, finish, entrant(1251), assigned(1251))
    for _ in range(3):
        finish.beats()
    assert len(finish.fetched) == 1


def test_another_race_s_server_at_that_address_tells_nobody_here(opened: OpenRace, finish: Finish) -> None:
    finish.http.race = "f" * 16
    recorded(opened, finish, entrant(1251), assigned(1251))
    finish.beats()
    assert finish.roster.code(1251) is None
