"""One bib printed for somebody who stands at the counter, beside the server; its page says how far that is."""

from collections.abc import Sequence
from typing import Final

from results.office.jobs.background_jobs import BackgroundJob
from results.office.jobs.bib_printing import BibOrder, Output
from results.office.service.office_service import OfficeService
from results.office.web.print_routes import print_into, printer_of
from timing.language import Language, Text, _
from timing.people.office_seats import Official

PAPER: Final[Output] = "office"
"""The counter's printer takes A4."""


def bib_job(service: OfficeService, bib: int | None) -> BackgroundJob | None:
    """The last print of a bib at the counter; None where there was none today."""
    return next((one for one in service.jobs.recent() if one.key == _key(bib)), None)


def print_bib(service: OfficeService, who: Official, language: Language, bib: int, back: str) -> BackgroundJob:
    """Begin to print a bib; one that is being printed already is not begun again.

    Raises:
        RaceError: nothing is printed here, or too much waits already.
    """
    printer, order = printer_of(service), BibOrder(output=PAPER, reprint=(bib,), by=who.name, role=who.role)

    def work(job: BackgroundJob) -> Sequence[Text]:
        return print_into(service.opened, printer, order, job)

    return service.jobs.begin(_key(bib), _("Bib {bib}", bib=bib), back, language, work)


def _key(bib: int | None) -> str:
    return f"bib {bib}"
