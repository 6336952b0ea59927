"""A station's heartbeat: what it says of itself every other second. Never a fact: it is shown, and forgotten."""

from typing import Annotated

from msgspec import Meta, Struct

from timing.race.instants import Instant, Span

Hash = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]


class Vitals(Struct, frozen=True):
    """How the camera does: frames a second, and frames that were taken and never looked at."""

    fps: float = 0.0
    drops: int = 0


class Heartbeat(Struct, frozen=True):
    """The outbox's head and how much of it is unsent, the camera, the disk and the clock of a station.

    `disk_free` is in bytes; `wall_moved` is how far the machine's wall clock has run away from the station's steady clock.
    `noted` is how many facts the last of the server's signed notes covers that the station keeps; 0 without one.
    """

    seq: Annotated[int, Meta(ge=0, le=2**53)]
    hash: Hash
    unsent: Annotated[int, Meta(ge=0, le=2**53)]
    fps: Annotated[float, Meta(ge=0, le=10_000)]
    drops: Annotated[int, Meta(ge=0, le=2**53)]
    disk_free: Annotated[int, Meta(ge=0, le=2**62)]
    wall_moved: Annotated[Span, Meta(ge=-(2**53), le=2**53)]
    noted: Annotated[int, Meta(ge=0, le=2**53)] = 0


class LastHeartbeat(Struct, frozen=True):
    """The last heartbeat of a lineage, from which station and when; `forked` once its history was another than the log's."""

    lineage: str
    station: str
    at: Instant
    beat: Heartbeat
    forked: bool = False
