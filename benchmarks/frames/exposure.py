"""Lays cloth and bodies into linear light, averaged over where they are while the shutter is open."""

from collections.abc import Sequence
from math import ceil
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.cloth import AROUND_M, Cloth
from benchmarks.frames.conditions import Light
from benchmarks.frames.motion import Motion, corners
from benchmarks.frames.placed_camera import rows_s
from demo.film import FilmCamera
from demo.film.scenery import fill
from demo.film.walk import Points

FINER: Final = 2
"""Drawn so much larger each way and averaged."""

MOST_PARTS: Final = 24
PER_PX: Final = 1.5
"""Parts of an exposure for each pixel that a corner moves in it."""

ROUND: Final = np.linspace(0, 2 * np.pi, 40, endpoint=False)


def instants(camera: FilmCamera, motion: Motion, at_s: float, size_m: tuple[float, float]) -> list[float]:
    """The parts of one exposure round an instant, as many as the corners move far."""
    shut = [seen(camera, motion, at_s + half * camera.exposure_s, corners(*size_m)) for half in (-0.5, 0.5)]
    moved = float(np.abs(shut[1] - shut[0]).max())
    parts = min(MOST_PARTS, max(1, ceil(PER_PX * moved)))
    return [at_s + ((part + 0.5) / parts - 0.5) * camera.exposure_s for part in range(parts)]


def seen(camera: FilmCamera, motion: Motion, at_s: float, points: Points) -> Points:
    """Where points of the body are in the picture; where its rows come one after another, each point is seen at its row's instant."""
    here = camera.project(motion.stance(at_s).in_space(points))
    if not (takes_s := rows_s(camera)):
        return here
    later = camera.project(motion.stance(at_s + takes_s).in_space(points))
    return here + (later - here) * (here[:, 1:] / camera.height - 0.5)


def lay_cloth(light: Light, corner: Points, cloth: Cloth, sheets: Sequence[Sequence[Points]]) -> None:
    """Draw the bib into a part of the picture whose upper left pixel is `corner`; a sheet of strips for each part of the exposure."""
    left, top, right, bottom = around(
        np.concatenate([quad for sheet in sheets for quad in sheet]) - corner, light.shape
    )
    if left >= right or top >= bottom:
        return
    page = cloth.for_width(FINER * float(np.linalg.norm(sheets[0][0][1] - sheets[0][0][0])))
    size = ((right - left) * FINER, (bottom - top) * FINER)
    total = np.zeros((size[1], size[0], 2), np.float32)
    for sheet in sheets:
        total += _laid(page, [quad - corner - (left, top) for quad in sheet], size)
    small = cv2.resize(total, None, fx=1 / FINER, fy=1 / FINER, interpolation=cv2.INTER_AREA) / np.float32(len(sheets))
    under = light[top:bottom, left:right]
    under *= 1 - small[:, :, 1]
    under += small[:, :, 0]


def _laid(page: Light, strips: Sequence[Points], size: tuple[int, int]) -> Light:
    """The strips of one sheet, each over the one above it."""
    if len(strips) == 1:
        return _warped(page, strips[0], size)
    laid = np.zeros((size[1], size[0], 2), np.float32)
    edges = np.linspace(0, page.shape[0], len(strips) + 1).round().astype(int).tolist()
    for above, below, quad in zip(edges, edges[1:], strips, strict=False):
        strip = _warped(page[max(0, above - 1) : below], quad, size)
        laid = laid * (1 - strip[:, :, 1:]) + strip
    return laid


def _warped(page: Light, quad: Points, size: tuple[int, int]) -> Light:
    height, width = page.shape[:2]
    source = np.array([[0, 0], [width, 0], [width, height], [0, height]], np.float32) - np.float32(0.5)
    target = ((quad + 0.5) * FINER - 0.5).astype(np.float32)
    warp = cv2.getPerspectiveTransform(source, target)
    return np.asarray(cv2.warpPerspective(page, warp, size, flags=cv2.INTER_LINEAR), np.float32)


def page_quads(camera: FilmCamera, motion: Motion, at_s: float, cloth: Cloth) -> list[list[Points]]:
    """The corners of the cloth with its room around, in strips where it bends, at each part of the exposure."""
    parts = instants(camera, motion, at_s, cloth.size_m)
    return [[seen(camera, motion, part, strip) for strip in _strips(cloth, part)] for part in parts]


def _strips(cloth: Cloth, at_s: float) -> list[Points]:
    """The sheet on the body, from the top down."""
    square = corners(*cloth.size_m, AROUND_M)
    if cloth.bend is None:
        return [square]
    x, y = square[1, 0], square[2, 1]
    down = cloth.bend.profile(at_s, -y, y)
    return [
        np.array([[-x, *above], [x, *above], [x, *below], [-x, *below]])
        for above, below in zip(down.tolist(), down[1:].tolist(), strict=False)
    ]


def lay_shape(light: Light, corner: Points, outline: Points, reflectance: float) -> None:
    """Fill an outline given in pixels of the whole picture, with smooth edges."""
    left, top, right, bottom = around(outline - corner, light.shape)
    if left >= right or top >= bottom:
        return
    mask = np.zeros((bottom - top, right - left), np.uint8)
    fill(mask, outline - corner - (left, top), (255, 255, 255))
    cover = mask.astype(np.float32) / 255
    under = light[top:bottom, left:right]
    under *= 1 - cover
    under += cover * np.float32(reflectance)


def around(points: Points, shape: Sequence[int]) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the part of a picture that holds these pixels and a little more."""
    low = np.maximum(np.floor(points.min(0)) - 2, 0).astype(int)
    high = np.minimum(np.ceil(points.max(0)) + 3, (shape[1], shape[0])).astype(int)
    (left, top), (right, bottom) = low.tolist(), high.tolist()
    return left, top, right, bottom


def oval(x: float, y: float, z: float, half_width: float, half_height: float) -> Points:
    """A flat ellipse on the body, in metres from the bib's centre."""
    return np.column_stack([x + half_width * np.cos(ROUND), y + half_height * np.sin(ROUND), np.full(ROUND.shape, z)])
