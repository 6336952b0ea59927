"""Whether a signed result is still valid: compared with its own edition and with the newest one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from results.certificates.issuer import claim_of
from results.certificates.signed_result import SignedResult
from results.ranking.rows import Row, Status
from results.view.eligibility import CertificateKind
from results.view.words import HEADINGS, STATES
from timing.language import Text, _, listed, verbatim
from timing.race.events import EditionPublished
from timing.race.instants import Rounding, clock_face

Standing = Literal["valid", "superseded", "wrong", "signed"]
STANDINGS: Final[dict[Standing, Text]] = {
    "valid": _("valid"),
    "superseded": _("superseded"),
    "wrong": _("wrong"),
    "signed": _("signed by the race"),
}
RowIn = Callable[[EditionPublished, int], Row | None]
"""The row of a bib in an edition, made again from the log as it then stood."""
TOOK_PART: Final = (Status.STARTED, Status.FINISHED, Status.DNF)


@dataclass(frozen=True, slots=True)
class Verification:
    """How a signed result stands, why, and what the newest edition says of the bib where that differs."""

    standing: Standing
    why: Text
    claim: SignedResult | None = None
    now: SignedResult | None = None

    @property
    def holds(self) -> bool:
        return self.standing in ("valid", "signed")


def unsigned() -> Verification:
    """A text that the race never signed, or that was changed since."""
    return Verification("wrong", _("this race never signed it, or it was altered"))


def signed_by(claim: SignedResult) -> Verification:
    """The verdict that the public key alone can give."""
    return Verification("signed", _("whether it was corrected since, only the race can tell"), claim)


def verdict_on(claim: SignedResult, editions: Sequence[EditionPublished], row_in: RowIn) -> Verification:
    """Judge a result that the race did sign."""
    own = next((one for one in editions if one.number == claim.edition), None)
    if own is None or not _says(row_in(own, claim.bib), claim):
        return Verification("wrong", _("no published edition says so"), claim)
    newest = _newest_over(own, editions)
    if newest is None:
        return Verification("valid", STATES[own.state], claim)
    row = row_in(newest, claim.bib)
    if _says(row, replace(claim, edition=newest.number)):
        return Verification(
            "superseded", _("edition {number} came after; this result is the same", number=newest.number), claim
        )
    told = row is not None and row.status is Status.FINISHED and not row.ruled.withheld
    now = claim_of(row, newest.number) if told and row else None
    return Verification("superseded", _("edition {number} changed this result", number=newest.number), claim, now)


def _newest_over(own: EditionPublished, editions: Sequence[EditionPublished]) -> EditionPublished | None:
    """The last edition that supersedes this one: a later official one does, and any later one a provisional one."""
    later = [
        one for one in editions if one.number > own.number and (one.state == "official" or own.state != "official")
    ]
    return later[-1] if later else None


def _says(row: Row | None, claim: SignedResult) -> bool:
    """Whether an edition with this row says what is claimed."""
    if row is None or row.ruled.withheld:
        return False
    kind: CertificateKind = "participation" if (claim.net, claim.gun, claim.place) == (None, None, None) else "record"
    return row.status in TOOK_PART and claim_of(row, claim.edition, kind) == claim


def claim_words(claim: SignedResult, rounding: Rounding) -> Text:
    """What is claimed, in words: `2판, 배번 417, 넷타임 16:53, 건타임 17:04, 2위`."""
    times = (("net_time", claim.net), ("gun_time", claim.gun))
    told = [_("edition {number}", number=claim.edition), _("Bib {bib}", bib=claim.bib)]
    told += [
        listed([HEADINGS[key], verbatim(clock_face(time, rounding))], " ") for key, time in times if time is not None
    ]
    return listed([*told, *([] if claim.place is None else [_("Place {place}", place=claim.place)])])
