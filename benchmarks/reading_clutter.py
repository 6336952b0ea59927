"""What is read where nobody of the race is: every name a reader says is a false one."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from benchmarks.engines import CODE_AND_MARK, SINGLES, Station, our_codes, our_marks, single
from benchmarks.frames.clutter import clutter
from benchmarks.frames.conditions import Grey
from benchmarks.frames.printed import Field
from scanners.decoder import read_zxing
from timing.codes import read_code

CHUNK: Final = 100
SINGLES_EVERY: Final = 10
"""The engines alone see every tenth frame."""

CLIPS_EVERY: Final = 20
CLIP: Final = 8  # frames
SHIFT_PX: Final = (7, 3)


class Heard(NamedTuple):
    """Frames looked at, those in which a code was truly read, those with a wrong text, those that named somebody of the race."""

    frames: int = 0
    right: int = 0
    misread: int = 0
    named: int = 0

    def plus(self, other: "Heard") -> "Heard":
        return Heard(*(one + more for one, more in zip(self, other, strict=True)))


CLIPS: Final = "our station, clips of 8 frames"


def heard(run: int, first: int, count: int) -> dict[str, Heard]:
    """What everybody says to some frames of clutter."""
    names = (CODE_AND_MARK, *SINGLES, CLIPS)
    found = dict.fromkeys(names, Heard())
    ours = set(Field.of(run).codes)
    for number in range(first, first + count):
        shown = clutter(run, number)
        texts, marks = {one.text for one in read_zxing(shown.picture)}, our_marks(run, shown.picture)
        texts |= our_codes(shown.picture[::, shown.picture.shape[1] // 3 :])
        found[CODE_AND_MARK] = found[CODE_AND_MARK].plus(_judged(texts, shown.texts, ours, bool(marks)))
        if number % SINGLES_EVERY == 0:
            for name in SINGLES:
                found[name] = found[name].plus(_judged(single(name)(shown.picture), shown.texts, ours))
        if number % CLIPS_EVERY == 0:
            station = Station(Field.of(run).roster)
            for picture in _panned(shown.picture):
                station.look(picture, 30)
            station.close()
            found[CLIPS] = found[CLIPS].plus(_judged(station.by_code, shown.texts, ours, bool(station.by_mark)))
    return found


def _judged(texts: set[str], true: frozenset[str], ours: set[str], marks: bool = False) -> Heard:  # type: ignore[type-arg]
    named = marks or any(read_code(text) in ours for text in texts)
    return Heard(1, bool(texts & true), bool(texts - true), named)


def _panned(picture: Grey) -> list[Grey]:
    """The camera pans: everything moves a little from frame to frame."""
    size = picture.shape[1], picture.shape[0]
    moves = [np.array([[1, 0, -SHIFT_PX[0] * n], [0, 1, -SHIFT_PX[1] * n]], np.float32) for n in range(CLIP)]
    return [
        np.asarray(cv2.warpAffine(picture, move, size, borderMode=cv2.BORDER_REFLECT), np.uint8) for move in moves
    ]
