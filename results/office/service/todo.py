"""What is to do in the race office, as one list: each item says what was seen, and ends by a tap or two."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from results.board.missing import known_of
from results.office.people.person_page import person_at
from results.office.review.plausibility import long_rows, short_rows
from results.office.review.review import ReviewFinding, review
from results.office.review.starts import finish_words, fitting_wave, seen_at, seen_words
from results.office.rulings.hand_times import STATES, line_now
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.office.service.permissions import Task
from results.ranking.rows import Flag, Row, Status
from results.view.evidence import nobody_s
from results.view.suggestions import suggestions_for
from timing.language import _
from timing.log.narration import POINTS
from timing.people.inbox import Message
from timing.race.events import EntrantMoved, EntrantRegistered
from timing.race.firms import FirmCard
from timing.race.instants import SECOND, clock_face, wall
from timing.race.passings import Point, Scan, UnmatchedReason
from timing.race.spares import spare_of
from timing.race.teams import CAPTAIN
from timing.stations.list import SILENT, StationLine
from timing.stations.station_advice import advice

EACH_MOST: Final = 20
"""Items of one kind on the page; the next ones come up as these are settled."""
SUGGESTED_MOST: Final = 8
"""Of the first so many it is said who they may be."""
SUGGESTIONS: Final = 3
AT: Final = "/office/todo"
RULE_AT: Final = "/office/todo/rule"
FIRM_AT: Final = "/office/todo/firm"


@dataclass(frozen=True, slots=True)
class Tap:
    """A button that settles an item: what it sends, and where to; with `preview` what it changes is shown first.

    `likely` ones stand out, with a remark why.
    """

    label: str
    fields: Mapping[str, str]
    remark: str = ""
    preview: bool = True
    likely: bool = False
    at: str = AT
    task: Task = "todo"
    """Who has no such task has no such button."""


@dataclass(frozen=True, slots=True)
class Asking(Tap):
    """A button with a field before it, `name`, and perhaps a choice of the point."""

    name: str = "bib"
    title: str = ""
    points: bool = False


@dataclass(frozen=True, slots=True)
class TodoItem:
    """One thing to do; `key` is its name on the page, `scan` the lineage and number whose picture belongs to it."""

    key: str
    task: Task
    title: str
    told: str = ""
    grave: bool = False
    scan: tuple[str, int] | None = None
    taps: Sequence[Tap] = ()
    asks: Sequence[Asking] = ()
    links: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, slots=True)
class TodoSources:
    """What the list is made from beside the log: reports, the firms' cards, the stations as they are."""

    messages: tuple[Message, ...] = ()
    cards: tuple[FirmCard, ...] = ()
    lines: Sequence[StationLine] = ()


@dataclass(frozen=True, slots=True)
class TodoList:
    """The items that are shown, the tasks that have more of them, and what else a review notices."""

    items: tuple[TodoItem, ...]
    more: frozenset[Task]
    noticed: tuple[ReviewFinding, ...]


def todo_list(office: Office, sources: TodoSources) -> TodoList:
    """Everything that is to do, the most urgent kind first, in the language that is spoken."""
    kinds = (
        _log_items(office),
        _silent(office, sources.lines),
        _unread(office),
        _strays(office),
        _starts(office),
        _times(office),
        _messages(office, sources.messages),
        _cards(office, sources.cards),
        _captains_moves(office),
        _not_closed(office, sources.lines),
    )
    found = [list(islice(items, EACH_MOST + 1)) for items in kinds]
    noticed = review(office.race, office.live.standings(), office.names, lambda at: wall(at, office.opened.zone))
    return TodoList(
        tuple(chain.from_iterable(items[:EACH_MOST] for items in found)),
        frozenset(items[0].task for items in found if len(items) > EACH_MOST),
        tuple(noticed),
    )


def reference(scan: Scan) -> str:
    """A scan's name in forms."""
    return f"{scan.lineage}#{scan.seq}"


def _where(office: Office, scan: Scan) -> str:
    point = "" if not scan.station else str(POINTS.get(scan.point, scan.point))
    return " ".join(filter(None, (scan.station, point, wall(scan.instant, office.opened.zone))))


def _key(kind: str, scan: Scan) -> str:
    return f"{kind}-{scan.lineage}-{scan.seq}"


