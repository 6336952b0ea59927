"""What a phone shows that scanned a certificate: whether it is valid, in both languages; it never names anybody."""

from dataclasses import replace

from results.board.app import VerdictPage
from results.board.follow import BoardProjection
from results.board.pages import rendered, static_path
from results.certificates.verdict import Verdict, claim_words
from results.certificates.verifier import CertificateVerifier
from results.messages import MESSAGES
from timing.folder import OpenRace
from timing.printed.sheets import Words, name_words
from timing.race.instants import Rounding


def verdict_pages(opened: OpenRace, board: BoardProjection) -> VerdictPage:
    """Judges what phones bring to the board of a race."""
    race = name_words(opened.settings.name, opened.settings.name_en)
    verifier = CertificateVerifier(opened, board.editions, board.archive)

    def page(text: str) -> tuple[bool, str]:
        verdict = verifier.verdict(text)
        if board.snapshot.site.view.state == "hidden":
            verdict = replace(verdict, now=None)  # what the bearer holds is known; what is new is not told yet
        return verdict.claim is not None, verdict_page(verdict, race, board.rounding)

    return page


def verdict_page(verdict: Verdict, race: Words, rounding: Rounding) -> str:
    """The page, complete in itself but for the board's style sheet."""
    claims = [claim for claim in (verdict.claim, verdict.now) if claim]
    return rendered(
        "verdict.html",
        static=static_path,
        race=race,
        standing=MESSAGES[verdict.standing],
        why=verdict.why,
        results=[claim_words(claim, rounding) for claim in claims],
        all_results=MESSAGES["to_results"],
    )
