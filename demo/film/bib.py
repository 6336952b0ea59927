"""Lays a bib's page into a frame of a synthetic film: in true perspective, in daylight, blurred by its motion."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from demo.film.scenery import fill
from demo.film.walk import Image, Points

MIP_STEP: Final = 1.26
MIP_PX_PER_M: Final = (100.0, 1700.0)
"""The density of the page as seen from the far end and from close by."""


class FilmedBib:
    """One bib's page in falling sizes, so that far and near views are sharp without shimmer."""

    def __init__(self, page: Image, page_m: tuple[float, float], rng: np.random.Generator) -> None:
        low, high = (density * page_m[0] for density in MIP_PX_PER_M)
        self.pages = [_in_daylight(_narrowed(page, high), rng)]
        while (width := self.pages[-1].shape[1] / MIP_STEP) > low:
            self.pages.append(_narrowed(self.pages[0], width))

    def lay(self, image: Image, quads: list[Points]) -> None:
        """Draw the page into the picture, averaged over where its corners are during the exposure."""
        low, high = np.floor(np.min(quads, axis=(0, 1))) - 1, np.ceil(np.max(quads, axis=(0, 1))) + 2
        left, top = np.maximum(low, 0).astype(int).tolist()
        right, bottom = np.minimum(high, image.shape[1::-1]).astype(int).tolist()
        if left >= right or top >= bottom:
            return
        page = self._page_for(float(np.linalg.norm(quads[0][1] - quads[0][0])))
        paper, cover = _average([_laid(page, quad - (left, top), (right - left, bottom - top)) for quad in quads])
        under = image[top:bottom, left:right]
        image[top:bottom, left:right] = cv2.blendLinear(paper, under, cover, 1 - cover)

    def _page_for(self, width_px: float) -> Image:
        """The smallest size that still has a pixel for each pixel shown."""
        return next((page for page in reversed(self.pages) if page.shape[1] >= width_px), self.pages[0])


def _narrowed(page: Image, width: float) -> Image:
    if page.shape[1] <= width:
        return page
    size = (round(width), round(width * page.shape[0] / page.shape[1]))
    return np.asarray(cv2.resize(page, size, interpolation=cv2.INTER_AREA), np.uint8)


def _in_daylight(page: Image, rng: np.random.Generator) -> Image:
    """Paper is not quite white nor ink quite black, and cloth under it is never flat."""
    folds = cv2.resize(rng.uniform(0.86, 1.0, (3, 4)), (page.shape[1], page.shape[0]), interpolation=cv2.INTER_CUBIC)
    lit = (18 + page * (226 / 255)) * np.asarray(folds)[:, :, None]
    return lit.clip(0, 255).astype(np.uint8)


def _laid(page: Image, quad: Points, size: tuple[int, int]) -> tuple[Image, Image]:
    """The page warped into a quadrilateral, and how much of each pixel it covers."""
    height, width = page.shape[:2]
    corners = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    warp = cv2.getPerspectiveTransform(corners, quad.astype(np.float32))
    laid = cv2.warpPerspective(page, warp, size, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    cover = np.zeros((size[1], size[0]), np.uint8)
    fill(cover, quad, (255, 255, 255))
    return np.asarray(laid, np.uint8), cover


def _average(layers: list[tuple[Image, Image]]) -> tuple[Image, npt.NDArray[np.float32]]:
    paper = np.zeros(layers[0][0].shape, np.float32)
    cover = np.zeros(layers[0][1].shape, np.float32)
    for laid, covered in layers:
        cv2.accumulate(laid, paper)
        cv2.accumulate(covered, cover)
    return np.asarray(cv2.convertScaleAbs(paper, alpha=1 / len(layers)), np.uint8), cover / np.float32(
        255 * len(layers)
    )