def _unread(office: Office) -> Iterator[TodoItem]:
    """Taps and people whom nobody could read, in the order in which they passed, each with who they may be."""
    race = office.race
    taps = (scan for scan, reason in race.open_items() if reason is UnmatchedReason.UNNAMED_TAP)
    open_ = sorted(chain(race.open_unread(), taps), key=lambda scan: scan.order)
    first = open_[:SUGGESTED_MOST]
    likely = dict(zip(map(reference, first), suggestions_for(race, office.live.standings(), first, SUGGESTIONS), strict=True))  # fmt: skip
    for scan in open_:
        found = [(one, [*map(str, one.reasons)]) for one in likely.get(reference(scan), ())]
        shared = set.intersection(*(set(reasons) for _one, reasons in found)) if len(found) > 1 else set[str]()
        counted = [f"{office.label(one.entrant.id)}: {reasons[0]}" for one, reasons in found if one.counted]
        named = [
            Tap(
                office.label(one.entrant.id),
                _naming(scan, bib=one.entrant.id),
                "; ".join(reason for reason in reasons if reason not in shared),
                likely=not (one.late or counted),
            )
            for one, reasons in found
            if not one.counted
        ]
        already, no_runner = _dismissals(scan, "; ".join(counted))
        yield TodoItem(
            _key(scan.source, scan), "todo",
            str(_("tap without a bib") if scan.source == "tap" else _("passed unread")),
            _where(office, scan), scan=(scan.lineage, scan.seq),
            taps=[already, *named, no_runner] if counted else [*named, already, no_runner], asks=[_who(scan)],
        )  # fmt: skip


def _naming(scan: Scan, **more: str) -> dict[str, str]:
    return {"form": "name", "scan": reference(scan), "why": str(_("known by the picture")), **more}


def _who(scan: Scan) -> Asking:
    title = str(_("Bib or name"))
    return Asking(str(_("Assign")), _naming(scan), title=title, points=not scan.station)


def _dismissals(scan: Scan, counted: str = "") -> Iterator[Tap]:
    """That this was no runner, or somebody who is `counted` already: by whom, where that is known."""
    for why, who in ((_("counted already"), counted), (_("no runner"), "")):
        about = {"form": "dismiss", "scan": reference(scan), "why": str(why)}
        yield Tap(str(why), about, who, preview=False, likely=bool(who))


def _strays(office: Office) -> Iterator[TodoItem]:
    """Codes of nobody, each spare once, and what came from an outbox that never said where it stands."""
    race, spares = office.race, dict[int, list[Scan]]()
    for scan, reason in sorted(race.open_items(), key=lambda one: one[0].order):
        if reason is UnmatchedReason.UNNAMED_TAP:
            continue
        spare = spare_of(race, scan.code) if scan.station else None
        if spare is not None:
            spares.setdefault(spare, []).append(scan)
            continue
        holder = race.holder(scan.code)
        named = [Tap(office.label(holder.id), _naming(scan, bib=holder.id, point="finish"), str(_("at the finish")), likely=True)] if holder else []  # fmt: skip
        yield TodoItem(
            _key("stray", scan), "todo", nobody_s(race, scan), _where(office, scan), scan=(scan.lineage, scan.seq),
            taps=[*named, *_dismissals(scan)], asks=[_who(scan)],
        )  # fmt: skip
    for spare, scans in sorted(spares.items()):
        worn = {"form": "spare", "spare": str(spare), "why": str(_("wears the spare that cameras saw"))}
        yield TodoItem(
            f"spare-{spare}", "todo", str(_("spare {spare} was seen and is nobody's yet: who wears it?", spare=spare)),
            ", ".join(_where(office, scan) for scan in scans[:3]), scan=(scans[0].lineage, scans[0].seq),
            asks=[Asking(str(_("Assign")), worn, title=str(_("Bib or name")))],
            links=[(f"/office/new?spare={spare}", str(_("Somebody new wears it")))],
        )  # fmt: skip


def _starts(office: Office) -> Iterator[TodoItem]:
    """Whose start or finish was seen and does not count."""
    standings, race, zone = office.live.standings(), office.race, office.opened.zone
    for row in standings.others:
        if not row.held and Flag.FINISH_NOT_COUNTED not in row.flags:
            continue
        entrant, scan = row.entrant.id, seen_at(row)
        held = row.held and scan is not None
        text = seen_words(row, race, lambda at: wall(at, zone)) if held else finish_words(row, race, lambda at: wall(at, zone))  # fmt: skip
        yield TodoItem(
            f"start-{entrant}", "rule", str(_("not counted: {who}", who=office.label(entrant))), str(text),
            scan=(scan.lineage, scan.seq) if scan else None,
            taps=list(_start_taps(office, row, scan)) if held and scan else (),
            links=[(person_at(entrant), str(_("The person's page")))],
        )  # fmt: skip


def _start_taps(office: Office, row: Row, scan: Scan) -> Iterator[Tap]:
    """What the start may have been: with the wave that fits, then, or at the gun."""
    about = {"entrant": row.entrant.id, "why": str(_("by what was seen at the start"))}
    fits = fitting_wave(row, office.race, office.race.rules)
    if fits is not None:
        yield Tap(str(_("Started with wave {wave}", wave=fits)), {"form": "wave", "wave": fits, **about}, at=RULE_AT)
        return
    seen = wall(scan.instant, office.opened.zone)
    if scan.point is Point.START:
        yield Tap(str(_("Started when seen, {at}", at=seen)), {"form": "start", "at": seen, **about}, at=RULE_AT)
    yield Tap(str(_("Started at the gun")), {"form": "offset", "seconds": "0", **about}, at=RULE_AT)


