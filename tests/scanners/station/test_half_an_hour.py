"""Half an hour before a line, quicker than it passes: memory, descriptors and the film's room stay as they were."""

import os
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest

from scanners.cameras.films import Frame
from scanners.outbox import Outbox
from scanners.reading.frame_reader import FrameReader
from scanners.station.evidence_recorder import EvidenceRecorder, EvidenceStore
from scanners.station.film_recorder import FilmRecorder
from scanners.station.film_ring import FilmRing
from scanners.station.passer_watch import PasserWatch
from scanners.station.station import Station
from tests.builders import GUN
from tests.clock_and_chance import seeded_bits
from tests.faults.soak import SOAK
from timing.race.instants import SECOND, Instant

FPS, MINUTES, LINE_PX = 10, 30, 8.0
HEIGHT, WIDTH = 180, 320
EVERY_S = 6
ROOM = 2_000_000
"""Bytes for film, and as many for pictures."""


def street(frame: int) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A road, and now and then somebody without a bib who comes up to the line and passes."""
    picture = np.random.default_rng(frame % 50).integers(90, 110, (HEIGHT, WIDTH)).astype(np.uint8)
    far = 1 + 1.4 * (4 - frame / FPS % EVERY_S)
    if 0.5 < far < 4:
        wide, neck = LINE_PX * 5.85 / far, max(0, int(90 - 35 / far))
        picture[max(0, int(90 - 50 / far)) : neck, int(160 - wide / 6) : int(160 + wide / 6)] = 30
        picture[neck : int(90 + 130 / far), int(160 - wide / 2) : int(160 + wide / 2)] = 40
    return picture


def resident() -> int:
    """Bytes of memory that this program takes."""
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def descriptors() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


@pytest.mark.at_length
@pytest.mark.skipif(not Path("/proc/self/statm").exists(), reason="asks Linux for its memory")
def test_a_station_takes_no_more_after_half_an_hour_than_after_its_first_minutes(tmp_path: Path) -> None:
    minutes, seen = MINUTES if SOAK else 3, list[tuple[int, int]]()
    with (
        closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as outbox,
        closing(FilmRecorder(FilmRing(tmp_path / "film", outbox.lineage, ROOM, 24))) as film,
        closing(EvidenceRecorder(EvidenceStore(tmp_path / "evidence", outbox.lineage, ROOM))) as evidence,
    ):

        def filmed() -> Iterator[Frame]:
            for number in range(minutes * 60 * FPS):
                if number % (60 * FPS) == 0:
                    seen.append((resident(), descriptors()))
                while film._queue.full():
                    film._thread.join(0.001)
                yield Frame(number, Instant(GUN + number * SECOND // FPS), street(number))

        station = Station(outbox, FrameReader(), lambda _: None, LINE_PX, observers=(evidence, film))
        station.passers = PasserWatch(outbox.keep, evidence.hand_over)
        station.run(filmed())
        passed = minutes * 60 // EVERY_S
        assert passed - 2 <= station.passers.counts.unread <= passed
    assert sum(file.stat().st_size for file in tmp_path.rglob("*") if ".db" not in file.name) < 2 * ROOM + 500_000
    begun, ended = seen[min(5, len(seen) - 2)], seen[-1]
    assert ended[0] - begun[0] < 20_000_000
    assert ended[1] <= begun[1] + 1
