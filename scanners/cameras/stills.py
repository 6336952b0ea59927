"""Pictures in files: a folder's pictures in a camera's order, and for every other file there the reason why it is passed over."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import cv2
import numpy as np
import numpy.typing as npt

from scanners.cameras.passed_over import DAMAGED, EMPTY, HEIC, IMAGES, IS_HEIC, NONE, TOO_LARGE, PassedOver, Why, unread
from timing.errors import Unreachable
from timing.language import Text, _

Picture = npt.NDArray[np.uint8]
BRANDS: Final = (b"heic", b"heix", b"heif", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
"""Of an ISO media file, in its bytes 8 to 12."""
BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP")


class NoPicture(Unreachable):
    """A camera or file gives no pictures."""

    def __init__(self, source: str, text: Text) -> None:
        super().__init__(_("{source}: {text}", source=source, text=text))


def stills(folder: Path, passed: PassedOver) -> Iterator[tuple[int, Picture]]:
    """Each picture of a folder with its place there; a file with several (an animation, pages) gives them one after the other.

    What cannot be read is passed over and still has its place, so that the others keep theirs.

    Raises:
        NoPicture: the folder cannot be opened.
    """
    place, files = 0, _listed(folder)
    named = {file.stem.lower() for file in files if file.suffix.lower() in IMAGES}
    for file in files:
        why = unread(file)
        if why is None:
            pictures = _pictures(file)
            why = pictures if isinstance(pictures, Why) else None
            for picture in () if isinstance(pictures, Why) else pictures:
                yield place, picture
                place += 1
            place += why is not None
        if why:
            twin = (
                file.suffix.lower() not in IMAGES and file.stem.lower() in named
            )  # raw beside JPEG, a live picture's film
            passed.add(file, why._replace(grave=False) if twin else why)
    passed.tell()


def read_images(path: Path) -> list[Picture]:
    """The pictures in a file in grey, upright; mostly one.

    Raises:
        NoPicture: there is none, and why.
    """
    found = _pictures(path)
    if isinstance(found, Why):
        raise NoPicture(str(path), found.text)
    return found


def read_image(path: Path) -> Picture:
    """The first picture in a file in grey.

    Raises:
        NoPicture: there is none, and why.
    """
    return read_images(path)[0]


def _listed(folder: Path) -> list[Path]:
    try:
        return sorted(folder.iterdir(), key=_numbered)
    except OSError as failure:
        raise NoPicture(
            str(folder),
            _("the folder cannot be opened ({strerror})", strerror=failure.strerror),
        ) from failure


def _numbered(image: Path) -> tuple[list[tuple[int, str]], str]:
    """The order in which a camera counts: `9.jpg` before `10.jpg`."""
    parts = re.findall(r"\d+|\D+", image.name, re.ASCII)
    return [(int(part), "") if part.isdecimal() else (-1, part) for part in parts], image.name


def unopened(path: Path) -> Why | None:
    """Why a file has nothing to be read; None where it has."""
    try:
        with path.open("rb") as opened:
            return None if opened.read(1) else EMPTY
    except OSError as failure:
        reason = failure.strerror or type(failure).__name__
        return Why(
            _("cannot be opened ({reason}); check its permissions, or copy it again", reason=reason),
        )


def _pictures(path: Path) -> list[Picture] | Why:
    if why := unopened(path):
        return why
    data = path.read_bytes()  # imread cannot open Korean paths everywhere
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # we say ourselves, in one line, what is wrong
    try:
        whole, found = cv2.imdecodemulti(np.frombuffer(data, np.uint8), cv2.IMREAD_GRAYSCALE | cv2.IMREAD_ANYDEPTH)
    except (cv2.error, MemoryError):
        return TOO_LARGE
    return [_eight_bits(picture) for picture in found] if whole and found else _unreadable(path, data[:12])


def _unreadable(path: Path, head: bytes) -> Why:
    """Why these bytes are no picture: by their beginning, else by the name."""
    if head[4:8] == b"ftyp" and head[8:12] in BRANDS:
        return IS_HEIC
    if head.startswith(BEGINNINGS) or head[4:8] == b"ftyp":
        return DAMAGED
    return IS_HEIC if path.suffix.lower() in HEIC else NONE


def _eight_bits(picture: cv2.typing.MatLike) -> Picture:
    """Deeper pictures (of 10 or 12 bits in 16, of floats) are drawn to what white is in them."""
    if picture.dtype == np.uint8:
        return np.asarray(picture, np.uint8)
    deep = np.nan_to_num(np.asarray(picture, np.float32), posinf=0.0)
    return (deep.clip(0) * (255 / max(float(deep.max()), 1e-9))).clip(0, 255).astype(np.uint8)
