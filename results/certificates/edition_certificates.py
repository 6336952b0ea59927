"""The certificates of an edition as files: of which edition, who gets one and who not, drawn by the printer of the bibs."""

from collections import Counter
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date as Date
from datetime import timedelta
from pathlib import Path
from typing import Final, NamedTuple

from results.board.edition_archive import published_results, results_now
from results.certificates.issuer import CertificateHeader, CertificateIssuer, NoCertificate, told
from results.certificates.signed_result import claim_url
from results.files.writing import write_results
from results.view.editions import digest
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import Text, _, ngettext, pair
from timing.log.checkpoint_store import CheckpointStore
from timing.printed.certificates import Certificate
from timing.race.events import EditionPublished
from timing.race.fold import Race
from timing.race.instants import EPOCH, Instant

NAME: Final = "기록증"
SHOWN: Final = 12
"""Bibs without a certificate that are listed for each reason, where everybody was asked for."""
Drawn = Callable[[], object]
"""Called after each certificate that is drawn, once more when it is read back, and after each picture."""


class Printer(NamedTuple):
    """What the printer of the bibs can do: find the characters that its fonts lack, draw a PDF and prove its codes, draw pictures."""

    lacking: Callable[[str], set[str]]
    pdf: Callable[[Sequence[Certificate], Drawn], bytes]
    pictures: Callable[[Sequence[Certificate]], Iterator[bytes]]

    def lacking_for(self, certificate: Certificate) -> set[str]:
        """The characters of a certificate that no font has."""
        return self.lacking("".join(certificate.from_people))


@dataclass(frozen=True, slots=True)
class EditionCertificates:
    """The certificates that were asked for, and who goes without.

    `edition_is_old` where the results changed since the edition; `undrawable` with the characters that the fonts lack.
    """

    edition: EditionPublished
    edition_is_old: bool
    drawable: Sequence[Certificate]
    undrawable: Sequence[tuple[Certificate, set[str]]]
    none: Sequence[NoCertificate]


def edition_certificates(
    opened: OpenRace, bibs: Collection[int] | None, provisional: bool, printer: Printer
) -> EditionCertificates:
    """The certificates of these bibs, of everybody where `bibs` is None, as the last official edition tells.

    With `provisional` the last edition of any kind counts.

    Raises:
        RaceError: there is no such edition, or made again it differs from what was published.
    """
    folded = opened.fold()
    edition = _edition_for(folded, provisional)
    standings, _rankings = published_results(opened, edition)
    issuer = CertificateIssuer(standings, opened.directory.names(), occasion_of(opened, folded.guns.values(), edition))
    if bibs is None:
        found = issuer.everybody()
    else:
        rows = ((bib, standings.by_bib(bib)) for bib in dict.fromkeys(bibs))
        unknown = _("no such bib in this edition")
        found = [issuer.of(row) if row else NoCertificate(bib, unknown) for bib, row in rows]
    given, none = told(found)
    lacking = [(one, printer.lacking_for(one)) for one in given]
    return EditionCertificates(
        edition,
        digest(*results_now(opened, folded)) != edition.digest,
        [one for one, signs in lacking if not signs],
        [(one, signs) for one, signs in lacking if signs],
        none,
    )


def _edition_for(race: Race, provisional: bool) -> EditionPublished:
    editions = [one for one in race.editions if provisional or one.state == "official"]
    if editions:
        return editions[-1]
    if provisional:
        raise RaceError(_("publish an edition first"))
    raise RaceError(
        _(
            "no edition is official yet; make it so with `marathon edition official`, or mark certificates with --provisional"
        ),
    )


def without_words(found: EditionCertificates, named: bool) -> Iterator[Text]:
    """Who gets none and why: each by bib where they were `named`, else the first of each reason; then whom the fonts cannot draw."""
    for why, count in Counter(one.why for one in found.none).items():
        bibs = [str(one.bib or "-") for one in found.none if one.why == why]
        shown = ", ".join(bibs if named else bibs[:SHOWN]) + (" …" if not named and count > SHOWN else "")
        yield ngettext(
            "no certificate for {n} person: {why} ({shown})",
            "no certificate for {n} people: {why} ({shown})",
            count,
            why=why,
            shown=shown,
        )
    for one, signs in found.undrawable:
        shown = " ".join(f"{sign!r}" for sign in sorted(signs))
        yield _("  {bib} {name}: the fonts cannot draw {shown}", bib=one.bib, name=one.name, shown=shown)


def write_certificates(
    certificates: Sequence[Certificate], out: Path, each: bool, pictures: bool, printer: Printer, drawn: Drawn
) -> None:
    """Write one PDF, or one for `each` runner, and a picture for each where `pictures` are wanted.

    Files are called by bib, for a name in a file's name would travel further than the paper.

    Raises:
        Unreachable: the folder cannot be written, or no printer is installed.
    """
    for name, some in ((_file(one), [one]) for one in certificates) if each else ((NAME, certificates),):
        write_results(out, {f"{name}.pdf": printer.pdf(some, drawn)})
    if pictures:
        for one, picture in zip(certificates, printer.pictures(certificates), strict=True):
            write_results(out, {f"{_file(one)}.png": picture})
            drawn()


def _file(certificate: Certificate) -> str:
    return f"{NAME}-{certificate.bib:04}"


def occasion_of(opened: OpenRace, guns: Collection[Instant], edition: EditionPublished) -> CertificateHeader:
    """What all certificates of an edition share; the day is that of the first gun at the place of the race."""
    settings, signer = opened.settings, CheckpointStore(opened.root, opened.settings.id).signer
    return CertificateHeader(
        pair(settings.name, settings.name_en or settings.name),
        edition,
        settings.certificate,
        _day_of(opened, min(guns)) if guns else settings.date,
        settings.organiser,
        lambda claim: claim_url(settings.host, claim, signer),
    )


def _day_of(opened: OpenRace, at: Instant) -> Date:
    return (EPOCH + timedelta(microseconds=at)).astimezone(opened.zone).date()
