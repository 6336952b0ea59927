"""Skipped files of a folder and frames of a film, with the reason and whether people may be in them."""

from pathlib import Path
from typing import Final, NamedTuple

from timing.language import NOTHING, Text, _, ngettext, warning
from timing.terminal.output import say

HEIC: Final = {".heic", ".heif", ".hif", ".heics"}
IMAGES: Final = {".png", ".apng", ".jpg", ".jpeg", ".jpe", ".jfif", ".bmp", ".webp", ".gif", ".avif", ".jp2", ".tif", ".tiff"}  # fmt: skip
RAW: Final = {".dng", ".cr2", ".cr3", ".nef", ".arw", ".raf", ".orf", ".rw2", ".pef", ".srw", ".raw"}
FILMS: Final = {".mov", ".mp4", ".m4v", ".avi", ".mkv", ".webm", ".mts", ".m2ts", ".ts", ".3gp", ".mpg", ".mpeg", ".wmv"}  # fmt: skip
OTHER_FORMATS: Final = {".jxl", ".psd", ".svg", ".xcf", ".eps", ".ai"}
UNFINISHED: Final = {".icloud", ".part", ".partial", ".crdownload", ".download", ".filepart", ".tmp"}
PACKED: Final = {".zip", ".7z", ".rar", ".tar", ".gz", ".tgz", ".alz", ".egg"}
MENTIONED_MOST: Final = 20  # gaps of one film
SYSTEMS: Final = {"thumbs.db", "ehthumbs.db", "desktop.ini"}


class Why(NamedTuple):
    """Why a file is passed over, and what to do; `grave` where it may hold somebody whom nobody has seen now."""

    text: Text
    grave: bool = True


SIDE_FILE: Final = Why(_("a macOS companion file, not a picture"), False)
HIDDEN: Final = Why(_("a hidden file; rename it if it is a picture"), False)
SYSTEM: Final = Why(_("made by Windows, no picture"), False)
OTHER: Final = Why(_("not named as a picture; if it is one, name it .jpg"), False)
FOLDER: Final = Why(_("a sub-folder is not looked into; give it by itself"))
NO_FILE: Final = Why(_("not a regular file, or a broken link"))
IS_HEIC: Final = Why(
    _("HEIC is not read; on the iPhone choose Settings > Camera > Formats > Most Compatible, or convert to JPEG"),
)
IS_RAW: Final = Why(
    _("raw pictures are not read; export them as JPEG, or take RAW+JPEG"),
)
IS_PDF: Final = Why(_("PDF is not read; export its pages as PNG or JPEG"))
IS_FILM: Final = Why(_("a film; read it by itself with `marathon scan FILE`"))
IS_OTHER_FORMAT: Final = Why(_("pictures of this format are not read; convert them to JPEG"))
IS_UNFINISHED: Final = Why(_("not downloaded yet; download it whole and try again"))
IS_PACKED: Final = Why(_("an archive; unpack it and give that folder"))
EMPTY: Final = Why(_("an empty file (0 bytes); copy it again"))
DAMAGED: Final = Why(_("a picture that is cut off or damaged; copy it again"))
NONE: Final = Why(_("no picture in spite of its name; look at the original"))
TOO_LARGE: Final = Why(_("too large a picture; save it with fewer pixels"))


class PassedOver:
    """The files that were passed over: how many, and which have yet to be named."""

    def __init__(self) -> None:
        self._untold: dict[Why, list[str]] = {}
        self.count = self._mentioned = 0
        self.grave = False
        """Whether somebody may be in them whom nobody has seen now."""

    def add(self, file: Path, why: Why) -> None:
        self._untold.setdefault(why, []).append(file.name)
        self.count += 1
        self.grave |= why.grave

    def lack(self, text: Text) -> None:
        """Pictures of a film are missing in which somebody may be."""
        self.grave = True
        self.mention(text)

    def mention(self, text: Text) -> None:
        """Something of a film that is told a few times at most."""
        self._mentioned += 1
        if self._mentioned <= MENTIONED_MOST:
            say(warning(text))

    def tell(self) -> None:
        """Name them, those with the same reason in one line; each once."""
        for why, names in self._untold.items():
            named = ", ".join(names)
            say(
                ngettext(
                    "{n} file skipped: {named}: {text}",
                    "{n} files skipped: {named}: {text}",
                    len(names),
                    named=named,
                    text=why.text,
                )
            )
        self._untold = {}


def none_read(passed: PassedOver) -> Text:
    """The error for a folder without a readable picture."""
    text = ngettext(" ({n} file skipped)", " ({n} files skipped)", passed.count) if passed.count else NOTHING
    return _("the folder holds no pictures that can be read{text}", text=text)


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
