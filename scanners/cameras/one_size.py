"""Pictures of one size from a source that changes its own: a line is so many pixels of the first picture."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from scanners.cameras.films import Frame, Lull
from scanners.cameras.stills import Picture
from timing.language import Text, _, warning
from timing.terminal.output import say

ALIKE: Final = 0.01
"""The largest relative difference between the aspect ratios of two pictures of the same view."""


def of_one_size(shots: Iterator[Frame | Lull], other_view: Callable[[], object]) -> Iterator[Frame | Lull]:
    """The same pictures, those of another size brought to the first one's; each new size is told.

    Pictures of another shape show something else: `other_view` is called, and those that follow are brought to their size.
    """
    wanted, told = (0, 0), set[str]()

    def tell(text: Text) -> None:
        if str(text) not in told:  # a stream may go to and fro
            told.add(str(text))
            say(warning(text))

    for shot in shots:
        if not isinstance(shot, Frame):
            yield shot
            continue
        height, width = shot.gray.shape
        now = width, height
        wanted = wanted if any(wanted) else now
        if not same_view(now, wanted):
            tell(_("the picture has another shape now, {now} instead of {was}: the line holds no more, and instants are those of sight; set it again", now=_said(now), was=_said(wanted)))  # fmt: skip
            other_view()
            wanted = now
        elif now != wanted:
            tell(_("the picture is now of {now}: it is brought to {was}, to which the line belongs", now=_said(now), was=_said(wanted)))  # fmt: skip
        yield shot if now == wanted else replace(shot, gray=_brought(shot.gray, wanted))


def _brought(gray: Picture, wanted: tuple[int, int]) -> Picture:
    how = cv2.INTER_AREA if gray.shape[1] > wanted[0] else cv2.INTER_LINEAR
    return np.asarray(cv2.resize(gray, wanted, interpolation=how), np.uint8)


def same_view(one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether pictures of these widths and heights may show the same: they have the same shape."""
    return abs(one[0] * other[1] / (one[1] * other[0]) - 1) <= ALIKE


def _said(size: tuple[int, int]) -> str:
    return "{}x{}".format(*size)
