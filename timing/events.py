"""The facts: what happened, in the past tense, frozen. Tags carry a version and are read for ever.

No fact holds personal data or text from outside: entrants, companies and teams are ids whose names live in the `directory`.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from timing.instants import Instant

At = Annotated[Instant, Meta(ge=0, le=2**53)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Word = Annotated[str, Meta(max_length=80)]
Bib = Annotated[int, Meta(ge=1, le=999_999)]

ScannedCode = Annotated[str, Meta(pattern=r"^([0-9A-Z]{11}|\?[0-9a-f]{16})\Z")]


class Fact(Struct, frozen=True, tag_field="event", forbid_unknown_fields=True, gc=False):
    """A line of the log. A field this version does not know makes it unreadable here, never half read."""


class RaceOpened(Fact, frozen=True, tag="RaceOpened/1"):
    """The log of a race begins; `course_m` is the course's length in metres."""

    race: Word
    course_m: Count


class EntrantRegistered(Fact, frozen=True, tag="EntrantRegistered/1"):
    """A person entered; registering the same entrant again amends the entry."""

    entrant: Word
    company: Word
    team: Word
    sex: Word
    category: Word
    wave: Word


class BibAssigned(Fact, frozen=True, tag="BibAssigned/1"):
    """An entrant got a number and the code in its QR."""

    bib: Bib
    entrant: Word
    code: Word


class WaveStarted(Fact, frozen=True, tag="WaveStarted/1"):
    """The gun of one wave."""

    wave: Word
    at: At


class GunMoved(Fact, frozen=True, tag="GunMoved/1"):
    """The gun of a wave was at another instant than first said; all times follow."""

    wave: Word
    at: At
    by: Word
    why: Annotated[str, Meta(max_length=200)]


class StationOpened(Fact, frozen=True, tag="StationOpened/1"):
    """A station's outbox stands at a point from here on; the first fact of every station's lineage."""

    station: Word
    point: Literal["start", "finish"]
    at: At


class ScanRecorded(Fact, frozen=True, tag="ScanRecorded/1"):
    """One visit of a code to a station, as it came.

    `code` is ours or, for any other text, `?` and a short hash of it: foreign text may be personal and stays at the station.
    `crossed_at` is the instant at which the bib reached the line, where the station could measure it.
    `sightings` counts the frames that showed the code; `frame` is the index of the best one.
    """

    code: ScannedCode
    first_at: At
    last_at: At
    sightings: Count
    frame: Count
    crossed_at: At | None = None


class BranchMerged(Fact, frozen=True, tag="BranchMerged/1"):
    """A forked history was looked at and taken in: its items stand in the lineage `branch`.

    The branch left `lineage` before item `first`; where the station stood until then holds for the branch too.
    """

    lineage: Word
    branch: Word
    first: Count
    by: Word
    why: Annotated[str, Meta(max_length=200)]


class LogRestored(Fact, frozen=True, tag="LogRestored/1"):
    """The log was put back from a copy that held `facts` facts; what stations sent later comes again, in another order."""

    facts: Count
    by: Word
    why: Annotated[str, Meta(max_length=200)]


Event = (
    RaceOpened
    | EntrantRegistered
    | BibAssigned
    | WaveStarted
    | GunMoved
    | StationOpened
    | ScanRecorded
    | BranchMerged
    | LogRestored
)
StationFact = StationOpened | ScanRecorded
"""What a station may say; everything else is the desk's to record."""
