"""The day at a glance: the figures, gun and clock, the stations with what to do, arrivals beside those expected."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final

from results.board.plots import Histogram
from results.office.rulings.acts import SHOWN, act_words, acts_of
from results.office.rulings.rulings import Office
from results.office.service.arrival_curve import ArrivalCurve, arrival_curve
from results.office.service.office_service import OfficeService
from results.office.service.permissions import may
from results.office.service.todo import AT, EACH_MOST, TodoSources, todo_list
from results.office.service.todo_decisions import lately_settled
from results.office.web.office_frame import office_page
from results.view.completeness import CrossedCount, by_station, completeness
from results.view.view import tally
from results.view.words import COUNTED
from timing.language import Language, Text, _, ngettext, speaking
from timing.log.narration import POINTS
from timing.people.office_acts import FIRM, REPORT, OfficeAct
from timing.people.office_seats import Official
from timing.race.events import Role
from timing.race.instants import MINUTE, SECOND, Instant, between, clock_face, wall
from timing.stations.list import StationLine
from timing.stations.registry import lines_now
from timing.stations.station_advice import CONDITIONS, StationAdvice, advice, heard_ago

CURVE_KEPT: Final = 10 * SECOND
"""So long an arrival curve is good while nothing new comes in."""
TODO_KEPT: Final = 5 * SECOND
"""So long the list is good while officials and runners say nothing new."""
LOOK_BACK: Final = 3
"""The last full bars that are compared with those expected."""
FEW: Final = 0.5
"""Share of the expected below which the finish should be looked at."""
EXPECTED_LEAST: Final = 10


@dataclass(frozen=True, slots=True)
class StationSeen:
    """A station as the overview shows it; `crossed` is empty where it does not look for people who pass unread."""

    name: str
    point: str
    advice: StationAdvice
    word: Text
    heard: Text
    crossed: str


@dataclass(frozen=True, slots=True)
class Notice:
    """What was done just now, and the form that takes it back, if one does."""

    text: Text
    undo: Mapping[str, str] = field(default_factory=dict)
    at: str = AT


def overview_page(
    service: OfficeService, official: Official, language: Language, notice: Notice | None = None, wrong: str = ""
) -> str:
    """The figures of the day, the stations, arrivals, and what is to do."""
    sources = service.todo_sources(EACH_MOST + 1) if may(official.role, "todo") else TodoSources()
    acts = _acts(service, official.role)
    with service.office() as office, speaking(language):
        standings, race, now = office.live.standings(), office.race, office.opened.clock.now()
        rows, facts, zone = standings.rows, race.facts, office.opened.zone
        lines = lines_now(office.opened, race, odd={})  # the log is not read while the race stands still
        content: dict[str, Any] = {
            "counts": _counts(office),
            "clock": (wall(now, zone)[:8], _of_day(now, office)),
            "guns": [(wave, wall(at, zone), clock_face(between(at, now), "down"), (now - at) // SECOND) for wave, at in sorted(race.guns.items())],
            "closed_at": "" if race.office.closed_at is None else wall(race.office.closed_at, zone),
            **_todo(service, office, official, language, replace(sources, lines=lines)),
            "acts": [act_words(office, one) for one in acts],
            "begins": not race.entrants and may(official.role, "direct"),
        }  # fmt: skip
        crossed = {one.station: one for one in by_station(completeness(race))}
    curve = service.arrivals.of((facts, now // CURVE_KEPT), lambda: arrival_curve(rows, now))
    with speaking(language):
        content["stations"] = [_station(line, now, crossed.get(line.station)) for line in lines]
        content["alarms"] = sum(one.advice.condition == "alarm" for one in content["stations"])
        content["arrivals"] = _plot(curve, now, service, language) if curve else None
        content["pictures"] = {one.scan: _picture(service, *one.scan) for one in content["todo"] if one.scan}
        return office_page(
            service,
            official,
            language,
            "overview.html",
            "/office/",
            notice=notice,
            wrong=wrong,
            todo_at=AT,
            lets_do=may(official.role, "todo"),
            **content,
        )


def _todo(
    service: OfficeService, office: Office, official: Official, language: Language, sources: TodoSources
) -> dict[str, Any]:
    """What is to do in this role and what was settled lately; for whoever rules also whatever else stands out."""
    key = len(office.race.said), office.opened.clock.now() // TODO_KEPT, sources.messages, sources.cards
    todo = service.todo[language].of(key, lambda: todo_list(office, sources))
    role = official.role
    return {
        "todo": [
            replace(one, taps=[tap for tap in one.taps if may(role, tap.task)])
            for one in todo.items
            if may(role, one.task)
        ],
        "todo_more": any(may(role, task) for task in todo.more),
        "lately": list(lately_settled(office, official)) if may(role, "todo") else [],
        "noticed": todo.noticed if may(role, "rule") else (),
    }


def _acts(service: OfficeService, role: Role) -> list[OfficeAct]:
    """What was decided lately beside the log; of firms' pages where the role decides that."""
    kinds = REPORT | (FIRM if may(role, "publish") else frozenset())
    return acts_of(service.opened).last(kinds, SHOWN) if may(role, "todo") else []


