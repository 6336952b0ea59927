"""The facts: what happened, in the past tense, frozen. Tags carry a version and are read for ever.

No fact holds personal data or text from outside: entrants, companies and teams are ids whose names live in the `directory`.
A correction is a fact like any other; it says who (`by`) and `why`, and one `FactUndone` takes it back.
"""

from typing import Annotated, Literal

from msgspec import Meta, Struct

from timing.race.instants import Instant, Span
from timing.race.rules import Basis, Rules

At = Annotated[Instant, Meta(ge=0, le=2**53)]
Count = Annotated[int, Meta(ge=0, le=2**53)]
Word = Annotated[str, Meta(max_length=80)]
Name = Annotated[
    str, Meta(max_length=80, pattern=r"^[^\x00-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]*\Z")
]
"""The name of a station or wave, without control characters and signs that change the direction of writing."""
Bib = Annotated[int, Meta(ge=1, le=999_999)]
Shift = Annotated[Span, Meta(ge=-(2**53), le=2**53)]
Why = Annotated[str, Meta(max_length=200)]
RuledStatus = Literal["dns", "dnf", "dsq", "withdrawn"]
Role = Literal["", "director", "counter", "entry", "medical", "viewer"]
"""The role in the race office of the person who recorded a fact; empty if unknown."""
PrintedCode = Annotated[str, Meta(pattern=r"^[0-9A-Z]{11}\Z")]
"""One of our codes."""
Crossing = Literal["line", "estimated", "seen"]
"""How `crossed_at` was found: measured on both sides of the line; `estimated` with the speed of other runners, because this one was
seen too seldom or on one side only; `seen` without a line, at the moment when the bib appeared in a set size, the same for everybody."""
Box = tuple[Count, Count, Count, Count]
"""A rectangle in a frame, in pixels: left, top, width, height."""

ScannedCode = Annotated[str, Meta(pattern=r"^([0-9A-Z]{11}|\?[0-9a-f]{16})?\Z")]
"""One of our codes; for any other text `?` and a short hash of it, for foreign text may be personal and stays at the station; or empty."""


class Fact(Struct, frozen=True, tag_field="event", forbid_unknown_fields=True, gc=False):
    """A line of the log. A fact with a field that this version does not know is not decoded at all, rather than in part."""


class Attributed(Fact, frozen=True, omit_defaults=True, kw_only=True):
    """A fact that the race office records. `role` says in which role; the command line, which is the director's, leaves it out."""

    role: Role = "director"


class RaceOpened(Attributed, frozen=True, tag="RaceOpened/1"):
    """The log of a race begins; `course_m` is the course's length in metres."""

    race: Word
    course_m: Count
    by: Word = ""


class EntrantRegistered(Attributed, frozen=True, tag="EntrantRegistered/1"):
    """A person entered; registering the same entrant again amends the entry.

    `aged_on` is the day (ISO) on which the age was counted that gave the category; empty where the category was written. `course` is the
    distance they run, empty for the only one.
    """

    entrant: Word
    company: Word
    team: Word
    sex: Word
    category: Word
    wave: Word
    aged_on: Word = ""
    course: Word = ""
    by: Word = ""


class BibAssigned(Attributed, frozen=True, tag="BibAssigned/1"):
    """An entrant got a number and the code in its QR."""

    bib: Bib
    entrant: Word
    code: Word
    by: Word = ""


class MarkDrawn(Attributed, frozen=True, tag="MarkDrawn/1"):
    """The bib with this code bears this mark beside its QR: 64 cells in reading order, 1 for white, in hexadecimal.

    A later mark of the same code is the one in force; earlier ones stay known as revoked.
    """

    code: PrintedCode
    mark: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}\Z")]


class SpareDrawn(Attributed, frozen=True, tag="SpareDrawn/1"):
    """A spare bib with this number and code exists; nobody wears it until a `BibReplaced` assigns it."""

    bib: Bib
    code: PrintedCode


class WaveStarted(Attributed, frozen=True, tag="WaveStarted/1"):
    """The gun of one wave."""

    wave: Word
    at: At
    by: Word = ""


