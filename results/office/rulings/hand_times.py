"""Times written by hand beside what the race knows: what each row of a paper sheet confirms, adds or contradicts. Pure."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Final, Literal, NamedTuple

from msgspec.structs import replace

from results.office.review.plausibility import too_soon
from results.office.rulings.paper_rows import HOUR_S, ROWS_MOST, WrittenRow, written_rows
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.ranking.rows import Row, Status
from results.view.words import STATUSES
from timing.errors import WrongUse
from timing.language import NOTHING, Text, _, listed, warning
from timing.people.inbox import Message
from timing.people.office_seats import Official
from timing.race.clock import AHEAD_MOST
from timing.race.events import FactUndone, PassingEntered, Role
from timing.race.instants import SECOND, Instant, Span, later, wall
from timing.race.lookup import wore
from timing.race.moments import moment
from timing.race.office_state import Entrant
from timing.race.passings import Passing, Point, Scan

WITHIN: Final = Span(10 * SECOND)
"""A camera that saw the bib so near to the written time confirms it."""
HandPoint = Literal["start", "finish"]
State = Literal["confirms", "new", "contradicts", "unknown", "duplicate", "unclear"]
STATES: Final[dict[State, Text]] = {
    "confirms": _("confirmed"),
    "new": _("new"),
    "contradicts": _("contradicts"),
    "unknown": _("unknown bib"),
    "duplicate": _("twice"),
    "unclear": _("cannot be read"),
}
LEFT: Final[frozenset[State]] = frozenset(STATES) - {"confirms", "new"}
"""What a person has to look at: such rows stay among the reports until somebody ends them."""


class PaperSheet(NamedTuple):
    """What was typed: rows for a point, by the clock on the wall or by a race clock that began at the gun."""

    text: str
    point: HandPoint
    by_gun: bool = False
    hour: int | None = None
    """The hour of the first row where it is not the one that follows the gun."""


@dataclass(frozen=True, slots=True)
class CheckedRow:
    """A row with what the race knows of it."""

    row: WrittenRow
    state: State
    remark: Text = NOTHING
    at: Instant | None = None
    entrant: Entrant | None = None


@dataclass(frozen=True, slots=True)
class HandBatch:
    """Passings that were entered one after the other by one person for one reason: the first fact's position, and those in force."""

    first: int
    why: str
    by: str
    role: Role
    positions: tuple[int, ...]

    def of(self, who: Official) -> bool:
        """Whether this official entered it."""
        return (self.by, self.role) == (who.name, who.role)


def typed_sheet(sent: Mapping[str, str]) -> PaperSheet:
    """The sheet that a form sent.

    Raises:
        WrongUse: the hour is none, or there are more rows than a sheet has.
    """
    hour = sent.get("hour", "")
    if len(sent.get("rows", "").splitlines()) > ROWS_MOST:
        raise WrongUse(_("a sheet has at most {most} rows; write the others on another one", most=ROWS_MOST))
    if hour and not (hour.isascii() and hour.isdigit() and int(hour[:3]) < 24):
        raise WrongUse(_("the hour is a number from 0 to 23"))
    point: HandPoint = "start" if sent.get("point") == "start" else "finish"
    return PaperSheet(sent.get("rows", ""), point, sent.get("clock") == "gun", int(hour) if hour else None)


def checked(office: Office, sheet: PaperSheet) -> list[CheckedRow]:
    """Each row of a sheet and what it says beside what is known; a sheet that was recorded before says nothing new.

    Raises:
        WrongUse: the written times have no day, or no gun, to count from.
    """
    race, zone, now = office.race, office.opened.zone, office.opened.clock.now()
    gun = min(race.guns.values(), default=None)
    if sheet.by_gun and gun is None:
        raise WrongUse(_("the gun has not been fired: there is nothing to count from"))
    day_of = now if gun is None else gun
    since = 0 if sheet.by_gun else _time_of_day(wall(day_of, zone))
    if sheet.hour is not None:
        since = sheet.hour * HOUR_S
    elif sheet.point == "start":
        since -= HOUR_S // 2  # not everybody waits for the gun
    worn = {one.bib: one for one in race.entrants.values() if one.bib is not None}
    waiting = [one for one in (*race.open_unread(), *_taps(office)) if one.point == sheet.point]
    found, seen = list[CheckedRow](), dict[str, WrittenRow]()
    for row in written_rows(sheet.text, since):
        if row.seconds is None:
            found.append(CheckedRow(row, "unclear", row.wrong))
            continue
        at = later(day_of, Span(row.seconds * SECOND)) if sheet.by_gun else _instant(row.seconds, day_of, office)
        entrant = (worn.get(row.bib) or wore(race, row.bib)) if row.bib is not None else None
        found.append(_checked(office, sheet.point, row, at, entrant, waiting, seen))
    return found


