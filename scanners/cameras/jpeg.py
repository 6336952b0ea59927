"""Frames made small, and as JPEG: for the operator's page and for evidence. The file of these that knows OpenCV."""

from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

Picture = npt.NDArray[np.uint8]
QUALITY: Final = 70  # of 100: a face and a number are plain, and 480 px take some 25 KB


def shrunk(gray: Picture, width: int, height: int) -> Picture:
    """The picture in exactly this size; each pixel is the mean of those that it stands for, or of the nearest four, which takes a fifth of the time."""
    little = 2 * width >= gray.shape[1] and 2 * height >= gray.shape[0]
    return np.asarray(
        cv2.resize(gray, (width, height), interpolation=cv2.INTER_LINEAR if little else cv2.INTER_AREA), np.uint8
    )


def fitted(gray: Picture, most_px: int) -> Picture:
    """The picture, reduced so that its longer side has at most `most` pixels; never enlarged."""
    height, width = gray.shape
    scale = most_px / max(height, width)
    return gray if scale >= 1 else shrunk(gray, max(1, round(width * scale)), max(1, round(height * scale)))


def jpeg(gray: Picture) -> bytes:
    return cv2.imencode(".jpg", gray, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])[1].tobytes()
