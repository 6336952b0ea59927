"""OpenCV's own ways to tell who stands before a street, in the place of ours; figures are parted and followed as at a station."""

from collections.abc import Callable, Mapping
from typing import Final

import cv2
import numpy as np

from scanners.reading.pixels import Floats, Picture
from scanners.reading.street import Background, Shift, Street, cleaned

OURS: Final = "ours"
SOMEBODY: Final = 255  # in OpenCV's masks; shadows are darker


class Subtracted:
    """One of OpenCV's background subtractors as it comes, its shadows taken away, cleaned as ours."""

    def __init__(self, subtractor: "cv2.BackgroundSubtractor", first: Floats) -> None:
        self._subtractor, self._turned = subtractor, False
        self.shift: Shift = np.zeros(2)
        self.foreground(first)

    def foreground(self, small: Floats) -> Picture:
        """255 where somebody stands."""
        picture = small.astype(np.uint8)
        mask = self._subtractor.apply(picture[:, ::-1].copy() if self._turned else picture)
        mask = mask[:, ::-1] if self._turned else mask
        return cleaned(np.ascontiguousarray((mask == SOMEBODY).astype(np.uint8) * np.uint8(SOMEBODY)))

    def turn_round(self) -> None:
        """What was learnt stays as it is; pictures are turned back to it."""
        self._turned = not self._turned


BACKGROUNDS: Final[Mapping[str, Callable[[Floats], Background]]] = {
    OURS: Street,
    "OpenCV's MOG2": lambda first: Subtracted(cv2.createBackgroundSubtractorMOG2(), first),
    "OpenCV's KNN": lambda first: Subtracted(cv2.createBackgroundSubtractorKNN(), first),
}
"""Who looks at the films, by name; each begins with the first small picture."""
