"""The board for programs: every list, firm and runner as JSON and as CSV, with names as on the pages. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass, fields

import msgspec

from results.board.page_addresses import PARTICIPATION
from results.board.site import GroupList, RunnerList, Site
from results.files.csv_files import records_csv
from results.ranking.rankings import score_text
from results.ranking.rows import Row
from results.view.evidence import evidence_lines
from results.view.names import public_name
from results.view.view import FirmLine, View, card_of, group_lines, group_name, lines, score_face
from timing.language import Language
from timing.race.instants import Instant, Span, between, clock_face, milliseconds


@dataclass(frozen=True, slots=True)
class ListedRunner:
    """One runner as a list shows them; times in milliseconds, `time` as it is printed. A withheld one has no bib and no firm."""

    place: int | None
    bib: int | None
    name: str
    company_id: str
    company: str
    team: str
    sex: str
    category: str
    status: str
    time: str
    net_ms: str | None
    gun_ms: str | None


@dataclass(frozen=True, slots=True)
class ListedGroup:
    """One firm or team in a ranking: its score as the rule counts it, as it is printed, and the bibs counted."""

    place: int
    group: str
    name: str
    score: str | None
    score_text: str
    members: int
    bibs: list[int | None]


@dataclass(frozen=True, slots=True)
class ListedFirm:
    """How many of a firm are entered, out and in (null while results are hidden), and what it shows of itself once approved."""

    company_id: str
    company: str
    registered: int
    started: int | None
    finished: int | None
    link: str
    blurb: str


@dataclass(frozen=True, slots=True)
class Standing:
    """A firm's place in one ranking."""

    ranking: str
    place: int
    score_text: str


@dataclass(frozen=True, slots=True)
class Title:
    """A list's name in both languages."""

    ko: str
    en: str


@dataclass(frozen=True, slots=True)
class RunnerTable:
    """A whole list of runners."""

    title: Title
    state: str
    edition: int | None
    rows: list[ListedRunner]


@dataclass(frozen=True, slots=True)
class GroupTable:
    """A whole list of firms or teams."""

    title: Title
    state: str
    edition: int | None
    rows: list[ListedGroup]


@dataclass(frozen=True, slots=True)
class FirmTable:
    """Every firm."""

    state: str
    edition: int | None
    rows: list[ListedFirm]


