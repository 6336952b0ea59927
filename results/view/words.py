"""The texts of statuses, flags, reasons, rules and headings. Pure."""

from collections.abc import Mapping
from typing import Final, Literal

from results.ranking.rows import Flag, Status
from timing.language import Text, _
from timing.race.events import Crossing
from timing.race.passings import Reason, Source, UnmatchedReason
from timing.race.rules import Basis, Ties, TieStep

Shown = Literal["provisional", "official", "hidden"]
STATUSES: Final[Mapping[Status, Text]] = {
    Status.REGISTERED: _("Registered"),
    Status.STARTED: _("Started"),
    Status.FINISHED: _("Finished"),
    Status.DNS: _("Did not start"),
    Status.DNF: _("Did not finish"),
    Status.DSQ: _("Disqualified"),
    Status.WITHDRAWN: _("Withdrawn"),
}
FLAGS: Final[Mapping[Flag, Text]] = {
    Flag.NO_COMPANY: _("no firm given"),
    Flag.NO_SEX: _("no sex given"),
    Flag.NO_CATEGORY: _("no category given"),
    Flag.NO_BIB: _("no bib"),
    Flag.NO_GUN: _("no gun for the wave"),
    Flag.HELD: _("start seen and not counted: held until officials rule"),
    Flag.START_NOT_SEEN: _("start not seen"),
    Flag.START_NOT_COUNTED: _("start seen and not counted"),
    Flag.FINISH_NOT_COUNTED: _("finish seen and not counted"),
    Flag.BY_HAND: _("a passing entered by hand"),
    Flag.BY_MARK: _("known by the mark alone"),
    Flag.ADJUSTED: _("time changed by a ruling"),
    Flag.QUESTIONABLE: _("seen at the finish against a ruling"),
    Flag.CLOCK_DOUBTFUL: _("scans of a doubtful clock"),
    Flag.FILM_JUMPED: _("timed by a film whose clock jumped"),
    Flag.IMPOSSIBLE: _("an impossible time"),
}
REASONS: Final[Mapping[Reason, Text]] = {
    Reason.START_USED: _("counts as the start"),
    Reason.START_SUPERSEDED: _("a later start counts"),
    Reason.BEFORE_GUN: _("before the gun"),
    Reason.AFTER_WINDOW: _("after the start window"),
    Reason.AFTER_FINISH: _("after the finish"),
    Reason.FINISH_USED: _("counts as the finish"),
    Reason.TOO_EARLY: _("too early to be a finish"),
    Reason.TOO_SOON: _("too soon after the own start"),
    Reason.REPEATED: _("had finished already"),
    Reason.AFTER_CLOSE: _("after the finish closed"),
    Reason.OVERRULED: _("an official's ruling stands instead"),
    Reason.RULED_OUT: _("ruled out: DSQ, DNF, DNS or withdrawn"),
    Reason.VOIDED: _("voided by an official"),
    Reason.CLOCK_DOUBTFUL: _("the station's clock is doubtful"),
    Reason.IN_PEN: _("in the pen: tells the wave only"),
    Reason.SPLIT_USED: _("counts as a split"),
    Reason.SPLIT_REPEATED: _("had passed this split already"),
    Reason.BEFORE_START: _("before the own start"),
}
UNMATCHED: Final[Mapping[UnmatchedReason, Text]] = {
    UnmatchedReason.UNKNOWN_CODE: _("a code of nobody here (another race's bib, or a spare)"),
    UnmatchedReason.FOREIGN_TEXT: _("a QR that is no bib"),
    UnmatchedReason.UNNAMED_TAP: _("a tap without a bib"),
    UnmatchedReason.UNREAD: _("somebody who crossed and was not read"),
    UnmatchedReason.UNPLACED: _("of a station that never said where it stands"),
}
SOURCES: Final[Mapping[Source, Text]] = {
    "scan": _("camera"),
    "ruling": _("ruling"),
    "gun": _("start not seen, the gun stands in"),
}
CROSSINGS: Final[Mapping[Crossing, Text]] = {
    "line": _("crossing measured at the line"),
    "estimated": _("crossing estimated with the speed of other runners"),
    "seen": _("moment at which the bib appeared in a set size, for the station has no line"),
}
STATES: Final[Mapping[Shown, Text]] = {
    "provisional": _("Provisional results"),
    "official": _("Official results"),
    "hidden": _("Results not shown yet"),
}
"""How final the results on show are."""
BASES: Final[Mapping[Basis, Text]] = {
    "net": _("Ranked by net time, start line to finish line"),
    "gun": _("Ranked by gun time, gun to finish line"),
}
TIES: Final[Mapping[Ties, Text]] = {
    "share": _("equal times share a place"),
    "arrival": _("equal times keep the order of recording"),
}
TIE_STEPS: Final[Mapping[TieStep, Text]] = {
    "shared": _("equal scores share a place"),
    "best_first": _("ties: the fastest runner decides"),
    "each_in_turn": _("ties: runner by runner"),
    "next": _("ties: the next runner decides"),
    "but_last": _("ties: the sum without the last"),
    "head_to_head": _("ties: duels won"),
    "more_finishers": _("ties: more finishers"),
    "earlier_last": _("ties: the last runner in earlier"),
}
COMBINED: Final[Mapping[str, Text]] = {
    "sum": _("sum of the first {pick}"),
    "average": _("average of the first {pick}"),
    "nth": _("runner no. {pick}"),
    "together": _("{pick} who came in together"),
    "count": _("number of people"),
    "share": _("share of the employees"),
    "donation": _("donation by distance run"),
}
"""How a group's score is made; `{pick}` is how many count."""
SUMMED: Final[Mapping[str, Text]] = {
    "net": _("net time"),
    "gun": _("gun time"),
    "place": _("places"),
}
"""What is summed, where something is."""
SEXES: Final[Mapping[str, Text]] = {
    "M": _("Men"),
    "F": _("Women"),
}
SEX_OF_ONE: Final[Mapping[str, Text]] = {
    "M": _("Man"),
    "F": _("Woman"),
}
"""Of one person; `SEXES` are the lists of all."""
COUNTED: Final[Mapping[str, Text]] = {
    "registered": _("Registered"),
    "started": _("Started"),
    "on_course": _("On course"),
    "finished": _("Finished"),
}
"""How many are entered, started, out and in."""
HEADINGS: Final[Mapping[str, Text]] = {
    "place": _("Place"),
    "bib": _("Bib"),
    "name": _("Name"),
    "person": _("Runner"),
    "company": _("Firm"),
    "team": _("Team"),
    "sex": _("Sex"),
    "place_in_sex": _("In sex"),
    "sex_place": _("By sex"),
    "category": _("Category"),
    "place_in_category": _("In category / of"),
    "net": _("Time"),
    "net_time": _("Net time"),
    "gun_time": _("Gun time"),
    "pace": _("Pace"),
    "status": _("Status"),
    "score": _("Score"),
    "counted": _("Bibs counted"),
    "evidence_source": _("Source"),
    "prize": _("Prize"),
    "list": _("List"),
    "winner": _("Winner"),
    "notes": _("Notes"),
    "ranking": _("Ranking"),
    "group": _("Group"),
}
"""Columns and figures, by key."""


def placed(place: object) -> Text:
    """`3위`, and 3 in English."""
    return _("{place}", place=place)


def people(count: object) -> Text:
    """`12명`, and 12 in English, where a list says what is counted."""
    return _("{count}", count=count)
