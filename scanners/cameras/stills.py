"""Pictures in files: a folder's pictures in a camera's order, and for every other file there the reason why it is passed over."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Final, NamedTuple

import cv2
import numpy as np
import numpy.typing as npt

from timing.command_line import say
from timing.errors import Unreachable

Picture = npt.NDArray[np.uint8]
HEIC: Final = {".heic", ".heif", ".hif", ".heics"}
IMAGES: Final = {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".webp", ".gif", ".avif", ".jp2"} | {
    ".tif",
    ".tiff",
}
RAW: Final = {".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw", ".raw"}
FILMS: Final = {
    ".mov",
    ".mp4",
    ".m4v",
    ".avi",
    ".mkv",
    ".webm",
    ".mts",
    ".m2ts",
    ".ts",
    ".3gp",
    ".mpg",
    ".mpeg",
    ".wmv",
}
SYSTEMS: Final = {"thumbs.db", "ehthumbs.db", "desktop.ini"}
BRANDS: Final = (b"heic", b"heix", b"heif", b"hevc", b"heim", b"heis", b"mif1", b"msf1")
"""Of an ISO media file, in its bytes 8 to 12."""
BEGINNINGS: Final = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"RIFF", b"II*\0", b"MM\0*", b"\0\0\0\x0cjP")


class NoPicture(Unreachable):
    """A camera or file gives no pictures."""

    def __init__(self, source: str, korean: str, english: str) -> None:
        super().__init__(f"{source}: {korean}", f"{english}")


class Why(NamedTuple):
    """Why a file is passed over, and what to do; `grave` where it may hold somebody whom nobody has seen now."""

    korean: str
    english: str
    grave: bool = True


SIDE_FILE: Final = Why("맥이 곁에 남긴 파일이고 그림이 아닙니다", "a side file of macOS, no picture", False)
HIDDEN: Final = Why("숨김 파일입니다. 그림이면 이름을 바꾸세요", "a hidden file; rename it if it is a picture", False)
SYSTEM: Final = Why("윈도가 만든 파일이고 그림이 아닙니다", "made by Windows, no picture", False)
OTHER: Final = Why(
    "그림 파일의 이름이 아닙니다. 그림이면 .jpg로 바꾸세요", "not named as a picture; if it is one, name it .jpg", False
)
FOLDER: Final = Why(
    "하위 폴더는 보지 않습니다. 그 폴더를 따로 주세요", "a sub-folder is not looked into; give it by itself"
)
NO_FILE: Final = Why("보통 파일이 아니거나 끊긴 링크입니다", "no plain file, or a link that leads nowhere")
IS_HEIC: Final = Why(
    "HEIC는 읽지 않습니다. 아이폰 설정 > 카메라 > 포맷에서 '높은 호환성'을 고르거나 JPEG로 바꾸세요",
    "HEIC is not read; on the iPhone choose '높은 호환성' (Most Compatible), or convert to JPEG",
)
IS_RAW: Final = Why(
    "카메라 원본(RAW)은 읽지 않습니다. JPEG로 내보내거나 RAW+JPEG로 찍으세요",
    "raw pictures are not read; export them as JPEG, or take RAW+JPEG",
)
IS_PDF: Final = Why(
    "PDF는 읽지 않습니다. 쪽을 PNG나 JPEG로 내보내세요", "PDF is not read; export its pages as PNG or JPEG"
)
IS_FILM: Final = Why(
    "영상입니다. `marathon scan 파일`로 따로 읽으세요", "a film; read it by itself with `marathon scan FILE`"
)
EMPTY: Final = Why("빈 파일입니다(0바이트). 다시 복사하세요", "an empty file (0 bytes); copy it again")
DAMAGED: Final = Why(
    "끊겼거나 상해서 읽을 수 없는 그림입니다. 다시 복사하세요", "a picture that is cut off or damaged; copy it again"
)
NONE: Final = Why(
    "이름과 달리 그림이 아닙니다. 원본을 확인하세요", "no picture in spite of its name; look at the original"
)
TOO_LARGE: Final = Why(
    "너무 큰 그림이라 읽을 수 없습니다. 줄여서 저장하세요", "too large a picture; save it with fewer pixels"
)


class PassedOver:
    """The files that were passed over: how many, and which have yet to be named."""

    def __init__(self) -> None:
        self._untold: dict[Why, list[str]] = {}
        self.count = 0
        self.grave = False
        """Whether somebody may be in them whom nobody has seen now."""

    def add(self, file: Path, why: Why) -> None:
        self._untold.setdefault(why, []).append(file.name)
        self.count += 1
        self.grave |= why.grave

    def tell(self) -> None:
        """Name them, those with the same reason in one line; each once."""
        for why, names in self._untold.items():
            named = ", ".join(names)
            say(f"넘긴 파일 {len(names)}: {named}: {why.korean}", f"passed over: {named}: {why.english}")
        self._untold = {}


def stills(folder: Path, passed: PassedOver) -> Iterator[tuple[int, Picture]]:
    """Each picture of a folder with its place there; a file with several (an animation, pages) gives them one after the other.

    What cannot be read is passed over and still has its place, so that the others keep theirs.

    Raises:
        NoPicture: the folder cannot be opened.
    """
    place = 0
    for file in _listed(folder):
        why = unread(file)
        if why is None:
            pictures = _pictures(file)
            why = pictures if isinstance(pictures, Why) else None
            for picture in () if isinstance(pictures, Why) else pictures:
                yield place, picture
                place += 1
            place += why is not None
        if why:
            passed.add(file, why)
    passed.tell()


def none_read(passed: PassedOver) -> tuple[str, str]:
    """What to say of a folder without a picture that can be read, in both languages."""
    korean, english = (
        (f"(넘긴 파일 {passed.count})", f" ({passed.count} files passed over)") if passed.count else ("", "")
    )
    return f"폴더에 읽을 수 있는 그림이 없습니다{korean}", f"the folder holds no pictures that can be read{english}"


def unread(file: Path) -> Why | None:
    """Why a file is not even opened; None for what may be a picture."""
    suffix = file.suffix.lower()
    if file.name.startswith("."):
        return SIDE_FILE if file.name.startswith("._") or file.name == ".DS_Store" else HIDDEN
    if file.name.lower() in SYSTEMS:
        return SYSTEM
    if file.is_dir():
        return FOLDER
    if not file.is_file():
        return NO_FILE
    if suffix in IMAGES or suffix in HEIC:
        return None
    told = ((RAW, IS_RAW), ({".pdf"}, IS_PDF), (FILMS, IS_FILM))
    return next((why for suffixes, why in told if suffix in suffixes), OTHER)


def read_images(path: Path) -> list[Picture]:
    """The pictures in a file in grey, upright; mostly one.

    Raises:
        NoPicture: there is none, and why.
    """
    found = _pictures(path)
    if isinstance(found, Why):
        raise NoPicture(str(path), found.korean, found.english)
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
            f"폴더를 열 수 없습니다({failure.strerror})",
            f"the folder cannot be opened ({failure.strerror})",
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
            f"열 수 없습니다({reason}). 권한을 보거나 다시 복사하세요",
            f"cannot be opened ({reason}); check its permissions, or copy it again",
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
