"""What the race office looks through: the rulings so far, what is to be checked, and the scans that count for nobody."""

from collections.abc import Iterator
from dataclasses import dataclass

from results.office.review.entered_late import entry_findings
from results.office.review.review import ReviewFinding, review
from results.office.rulings.rulings import at_desk
from results.office.rulings.telling import told
from results.view.evidence import nobody_s, scan_words
from timing.folder import OpenRace
from timing.language import _
from timing.people.inbox import Inbox
from timing.race.events import Correction, EntrantRegistered
from timing.race.instants import dated, wall
from timing.race.passings import Point


@dataclass(frozen=True, slots=True)
class RulingLine:
    """A ruling with its position in the log, when it was recorded, and whether it was taken back."""

    position: int
    recorded: str
    in_force: bool
    sentence: str


def rulings_of(opened: OpenRace, undone_too: bool = False) -> Iterator[RulingLine]:
    """The rulings in the order in which they were recorded: those in force, or all; entries are no rulings."""
    office, now = at_desk(opened), opened.clock.now()
    recorded = {fact.pos: dated(fact.received_at, now, opened.zone)[:-2] for fact in opened.log.read()}
    for position, fact in office.race.said.items():
        in_force = office.race.holds(position)
        if isinstance(fact, Correction) and not isinstance(fact, EntrantRegistered) and (in_force or undone_too):
            yield RulingLine(position, recorded[position], in_force, told(office, fact))


def everything_to_review(opened: OpenRace) -> Iterator[ReviewFinding]:
    """What runners reported, then what the log and the entries ask to be looked at."""
    office = at_desk(opened)
    if reports := Inbox(opened.engine, opened.settings.id).messages():
        written = tuple(one.written for one in reports)
        yield ReviewFinding(f"{_('reports of missing times (`marathon board inbox`)')}: {len(reports)}", written)
    yield from review(office.race, office.live.standings(), office.names, lambda at: wall(at, opened.zone))
    yield from entry_findings(office.race, opened.settings.date)


def unassigned_scans(opened: OpenRace) -> Iterator[str]:
    """Each scan or tap that counts for nobody, in order, with the name that `marathon rule name` takes, and why."""
    folded = opened.fold()
    for scan, _reason in sorted(folded.open_items(), key=lambda item: item[0].order):
        where = "" if scan.point is Point.PEN or not scan.station else f" {scan.point}"
        seen = f"{scan_words(scan, opened.zone)}{where}  {scan.code}".strip()
        yield f"{scan.lineage[:8]}#{scan.seq}  {seen}  {nobody_s(folded, scan)}"