def _times(office: Office) -> Iterator[TodoItem]:
    """Times that cannot be, or that nobody runs."""
    standings = office.live.standings()
    impossible = [row for row in standings.rows if row.impossible]
    for text, rows in (
        (_("an impossible time"), impossible),
        (_("too fast to be true"), short_rows(standings)),
        (_("far too long"), long_rows(standings)),
    ):
        for row in rows:
            time = "" if row.time is None else clock_face(row.time, standings.rules.rounding)
            scan = row.judged.finish.scan if row.judged.finish else None
            yield TodoItem(
                f"time-{row.entrant.id}", "rule", f"{text}: {office.label(row.entrant.id)}", time,
                scan=(scan.lineage, scan.seq) if scan else None,
                taps=list(_time_taps(office, row)), asks=[_other_time(row)],
                links=[(person_at(row.entrant.id), str(_("The person's page")))],
            )  # fmt: skip


def _time_taps(office: Office, row: Row) -> Iterator[Tap]:
    """What of a time may be wrong, by the cameras' own scans; or nothing is."""
    entrant, zone = row.entrant.id, office.opened.zone
    for passing in (row.judged.finish, row.judged.start):
        if passing and passing.scan:
            at = wall(passing.at, zone)
            start = passing.point is Point.START
            text = (
                _("The start at {at} does not count", at=at) if start else _("The finish at {at} does not count", at=at)
            )
            void = {
                "form": "void",
                "entrant": entrant,
                "scan": reference(passing.scan),
                "why": str(_("nobody runs this")),
            }
            yield Tap(str(text), void, at=RULE_AT)
    if row.time is not None and not row.impossible:
        stands = {"form": "confirm", "entrant": entrant, "time": str(row.time), "why": str(_("looked at: it stands"))}
        yield Tap(str(_("The time stands")), stands, preview=False, at=RULE_AT)


def _other_time(row: Row) -> Asking:
    about = {"form": "passing", "entrant": row.entrant.id, "why": str(_("by hand, for an odd time"))}
    return Asking(
        str(_("Enter by hand")), about, at=RULE_AT, name="at", title=str(_("Another time (14:17:05.2)")), points=True
    )


def _messages(office: Office, messages: Sequence[Message]) -> Iterator[TodoItem]:
    """What runners report, with what is known of the bib."""
    rows = office.live.standings().by_id
    for one in messages:
        if one.line:
            yield _paper_line(office, one)
            continue
        entrant = office.race.by_bib(one.bib) if one.bib else None
        known = known_of(one.bib, office.race, rows, office.names) if one.bib else ""
        yield TodoItem(
            f"message-{one.number}", "todo",
            str(_("a report: bib {written}", written=one.written or "–")),
            " · ".join(filter(None, (one.text, known, wall(one.at, office.opened.zone)))),
            taps=[Tap(str(_("Dealt with")), {"form": "message", "number": str(one.number)}, preview=False)],
            links=[(person_at(entrant.id), str(_("The person's page")))] if entrant else [],
        )  # fmt: skip


def _paper_line(office: Office, one: Message) -> TodoItem:
    """A line of a paper sheet that was not recorded: whose its time is, or nobody's."""
    row, about = line_now(office, one), {"form": "line", "number": str(one.number), "why": str(_("paper sheet {name}", name=one.text.removeprefix("#")))}  # fmt: skip
    point = str(_("Start") if one.line and one.line.point == "start" else _("Finish"))
    at = "" if row.at is None else wall(row.at, office.opened.zone)[:-2]
    told = [f"{point} {at}".strip(), one.text, str(STATES[row.state]), str(row.remark)]
    taps = []
    if row.entrant and row.state in ("new", "contradicts"):
        label = str(_("Take the time for {who}", who=office.label(row.entrant.id)))
        sure = row.state == "new"
        taps.append(Tap(label, {**about, "bib": row.entrant.id}, likely=sure, task="todo" if sure else "rule"))
    done = {"form": "message", "number": str(one.number)}
    taps.append(Tap(str(_("Dealt with: the time is not taken")), done, preview=False))
    return TodoItem(
        f"message-{one.number}", "todo",
        str(_("not recorded from paper: bib {written}", written=one.written) if one.bib else _("not recorded from paper: whose time is it?")),
        " · ".join(filter(None, told)), taps=taps,
        asks=[] if row.at is None else [Asking(str(_("Take the time")), about, title=str(_("Bib or name")))],
        links=[
            *([(person_at(row.entrant.id), str(_("The person's page")))] if row.entrant else []),
            *([("/office/sheet", str(_("Write it anew")))] if row.at is None else []),
        ],
    )  # fmt: skip


