"""The real station before a stream, in a process of its own: `python -m benchmarks.live_station ADDRESS RUN LINE_PX`.

Outbox, evidence, film and the search for unread people are at work, on two cores at most; its server is away. It ends with the
stream, and prints what `Measured` holds as JSON. Its outbox lies in XDG_STATE_HOME.
"""

import os
import resource
import sys
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from time import perf_counter
from typing import Final

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")  # as `marathon` does; read when NumPy loads

import msgspec

from benchmarks.frames.printed import Field
from benchmarks.live_camera import number_in
from scanners.cameras.films import Frame, Lull
from scanners.outbox import outbox_for
from scanners.station.assembly import open_station
from scanners.station.running_station import RunningStation
from scanners.station.station_options import StationOptions
from scanners.station.station_output import StationOutput

CORES: Final = 2
MEGABYTE: Final = 1_000_000
NOBODY_S_ADDRESS: Final = "http://127.0.0.1:9"


class Measured(msgspec.Struct):
    """What a station did with a stream: frames, codes named, cores busy, and of each frame its number, its instant and milliseconds."""

    taken: int = 0
    dropped: int = 0
    named: list[str] = []
    unread: int = 0
    cores: float = 0.0
    frames: list[int] = []
    at: list[int] = []
    work_ms: list[float] = []
    """From when the station takes a frame to when it asks for the next one, by the wall's clock."""
    delays_ms: tuple[float, float] = (0.0, 0.0)
    """From the capture to the end of the reading: the median and the 95th percentile of the last 600 frames."""


def main(address: str, run: int, line_px: float) -> None:
    """Watch until the stream ends, and print what was measured."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, set(sorted(os.sched_getaffinity(0))[:CORES]))
    options = StationOptions(
        source=address,
        name="live",
        point="finish",
        server=NOBODY_S_ADDRESS,
        token="nobody",
        line_px=line_px,
        evidence_bytes=500 * MEGABYTE,
        film_bytes=4_000 * MEGABYTE,
        film_hours=24,
        reserve_bytes=MEGABYTE,
    )
    _know(options.name, run)
    found = Measured()
    quiet = StationOutput(*[lambda *_: None] * len(StationOutput._fields))
    with open_station(options, None, quiet._replace(on_scan=lambda kept, _: found.named.append(kept.scan.code))) as on:
        began, used = perf_counter(), _used_s()
        replace(on, frames=_timed(on, found)).watch()
        found.cores = (_used_s() - used) / (perf_counter() - began)
        health = on.station.health
        assert health
        found.taken, found.dropped = health.taken, health.dropped
        found.delays_ms = health.delay_ms() or found.delays_ms
        found.unread = on.station.passers.counts.all_unread if on.station.passers else 0
    print(msgspec.json.encode(found).decode())


def _know(name: str, run: int) -> None:
    """The roster as a server told it the last time."""
    race = Field.of(run)
    with closing(outbox_for(Path(os.environ["XDG_STATE_HOME"]) / "marathon" / f"{name}.db", "", 0)) as outbox:
        outbox.keep_roster({code: 1_000 + at for at, code in enumerate(race.codes)}, race.roster, {})


def _timed(on: RunningStation, found: Measured) -> Iterator[Frame | Lull]:
    for frame in on.frames:
        if on.station.health and on.station.health.lost:
            return
        began = perf_counter()
        yield frame
        if isinstance(frame, Frame):
            found.work_ms.append(1e3 * (perf_counter() - began))
            found.frames.append(number_in(frame.gray))
            found.at.append(frame.at)


def _used_s() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


if __name__ == "__main__":
    main(sys.argv[1], int(sys.argv[2]), float(sys.argv[3]))
