"""The ranking of the firms whose bibs spectators scanned most, for pages and for programs. Pure."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, fields

from results.board.site import ROWS_ON_A_PAGE, Site
from results.files.csv_files import records_csv
from results.spectators.promotion import Promotion


@dataclass(frozen=True, slots=True)
class FirmScans:
    """A firm and its spectators' scans; equal counts share a place."""

    place: int
    company_id: str
    company: str
    scans: int


@dataclass(frozen=True, slots=True)
class FirmScanTable:
    """Every firm that was scanned."""

    rows: list[FirmScans]


def ranked(scans: Mapping[str, int], names: Mapping[str, str]) -> list[FirmScans]:
    """The firms with their places.

    >>> [(one.place, one.company) for one in ranked({"a": 2, "b": 5, "c": 2, "d": 1}, {"a": "가람", "c": "나래"})]
    [(1, 'b'), (2, '가람'), (2, '나래'), (4, 'd')]
    """
    order = sorted(scans.items(), key=lambda one: (-one[1], names.get(one[0]) or one[0]))
    found: list[FirmScans] = []
    for at, (company, number) in enumerate(order, 1):
        place = found[-1].place if found and found[-1].scans == number else at
        found.append(FirmScans(place, company, names.get(company) or company, number))
    return found


def scans_of(site: Site, shown: Promotion) -> Counter[str]:
    """How often spectators scanned the bibs of each firm, those of firms that are one now together."""
    found = Counter[str]()
    for company, number in shown.scans.items():
        found[site.company_now(company)] += number
    return found


def fans_of(site: Site, shown: Promotion) -> list[FirmScans]:
    return ranked(scans_of(site, shown), site.view.names.companies)


def fan_pages(site: Site, shown: Promotion) -> int:
    """How many pages the ranking fills; at least one."""
    return max(1, -(-len(scans_of(site, shown)) // ROWS_ON_A_PAGE))


def fans_csv(rows: list[FirmScans]) -> bytes:
    """The ranking for spreadsheets."""
    return records_csv([field.name for field in fields(FirmScans)], rows)
