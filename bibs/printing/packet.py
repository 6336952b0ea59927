"""A firm's packet on disk: bibs, hand-out list and manifest, written whole or not at all, and proved before they count."""

import re
import shutil
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from glob import escape
from operator import attrgetter
from pathlib import Path
from typing import Final

import msgspec

from bibs.drawing.canvas import missing_glyphs
from bibs.drawing.imposition import PrintSheet, sheet_for
from bibs.drawing.layout import DEFAULT_LAYOUT, DEFAULT_NAME, BibLayout
from bibs.drawing.lists import draw_handout
from bibs.drawing.nearest import nearest
from bibs.drawing.pdf_pages import Picture, cut_out, render_pages
from bibs.drawing.sheet import BibFace, FirmPacket, NotPrintable, Progress, RaceHeader, draw_mixed, silent
from bibs.printing.manifest import MANIFEST, Manifest, Proved, entries, font_hashes, packets, read_manifest
from bibs.printing.proof import Decoders, prove_mixed
from timing.language import _
from timing.private import FOLDER, for_group
from timing.race.codes import Code
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.marks import marks_in_force

HANDOUT_FILE: Final = "00-명단.pdf"
SPARE: Final = "spare"
"""The id of the firm that nobody works for: its bibs wait for somebody who lost one."""

SPARE_NAME: Final = "예비 Spare"
REPRINTS: Final = "reprints"
PICTURE_DOTS_PER_MM: Final = 4.0
PLAIN_SHEET: Final = sheet_for(DEFAULT_LAYOUT)


@dataclass(frozen=True, slots=True)
class PrintJob:
    """How a race's bibs are printed; `decoders` is None when somebody asked for no proof."""

    occasion: RaceHeader
    decoders: Decoders | None
    layout: BibLayout = DEFAULT_LAYOUT
    layout_name: str = DEFAULT_NAME
    sheet: PrintSheet = PLAIN_SHEET
    progress: Progress = silent

    def print(self, file: Path, bibs: Sequence[tuple[FirmPacket, BibFace]], title: str) -> None:
        """Draw and prove one file.

        Raises:
            NotPrintable: a text has characters without a glyph.
            NotProved: a page does not say what it should.
        """
        draw_mixed(file, bibs, title, self.occasion, self.layout, self.sheet, self.progress)
        if self.decoders:
            prove_mixed(file, bibs, self.occasion, self.decoders, self.layout, self.sheet, self.progress)

    def told(self, firm: str) -> Manifest:
        """The head of a manifest."""
        proved: Proved = "no" if not self.decoders else "two decoders" if self.decoders.second else "one decoder"
        return Manifest(
            firm=firm,
            layout=self.layout_name,
            output=self.sheet.output,
            marks=self.sheet.marks,
            proved=proved,
            fonts=font_hashes(),
        )


def firms_of(race: Race, names: Names) -> list[FirmPacket]:
    """The packets to print: every firm with its numbered entrants, in letters that the fonts draw; nobody who withdrew."""
    bibs: dict[str, list[BibFace]] = {}
    marks = marks_in_force(race.office.marks)
    for entrant in race.running():
        if entrant.bib is not None and entrant.code is not None:
            name, team = nearest(names.people.get(entrant.id, "")), nearest(names.own_team(entrant.team))
            bib = BibFace(entrant.bib, entrant.code, entrant.id, name, team, marks.get(entrant.code))
            bibs.setdefault(entrant.company, []).append(bib)
    firms = (
        FirmPacket(key, nearest(names.companies.get(key, key)), tuple(sorted(bibs[key], key=attrgetter("number"))))
        for key in bibs
    )
    return sorted(firms, key=lambda firm: firm.bibs[0].number)


def spares_of(race: Race) -> FirmPacket | None:
    """The packet of the spare bibs that nobody wears yet."""
    marks, held = marks_in_force(race.office.marks), race.holders
    spares = ((number, code) for number, code in sorted(race.office.spares.items()) if code not in held)
    bibs = tuple(BibFace(number, code, "", "", "", marks.get(code)) for number, code in spares)
    return FirmPacket(SPARE, SPARE_NAME, bibs) if bibs else None


def refuse_unprintable(race: str) -> None:
    """Look at the race's own name before anything is numbered or drawn; people's letters have others near them.

    Raises:
        NotPrintable: it has characters without a glyph.
    """
    if missing := missing_glyphs(race):
        shown = " ".join(f"{character!r}" for character in sorted(missing))
        raise NotPrintable(
            _("the fonts cannot draw {shown} in {race!r}; change it in race.toml", shown=shown, race=race),
        )


def bib_file(sheet: PrintSheet, addition: int = 0) -> str:
    """The name of a file of bibs; additions are numbered from 1."""
    return f"{10 + addition}-배번{'-추가' if addition else ''}{sheet.suffix}.pdf"


BIB_FILE: Final = bib_file(PLAIN_SHEET)


def write_packet(root: Path, firm: FirmPacket, press: PrintJob) -> Path:
    """Draw, prove and put in place one firm's packet; a packet that fails its proof leaves no file behind.

    Raises:
        NotPrintable: a text has characters without a glyph.
        NotProved: a page does not read back as it should.
    """
    with _drafted(root / folder_name(firm)) as draft:
        file = draft / bib_file(press.sheet)
        press.print(file, [(firm, bib) for bib in firm.bibs], firm.name)
        draw_handout(draft / HANDOUT_FILE, firm, press.occasion)
        told = press.told(firm.id)
        msgspec.structs.replace(told, bibs=entries(file, firm.bibs, press.layout, press.sheet)).write(draft)
    _remove_former(root, firm)
    return root / folder_name(firm)


