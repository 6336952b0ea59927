"""What all certificates of an edition share, and what draws them."""

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import date as Date
from datetime import timedelta
from typing import NamedTuple

from results.certificates.issuer import CertificateHeader
from results.certificates.signed_result import claim_url
from timing.folder import OpenRace
from timing.language import pair
from timing.log.checkpoint_store import CheckpointStore
from timing.printed.certificates import Certificate
from timing.race.events import EditionPublished
from timing.race.instants import EPOCH, Instant

Drawn = Callable[[], object]
"""Told after each certificate."""


class Printer(NamedTuple):
    """What the printers of the bibs can do: tell what the fonts lack, draw a PDF and prove its codes, draw pictures."""

    lacking: Callable[[str], set[str]]
    pdf: Callable[[Sequence[Certificate], Drawn], bytes]
    pictures: Callable[[Sequence[Certificate]], Iterator[bytes]]


def occasion_of(opened: OpenRace, guns: Collection[Instant], edition: EditionPublished) -> CertificateHeader:
    """What all certificates of an edition share."""
    settings, signer = opened.settings, CheckpointStore(opened.root, opened.settings.id).signer
    return CertificateHeader(
        pair(settings.name, settings.name_en or settings.name),
        edition,
        settings.certificate,
        _day_of_the_gun(opened, guns) or settings.date,
        settings.organiser,
        lambda claim: claim_url(settings.host, claim, signer),
    )


def _day_of_the_gun(opened: OpenRace, guns: Collection[Instant]) -> Date | None:
    """The day of the first gun at the place of the race."""
    gun = min(guns, default=None)
    return None if gun is None else (EPOCH + timedelta(microseconds=gun)).astimezone(opened.zone).date()
