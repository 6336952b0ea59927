"""The proof: every finished page is rendered and read by strangers' eyes, and must say exactly what belongs there.

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

from bibs.drawing.imposition import Sheet, Spot, sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, BibLayout, Box, widened
from bibs.drawing.layout_checks import quiet_mm, ring_mm
from bibs.drawing.pages import Page, Picture, coarser, cut_out, open_pages
from bibs.drawing.sheet import Bib, Firm, Occasion, Progress, silent
from timing.codes import Code, bib_url, printed
from timing.errors import RaceError
from timing.particles import with_particle

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
class Eyes:
    """How a station sees a bib, and a second decoder that knows nothing of the first: the judges of what was printed."""

    decode: Decode
    marks: ReadMarks
    second: Decode | None = None


@dataclass(frozen=True, slots=True)
class Readers:
    """What the station lends the printer: its decoder, a maker of its reader of marks, and perhaps a second decoder."""

    decode: Decode
    marks_of: Callable[[Mapping[str, Code]], ReadMarks]
    second: Decode | None = None

    def eyes(self, marks: Mapping[str, Code]) -> Eyes:
        """The eyes for one race, given whose bib bears which mark."""
        return Eyes(self.decode, self.marks_of(marks), self.second)


class NotProved(RaceError):
    """A printed page does not hold what it should."""


class Wrong(NamedTuple):
    """What is wrong on a page (from 1) with the bib of this number; 0 stands for the whole file."""

    page: int
    number: int
    korean: str
    english: str


class Expected(NamedTuple):
    """What a place in a file must show."""

    spot: Spot
    firm: Firm
    bib: Bib


def prove(
    path: Path,
    firm: Firm,
    occasion: Occasion,
    eyes: Eyes,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: Sheet | None = None,
    progress: Progress = silent,
) -> None:
    """Read a firm's file back, page by page.

    Raises:
        NotProved: a page says otherwise, or there are too few or too many.
    """
    prove_mixed(path, [(firm, bib) for bib in firm.bibs], occasion, eyes, layout, sheet, progress)


def prove_mixed(
    path: Path,
    bibs: Sequence[tuple[Firm, Bib]],
    occasion: Occasion,
    eyes: Eyes,
    layout: BibLayout = DEFAULT_LAYOUT,
    sheet: Sheet | None = None,
    progress: Progress = silent,
) -> None:
    """As `prove`, for bibs of any firms in one file."""
    spots = (sheet or sheet_for(layout)).spots(len(bibs))
    expected = [Expected(spot, firm, bib) for spot, (firm, bib) in zip(spots, bibs, strict=True)]
    found = list(islice(wrongs(path, expected, Proof(occasion, layout, eyes), progress), SHOWN + 1))
    if found:
        refuse(bibs[0][0].name, found)


def refuse(title: str, found: Sequence[Wrong]) -> None:
    """Say what is wrong.

    Raises:
        NotProved: always.
    """
    more = " …" if len(found) > SHOWN else ""
    korean = "; ".join(
        f"{wrong.page}쪽 배번 {wrong.number}: {wrong.korean}" if wrong.page else wrong.korean for wrong in found[:SHOWN]
    )
    english = "; ".join(
        f"page {wrong.page}, bib {wrong.number}: {wrong.english}" if wrong.page else wrong.english
        for wrong in found[:SHOWN]
    )
    raise NotProved(
        f"{title}: 확인하지 못해 내보내지 않습니다. {korean}{more}", f"{title}: not proved: {english}{more}"
    )


def wrongs(path: Path, expected: Sequence[Expected], proof: "Proof", progress: Progress = silent) -> Iterator[Wrong]:
    """Everything that is wrong in a file of which this is expected."""
    by_page: dict[int, list[Expected]] = {}
    for one in expected:
        by_page.setdefault(one.spot.page, []).append(one)
    count = max(by_page, default=-1) + 1
    for number, (page, wanted) in enumerate(zip_longest(open_pages(path), map(by_page.get, range(count)))):
        if page is None:
            yield from (
                Wrong(number + 1, one.bib.number, "쪽이 없습니다", "the page is missing") for one in wanted or ()
            )
        elif number >= count:
            yield Wrong(0, 0, f"{number + 1}쪽은 있을 까닭이 없습니다", f"page {number + 1} is one too many")
        else:
            yield from proof.page(page, wanted or ())
            progress(len(wanted or ()))


@dataclass(frozen=True, slots=True)
class Proof:
    """The judge of one layout's pages."""

    occasion: Occasion
    layout: BibLayout
    eyes: Eyes

    @property
    def dots_per_mm(self) -> float:
        return max(LEAST_DOTS_PER_MM, DOTS_A_MODULE * MOST_MODULES / self.layout.code.width)

    def page(self, page: Page, expected: Sequence[Expected]) -> Iterator[Wrong]:
        """What is wrong on a page, bib by bib."""
        picture = page.picture(self.dots_per_mm)
        for one in expected:
            for korean, english in self._bib(page, picture, one):
                yield Wrong(one.spot.page + 1, one.bib.number, korean, english)

    def codes(self, picture: Picture, spot: Spot) -> list[str]:
        """The codes on the bib at this place."""
        return list(self.eyes.decode(self._cut(picture, self.layout.page, spot)))

    def _bib(self, page: Page, picture: Picture, one: Expected) -> Iterator[tuple[str, str]]:
        yield from self._codes(picture, one)
        yield from self._mark(picture, one)
        for (korean, english), box, expected in self._texts(one):
            read = page.words(box.moved(one.spot.x, one.spot.y))
            if squeezed(read) != squeezed(expected):
                yield (
                    f"{korean} 자리에 {expected!r}이(가) 아니라 {read.strip()!r}이(가) 있습니다",
                    f"the {english} reads {read.strip()!r} instead of {expected!r}",
                )
            elif expected and _faint(self._cut(picture, box, one.spot)):
                yield (
                    f"{with_particle(korean, '이/가')} 보이지 않습니다",
                    f"there is no ink where the {english} should be",
                )

    def _codes(self, picture: Picture, one: Expected) -> Iterator[tuple[str, str]]:
        url = bib_url(self.occasion.host, one.bib.code)
        if (texts := self.codes(picture, one.spot)) != [url]:
            yield f"QR이 바르게 읽히지 않습니다: {texts}", f"the QR does not read back: {texts}"
        elif (other := self._second_opinion(picture, one)) not in ([url], None):
            yield f"두 번째 판독기가 QR을 다르게 읽습니다: {other}", f"the second decoder reads the QR as {other}"

    def _second_opinion(self, picture: Picture, one: Expected) -> list[str] | None:
        """What the other decoder reads; it is slow, so it gets a coarser picture first. None without one."""
        if self.eyes.second is None:
            return None
        white = widened(self.layout.code, quiet_mm(self.layout, LEAST_MODULES))
        code = self._cut(picture, white, one.spot)
        return list(self.eyes.second(coarser(code, COARSER))) or list(self.eyes.second(code))

    def _mark(self, picture: Picture, one: Expected) -> Iterator[tuple[str, str]]:
        if self.layout.mark is None:
            return
        found = self.marks(picture, one.spot)
        if [mark for mark, lead in found if lead >= PLAIN_LEAD] != [one.bib.mark] or len(found) != 1:
            yield f"표식이 바르게 읽히지 않습니다: {found}", "the mark does not read back"

    def marks(self, picture: Picture, spot: Spot) -> list[tuple[str, float]]:
        """The marks at the mark's place of the bib there."""
        if self.layout.mark is None:
            return []
        return list(self.eyes.marks(self._cut(picture, widened(self.layout.mark, ring_mm(self.layout.mark)), spot)))

    def _texts(self, one: Expected) -> Iterator[tuple[tuple[str, str], Box, str]]:
        """Which text belongs into which box."""
        at, bib = self.layout, one.bib
        yield ("번호", "number"), at.number, str(bib.number)
        yield ("이름", "name"), at.name, bib.name
        yield ("소속", "firm"), at.company, one.firm.name
        yield ("코드 글자", "typed code"), at.typed, printed(bib.code)
        if at.team:
            yield ("팀", "team"), at.team, bib.team

    def _cut(self, picture: Picture, box: Box, spot: Spot) -> Picture:
        return cut_out(picture, box.moved(spot.x, spot.y), self.dots_per_mm)


def squeezed(text: str) -> str:
    """A text without its white space, which a PDF only tells by gaps and line ends."""
    return "".join(unicodedata.normalize("NFC", text).split())


def _faint(picture: Picture) -> bool:
    return not picture.size or int(picture.max()) - int(picture.min()) < INK
