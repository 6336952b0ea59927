"""The race's time: it goes on evenly whoever sets the server's wall clock, restarts the server, or asks from another program."""

from typing import Any

import pytest

from tests.builders import GUN, RACE, Station, after_gun, gun, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.log import DiskFull
from timing.race.admission import SetAside, server_lineage
from timing.race.chain import ROOT, Batch
from timing.race.clock import SteadyClock
from timing.race.encoding import encode
from timing.race.events import ServerClockRead
from timing.race.fold import fold
from timing.race.instants import MINUTE, SECOND, Span, later
from timing.timekeeper import Timekeeper, keep_time, race_clock

STEPS = [Span(30 * SECOND), Span(2 * SECOND), Span(-30 * SECOND), Span(-2 * SECOND), Span(3_600 * SECOND)]


class Machine:
    """A computer with a wall clock that people set, and a count that nobody does; a race's log stands on it."""

    def __init__(self) -> None:
        self.wall, self.count, self.started = ManualClock(GUN), 5_000_000, "first start"
        self.log = MemoryLog(RACE, ManualClock(GUN))
        self.said: list[str] = []

    def passes(self, time: Span) -> None:
        self.wall.tick(time)
        self.count += time

    def starts_anew(self) -> None:
        self.started, self.count = "second start", 1_000_000

    def clock(self) -> SteadyClock:
        return SteadyClock(self.wall, lambda: self.count)

    def serves(self) -> tuple[SteadyClock, Timekeeper]:
        clock = self.clock()
        keeper = Timekeeper(self.log, RACE, clock, self.said.append, lambda: self.started)
        keeper.begin()
        return clock, keeper

    def has_timed(self) -> None:
        self.log.record(race(*runner(417), gun()))
        self.log.receive(Station().says(scan(417, "0:30")).batch())


@pytest.fixture
def machine() -> Machine:
    return Machine()


@pytest.mark.parametrize("step", STEPS)
def test_a_server_that_is_restarted_after_its_wall_clock_was_set_goes_on_as_before(
    machine: Machine, step: Span
) -> None:
    machine.serves()
    machine.has_timed()
    machine.passes(Span(20 * MINUTE))
    machine.wall.tick(step)
    clock, _ = machine.serves()
    machine.passes(Span(SECOND))
    assert clock.now() == later(GUN, Span(20 * MINUTE + SECOND))
    assert clock.moved() == step


@pytest.mark.parametrize("step", STEPS)
def test_a_command_asks_the_server_s_time_also_while_no_server_runs(machine: Machine, step: Span) -> None:
    _, keeper = machine.serves()
    machine.wall.tick(step)
    machine.passes(Span(MINUTE))
    keeper.turn()
    machine.passes(Span(90 * SECOND))
    clock = machine.clock()
    Timekeeper(machine.log, RACE, clock, boot=lambda: machine.started).go_on()
    assert clock.now() == later(GUN, Span(150 * SECOND))


def test_a_wall_clock_that_was_set_right_before_anybody_was_timed_is_taken_over(machine: Machine) -> None:
    machine.serves()
    machine.passes(Span(MINUTE))
    machine.wall.tick(Span(30 * SECOND))
    clock, _ = machine.serves()
    assert clock.now() == machine.wall.now()


def test_a_gun_alone_is_enough_for_the_time_to_stay_as_it_was(machine: Machine) -> None:
    machine.serves()
    machine.log.record(race(*runner(417), gun()))
    machine.wall.tick(Span(30 * SECOND))
    assert machine.serves()[0].now() == GUN


def test_a_machine_that_was_started_anew_begins_with_its_wall_clock_and_a_lineage_of_its_own(machine: Machine) -> None:
    machine.serves()
    machine.has_timed()
    machine.starts_anew()
    machine.wall.tick(Span(30 * SECOND))
    clock, _ = machine.serves()
    assert clock.now() == machine.wall.now()
    assert len(fold(machine.log.read()).server_clocks) == 2


def test_without_a_name_for_the_machine_s_start_each_server_begins_with_the_wall_clock(machine: Machine) -> None:
    machine.started = ""
    machine.serves()
    machine.has_timed()
    machine.wall.tick(Span(30 * SECOND))
    assert machine.serves()[0].now() == machine.wall.now()


def test_every_minute_the_log_is_told_and_a_wall_clock_that_was_set_is_said_aloud_once(machine: Machine) -> None:
    _, keeper = machine.serves()
    machine.passes(Span(MINUTE))
    machine.wall.tick(Span(-30 * SECOND))
    keeper.turn()
    keeper.turn()
    (complaint,) = machine.said
    assert "-30.0 s" in complaint and "do not set the clock now" in complaint
    (reads,) = fold(machine.log.read()).server_clocks.values()
    assert [(read.at - GUN, read.wall - read.at) for read in reads] == [
        (0, 0),
        (MINUTE, -30 * SECOND),
        (MINUTE, -30 * SECOND),
    ]
    assert fold(machine.log.read()).wall_steps() == [(later(GUN, Span(MINUTE)), -30 * SECOND)]


def test_a_full_disk_keeps_no_server_from_starting_and_the_log_is_told_later(
    machine: Machine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: Any, **__: Any) -> None:
        raise DiskFull

    with monkeypatch.context() as disk:
        disk.setattr(machine.log, "record", full)
        clock, keeper = machine.serves()
    machine.passes(Span(MINUTE))
    keeper.turn()
    assert clock.now() == later(GUN, Span(MINUTE))
    assert len(list(machine.log.read())) == 1


def test_the_first_command_of_a_race_without_a_server_begins_its_time(machine: Machine) -> None:
    first = machine.clock()
    keep_time(machine.log, RACE, first)
    machine.wall.tick(Span(30 * SECOND))
    machine.passes(Span(SECOND))
    keep_time(machine.log, RACE, machine.clock())
    assert race_clock(machine.log, RACE, machine.clock()).now() == later(GUN, Span(SECOND))
    assert len(list(machine.log.read())) == 1


def test_nobody_else_can_tell_what_time_it_is(machine: Machine) -> None:
    read = encode(ServerClockRead("first start", 0, after_gun("99:00"), after_gun("99:00")))
    ours, theirs = server_lineage(RACE, "first start"), "3f" * 16
    machine.log.receive(Batch(ours, 1, ROOT, [read]))
    machine.log.receive(Batch(theirs, 1, ROOT, [read]))
    assert machine.log.last(ours) is None
    (strange,) = machine.log.read()
    assert isinstance(strange.admitted, SetAside)
    assert machine.serves()[0].now() == GUN
