"""A signed result, the text of a certificate's QR. It holds no name, and can be verified offline with the race's public key.

The signature covers the race too; the fields stand readable in front of it: edition, bib, net and gun time in milliseconds,
place; `-` where there is none.
"""

import re
from dataclasses import dataclass
from typing import Final

from timing.log.checkpoint import SIGNATURE_BYTES, BadNote, Signer, check_signature, signer_of
from timing.race.codes import ALPHABET, BITS_PER_CHARACTER
from timing.race.instants import Span, from_milliseconds, milliseconds

NOTHING: Final = "-"
SIGNATURE_CHARACTERS: Final = -(-SIGNATURE_BYTES * 8 // BITS_PER_CHARACTER)
TIME: Final = r"(-|-?\d{1,12}(?:\.\d{1,3})?)"
CLAIM: Final = re.compile(
    rf"(?:HTTPS?://[^/\s]+)?/?(?:V/)?(\d{{1,6}})/(\d{{1,6}})/{TIME}/{TIME}/(-|\d{{1,7}})/([{ALPHABET}]{{{SIGNATURE_CHARACTERS}}})",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class SignedResult:
    """The result of a bib in an edition; times in microseconds."""

    edition: int
    bib: int
    net: Span | None
    gun: Span | None
    place: int | None

    def __str__(self) -> str:
        place = NOTHING if self.place is None else str(self.place)
        return f"{self.edition}/{self.bib}/{_time(self.net)}/{_time(self.gun)}/{place}"


def claim_url(host: str, claim: SignedResult, signer: Signer) -> str:
    """The text of a certificate's QR: upper case, so that it fits QR's compact alphanumeric mode."""
    signature = int.from_bytes(signer.signature(_signed(signer.name, claim)), "big")
    shifts = range((SIGNATURE_CHARACTERS - 1) * BITS_PER_CHARACTER, -1, -BITS_PER_CHARACTER)
    return f"HTTPS://{host.upper()}/V/{claim}/{''.join(ALPHABET[signature >> shift & 31] for shift in shifts)}"


def read_claim(text: str, verifier: str) -> SignedResult:
    """The result in a QR's text, if the holder of `verifier`'s key signed it.

    Raises:
        BadNote: it is no signed result, or not signed by that key.
    """
    found = CLAIM.fullmatch(text.strip().upper())
    if not found:
        raise BadNote("not a signed result")
    edition, bib, net, gun, place, characters = found.groups()
    claim = SignedResult(
        int(edition), int(bib), _read_time(net), _read_time(gun), None if place == NOTHING else int(place)
    )
    number = 0
    for character in characters:
        number = number << BITS_PER_CHARACTER | ALPHABET.index(character)
    if number >> SIGNATURE_BYTES * 8:
        raise BadNote("not a signed result")
    check_signature(_signed(signer_of(verifier), claim), number.to_bytes(SIGNATURE_BYTES, "big"), verifier)
    return claim


def _signed(name: str, claim: SignedResult) -> str:
    """The signed text; no checkpoint begins like it, so that neither can stand for the other."""
    return f"{name} result\n{claim}\n"


def _time(time: Span | None) -> str:
    return NOTHING if time is None else milliseconds(time)


def _read_time(text: str) -> Span | None:
    return None if text == NOTHING else from_milliseconds(text)
