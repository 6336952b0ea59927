"""Close results in words: who, how close and how sure, and which film tells. Pure."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from results.ranking.close_results import CloseResults, Estimate
from results.ranking.rows import Row
from timing.language import Text, _
from timing.race.instants import SECOND, Instant, clock_face, later, span
from timing.race.known_names import Names

MEASURED_SHOWN: Final = 6
"""Of a long run's first; the estimated are shown all."""
BEFORE: Final = span(-1.5)
"""From when on the film is looked at, for three seconds."""
Wall = Callable[[Instant], str]


def close_words(one: CloseResults, uncertainty_ms: float, names: Names, time_of_day: Wall) -> str:
    """One line: each with place, bib, name and time, how far behind the one before and, where the time is estimated (≈), how sure."""
    people = list(_people(one, names, time_of_day))
    left_off = f" … +{len(one.rows) - len(people)}" if len(people) < len(one.rows) else ""
    told = f"{' – '.join(people)}{left_off}"
    if one.roughest is None:
        return f"{_('closer than the clocks can tell: look at the picture')}: {told}, ±{uncertainty_ms / 1000:.3f} s"
    heading = _("places that hang on an estimated instant (≈): look at the film, then rule")
    return f"{heading}: {told}  {_film(one.roughest, time_of_day)}"


def _people(one: CloseResults, names: Names, time_of_day: Wall) -> Iterator[str]:
    ahead = one.rows[0]
    for at, (row, estimates) in enumerate(zip(one.rows, one.estimates, strict=True)):
        if at < MEASURED_SHOWN or estimates:
            behind = "" if at == 0 else f"(+{((row.time or 0) - (ahead.time or 0)) / SECOND:.3f} s)"
            words = _who(row, names), _time(row, estimates, time_of_day), behind
            yield " ".join(filter(None, words))
        ahead = row


def _who(row: Row, names: Names) -> str:
    return f"{row.place}. {row.entrant.bib or '–'} {names.people.get(row.entrant.id, '')}".strip()


def _time(row: Row, estimates: Sequence[Estimate], time_of_day: Wall) -> str:
    time = "" if row.time is None else clock_face(row.time, "none")
    told = (
        f"±{one.margin / SECOND:.2f} s {one.passing.scan.station} {time_of_day(one.passing.at)}"
        for one in estimates
        if one.passing.scan
    )
    return f"≈{time} {', '.join(told)}" if estimates else time


def _film(estimate: Estimate, time_of_day: Wall) -> Text:
    scan = estimate.passing.scan
    return _(
        "→ marathon film --station {station} --at {at} --for 3 --strip; marathon rule {point} / rule dead-heat",
        station=scan.station if scan else "",
        at=time_of_day(later(estimate.passing.at, BEFORE)),
        point=estimate.passing.point,
    )
