"""The page for a phone that scanned a certificate: whether it is valid, in both languages, without a name."""

from dataclasses import replace

from results.board.board_app import VerdictPage
from results.board.board_projection import BoardProjection
from results.certificates.verification import STANDINGS, Verification, claim_words
from results.certificates.verifier import CertificateVerifier
from results.web.templating import rendered, static_path
from timing.folder import OpenRace
from timing.language import BOTH, Text, pair
from timing.race.instants import Rounding


def verdict_pages(opened: OpenRace, board: BoardProjection) -> VerdictPage:
    """The judge of scanned certificates for the board of a race: whether it is signed, and the page."""
    race = pair(opened.settings.name, opened.settings.name_en)
    verifier = CertificateVerifier(opened, board.editions, board.archive)

    def page(text: str) -> tuple[bool, str]:
        verdict = verifier.verdict(text)
        if board.snapshot.site.view.state == "hidden":
            verdict = replace(verdict, now=None)  # what the bearer holds is known; what is new is not told yet
        return verdict.claim is not None, verdict_page(verdict, race, board.rounding)

    return page


def verdict_page(verdict: Verification, race: Text, rounding: Rounding) -> str:
    """The page; it needs the board's style sheet alone."""
    claims = [claim for claim in (verdict.claim, verdict.now) if claim]
    return rendered(
        "verdict.html",
        BOTH,
        static=static_path,
        race=race,
        standing=STANDINGS[verdict.standing],
        why=verdict.why,
        results=[claim_words(claim, rounding) for claim in claims],
    )