def line_now(office: Office, message: Message) -> CheckedRow:
    """What the race knows by now of a line that was not recorded; `unclear` where no time could be read."""
    row, line = WrittenRow(0, message.text, None, message.bib), message.line
    if line is None or line.passed is None:
        return CheckedRow(row, "unclear")
    entrant = None if message.bib is None else office.race.by_bib(message.bib) or wore(office.race, message.bib)
    return _checked(office, line.point, row, line.passed, entrant, (), {})


def take_line(office: Office, message: Message, who: str, official: Official, why: str, rules: bool) -> Decision:
    """The time of a line that was not recorded, for whom a person names; what contradicts the race is for whoever `rules`.

    Raises:
        WrongUse: no time could be read, the race has it already, or it contradicts what is known.
        RaceError: nobody is called so.
    """
    line = message.line
    if line is None or line.passed is None:
        raise WrongUse(_("no time can be read in this line; write it anew among the times by hand"))
    entrant = office.entrant(who)
    state, remark = _beside(office, line.point, line.passed, office.live.standings().by_id[entrant.id])
    told = _("{who}: {remark}", who=office.label(entrant.id), remark=remark)
    if state == "confirms":
        raise WrongUse(_("{told}; there is nothing to record: end the line as dealt with", told=told))
    if state == "contradicts" and not rules:
        raise WrongUse(_("{told}; only the director takes a time that contradicts what is known", told=told))
    fact = PassingEntered(entrant.id, line.point, line.passed, official.name, why)
    return Decision([fact], [warning(told)] if state == "contradicts" else []).in_role(official.role)


def batch_of(office: Office, sheet: PaperSheet, by: str, why: str, role: Role) -> Decision:
    """The rows that say something new, as passings of one batch.

    Raises:
        WrongUse: there is none, or the sheet has nothing to count from.
    """
    new = [row for row in checked(office, sheet) if row.state == "new" and row.entrant and row.at is not None]
    if not new:
        raise WrongUse(_("no row says anything new; nothing is to be recorded"))
    facts = [PassingEntered(one.entrant.id, sheet.point, one.at, by, why) for one in new if one.entrant and one.at]
    return Decision(facts).in_role(role)


def hand_batches(office: Office) -> list[HandBatch]:
    """What was entered by hand and still holds, the last first."""
    entered = [(pos, fact) for pos, fact in office.race.said.items() if isinstance(fact, PassingEntered)]
    runs = groupby(
        enumerate(entered), key=lambda one: (one[1][1].why, one[1][1].by, one[1][1].role, one[1][0] - one[0])
    )
    batches = []
    for (why, by, role, _run), numbered in runs:
        every = [pos for _number, (pos, _fact) in numbered]
        held = tuple(pos for pos in every if pos not in office.race.gone)
        if held:
            batches.append(HandBatch(every[0], why, by, role, held))
    return batches[::-1]


def undo_batch(office: Office, first: int, who: Official, why: str, every: bool) -> Decision:
    """Take back a batch that was entered by hand: one's own, or of `every` official.

    Raises:
        WrongUse: it is none, was taken back already, or is another's.
    """
    batch = next((one for one in hand_batches(office) if one.first == first), None)
    if batch is None:
        raise WrongUse(_("it was taken back already"))
    if not (every or batch.of(who)):
        raise WrongUse(_("you take back what you did yourself; anything else is the director's"))
    return Decision([FactUndone(pos, who.name, why) for pos in batch.positions]).in_role(who.role)


def left_over(rows: Sequence[CheckedRow]) -> list[CheckedRow]:
    """The rows that a person has to look at."""
    return [one for one in rows if one.state in LEFT]


