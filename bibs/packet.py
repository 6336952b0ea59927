"""A firm's packet on disk: bibs, hand-out list and manifest, written whole or not at all, and proved before they count."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from operator import attrgetter
from pathlib import Path

from bibs.canvas import lacking
from bibs.layout import DEFAULT_LAYOUT, BibLayout, Box, widened
from bibs.pages import Picture, render_boxes, render_pages
from bibs.roster import Entry, Fault
from bibs.sheet import Bib, Firm, Occasion, draw_bibs, draw_handout
from bibs.symbol import QUIET_MODULES
from timing.codes import bib_url
from timing.directory import Names
from timing.errors import RaceError
from timing.marks import SIDE, marks_in_force
from timing.race import Race

Decode = Callable[[Picture], Sequence[str]]
"""A decoder: the texts in a grey picture. The proof is given the station's own."""
ReadMarks = Callable[[Picture], Sequence[tuple[str, float]]]
"""A reader of marks, against the list of the whole race: the marks in a grey picture, each with its lead over the next."""
BIB_FILE = "10-배번.pdf"
HANDOUT_FILE = "00-명단.pdf"
PROOF_DOTS_PER_MM = 6.0  # 150 dpi
MARK_DOTS_PER_MM = 1.5  # 12 to a cell: as plain as more, and quicker
PLAIN_LEAD = 0.6  # of 0.69 that a clean mark has at least, over any other of the book
PICTURE_DOTS_PER_MM = 4.0


@dataclass(frozen=True, slots=True)
class Eyes:
    """How a station sees a bib: the judge of what was printed."""

    decode: Decode
    marks: ReadMarks


class NotPrintable(RaceError):
    """A name has characters that the fonts cannot draw; a box instead of a letter is never printed."""


class NotProved(RaceError):
    """A printed page does not hold the code or the mark it should."""


def firms_of(race: Race, names: Names) -> list[Firm]:
    """The packets to print: every firm with its numbered entrants."""
    bibs: dict[str, list[Bib]] = {}
    marks = marks_in_force(race.book.marks)
    for entrant in race.entrants.values():
        if entrant.bib is not None and entrant.code is not None:
            firm = names.companies.get(entrant.company, "")
            name, team = names.people.get(entrant.id, ""), names.teams.get(entrant.team, "").removeprefix(firm).strip()
            bib = Bib(entrant.bib, entrant.code, entrant.id, name, team, marks.get(entrant.code))
            bibs.setdefault(entrant.company, []).append(bib)
    firms = (
        Firm(key, names.companies.get(key, key), tuple(sorted(bibs[key], key=attrgetter("number")))) for key in bibs
    )
    return sorted(firms, key=lambda firm: firm.bibs[0].number)


def refuse_unprintable(names: Names, race: str) -> None:
    """Look at every name, the race's own too, before anything is numbered or drawn.

    Raises:
        NotPrintable: a name has characters without a glyph.
    """
    for text in (race, *names.companies.values(), *names.teams.values(), *names.people.values()):
        missing = lacking(text)
        if missing:
            shown = " ".join(f"{character!r}" for character in sorted(missing))
            raise NotPrintable(
                f"{text!r}의 {shown}을(를) 글꼴이 그리지 못합니다. 명단이나 race.toml에서 고치세요",
                f"the fonts cannot draw {shown} in {text!r}; change it in the roster or race.toml",
            )


def unprintable(entries: Iterable[Entry]) -> Iterator[Fault]:
    """The rows of a roster whose names could not be printed; better told at the import than the evening before the race."""
    for entry in entries:
        missing = lacking(entry.company + entry.name + (entry.team or "") + (entry.joint_team or ""))
        if missing:
            shown = " ".join(f"{character!r}" for character in sorted(missing))
            yield Fault(entry.where, f"글꼴이 {shown}을(를) 그리지 못합니다", f"the fonts cannot draw {shown}")


def write_packet(root: Path, firm: Firm, occasion: Occasion, eyes: Eyes) -> Path:
    """Draw, prove and put in place one firm's packet; a packet that fails its proof leaves no file behind.

    Raises:
        NotProved: a page's code or mark does not read back as the entrant's own.
    """
    folder = root / folder_name(firm)
    draft = root / f".{folder.name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        draw_bibs(draft / BIB_FILE, firm, occasion)
        draw_handout(draft / HANDOUT_FILE, firm, occasion)
        prove(draft / BIB_FILE, firm, occasion, eyes)
        (draft / "manifest.json").write_text(_manifest(draft, firm), encoding="utf-8")
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return folder


def pages_by_number(root: Path) -> dict[int, Picture]:
    """Every printed bib as a picture, found by the packets' manifests."""
    found: dict[int, Picture] = {}
    for manifest in sorted(root.glob("*/manifest.json")):
        numbers = [bib["number"] for bib in json.loads(manifest.read_text(encoding="utf-8"))["bibs"]]
        found |= dict(zip(numbers, render_pages(manifest.parent / BIB_FILE, PICTURE_DOTS_PER_MM), strict=True))
    return found


def prove(path: Path, firm: Firm, occasion: Occasion, eyes: Eyes, layout: BibLayout = DEFAULT_LAYOUT) -> None:
    """Render the code and the mark of every page and read them back: exactly one of each, exactly the entrant's.

    Raises:
        NotProved: a page reads otherwise, or its mark is not as plain as a clean one.
    """
    boxes = [(_with_quiet_zone(layout.code), PROOF_DOTS_PER_MM)]
    if layout.mark:
        boxes.append((widened(layout.mark, layout.mark.width / (SIDE + 2)), MARK_DOTS_PER_MM))
    for page, (bib, (code, *mark)) in enumerate(zip(firm.bibs, render_boxes(path, boxes), strict=True), 1):
        where = _Page(firm, bib, page)
        if (texts := list(eyes.decode(code))) != [bib_url(occasion.host, bib.code)]:
            raise where.not_proved("QR이", "QR", texts)
        for picture in mark:
            found = eyes.marks(picture)
            if [one for one, lead in found if lead >= PLAIN_LEAD] != [bib.mark] or len(found) != 1:
                raise where.not_proved("표식이", "mark", found)


@dataclass(frozen=True, slots=True)
class _Page:
    """A bib's page in a proof."""

    firm: Firm
    bib: Bib
    page: int

    def not_proved(self, korean: str, english: str, found: Sequence[object]) -> NotProved:
        return NotProved(
            f"{self.firm.name} {self.page}쪽 배번 {self.bib.number}의 {korean} 바르게 읽히지 않습니다: {found}",
            f"{self.firm.name}, page {self.page}, bib {self.bib.number}: the {english} does not read back",
        )


def folder_name(firm: Firm) -> str:
    """A folder name that every file system takes: `c0003-한빛테크`."""
    safe = re.sub(r"[^\w.()-]+", "_", firm.name).strip("._")[:40]
    return f"{firm.id}-{safe}"


def _with_quiet_zone(box: Box) -> Box:
    return widened(box, box.width / 25 * QUIET_MODULES)


def _manifest(folder: Path, firm: Firm) -> str:
    digest = hashlib.sha256((folder / BIB_FILE).read_bytes()).hexdigest()
    pages = [
        {
            "number": bib.number,
            "code": bib.code,
            "mark": bib.mark,
            "entrant": bib.entrant,
            "file": BIB_FILE,
            "page": page,
            "sha256": digest,
        }
        for page, bib in enumerate(firm.bibs, 1)
    ]
    return json.dumps({"firm": firm.id, "bibs": pages}, ensure_ascii=False, indent=1)
