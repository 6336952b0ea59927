"""What a station says when it opens: the line that it goes by, that its last run was cut off, that a film is not of the race's day."""

from collections.abc import Iterator
from datetime import date
from typing import Final
from zoneinfo import ZoneInfo

from scanners.outbox import Outbox
from scanners.station.line_setting import LineSetting
from scanners.station.station_options import ZONE, StationOptions
from timing.folder import Settings
from timing.language import Text, _, verbatim, warning
from timing.race.clock import SystemClock
from timing.race.encoding import decode
from timing.race.events import ClockSampled, Scanned, StationClosed, StationOpened, Unread
from timing.race.instants import Instant, dated, day_of
from timing.stations.station_warnings import NO_LINE

LOOKED_BACK: Final = 20  # items
ITEM_MOST: Final = 100_000  # bytes


def opening_words(
    options: StationOptions, line: LineSetting | None, begins: Instant, race: Settings | None, outbox: Outbox
) -> Iterator[Text]:
    """Which line was found that was set before, or that one is missing; what needs a look, and a day that is most likely mistyped.

    The outbox holds what former runs kept.
    """
    zone = ZoneInfo(race.zone if race else ZONE)
    if options.live and (last := cut_off(outbox)) is not None:
        text = _(
            "the last run of this station did not close (power, or killed); the last it kept was of {at}. Whoever crossed between then and now stands in no list: look at its film with `marathon film`, and count by hand",
            at=dated(last, SystemClock().now(), zone),
        )
        yield warning(text)
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


def cut_off(outbox: Outbox) -> Instant | None:
    """What its last run kept last, if that did not close; None if it closed, or there was none."""
    head = outbox.head().seq
    items = outbox.batch(max(0, head - LOOKED_BACK), LOOKED_BACK, LOOKED_BACK * ITEM_MOST).items
    for fact in map(decode, reversed(items)):
        match fact:
            case StationClosed():
                return None
            case Scanned(last_at=at) | Unread(last_at=at) | ClockSampled(received=at) | StationOpened(at=at):
                return at
            case _:
                continue
    return None
