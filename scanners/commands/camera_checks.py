"""Checks the requirements of a station: decoders, OpenCV, a camera."""

from collections.abc import Iterator
from importlib.metadata import distributions, version

from scanners.cameras.devices import cameras, plain_capture
from scanners.reading.decoder import second_reader
from timing.check import Check, CheckState
from timing.language import _, verbatim

CAMERAS_TRIED = 3


def scanners_checks() -> Iterator[Check]:
    """Both decoders, one OpenCV, and the cameras with the first few numbers."""
    yield Check("zxing-cpp", CheckState.GOOD, verbatim(version("zxing-cpp")))
    yield _second_reader()
    yield _opencv()
    yield _cameras()


def _second_reader() -> Check:
    if second_reader() is None:
        how = "apt install libzbar0 | brew install zbar"
        return Check("pyzbar", CheckState.ADVICE, _("no second reader, zxing-cpp reads alone; install: {how}", how=how))
    return Check("pyzbar", CheckState.GOOD, _("the second reader is there"))


def _opencv() -> Check:
    found = sorted({name for d in distributions() if (name := d.metadata["Name"] or "").startswith("opencv")})
    if len(found) == 1:
        return Check("OpenCV", CheckState.GOOD, verbatim(f"{found[0]} {version(found[0])}"))
    how = f"pip uninstall -y {' '.join(found)} && pip install opencv-python"
    return Check("OpenCV", CheckState.MISSING, _("exactly one is needed: {how}", how=how))


def _cameras() -> Check:
    named = {camera.index: camera.name for camera in cameras()}
    found = [index for index in named or range(CAMERAS_TRIED) if _gives_picture(index)]
    if found:
        told = ", ".join(f"{index} {named.get(index, '')}".strip() for index in found)
        return Check(str(_("camera")), CheckState.GOOD, _("number {told}", told=told))
    return Check(str(_("camera")), CheckState.ADVICE, _("none found; video files can be read"))


def _gives_picture(index: int) -> bool:
    """Whether a camera of this number opens and delivers."""
    capture = plain_capture(index)
    delivered = capture.isOpened() and capture.grab()
    capture.release()
    return delivered
