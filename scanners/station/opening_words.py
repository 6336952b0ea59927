"""What a station says when it opens: the line that it goes by, and that a film is not of the race's day."""

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

from scanners.station.line_setting import LineSetting
from scanners.station.station_options import ZONE, StationOptions
from timing.folder import Settings
from timing.language import Text, _, verbatim, warning
from timing.race.clock import SystemClock
from timing.race.instants import Instant, dated, day_of
from timing.stations.station_warnings import NO_LINE


def opening_words(
    options: StationOptions, line: LineSetting | None, begins: Instant, race: Settings | None
) -> Iterator[Text]:
    """Which line was found that was set before, or that one is missing; and a day that is most likely mistyped."""
    zone = ZoneInfo(race.zone if race else ZONE)
    if options.timed and line is None:
        yield warning(NO_LINE)
    elif line and line.width:
        yield _(
            "the line as it was set at {at}: a bib's QR is {px:.1f} px wide there; if the camera was moved since, set it again",
            px=line.px,
            at=dated(line.set_at, SystemClock().now(), zone),
        )
    if race and race.date and not options.live:
        filmed = date.fromisoformat(day_of(begins, zone))
        if abs((filmed - race.date).days) > 1:
            text = _(
                "this film is said to be of {filmed}, and the race is on {day}: look at --at",
                filmed=verbatim(filmed.isoformat()),
                day=verbatim(race.date.isoformat()),
            )
            yield warning(text)
