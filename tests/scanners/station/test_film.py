"""The film of a station: a ring of segments that never fills the disk, held back by nobody, sent when it is asked for."""

import hashlib
import os
import stat
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from scanners.cameras.films import frames
from scanners.intake.requested_films import RequestedFilms
from scanners.station import film_ring
from scanners.station.film_recorder import LASTING, WAITING_MOST, FilmRecorder
from scanners.station.film_ring import FilmRing, name_of, segments
from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from tests.faults.soak import SOAK
from tests.pictures import Grey
from timing.race.clock import Clock, SystemClock
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.station_status import FilmSegment

LINEAGE = "0" * 31 + "1"
PLENTY = 10**12
STEP = 40_000
YEAR = 365 * 24 * 3_600 * SECOND


def shade(number: int) -> Grey:
    return np.full((72, 128), 10 * (number % 20) + 30, np.uint8)


def ring(
    folder: Path,
    most: int = PLENTY,
    hours: float = 24,
    free: Callable[[Path], int] = lambda _: PLENTY,
    clock: Clock | None = None,
) -> FilmRing:
    return FilmRing(folder, LINEAGE, most, hours, free, clock)


def filmed(recorder: FilmRecorder, at: Iterator[int] | range) -> None:
    """Every frame, as slowly as the disk takes them."""
    for number, moment in enumerate(at):
        while recorder._queue.full():
            recorder._thread.join(0.001)
        recorder.on_frame(Instant(GUN + moment), shade(number), [])


def record(ring: FilmRing, at: Iterator[int] | range) -> FilmRecorder:
    with closing(FilmRecorder(ring)) as recorder:
        filmed(recorder, at)
    return recorder


def test_every_frame_is_kept_with_the_very_instant_at_which_it_was_taken(tmp_path: Path) -> None:
    moments = [0, 33_333, 66_667, 100_001, 450_000]
    recorder = record(ring(tmp_path), iter(moments))
    (kept,) = recorder.ring.kept
    file = tmp_path / LINEAGE / name_of(kept)
    seen = list(frames(str(file), kept.start))
    assert [shot.at - GUN for shot in seen] == moments
    assert [10 * round(float(shot.gray.mean()) / 10) for shot in seen] == [30, 40, 50, 60, 70]
    assert (kept.start, kept.lasting, recorder.lost) == (GUN, 450_000, 0)


def test_a_segment_s_name_is_its_hash_and_nobody_else_can_read_it(tmp_path: Path) -> None:
    recorder = record(ring(tmp_path), range(0, 2 * SECOND, STEP))
    (kept,) = recorder.ring.kept
    file = tmp_path / LINEAGE / name_of(kept)
    assert hashlib.sha256(file.read_bytes()).hexdigest() == kept.sha256
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700


