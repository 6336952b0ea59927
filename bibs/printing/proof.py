"""The proof: every finished page is rendered and read by strangers' decoders, and must say exactly what belongs there.

Of each page one picture is made. On it the station's own decoder must find the runner's code and no other; a second,
independent decoder must read the same; the station's own reader must find the runner's mark, as plain as a clean one. The text
inside the number's, the name's, the team's, the firm's and the code's own boxes is compared whole with the data, and there must
be ink where it stands.
"""

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice, zip_longest
from pathlib import Path
from typing import Final, NamedTuple

from bibs.drawing.imposition import PrintSheet, Spot, sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, Area, BibLayout, widened
from bibs.drawing.layout_checks import quiet_mm, ring_mm
from bibs.drawing.pdf_pages import PdfPage, Picture, coarser, cut_out, open_pages
from bibs.drawing.sheet import BibFace, FirmPacket, Progress, RaceHeader, silent
from timing.errors import RaceError
from timing.language import Text, _, listed
from timing.race.codes import Code, bib_url, printed

Decode = Callable[[Picture], Sequence[str]]
"""A decoder: the texts in a grey picture. The proof is given the station's own."""
ReadMarks = Callable[[Picture], Sequence[tuple[str, float]]]
"""A reader of marks, against the list of the whole race: the marks in a grey picture, each with its lead over the next."""
LEAST_DOTS_PER_MM: Final = 1.5  # 12 to a cell of a mark of 80 mm: as plain as more, and quicker
DOTS_A_MODULE: Final = 4.5  # fewer than a camera at the line has; a code that needs more is none to print
LEAST_MODULES: Final = 25
MOST_MODULES: Final = 29
COARSER: Final = 0.67
PLAIN_LEAD: Final = 0.6  # of 0.69 that a clean mark has at least, over any other of the book
INK: Final = 60  # counts of grey between a letter and its ground
SHOWN: Final = 5


@dataclass(frozen=True, slots=True)
class Decoders:
    """How a station sees a bib, and a second decoder that knows nothing of the first: the judges of what was printed."""

    decode: Decode
    marks: ReadMarks
    second: Decode | None = None


@dataclass(frozen=True, slots=True)
class DecoderFactory:
    """What the station lends the printer: its decoder, a maker of its reader of marks, and perhaps a second decoder."""

    decode: Decode
    marks_of: Callable[[Mapping[str, Code]], ReadMarks]
    second: Decode | None = None

    def decoders(self, marks: Mapping[str, Code]) -> Decoders:
        """The decoders for one race, given whose bib bears which mark."""
        return Decoders(self.decode, self.marks_of(marks), self.second)


class NotProved(RaceError):
    """A printed page does not hold what it should."""


class Problem(NamedTuple):
    """What is wrong on a page (from 1) with the bib of this number; 0 stands for the whole file."""

    page: int
    number: int
    text: Text


class Expected(NamedTuple):
    """What a place in a file must show."""

    spot: Spot
    firm: FirmPacket
    bib: BibFace


def verify_pages(
    path: Path,
    firm: FirmPacket,
    occasion: RaceHeader,
    decoders: Decoders,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: PrintSheet | None = None,
    progress: Progress = silent,
) -> None:
    """Read a firm's file back, page by page.

    Raises:
        NotProved: a page says otherwise, or there are too few or too many.
    """
    prove_mixed(path, [(firm, bib) for bib in firm.bibs], occasion, decoders, layout, sheet, progress)


def prove_mixed(
    path: Path,
    bibs: Sequence[tuple[FirmPacket, BibFace]],
    occasion: RaceHeader,
    decoders: Decoders,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: PrintSheet | None = None,
    progress: Progress = silent,
) -> None:
    """As `verify_pages`, for bibs of any firms in one file."""
    spots = (sheet or sheet_for(layout)).spots(len(bibs))
    expected = [Expected(spot, firm, bib) for spot, (firm, bib) in zip(spots, bibs, strict=True)]
    found = list(islice(wrongs(path, expected, Proof(occasion, layout, decoders), progress), SHOWN + 1))
    if found:
        refuse(bibs[0][0].name, found)


def refuse(title: str, found: Sequence[Problem]) -> None:
    """Say what is wrong.

    Raises:
        NotProved: always.
    """
    more = " …" if len(found) > SHOWN else ""
    wrongs = listed((_told(wrong) for wrong in found[:SHOWN]), "; ")
    raise NotProved(_("{title}: not proved: {text}{more}", title=title, text=wrongs, more=more))


