"""Whole frames with several runners: who is missed when bibs must be found and people stand before each other."""

from collections import Counter
from typing import Final, NamedTuple

import msgspec

from benchmarks.engines import CODE_AND_MARK, CODE_ONLY, SINGLES, ZXING, Station, single
from benchmarks.frames.conditions import DAY, WIDE
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.passes import WHOLLY
from benchmarks.frames.printed import ONE_MARK, Field
from benchmarks.reading_work import Scale, shared_out

PER_S: Final = (3.0, 1.5)
"""Runners a second: a finish at its busiest minute, and a calmer one."""

CODE_PX, MARK_PX = 2.0, 3.2
"""Of a module and of a cell: from here on a code and a mark should be read."""

FILMS: Final = 2
RUNNERS: Final = 40
FEWEST_MARKS: Final = 2


class Film(msgspec.Struct, frozen=True):
    """Of some films: runners, those whose code or mark was large and whole for long enough, frames, and how many each missed.

    `misread` counts wrong texts and names of people who were not there.
    """

    per_s: float
    runners: int
    could: int
    frames: int
    missed: dict[str, int]
    missed_of_all: dict[str, int]
    misread: dict[str, int]

    def plus(self, other: "Film") -> "Film":
        """Of both; an engine that did not see both is left out."""
        counts = (
            {name: mine[name] + more[name] for name in mine if name in more}
            for mine, more in (
                (self.missed, other.missed),
                (self.missed_of_all, other.missed_of_all),
                (self.misread, other.misread),
            )
        )
        sums = (self.runners + other.runners, self.could + other.could, self.frames + other.frames)
        return Film(self.per_s, *sums, *counts)


class Reel(NamedTuple):
    """One film to watch; the slow engines look too if `everybody`."""

    run: int
    per_s: float
    everybody: bool


def measured(scale: Scale) -> list[Film]:
    """For each density the films that everybody saw, and all films by those who saw all."""
    reels = [
        Reel(scale.run + 100 + number + 50 * dense, per_s, everybody=not (dense or number))
        for dense, per_s in enumerate(PER_S)
        for number in range(FILMS * scale.times)
    ]
    found: dict[tuple[float, bool], Film] = {}
    for reel, film in shared_out(watched, reels, "films"):
        for kind in {(reel.per_s, False), (reel.per_s, reel.everybody)}:
            found[kind] = found[kind].plus(film) if kind in found else film
    return [found[kind] for kind in sorted(found, reverse=True)]


def watched(reel: Reel) -> tuple[Reel, Film]:
    """Show one film to everybody."""
    film, race = Crowd(reel.run, RUNNERS, WIDE, DAY, ONE_MARK, reel.per_s), Field.of(reel.run)
    station, names = Station(race.roster), SINGLES if reel.everybody else (ZXING,)
    texts: dict[str, set[str]] = {name: set() for name in names}
    codes, marks = Counter[int](), Counter[int]()
    for picture, truth in film.frames():
        codes.update(one.runner for one in truth.seen if one.code_shown >= WHOLLY and one.px_per_module >= CODE_PX)
        marks.update(one.runner for one in truth.seen if one.mark_shown >= WHOLLY and one.px_per_cell >= MARK_PX)
        station.look(picture, WIDE.fps)
        for name in names:
            texts[name] |= single(name)(picture)
    station.close()
    could = set(codes) | {runner for runner, frames in marks.items() if frames >= FEWEST_MARKS}
    texts[CODE_ONLY] = station.by_code
    read = {name: {at for at in range(RUNNERS) if race.text(at) in said} for name, said in texts.items()}
    read[CODE_AND_MARK] = {at for at in range(RUNNERS) if race.codes[at] in station.named}
    true = {race.text(at) for at in range(RUNNERS)}
    misread = {name: len(said - true) for name, said in texts.items()}
    misread[CODE_AND_MARK] = misread[CODE_ONLY] + len(station.by_mark - set(race.codes[:RUNNERS]))
    return reel, Film(
        reel.per_s,
        RUNNERS,
        len(could),
        film.frame_count,
        {name: len(could - who) for name, who in read.items()},
        {name: RUNNERS - len(who) for name, who in read.items()},
        misread,
    )
