"""Pictures of a moment from the stations' film: the frames of some seconds, or one strip of a column or row of each."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from zoneinfo import ZoneInfo

from scanners.cameras.film_strip import FilmStrip, png, seconds_between
from scanners.station_films import StationFilm
from timing.errors import RaceError, WrongUse
from timing.language import _, listed, verbatim
from timing.private import write_private
from timing.race.instants import SECOND, Instant, Span, day_of, later, wall
from timing.race.scan_search import moments
from timing.replacing import must_write


def films_showing(
    films: Sequence[StationFilm], text: str, lasting: Span, zone: ZoneInfo
) -> tuple[Instant, list[StationFilm]]:
    """The instant that `text` means, and the films that show it or what came within `lasting` after it.

    Raises:
        RaceError: none does.
        WrongUse: they do on several days.
    """
    ats = moments(text, [time for one in films for time in one.times()], zone)
    found = {at: showing for at in ats if (showing := [one for one in films if one.of(at, later(at, lasting))])}
    if len(found) > 1:
        days = listed([verbatim(day_of(at, zone)) for at in found])
        raise WrongUse(_("{text} was filmed on several days ({days}); give the date too", text=text, days=days))
    if not found:
        held = listed([verbatim(f"{one.station} {span}") for one in films for span in _spans(one, zone)])
        raise RaceError(_("nothing was filmed at {text}; there is film of {held}", text=text, held=held))
    return next(iter(found.items()))


def _spans(one: StationFilm, zone: ZoneInfo) -> Iterator[str]:
    """From when to when there is film."""
    times = list(one.times())
    if times:
        first, last = times[0].first_at, times[-1].last_at
        yield f"{day_of(first, zone)} {wall(first, zone)} ~ {wall(last, zone)}"


def time_before(films: Sequence[StationFilm], text: str, zone: ZoneInfo) -> Instant:
    """The instant that `text` means, where the film lies on one day.

    Raises:
        WrongUse: it may be one of several days.
    """
    ats = moments(text, [time for one in films for time in one.times()], zone)
    if len(ats) != 1:
        raise WrongUse(_("give the date too: --before '2026-09-03 15:00:00'"))
    return ats[0]


def write_frames(one: StationFilm, since: Instant, until: Instant, out: Path, zone: ZoneInfo) -> Iterator[Path]:
    """Write each frame of a time as a PNG into the folder `out`.

    Raises:
        Unreachable: the folder cannot be made or written.
    """
    for at, gray in one.frames(since, until):
        yield _written(out / f"{_name(one, at, zone)}.png", png(gray))


def write_strip(
    one: StationFilm, since: Instant, until: Instant, share: float, row: bool, out: Path, zone: ZoneInfo
) -> Iterator[Path]:
    """Write one picture of a column, or a row, of each frame of a time; `share` says where it stands in the frame, 0 to 1.

    No file where there is no frame.

    Raises:
        Unreachable: the folder cannot be made or written.
    """
    strip, last = FilmStrip(share, row), since
    for at, gray in one.frames(since, until):
        strip.add(at, gray)
        last = at
    if len(strip):
        ticks = [(at, wall(at, zone)) for at in seconds_between(since, last)]
        line = f"{'row' if row else 'column'} {share:.0%}"
        picture = strip.picture(f"{one.station} {day_of(since, zone)} {line}", ticks)
        yield _written(out / f"{_name(one, since, zone)}-strip.png", png(picture))


def _name(one: StationFilm, at: Instant, zone: ZoneInfo) -> str:
    return f"{one.station}-{day_of(at, zone)}-{wall(at, zone)[:8].replace(':', '')}.{at % SECOND // 1_000:03}"


def _written(file: Path, data: bytes) -> Path:
    """People are in it: the file is its owner's alone."""
    with must_write(file):
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        write_private(file, data)
    return file