class GunMoved(Attributed, frozen=True, tag="GunMoved/1"):
    """Corrects the instant of a wave's gun; all times that depend on it change."""

    wave: Word
    at: At
    by: Word
    why: Why


class StationOpened(Fact, frozen=True, tag="StationOpened/1", omit_defaults=True):
    """A station's outbox stands at a point from here on; the first fact of every station's lineage.

    A pen holds the runners of `wave` before the start, and takes no times. A split is `metres` metres from the start. `courses` are the courses
    that pass here; empty for all.
    """

    station: Name
    point: Literal["pen", "start", "split", "finish"]
    at: At
    wave: Name = ""
    metres: Count = 0
    courses: tuple[Word, ...] = ()


class Scanned(Fact, frozen=True, tag="Scanned/1", omit_defaults=True):
    """One visit of a bib to a station, as it came; `source` tells how the station knew it.

    - `qr`: a camera read its code. `mark`: it knew the bib by the mark alone, which stood `margin` thousandths above the next best one.
    - `typed`: somebody typed the bib. `tap`: somebody said only that a person crosses; `code` is empty until a `TapNamed` tells it.

    `first_at` and `last_at` are the first and last sight; by hand they are the same. `crossed_at` is the instant at which the bib reached the
    line, where the station could tell it, and `crossing` how it was found. `sightings` counts the frames that showed the bib; `frame` is the
    index of the best one.
    """

    source: Literal["qr", "mark", "typed", "tap"]
    code: ScannedCode
    first_at: At
    last_at: At
    sightings: Count = 1
    frame: Count = 0
    crossed_at: At | None = None
    crossing: Crossing = "line"
    margin: Annotated[int, Meta(ge=0, le=2_000)] = 0


class BranchMerged(Attributed, frozen=True, tag="BranchMerged/1"):
    """An official accepted a fork from quarantine: its items are stored in the lineage `branch`.

    The branch left `lineage` before item `first`; the point of the station at that item holds for the branch too.
    """

    lineage: Word
    branch: Word
    first: Count
    by: Word
    why: Why


class LogRestored(Attributed, frozen=True, tag="LogRestored/1"):
    """The log was restored from a backup of `facts` facts; stations send later items again, so their order may differ."""

    facts: Count
    by: Word
    why: Why


class TapNamed(Fact, frozen=True, tag="TapNamed/1"):
    """The tap (or the `Unread`) that is item `tap` of the same outbox was of the bib with this code."""

    tap: Count
    code: PrintedCode


class Unread(Fact, frozen=True, tag="Unread/1", omit_defaults=True):
    """Somebody crossed and was in view from `first_at` to `last_at`, and the station could not read who.

    `crossed_at` is the instant at the line, if the station has one, and `crossing` tells how it was found. `sightings` counts the frames
    that showed the person; `frame` is the index of the frame that shows them best, and `box` is where in it. An official names the
    person by an `UnreadNamed` or says by an `UnreadDismissed` that it was nobody; the station may name them too, by a `TapNamed`.
    """

    first_at: At
    last_at: At
    frame: Count
    sightings: Count = 1
    crossed_at: At | None = None
    crossing: Crossing = "line"
    box: Box | None = None


class GunHeard(Fact, frozen=True, tag="GunHeard/1", omit_defaults=True):
    """A station noticed the gun, of a wave if it knows which. It starts nobody: an official says when the gun was."""

    at: At
    wave: Name = ""


class ClockSampled(Fact, frozen=True, tag="ClockSampled/1"):
    """A station asked the server for the time: sent and received by its own steady clock, between them the server's."""

    sent: At
    server_received: At
    server_sent: At
    received: At


class QrClockSeen(Fact, frozen=True, tag="QrClockSeen/1"):
    """A station saw another clock's code, which said `other_at`, in a picture that it took at `seen_at` by its own clock.

    `other` is the name that the shown clock gives itself.
    """

    other: Name
    other_at: At
    seen_at: At


