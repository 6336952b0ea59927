"""A runner's certificate on the board: whoever types the full name of a bib's wearer gets the signed PDF. Nothing is written down."""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Final, TypeVar

from results.board.follow import Follower
from results.board.limits import Limits
from results.board.site import Site
from results.certificates.certificates import Certifier, NoCertificate
from results.certificates.commands import Printer, occasion_of
from results.messages import MESSAGES
from results.published import Results, published_results
from timing.certificates import Certificate
from timing.clock import Clock
from timing.errors import RaceError
from timing.events import EditionPublished
from timing.folder import OpenRace
from timing.sheets import Words

WRONG_FROM_ONE, WRONG_FOR_BIB, WRONG_FROM_ALL = 10, 10, 2_000
"""Wrong names in ten minutes: from one address, for one bib, and altogether."""
DRAWN_FOR_ONE, DRAWN_FOR_ALL = 20, 2_000
"""Certificates in ten minutes: each costs a processor about as much as a thousand pages."""
PATIENCE_S: Final = 20.0
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Given:
    """A certificate, or the message that says why there is none; `status` is the answer's."""

    pdf: bytes = b""
    why: Words = ("", "")
    status: int = 200


class CertificateDoor:
    """Compares names and has certificates drawn, one at a time each; results of an edition are made again once."""

    def __init__(self, opened: OpenRace, follower: Follower, printer: Printer, clock: Clock) -> None:
        self._opened, self._follower, self._printer = opened, follower, printer
        self._wrong = Limits(clock, WRONG_FROM_ONE, WRONG_FROM_ALL)
        self._wrong_for = Limits(clock, WRONG_FOR_BIB, WRONG_FROM_ALL)
        self._drawn = Limits(clock, DRAWN_FOR_ONE, DRAWN_FOR_ALL)
        self._judging, self._drawing = Lock(), Lock()
        self._results: tuple[int, Results] | None = None

    @property
    def edition(self) -> EditionPublished | None:
        """The edition whose certificates are given; none while the public sees no results."""
        editions = self._follower.editions()
        return editions[-1] if editions and not self._follower.snapshot.view.hidden else None

    @property
    def site(self) -> Site:
        """The board as it stands, around the form."""
        return self._follower.snapshot.site

    def give(self, bib: int, typed: str, sender: str) -> Given:
        """The certificate of this bib's wearer, if that is the name typed."""
        edition = self.edition
        if edition is None:
            return Given(why=MESSAGES["certificate_later"], status=409)
        try:
            found = self._in_turn(self._judging, lambda: self._judge(bib, typed, sender, edition))
            return self._in_turn(self._drawing, lambda: self._draw(found)) if isinstance(found, Certificate) else found
        except RaceError:  # no printer is installed, or the edition cannot be made again: the desk will know
            return Given(why=MESSAGES["certificate_desk"], status=503)

    def _judge(self, bib: int, typed: str, sender: str, edition: EditionPublished) -> Certificate | Given:
        """The certificate, or why there is none. In turn: names tried at once would each find the limits not reached yet."""
        if self._wrong.full(sender) or self._wrong_for.full(f"{bib}") or self._drawn.full(sender):
            return Given(why=MESSAGES["certificate_many"], status=429)
        found = self._certificate(bib, typed, edition)
        if found is None:
            self._wrong.count(sender)
            self._wrong_for.count(f"{bib}")
            return Given(why=MESSAGES["certificate_wrong"], status=403)
        if isinstance(found, Certificate):
            self._drawn.count(sender)
            return found
        return Given(why=_none(edition, found), status=409)

    def _certificate(self, bib: int, typed: str, edition: EditionPublished) -> Certificate | Words | None:
        """The certificate, why its holder gets none, or None where the name is not the wearer's: then nothing else is told."""
        results, names = self._of(edition), self._opened.directory.names()
        row = results[0].by_bib(bib)
        name = names.people.get(row.entrant.id, "") if row and not row.ruled.withheld else ""
        if row is None or not name or folded(typed) != folded(name):
            return None
        occasion = occasion_of(self._opened, self._follower.snapshot.view.guns, edition)
        found = Certifier(results[0], names, occasion).of(row)
        return found.why if isinstance(found, NoCertificate) else found

    def _of(self, edition: EditionPublished) -> Results:
        if self._results is None or self._results[0] != edition.number:
            self._results = edition.number, published_results(self._opened, edition)
        return self._results[1]

    def _draw(self, certificate: Certificate) -> Given:
        if self._printer.lacking("".join(certificate.from_people)):
            return Given(why=MESSAGES["certificate_desk"], status=503)
        return Given(self._printer.pdf([certificate], lambda: None))

    def _in_turn(self, lock: Lock, work: Callable[[], Found]) -> Found | Given:
        """Work that is done for one person at a time; whoever waits too long is sent away for now."""
        if not lock.acquire(timeout=PATIENCE_S):
            return Given(why=MESSAGES["certificate_many"], status=503)
        try:
            return work()
        finally:
            lock.release()


def _none(edition: EditionPublished, why: Words) -> Words:
    """That an edition gives somebody none, and why."""
    told = zip(MESSAGES["certificate_none"], why, strict=True)
    korean, english = (words.format(number=edition.number, why=reason) for words, reason in told)
    return korean, english


def folded(name: str) -> str:
    """A name as it is compared: composed, without spaces, in small letters.

    >>> folded("Jane  DOE") == folded("janedoe"), folded("김 하늘") == folded("김하늘"), folded("김하늘") == folded("김하눌")
    (True, True, False)
    """
    return "".join(unicodedata.normalize("NFC", name).split()).casefold()