def test_a_gap_and_another_size_begin_a_segment_and_so_do_ten_seconds(tmp_path: Path) -> None:
    recorder = record(ring(tmp_path), iter([*range(0, LASTING + SECOND, STEP), 60 * SECOND]))
    assert [(one.start - GUN) // SECOND for one in recorder.ring.kept] == [0, 10, 60]
    with closing(FilmRecorder(ring(tmp_path / "sizes"))) as other:
        other.on_frame(GUN, shade(1), [])
        other.on_frame(later(GUN, Span(STEP)), np.full((101, 201), 90, np.uint8), [])
    assert len(other.ring.kept) == 2


def test_the_oldest_film_goes_when_the_ring_is_full_or_it_is_too_old(tmp_path: Path) -> None:
    recorder = record(ring(tmp_path, most=1), range(0, 3 * LASTING, STEP))
    assert len(recorder.ring.kept) == 1
    clock = ManualClock(SystemClock().now())
    aged = ring(tmp_path / "old", hours=0.5, clock=clock)
    for minutes, at, kept in ((0, 0, [0]), (29, 60, [0, 60]), (2, 120, [60, 120])):
        clock.tick(Span(minutes * 60 * SECOND))
        record(aged, iter([at * SECOND]))
        assert [(one.start - GUN) // SECOND for one in aged.kept] == kept


def test_a_replay_with_another_year_makes_no_film_older_than_it_is(tmp_path: Path) -> None:
    (raced,) = record(ring(tmp_path), range(0, SECOND, STEP)).ring.kept
    replayed = record(ring(tmp_path), range(YEAR, YEAR + SECOND, STEP)).ring
    assert [one.start for one in replayed.kept] == [GUN, GUN + YEAR]
    earlier = record(ring(tmp_path), range(-YEAR, SECOND - YEAR, STEP)).ring
    assert [one.start for one in segments(tmp_path / LINEAGE)] == [GUN - YEAR, GUN, GUN + YEAR]
    full = record(ring(tmp_path, most=raced.size * 7 // 2), range(60 * SECOND, 61 * SECOND, STEP)).ring
    assert [one.start - GUN for one in full.kept] == [YEAR, -YEAR, 60 * SECOND]  # what was written first has gone
    earlier.delete_begun(GUN)
    assert [one.start for one in earlier.kept] == [GUN, GUN + YEAR]


def test_film_of_an_earlier_run_ages_by_when_its_file_was_written(tmp_path: Path) -> None:
    clock = ManualClock(SystemClock().now())
    record(ring(tmp_path), iter([0, 60 * SECOND]))
    first, second = ring(tmp_path).kept
    for one, minutes in ((first, 20), (second, 40)):
        written = (clock.now() // SECOND) - minutes * 60
        os.utime(tmp_path / LINEAGE / name_of(one), (written, written))
    again = ring(tmp_path, hours=0.5, clock=clock)
    again.room()
    assert again.kept == [first]


def test_a_machine_s_clock_that_is_set_in_the_midst_costs_no_film_of_this_run(tmp_path: Path) -> None:
    clock = ManualClock(SystemClock().now())
    running = ring(tmp_path, hours=0.5, clock=clock)
    (kept,) = record(running, iter([0])).ring.kept
    os.utime(tmp_path / LINEAGE / name_of(kept), (0, 0))  # it was 1970 by the machine until a server told it the time
    running.room()
    assert running.kept == [kept]


def test_the_very_same_film_replayed_is_held_once(tmp_path: Path) -> None:
    record(ring(tmp_path), range(0, SECOND, STEP))
    again = record(ring(tmp_path), range(0, SECOND, STEP)).ring
    assert len(again.kept) == 1 and again.kept == segments(tmp_path / LINEAGE)


def test_the_segment_that_is_being_written_counts_as_well(tmp_path: Path) -> None:
    (one,) = record(ring(tmp_path / "one"), range(0, LASTING, STEP)).ring.kept
    recorder = record(ring(tmp_path, most=one.size * 5 // 2), range(0, 5 * LASTING, STEP))
    assert [(one.start - GUN) // SECOND for one in recorder.ring.kept] == [30, 40]


def test_on_a_disk_with_little_room_the_oldest_goes_for_the_newest_then_it_pauses_and_says_so(tmp_path: Path) -> None:
    left = [PLENTY]
    told: list[bool] = []
    with closing(FilmRecorder(ring(tmp_path, free=lambda _: left[0]), told.append)) as recorder:
        filmed(recorder, range(0, 2 * LASTING, STEP))
    assert len(recorder.ring.kept) == 2
    left[0] = film_ring.SPARE - 1
    with closing(FilmRecorder(recorder.ring, told.append)) as recorder:
        filmed(recorder, range(60 * SECOND, 61 * SECOND, STEP))
    assert [(one.start - GUN) // SECOND for one in recorder.ring.kept] == [10, 60]
    assert told == []
    left[0] = film_ring.SPARE_LEAST - 1
    with closing(FilmRecorder(recorder.ring, told.append)) as recorder:
        filmed(recorder, range(120 * SECOND, 125 * SECOND, STEP))
        assert (told, recorder.keeping) in (([False], False), ([], True))
        recorder.close()
        assert told == [False]
    assert [(one.start - GUN) // SECOND for one in segments(tmp_path / LINEAGE)] == [10, 60]


def test_film_goes_on_once_there_is_room_again(tmp_path: Path) -> None:
    left, told = [0], list[bool]()
    with closing(FilmRecorder(ring(tmp_path, free=lambda _: left[0]), told.append)) as recorder:
        filmed(recorder, range(0, 2 * SECOND, STEP))
        while not told:
            recorder._thread.join(0.001)
        left[0] = PLENTY
        filmed(recorder, range(10 * SECOND, 12 * SECOND, STEP))
    assert told == [False, True]
    assert len(recorder.ring.kept) == 1


def test_a_disk_that_fails_in_the_midst_costs_film_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> int:
        raise OSError(28, "no room")

    told: list[bool] = []
    monkeypatch.setattr("scanners.cameras.segment_writer.SegmentWriter.add", fails)
    with closing(FilmRecorder(ring(tmp_path), told.append)) as recorder:
        filmed(recorder, range(0, SECOND, STEP))
    assert told == [False]
    assert list((tmp_path / LINEAGE).iterdir()) == []


def test_the_reader_never_waits_for_a_slow_disk_and_lost_frames_are_counted(
    tmp_path: Path,
) -> None:
    recorder = FilmRecorder(ring(tmp_path))
    with recorder.ring._lock:  # the disk stands still
        for number in range(100):
            recorder.on_frame(Instant(GUN + number * STEP), shade(number), [])
        assert recorder.lost >= 100 - WAITING_MOST - 1
    recorder.close()


def test_what_a_killed_program_was_writing_is_kept_as_far_as_it_goes(tmp_path: Path) -> None:
    recorder = FilmRecorder(ring(tmp_path))
    filmed(recorder, range(0, 5 * SECOND, STEP))
    while not recorder._queue.empty():
        recorder._thread.join(0.001)
    (draft,) = (tmp_path / LINEAGE).glob(".*.draft")
    cut = tmp_path / "other" / LINEAGE / draft.name
    cut.parent.mkdir(parents=True)
    cut.write_bytes(draft.read_bytes())
    recorder.close()
    (kept,) = ring(tmp_path / "other").kept
    assert kept.start == GUN
    assert 2 * SECOND < kept.lasting <= 5 * SECOND
    assert not list(cut.parent.glob(".*"))


def resident() -> int:
    """Bytes of memory that this program takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.at_length
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for its memory")
def test_thousands_of_frames_leave_memory_and_descriptors_as_they_were(tmp_path: Path) -> None:
    with closing(FilmRecorder(ring(tmp_path, most=200_000))) as recorder:
        filmed(recorder, range(0, 60 * SECOND, STEP))
        memory, descriptors = resident(), len(list(Path("/proc/self/fd").iterdir()))
        filmed(recorder, range(100 * SECOND, (100 + 120 * max(1, SOAK)) * SECOND, STEP))
        assert resident() - memory < 20_000_000
        assert len(list(Path("/proc/self/fd").iterdir())) <= descriptors + 1


def segment(number: int, film: bytes = b"film") -> FilmSegment:
    start = Instant(GUN + number * LASTING)
    return FilmSegment(start, LASTING, hashlib.sha256(film).hexdigest(), len(film))


def test_the_office_takes_the_segment_that_it_asked_for_if_it_is_the_one_that_was_told_of(tmp_path: Path) -> None:
    office, told = RequestedFilms(tmp_path), segment(1)
    office.record_held(LINEAGE, [told, segment(2)])
    office.record_held(LINEAGE, [told])
    assert office.held(LINEAGE) == [told, segment(2)]
    assert not office.take(LINEAGE, told.start, b"film")
    office.ask(LINEAGE, told.start)
    assert office.wanted(LINEAGE) == [told.start]
    assert not office.take(LINEAGE, told.start, b"another film")
    assert office.take(LINEAGE, told.start, b"film")
    found = office.find(LINEAGE, told.start)
    assert found
    assert stat.S_IMODE(found.stat().st_mode) == 0o600
    assert office.wanted(LINEAGE) == []


def test_a_segment_that_is_gone_is_answered_with_nothing(tmp_path: Path) -> None:
    office = RequestedFilms(tmp_path)
    office.record_held(LINEAGE, [segment(1)])
    office.ask(LINEAGE, segment(1).start)
    assert office.take(LINEAGE, segment(1).start, b"")
    assert office.has_none(LINEAGE, segment(1).start)
    assert office.wanted(LINEAGE) == []


def test_what_is_damaged_of_what_stations_told_is_passed_over(tmp_path: Path) -> None:
    office = RequestedFilms(tmp_path)
    office.record_held(LINEAGE, [segment(1)])
    with (tmp_path / LINEAGE / "held.jsonl").open("ab") as file:
        file.write(b'{"start": \xff\n{}\n')
    office.record_held(LINEAGE, [segment(2)])
    assert office.held(LINEAGE) == [segment(1), segment(2)]


def test_deletion_takes_the_office_s_copies_and_tells_the_stations(tmp_path: Path) -> None:
    office = RequestedFilms(tmp_path)
    assert office.delete_before() == 0
    office.record_held(LINEAGE, [segment(1), segment(9)])
    for one in (segment(1), segment(9)):
        office.ask(LINEAGE, one.start)
        office.take(LINEAGE, one.start, b"film")
    assert office.delete(segment(5).start) == 1
    assert not office.find(LINEAGE, segment(1).start)
    assert office.find(LINEAGE, segment(9).start)
    assert office.delete_before() == segment(5).start
