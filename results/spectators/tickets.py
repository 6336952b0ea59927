"""The ticket that a scanned bib gives the phone: signed, for ten minutes, for one firm, and good for one count."""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from dataclasses import dataclass
from typing import Final

from timing.race.chance import Bits, system_bits
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant

GOOD_FOR_S: Final = 600
NONCE_BYTES: Final = 8
UNTIL_BYTES: Final = 5
SIGNATURE_BYTES: Final = 16
LONGEST: Final = 300


@dataclass(frozen=True, slots=True)
class Ticket:
    """Whose bib was scanned, what makes this ticket the only one of its kind, and when it expires (whole seconds)."""

    company: str
    nonce: bytes
    until: Instant


class Tickets:
    """Draws tickets and knows its own again; servers that share the key take each other's."""

    def __init__(self, key: bytes, clock: Clock, bits: Bits = system_bits) -> None:
        self._key, self._clock, self._bits = key, clock, bits

    def draw(self, company: str) -> str:
        until = self._clock.now() // SECOND + GOOD_FOR_S
        nonce = self._bits(NONCE_BYTES * 8).to_bytes(NONCE_BYTES)
        told = until.to_bytes(UNTIL_BYTES) + nonce + company.encode()
        return urlsafe_b64encode(self._signature(told) + told).rstrip(b"=").decode()

    def read(self, text: str) -> Ticket | None:
        """The ticket that a text is; None where it is not ours or has expired."""
        if len(text) > LONGEST:
            return None
        try:
            whole = urlsafe_b64decode(text + "=" * (-len(text) % 4))
        except ValueError:
            return None
        signature, told = whole[:SIGNATURE_BYTES], whole[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(told)):
            return None
        until = Instant(int.from_bytes(told[:UNTIL_BYTES]) * SECOND)
        nonce, company = told[UNTIL_BYTES : UNTIL_BYTES + NONCE_BYTES], told[UNTIL_BYTES + NONCE_BYTES :]
        return Ticket(company.decode(), nonce, until) if self._clock.now() < until else None

    def _signature(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, hashlib.sha256)[:SIGNATURE_BYTES]