class ServerClockRead(Fact, frozen=True, tag="ServerClockRead/1"):
    """The clocks of the race's server at one moment: `at` by its steady clock, which is the race's time, `wall` by the wall clock.

    `boot` names the time since the machine was started, in which its count stood at `ticks` microseconds. While it is the same, the
    race's time advances evenly from here, regardless of changes of the wall clock, in every program.
    """

    boot: Word
    ticks: Count
    at: At
    wall: At


class FilmJumped(Fact, frozen=True, tag="FilmJumped/1"):
    """A station reads a film whose clock jumped by `shift` at frame `frame`, to which it gave the instant `at`.

    `lasts` where the film went on from there: then nobody knows how right the instants behind it are. Of a live stream those of the
    pictures shortly before may be off by so much.
    """

    at: At
    shift: Shift
    frame: Count
    lasts: bool


class StationClosed(Fact, frozen=True, tag="StationClosed/1"):
    """The last fact of a station that ended its work: with it the log has everything that the outbox held."""

    at: At


class OutboxMended(Fact, frozen=True, tag="OutboxMended/1"):
    """This item was damaged on the station's disk: its outbox goes on as this lineage, numbered as it was in `of`.

    `found` begins what stood in its place, in hexadecimal; empty where nothing did. It counts for nothing.
    """

    of: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}\Z")]
    found: Annotated[str, Meta(pattern=r"^([0-9a-f]{2}){0,200}\Z")]


class RulesSet(Attributed, frozen=True, tag="RulesSet/1"):
    """These rules of judgement and ranking hold from here on, for everything that was ever seen."""

    rules: Rules
    by: Word
    why: Why


class CourseOpened(Attributed, frozen=True, tag="CourseOpened/1"):
    """A course of this race is `course_m` metres long, with timing points at `splits` metres from the start; pace and donations follow.

    Said again, it amends the course. The only course of a race has no name.
    """

    course_m: Count
    by: Word
    why: Why
    course: Word = ""
    splits: tuple[Count, ...] = ()


class WaveAssigned(Attributed, frozen=True, tag="WaveAssigned/1"):
    """Assigns an entrant to a wave; overrides what the pens saw."""

    entrant: Word
    wave: Word
    by: Word
    why: Why


class EntrantMoved(Attributed, frozen=True, tag="EntrantMoved/1"):
    """Corrects the company or team of an entrant."""

    entrant: Word
    company: Word
    team: Word
    by: Word
    why: Why


class CompaniesMerged(Attributed, frozen=True, tag="CompaniesMerged/1"):
    """Two spellings are one company: all entrants of `company` now run for `into`.

    `teams` are pairs of teams that become one: a team of `company` and the team of `into` with the same name.
    """

    company: Word
    into: Word
    by: Word
    why: Why
    teams: tuple[tuple[Word, Word], ...] = ()


class HeadcountDeclared(Attributed, frozen=True, tag="HeadcountDeclared/1"):
    """A company's number of employees; 0 takes the declaration back."""

    company: Word
    employees: Count
    by: Word
    why: Why


class BibReplaced(Attributed, frozen=True, tag="BibReplaced/1"):
    """An entrant wears a spare bib from now on; scans of the lost one still count."""

    entrant: Word
    bib: Bib
    code: Word
    by: Word
    why: Why


class StandInEntered(Attributed, frozen=True, tag="StandInEntered/1"):
    """Somebody new, `stand_in`, runs instead of an entrant, who is withdrawn: bib, code and what cameras saw of it go over.

    Firm, wave and team are those of the absent one unless another `team` is given; sex and category are the new person's own.
    `aged_on` as in `EntrantRegistered`.
    """

    entrant: Word
    stand_in: Word
    team: Word
    sex: Word
    category: Word
    by: Word
    why: Why
    aged_on: Word = ""


class BibsHandedOut(Attributed, frozen=True, tag="BibsHandedOut/1"):
    """The bibs of these entrants were handed out: to each of them, or all to their firm's captain. The first time counts."""

    entrants: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=10_000)]
    to: Literal["self", "captain"]
    at: At
    by: Word


class BibsPrinted(Attributed, frozen=True, tag="BibsPrinted/1"):
    """The bibs with these codes are on paper: their file stood its proof, or an official says so of bibs that were printed elsewhere."""

    codes: Annotated[tuple[PrintedCode, ...], Meta(min_length=1, max_length=10_000)]
    by: Word = ""
    why: Why = ""


