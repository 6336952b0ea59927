"""The heartbeats: how a station is, told every other second; and what its clock is off, however often somebody sets it."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from random import Random
from typing import Final

import pytest

from scanners.outbox import Outbox
from scanners.outbox.heartbeat_sender import BEAT_EVERY, KEEP_EVERY, HeartbeatSender
from scanners.outbox.uplink import HttpUplink, LogUplink, Refused, patience_ms
from scanners.outbox.uploader import Uploader
from scanners.protocol import HeartbeatAnswer
from tests.builders import GUN, RACE, assigned, code_of, entrant, entrant_id, gun, station_fact
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.intakes import TOKEN, intake_server
from tests.memory_log import MemoryLog
from tests.outboxes import status_of
from timing.errors import Unreachable
from timing.language import pair
from timing.race.clock import SteadyClock
from timing.race.events import (
    ClockSampled,
    Scanned,
    StationClosed,
    StationOpened,
)
from timing.race.fold import fold
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later
from timing.stations.station_status import StationStatus

HOUR: Final = Span(3_600 * SECOND)
BEHIND: Final = Span(-7 * SECOND)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as opened:
        yield opened


def kept(outbox: Outbox) -> list[ClockSampled]:
    facts = [station_fact(item) for item in outbox.batch(0, 10**6, 10**9).items]
    return [fact for fact in facts if isinstance(fact, ClockSampled)]


@dataclass(slots=True)
class World:
    """True time, a laptop whose clock is wrong, runs fast and is set now and then, and a network that takes its time."""

    wrong: Span = BEHIND
    fast_ppm: int = 0
    passed: int = 0
    stepped: int = 0
    away: bool = False
    chance: Random = field(default_factory=lambda: Random(6))
    heard: list[StationStatus] = field(default_factory=list)

    @property
    def truth(self) -> Instant:
        return later(GUN, Span(self.passed))

    def now(self) -> Instant:
        """The laptop's wall clock."""
        return Instant(self.truth + self.wrong + self.stepped)

    def ticks(self) -> int:
        return self.passed + self.passed * self.fast_ppm // 1_000_000

    def send_heartbeat(self, _: str, status: StationStatus) -> HeartbeatAnswer:
        if self.away:
            raise Unreachable(pair("길이 막혔습니다", "lost on the way"))
        self.passed += 1_500 + int(self.chance.expovariate(1 / 8_000))
        received = self.truth
        self.passed += 50
        sent = self.truth
        self.passed += 1_500 + int(self.chance.expovariate(1 / 8_000))
        self.heard.append(status)
        return HeartbeatAnswer(received, sent)


def heart_in(world: World, outbox: Outbox) -> tuple[HeartbeatSender, SteadyClock]:
    clock = SteadyClock(world, world.ticks)
    return HeartbeatSender(outbox, world, clock, status_of(outbox), seeded_bits(3)), clock


def minutes(world: World, heartbeats: HeartbeatSender, count: float) -> None:
    for _ in range(round(count * 600)):
        world.passed += SECOND // 10
        heartbeats.run_if_due()


def test_it_beats_every_other_second_and_never_in_step(outbox: Outbox) -> None:
    world = World()
    heartbeats, clock = heart_in(world, outbox)
    at: list[int] = []
    for _ in range(6_000):
        world.passed += 10 * MILLISECOND
        before = len(world.heard)
        heartbeats.run_if_due()
        at += [clock.now()] * (len(world.heard) - before)
    gaps = [two - one for one, two in pairwise(at)]
    assert all(BEAT_EVERY - 450 * MILLISECOND < gap < BEAT_EVERY + 500 * MILLISECOND for gap in gaps)
    assert len(set(gaps)) > len(gaps) / 2


def test_it_carries_the_station_s_status_as_it_is(outbox: Outbox) -> None:
    world = World()
    clock = SteadyClock(world, world.ticks)
    status = StationStatus(2, "ab" * 32, 1, 29.8, 4, 10**10, HOUR, live=True, paper=41.0)
    HeartbeatSender(outbox, world, clock, lambda: status).run_if_due()
    assert world.heard == [status]


def test_the_first_exchange_is_kept_at_once_and_then_the_quickest_of_each_half_minute(outbox: Outbox) -> None:
    world = World()
    heartbeats, _ = heart_in(world, outbox)
    minutes(world, heartbeats, 5)
    samples = kept(outbox)
    assert 9 <= len(samples) <= 11
    took = [(one.received - one.sent) - (one.server_sent - one.server_received) for one in samples[1:]]
    assert sum(took) / len(took) < 10 * MILLISECOND  # of an ordinary exchange: 19
    assert all(two.received - one.received > KEEP_EVERY / 2 for one, two in zip(samples, samples[2:], strict=False))


