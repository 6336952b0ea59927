"""A firm's packet on disk: bibs, hand-out list and manifest, written whole or not at all, and proved before they count."""

import hashlib
import json
import re
import shutil
from collections.abc import Callable, Iterable, Iterator, Sequence
from operator import attrgetter
from pathlib import Path

from bibs.canvas import lacking
from bibs.layout import DEFAULT_LAYOUT, Box
from bibs.pages import Picture, render_boxes, render_pages
from bibs.roster import Entry, Fault
from bibs.sheet import Bib, Firm, Occasion, draw_bibs, draw_handout
from bibs.symbol import QUIET_MODULES
from timing.codes import bib_url
from timing.directory import Names
from timing.errors import RaceError
from timing.race import Race

Decode = Callable[[Picture], Sequence[str]]
"""A decoder: the texts in a grey picture. The proof is given the station's own."""
BIB_FILE = "10-배번.pdf"
HANDOUT_FILE = "00-명단.pdf"
PROOF_DOTS_PER_MM = 6.0  # 150 dpi
PICTURE_DOTS_PER_MM = 4.0


class NotPrintable(RaceError):
    """A name has characters that the fonts cannot draw; a box instead of a letter is never printed."""


class NotProved(RaceError):
    """A printed page does not hold the code it should."""


def firms_of(race: Race, names: Names) -> list[Firm]:
    """The packets to print: every firm with its numbered entrants."""
    bibs: dict[str, list[Bib]] = {}
    for entrant in race.entrants.values():
        if entrant.bib is not None and entrant.code is not None:
            firm = names.companies.get(entrant.company, "")
            name, team = names.people.get(entrant.id, ""), names.teams.get(entrant.team, "").removeprefix(firm).strip()
            bibs.setdefault(entrant.company, []).append(Bib(entrant.bib, entrant.code, entrant.id, name, team))
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


def write_packet(root: Path, firm: Firm, occasion: Occasion, decode: Decode) -> Path:
    """Draw, prove and put in place one firm's packet; a packet that fails its proof leaves no file behind.

    Raises:
        NotProved: a page's code does not read back as the entrant's own.
    """
    folder = root / folder_name(firm)
    draft = root / f".{folder.name}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    try:
        draw_bibs(draft / BIB_FILE, firm, occasion)
        draw_handout(draft / HANDOUT_FILE, firm, occasion)
        prove(draft / BIB_FILE, firm, occasion, decode)
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


def prove(path: Path, firm: Firm, occasion: Occasion, decode: Decode) -> None:
    """Render the code of every page and read it back: exactly one code, exactly the entrant's."""
    pictures = render_boxes(path, _with_quiet_zone(DEFAULT_LAYOUT.code), PROOF_DOTS_PER_MM)
    for page, (bib, picture) in enumerate(zip(firm.bibs, pictures, strict=True), 1):
        found = list(decode(picture))
        if found != [bib_url(occasion.host, bib.code)]:
            raise NotProved(
                f"{firm.name} {page}쪽 배번 {bib.number}의 QR이 바르게 읽히지 않습니다: {found}",
                f"{firm.name}, page {page}, bib {bib.number}: the QR does not read back",
            )


def folder_name(firm: Firm) -> str:
    """A folder name that every file system takes: `c0003-한빛테크`."""
    safe = re.sub(r"[^\w.()-]+", "_", firm.name).strip("._")[:40]
    return f"{firm.id}-{safe}"


def _with_quiet_zone(box: Box) -> Box:
    margin = box.width / 25 * QUIET_MODULES
    return Box(box.x - margin, box.y - margin, box.width + 2 * margin, box.height + 2 * margin)


def _manifest(folder: Path, firm: Firm) -> str:
    digest = hashlib.sha256((folder / BIB_FILE).read_bytes()).hexdigest()
    pages = [
        {
            "number": bib.number,
            "code": bib.code,
            "entrant": bib.entrant,
            "file": BIB_FILE,
            "page": page,
            "sha256": digest,
        }
        for page, bib in enumerate(firm.bibs, 1)
    ]
    return json.dumps({"firm": firm.id, "bibs": pages}, ensure_ascii=False, indent=1)