def sums(rows: Sequence[CheckedRow]) -> list[tuple[State, int]]:
    """How many rows are in each state that occurs."""
    counts = Counter(one.state for one in rows)
    return [(state, counts[state]) for state in STATES if counts[state]]


def _checked(
    office: Office,
    point: HandPoint,
    row: WrittenRow,
    at: Instant,
    entrant: Entrant | None,
    waiting: Sequence[Scan],
    seen: dict[str, WrittenRow],
) -> CheckedRow:
    if entrant is None:
        spare = row.bib in office.race.office.spares
        why = row.wrong if row.wrong.msgid else _("a spare, given to nobody yet") if spare else NOTHING
        return CheckedRow(row, "unknown", why, at)
    state, remark = _beside(office, point, at, office.live.standings().by_id[entrant.id])
    if first := seen.get(entrant.id):
        already = _("stands on this sheet already: line {line}, {text}", line=first.line, text=first.text)
        return CheckedRow(row, "duplicate", listed([already, remark]), at, entrant)
    seen[entrant.id] = row
    if state == "new" and (near := _nearest(at, [one.instant for one in waiting])) is not None:
        off = f"{(near - at) / SECOND:+.1f}"
        remark = _("somebody unread crossed {off} s from then", off=off)
    return CheckedRow(row, state, remark, at, entrant)


def _beside(office: Office, point: HandPoint, at: Instant, row: Row) -> tuple[State, Text]:
    """What the race knows of somebody at this point."""
    judged, zone = row.judged, office.opened.zone
    passing = judged.start if point == "start" else judged.finish
    seen = [scan.instant for scan, _reason in judged.reasons if scan.point == point and not scan.voided]
    if (near := _nearest(at, seen)) is not None:
        return "confirms", _("seen {off} s from then", off=f"{(near - at) / SECOND:+.1f}")
    entered = passing.at if passing and passing.source == "ruling" else None
    if entered == at:
        return "confirms", _("entered already")
    if entered is not None:
        return "contradicts", _("entered by hand as {at}", at=wall(entered, zone))
    if seen:
        return "contradicts", _("a camera saw the bib at {at}", at=wall(min(seen, key=lambda one: abs(one - at)), zone))
    if row.status in (Status.DNS, Status.WITHDRAWN, Status.DNF, Status.DSQ):
        return "contradicts", STATUSES[row.status]
    if at > office.opened.clock.now() + AHEAD_MOST:
        return "contradicts", _("{at} has not come yet", at=wall(at, zone))
    return ("contradicts", wrong) if (wrong := _impossible(office, point, at, row)).msgid else ("new", NOTHING)


def _impossible(office: Office, point: HandPoint, at: Instant, row: Row) -> Text:
    """Why nobody can have passed then: before the own start, after the own finish, or too soon; empty where they can."""
    judged, rules = row.judged, office.live.standings().rules
    if point == "start":
        return _("after the own finish") if judged.finish and at >= judged.finish.at else NOTHING
    started = judged.start.at if judged.start else judged.gun
    if started is not None and at <= started:
        return _("before the own start")
    supposed = replace(judged, finish=Passing(Point.FINISH, at, "ruling"))
    return _("below the least time that the rules allow") if too_soon(supposed, rules) else NOTHING


def _nearest(at: Instant, seen: Sequence[Instant]) -> Instant | None:
    """The nearest of these instants, if it is within ten seconds."""
    near = min(seen, key=lambda one: abs(one - at), default=None)
    return near if near is not None and abs(near - at) <= WITHIN else None


def _taps(office: Office) -> Iterator[Scan]:
    return (scan for scan, _reason in office.race.open_items() if scan.source == "tap" and scan.station)


def _instant(seconds: int, near: Instant, office: Office) -> Instant:
    hours, rest = divmod(seconds, HOUR_S)
    return moment(f"{hours % 24}:{rest // 60:02}:{rest % 60:02}", near, office.opened.zone, may_precede=True)


def _time_of_day(shown: str) -> int:
    hours, minutes, seconds = shown.split(":")
    return int(hours) * HOUR_S + int(minutes) * 60 + int(float(seconds))
