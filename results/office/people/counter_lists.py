"""What the counter goes through at the end: bibs that nobody fetched, and who has one and did not start, or the other way round. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final, Literal, get_args

from results.office.rulings.rulings import Office
from results.ranking.rows import Row, Status
from results.view.words import STATUSES
from timing.language import Language, Text, _
from timing.race.firms import FirmCard
from timing.race.fold import Race

CounterList = Literal["waiting", "absent", "unfetched"]
LISTS: Final[tuple[CounterList, ...]] = get_args(CounterList)
TITLES: Final[Mapping[CounterList, Text]] = {
    "waiting": _("Bibs not handed out"),
    "absent": _("Have the bib, not seen at the start"),
    "unfetched": _("Started, and the bib was not handed out here"),
}
COLUMNS: Final = ("bib", "name", "firm", "team", "building", "floor", "status")


@dataclass(frozen=True, slots=True)
class ListedBib:
    """Somebody on one of the lists; building and floor are their firm's."""

    entrant: str
    bib: int
    name: str
    firm: str
    team: str
    building: str
    floor: str
    status: str


def counter_lists(
    office: Office, cards: Mapping[str, FirmCard], language: Language
) -> Mapping[CounterList, list[ListedBib]]:
    """The lists, each by firm and bib."""
    rows = list(office.live.standings().by_id.values())
    found = {
        "waiting": _waiting(office.race, rows),
        "absent": absent(office.race, rows),
        "unfetched": _unfetched(office.race, rows),
    }
    return {
        one: sorted(_listed(office, cards, found[one], language), key=lambda line: (line.firm, line.bib))
        for one in LISTS
    }


def absent(race: Race, rows: Iterable[Row]) -> list[Row]:
    """Who has the bib, and no camera saw at the start or later; nobody before the first gun."""
    if not race.guns:
        return []
    return [row for row in _with_bib(rows) if _fetched(race, row) and row.status in (Status.REGISTERED, Status.DNS)]


def _waiting(race: Race, rows: Iterable[Row]) -> list[Row]:
    return [row for row in _with_bib(rows) if not _fetched(race, row) and row.status is not Status.WITHDRAWN]


def _unfetched(race: Race, rows: Iterable[Row]) -> list[Row]:
    return [row for row in _with_bib(rows) if not _fetched(race, row) and _started(row)]


def _with_bib(rows: Iterable[Row]) -> Iterator[Row]:
    return (row for row in rows if row.entrant.bib is not None)


def _fetched(race: Race, row: Row) -> bool:
    return row.entrant.id in race.office.handed_out


def _started(row: Row) -> bool:
    return bool(row.judged.start or row.judged.finish or row.judged.splits)


def _listed(
    office: Office, cards: Mapping[str, FirmCard], rows: Iterable[Row], language: Language
) -> Iterator[ListedBib]:
    names = office.names
    for row in rows:
        one = row.entrant
        card = cards.get(one.company, FirmCard(one.company))
        yield ListedBib(
            one.id,
            one.bib or 0,
            names.people.get(one.id, ""),
            names.company(one.company),
            names.own_team(one.team),
            card.building,
            card.floor,
            STATUSES[row.status].to(language),
        )
