"""`python -m benchmarks.reading_crossings`: how far the station's instants lie from the true crossings, on synthetic films.

Writes docs/benchmarks/crossings.md. The films are drawn, read once, and what was read is timed with a line, without one, and with
some of it taken away, as if other runners had stood before the line.
"""

import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from math import sqrt
from pathlib import Path
from random import Random
from statistics import fmean, pstdev
from typing import Final, NamedTuple

import cv2
import numpy as np

from benchmarks.engines import slow_reader
from benchmarks.frames.conditions import DAY, DUSK, WIDE, WIDE_720, Conditions, Grey
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.placed_camera import PlacedCamera
from benchmarks.frames.printed import Field, module_m
from benchmarks.frames.settings import SETTINGS
from benchmarks.reading_conditions import Film as SettingFilm
from benchmarks.reading_conditions import crowd, drawn, table_films
from benchmarks.reading_work import shared_out
from bibs.drawing.layout import DEFAULT_LAYOUT
from demo.film import FilmCamera
from scanners.cameras.films import Frame
from scanners.reading.frame_reader import FrameReader, FrameResult, Reading
from scanners.reading.visits import Visit, VisitTracker
from scanners.station.crossing_timer import CrossingTimer
from scanners.station.observer import CODE_MODULES
from scanners.station.station import NEAR
from timing.race.codes import Code, read_code
from timing.race.instants import SECOND, Instant

PAGE: Final = Path(__file__).parents[1] / "docs" / "benchmarks" / "crossings.md"
LINE_M: Final = 2.5
FAST: Final = replace(WIDE, exposure_s=1 / 120)


class Reel(NamedTuple):
    """One film: its run, runners, runners a second, camera and conditions."""

    run: int
    runners: int
    per_s: float
    camera: FilmCamera = WIDE
    conditions: Conditions = DAY


REELS: Final = (
    Reel(7001, 40, 3),
    Reel(7002, 30, 2, FAST),
    Reel(7003, 40, 1.5),
    Reel(7004, 30, 2, conditions=DUSK),
    Reel(7005, 30, 2, WIDE_720),
    Reel(7006, 40, 3),
)


class Watched(NamedTuple):
    """What the station read in each frame of a film, and when each runner truly crossed, in seconds."""

    run: int
    looks: list[tuple[Instant, FrameResult]]
    crossings: dict[Code, float]
    line_px: float
    picture_px: int


Spans = list[tuple[float, float]]
Hide = Callable[[Random], Spans]
"""From which second to which, after the crossing, a runner is hidden; drawn for each."""


def never(chance: Random) -> Spans:
    return []


def at_the_line(chance: Random) -> Spans:
    """Half of the runners, for 0.7 s with the line in the middle."""
    return [(-0.35, 0.35)] if chance.random() < 0.5 else []


def near_the_line(chance: Random) -> Spans:
    """Every runner, for a second, the line anywhere in it."""
    middle = chance.uniform(-0.5, 0.5)
    return [(middle - 0.5, middle + 0.5)]


def but_for_a_glimpse(chance: Random) -> Spans:
    """Three of ten, but for 0.08 s."""
    if chance.random() >= 0.3:
        return []
    glimpse = chance.uniform(-0.8, 0.3)
    return [(-99, glimpse), (glimpse + 0.08, 99)]


CASES: Final[Mapping[str, Hide]] = {
    "as filmed": never,
    "half of them hidden for 0.7 s at the line": at_the_line,
    "all hidden for 1 s, the line somewhere in it": near_the_line,
    "three of ten seen for 0.08 s alone": but_for_a_glimpse,
}


def watched(reel: Reel) -> Watched:
    """Draw a film and read every frame of it."""
    film = Crowd(reel.run, reel.runners, reel.camera, reel.conditions, per_s=reel.per_s)
    return _watched(film, reel.run, reel.camera, (picture for picture, _ in film.frames()))


def watched_setting(film: SettingFilm) -> Watched:
    """Read every frame of a film in one of the many conditions, which is kept as files."""
    setting, folder = SETTINGS[film.name], drawn(film)
    pictures = (
        np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8) for file in sorted(folder.glob("*.jpg"))
    )
    return _watched(crowd(film), film.run, setting.camera, pictures)