class PrizeHandedOut(Attributed, frozen=True, tag="PrizeHandedOut/1"):
    """A prize of the rules was handed to its winner: an entrant, or a group's company or team. The first time counts.

    `division` is the list of the ranking that it is given in; several share a `place` whose results are equal.
    """

    prize: Word
    division: Word
    place: Annotated[int, Meta(ge=1, le=100_000)]
    winner: Word
    at: At
    by: Word


class BibsSwapped(Attributed, frozen=True, tag="BibsSwapped/1"):
    """Two entrants wore each other's bibs: numbers, codes and all their scans change hands."""

    one: Word
    other: Word
    by: Word
    why: Why


class ScanVoided(Attributed, frozen=True, tag="ScanVoided/1"):
    """Item `seq` of a lineage, a scan, is not to be counted."""

    lineage: Word
    seq: Count
    by: Word
    why: Why


class ScanNamed(Attributed, frozen=True, tag="ScanNamed/1"):
    """Item `seq` of a lineage, a tap or an unassigned scan, was of this entrant; a later naming of it stands instead.

    `point` says where the lineage stood, if it never did itself.
    """

    lineage: Word
    seq: Count
    entrant: Word
    point: Literal["", "start", "finish"]
    by: Word
    why: Why


class UnreadNamed(Attributed, frozen=True, tag="UnreadNamed/1"):
    """Item `seq` of a lineage, an `Unread`, was this entrant, who passed there at its crossing; a later naming of it stands instead.

    `point` says where the lineage stood, if it never did itself.
    """

    lineage: Word
    seq: Count
    entrant: Word
    by: Word
    why: Why
    point: Literal["", "start", "finish"] = ""


class UnreadDismissed(Attributed, frozen=True, tag="UnreadDismissed/1"):
    """Item `seq` of a lineage, an `Unread`, was no runner, or one whose passing is known already; it counts for nothing."""

    lineage: Word
    seq: Count
    by: Word
    why: Why


class PassingEntered(Attributed, frozen=True, tag="PassingEntered/1"):
    """An official enters when an entrant crossed a line, from paper or video. It overrides all scans."""

    entrant: Word
    point: Literal["start", "finish"]
    at: At
    by: Word
    why: Why


class StartOffsetGiven(Attributed, frozen=True, tag="StartOffsetGiven/1"):
    """An entrant started so long after (negative: before) the gun of the wave; moves with the gun."""

    entrant: Word
    offset: Shift
    by: Word
    why: Why


class TimeAdjusted(Attributed, frozen=True, tag="TimeAdjusted/1"):
    """So much is added to an entrant's times: a penalty, or (negative) time given back for help on the road."""

    entrant: Word
    amount: Shift
    by: Word
    why: Why


class StatusRuled(Attributed, frozen=True, tag="StatusRuled/1"):
    """An official sets the status of an entrant; it overrides what the cameras saw. Undoing it reinstates the entrant."""

    entrant: Word
    status: RuledStatus
    by: Word
    why: Why


class TimeConfirmed(Attributed, frozen=True, tag="TimeConfirmed/1"):
    """An official looked at a time that nobody would expect, and it stands; of another `time` of the same entrant this says nothing."""

    entrant: Word
    time: Shift
    by: Word
    why: Why


class ResultWithheld(Attributed, frozen=True, tag="ResultWithheld/1"):
    """An entrant's result counts and keeps its place, but is published without a name."""

    entrant: Word
    by: Word
    why: Why


class DeadHeatRuled(Attributed, frozen=True, tag="DeadHeatRuled/1"):
    """These entrants share a place, at the best of their times, whatever these become later; heats that share somebody are one.

    `basis` and `time` tell what the best was when it was ruled; no place depends on them.
    """

    entrants: Annotated[tuple[Word, ...], Meta(min_length=2, max_length=200)]
    basis: Basis
    time: Count | None
    by: Word
    why: Why


