"""What the announcer sees: who has just finished, who is coming, and milestones; with full names. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from operator import attrgetter
from typing import Final

from results.announcer.milestones import Milestone, milestones
from results.ranking.rows import Row, Status
from results.view.view import View, pace, tally
from timing.race.instants import MILLISECOND, between, clock_face
from timing.race.passings import Passing

CROSSED_MOST: Final = 12
COMING_MOST: Final = 12


@dataclass(frozen=True, slots=True)
class CrossedRunner:
    """Somebody who has crossed the finish: as which of the firm's people, of how many entered."""

    bib: int
    name: str
    company: str
    time: str
    place: int | None
    sex: str
    sex_place: int | None
    pace: str
    of_firm: int
    firm: int
    at_ms: int


@dataclass(frozen=True, slots=True)
class ComingRunner:
    """Somebody seen at the last split and not yet at the finish; `split` is the race time there."""

    bib: int
    name: str
    company: str
    metres: int
    split: str
    at_ms: int


@dataclass(frozen=True, slots=True)
class Announcement:
    """Everything the announcer sees at one version and revision (as in the head); `coming` is null where no split tells who is coming."""

    version: int
    state: str
    counts: dict[str, int]
    crossed: list[CrossedRunner]
    coming: list[ComingRunner] | None
    milestones: list[Milestone]
    revision: int = 0


def announced(view: View) -> Announcement:
    """The announcement for a view: the newest finishers first, and who is coming in the order expected."""
    finished = [row for row in view.standings.rows if row.status is Status.FINISHED]
    arrivals = sorted(finished, key=attrgetter("finished_at"))
    return Announcement(
        view.version,
        view.state,
        tally(view.standings),
        _crossed(view, arrivals),
        _coming(view),
        milestones(view, arrivals),
        view.revision,
    )


def _may_be_named(row: Row) -> bool:
    """Whether a runner may be announced: not one who is withheld or has no bib."""
    return not row.ruled.withheld and row.entrant.bib is not None


def _crossed(view: View, arrivals: Sequence[Row]) -> list[CrossedRunner]:
    size = Counter(row.entrant.company for row in view.standings.rows)
    inside = Counter(row.entrant.company for row in arrivals)
    found: list[CrossedRunner] = []
    for row in reversed(arrivals):
        firm = row.entrant.company
        if _may_be_named(row):
            found.append(_line(view, row, inside[firm], size[firm]))
        if len(found) == CROSSED_MOST:
            break
        inside[firm] -= 1
    return found


def _line(view: View, row: Row, of_firm: int, firm: int) -> CrossedRunner:
    entrant = row.entrant
    return CrossedRunner(
        bib=entrant.bib or 0,
        name=view.names.people.get(entrant.id, ""),
        company=view.names.company(entrant.company),
        time=clock_face(row.time, view.standings.rules.rounding) if row.time is not None else "",
        place=row.place,
        sex=entrant.sex,
        sex_place=row.sex_place,
        pace=pace(row.net_time, view.course_m),
        of_firm=of_firm if entrant.company else 0,
        firm=firm if entrant.company else 0,
        at_ms=row.finished_at // MILLISECOND,
    )


def _coming(view: View) -> list[ComingRunner] | None:
    """Those seen at the last split and not since, in that order; None where nobody was seen at any split."""
    last = max((_metres(split) for row in view.standings.rows for split in row.judged.splits), default=0)
    if not last:
        return None
    waiting = [
        (row, split)
        for row in view.standings.rows
        if row.status is Status.STARTED and _may_be_named(row)
        for split in row.judged.splits[-1:]
        if _metres(split) == last
    ]
    waiting.sort(key=lambda one: one[1].at)
    return [_came_by(view, row, split) for row, split in waiting[:COMING_MOST]]


def _came_by(view: View, row: Row, split: Passing) -> ComingRunner:
    begun = row.judged.start.at if row.judged.start else row.judged.gun
    face = "" if begun is None else clock_face(between(begun, split.at), view.standings.rules.rounding)
    name, firm = view.names.people.get(row.entrant.id, ""), view.names.company(row.entrant.company)
    return ComingRunner(row.entrant.bib or 0, name, firm, _metres(split), face, split.at // MILLISECOND)


def _metres(split: Passing) -> int:
    return split.scan.metres if split.scan else 0
