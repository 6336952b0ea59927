"""Who reads in the benchmark: our station, and the engines alone; the one file that knows what each wants to be asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Final

import cv2
import numpy as np
import zxingcpp

from benchmarks.frames.conditions import Grey
from benchmarks.frames.printed import Field
from scanners.cameras.films import Frame
from scanners.reading.background_reader import Answer, FrameView, InlineReader
from scanners.reading.decoder import read_zxing, second_reader
from scanners.reading.frame_reader import FrameReader, Reading
from scanners.reading.mark_reader import MarkReader
from scanners.reading.rescue import read_slowly, rescue
from timing.race.codes import Code, read_code
from timing.race.instants import SECOND, Instant

QR: Final = zxingcpp.BarcodeFormats([zxingcpp.BarcodeFormat.QRCode])
CODE_AND_MARK, CODE_ONLY = "ours, code and mark", "ours, code only"
ZXING, PYZBAR, OPENCV = "zxing-cpp alone", "pyzbar alone", "OpenCV alone"
OURS: Final = (CODE_AND_MARK, CODE_ONLY)
SINGLES: Final = (ZXING, PYZBAR, OPENCV)
EVERYBODY: Final = (*OURS, *SINGLES)

Texts = Callable[[Grey], set[str]]


def single(name: str) -> Texts:
    """An engine as one would use it who knows no better: all its tries switched on, QR codes only."""
    return {ZXING: _zxing, PYZBAR: _pyzbar, OPENCV: _opencv}[name]


def our_slow_readers(crops: Sequence[Grey]) -> set[str]:
    """What the station tries for a runner who leaves unread."""
    return {one.text for one in read_slowly([(crop, (0.0, 0.0)) for crop in crops], second_reader())[1]}


def _slowly(views: Sequence[FrameView]) -> Answer:
    number, found = read_slowly([(view.part, view.corner) for view in views], second_reader())
    return views[number], found


def _zxing(gray: Grey) -> set[str]:
    return {code.text for code in zxingcpp.read_barcodes(gray, formats=QR) if code.text}


@cache
def _second() -> Callable[[Grey], set[str]]:
    read = second_reader()
    if read is None:
        raise SystemExit("zbar is missing: apt install libzbar0, pip install pyzbar")
    return lambda gray: {one.text for one in read(gray)}


def _pyzbar(gray: Grey) -> set[str]:
    return _second()(gray)


@cache
def _detector() -> cv2.QRCodeDetector:
    return cv2.QRCodeDetector()


def _opencv(gray: Grey) -> set[str]:
    try:
        _, texts, _, _ = _detector().detectAndDecodeMulti(gray)
    except cv2.error:  # it raises on some pictures; they count as not read
        return set()
    return {text for text in texts if text}


def our_codes(crop: Grey) -> set[str]:
    """What the station's hot path reads at a runner: the first reader, and where it reads nothing the rescue."""
    return {one.text for one in read_zxing(crop) or rescue(crop)}


@cache
def mark_reader(run: int) -> MarkReader:
    """The station's reader of marks, with the whole list of the run's race."""
    return MarkReader(Field.of(run).roster)


def our_marks(run: int, picture: Grey) -> set[Code]:
    """The bibs whose mark is sure enough in one frame; the station wants two such frames."""
    return {one.code for one in mark_reader(run).read(picture)}


def checked_engines(run: int) -> None:
    """See that everybody reads a clean page, so that a fault in how we ask them does not look like a bad engine.

    Raises:
        SystemExit: somebody does not.
    """
    field = Field.of(run)
    worn = field.wear([0])[0]
    page = np.asarray((255 * worn.page).round(), np.uint8)
    deaf = [name for name in SINGLES if single(name)(page) != {worn.text}]
    if our_codes(page) != {worn.text} or our_marks(run, page) != {worn.code} or deaf:
        raise SystemExit(f"a clean page is not read by {', '.join(deaf) or 'our own readers'}")


def slow_reader() -> InlineReader:
    """The station's slow readers, asked at once."""
    return InlineReader(_slowly)


class Station:
    """The station's whole way of reading, frame after frame, as for a film: nothing is dropped, slow readers answer at once."""

    def __init__(self, roster: Mapping[str, Code], slow: bool = True) -> None:
        later = slow_reader() if slow else None
        self._lookout, self._number = FrameReader(roster, later), -1
        self.by_code, self.by_mark = set[str](), set[Code]()

    def look(self, gray: Grey, fps: int) -> set[str]:
        """One more frame; what its codes say."""
        self._number += 1
        return self._keep(self._lookout.look(Frame(self._number, Instant(self._number * SECOND // fps), gray)).reads)

    def close(self) -> None:
        """The film has ended."""
        self._keep(self._lookout.close().reads)

    @property
    def named(self) -> set[Code]:
        """Whose code or mark was read."""
        return self.by_mark | {code for text in self.by_code if (code := read_code(text))}

    def _keep(self, reads: Iterable[Reading]) -> set[str]:
        texts = {read.text for read in reads if not read.code}
        self.by_code |= texts
        self.by_mark |= {read.code for read in reads if read.code and not read.revoked}
        return texts