def _told(wrong: Problem) -> Text:
    if not wrong.page:
        return wrong.text
    return _("page {page}, bib {bib}: {text}", page=wrong.page, bib=wrong.number, text=wrong.text)


def wrongs(path: Path, expected: Sequence[Expected], proof: "Proof", progress: Progress = silent) -> Iterator[Problem]:
    """Everything that is wrong in a file of which this is expected."""
    by_page: dict[int, list[Expected]] = {}
    for one in expected:
        by_page.setdefault(one.spot.page, []).append(one)
    count = max(by_page, default=-1) + 1
    for number, (page, wanted) in enumerate(zip_longest(open_pages(path), map(by_page.get, range(count)))):
        if page is None:
            yield from (Problem(number + 1, one.bib.number, _("the page is missing")) for one in wanted or ())
        elif number >= count:
            yield Problem(0, 0, _("page {number} is one too many", number=number + 1))
        else:
            yield from proof.page(page, wanted or ())
            progress(len(wanted or ()))


@dataclass(frozen=True, slots=True)
class Proof:
    """The judge of one layout's pages."""

    occasion: RaceHeader
    layout: BibLayout
    decoders: Decoders

    @property
    def dots_per_mm(self) -> float:
        return max(LEAST_DOTS_PER_MM, DOTS_A_MODULE * MOST_MODULES / self.layout.code.width)

    def page(self, page: PdfPage, expected: Sequence[Expected]) -> Iterator[Problem]:
        """What is wrong on a page, bib by bib."""
        picture = page.picture(self.dots_per_mm)
        for one in expected:
            for text in self._bib(page, picture, one):
                yield Problem(one.spot.page + 1, one.bib.number, text)

    def codes(self, picture: Picture, spot: Spot) -> list[str]:
        """The codes on the bib at this place."""
        return list(self.decoders.decode(self._cut(picture, self.layout.page, spot)))

    def _bib(self, page: PdfPage, picture: Picture, one: Expected) -> Iterator[Text]:
        yield from self._codes(picture, one)
        yield from self._mark(picture, one)
        for text, box, expected in self._texts(one):
            read = page.words(box.moved(one.spot.x, one.spot.y))
            if squeezed(read) != squeezed(expected):
                yield _(
                    "the {text} reads {strip!r} instead of {expected!r}",
                    text=text,
                    strip=read.strip(),
                    expected=expected,
                )
            elif expected and _faint(self._cut(picture, box, one.spot)):
                yield _("there is no ink where the {text} should be", text=text)

    def _codes(self, picture: Picture, one: Expected) -> Iterator[Text]:
        url = bib_url(self.occasion.host, one.bib.code)
        if (texts := self.codes(picture, one.spot)) != [url]:
            yield _("the QR does not read back: {texts}", texts=texts)
        elif (other := self._second_opinion(picture, one)) not in ([url], None):
            yield _("the second decoder reads the QR as {other}", other=other)

    def _second_opinion(self, picture: Picture, one: Expected) -> list[str] | None:
        """What the other decoder reads; it is slow, so it gets a coarser picture first. None without one."""
        if self.decoders.second is None:
            return None
        white = widened(self.layout.code, quiet_mm(self.layout, LEAST_MODULES))
        code = self._cut(picture, white, one.spot)
        return list(self.decoders.second(coarser(code, COARSER))) or list(self.decoders.second(code))

    def _mark(self, picture: Picture, one: Expected) -> Iterator[Text]:
        for box in self.layout.marks:
            found = list(self.decoders.marks(self._cut(picture, widened(box, ring_mm(box)), one.spot)))
            if [mark for mark, lead in found if lead >= PLAIN_LEAD] != [one.bib.mark] or len(found) != 1:
                yield _("the mark does not read back: {found}", found=found)

    def _texts(self, one: Expected) -> Iterator[tuple[Text, Area, str]]:
        """Which text belongs into which box."""
        at, bib = self.layout, one.bib
        yield _("number"), at.number, str(bib.number)
        yield _("name"), at.name, bib.name
        yield _("firm"), at.company, one.firm.name
        yield _("typed code"), at.typed, printed(bib.code)
        if at.team:
            yield _("team"), at.team, bib.team

    def _cut(self, picture: Picture, box: Area, spot: Spot) -> Picture:
        return cut_out(picture, box.moved(spot.x, spot.y), self.dots_per_mm)


def squeezed(text: str) -> str:
    """A text without its white space, which a PDF only tells by gaps and line ends."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _faint(picture: Picture) -> bool:
    return not picture.size or int(picture.max()) - int(picture.min()) < INK
