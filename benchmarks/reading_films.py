"""Whole frames with several runners: who is missed when bibs must be found and people stand before each other; and the time it takes."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Final, NamedTuple

import cv2

from benchmarks.engines import CODE_AND_MARK, CODE_ONLY, OPENCV, PYZBAR, SINGLES, ZXING, Station, single
from benchmarks.frames.conditions import DAY, WIDE, WIDE_720
from benchmarks.frames.crowd import Crowd, Seen
from benchmarks.frames.passes import WHOLLY
from benchmarks.frames.printed import Field
from benchmarks.frames.sensor import packed
from benchmarks.measure import taken_s
from scanners.film import Camera

PER_S: Final = (3.0, 1.5)
"""Runners a second: a finish at its busiest minute, and a calmer one."""

CODE_PX, MARK_PX = 2.0, 3.2
"""Of a module and of a cell: from here on a code and a mark should be read."""

UNPACKING: Final = "unpacking the camera's JPEG"
SLOWER: Final = {PYZBAR: 4, OPENCV: 4}
"""Timed on every fourth frame only."""


@dataclass(slots=True)
class FilmResult:
    """Of one film: runners, those whose code or mark was ever large and whole enough, frames, and who missed how many of them."""

    per_s: float
    runners: int = 0
    could: int = 0
    frames: int = 0
    missed: Counter[str] = field(default_factory=Counter)
    missed_all: Counter[str] = field(default_factory=Counter)
    misread: Counter[str] = field(default_factory=Counter)


def watched(per_s: float, runners: int, run: int, everybody: bool) -> FilmResult:
    """Show one film to the station and to zxing-cpp, and to the slow engines too if `everybody`."""
    film = Crowd(run, runners, WIDE, DAY, per_s=per_s)
    field_, station = Field.of(run), Station(Field.of(run).roster)
    names = SINGLES if everybody else (ZXING,)
    read: dict[str, set[str]] = {name: set() for name in names}
    could: set[int] = set()
    for picture, truth in film.frames():
        could |= {one.runner for one in truth.seen if _readable(one)}
        station.look(picture, WIDE.fps)
        for name in names:
            read[name] |= single(name)(picture)
    station.close()
    found = FilmResult(per_s, runners, len(could), film.frame_count)
    by_code = {at for at in range(runners) if field_.text(at) in station.by_code}
    named = {at for at in range(runners) if field_.codes[at] in station.named}
    seen = {CODE_AND_MARK: named, CODE_ONLY: by_code}
    seen |= {name: {at for at in range(runners) if field_.text(at) in texts} for name, texts in read.items()}
    true_texts, true_codes = {field_.text(at) for at in range(runners)}, set(field_.codes[:runners])
    for name, who in seen.items():
        found.missed[name] = len(could - who)
        found.missed_all[name] = runners - len(who)
    for name, texts in (*read.items(), (CODE_ONLY, station.by_code)):
        found.misread[name] = len(texts - true_texts)
    found.misread[CODE_AND_MARK] = len(station.named - true_codes) + found.misread[CODE_ONLY]
    return found


def _readable(one: Seen) -> bool:
    code = one.code_shown >= WHOLLY and one.px_per_module >= CODE_PX
    return code or (one.mark_shown >= WHOLLY and one.px_per_cell >= MARK_PX)


class Times(NamedTuple):
    """Seconds for each frame, of one reader on one size of frame."""

    name: str
    height: int
    seconds: list[float]


def times(camera: Camera, frames: int, run: int, rounds: int) -> list[Times]:
    """Each reader's time for each frame of a busy film, one thread, nobody else at work; rounds are put together."""
    crowd = Crowd(run, frames, camera, DAY, per_s=PER_S[0])
    middle = (crowd.frame_count - frames) // 2
    film = [picture for picture, _ in crowd.frames(middle, middle + frames)]
    jpegs = [packed(picture, DAY.jpeg) for picture in film]
    found: dict[str, list[float]] = {name: [] for name in (CODE_AND_MARK, ZXING, PYZBAR, OPENCV, UNPACKING)}
    for _ in range(rounds):
        station = Station(Field.of(run).roster, slow=False)
        found[CODE_AND_MARK] += [taken_s(lambda one=one: station.look(one, camera.fps)) for one in film]
        found[UNPACKING] += [taken_s(lambda one=one: cv2.imdecode(one, cv2.IMREAD_GRAYSCALE)) for one in jpegs]
        for name in SINGLES:
            read = single(name)
            found[name] += [taken_s(lambda one=one: read(one)) for one in film[:: SLOWER.get(name, 1)]]
    return [Times(name, camera.height, seconds) for name, seconds in found.items()]


SIZES: Final = (WIDE, WIDE_720)