class StationRepointed(Attributed, frozen=True, tag="StationRepointed/1"):
    """Corrects the point of a station, for scans first seen from `since` to `until` (None: unlimited)."""

    station: Word
    point: Literal["start", "finish"]
    since: At | None
    until: At | None
    by: Word
    why: Why


class StationGivenUp(Attributed, frozen=True, tag="StationGivenUp/1"):
    """Nobody waits any more for what these outboxes of a station may still hold; what comes from them later counts all the same."""

    station: Word
    lineages: Annotated[tuple[Word, ...], Meta(min_length=1, max_length=1_000)]
    by: Word
    why: Why


class ClockRuled(Attributed, frozen=True, tag="ClockRuled/1"):
    """A station's clock was `ahead` of true time (negative: behind), known to ±`uncertainty`; its scans are corrected by that."""

    station: Word
    ahead: Shift
    uncertainty: Count
    by: Word
    why: Why


class ClockJumpRuled(Attributed, frozen=True, tag="ClockJumpRuled/1"):
    """Says whether the clock jump detected in item `seq` of a lineage was the server's or the station's."""

    lineage: Word
    seq: Count
    whose: Literal["server", "station"]
    by: Word
    why: Why


class CourseClosed(Attributed, frozen=True, tag="CourseClosed/1"):
    """The finish closed: later finishes do not count; starters without a finish are DNF, all others DNS."""

    at: At
    by: Word
    why: Why


class EditionPublished(Attributed, frozen=True, tag="EditionPublished/1"):
    """The results up to position `facts` were given out; `digest` is the SHA-256 of their files, in hexadecimal.

    `protest_until` is the end of a provisional edition's protest window; `despite` names stations that may have held back
    scans when the director made it official all the same.
    """

    number: Annotated[int, Meta(ge=1, le=100_000)]
    state: Literal["provisional", "official"]
    facts: Count
    digest: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}\Z")]
    protest_until: At | None
    despite: tuple[Word, ...]
    by: Word
    why: Why


class FilmDeleted(Attributed, frozen=True, tag="FilmDeleted/1"):
    """The film of the race that was taken before an instant was deleted, and every station told to delete its own; for good."""

    before: At
    by: Word
    why: Why


class ResultsHidden(Attributed, frozen=True, tag="ResultsHidden/1"):
    """Hides the results from the public, or (`hidden` false) shows them again; scans are recorded all the time."""

    hidden: bool
    by: Word
    why: Why


class FactUndone(Attributed, frozen=True, tag="FactUndone/1"):
    """Takes back the desk's fact at position `pos`, which may itself be a `FactUndone`."""

    pos: Count
    by: Word
    why: Why


Correction = (
    EntrantRegistered
    | WaveStarted
    | GunMoved
    | RulesSet
    | CourseOpened
    | WaveAssigned
    | EntrantMoved
    | CompaniesMerged
    | HeadcountDeclared
    | BibReplaced
    | StandInEntered
    | BibsPrinted
    | BibsHandedOut
    | PrizeHandedOut
    | BibsSwapped
    | ScanVoided
    | ScanNamed
    | UnreadNamed
    | UnreadDismissed
    | PassingEntered
    | StartOffsetGiven
    | TimeAdjusted
    | StatusRuled
    | TimeConfirmed
    | ResultWithheld
    | DeadHeatRuled
    | StationRepointed
    | StationGivenUp
    | ClockRuled
    | ClockJumpRuled
    | CourseClosed
    | ResultsHidden
    | FactUndone
)
"""The facts that a `FactUndone` can take back."""
StationFact = (
    StationOpened
    | StationClosed
    | Scanned
    | TapNamed
    | Unread
    | GunHeard
    | ClockSampled
    | QrClockSeen
    | FilmJumped
    | OutboxMended
)
"""The facts that stations may send; all others are recorded by the desk or a server."""
DeskFact = (
    RaceOpened
    | BibAssigned
    | MarkDrawn
    | SpareDrawn
    | BranchMerged
    | LogRestored
    | FilmDeleted
    | EditionPublished
    | Correction
)
ServerFact = ServerClockRead
"""The facts that a server records, in a lineage of its own."""
Event = DeskFact | StationFact | ServerFact
