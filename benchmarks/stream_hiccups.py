"""Streams that falter: real cameras on loopback, whose pictures are stamped by the station and, in the same run, by arrival.

Run by `make bench-streams`. Each camera takes small pictures at 30 a second and knows when; now and then it is
held up, pauses, or its clock is wrong. It writes docs/benchmarks/streams.md.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from random import Random
from statistics import median
from threading import Event
from typing import Final, NamedTuple, TypeVar

import numpy as np

from benchmarks.machine import hardware
from scanners.cameras.stream_clock import Arrived, StreamClock, Timed
from scanners.cameras.streams import open_stream
from tests.pictures import Grey
from tests.streams import Shot, h264, jpegs, mjpeg_server, rtsp_server
from timing.race.clock import SteadyClock
from timing.race.instants import SECOND, Instant, Span

T = TypeVar("T")

PAGE: Final = Path(__file__).parents[1] / "docs" / "benchmarks" / "streams.md"
FPS: Final = 30
SECONDS: Final = 90
EVERY_S: Final = 8
"""Something happens about so often."""
OFF: Final = 0.1
"""Seconds; half a stride."""
BUFFER: Final = 15
"""Pictures that wait on a phone that loses those behind them."""
SIDE: Final = 8
"""Pixels of a square that bears one bit of a picture's number."""
BITS: Final = 12


class Fault(NamedTuple):
    """What is wrong with a camera: it is held up or pauses now and then, loses pictures meanwhile; what its clock says."""

    name: str
    kind: str
    held_s: tuple[float, float] = (0, 0)
    pause_s: float = 0
    loses: bool = False
    says: Callable[[int, int], int] | None = lambda taken, _paused: taken
    """From the true microseconds and those that it has paused."""


