"""Verifies signed results: who brings a certificate's QR is told how the result in it stands now."""

from collections.abc import Callable, Sequence

from results.board.edition_archive import EditionArchive
from results.certificates.signed_result import read_claim
from results.certificates.verification import Verification, unsigned, verdict_on
from results.ranking.rows import Row
from timing.folder import OpenRace
from timing.log.checkpoint import BadNote
from timing.log.checkpoint_store import CheckpointStore
from timing.race.events import EditionPublished

VerdictOf = Callable[[str], Verification]


class CertificateVerifier:
    """Judges signed results of one race; `editions` are those given out by now."""

    def __init__(
        self, opened: OpenRace, editions: Callable[[], Sequence[EditionPublished]], archive: EditionArchive
    ) -> None:
        self._verifier = CheckpointStore(opened.root, opened.settings.id).verifier
        self._editions, self._archive = editions, archive

    def verdict(self, text: str) -> Verification:
        """How the result in a QR's text stands now."""
        try:
            claim = read_claim(text, self._verifier)
        except BadNote:
            return unsigned()
        return verdict_on(claim, self._editions(), self._row_in)

    def _row_in(self, edition: EditionPublished, bib: int) -> Row | None:
        return self._archive.published(edition)[0].by_bib(bib)