def _watched(film: Crowd, run: int, camera: FilmCamera, pictures: Iterable[Grey]) -> Watched:
    race = Field.of(run)
    reader, looks = FrameReader(race.roster, slow_reader()), list[tuple[Instant, FrameResult]]()
    for number, picture in enumerate(pictures):
        at = Instant(number * SECOND // camera.fps)
        looks.append((at, reader.look(Frame(number, at, picture))))
    looks.append((looks[-1][0], reader.close()))
    crossings = {race.codes[at]: one.motion.at_distance_s(LINE_M) for at, one in enumerate(film.people)}
    line_px = CODE_MODULES * camera.size_px(module_m(DEFAULT_LAYOUT), LINE_M)
    return Watched(run, looks, crossings, line_px, camera.width)


def visits(film: Watched, hide: Hide, near_px: float) -> Iterator[tuple[Visit, float]]:
    """Each visit of a runner, and the second of the true crossing."""
    tracker, chance, ended = VisitTracker(near_px=near_px), Random(film.run), list[Visit]()
    spans = {code: [(at + a, at + b) for a, b in hide(chance)] for code, at in film.crossings.items()}
    for at, look in film.looks:
        ended += tracker.gone(at)
        for read in look.reads:
            hidden = spans.get(read.code or read_code(read.text) or Code(""), [])
            if not any(a <= read.at / SECOND <= b for a, b in hidden):
                _see(tracker, read)
    return ((one, film.crossings[one.code]) for one in ended + tracker.close() if one.code in film.crossings)


def _see(tracker: VisitTracker, read: Reading) -> None:
    if read.code is None:
        tracker.see(read.text, read.at, read.size_px, read.frame)
    else:
        tracker.see_mark(read.code, read.mark, read.margin, read.at, read.size_px, read.frame)


class Errors(NamedTuple):
    """Seconds by which instants are late; how many of the runners seen had none, and how many were estimated."""

    late_s: list[float]
    missing: int = 0
    estimated: int = 0

    @property
    def figures(self) -> str:
        """Runners, without an instant, estimated, mean, standard deviation, least, most, off by more than 0.1 s."""
        late = self.late_s
        off = sum(abs(one) > 0.1 for one in late)
        told = (fmean(late), pstdev(late), min(late), max(late))
        return f"{len(late) + self.missing} | {self.missing} | {self.estimated} | {' | '.join(f'{one:+.3f}' for one in told)} | {off}"


def with_a_line(films: Sequence[Watched], hide: Hide) -> Errors:
    """The station's crossings at a line of which it knows the place."""
    late, missing, estimated = list[float](), 0, 0
    for film in films:
        timer = CrossingTimer(film.line_px)
        for visit, true in visits(film, hide, NEAR * film.line_px):
            found = timer.crossed(visit)
            if found is None:
                missing += 1
            else:
                late.append(found.at / SECOND - true)
                estimated += found.how == "estimated"
    return Errors(late, missing, estimated)


def without_a_line(films: Sequence[Watched]) -> dict[str, Errors]:
    """First and last sights, and the stand-in for a line."""
    first, last, stand_in = list[float](), list[float](), list[float]()
    for film in films:
        timer = CrossingTimer(None)
        timer.picture_px = film.picture_px
        for visit, true in visits(film, never, 0):
            found = timer.crossed(visit)
            first.append(visit.first_at / SECOND - true)
            last.append(visit.last_at / SECOND - true)
            stand_in.append((found.at if found else visit.first_at) / SECOND - true)
    return {"first sight": Errors(first), "last sight": Errors(last), "stand-in": Errors(stand_in)}


def page(films: Sequence[Watched], settings: Mapping[str, Watched]) -> str:
    """The page of figures."""
    head = "| runners seen | without an instant | estimated | mean, s | sd, s | earliest | latest | off by more than 0.1 s |"
    rule = "|---|" + "---|" * 8
    measured = [f"| {name} | {with_a_line(films, hide).figures} |" for name, hide in CASES.items()]
    everybody = with_a_line(list(settings.values()), never).figures
    conditions = [f"| {name} | {with_a_line([film], never).figures} |" for name, film in settings.items()]
    sights = without_a_line(films)
    seen = [f"| {name} | {errors.figures} |" for name, errors in sights.items()]
    nets = [_net("last sight at the start, first at the finish", sights["last sight"], sights["first sight"])]
    nets.append(_net("stand-in at both", sights["stand-in"], sights["stand-in"]))
    return "\n".join(
        [
            "# When the line is crossed: the station's instants against the truth",
            "",
            "Measured by `python -m benchmarks.reading_crossings` on six synthetic films (`benchmarks/frames`; two at 3 runners a second,",
            "one at 1.5, one at 1/120 s, one at dusk, one at 720p). They are no film of real people: read the rows against each other.",
            "Seconds after the true crossing of a line 2.5 m before the camera.",
            "",
            "## With a line (`--calibrate`, `--line-px`)",
            "",
            f"| case {head}",
            rule,
            *measured,
            "",
            "## With a line, in many conditions",
            "",
            "The films of the reading benchmark, whole runners before a street; those from aside and above are left out, whose line is no one size.",
            "",
            f"| film {head}",
            rule,
            *conditions,
            f"| **all** | {everybody} |",
            "",
            "## Without one (`--no-line`)",
            "",
            "The stand-in is the place where a bib's QR is 1/50 of the picture's longer side wide; at this camera it lies at the line, elsewhere",
            "it is early or late by the walk between them. First and last sights were what counted before.",
            "",
            f"| instant {head}",
            rule,
            *seen,
            "",
            "What a net time is off by, for a start and a finish that are filmed alike (nobody waits at this start):",
            "",
            "| instants | mean, s | sd, s |",
            "|---|---|---|",
            *nets,
            "",
        ]
    )


def _net(name: str, start: Errors, finish: Errors) -> str:
    mean = fmean(finish.late_s) - fmean(start.late_s)
    return f"| {name} | {mean:+.3f} | {sqrt(pstdev(start.late_s) ** 2 + pstdev(finish.late_s) ** 2):.3f} |"


def _from_elsewhere(camera: FilmCamera) -> bool:
    return isinstance(camera, PlacedCamera) and bool(camera.aside_m or camera.above_m)


def main() -> None:
    """Draw, read, time, and write the page."""
    cv2.setNumThreads(1)
    films = sorted(shared_out(watched, REELS, "films"), key=lambda film: film.run)
    straight = [film for film in table_films(1) if not _from_elsewhere(SETTINGS[film.name].camera)]
    found = {film.run: film for film in shared_out(watched_setting, straight, "conditions")}
    text = page(films, {film.name: found[film.run] for film in straight})
    PAGE.write_text(text, encoding="utf-8")
    sys.stdout.write(text)


if __name__ == "__main__":
    main()
