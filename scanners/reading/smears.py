"""What moved while the shutter was open, as it would be seen if it had stood still: Wiener's filter for a known way."""

from typing import Final, NamedTuple

import cv2
import numpy as np

from scanners.reading.pixels import Floats, Picture
from scanners.reading.quads import Quads, around

ROOM: Final = 0.7  # of a mark's side: how much around it is looked at
LARGEST_PX: Final = 40
"""A larger mark is made so small: it has pixels enough, and time is saved."""

LEAST_PX: Final = 16  # a side of what is looked at
RIM_PX: Final = 8  # on every side, in which what is beyond the edge is guessed
UNCLEAR: Final = 0.02
"""The grain's power beside the picture's, as far as the filter knows: what the smear has left less of is not brought back."""


class StillPart(NamedTuple):
    """A part of a picture in which nothing moved; where its upper left corner lies there, and how many times smaller it is."""

    picture: Picture
    corner: Floats
    by: np.float32

    def inside(self, quads: Quads) -> Quads:
        """Quads of the picture in the pixels of this part."""
        return np.asarray((quads - self.corner + np.float32(0.5)) * self.by - np.float32(0.5))

    def outside(self, quads: Quads) -> Quads:
        """And back."""
        return np.asarray((quads + np.float32(0.5)) / self.by - np.float32(0.5) + self.corner)


def still_part(gray: Picture, quad: Quads, smear_px: Floats) -> StillPart | None:
    """The surroundings of a mark that moved so far, straight on, while the shutter was open; None where it is not in the picture."""
    side = float(np.ptp(quad, axis=0).max())
    part, corner = around(gray, quad, ROOM * side)
    by = np.float32(min(1.0, LARGEST_PX / side))
    if min(part.shape) * by < LEAST_PX:
        return None
    if by < 1:
        part = np.asarray(cv2.resize(part, None, fx=float(by), fy=float(by), interpolation=cv2.INTER_AREA), np.uint8)
    return StillPart(unsmeared(part, by * smear_px), corner, by)


def unsmeared(gray: Picture, smear_px: Floats) -> Picture:
    """A picture without a smear of so many pixels to the right and down."""
    height, width = gray.shape
    rows, columns = (cv2.getOptimalDFTSize(side + 2 * RIM_PX) for side in gray.shape)
    below, right = rows - height - RIM_PX, columns - width - RIM_PX
    wide = cv2.copyMakeBorder(gray, RIM_PX, below, RIM_PX, right, cv2.BORDER_REFLECT).astype(np.float32)
    mean = wide.mean()
    passed = np.sinc(np.fft.fftfreq(rows)[:, None] * smear_px[1] + np.fft.rfftfreq(columns) * smear_px[0])
    sharp = mean + np.fft.irfft2(np.fft.rfft2(wide - mean) * passed / (passed**2 + UNCLEAR), s=wide.shape)
    inner = sharp[RIM_PX : RIM_PX + height, RIM_PX : RIM_PX + width]
    return np.asarray(np.clip(inner, 0, 255).round(), np.uint8)
