"""The films of what is worn over a bib, once for each layout: the same runners, ways, dress and creases, another bib."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final, NamedTuple

import msgspec

from benchmarks.engines import Station
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.printed import Field
from benchmarks.frames.settings import SETTINGS
from benchmarks.reading_work import Scale, shared_out
from bibs.drawing.layout import layout_named
from timing.race.codes import read_code

LAYOUTS: Final = ("240x200", "240x200-one-mark")
WORN: Final = ("base", "arms", "1/120 s", "tie", "jacket, 20 cm shown", "jacket, 12 cm shown", "evening")
SEED: Final = 340
PER_S: Final = 2.2


class LayoutFilm(NamedTuple):
    """One film: a setting's name, a layout's, and what chance gives."""

    setting: str
    layout: str
    run: int


class LayoutRead(msgspec.Struct, frozen=True):
    """Of a film's runners those who were read, those by their code and those by their mark, and the wrong names."""

    setting: str
    layout: str
    runners: int
    read: int
    by_code: int
    by_mark: int
    wrong: int


def measured(scale: Scale, layouts: Sequence[str] = LAYOUTS) -> list[LayoutRead]:
    """Every film with every layout."""
    films = [
        LayoutFilm(name, layout, scale.run + SEED + number) for number, name in enumerate(WORN) for layout in layouts
    ]
    found = dict(shared_out(_watched, films, "layouts"))
    return [found[film] for film in films]


def _watched(film: LayoutFilm) -> tuple[LayoutFilm, LayoutRead]:
    setting, field = SETTINGS[film.setting], Field.of(film.run)
    layout = layout_named(film.layout, Path())
    crowd = Crowd(film.run, setting.runners, setting.camera, setting.conditions, layout, PER_S)
    station = Station(field.roster)
    for picture, _ in crowd.frames():
        station.look(picture, setting.camera.fps)
    station.close()
    runners = set(field.codes[: setting.runners])
    by_code = {code for text in station.by_code if (code := read_code(text))}
    read = LayoutRead(
        film.setting,
        film.layout,
        setting.runners,
        len(station.named & runners),
        len(by_code & runners),
        len(station.by_mark & runners),
        len(station.named - runners),
    )
    return film, read
