"""What the office needs of other rooms, which the server hands to it; None for what is not there."""

from collections.abc import Callable
from pathlib import Path
from typing import Final, Literal, NamedTuple

from results.files.result_files import Printer
from results.office.jobs.bib_printing import BibPrinter
from results.office.jobs.downloads import MakeCertificates
from results.office.jobs.firm_looks import FirmLooks
from results.office.jobs.list_importing import ListImporter
from results.office.people.newcomers import EnterNewcomer
from timing.folder import OpenRace

NoPicture = Literal["coming", "none"]
FindPicture = Callable[[OpenRace, str, int], Path | NoPicture]
"""The picture of an item of a lineage; else whether its station is asked for it, or has none."""


def undrawn(_text: str) -> str:
    """No QR: nobody draws here."""
    return ""


class OtherRooms(NamedTuple):
    """One field for each; `results` never imports the rooms themselves."""

    enter: EnterNewcomer | None = None
    """How rosters enter one person."""
    lists: ListImporter | None = None
    """How rosters are taken in."""
    print_results: Printer | None = None
    """Prints results as a PDF."""
    certificates: MakeCertificates | None = None
    """How certificates are made."""
    picture: FindPicture | None = None
    """How stations give the pictures of what they saw."""
    bibs: BibPrinter | None = None
    """How bibs are printed."""
    looks: FirmLooks | None = None
    """How firms' colours and logos are tried, kept and drawn."""
    draw_qr: Callable[[str], str] = undrawn
    """Draws a text as a QR, an `<svg>`; nothing where it cannot."""


NO_ROOMS: Final = OtherRooms()
