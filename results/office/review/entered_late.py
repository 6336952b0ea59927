"""What the entries themselves ask the director to look at: spares that ran, and categories that are out of date. Pure."""

from collections import Counter
from collections.abc import Iterator
from datetime import date

from results.office.review.review import ReviewFinding
from timing.language import _
from timing.race.categories import outdated
from timing.race.fold import Race
from timing.race.spares import spare_of


def entry_findings(race: Race, day: date | None) -> Iterator[ReviewFinding]:
    """Each spare that a camera saw before anybody was said to have it, then whose age group is of another day or other rules."""
    seen = Counter(spare for scan, _ in race.unmatched_scans() if (spare := spare_of(race, scan.code)) is not None)
    for spare, scans in sorted(seen.items()):
        yield ReviewFinding(f"{_('a spare, given to nobody yet')}: {spare} ({scans})", (spare,))
    for text in outdated(race, race.rules, day):
        yield ReviewFinding(f"{text}")
