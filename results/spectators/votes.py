"""Takes a vote: one a device, the last one stands; a device's number is kept only as a hash."""

from dataclasses import dataclass
from typing import Annotated, Final

from msgspec import Meta

from results.spectators.ballots import Ballots, Cast
from results.spectators.robots import is_robot
from results.spectators.spectator_service import Device, SpectatorRequest, SpectatorService
from results.web.limits import CrowdLimits, network_of
from timing.people.race_keys import device_hash
from timing.race.clock import Clock

FROM_ONE, FROM_NETWORK, FROM_ALL = 100, 300, 20_000
"""Votes in ten minutes: from one address, from one network, and from everybody. In two hours a network can send 3,600, more than a
whole field with its families behind one carrier; that it did is told by `marathon vote show`."""
STATUS: Final[dict[str, int]] = {"taken": 200, "closed": 409, "unknown": 404, "refused": 422, "too_many": 429}


@dataclass(frozen=True, slots=True)
class Vote:
    """What the page sends: the firm's id, and the device's number."""

    company: Annotated[str, Meta(min_length=1, max_length=80)]
    device: Device


@dataclass(frozen=True, slots=True)
class VoteReceipt:
    """The outcome: `taken`, `closed`, `unknown` firm, `refused` (no valid vote) or `too_many` (try later)."""

    outcome: str

    @property
    def status(self) -> int:
        """The HTTP status of this outcome."""
        return STATUS[self.outcome]


class Votes:
    """Takes the votes of one race."""

    def __init__(self, desk: SpectatorService, ballots: Ballots, key: bytes, clock: Clock) -> None:
        self._desk, self._ballots, self._key = desk, ballots, key
        self._limits = CrowdLimits(clock, FROM_ONE, FROM_NETWORK, FROM_ALL)

    async def take(self, asked: SpectatorRequest) -> VoteReceipt:
        vote = None if is_robot(asked.headers) or not asked.from_our_script else asked.read(Vote)
        if vote is None:
            outcome = "refused"
        elif self._desk.full or not self._limits.may(asked.sender):
            outcome = "too_many"
        else:
            device, network = device_hash(self._key, vote.device), network_of(asked.sender)
            outcome = await self._desk.write(
                lambda connection: self._ballots.cast(connection, vote.company, device, network)
            )
        if outcome != Cast.TAKEN:
            self._desk.refuse("vote", outcome)
        return VoteReceipt(outcome)
