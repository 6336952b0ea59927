"""Who crosses unread: films in which every fifth runner wears no bib, and the station that looks for people beside the bibs.

The truth says who crossed the line. Each was named by a bib, or is listed by an `Unread` fact within a second of the crossing (one
fact for one person), or is neither; a fact that is left over is false.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from statistics import linear_regression
from time import thread_time
from typing import Final, NamedTuple

import cv2
import msgspec
import numpy as np

from benchmarks.background_peers import BACKGROUNDS, OURS
from benchmarks.engines import slow_reader
from benchmarks.frames.crowd import TRUTH_FILE, Crowd, Seen, Truth
from benchmarks.frames.printed import Field, module_m
from benchmarks.frames.settings import SETTINGS, FilmSetting
from benchmarks.reading_conditions import FILMS, folder_of
from benchmarks.reading_crossings import LINE_M
from benchmarks.reading_work import Scale, shared_out
from bibs.drawing.layout import DEFAULT_LAYOUT
from scanners.cameras.films import Frame
from scanners.reading.frame_reader import FrameReader, FrameResult, Reading
from scanners.reading.pixels import Floats
from scanners.reading.silhouettes import SilhouetteFinder
from scanners.reading.street import Background
from scanners.station.observer import CODE_MODULES
from scanners.station.passer_watch import PasserWatch
from timing.race.codes import Code, read_code
from timing.race.events import Unread
from timing.race.instants import SECOND, Instant

BARE: Final = 0.2
WITHIN_S: Final = 1.0
SEED: Final = 400
"""Added to the run; tuning uses runs from 7000 on, which the table never draws."""

EVERYDAY, HARDER = 24, 16
"""Runners of a film."""

HARD: Final = (
    "1/60 s",
    "tie",
    "jacket, 20 cm shown",
    "dusk",
    "night",
    "rows of six",
    "mirrored",
    "110 degrees wide",
    "evening",
)
HEAD_M, KNEES_M, SIDES_M = 0.52, 0.70, 0.22
"""From the chest's middle; a picture must hold them to show whom to name."""


class Peer(msgspec.Struct, frozen=True):
    """One way to find people, in one film or more: what came of it, and its milliseconds for all frames."""

    listed: int
    neither: int
    false: int
    frames: int
    ms: float

    def plus(self, other: "Peer") -> "Peer":
        """Over the films of both."""
        both = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Peer(*(one + another for one, another in both))


class Counted(msgspec.Struct, frozen=True):
    """One film: who crossed, who of them was named, listed, or neither; false facts, and how late the listed ones' instants are.

    `shown` counts pictures in which the person listed is seen from head to knees. `peers` are other ways to find people, and ours.
    """

    name: str
    everyday: bool
    passes: int
    named: int
    listed: int
    neither: int
    false: int
    shown: int
    late_s: list[float]
    peers: dict[str, Peer] = {}


class Film(NamedTuple):
    """One film of the table."""

    name: str
    run: int


class Told(NamedTuple):
    """What a station said of a film: whom it named, and whom it lists, each with the part of the frame in the picture."""

    named: set[Code]
    listed: list[Unread]
    ms: float
    """Of finding and following people, for all frames."""


def measured(scale: Scale) -> list[Counted]:
    """Every setting's film."""
    films = [Film(name, scale.run + SEED + number) for number, name in enumerate(_names())]
    found = {one.name: one for one in shared_out(counted, films, "people")}
    return [found[name] for name in _names()]


def counted(film: Film) -> Counted:
    """Draw a film, let the station watch, and count."""
    setting, race = SETTINGS[film.name], Field.of(film.run)
    folder = _drawn(film)
    truth = [msgspec.json.decode(line, type=Truth) for line in (folder / TRUTH_FILE).read_bytes().splitlines()]
    crossings = crossings_of(truth)
    by_peer = watched(folder, film.run, setting)
    told = by_peer[OURS]
    named = {runner for runner in crossings if race.codes[runner] in told.named}
    unread = {runner: at for runner, at in crossings.items() if runner not in named}
    pairs = matched(unread, told.listed)
    seen = [{one.runner: one for one in frame.seen} for frame in truth]
    return Counted(
        film.name,
        setting.everyday,
        len(crossings),
        len(named),
        len(pairs),
        len(unread) - len(pairs),
        len(told.listed) - len(pairs),
        sum(shows(seen[fact.frame].get(runner), fact) for runner, fact in pairs.items()),
        [round(_crossed_s(fact) - crossings[runner], 3) for runner, fact in pairs.items()],
        {name: _peer(unread, told, len(truth)) for name, told in by_peer.items()},
    )


