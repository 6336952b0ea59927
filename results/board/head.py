"""The head, the one file that every viewer asks for again and again, and the index that it keeps fresh. Pure."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec

from results.board.api_models import index_entry
from results.board.site import Site
from results.ranking.rows import Row
from results.ranking.standings import Standings
from results.view.view import View, counted
from timing.race.instants import MILLISECOND

POLL_MS, IDLE_POLL_MS, OFFICIAL_POLL_MS = 2_000, 10_000, 30_000
CHANGES_KEPT = 40
Found = tuple[int | None, str, str, str]
"""A bib, its public name, the firm's id, and the time as it is printed."""


@dataclass(frozen=True, slots=True)
class Counts:
    """How many are entered, started, on the course and in."""

    registered: int
    started: int
    on_course: int
    finished: int


@dataclass(frozen=True, slots=True)
class BoardHead:
    """Where the board stands. Whoever holds the index of version `since` or a later one needs only `finishers` and `changed`.

    `gun_ms` is the first gun in milliseconds since 1970, so that a screen can show a running clock. `revision` is one number of what
    is shown beside the log (names, consent, firms' cards and the vote, without their counts): it moves while `version` may
    stand still, and what was made under another one is to be let go. `s/<version>-<revision>/` holds the tables of both.
    """

    version: int
    state: str
    edition: int | None
    counts: Counts
    next_ms: int
    since: int
    finishers: list[Found]
    changed: list[Found]
    gun_ms: int | None = None
    revision: int = 0


@dataclass(frozen=True, slots=True)
class SearchIndex:
    """What the browser searches; a runner names its firm by row."""

    version: int
    companies: list[tuple[str, str, int]]
    runners: list[tuple[int | None, str, int, str]]
    revision: int = 0


class ChangeLog:
    """Whose index entries the last versions changed, at most `CHANGES_KEPT`: phones then need not fetch the whole index."""

    def __init__(self, version: int) -> None:
        self.since = version
        self.version = version
        self._changes: deque[tuple[int, frozenset[str]]] = deque()

    def add(self, version: int, concerned: Iterable[str]) -> None:
        """Add a version that changed these entrants; the oldest changes are dropped where they become too many."""
        self._changes.append((self.version, frozenset(concerned)))
        self.version = version
        while sum(len(changed) for _, changed in self._changes) > CHANGES_KEPT:
            self._changes.popleft()
        self.since = self._changes[0][0] if self._changes else version

    @property
    def concerned(self) -> frozenset[str]:
        """All entrants who changed since version `since`."""
        return frozenset[str]().union(*(changed for _, changed in self._changes))


def changed_between(before: Standings, after: Standings, times: bool) -> list[str]:
    """The ids of entrants whose index entry differs, removed ones included; without `times` times are not compared."""

    def told(row: Row) -> tuple[object, ...]:
        return row.entrant, row.ruled.withheld, row.time if times else None

    old, new = before.by_id, after.by_id
    again = [(one, row) for one, row in new.items() if one not in old or old[one].judged is not row.judged]
    changed = [one for one, row in again if one not in old or told(old[one]) != told(row)]
    return changed + [one for one in old if one not in new]


def head_of(site: Site, since: int | None = None, changed: Sequence[Row] = ()) -> BoardHead:
    """The head of a version, and the rows that changed since another one."""
    view = site.view
    latest = [index_entry(view, row) for row in view.standings.latest]
    known = {bib for bib, *_ in latest}
    others = [_changed(view, row) for row in changed if row.entrant.bib is not None and row.entrant.bib not in known]
    counts = Counts(**counted(view))
    edition = view.edition.number if view.edition else None
    since = view.version if since is None else since
    return BoardHead(
        view.version,
        view.state,
        edition,
        counts,
        poll_ms(view, counts),
        since,
        latest,
        others,
        gun_ms(view),
        view.revision,
    )


def gun_ms(view: View) -> int | None:
    """The first gun in milliseconds since 1970; None before it."""
    return view.guns[0] // MILLISECOND if view.guns else None


def _changed(view: View, row: Row) -> Found:
    """An index entry; of a withheld runner only the bib, so that a phone removes it."""
    return (row.entrant.bib, "", "", "") if row.ruled.withheld else index_entry(view, row)


def poll_ms(view: View, counts: Counts) -> int:
    """Milliseconds until a phone asks again: few while people are on the course."""
    if counts.on_course:
        return POLL_MS
    return OFFICIAL_POLL_MS if view.state == "official" else IDLE_POLL_MS


def index_of(site: Site) -> SearchIndex:
    """The search index of a version."""
    view = site.view
    companies = sorted(site.members)
    number = {company: at for at, company in enumerate(companies)} | {"": -1}
    called = view.names.companies
    runners = [
        (bib, name, number[company], time)
        for bib, name, company, time in (index_entry(view, row) for row in site.shown.values())
    ]
    firms = [(company, called.get(company) or company, len(site.members[company])) for company in companies]
    return SearchIndex(view.version, firms, runners, view.revision)


def encoded(told: BoardHead | SearchIndex) -> bytes:
    return msgspec.json.encode(told)
