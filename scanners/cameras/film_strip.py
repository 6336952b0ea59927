"""Pictures of a film: single frames, and the strip, in which every frame leaves one column of pixels: who was where when."""

from collections.abc import Iterable, Sequence
from typing import Final

import cv2
import numpy as np

from scanners.cameras.stills import Picture
from timing.race.instants import SECOND, Instant

PX: Final = 3
"""So many pixels wide at least each frame's column is drawn, that a person can look at it."""
SECOND_PX: Final = 72
"""At least so wide is a second: its time stands below it."""
AXIS_PX: Final = 40
TICK_PX: Final = 10
PAPER, INK, NOTHING_SEEN = 255, 0, 128
GAP: Final = 3
"""A step between frames of at least this many times the usual one leaves blank columns."""
BLANK_MOST: Final = 300
TENTH: Final = SECOND // 10
TENTH_PX: Final = 5
"""Tenths of a second are marked below where they are at least so wide."""


class FilmStrip:
    """Put together frame by frame, of which it keeps one line each; `share` is the line's place, 0 to 1."""

    def __init__(self, share: float, row: bool = False) -> None:
        """`row` takes a row of pixels in place of a column: for a line that runs from left to right through the picture."""
        self._share, self._row = share, row
        self._ats: list[Instant] = []
        self._lines: list[Picture] = []

    def add(self, at: Instant, gray: Picture) -> None:
        lines = gray if self._row else gray.T
        self._lines.append(lines[round(self._share * (len(lines) - 1))].copy())
        self._ats.append(at)

    def picture(self, face: str, tick: Sequence[tuple[Instant, str]]) -> Picture:
        """The strip from left (earlier) to right, below it the time: `tick` are instants and what is written under them.

        `face` is written at its beginning: which station, which day, which line of the frames.
        """
        height = max(len(line) for line in self._lines)
        columns = [np.pad(line, (0, height - len(line)), constant_values=NOTHING_SEEN) for line in self._lines]
        places, width = self._places()
        strip = np.full((height, width), NOTHING_SEEN, np.uint8)
        strip[:, places] = np.stack(columns, axis=1)
        px = max(PX, round(SECOND_PX * self._usual_step() / SECOND))
        wide = np.repeat(strip, px, axis=1)
        axis = np.full((AXIS_PX, wide.shape[1]), PAPER, np.uint8)
        axis[: TICK_PX // 2, self._across(self._tenths(px), places, px)] = INK
        _write(axis, face, 2, AXIS_PX - 4)
        free = 0
        for left, (_, text) in zip(self._across([at for at, _ in tick], places, px), tick, strict=True):
            wide[:, left] = np.where(wide[:, left] > NOTHING_SEEN, INK, PAPER)
            axis[:TICK_PX, left] = INK
            if left >= free:
                free = _write(axis, text, left + 3, TICK_PX + 8)
        return np.vstack([wide, axis])

    def _across(self, ats: Sequence[int], places: Sequence[int], px: int) -> list[int]:
        """Where instants stand in a strip whose columns are so wide."""
        return [int(px * place) + px // 2 for place in np.interp(ats, self._ats, places)] if ats else []

    def _tenths(self, px: int) -> Sequence[int]:
        """The tenths of a second, where they are wide enough to be told apart."""
        narrow = px * TENTH < TENTH_PX * self._usual_step()
        return () if narrow else range(-(-self._ats[0] // TENTH) * TENTH, self._ats[-1] + 1, TENTH)

    def _usual_step(self) -> float:
        """Microseconds from frame to frame."""
        return float(np.median(np.diff(np.array(self._ats, np.int64)))) if len(self._ats) > 1 else 1.0

    def _places(self) -> tuple[list[int], int]:
        """The column of each frame, blank ones where the film has a gap, and how many there are."""
        steps = np.diff(np.array(self._ats, np.int64))
        usual = self._usual_step()
        wide = [1 if step <= GAP * usual else min(BLANK_MOST, round(step / usual)) for step in steps]
        places = [0, *np.cumsum(wide, dtype=int).tolist()]
        return places, places[-1] + 1

    def __len__(self) -> int:
        return len(self._lines)


def seconds_between(first: Instant, last: Instant) -> Iterable[Instant]:
    """The whole seconds of a time."""
    return (Instant(at) for at in range(-(-first // SECOND) * SECOND, last + 1, SECOND))


def png(gray: Picture) -> bytes:
    return cv2.imencode(".png", gray)[1].tobytes()


def _write(picture: Picture, text: str, left: int, bottom: int) -> int:
    """Plain ASCII, as this font has it; gives where the text ends."""
    plain = text.encode("ascii", "replace").decode()
    cv2.putText(picture, plain, (left, bottom), cv2.FONT_HERSHEY_SIMPLEX, 0.4, INK)
    return left + cv2.getTextSize(plain, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 1)[0][0]