def test_the_last_words_are_kept_and_nothing_after_them(outbox: Outbox) -> None:
    world = World()
    heartbeats, _ = heart_in(world, outbox)
    minutes(world, heartbeats, 0.25)
    assert len(kept(outbox)) == 1
    heartbeats.flush()
    minutes(world, heartbeats, 2)
    assert len(kept(outbox)) == 2


def test_without_a_server_it_says_so_and_keeps_nothing(outbox: Outbox) -> None:
    world = World(away=True)
    heartbeats, _ = heart_in(world, outbox)
    with pytest.raises(Unreachable):
        heartbeats.run_if_due()
    heartbeats.run_if_due()  # not due yet: nobody is stormed
    assert kept(outbox) == []


@pytest.mark.parametrize("step", [HOUR, Span(-HOUR), Span(2 * SECOND), Span(0)])
@pytest.mark.parametrize("fast_ppm", [-50, 0, 50])
@pytest.mark.parametrize("outage", [False, True])
def test_somebody_sets_the_wall_clock_in_the_middle_and_no_result_moves_beyond_its_bound(
    step: Span, fast_ppm: int, outage: bool, tmp_path: Path
) -> None:
    world, truth, log = World(fast_ppm=fast_ppm), dict[int, Instant](), MemoryLog(RACE, ManualClock(GUN))
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as outbox:
        heartbeats, clock = heart_in(world, outbox)
        outbox.keep(StationOpened("finish-1", "finish", clock.now()))
        for bib in range(1, 41):
            if bib == 20:
                world.stepped = step
            world.away = outage and 10 <= bib < 30
            for _ in range(100):
                world.passed += 3 * SECOND // 10
                if not world.away:
                    heartbeats.run_if_due()
            truth[bib], seen = world.truth, clock.now()
            outbox.keep(Scanned("qr", code_of(bib), seen, seen, 9, 1))
        outbox.keep(StationClosed(clock.now()))
        log.record([gun(), *(fact for bib in truth for fact in (entrant(bib), assigned(bib)))])
        Uploader(outbox, LogUplink(log)).drain()
        lineage = outbox.lineage
    race = fold(log.read())
    for bib, true in truth.items():
        (found,) = race.scans_of(race.entrants[entrant_id(bib)])
        off = race.clocks[lineage, 1].at(Instant(true + world.wrong))
        assert abs(found.instant - true) <= off.bound, f"bib {bib}"
        assert abs(found.instant - true) < 15 * MILLISECOND
        assert off.bound < (100 * MILLISECOND if outage else 25 * MILLISECOND)


def test_the_same_day_told_by_the_wall_clock_would_be_an_hour_wrong(outbox: Outbox) -> None:
    world = World()
    _, clock = heart_in(world, outbox)
    world.passed, world.stepped = 60 * SECOND, HOUR
    assert clock.now() == later(GUN, Span(53 * SECOND))
    assert world.now() - clock.now() == HOUR


def test_over_real_http_the_heart_beats_and_learns_the_server_s_time(outbox: Outbox) -> None:
    with intake_server(MemoryLog(RACE, ManualClock(GUN))) as server:
        http, clock = HttpUplink(server, TOKEN), SteadyClock()
        HeartbeatSender(outbox, http, clock, status_of(outbox)).run_if_due()
        (sample,) = kept(outbox)
        assert sample.sent <= sample.received
        assert abs(sample.server_received - sample.sent) < SECOND
        with pytest.raises(Refused, match="wrong station token"):
            HeartbeatSender(outbox, HttpUplink(server, "1" * 64), clock, status_of(outbox)).run_if_due()


@pytest.mark.parametrize(
    "near", ["http://10.0.0.7:8000", "http://[fe80::1]:8000", "http://서버:8000", "http://localhost"]
)
def test_a_server_on_the_venue_s_network_is_tried_again_soon(near: str) -> None:
    assert patience_ms(near) == 2_000


@pytest.mark.parametrize("far", ["https://run.example", "http://8.8.8.8:8000"])
def test_a_far_server_is_not_stormed(far: str) -> None:
    assert patience_ms(far) == 30_000