HELD: Final = (0.3, 2.0)
NOTHING_SAID: Final = None
FAULTS: Final = (
    Fault("none, no timestamps (a phone)", "mjpeg", says=NOTHING_SAID),
    Fault("held up by the network, no timestamps", "mjpeg", HELD, says=NOTHING_SAID),
    Fault("held up, pictures lost, no timestamps", "mjpeg", HELD, loses=True, says=NOTHING_SAID),
    Fault("pauses, no timestamps", "mjpeg", pause_s=1.5, says=NOTHING_SAID),
    Fault("held up", "mjpeg", HELD),
    Fault("held up", "rtsp", HELD),
    Fault("pauses that its clock does not count", "mjpeg", pause_s=1.5, says=lambda taken, paused: taken - paused),
    Fault("pauses that its clock does not count", "rtsp", pause_s=1.5, says=lambda taken, paused: taken - paused),
    Fault("clock 4 % slow, held up", "mjpeg", HELD, says=lambda taken, _: round(0.96 * taken)),
    Fault("clock 4 % slow, held up", "rtsp", HELD, says=lambda taken, _: round(0.96 * taken)),
    Fault("clock of whole seconds, held up", "mjpeg", HELD, says=lambda taken, _: taken // SECOND * SECOND),
    Fault("clock that stands, held up", "mjpeg", HELD, says=lambda _taken, _paused: 5 * SECOND),
)


class Camera:
    """Takes numbered pictures and is held up, pauses and loses some, by chance."""

    def __init__(self, fault: Fault) -> None:
        self._fault, self._clock, self._chance = fault, SteadyClock(), Random(fault.name)
        self.taken: list[Instant] = []
        """Of each picture, by the true clock."""
        self.over = Event()

    def pictures(self) -> Iterator[tuple[Span, Grey]]:
        """As they leave, with what the camera's clock says."""
        begun, paused, free, waiting = self._clock.now(), 0, self._clock.now(), 0
        for number in range(SECONDS * FPS):
            if number % (EVERY_S * FPS) == EVERY_S * FPS // 2:
                paused += round(self._fault.pause_s * SECOND)
                free = Instant(self._clock.now() + round(self._chance.uniform(*self._fault.held_s) * SECOND))
            at = Instant(begun + number * SECOND // FPS + paused)
            self.taken.append(at)
            waiting = waiting + 1 if at < free else 0
            if self._fault.loses and waiting > BUFFER:
                continue
            if self.over.wait(max(0, max(at, free) - self._clock.now()) / SECOND):
                return
            says = self._fault.says or (lambda taken, _: taken)
            yield Span(says(at - begun + SECOND, paused)), _numbered(number)


class BothClock(StreamClock):
    """The station's clock, which also keeps when pictures arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.arrived: list[Instant] = []
        self.jumps = 0

    def timed(self, pictures: Iterable[Arrived[T]]) -> Iterator[Timed[T]]:
        """As the station's."""
        arrivals, number = list[Instant](), -1

        def noted() -> Iterator[Arrived[T]]:
            for one in pictures:
                arrivals.append(one.at)
                yield one

        for one in super().timed(noted()):
            number += one.skipped + 1
            self.arrived.append(arrivals[number])
            self.jumps += one.jump is not None
            yield one


class Outcome(NamedTuple):
    """Seconds that pictures are stamped late, by the station and by arrival, and how often the station told of a jump."""

    fault: Fault
    ours: list[float]
    arrival: list[float]
    jumps: int

    @property
    def row(self) -> str:
        """A row of the table; the delay that all have is the arrival's median, and is taken off."""
        usual = median(self.arrival)
        cells = [_figures([late - usual for late in lates]) for lates in (self.arrival, self.ours)]
        return (
            f"| {self.fault.name} | {self.fault.kind} | {len(self.ours):,} | {cells[0]} | {cells[1]} | {self.jumps} |"
        )


def _figures(late: Sequence[float]) -> str:
    off = sum(abs(one) > OFF for one in late) / len(late)
    worst = max(late, key=abs)
    return f"{100 * off:.1f} %, {worst:+.2f}"


def _numbered(number: int) -> Grey:
    bits = [255 * (number >> bit & 1) for bit in range(BITS)]
    return np.array([bits], np.uint8).repeat(4 * SIDE, 0).repeat(SIDE, 1)


def _number_in(gray: Grey) -> int:
    return sum(1 << bit for bit in range(BITS) if gray[SIDE * 2, bit * SIDE + SIDE // 2] > 127)


def watched(fault: Fault) -> Outcome:
    """Look at one camera to its end."""
    camera, stamps = Camera(fault), BothClock()

    def shots() -> Iterator[Shot]:
        yield from (h264 if fault.kind == "rtsp" else jpegs)(camera.pictures())
        camera.over.set()

    times = fault.says is not None
    served = rtsp_server(shots) if fault.kind == "rtsp" else mjpeg_server(shots, times=times)
    with served as address, closing(open_stream(address, SteadyClock(), stamps)) as source:
        found = [(_number_in(shot.gray), shot.at) for shot in iter(source.take, None) if shot]
    arrival = [(at - camera.taken[number]) / SECOND for (number, _), at in zip(found, stamps.arrived, strict=False)]
    return Outcome(fault, [(at - camera.taken[number]) / SECOND for number, at in found], arrival, stamps.jumps)


def page(found: Sequence[Outcome]) -> str:
    """The page of figures."""
    return "\n".join(
        [
            "# Streams that falter: when pictures were taken",
            "",
            "`make bench-streams`가 씁니다. / Written by it: real MJPEG (over HTTP) and RTSP cameras on loopback that know when they took a",
            f"picture, {SECONDS} s each at {FPS} a second; about every {EVERY_S} s something happens. The same pictures of the same run are stamped by arrival and by the",
            "station. In each cell: the share of pictures whose instant is off by more than 0.1 s, and the worst, in seconds.",
            "`told`: how often the station said that instants may be off; scans of such a moment are for review.",
            "Not known to any of them: a network that grows slower little by little before a camera without timestamps.",
            "",
            f"- {hardware()}",
            "",
            "| camera | stream | pictures | by arrival | the station's | told |",
            "|---|---|---|---|---|---|",
            *(one.row for one in found),
            "",
        ]
    )


def main() -> None:
    """Watch all cameras at once, and write the page."""
    with ThreadPoolExecutor(len(FAULTS)) as at_once:
        found = list(at_once.map(watched, FAULTS))
    PAGE.write_text(page(found), encoding="utf-8")
    sys.stdout.write(PAGE.read_text(encoding="utf-8"))


if __name__ == "__main__":
    main()
