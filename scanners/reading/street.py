"""The street behind everybody, as a small picture: what differs from it stands before it.

A mast sways, a camera sets its exposure anew, lamps flicker: what befalls the whole picture is nobody. The picture is shifted back
to where the street was by steps of Lucas and Kanade (1981) over all that is street, and each row's gain is the median of its pixels':
a sensor that is read row by row sees lamps flicker as stripes.
"""

from typing import Final, Protocol

import cv2
import numpy as np
import numpy.typing as npt

from scanners.reading.pixels import Floats, Picture

Shift = npt.NDArray[np.float64]
"""Columns and rows."""

DIFFERS: Final = np.float32(8)  # counts of grey from the street, at least
NOISES: Final = np.float32(4)  # and so many times what the street itself wavers, as leaves do
LEARNS: Final = (0.05, 0.0003)
"""Part of a frame that goes into the idea of the street: where it looks like it, and where something stands.

The latter is so little that ten seconds of a crowd leave no figure behind."""
FOLLOWS: Final = 0.01  # part of a frame's gain that goes into it: the day's light, not a cloud's
STILL_FRAMES: Final = 60
"""Without a change: it is the street, whoever stood there at first; plain clothes of somebody who walks are not so long at one place."""
FIRST_FRAMES: Final = 45  # in which the street is learned as a mean
DARKEST: Final = np.float32(8)  # grey; below, a gain cannot be told
WHITE: Final = np.float32(255)
BLOWN: Final = np.float32(250)  # grey; above, what is seen may be any lighter
GAIN: Final = (0.3, 3.0)
FEW: Final = 8  # pixels of the street, which tell a row's gain
SWAYS: Final = 6.0  # pixels: so far the picture is shifted back at most
MOVED: Final = 0.2  # pixels; so little is the noise of a steady picture
STEADY: Final = 0.1  # pixels, which a step must have to be followed by another
MOST_STEPS: Final = 3  # a frame
OUTLIES: Final = np.float32(40)  # counts of grey; a greater difference moves the picture no more
FLAT: Final = 1.0  # squared counts of grey a pixel: a street with less contrast tells no shift
CURVES: Final = 1 / 8  # of the second difference: so far off is what lies half-way between two pixels
FLOODED: Final = 0.85  # of the picture at once tells nothing: people close to the lens, or a change of light
SPECK: Final = 3  # pixels; smaller ones are noise
CLOSED: Final = (5, 25)  # pixels, columns and rows: gaps where cloth is as grey as the street


class Background(Protocol):
    """Tells what stands before the street in one small picture after another."""

    @property
    def shift(self) -> Shift:
        """From where the street was to where it is now."""

    def foreground(self, small: Floats) -> Picture:
        """255 where somebody stands."""

    def turn_round(self) -> None:
        """From now on left and right of the pictures are exchanged."""


