"""Whether a signed result still stands: held against its own edition, and against the newest one. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

from results.certificates.certificates import claim_of
from results.certificates.claims import Claim
from results.entitled import Kind
from results.messages import message
from results.ranking.rows import Row, Status
from timing.printed.sheets import Words
from timing.race.events import EditionPublished
from timing.race.instants import Rounding, clock_face

Standing = Literal["verdict_valid", "verdict_superseded", "verdict_wrong", "verdict_signed"]
RowIn = Callable[[EditionPublished, int], Row | None]
"""The row of a bib in an edition, made again from the log as it then stood."""
TOOK_PART: Final = (Status.STARTED, Status.FINISHED, Status.DNF)


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a signed result stands, why, and what the newest edition says of the bib where that differs."""

    standing: Standing
    why: Words
    claim: Claim | None = None
    now: Claim | None = None

    @property
    def holds(self) -> bool:
        return self.standing in ("verdict_valid", "verdict_signed")


def unsigned() -> Verdict:
    """A text that the race never signed, or that was changed since."""
    return Verdict("verdict_wrong", _words("why_unsigned"))


def signed_by(claim: Claim) -> Verdict:
    """All that the public key alone can tell."""
    return Verdict("verdict_signed", _words("why_key_alone"), claim)


def verdict_on(claim: Claim, editions: Sequence[EditionPublished], row_in: RowIn) -> Verdict:
    """Judge what the race did sign."""
    own = next((one for one in editions if one.number == claim.edition), None)
    if own is None or not _says(row_in(own, claim.bib), claim):
        return Verdict("verdict_wrong", _words("why_contradicted"), claim)
    newest = _newest_over(own, editions)
    if newest is None:
        return Verdict("verdict_valid", _words(own.state), claim)
    row = row_in(newest, claim.bib)
    if _says(row, replace(claim, edition=newest.number)):
        return Verdict("verdict_superseded", _words("why_unchanged", newest.number), claim)
    told = row is not None and row.status is Status.FINISHED and not row.ruled.withheld
    now = claim_of(row, newest.number) if told and row else None
    return Verdict("verdict_superseded", _words("why_changed", newest.number), claim, now)


def _newest_over(own: EditionPublished, editions: Sequence[EditionPublished]) -> EditionPublished | None:
    """The last edition that stands above this one: official ones do, and above a provisional one any later one."""
    later = [
        one for one in editions if one.number > own.number and (one.state == "official" or own.state != "official")
    ]
    return later[-1] if later else None


def _says(row: Row | None, claim: Claim) -> bool:
    """Whether an edition with this row says what is claimed."""
    if row is None or row.ruled.withheld:
        return False
    kind: Kind = "participation" if (claim.net, claim.gun, claim.place) == (None, None, None) else "record"
    return row.status in TOOK_PART and claim_of(row, claim.edition, kind) == claim


def claim_words(claim: Claim, rounding: Rounding) -> Words:
    """What is claimed, in words: `2판, 배번 417, 넷타임 16:53, 건타임 17:04, 2위`."""
    number, bib, place = _words("edition_number"), _words("bib"), _words("place")
    korean, english = [f"{claim.edition}{number[0]}", f"{bib[0]} {claim.bib}"], [f"{number[1]} {claim.edition}"]
    english.append(f"{bib[1]} {claim.bib}")
    for key, time in (("net_time", claim.net), ("gun_time", claim.gun)):
        if time is not None:
            for told, words in zip((korean, english), _words(key), strict=True):
                told.append(f"{words} {clock_face(time, rounding)}")
    if claim.place is not None:
        korean.append(f"{claim.place}{message('place_suffix', 'ko')}")
        english.append(f"{place[1]} {claim.place}")
    return ", ".join(korean), ", ".join(english)


def _words(key: str, number: int | None = None) -> Words:
    korean, english = message(key, "ko"), message(key, "en")
    return (korean, english) if number is None else (korean.format(number=number), english.format(number=number))
