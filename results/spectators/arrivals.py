"""Counts a spectator's phone whose script sends its ticket from a firm's page: once a firm, device and day, without robots and repeats.

Addresses are counted in memory for ten minutes and written nowhere.
"""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from results.spectators.robots import is_ahead, is_robot
from results.spectators.scans import ScanOutcome, ScanStore, SpectatorScan
from results.spectators.spectator_service import Device, SpectatorRequest, SpectatorService
from results.spectators.tickets import LONGEST, Tickets
from results.web.limits import CrowdLimits, Limits
from timing.race.clock import Clock

FROM_ONE: Final = 300
"""New devices from one address in ten minutes: a carrier puts thousands of phones behind one."""
FROM_NETWORK: Final = 1_000
"""New devices from one network: several such addresses, not all that somebody may have."""
FROM_ALL: Final = 60_000
TRIES_EACH: Final = 4
"""Tickets taken for each device that may be counted: repeats cost a write too."""


@dataclass(frozen=True, slots=True)
class ShownPage:
    """The body that the page's script sends."""

    ticket: Annotated[str, Meta(max_length=LONGEST)]
    device: Device


@dataclass(frozen=True, slots=True)
class Counted:
    """The answer: whether the firm's count rose."""

    counted: bool


class SpectatorScans:
    """Counts the scans of one race."""

    def __init__(self, desk: SpectatorService, tickets: Tickets, spectators: ScanStore, clock: Clock) -> None:
        self._desk, self._tickets, self._spectators = desk, tickets, spectators
        self._counted = CrowdLimits(clock, FROM_ONE, FROM_NETWORK, FROM_ALL)
        self._tries = Limits(clock, FROM_ONE * TRIES_EACH, FROM_ALL * TRIES_EACH)

    async def take(self, asked: SpectatorRequest) -> Counted:
        """Count the scan of this ticket, or note why not."""
        arrival = self._sifted(asked)
        if isinstance(arrival, str):
            self._desk.refuse("scan", arrival)
            return Counted(False)
        outcome = await self._desk.write(lambda connection: self._spectators.take(connection, arrival))
        if outcome is ScanOutcome.COUNTED:
            return Counted(True)
        self._counted.give_back(asked.sender)
        self._desk.refuse("scan", outcome)
        return Counted(False)

    def _sifted(self, asked: SpectatorRequest) -> SpectatorScan | str:
        """The scan to count, already counted against the limits of its address; or the reason for a rejection."""
        if is_robot(asked.headers):
            return "robot"
        if is_ahead(asked.headers) or not asked.from_our_script:
            return "not_opened"
        shown = asked.read(ShownPage)
        if shown is None:
            return "unreadable"
        ticket = self._tickets.read(shown.ticket)
        if ticket is None:
            return "expired"
        if self._desk.full or not (self._tries.may(asked.sender) and self._counted.may(asked.sender)):
            return "too_many"
        return SpectatorScan(ticket.company, self._desk.today(), shown.device, ticket.nonce, ticket.until)
