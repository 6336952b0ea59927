"""How complete the crossings of each station are, in sentences. Pure."""

from collections.abc import Callable, Iterator
from typing import Final

from results.view.completeness import CrossedCount, by_station, completeness
from timing.language import Text, _
from timing.race.fold import Race
from timing.race.instants import Instant

MINUTES_SHOWN: Final = 5


def sum_words(one: CrossedCount) -> Text:
    return _(
        "{station}: {crossed} crossed = {named} named + {open} open ({share:.1%}); {dismissed} dismissed",
        station=one.station,
        crossed=one.crossed,
        named=one.named,
        open=one.open,
        share=one.open_share,
        dismissed=one.dismissed,
    )


def completeness_lines(race: Race, time_of_day: Callable[[Instant], str]) -> Iterator[str]:
    """The sum of each station, and its minutes with the most open people."""
    minutes = completeness(race)
    for station in by_station(minutes):
        yield f"{sum_words(station)}  {_('→ marathon unread list')}" if station.open else str(sum_words(station))
        worst = sorted(
            (one for one in minutes if one.station == station.station and one.open), key=lambda one: -one.open
        )
        for one in sorted(worst[:MINUTES_SHOWN], key=lambda one: one.minute):
            yield f"  {time_of_day(one.minute)[:5]}  {one.open} / {one.crossed}"
