"""Certificates for the office's page: the functions of `marathon certificates`, drawn by the bibs' printer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from server.printer import certificate_printer
from timing.language import Text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from results.office.jobs.background_jobs import BackgroundJob
    from results.office.jobs.downloads import CertificatesWanted
    from timing.folder import OpenRace
    from timing.printed.certificates import Certificate


def make_certificates(opened: OpenRace, wanted: CertificatesWanted, job: BackgroundJob) -> Sequence[Text]:
    """Draw the certificates of a firm or of everybody into the job; says who gets none, and why.

    Raises:
        RaceError: there is no such edition, or nothing to draw them with.
    """
    from results.certificates.edition_certificates import NAME, edition_certificates, without_words

    people = opened.fold().entrants.values()
    bibs = [one.bib for one in people if one.company == wanted.firm and one.bib] if wanted.firm else None
    printer = certificate_printer()
    found = edition_certificates(opened, bibs, wanted.provisional, printer)
    job.expect(2 * len(found.drawable))
    stacks: dict[str, list[Certificate]] = {}
    for one in found.drawable:
        stacks.setdefault(one.company if wanted.each_firm or wanted.firm else "", []).append(one)
    for firm, stack in stacks.items():
        job.keep(f"{NAME}-{firm}.pdf" if firm else f"{NAME}.pdf", printer.pdf(stack, job.step))
    return [*without_words(found, named=bool(wanted.firm))]