class Street:
    """A running mean of small pictures of one size, and its wavering; in the light and at the place of the first."""

    def __init__(self, first: Floats) -> None:
        self.shift: Shift = np.zeros(2)
        """From where the street was to where it is now."""
        self._mean, self._wavers = first.copy(), np.full_like(first, 2.0)
        self._before = np.zeros(first.shape, np.uint8)
        self._was, self._since = first.copy(), np.zeros(first.shape, np.uint8)
        """What each pixel was when it last changed, and so many frames ago, 255 at most."""
        self._frames = 0

    def turn_round(self) -> None:
        """From now on left and right of the pictures are exchanged."""
        for one in (self._mean, self._wavers, self._before, self._was, self._since):
            one[:] = one[:, ::-1].copy()
        self.shift[0] *= -1

    def foreground(self, small: Floats) -> Picture:
        """255 where the picture, shifted back, is not the street."""
        self._frames += 1
        here, gain = self._steadied(small)
        off = np.asarray(cv2.absdiff(here, np.minimum(self._mean * gain, WHITE)), np.float32)
        bound = self._bound()
        mask = np.asarray(cv2.compare(off, bound, cv2.CMP_GT), np.uint8)
        now = here / gain
        np.copyto(now, np.maximum(now, self._mean), where=here > BLOWN)
        self._heal(now, bound / gain)
        if np.count_nonzero(mask) > FLOODED * mask.size:
            return np.zeros_like(mask)
        self._learn(now, off, mask)
        self._mean *= gain**FOLLOWS
        self._before = mask
        return cleaned(mask)

    def _bound(self) -> Floats:
        """The least difference that tells; what a shift puts between two pixels is known less where the street is curved."""
        bound: Floats = np.maximum(self._wavers * NOISES, DIFFERS)
        if np.abs(self.shift).max() > MOVED:
            for way in ((2, 0), (0, 2)):
                bound += np.abs(cv2.Sobel(self._mean, cv2.CV_32F, *way, ksize=1, scale=CURVES))
        return bound

    def _steadied(self, small: Floats) -> tuple[Floats, Floats]:
        """The picture shifted back to where the street was, and each row's gain."""
        here = _shifted(small, self.shift)
        gain = self._gain(here)
        for _ in range(MOST_STEPS):
            step = self._step(here, gain)
            self.shift = np.clip(self.shift + step, -SWAYS, SWAYS)
            if np.abs(step).max() <= STEADY:
                break
            here = _shifted(small, self.shift)
        return here, gain

    def _gain(self, here: Floats) -> Floats:
        """How much lighter each row of the street is than it was, as a column."""
        columns = (slice(None), slice(2, None, 6))
        street, now = self._mean[columns], here[columns]
        tells = (self._before[columns] == 0) & (street > DARKEST) & (now < BLOWN)
        ratios = np.sort(np.where(tells, now / np.maximum(street, DARKEST), np.inf), axis=1)
        count = tells.sum(axis=1)
        gain, enough = ratios[np.arange(len(ratios)), count // 2], count >= FEW
        usual = np.median(gain[enough]) if enough.any() else 1.0
        return np.clip(np.where(enough, gain, usual), *GAIN).astype(np.float32)[:, None]

    def _step(self, here: Floats, gain: Floats) -> Shift:
        """How much farther than that the street has moved, by the least squares of some of its pixels."""
        rows, columns = slice(1, -1, 4), slice(1, -1, 2)
        street, now = self._mean, here[rows, columns]
        tells = (self._before[rows, columns] == 0) & (now < BLOWN)
        off = np.clip(now / gain[rows] - street[rows, columns], -OUTLIES, OUTLIES)
        slopes = np.stack([street[rows, 2::2] - street[rows, :-2:2], street[2::4, columns] - street[:-2:4, columns]])
        slopes = (slopes * (tells * np.float32(0.5))).reshape(2, -1)
        steep = slopes @ slopes.T + FLAT * tells.size * np.eye(2)
        return np.asarray(np.linalg.solve(steep, -(slopes @ off.ravel())), np.float64)

    def _heal(self, now: Floats, bound: Floats) -> None:
        """What has not changed for long is the street: whoever stood there has left, or something was put there."""
        changed = cv2.compare(cv2.absdiff(now, self._was), bound, cv2.CMP_GT)
        cv2.add(self._since, np.ones_like(self._since), self._since)
        cv2.bitwise_and(self._since, cv2.bitwise_not(changed), self._since)
        cv2.copyTo(now, changed, self._was)
        np.copyto(self._mean, now, where=self._since == STILL_FRAMES)

    def _learn(self, now: Floats, off: Floats, mask: Picture) -> None:
        usual = max(1 / self._frames if self._frames <= FIRST_FRAMES else 0.0, LEARNS[0])
        cv2.accumulateWeighted(now, self._mean, usual, cv2.bitwise_not(mask))
        cv2.accumulateWeighted(now, self._mean, LEARNS[1], mask)
        cv2.accumulateWeighted(off, self._wavers, usual, cv2.bitwise_not(mask))
        cv2.accumulateWeighted(off, self._wavers, LEARNS[1] / 4, mask)


def cleaned(mask: Picture) -> Picture:
    """Without noise, and without the gaps in a figure."""
    clean = cv2.medianBlur(mask, SPECK)
    return np.asarray(cv2.morphologyEx(clean, cv2.MORPH_CLOSE, np.ones(CLOSED[::-1], np.uint8)), np.uint8)


def _shifted(small: Floats, shift: Shift) -> Floats:
    """The picture as it would be, had the street not moved."""
    if np.abs(shift).max() <= MOVED:
        return small
    way, how = np.column_stack([np.eye(2), shift]), cv2.INTER_LINEAR | cv2.WARP_INVERSE_MAP
    moved = cv2.warpAffine(small, way, small.shape[::-1], flags=how, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(moved, np.float32)
