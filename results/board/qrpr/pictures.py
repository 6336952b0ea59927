"""Takes pictures in, with Pillow: what is kept is drawn anew, at most 1600 pixels, without anything a camera wrote beside it."""

import hashlib
import io
import warnings
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from timing.errors import Unreachable, WrongUse

LARGE_PX: Final = 1_600
SMALL_PX: Final = 480
BYTES_MOST: Final = 40_000_000
PIXELS_MOST: Final = 80_000_000
"""More than a telephone takes, and little enough to be unpacked in memory."""
KINDS: Final = ("JPEG", "PNG", "WEBP")


@dataclass(frozen=True, slots=True)
class Kept:
    """The files that a picture became, and the small one's size in pixels."""

    picture: str
    small: str
    width: int
    height: int


def keep_picture(file: Path, folder: Path) -> Kept:
    """Draw a picture anew into the folder, large and small; files are named by their content.

    Raises:
        Unreachable: the file cannot be read, or the folder not be written.
        WrongUse: it is no picture that we take, or unpacks to too many pixels.
    """
    try:
        if file.stat().st_size > BYTES_MOST:
            raise _refused(file, "40 MB보다 큽니다", "larger than 40 MB")
        large = _drawn(file)
        folder.mkdir(parents=True, exist_ok=True)
        small = large.copy()
        small.thumbnail((SMALL_PX, SMALL_PX), Image.Resampling.LANCZOS)
        return Kept(_written(large, "photo", folder), _written(small, "small", folder), *small.size)
    except (UnidentifiedImageError, Image.DecompressionBombError, Image.DecompressionBombWarning, SyntaxError) as wrong:
        raise _refused(
            file,
            "JPEG, PNG, WebP 사진이 아니거나 너무 큽니다(HEIC는 JPEG로 저장하세요)",
            "no JPEG, PNG or WebP picture, or too large (save HEIC as JPEG)",
        ) from wrong
    except (OSError, ValueError) as failure:
        raise Unreachable(
            f"{file}: 사진을 읽거나 쓸 수 없습니다: {failure}", f"the picture cannot be read or kept: {failure}"
        ) from failure


def _refused(file: Path, korean: str, english: str) -> WrongUse:
    return WrongUse(f"{file}: {korean}", english)


def _drawn(file: Path) -> Image.Image:
    """The picture as people see it: upright, in the web's colours, no larger than is shown."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        warnings.simplefilter("ignore", UserWarning)  # of what stands beside the picture, and is left out anyway
        with Image.open(file, formats=KINDS) as opened:  # reads the size, not the picture
            if opened.width * opened.height > PIXELS_MOST:
                raise _refused(file, "점이 너무 많습니다", f"more than {PIXELS_MOST // 1_000_000} million pixels")
            opened.draft("RGB", (2 * LARGE_PX, 2 * LARGE_PX))
            upright = ImageOps.exif_transpose(_in_web_colours(opened))
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        seen = upright.convert("RGBA")
        upright = Image.alpha_composite(Image.new("RGBA", seen.size, "white"), seen)
    plain = upright.convert("RGB")
    plain.thumbnail((LARGE_PX, LARGE_PX), Image.Resampling.LANCZOS)
    return plain


def _in_web_colours(opened: Image.Image) -> Image.Image:
    """In sRGB, if the picture says in which colours it is."""
    profile = opened.info.get("icc_profile")
    if not profile or opened.mode != "RGB":
        return opened
    try:
        source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
        seen = ImageCms.profileToProfile(opened, source, ImageCms.createProfile("sRGB"))
    except (ImageCms.PyCMSError, OSError):  # a broken profile: the colours as they stand
        return opened
    assert seen is not None
    return seen


def _written(picture: Image.Image, stem: str, folder: Path) -> str:
    """Nothing goes along: a new picture is made from the pixels alone."""
    bare, file = Image.frombytes("RGB", picture.size, picture.tobytes()), io.BytesIO()
    bare.save(file, "WEBP", quality=82, method=5)
    name = f"{stem}.{hashlib.sha256(file.getvalue()).hexdigest()[:10]}.webp"
    (folder / name).write_bytes(file.getvalue())
    return name
