"""Verifies signed results: how the result in a certificate's QR stands now, or by the public key alone whether it was signed."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from results.board.edition_archive import EditionArchive
from results.certificates.signed_result import read_claim
from results.certificates.verification import Verification, signed_by, unsigned, verdict_on
from results.ranking.rows import Row
from timing.errors import Unreachable, WrongUse
from timing.folder import OpenRace
from timing.language import _
from timing.log.checkpoint import BadNote
from timing.log.checkpoint_store import CheckpointStore
from timing.race.events import EditionPublished

PICTURES: Final = (".pdf", ".png", ".jpg", ".jpeg")
ReadCodes = Callable[[Path], list[str]]
"""The texts of the QR codes in a PDF or a picture."""


class CertificateVerifier:
    """Judges signed results of one race; `editions` are those given out by now."""

    def __init__(
        self, opened: OpenRace, editions: Callable[[], Sequence[EditionPublished]], archive: EditionArchive
    ) -> None:
        self._verifier = CheckpointStore(opened.root, opened.settings.id).verifier
        self._editions, self._archive = editions, archive

    def verdict(self, text: str) -> Verification:
        """How the result in a QR's text stands now.

        Raises:
            RaceError: an edition made again differs from what was published.
        """
        try:
            claim = read_claim(text, self._verifier)
        except BadNote:
            return unsigned()
        return verdict_on(claim, self._editions(), self._row_in)

    def _row_in(self, edition: EditionPublished, bib: int) -> Row | None:
        return self._archive.published(edition)[0].by_bib(bib)


def verdict_by_key(text: str, key: str) -> Verification:
    """All that the race's public key can tell of a QR's text without the race."""
    try:
        return signed_by(read_claim(text, key))
    except BadNote:
        return unsigned()


def texts_in(argument: str, read_codes: ReadCodes) -> list[tuple[str, str]]:
    """The texts that an argument names, each with its file's name; empty where the argument is the text itself.

    Raises:
        WrongUse: a file without any.
        Unreachable: a file cannot be read.
    """
    file = Path(argument)
    try:
        if "/V/" in argument.upper() or not file.is_file():
            return [("", argument)]
        pictured = file.suffix.lower() in PICTURES
        texts = read_codes(file) if pictured else file.read_text(encoding="utf-8-sig").split()
    except (OSError, UnicodeDecodeError) as failure:
        raise Unreachable(_("{file} cannot be read: {failure}", file=file, failure=failure)) from failure
    if not texts:
        raise WrongUse(_("no QR code was found in {file}", file=file))
    return [(file.name, text) for text in texts]
