"""A clock as a QR: what a station that sees it keeps, and that two lines without a network come onto one time."""

from typing import Final

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.design.symbol import note_modules
from scanners.reading.decoder import decode_texts
from scanners.station.qr_clock import ClockWatch, clock_text, read_clock
from tests.builders import GUN, Station, after_gun, entrant_id, gun, log_of, race, runner, scan
from tests.terminal import marathon
from timing.race.events import ClockSampled, QrClockSeen
from timing.race.fold import Race, fold
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later
from timing.race.station_clock import SHOWN_MOST

AHEAD: Final = 4 * 60 * SECOND


@given(st.from_regex(r"\A[\w.-]{1,40}\Z"), st.integers(0, 2**53).map(Instant))
def test_what_a_clock_shows_is_read_back(name: str, at: Instant) -> None:
    assert read_clock(clock_text(name, at)) == (name, at)


@pytest.mark.parametrize(
    "text", ["", "GVCLOCK:a:", "GVCLOCK::1", "GVCLOCK:a:1:2", "GVCLOCK:a:-1", f"GVCLOCK:a:{2**53 + 1}"]
)
def test_anything_else_is_no_clock(text: str) -> None:
    assert read_clock(text) is None


def test_the_shown_code_is_read_by_the_station_s_own_reader() -> None:
    dark = np.pad(np.array(note_modules(clock_text("server", GUN)), np.uint8), 4)
    picture = np.kron((1 - dark) * 255, np.ones((5, 5), np.uint8)).astype(np.uint8)
    assert decode_texts(picture) == [clock_text("server", GUN)]


def looked(begins: Instant, frames: int, ahead: int, facts: list[QrClockSeen]) -> ClockWatch:
    """A station whose clock is ahead looks at a clock for some frames; what is shown is up to a tenth of a second old."""
    watch = ClockWatch(facts.append)
    for frame in range(frames):
        true = later(begins, Span(frame * 33_333))
        shown = Instant(true - true % 100_000)
        assert watch.on_text(clock_text("server", shown), Instant(true + ahead + 60 * MILLISECOND))
    return watch


def test_of_a_look_the_picture_in_which_the_clock_was_the_least_old_is_kept() -> None:
    facts: list[QrClockSeen] = []
    watch = looked(GUN, 90, AHEAD, facts)
    assert facts == []
    watch.on_time(Instant(GUN + AHEAD + 10 * SECOND))
    (seen,) = facts
    assert seen.other == "server"
    assert seen.seen_at - seen.other_at - AHEAD < 80 * MILLISECOND


def test_a_long_look_gives_a_fact_every_ten_seconds_and_the_end_gives_the_last() -> None:
    facts: list[QrClockSeen] = []
    looked(GUN, 30 * 25, 0, facts).close()
    assert len(facts) == 3


def test_a_bib_is_no_clock_and_goes_on_its_way() -> None:
    facts: list[QrClockSeen] = []
    watch = ClockWatch(facts.append)
    assert not watch.on_text("HTTPS://GV.TEST/B/7K3MXQ2WABH", GUN)
    watch.close()
    assert facts == []


def two_lines(start_ahead: int, finish_ahead: int, compared: bool) -> Race:
    """Start and finish without a network, each with a wrong clock; the same laptop was held before both cameras."""
    start, finish = Station("start-1", "start"), Station("finish-1")
    for station, ahead, at in ((start, start_ahead, "0:10"), (finish, finish_ahead, "17:05")):
        facts: list[QrClockSeen] = []
        looked(after_gun("-10:00"), 60, ahead, facts).close()
        wrong = Instant(after_gun(at) + ahead)
        station.says(*(facts if compared else ()))
        station.says(scan(417, str((wrong - GUN) / SECOND)))
    return fold(log_of(race(*runner(417), gun()), start, finish).read())


@pytest.mark.parametrize("start_ahead", [0, -AHEAD])
@pytest.mark.parametrize("finish_ahead", [0, AHEAD, -3 * SECOND])
def test_two_lines_that_saw_the_same_clock_come_onto_one_time_within_the_bound(
    start_ahead: int, finish_ahead: int
) -> None:
    compared = two_lines(start_ahead, finish_ahead, compared=True)
    start, finish = sorted(compared.scans_of(compared.entrants[entrant_id(417)]), key=lambda scan: scan.instant)
    for found, true in ((start, after_gun("0:10")), (finish, after_gun("17:05"))):
        off = compared.qr_clocks[found.lineage, 1].at(Instant(true))
        assert abs(found.instant - true) <= off.bound
        assert off.bound <= SHOWN_MOST / 2 + 100 * MILLISECOND


def test_without_a_comparison_each_line_s_own_word_stands() -> None:
    apart = two_lines(0, AHEAD, compared=False)
    finish = max(apart.scans_of(apart.entrants[entrant_id(417)]), key=lambda scan: scan.instant)
    assert finish.instant == Instant(after_gun("17:05") + AHEAD)


def test_where_the_server_was_asked_its_word_counts_and_not_the_shown_clock_s() -> None:
    finish = Station("finish-1").says(scan(417, "17:05"), QrClockSeen("laptop", after_gun("20:00"), after_gun("17:10")))
    at = after_gun("17:20")
    finish.says(ClockSampled(at, Instant(at + 2_000_500), Instant(at + 2_000_500), Instant(at + 1_000)))
    asked = fold(log_of(race(*runner(417), gun()), finish).read())
    (found,) = asked.scans_of(asked.entrants[entrant_id(417)])
    assert found.instant == later(after_gun("17:05"), Span(2_000_000))


def test_the_command_draws_the_code_and_says_the_instant(capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("clock", "show", "--once", "--name", "start-1") == 0
    *symbol, instant, _ = capsys.readouterr().out.split("\n")
    assert instant.endswith("Z")
    assert len(symbol) >= 18
    assert len({len(line) for line in symbol}) == 1