def _picture(service: OfficeService, lineage: str, seq: int) -> str:
    """`there`, or why there is no picture."""
    found = service.rooms.picture(service.opened, lineage, seq) if service.rooms.picture else "none"
    return found if isinstance(found, str) else "there"


def _counts(office: Office) -> list[tuple[str, int]]:
    """How many are entered, have their bib, are out and in."""
    tallied = [(str(COUNTED[key]), number) for key, number in tally(office.live.standings()).items()]
    given = office.race.office.handed_out
    return [
        *tallied[:1],
        (str(_("Bib handed out")), sum(one.id in given for one in office.race.running())),
        *tallied[1:],
    ]


def _of_day(now: Instant, office: Office) -> int:
    hours, minutes, seconds = wall(now, office.opened.zone)[:8].split(":")
    return int(hours) * 3600 + int(minutes) * 60 + int(seconds)


def _station(line: StationLine, now: Instant, crossed: CrossedCount | None) -> StationSeen:
    told = advice(line, now)
    counts = (
        _("{crossed} crossed: {named} named, {open} open", crossed=crossed.crossed, named=crossed.named, open=crossed.open)
        if crossed
        else ""
    )  # fmt: skip
    point = str(POINTS.get(line.point, line.point))
    return StationSeen(line.station, point, told, CONDITIONS[told.condition], heard_ago(line, now), str(counts))


def _plot(curve: ArrivalCurve, now: Instant, service: OfficeService, language: Language) -> dict[str, Any]:
    """What the template draws of the arrivals, in a picture, a sentence and a table."""
    bins, zone = curve.came, service.opened.zone
    drawn = Histogram(bins, lambda at: wall(Instant(at), zone)[:5], max(curve.expected, default=0))
    edges = list(bins.edges())
    told, few = _lately(curve, now)
    passing = bins.start <= now < bins.start + len(bins.counts) * bins.width
    return {
        "histogram": drawn,
        "line": drawn.line(curve.expected),
        "now": (drawn.x(now), _("now").to(language)) if passing else None,
        "each": ngettext("each bar: {n} minute", "each bar: {n} minutes", bins.width // MINUTE).to(language),
        "told": told.to(language),
        "few": few,
        "rows": [
            (f"{drawn.face(begin)}–{drawn.face(end) if end is not None else ''}", number, round(curve.expected[at]) if curve.expected else None)
            for at, ((begin, end), number) in enumerate(zip(edges, bins.counts, strict=True))
        ],
    }  # fmt: skip


def _lately(curve: ArrivalCurve, now: Instant) -> tuple[Text, bool]:
    """What came in the last full bars beside what was expected, and whether that is too little."""
    bins = curve.came
    full = [at for at, (_begin, end) in enumerate(bins.edges()) if end is not None and end <= now][-LOOK_BACK:]
    passed = now >= bins.start + len(bins.counts) * bins.width
    if not curve.expected or not full or passed:
        return _("{n} have arrived.", n=sum(bins.counts)), False
    came, expected = sum(bins.counts[at] for at in full), round(sum(curve.expected[at] for at in full))
    minutes = len(full) * bins.width // MINUTE
    if expected >= EXPECTED_LEAST and came < FEW * expected:
        return _(
            "In the last {minutes} min {came} arrived and about {expected} were expected: look at the finish, whether its cameras read.",
            minutes=minutes, came=came, expected=expected,
        ), True  # fmt: skip
    return _(
        "In the last {minutes} min {came} arrived, about {expected} were expected.",
        minutes=minutes, came=came, expected=expected,
    ), False  # fmt: skip