def add_to_packet(
    root: Path, firm: FirmPacket, press: PrintJob, on_paper: Collection[Code] = frozenset()
) -> Path | None:
    """Print only those of a firm that no file holds yet, as one more file; the hand-out list names all. None if there are none.

    What is `on_paper` and in no file here was printed elsewhere: it is not printed again.

    Raises:
        NotPrintable, NotProved: as `write_packet`; the packet stays as it was.
    """
    former = _former(root, firm)
    here = {bib.code for _, other in packets(root) for bib in other.bibs}
    elsewhere = {bib.code for bib in firm.bibs if bib.code in on_paper and bib.code not in here}
    printed = {
        (bib.code, bib.mark) for _, other in packets(root) for bib in other.bibs
    }  # a spare lies in another packet
    if not former:
        ours = replace(firm, bibs=tuple(bib for bib in firm.bibs if bib.code not in elsewhere))
        fresh = any((bib.code, bib.mark) not in printed for bib in ours.bibs)
        return write_packet(root, ours, press) if fresh else None
    folder, manifest = former[0], read_manifest(former[0])
    new = replace(
        firm, bibs=tuple(bib for bib in firm.bibs if (bib.code, bib.mark) not in printed and bib.code not in elsewhere)
    )
    if not new.bibs:
        return None
    with _drafted(root / folder_name(firm), begin_with=folder) as draft:
        taken = {file.name.split("-")[0] for file in draft.glob("*배번*.pdf")}
        file = draft / bib_file(press.sheet, next(n for n in range(1, 10_000) if str(10 + n) not in taken))
        press.print(file, [(new, bib) for bib in new.bibs], firm.name)
        draw_handout(draft / HANDOUT_FILE, firm, press.occasion)
        gone = {bib.code for bib in new.bibs}
        kept = [bib for bib in manifest.bibs if bib.code not in gone]
        both = sorted([*kept, *entries(file, new.bibs, press.layout, press.sheet)], key=attrgetter("number"))
        msgspec.structs.replace(manifest, bibs=both, proved=press.told("").proved).write(draft)
    _remove_former(root, firm)
    return root / folder_name(firm)


def print_single(root: Path, bibs: Sequence[tuple[FirmPacket, BibFace]], press: PrintJob, again: bool) -> Path:
    """Print these bibs, of whatever firms, into one file, which says whether it is `again`; the folder's manifest remembers it.

    Raises:
        NotPrintable, NotProved: as `write_packet`; nothing is left behind.
    """
    first, more = bibs[0][1].number, len(bibs) - 1
    title = f"{'재발행' if again else '배번'} {first}"
    name = f"{'재발행-' if again else ''}배번-{first}{f'-외{more}' if more else ''}{press.sheet.suffix}.pdf"
    with _drafted(root / REPRINTS, begin_with=root / REPRINTS) as draft:
        press.print(draft / name, bibs, title)
        before = [bib for bib in read_manifest(draft).reprints if bib.file != name]
        done = entries(draft / name, [bib for _, bib in bibs], press.layout, press.sheet)
        msgspec.structs.replace(press.told(""), reprints=[*before, *done]).write(draft)
    return root / REPRINTS / name


@contextmanager
def _drafted(folder: Path, begin_with: Path | None = None) -> Iterator[Path]:
    """A folder to fill, a copy of another or empty, which takes its place when all went well and else leaves no trace."""
    draft = folder.parent / f".{folder.name}.draft"
    folder.parent.mkdir(parents=True, exist_ok=True)
    folder.parent.chmod(FOLDER)  # from the first file on nobody else gets in: every code stands here
    shutil.rmtree(draft, ignore_errors=True)
    try:
        if begin_with and begin_with.is_dir():
            shutil.copytree(begin_with, draft)
        else:
            draft.mkdir()
        for_group(draft)
        yield draft
        for_group(draft)
        shutil.rmtree(folder, ignore_errors=True)
        draft.rename(folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)


def _former(root: Path, firm: FirmPacket) -> list[Path]:
    """The firm's packets, also those under names that it bore before; the present name's first."""
    found = [path.parent for path in root.glob(f"{escape(_file_name(firm.id))}-*/{MANIFEST}")]
    return sorted(found, key=lambda folder: folder.name != folder_name(firm))


def _remove_former(root: Path, firm: FirmPacket) -> None:
    """A firm that was renamed has one packet, not two."""
    for folder in _former(root, firm):
        if folder.name != folder_name(firm):
            shutil.rmtree(folder, ignore_errors=True)


def pages_by_number(root: Path) -> dict[int, Picture]:
    """Every printed bib as a picture of its own, found by the packets' manifests."""
    found: dict[int, Picture] = {}
    for folder, manifest in packets(root):
        for file in sorted({bib.file for bib in manifest.bibs}):
            pages = list(render_pages(folder / file, PICTURE_DOTS_PER_MM))
            for bib in manifest.bibs:
                if bib.file == file:
                    page = pages[bib.page - 1]
                    found[bib.number] = cut_out(page, bib.box, PICTURE_DOTS_PER_MM) if bib.box else page
    return found


def folder_name(firm: FirmPacket) -> str:
    """A folder name that every file system takes: `c0003-한빛테크`."""
    return f"{_file_name(firm.id)}-{_file_name(firm.name)}"


def _file_name(text: str) -> str:
    """Also of an id: a log from elsewhere may hold any."""
    return re.sub(r"[^\w.()-]+", "_", text).strip("._")[:40]