def _peer(unread: Mapping[int, float], told: Told, frames: int) -> Peer:
    found = len(matched(unread, told.listed))
    return Peer(found, len(unread) - found, len(told.listed) - found, frames, told.ms)


class _Watch:
    """One way to find people, beside the reading."""

    def __init__(self, background: Callable[[Floats], Background]) -> None:
        self.facts, self.ms = list[Unread](), 0.0
        self.people = PasserWatch(self._keep, lambda _seq, _picture: None, finder=SilhouetteFinder(background))

    def look(self, frame: Frame, looked: FrameResult, line_px: float) -> None:
        began = thread_time()
        self.people.look(frame, looked.reads, line_px)
        self.ms += 1e3 * (thread_time() - began)
        if looked.mirrored:
            self.people.turn_round()

    def _keep(self, fact: Unread) -> int:
        self.facts.append(fact)
        return len(self.facts)


def watched(folder: Path, run: int, setting: FilmSetting) -> dict[str, Told]:
    """The station's two watches side by side, as `Station` runs them: one names bibs, one follows people; the latter in each way."""
    named, watches = set[Code](), {name: _Watch(background) for name, background in BACKGROUNDS.items()}
    reader = FrameReader(Field.of(run).roster, slow_reader())
    line_px = CODE_MODULES * setting.camera.size_px(module_m(DEFAULT_LAYOUT), LINE_M)
    for number, file in enumerate(sorted(folder.glob("*.jpg"))):
        picture = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)
        frame = Frame(number, Instant(number * SECOND // setting.camera.fps), picture)
        looked = reader.look(frame)
        if looked.picture is not None:
            frame = replace(frame, gray=looked.picture)
        for watch in watches.values():
            watch.look(frame, looked, line_px)
        named |= set(_codes(looked.reads))
    last = reader.close()
    for watch in watches.values():
        watch.people.close(last.reads)
    named |= set(_codes(last.reads))
    return {name: Told(named, watch.facts, watch.ms) for name, watch in watches.items()}


def crossings_of(truth: Sequence[Truth]) -> dict[int, float]:
    """When each runner crossed the line, in seconds: everybody keeps a pace of their own."""
    ways: dict[int, list[tuple[float, float]]] = {}
    for frame in truth:
        for one in frame.seen:
            ways.setdefault(one.runner, []).append((one.distance_m, frame.at_s))
    found = {}
    for runner, way in ways.items():
        slope, start = linear_regression(*zip(*way, strict=True))
        found[runner] = start + slope * LINE_M
    return found


def matched(crossings: Mapping[int, float], facts: Sequence[Unread]) -> dict[int, Unread]:
    """One fact for one person, the nearest in time first, none farther off than a second."""
    offs = sorted(
        (off, number, runner)
        for number, fact in enumerate(facts)
        for runner, at in crossings.items()
        if (off := abs(_crossed_s(fact) - at)) <= WITHIN_S
    )
    pairs, used = dict[int, Unread](), set[int]()
    for _, number, runner in offs:
        if number not in used and runner not in pairs:
            used.add(number)
            pairs[runner] = facts[number]
    return pairs


def shows(one: Seen | None, fact: Unread) -> bool:
    """Whether the picture of a fact holds this person from head to knees."""
    if one is None or fact.box is None:
        return False
    x, y, wide, high = fact.box
    per_m = one.px_per_module / module_m(DEFAULT_LAYOUT)
    left, right = one.chest[0] - SIDES_M * per_m, one.chest[0] + SIDES_M * per_m
    top, bottom = one.chest[1] - HEAD_M * per_m, one.chest[1] + KNEES_M * per_m
    return x <= left and right <= x + wide and y <= top and bottom <= y + high


def _names() -> list[str]:
    return [name for name, setting in SETTINGS.items() if setting.everyday or name in HARD]


def _drawn(film: Film) -> Path:
    """The film's folder, drawn unless it was before."""
    setting = SETTINGS[film.name]
    folder = folder_of(film.name, film.run, FILMS.parent / "people")
    done = folder / "done"
    if not done.exists():
        conditions, runners = (
            replace(setting.conditions, bare=BARE, apart=True),
            EVERYDAY if setting.everyday else HARDER,
        )
        Crowd(film.run, runners, setting.camera, conditions, per_s=setting.per_s).write(folder)
        done.touch()
    return folder


def _codes(reads: Sequence[Reading]) -> Iterator[Code]:
    for read in reads:
        if not read.revoked and (code := read.code or read_code(read.text)):
            yield code


def _crossed_s(fact: Unread) -> float:
    return (fact.last_at if fact.crossed_at is None else fact.crossed_at) / SECOND
