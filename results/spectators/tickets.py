"""The ticket that a phone takes along to the firm's page when it scanned a bib: signed, for one firm, valid for ten minutes and one count.

A scan could be counted by address and browser, without any script; but behind one carrier's address stands a crowd with the same
phone model, which would count as one, while a robot that fetches the link counts as somebody. So the page's script sends the ticket
back with a random number that the browser keeps for this board alone: no script, no count, and a crowd is a crowd.
"""

import hashlib
import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from results.board.plugs import Heads, Landing
from results.spectators.robots import is_ahead, is_robot
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
    """The firm whose bib was scanned, a nonce, and the expiry in whole seconds."""

    company: str
    nonce: bytes
    until: Instant


class Tickets:
    """Makes tickets and reads them; servers that share the key read each other's."""

    def __init__(self, key: bytes, clock: Clock, bits: Bits = system_bits) -> None:
        self._key, self._clock, self._bits = key, clock, bits

    def draw(self, company: str) -> str:
        """A new ticket for a firm, as text for a URL."""
        until = self._clock.now() // SECOND + GOOD_FOR_S
        nonce = self._bits(NONCE_BYTES * 8).to_bytes(NONCE_BYTES)
        told = until.to_bytes(UNTIL_BYTES) + nonce + company.encode()
        return urlsafe_b64encode(self._signature(told) + told).rstrip(b"=").decode()

    def read(self, text: str) -> Ticket | None:
        """The ticket in a text; None where it is not signed by this key, or has expired."""
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


def landing(tickets: Tickets, bib_of: Callable[[str], int | None]) -> Landing:
    """The query that follows the firm's page for a scanned code: the bib, if it has a page, and a ticket; nothing for robots."""

    def query(code: str, company: str, headers: Heads) -> str:
        if is_robot(headers) or is_ahead(headers):
            return ""
        bib = bib_of(code)
        return f"{f'bib={bib}&' if bib else ''}scan={tickets.draw(company)}"

    return query
