"""Films of whole runners in many conditions: our station, an earlier one of a given checkout, and zxing-cpp alone, on the same frames.

A film is drawn once and kept in out/reading/films; of what is everyday there are two. Who could be read is decided by geometry alone: the code in one frame, or the
mark in two, large enough and hidden by no body, arm or dress; folds, blur and the dark are no excuse.
"""

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import msgspec
import numpy as np

from benchmarks.engines import CODE_AND_MARK, ZXING, single
from benchmarks.frames.crowd import TRUTH_FILE, Crowd, Truth
from benchmarks.frames.passes import WHOLLY
from benchmarks.frames.printed import Field
from benchmarks.frames.settings import SETTINGS
from benchmarks.reading_films import CODE_PX, FEWEST_MARKS, MARK_PX
from benchmarks.reading_work import Scale, shared_out
from timing.race.codes import read_code

BEFORE: Final = "the station before"
BEFORE_AT: Final = "MARATHON_BEFORE"
"""The environment variable with a checkout of an earlier commit, made by `git worktree add --detach FOLDER COMMIT`."""

HERE: Final = Path(__file__).parents[1]
FILMS: Final = HERE / "out" / "reading" / "films"
SEED, SECOND_SEED = 300, 500
"""Added to the run for the first and the second film; tuning uses runs from 7000 on, which the table never draws."""


class Watched(msgspec.Struct, frozen=True):
    """A setting's films: runners, those who could be read, and by reader how many were read, missed of those who could, and wrong names."""

    name: str
    everyday: bool
    runners: int
    could: int
    read: dict[str, int]
    missed: dict[str, int]
    wrong: dict[str, int]
    ms: list[float] = []
    """Of each frame, our station's time."""
    films: int = 1

    def plus(self, other: "Watched") -> "Watched":
        """With another film of the setting."""
        return Watched(
            self.name,
            self.everyday,
            self.runners + other.runners,
            self.could + other.could,
            _sums(self.read, other.read),
            _sums(self.missed, other.missed),
            _sums(self.wrong, other.wrong),
            [*self.ms, *other.ms],
            self.films + other.films,
        )


class Said(msgspec.Struct, frozen=True):
    """What a station said of a film."""

    texts: set[str]
    marks: set[str]
    ms: list[float]


class Film(NamedTuple):
    """One film of the table."""

    name: str
    run: int


def _sums(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: count + other[name] for name, count in one.items()}


def measured(scale: Scale) -> list[Watched]:
    """Every setting's film, shown to everybody."""
    found: dict[str, Watched] = {}
    for one in shared_out(_watched, [*table_films(scale.run), *second_films(scale.run)], "conditions"):
        found[one.name] = found[one.name].plus(one) if one.name in found else one
    return [found[name] for name in SETTINGS]


def table_films(run: int) -> list[Film]:
    """One film of every setting."""
    return [Film(name, run + SEED + number) for number, name in enumerate(SETTINGS)]


def second_films(run: int) -> list[Film]:
    """Another of every everyday setting: one in a hundred cannot be seen in fewer runners."""
    everyday = [name for name, setting in SETTINGS.items() if setting.everyday]
    return [Film(name, run + SECOND_SEED + number) for number, name in enumerate(everyday)]


def _watched(film: Film) -> Watched:
    folder, setting, race = drawn(film), SETTINGS[film.name], Field.of(film.run)
    codes, marks = Counter[int](), Counter[int]()
    for line in (folder / TRUTH_FILE).read_bytes().splitlines():
        seen = msgspec.json.decode(line, type=Truth).seen
        codes.update(one.runner for one in seen if one.code_shown >= WHOLLY and one.px_per_module >= CODE_PX)
        marks.update(one.runner for one in seen if one.mark_shown >= WHOLLY and one.px_per_cell >= MARK_PX)
    could = set(codes) | {runner for runner, frames in marks.items() if frames >= FEWEST_MARKS}
    stations = {CODE_AND_MARK: HERE} | ({BEFORE: Path(os.environ[BEFORE_AT])} if BEFORE_AT in os.environ else {})
    said = {name: _said(checkout, folder, film.run, setting.camera.fps) for name, checkout in stations.items()}
    names = {name: one.marks | {code for text in one.texts if (code := read_code(text))} for name, one in said.items()}
    names[ZXING] = {code for text in _alone(folder) if (code := read_code(text))}
    everybody = range(setting.runners)
    read = {name: {at for at in everybody if race.codes[at] in named} for name, named in names.items()}
    return Watched(
        film.name,
        setting.everyday,
        setting.runners,
        len(could),
        {name: len(who) for name, who in read.items()},
        {name: len(could - who) for name, who in read.items()},
        {name: len(named - set(race.codes[: setting.runners])) for name, named in names.items()},
        said[CODE_AND_MARK].ms,
    )


def crowd(film: Film) -> Crowd:
    """Who is in a film."""
    setting = SETTINGS[film.name]
    return Crowd(film.run, setting.runners, setting.camera, setting.conditions, per_s=setting.per_s)


def drawn(film: Film) -> Path:
    """The film's folder, drawn unless it was before."""
    folder = folder_of(film.name, film.run, FILMS)
    done = folder / "done"
    if not done.exists():
        crowd(film).write(folder)
        done.touch()
    return folder


def folder_of(name: str, run: int, films: Path) -> Path:
    """Where a film is kept among such films."""
    return films / f"{name.replace('/', '-').replace(' ', '_').replace(',', '')}-{run}"


def _said(checkout: Path, folder: Path, run: int, fps: int) -> Said:
    script = [sys.executable, "-P", str(HERE / "benchmarks" / "watch_film.py"), str(folder), str(run), str(fps)]
    told = subprocess.run(script, env={**os.environ, "PYTHONPATH": str(checkout)}, check=True, capture_output=True)
    return msgspec.json.decode(told.stdout, type=Said)


def _alone(folder: Path) -> set[str]:
    pictures = (np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8) for file in folder.glob("*.jpg"))
    return {text for picture in pictures for text in single(ZXING)(picture)}
