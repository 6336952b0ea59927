"""The background of a synthetic film: sky, houses, trees, the road, a gantry; and the sensor's noise."""

from typing import Final

import cv2
import numpy as np

from demo.film.walk import FilmCamera, Image, Points

CAMERA_HEIGHT_M: Final = 1.25
GANTRY_M: Final = 11.0
NOISE_COUNTS: Final = 2.0
"""Standard deviation of the sensor's noise; more of it mostly makes the file larger."""

SUBPIXEL_BITS: Final = 4


def fill(image: Image, outline: Points, bgr: tuple[float, float, float]) -> None:
    """Fill a polygon given in pixels, with smooth edges."""
    corners = np.rint(outline * (1 << SUBPIXEL_BITS)).astype(np.int32)
    cv2.fillPoly(image, [corners], bgr, cv2.LINE_AA, SUBPIXEL_BITS)


def scenery(camera: FilmCamera, banner: str, rng: np.random.Generator) -> Image:
    """The background, a little out of focus."""
    image = _sky_and_road(camera, rng)
    _houses(image, camera, rng)
    _trees(image, camera, rng)
    _markings(image, camera)
    _gantry(image, camera, banner)
    return np.asarray(cv2.GaussianBlur(image, (0, 0), 1.2), np.uint8)


def _sky_and_road(camera: FilmCamera, rng: np.random.Generator) -> Image:
    horizon = camera.height // 2
    down = np.linspace(0, 1, horizon)[:, None]
    sky = (1 - down) * (214, 172, 128) + down * (236, 226, 214)
    down = np.linspace(0, 1, camera.height - horizon)[:, None]
    road = (1 - down) * (128, 126, 124) + down * (88, 86, 84)
    rows = np.concatenate([sky, road])[:, None, :].repeat(camera.width, axis=1)
    grain = cv2.GaussianBlur(rng.normal(0, 1, rows.shape[:2]), (0, 0), sigmaX=3, sigmaY=1) * 22
    rows[horizon:] += np.asarray(grain)[horizon:, :, None]
    return rows.clip(0, 255).astype(np.uint8)


def _houses(image: Image, camera: FilmCamera, rng: np.random.Generator) -> None:
    horizon, unit = camera.height // 2, camera.width / 1280
    left = -40.0
    while left < 1280:
        width, height = rng.uniform(90, 190), rng.uniform(120, 330)
        shade = rng.uniform(138, 186)
        wall = (shade * 1.06, shade, shade * 0.96)
        box = np.array([left, horizon / unit - height, left + width, horizon / unit]) * unit
        _box(image, box, wall)
        for x in np.arange(left + 10, left + width - 14, 20):
            for y in np.arange(horizon / unit - height + 12, horizon / unit - 18, 24):
                glass = shade * rng.uniform(0.66, 0.86)
                _box(image, np.array([x, y, x + 12, y + 13]) * unit, (glass * 1.12, glass, glass * 0.92))
        left += width + rng.uniform(-8, 26)


def _trees(image: Image, camera: FilmCamera, rng: np.random.Generator) -> None:
    horizon, unit = camera.height / 2, camera.width / 1280
    for x in np.concatenate([np.arange(-20, 330, 16), np.arange(950, 1310, 16)]):
        for _ in range(7):
            green = rng.uniform(0.7, 1.15)
            at = (round((x + rng.normal(0, 16)) * unit), round(horizon - rng.uniform(-4, 74) * unit))
            colour = (62 * green, 108 * green, 78 * green)
            cv2.circle(image, at, round(rng.uniform(9, 22) * unit), colour, -1, cv2.LINE_AA)


def _markings(image: Image, camera: FilmCamera) -> None:
    for x in (-2.6, 2.6):
        fill(image, _on_road(camera, x, 0.14, 60, 3), (206, 208, 210))
        for far in range(40, 5, -3):  # posts of the barrier beside the road, and its boards
            fill(image, _standing(camera, 1.5 * x, far, 0.05, 0.0, 0.95), (150, 148, 146))
        rail = np.array([[1.5 * x, CAMERA_HEIGHT_M - h, z] for h, z in ((0.95, 60), (0.95, 4), (0.45, 4), (0.45, 60))])
        fill(image, camera.project(rail), (176, 120, 52) if x < 0 else (72, 92, 190))


def _gantry(image: Image, camera: FilmCamera, banner: str) -> None:
    for x in (-3.1, 3.1):
        fill(image, _standing(camera, x, GANTRY_M, 0.22, 0.0, 4.0), (96, 92, 90))
        fill(image, _standing(camera, x - 0.05, GANTRY_M, 0.08, 0.0, 4.0), (134, 130, 128))
    board = _standing(camera, 0, GANTRY_M, 6.6, 3.2, 4.05)
    fill(image, board, (124, 58, 24))
    fill(image, _standing(camera, 0, GANTRY_M, 6.6, 3.12, 3.2), (60, 160, 236))
    _letter(image, board, banner)


def _letter(image: Image, board: Points, text: str) -> None:
    (left, top), (right, bottom) = board.min(axis=0), board.max(axis=0)
    (wide, high), _ = cv2.getTextSize(text, cv2.FONT_HERSHEY_DUPLEX, 1.0, 2)
    scale = min(0.9 * (right - left) / max(1, wide), 0.5 * (bottom - top) / max(1, high))
    at = (round((left + right - wide * scale) / 2), round((top + bottom + high * scale) / 2))
    weight = max(1, round(2.2 * scale))
    cv2.putText(image, text, at, cv2.FONT_HERSHEY_DUPLEX, scale, (250, 250, 250), weight, cv2.LINE_AA)


def _box(image: Image, box: Points, bgr: tuple[float, float, float]) -> None:
    left, top, right, bottom = box.round().astype(int).tolist()
    cv2.rectangle(image, (left, top), (right, bottom), bgr, -1)


def _on_road(camera: FilmCamera, x: float, width: float, far: float, near: float) -> Points:
    left, right = x - width / 2, x + width / 2
    outline = [(left, far), (right, far), (right, near), (left, near)]
    return camera.project(np.array([[side, CAMERA_HEIGHT_M, z] for side, z in outline]))


def _standing(camera: FilmCamera, x: float, z: float, width: float, low: float, high: float) -> Points:
    left, right, top, bottom = x - width / 2, x + width / 2, CAMERA_HEIGHT_M - high, CAMERA_HEIGHT_M - low
    return camera.project(np.array([[left, top, z], [right, top, z], [right, bottom, z], [left, bottom, z]]))


class Sensor:
    """Noise made once and laid over every frame at another offset."""

    MARGIN = 64

    def __init__(self, camera: FilmCamera, rng: np.random.Generator) -> None:
        size = (camera.height + self.MARGIN, camera.width + self.MARGIN, 3)
        noise = rng.normal(0, NOISE_COUNTS, size).round()
        self.size = (camera.height, camera.width)
        self.lighter = noise.clip(0, 255).astype(np.uint8)  # two unsigned halves: far faster to add than signed numbers
        self.darker = (-noise).clip(0, 255).astype(np.uint8)
        self.rng = rng

    def expose(self, image: Image) -> Image:
        """The frame that comes out of the camera: the lens blurs a little, the sensor adds its noise."""
        (height, width), (top, left) = self.size, self.rng.integers(0, self.MARGIN, 2)
        here = np.s_[top : top + height, left : left + width]
        soft = cv2.GaussianBlur(image, (3, 3), 0.6)
        return np.asarray(cv2.subtract(cv2.add(soft, self.lighter[here]), self.darker[here]), np.uint8)
