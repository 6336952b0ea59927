"""What the office needs of other rooms, which the server hands to it; None for what is not there."""

from typing import Final, NamedTuple

from results.files.result_files import Printer
from results.office.downloads import MakeCertificates
from results.office.list_importing import ListImporter
from results.office.newcomers import EnterNewcomer


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


NO_ROOMS: Final = OtherRooms()
