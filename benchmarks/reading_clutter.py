"""What is read where nobody of the race is: every name a reader says is a false one."""

from typing import Final, NamedTuple

import cv2
import msgspec
import numpy as np

from benchmarks.engines import CODE_AND_MARK, SINGLES, Station, mark_reader, single
from benchmarks.frames.clutter import clutter
from benchmarks.frames.conditions import Grey
from benchmarks.frames.printed import Field
from benchmarks.reading_work import Scale, shared_out
from scanners.reading.decoder import read_zxing
from scanners.reading.moving_parts import MovingParts
from scanners.reading.rescue import rescue
from timing.race.codes import Code, read_code

CHUNK: Final = 100
SINGLES_EVERY: Final = 10
"""The engines alone see every tenth frame."""

CLIPS_EVERY: Final = 20
CLIP: Final = 8  # frames
FPS: Final = 30
SHIFT_PX: Final = (7, 3)


class Heard(msgspec.Struct, frozen=True):
    """Frames looked at, those in which a code was truly read, those with a wrong text, those that named somebody of the race."""

    frames: int = 0
    right: int = 0
    misread: int = 0
    named: int = 0

    def plus(self, other: "Heard") -> "Heard":
        return Heard(
            self.frames + other.frames,
            self.right + other.right,
            self.misread + other.misread,
            self.named + other.named,
        )


class Portion(NamedTuple):
    """Some frames of a run."""

    run: int
    first: int
    amount: int


def measured(scale: Scale) -> dict[str, Heard]:
    """What everybody said to all frames."""
    found: dict[str, Heard] = {}
    portions = [Portion(scale.run + 900, at, min(CHUNK, scale.clutter - at)) for at in range(0, scale.clutter, CHUNK)]
    for heard in shared_out(listened, portions, "clutter"):
        found = {name: one.plus(found.get(name, Heard())) for name, one in heard.items()}
    return found


CLIPS: Final = "our station, clips of 8 frames"


def listened(portion: Portion) -> dict[str, Heard]:
    """What everybody says to some frames of clutter."""
    run, first, amount = portion
    found = dict.fromkeys((CODE_AND_MARK, *SINGLES, CLIPS), Heard())
    ours, moving = set(Field.of(run).codes), MovingParts()
    for number in range(first, first + amount):
        shown = clutter(run, number)
        for name, (texts, marks) in _said(run, number, shown.picture, moving).items():
            named = bool(marks) or any(read_code(text) in ours for text in texts)
            one = Heard(1, bool(texts & shown.texts), bool(texts - shown.texts), named)
            found[name] = found[name].plus(one)
    return found


def _said(run: int, number: int, picture: Grey, moving: MovingParts) -> dict[str, tuple[set[str], set[Code]]]:
    """The texts and the marks that each of those who look at this frame reads; outlines are looked for in another way each frame."""
    marks = {one.code for one in mark_reader(run).read(picture, moving)}
    said: dict[str, tuple[set[str], set[Code]]] = {CODE_AND_MARK: (_hot_path(picture), marks)}
    if number % SINGLES_EVERY == 0:
        said |= {name: (single(name)(picture), set()) for name in SINGLES}
    if number % CLIPS_EVERY == 0:
        station = Station(Field.of(run).roster)
        for moved in _panned(picture):
            station.look(moved, FPS)
        station.close()
        said[CLIPS] = station.by_code, station.by_mark
    return said


def _hot_path(picture: Grey) -> set[str]:
    """The whole frame by the first reader, and its middle as the rescue sees it."""
    middle = picture[picture.shape[0] // 4 : -picture.shape[0] // 4, picture.shape[1] // 4 : -picture.shape[1] // 4]
    return {one.text for one in (*read_zxing(picture), *rescue(middle))}


def _panned(picture: Grey) -> list[Grey]:
    """The camera pans: everything moves a little from frame to frame."""
    size = picture.shape[1], picture.shape[0]
    moves = [np.array([[1, 0, -SHIFT_PX[0] * n], [0, 1, -SHIFT_PX[1] * n]], np.float32) for n in range(CLIP)]
    return [np.asarray(cv2.warpAffine(picture, move, size, borderMode=cv2.BORDER_REFLECT), np.uint8) for move in moves]