def _cards(office: Office, cards: Sequence[FirmCard]) -> Iterator[TodoItem]:
    """Links and blurbs of firms that nobody has looked at."""
    for card in cards:
        company = card.company
        if card.approved or not (card.link or card.blurb):
            continue
        seen = {"company": company, "link": card.link, "blurb": card.blurb}
        yield TodoItem(
            f"firm-{company}", "publish",
            str(_("to show on the page of {firm}?", firm=office.names.company(company))),
            " · ".join(filter(None, (card.blurb, card.link))),
            taps=[
                Tap(str(_("Show it")), {"form": "approve", **seen}, preview=False, at=FIRM_AT),
                Tap(str(_("Refuse it: the captain writes another")), {"form": "refuse", **seen}, preview=False, at=FIRM_AT),
            ],
        )  # fmt: skip


def _captains_moves(office: Office) -> Iterator[TodoItem]:
    """Moves that captains made and no official has looked at; what an official said of the same person since settles them."""
    last = dict[str, tuple[int, EntrantMoved | EntrantRegistered]]()
    for pos, fact in office.race.said.items():
        if isinstance(fact, EntrantMoved | EntrantRegistered) and office.race.holds(pos):
            last[fact.entrant] = pos, fact
    for entrant, (pos, fact) in last.items():
        if isinstance(fact, EntrantMoved) and fact.by.startswith(CAPTAIN) and entrant in office.race.entrants:
            about = {"pos": str(pos), "entrant": entrant, "why": str(_("looked at in the office"))}
            yield TodoItem(
                f"move-{pos}", "rule", str(_("a captain moved {who}: does it stand?", who=office.label(entrant))), told(office, fact),
                taps=[
                    Tap(str(_("It stands")), {"form": "stands", **about}, preview=False, at=RULE_AT),
                    Tap(str(_("Take it back")), {"form": "undo", **about}, at=RULE_AT),
                ],
                links=[(person_at(entrant), str(_("The person's page")))],
            )  # fmt: skip


def _log_items(office: Office) -> Iterator[TodoItem]:
    """Clocks that jumped, and what stands in the log and counts for nothing."""
    for one in office.race.open_jumps():
        which = f"{one.lineage}#{one.jump.seq}"
        about = {"form": "jump", "which": which, "why": str(_("looked at in the office"))}
        yield TodoItem(
            f"jump-{one.lineage}-{one.jump.seq}", "rule",
            str(_("a clock jumped by {by:+.3f} s: whose?", by=one.jump.by / SECOND)),
            f"{one.station} {wall(one.jump.before, office.opened.zone)}~{wall(one.jump.after, office.opened.zone)}", True,
            taps=[
                Tap(str(_("The station's")), {**about, "whose": "station"}, at=RULE_AT),
                Tap(str(_("The server's")), {**about, "whose": "server"}, at=RULE_AT),
            ],
        )  # fmt: skip
    for item in office.race.set_aside():
        about = {"form": "aside", "pos": str(item.pos), "why": str(_("looked at in the office"))}
        yield TodoItem(
            f"aside-{item.pos}", "rule", str(_("an item of the log counts for nothing")), str(item), True,
            taps=[Tap(str(_("It has been looked at")), about, at=RULE_AT)],
        )  # fmt: skip


def _silent(office: Office, lines: Sequence[StationLine]) -> Iterator[TodoItem]:
    """Stations that nobody hears of; they leave the list when they are heard again, or are not waited for any more."""
    now = office.opened.clock.now()
    for line in lines:
        if SILENT in line.warnings:
            yield TodoItem(
                f"silent-{line.lineage}", "rule", f"{line.station} {POINTS.get(line.point, line.point)}", str(advice(line, now).text), True,
                taps=[_giving_up(line.station)] if line.received else (),
            )  # fmt: skip


def _not_closed(office: Office, lines: Sequence[StationLine]) -> Iterator[TodoItem]:
    """Other stations that have not said that they are done, once everybody is in."""
    standings = office.live.standings()
    out = any(row.status is Status.STARTED for row in standings.others)
    if out or not standings.ranked:
        return
    silent = {line.station for line in lines if SILENT in line.warnings}
    for station in office.race.stations_at_work():
        if station not in silent:
            yield TodoItem(
                f"closing-{station}", "rule", str(_("{station} has not closed", station=station)),
                str(_("End its program there: what it still holds comes in, and it says that it is done.")),
                taps=[_giving_up(station)],
            )  # fmt: skip


def _giving_up(station: str) -> Tap:
    about = {"form": "give-up", "station": station, "why": str(_("its laptop is gone, or off"))}
    return Tap(str(_("Do not wait for it")), about, at=RULE_AT)
