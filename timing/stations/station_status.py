"""How a station is at one moment: the station fills it, its heartbeat carries it, the operator's page and the office show it. Pure."""

from typing import Annotated, Final

from msgspec import Meta, Struct, field

from timing.language import Text, pair
from timing.race.instants import Instant, Span

Count = Annotated[int, Meta(ge=0, le=2**53)]
Hash = Annotated[str, Meta(pattern="^([0-9a-f]{64})?$")]
WORDS_MOST: Final = 1_000
FILM_AT_ONCE: Final = 20
Words = Annotated[str, Meta(max_length=WORDS_MOST)]


class StationAlarm(Struct, frozen=True):
    """What a station itself says is wrong, in both languages: the office may read it in another than the station."""

    korean: Words
    english: Words

    @classmethod
    def of(cls, text: Text) -> "StationAlarm":
        return cls(text.to("ko")[:WORDS_MOST], text.to("en")[:WORDS_MOST])

    @property
    def text(self) -> Text:
        return pair(self.korean, self.english)


class FilmSegment(Struct, frozen=True):
    """A part of the film that a station keeps: from the first frame's instant to the last one's, by the station's clock."""

    start: Annotated[Instant, Meta(ge=0, le=2**53)]
    lasting: Annotated[Span, Meta(ge=0, le=2**53)]
    sha256: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    """Of the file."""
    size: Count
    """Bytes."""

    @property
    def end(self) -> Instant:
        return Instant(self.start + self.lasting)


class StationStatus(Struct, frozen=True, omit_defaults=True):
    """The outbox, the camera, the disk and the clock of a station; None means unknown. A heartbeat is this as JSON.

    `seq` and `hash` are the last item of the outbox, `unsent` how many items the server has not acknowledged. Other fields that a station
    leaves out are unknown or without trouble.
    """

    seq: Count
    hash: Hash
    unsent: Count
    fps: Annotated[float, Meta(ge=0, le=10_000)] | None = None
    """Frames read per second, lately."""
    drops: Count = 0
    """Frames that were taken and never read, since the station was started."""
    disk_free: Annotated[int, Meta(ge=0, le=2**62)] | None = None
    """Bytes."""
    wall_moved: Annotated[Span, Meta(ge=-(2**53), le=2**53)] = Span(0)
    """How far the machine's wall clock has run away from the station's steady clock, in microseconds."""
    noted: Count = 0
    """How many facts the last of the server's signed checkpoints covers that the station keeps; 0 without one."""
    trial: bool = False
    """Whether nothing is recorded and nothing sent."""
    live: bool = False
    """Whether the source shows the present, and not a film."""
    camera_lost: bool = False
    frame_age_s: float | None = None
    """Seconds since the last frame of a live source."""
    latency_ms: float | None = None
    """From a frame's capture to its reading, of a live source."""
    dropped: float = 0.0
    """Share of the last minute's frames that were never read."""
    paper: float | None = None
    """Grey of white paper, 0 to 255: of the last minute's bibs, or else of the picture's brightest twentieth."""
    glare: float = 0.0
    """Share of the picture that is plain white."""
    edge: float | None = None
    """The sharpest edges' step from one pixel to the next, as a share of the contrast: of the last minute's bibs, or else of the picture."""
    smear: float | None = None
    """How far movement draws a code out, in modules."""
    module_px: float | None = None
    """Pixels per module of a code at a runner's nearest."""
    moving_s: float = 0.0
    """So many of the last seconds something large moved, and nothing was read."""
    unread: Count = 0
    """How many people passed and were not read since the station was started."""
    passed_lately: Count | None = None
    """How many people passed in the last minutes; None where nobody counts them."""
    unread_lately: Count = 0
    """Of those, how many were not read."""
    changed: float = 0.0
    """Share of the still parts of the picture that look different from before."""
    frozen_s: Annotated[float, Meta(ge=0)] = 0.0
    """Seconds for which the picture has been the same to the last pixel."""
    lacks_line: bool = False
    """Whether times are taken without knowing how large a bib is over the line."""
    conflicts: Count = 0
    """Of the last minute: bibs whose QR and mark name two runners."""
    evidence_stopped: bool = False
    """Whether pictures of scans find no room."""
    film_stopped: bool = False
    """Whether film finds no room."""
    film: Annotated[tuple[FilmSegment, ...], Meta(max_length=FILM_AT_ONCE)] = ()
    """Segments of film that the station holds and has not told of yet."""
    alarms: Annotated[tuple[StationAlarm, ...], Meta(max_length=20)] = ()
    """What is wrong with the stored items themselves."""
    direct: bool = False
    """Whether the log is on this machine, so that no server is used."""
    away_s: float | None = None
    """Seconds since the server stopped answering; None while it answers, or none is used."""
    refused: StationAlarm | None = None
    """Why the server does not take what is sent."""


class LastHeartbeat(Struct, frozen=True):
    """The last heartbeat of a lineage, from which station and when; `forked` once its history was another than the log's."""

    lineage: str
    station: str
    at: Instant
    status: StationStatus = field(name="beat")
    forked: bool = False