@dataclass(frozen=True, slots=True)
class FirmResult:
    """A firm, the link and blurb that the organiser approved, its places, and its people."""

    company_id: str
    company: str
    state: str
    edition: int | None
    link: str
    blurb: str
    standing: list[Standing]
    runners: list[ListedRunner]


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a time rests on, line by line."""

    ko: list[str]
    en: list[str]


@dataclass(frozen=True, slots=True)
class Split:
    """A passing on the course, so many metres from the start, since the gun and the own start."""

    metres: int
    gun_ms: str | None
    net_ms: str | None


@dataclass(frozen=True, slots=True)
class RunnerResult:
    """A runner with all their places."""

    runner: ListedRunner
    sex_place: int | None
    category_place: int | None
    splits: list[Split]
    state: str
    edition: int | None
    evidence: Evidence


Table = RunnerTable | GroupTable | FirmTable


def table_of(site: Site, address: str) -> Table:
    """A list by its address.

    Raises:
        KeyError: there is none.
    """
    state, edition = _standing_of(site.view)
    if address == PARTICIPATION:
        rows = [_firm(site.view, firm) for firm in site.firms]
        return FirmTable(state, edition, rows)
    if one := site.runner_lists.get(address):
        return RunnerTable(
            Title(one.title.to("ko"), one.title.to("en")), state, edition, entries(site.view, site.rows_of(one), one)
        )
    group = site.group_lists[address]
    return GroupTable(Title(group.title.to("ko"), group.title.to("en")), state, edition, _groups(site.view, group))


def _firm(view: View, firm: FirmLine) -> ListedFirm:
    card = card_of(view, firm.company_id)
    return ListedFirm(
        firm.company_id, firm.name, firm.registered, firm.started, firm.finished, card.public_link, card.public_blurb
    )


def firm_of(site: Site, company: str) -> FirmResult:
    """A firm by its id.

    Raises:
        KeyError: there is none.
    """
    rows = [row for row in site.members[company] if not row.ruled.withheld and row.entrant.bib is not None]
    standing = [
        Standing(one.title.to("ko"), score.place, score_face(one.ranking.rule, score.score, "ko"))
        for one, score in site.scores_of.get(("company", company), ())
    ]
    name = site.view.names.company(company)
    card = card_of(site.view, company)
    shown = card.public_link, card.public_blurb
    return FirmResult(company, name, *_standing_of(site.view), *shown, standing, entries(site.view, rows))


def runner_of(site: Site, bib: int) -> RunnerResult:
    """A runner by bib.

    Raises:
        KeyError: nobody who may be shown wears it.
    """
    row = site.shown[bib]
    (entry,) = entries(site.view, [row])
    evidence = Evidence(*(evidence_lines(site.view, row, language) for language in _LANGUAGES))
    return RunnerResult(entry, row.sex_place, row.category_place, splits_of(row), *_standing_of(site.view), evidence)


def splits_of(row: Row) -> list[Split]:
    """Where on the course a runner was seen, in order."""
    begun = row.judged.start.at if row.judged.start else None
    return [
        Split(split.scan.metres, _since(row.judged.gun, split.at), _since(begun, split.at))
        for split in row.judged.splits
        if split.scan
    ]


def _since(begun: Instant | None, at: Instant) -> str | None:
    return None if begun is None else _ms(between(begun, at))


_LANGUAGES: tuple[Language, Language] = ("ko", "en")


def entries(view: View, rows: Sequence[Row], of: RunnerList | None = None) -> list[ListedRunner]:
    """Rows as a list shows them, with the place that counts in it."""
    given = [of.place(row) if of else row.place for row in rows]
    shown = lines(view, rows, given, "ko")
    return [
        ListedRunner(
            line.place,
            line.bib,
            "" if row.ruled.withheld else line.name,
            line.company_id,
            line.company,
            line.team,
            "" if row.ruled.withheld else row.entrant.sex,
            "" if row.ruled.withheld else row.entrant.category,
            "withheld" if row.ruled.withheld else "hidden" if view.state == "hidden" else row.status,
            line.time,
            _ms(row.net_time),
            _ms(row.gun_time),
        )
        for row, line in zip(rows, shown, strict=True)
    ]


def index_entry(view: View, row: Row) -> tuple[int | None, str, str, str]:
    """A runner's entry in the search index: bib, public name, the firm's id and the time as it is shown."""
    time = clock_face(row.time, view.standings.rules.rounding) if row.time is not None else ""
    return row.entrant.bib, public_name(view.names, row.entrant.id), row.entrant.company, time


def as_json(found: object) -> bytes:
    return msgspec.json.encode(found)


def as_csv(found: Table | FirmResult | RunnerResult) -> bytes:
    """The rows alone, as a spreadsheet opens them."""
    match found:
        case FirmResult(runners=runners):
            return _csv(ListedRunner, runners)
        case RunnerResult(runner=runner):
            return _csv(ListedRunner, [runner])
        case RunnerTable(rows=entered):
            return _csv(ListedRunner, entered)
        case GroupTable(rows=groups):
            return _csv(ListedGroup, groups)
        case FirmTable(rows=firms):
            return _csv(ListedFirm, firms)


def _csv(kind: type[ListedRunner | ListedGroup | ListedFirm], rows: Sequence[object]) -> bytes:
    return records_csv([field.name for field in fields(kind)], rows)


def _groups(view: View, one: GroupList) -> list[ListedGroup]:
    company = one.ranking.rule.group == "company"
    called = view.names.companies if company else view.names.teams
    rule = one.ranking.rule
    return [
        ListedGroup(
            score.place,
            score.group,
            group_name(called, score),
            None if score.score is None else score_text(rule, score.score),
            line.score,
            score.members,
            [None if row.ruled.withheld else row.entrant.bib for row in score.counters],
        )
        for score, line in zip(one.ranking.scores, group_lines(view, one.ranking, "ko"), strict=True)
    ]


def _standing_of(view: View) -> tuple[str, int | None]:
    return view.state, view.edition.number if view.edition else None


def _ms(time: Span | None) -> str | None:
    return None if time is None else milliseconds(time)
