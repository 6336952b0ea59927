"""Gives out certificates on the board, for the code that is printed on the bib and the runner's full name. Nothing is stored.

Without the code no name is compared, so that a guessed name is neither confirmed nor counted against the runner's tries. Whoever
has the code (a spectator who scanned the bib) may guess names as often as `tries` allows.
"""

import hmac
import unicodedata
from dataclasses import dataclass
from typing import Final

from results.board.board_projection import BoardProjection
from results.board.site import Site
from results.certificates.edition_certificates import Printer, occasion_of
from results.certificates.issuer import CertificateIssuer, NoCertificate
from results.certificates.tries import Tries
from results.ranking.rows import Row
from results.web.limits import Limits
from timing.bounded_threads import BoundedThreads, NoAnswerInTime
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import NOTHING, Text, _
from timing.printed.certificates import Certificate
from timing.race.clock import Clock
from timing.race.codes import read_code, typed_code
from timing.race.events import EditionPublished

WRONG_FROM_ONE, WRONG_FROM_ALL = 10, 2_000
"""Wrong answers in ten minutes before 429, from one address and from everybody; the right one is always taken."""
DRAWN_FOR_BIB: Final = 10
"""Certificates of one bib in ten minutes: each costs about as much processor time as a thousand pages."""
UNCOUNTED: Final = 2**60
JUDGED_S, JUDGES_WAIT = 4.0, 1_000
DRAWN_S, DRAWN_WAIT = 18.0, 100
"""Seconds that a request waits, and how many wait at once; more are answered 503."""


@dataclass(frozen=True, slots=True)
class IssuedCertificate:
    """A certificate as a PDF, or why there is none; `status` is the HTTP status."""

    pdf: bytes = b""
    why: Text = NOTHING
    status: int = 200


BUSY: Final = IssuedCertificate(why=_("Many people are asking just now; please come again in a moment."), status=503)
WRONG: Final = IssuedCertificate(why=_("That is not the name and the code of this bib."), status=403)
MANY: Final = IssuedCertificate(
    why=_("Too many tries; please come back later, or ask at the results desk."), status=429
)


class CertificateService:
    """Compares names and draws certificates, one at a time each, on threads of its own, so that no page waits for them."""

    def __init__(self, opened: OpenRace, board: BoardProjection, printer: Printer, clock: Clock) -> None:
        self._opened, self._board, self._printer = opened, board, printer
        self._wrong, self._tries = Limits(clock, WRONG_FROM_ONE, WRONG_FROM_ALL), Tries(clock)
        self._drawn = Limits(clock, DRAWN_FOR_BIB, UNCOUNTED)
        self._judging = BoundedThreads("certificates' names", 1, JUDGED_S, JUDGES_WAIT)
        self._drawing = BoundedThreads("certificates", 1, DRAWN_S, DRAWN_WAIT)

    @property
    def edition(self) -> EditionPublished | None:
        """The edition whose certificates are given; none while the public sees no results."""
        editions = self._board.editions()
        return editions[-1] if editions and not self._board.snapshot.view.hidden else None

    @property
    def site(self) -> Site:
        """The board's current site, as the frame of the form."""
        return self._board.snapshot.site

    def asks_code(self, bib: int) -> bool:
        """Whether this bib bears a code; those of a race that was timed elsewhere do not."""
        return bool(self._codes(self.site.shown[bib]))

    async def give(self, bib: int, name: str, code: str, sender: str) -> IssuedCertificate:
        """The certificate of this bib's wearer, for the name and the code of the bib."""
        edition = self.edition
        if edition is None:
            return IssuedCertificate(why=_("Certificates follow when results are published."), status=409)
        try:
            found = await self._judging(self._judge, bib, name, code, sender, edition)
            return await self._drawing(self._draw, found) if isinstance(found, Certificate) else found
        except NoAnswerInTime:
            return BUSY
        except RaceError:  # no printer is installed, or the edition cannot be made again: the desk will know
            return IssuedCertificate(why=_("It cannot be made here now; please ask at the results desk."), status=503)

    def _judge(
        self, bib: int, name: str, code: str, sender: str, edition: EditionPublished
    ) -> Certificate | IssuedCertificate:
        """The certificate, or why there is none. On one thread: parallel tries would each find the limits not reached yet."""
        results, names = self._board.archive.published(edition), self._opened.directory.names()
        row = results[0].by_bib(bib)
        theirs = names.people.get(row.entrant.id, "") if row and not row.ruled.withheld else ""
        knows, has = _same(folded(name), folded(theirs)), self._has_bib(row, code)
        if has and self._tries.must_wait(bib):
            return MANY
        if row is None or not (has and knows and theirs):
            return self._refused(bib, sender, has)
        if not self._drawn.may(f"{bib}"):
            return MANY
        occasion = occasion_of(self._opened, self._board.snapshot.view.guns, edition)
        found = CertificateIssuer(results[0], names, occasion).of(row)
        return (
            IssuedCertificate(why=_none(edition, found.why), status=409) if isinstance(found, NoCertificate) else found
        )

    def _refused(self, bib: int, sender: str, has_bib: bool) -> IssuedCertificate:
        """The refusal, the same whether the code or the name was wrong."""
        if has_bib:
            self._tries.wrong(bib)
        return WRONG if self._wrong.may(sender) else MANY

    def _has_bib(self, row: Row | None, code: str) -> bool:
        """Whether this is the code of the bib, as it is printed or as its QR's URL; True for a bib without a code."""
        codes = self._codes(row) if row else ()
        typed = read_code(code.strip()) or typed_code(code) or ""
        return any(_same(typed, one) for one in codes) or (row is not None and not codes)

    def _codes(self, row: Row) -> tuple[str, ...]:
        return self._board.feed.race.office.codes.get(row.entrant.id, ())

    def _draw(self, certificate: Certificate) -> IssuedCertificate:
        if self._printer.lacking_for(certificate):
            return IssuedCertificate(why=_("It cannot be made here now; please ask at the results desk."), status=503)
        return IssuedCertificate(self._printer.pdf([certificate], lambda: None))


def _same(one: str, other: str) -> bool:
    """Whether they are equal, in a time that does not depend on how far they agree."""
    return hmac.compare_digest(one.encode("utf-8", "replace"), other.encode("utf-8", "replace"))


def _none(edition: EditionPublished, why: Text) -> Text:
    """The message that an edition gives a bib no certificate, and why."""
    return _("Edition {number} gives this bib no certificate: {why}", number=edition.number, why=why)


def folded(name: str) -> str:
    """A name as it is compared: composed, without spaces, in small letters.

    >>> folded("Jane  DOE") == folded("janedoe"), folded("김 하늘") == folded("김하늘"), folded("김하늘") == folded("김하눌")
    (True, True, False)
    """
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()
