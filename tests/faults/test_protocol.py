"""Stations, copies of them, a bad road and a restored server: all that was promised is stored or kept aside, once, unchanged.

One machine draws such days at random over the log in memory and in SQLite. Then the law itself is tried: each planted fault,
for which a short day is written down, must break it, and without the fault the same day keeps it.
Not covered: two uploaders at the very same moment (`test_log_contract` and `test_kills` have them), a station's disk put back
to an older copy before its scans were sent: what stood only there is gone with it.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

import tests.memory_log
import timing.log.sql_append
from scanners.outbox.uploader import Uploader
from tests.faults.race_day import Laptop, MemoryServer, RaceDay, Script, Server, SqliteServer, copied
from tests.faults.soak import SOAK, scaled
from tests.memory_log import MemoryLog
from timing.log import Receipt
from timing.race.chain import Batch, Head, Verdict, items_of, judge
from timing.race.clock import Clock

SHM = Path("/dev/shm")
LAPTOPS_MOST = 6
MISHAPS = st.lists(st.sampled_from(["", "lost", "unanswered", "twice"]), max_size=3)


def scratch() -> TemporaryDirectory[str]:
    return TemporaryDirectory(dir=SHM if SHM.is_dir() else None)


class BadDay(RuleBasedStateMachine):
    """Draws a day."""

    server: Callable[[Path], Server] = MemoryServer

    def __init__(self) -> None:
        super().__init__()
        self._scratch = scratch()
        folder = Path(self._scratch.name)
        self.day = RaceDay(folder, type(self).server(folder))

    @rule(which=st.integers(0, 9), bibs=st.lists(st.integers(1, 3), min_size=1, max_size=4))
    def keep(self, which: int, bibs: list[int]) -> None:
        for bib in bibs:
            self.day.keep(self._laptop(which), bib)

    @rule(which=st.integers(0, 9), mishaps=MISHAPS)
    def send(self, which: int, mishaps: list[str]) -> None:
        self.day.send(self._laptop(which), mishaps)

    @rule(which=st.integers(0, 9))
    def restart(self, which: int) -> None:
        self.day.restart(self._laptop(which))

    @precondition(lambda self: len(self.day.laptops) < LAPTOPS_MOST)
    @rule(which=st.integers(0, 9))
    def clone(self, which: int) -> None:
        self.day.clone(self._laptop(which))

    @precondition(lambda self: len(self.day.laptops) < LAPTOPS_MOST)
    @rule()
    def fresh_laptop(self) -> None:
        self.day.fresh_laptop()

    @rule(which=st.integers(0, 99))
    def late_duplicate(self, which: int) -> None:
        self.day.late_duplicate(which)

    @rule()
    def back_up(self) -> None:
        self.day.server.back_up()

    @rule()
    def restore(self) -> None:
        self.day.restore()

    @rule()
    def crash(self) -> None:
        self.day.server.crash()

    @invariant()
    def nothing_strange(self) -> None:
        self.day.check()

    def teardown(self) -> None:
        try:
            self.day.law()
        finally:
            self.day.close()
            self._scratch.cleanup()

    def _laptop(self, which: int) -> Laptop:
        return self.day.laptops[which % len(self.day.laptops)]


class BadDayInSqlite(BadDay):
    """The same days over a SQLite file."""

    server: Callable[[Path], Server] = SqliteServer


@pytest.mark.parametrize(
    ("machine", "examples"),
    [(BadDay, scaled(25, 4_000)), (BadDayInSqlite, scaled(8, 1_000))],
    ids=["memory", "sqlite"],
)
def test_on_the_worst_of_days_nothing_promised_is_lost(machine: type[BadDay], examples: int) -> None:
    run_state_machine_as_test(
        machine, settings=settings(max_examples=examples, stateful_step_count=40, derandomize=not SOAK, deadline=None)
    )


# The planted faults. Each is a fault in our own code, planted here and nowhere else.


def no_dedupe(head: Head, known: Mapping[int, bytes], batch: Batch, after_fork: bool = False) -> Verdict:
    """Takes whatever comes as new."""
    items = items_of(batch)
    return Verdict(Head(items[-1].seq, items[-1].hash), fresh=tuple(items)) if items else Verdict(head)


def fork_as_gap(head: Head, known: Mapping[int, bytes], batch: Batch, after_fork: bool = False) -> Verdict:
    """Sees another history as a hole in this one."""
    verdict = judge(head, known, batch, after_fork)
    return Verdict(head, gap=True) if verdict.forked else verdict


def fork_dropped(head: Head, known: Mapping[int, bytes], batch: Batch, after_fork: bool = False) -> Verdict:
    """Sees the fork, and keeps nothing of it."""
    verdict = judge(head, known, batch, after_fork)
    return Verdict(verdict.head, verdict.fresh, gap=verdict.gap)


class AnswersFirst(MemoryLog):
    """Acknowledges a batch, and stores it when the next one comes."""

    def __init__(self, race: str, clock: Clock) -> None:
        super().__init__(race, clock)
        self._promised: list[Batch] = []

    def receive(self, batch: Batch) -> Receipt:
        for earlier in self._promised:
            super().receive(earlier)
        self._promised = [batch]
        return MemoryLog.receive(copied(self), batch)


Fault = Callable[[pytest.MonkeyPatch], None]


def judged_by(mutant: Callable[..., Verdict]) -> Fault:
    def plant(monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(tests.memory_log, "judge", mutant)
        monkeypatch.setattr(timing.log.sql_append, "judge", mutant)

    return plant


def believes_every_head(monkeypatch: pytest.MonkeyPatch) -> None:
    """And never looks again, which would find it out later."""
    monkeypatch.setattr(Uploader, "_proved", lambda *_: True)
    never_looks_again(monkeypatch)


def never_looks_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Uploader, "look_again", lambda _: None)


def an_answer_is_lost(day: RaceDay) -> None:
    (laptop,) = day.laptops
    day.keep(laptop, 1)
    day.send(laptop, ["unanswered"])
    day.keep(laptop, 2)


def a_copy_says_something_else(day: RaceDay) -> None:
    (original,) = day.laptops
    day.keep(original, 1)
    copy = day.clone(original)
    day.keep(original, 2)
    day.keep(copy, 3)
    day.send(original)


def a_copy_hears_of_a_head_that_is_not_its_own(day: RaceDay) -> None:
    (original,) = day.laptops
    day.keep(original, 1)
    copy = day.clone(original)
    day.keep(original, 2)
    day.send(original)
    day.send(copy)
    day.keep(copy, 3)


def the_server_is_restored_after_the_last_scan(day: RaceDay) -> None:
    (laptop,) = day.laptops
    day.keep(laptop, 1)
    day.send(laptop)
    day.restore()


def the_server_is_restored_to_before_a_fork(day: RaceDay) -> None:
    a_copy_says_something_else(day)
    copy = day.laptops[1]
    day.server.back_up()
    day.send(copy)
    day.restore()
    day.keep(copy, 2)
    day.send(copy)


@contextmanager
def a_day(server: Callable[[Path], Server]) -> Iterator[RaceDay]:
    with scratch() as folder:
        day = RaceDay(Path(folder), server(Path(folder)))
        try:
            yield day
        finally:
            day.close()


SCRIPTS = [
    an_answer_is_lost,
    a_copy_says_something_else,
    a_copy_hears_of_a_head_that_is_not_its_own,
    the_server_is_restored_after_the_last_scan,
    the_server_is_restored_to_before_a_fork,
]


@pytest.mark.parametrize("server", [MemoryServer, SqliteServer])
@pytest.mark.parametrize("script", SCRIPTS)
def test_these_days_keep_the_law(script: Script, server: Callable[[Path], Server]) -> None:
    with a_day(server) as day:
        script(day)
        day.law()


@pytest.mark.parametrize("script", SCRIPTS[:3])
def test_without_a_restored_server_nobody_needs_to_look_again(script: Script, monkeypatch: pytest.MonkeyPatch) -> None:
    never_looks_again(monkeypatch)
    with a_day(MemoryServer) as day:
        script(day)
        day.law()


@pytest.mark.parametrize("server", [MemoryServer, SqliteServer])
@pytest.mark.parametrize(
    ("plant", "script"),
    [
        (judged_by(no_dedupe), an_answer_is_lost),
        (judged_by(fork_as_gap), a_copy_says_something_else),
        (judged_by(fork_dropped), a_copy_says_something_else),
        (believes_every_head, a_copy_hears_of_a_head_that_is_not_its_own),
        (never_looks_again, the_server_is_restored_after_the_last_scan),
        (never_looks_again, the_server_is_restored_to_before_a_fork),
    ],
    ids=[
        "no dedupe",
        "fork as gap",
        "fork dropped",
        "any head believed",
        "never looks again",
        "never looks again, fork",
    ],
)
def test_a_planted_fault_breaks_the_law(
    plant: Fault, script: Script, server: Callable[[Path], Server], monkeypatch: pytest.MonkeyPatch
) -> None:
    plant(monkeypatch)
    with a_day(server) as day:
        script(day)
        with pytest.raises(AssertionError):
            day.law()


def test_a_server_that_answers_before_it_stores_breaks_the_law() -> None:
    with a_day(lambda folder: MemoryServer(folder, AnswersFirst)) as day:
        day.keep(day.laptops[0], 1)
        day.send(day.laptops[0])
        with pytest.raises(AssertionError, match="acknowledged, and not there"):
            day.check()


def test_a_machine_that_draws_days_finds_a_dropped_fork_by_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    judged_by(fork_dropped)(monkeypatch)
    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            BadDay, settings=settings(max_examples=200, derandomize=True, deadline=None, phases=[Phase.generate])
        )
