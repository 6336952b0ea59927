"""A fact as stored in the log. Pure."""

from dataclasses import dataclass

from timing.language import Text
from timing.race.admission import SHOWN_BYTES, Reason, SetAside, admitted
from timing.race.encoding import decode
from timing.race.events import Event
from timing.race.instants import Instant


@dataclass(frozen=True, slots=True)
class Recorded:
    """A stored fact: its position in the race, its place in its lineage, and both chains' hashes."""

    pos: int
    lineage: str
    seq: int
    received_at: Instant
    data: bytes
    lineage_hash: bytes
    hash: bytes

    @property
    def event(self) -> Event:
        """The decoded fact, whether it is admitted or not.

        Raises:
            UnknownEvent: this version cannot read it.
        """
        return decode(self.data)

    @property
    def admitted(self) -> Event | SetAside:
        """The decoded fact, or why it is set aside."""
        fact = admitted(self.data, self.lineage)
        return self.set_aside(fact) if isinstance(fact, Text) else fact

    def set_aside(self, why: Reason) -> SetAside:
        """This item as one that is set aside."""
        return SetAside(self.pos, self.lineage, self.seq, self.data[:SHOWN_BYTES], why)
