"""Dark four-cornered outlines in a picture, and how bright the cells inside them are; the file of the marks that knows OpenCV."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
Floats = npt.NDArray[np.float32]
Quads = Floats
"""n x 4 corners x 2 coordinates in pixels, clockwise."""

PER_CELL: Final = 6
MIDDLE: Final = (1, 2, 3, 4)
"""A cell is looked at in six parts each way, of which the outer ones may be its neighbours'."""

GRAINY: Final = 5  # counts of grey by which a pixel differs from what its neighbours promise
GRAIN_EVERY: Final = 16  # one row in so many is enough


class QuadFinder:
    """OpenCV's search for markers, of which we want every candidate and no identification.

    A dark pixel is darker by `darker` counts of grey than its neighbourhood of `window_px`; None tries three neighbourhoods, which
    takes three times as long.
    """

    def __init__(self, window_px: int | None = None, darker: int = 7) -> None:
        wanted = cv2.aruco.DetectorParameters()
        wanted.adaptiveThreshConstant = darker
        if window_px:
            wanted.adaptiveThreshWinSizeMin = wanted.adaptiveThreshWinSizeMax = window_px
        wanted.minMarkerPerimeterRate = 0.01
        wanted.polygonalApproxAccuracyRate = 0.05
        wanted.minMarkerDistanceRate = 0.02  # else a white patch around a mark on a dark shirt is kept in its stead
        stripes = np.tile(np.array([0, 1], np.uint8), 18).reshape(6, 6)  # the one word of a dictionary nobody prints
        dictionary = cv2.aruco.Dictionary(cv2.aruco.Dictionary.getByteListFromBits(stripes), 6, 0)
        self._detector = cv2.aruco.ArucoDetector(dictionary, wanted)

    def find(self, gray: Picture, coarser: int = 1) -> Quads:
        """The outlines in a picture, found in one that is so many times smaller."""
        if coarser > 1:
            size = max(1, gray.shape[1] // coarser), max(1, gray.shape[0] // coarser)
            gray = np.asarray(cv2.resize(gray, size, interpolation=cv2.INTER_AREA), np.uint8)
        found, _, refused = self._detector.detectMarkers(gray)
        quads = np.array([*found, *refused], np.float32).reshape(-1, 4, 2)
        return (quads + np.float32(0.5)) * np.float32(coarser) - np.float32(0.5)


def grainy(gray: Picture) -> bool:
    """Whether a picture is so full of grain, as in the dark, that every speck of it would be an outline."""
    rows = gray[::GRAIN_EVERY].astype(np.int16)
    return rows.shape[1] > 2 and bool(np.median(np.abs(rows[:, 2:] - 2 * rows[:, 1:-1] + rows[:, :-2])) >= GRAINY)


def grown(quads: Quads, by_px: float) -> Quads:
    """Each corner moved outwards along its diagonal: thresholding makes quads a little too small."""
    arms = quads - quads.mean(1, keepdims=True)
    lengths = np.linalg.norm(arms, axis=2, keepdims=True)
    return np.asarray(quads + arms * np.float32(2**0.5 * by_px) / np.maximum(lengths, np.float32(1e-6)))


def brightness(gray: Picture, quads: Quads, side: int, parts: tuple[int, ...] = MIDDLE) -> Floats:
    """The mean grey of each of side x side cells of every quad: n x side x side."""
    at = (np.arange(side)[:, None] * PER_CELL + np.array(parts) + 0.5).ravel() / (side * PER_CELL)
    x, y = _placed(quads, at.astype(np.float32))
    seen = cv2.remap(gray, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    means = seen.reshape(len(quads), side, len(parts), side, len(parts)).mean((2, 4), dtype=np.float32)
    return np.asarray(means, np.float32)


def _placed(quads: Quads, at: Floats) -> tuple[Floats, Floats]:
    """Where the points of a grid over the unit square lie in the picture when the square is seen as each quad.

    The projective map of a square onto four corners, as P. Heckbert gives it (Fundamentals of Texture Mapping, 1989).
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = np.moveaxis(quads[..., None, None], 0, 2)
    u, v = at[None, None, :], at[None, :, None]
    skew_x, skew_y = x0 - x1 + x2 - x3, y0 - y1 + y2 - y3
    area = (x1 - x2) * (y3 - y2) - (x3 - x2) * (y1 - y2)
    area = np.where(np.abs(area) < 1e-6, np.float32(1e-6), area)
    g = (skew_x * (y3 - y2) - (x3 - x2) * skew_y) / area
    h = ((x1 - x2) * skew_y - skew_x * (y1 - y2)) / area
    far = g * u + h * v + 1
    far = np.where(np.abs(far) < 1e-3, np.float32(1e-3), far)
    x = ((x1 - x0 + g * x1) * u + (x3 - x0 + h * x3) * v + x0) / far
    y = ((y1 - y0 + g * y1) * u + (y3 - y0 + h * y3) * v + y0) / far
    rows = len(quads)
    return x.reshape(rows, -1).astype(np.float32), y.reshape(rows, -1).astype(np.float32)


def on_one_core() -> None:
    """OpenCV's own threads would wait for each other wherever several stations, or a station and a server, share a machine."""
    cv2.setNumThreads(1)


def enlarged(gray: Picture, times: int) -> Picture:
    return np.asarray(cv2.resize(gray, None, fx=times, fy=times, interpolation=cv2.INTER_CUBIC), np.uint8)
