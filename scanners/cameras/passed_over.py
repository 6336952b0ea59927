"""Files in a folder of pictures that are passed over: why, what to do about it, and whether somebody may be in them."""

from pathlib import Path
from typing import Final, NamedTuple

from timing.command_line import say

HEIC: Final = {".heic", ".heif", ".hif", ".heics"}
IMAGES: Final = {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".webp", ".gif", ".avif", ".jp2", ".tif", ".tiff"}  # fmt: skip
RAW: Final = {".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw", ".raw"}
FILMS: Final = {".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".mts", ".m2ts", ".ts", ".3gp", ".mpg", ".mpeg", ".wmv"}  # fmt: skip
OTHER_FORMATS: Final = {".jxl", ".psd", ".svg", ".xcf", ".eps", ".ai"}
UNFINISHED: Final = {".icloud", ".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp"}
PACKED: Final = {".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".alz", ".egg"}
SYSTEMS: Final = {"thumbs.db", "ehthumbs.db", "desktop.ini"}


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
IS_OTHER_FORMAT: Final = Why(
    "이 형식의 그림은 읽지 않습니다. JPEG로 바꾸세요", "pictures of this format are not read; convert them to JPEG"
)
IS_UNFINISHED: Final = Why(
    "아직 다 내려받지 않은 파일입니다. 내려받은 뒤 다시 하세요", "not downloaded yet; download it whole and try again"
)
IS_PACKED: Final = Why("압축 파일입니다. 푼 뒤 그 폴더를 주세요", "an archive; unpack it and give that folder")
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


def none_read(passed: PassedOver) -> tuple[str, str]:
    """What to say of a folder without a picture that can be read, in both languages."""
    korean, english = (
        (f"(넘긴 파일 {passed.count})", f" ({passed.count} files passed over)") if passed.count else ("", "")
    )
    return f"폴더에 읽을 수 있는 그림이 없습니다{korean}", f"the folder holds no pictures that can be read{english}"


def unread(file: Path) -> Why | None:
    """Why a file is not even opened; None for what may be a picture."""
    suffix = file.suffix.lower()
    if suffix in UNFINISHED:
        return IS_UNFINISHED  # hidden ones too, as iCloud's are
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
    told = ((RAW, IS_RAW), ({".pdf"}, IS_PDF), (FILMS, IS_FILM), (OTHER_FORMATS, IS_OTHER_FORMAT), (PACKED, IS_PACKED))
    return next((why for suffixes, why in told if suffix in suffixes), OTHER)
