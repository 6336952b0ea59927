"""Firms' colours and logos for the office's page: the functions of `marathon firm set`."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from server.printer import codes_of, needing

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Connection

    from bibs.firms.firm_service import DesignRequest
    from results.office.jobs.firm_looks import ChangedLook, FirmLooks, NewLook
    from timing.folder import OpenRace

LOGO_PERCENT = 20
"""Of the QR's width, the most that is allowed."""


def firm_looks(opened: OpenRace) -> FirmLooks:
    """The doors for one race."""
    from results.office.jobs.firm_looks import FirmLooks

    return FirmLooks(_change, codes_of(opened))


def _change(opened: OpenRace, company: str, wanted: NewLook, beside: Callable[[Connection], object]) -> ChangedLook:
    with needing("bibs"):
        from bibs.firms.firm_service import change_card, trial_lines
    with needing("station"):
        from scanners.reading.decoder import both_decoders
    from results.office.jobs.firm_looks import ChangedLook

    with TemporaryDirectory() as folder:
        done = change_card(opened, company, _request(opened, company, wanted, Path(folder)), both_decoders, beside)
    notes = [*trial_lines(done.trial)] if done.trial else []
    return ChangedLook(done.before.design, notes, len(done.printed))


def _request(opened: OpenRace, company: str, wanted: NewLook, folder: Path) -> DesignRequest:
    from bibs.design.qr_style import LOGOS
    from bibs.firms.firm_service import DesignRequest

    if before := wanted.kept:
        logos = {one.name: one for one in (opened.root / LOGOS).glob(f"{company}-*")}
        logo = logos.get(before.logo)
        return DesignRequest(
            plain=True, colour=before.colour, ground=before.ground, shape=before.shape, logo=logo, logo_percent=before.logo_percent
        )  # fmt: skip
    percent, file = LOGO_PERCENT if wanted.in_code else 0, None
    if wanted.logo:
        name, data = wanted.logo
        file = folder / f"logo{PurePosixPath(name).suffix.lower()[:5]}"
        file.write_bytes(data)
    return DesignRequest(colour=wanted.colour or None, logo=file, no_logo=wanted.without_logo, logo_percent=percent)
