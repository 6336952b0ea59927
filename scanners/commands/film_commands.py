"""The commands around the stations' film: frames and strips of a moment, what there is, and its deletion."""

from collections.abc import Iterator
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from scanners.cameras.film_strip import FilmStrip, png, seconds_between
from scanners.commands.scan_search import moments
from scanners.commands.station_films import StationFilm, fetched, station_films
from scanners.intake.requested_films import RequestedFilms
from scanners.outbox.evidence_files import EVIDENCE
from scanners.station.film_ring import FILM, delete_film
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, _, listed, ngettext, verbatim
from timing.private import write_private
from timing.race.events import FilmDeleted
from timing.race.instants import SECOND, Instant, Span, day_of, later, wall
from timing.terminal.output import confirm, say

MEGABYTE = 1_000_000


@click.group("film", cls=CommandGroup, invoke_without_command=True)
@race_option
@click.option("--station", help=N_("only this station's film"))
@click.option("--at", "moment", metavar="TIME", help=N_("from this time of day on"))
@click.option(
    "--for",
    "seconds",
    type=click.FloatRange(0.1, 120),
    default=10,
    show_default=True,
    help=N_("so many seconds"),
)
@click.option("--strip", is_flag=True, help=N_("one picture: a column of pixels of each frame, from left to right"))
@click.option(
    "--column",
    type=click.FloatRange(0, 100),
    help=N_("where the column stands in the frame, in per cent from the left [50]"),
)
@click.option("--row", type=click.FloatRange(0, 100), help=N_("in its place a row of pixels, in per cent from the top"))
@click.option(
    "--out",
    type=click.Path(file_okay=False, path_type=Path),
    default=Path("film"),
    show_default=True,
    help=N_("the folder of the pictures"),
)
@click.option(
    "--wait",
    type=click.FloatRange(0, 3600),
    default=30,
    show_default=True,
    help=N_("seconds to wait for the stations"),
)
@click.pass_context
def film(
    context: click.Context,
    race: Path | None,
    station: str | None,
    moment: str | None,
    seconds: float,
    strip: bool,
    column: float | None,
    row: float | None,
    out: Path,
    wait: float,
) -> None:
    """Frames, or a strip, of what stations filmed at some time.

    Film stays at the station until it is asked for, and comes within seconds while that is at work. Instants are the
    race's, by what is known of the station's clock.
    """
    if context.invoked_subcommand:
        return
    if moment is None:
        raise WrongUse(_("give --at TIME, for instance --at 14:23:05 (or list, or delete)"))
    if ((column is not None or row is not None) and not strip) or (column is not None and row is not None):
        raise WrongUse(_("--column or --row goes with --strip"))
    with open_race(race) as opened:
        films = _films(opened, station)
        since, showing = _shown(films, moment, seconds, opened.zone)
        until = later(since, Span(round(seconds * SECOND)))
        away = fetched(showing, since, until, wait)
        share = (50 if row is None and column is None else column if row is None else row) or 0.0
        made = [
            file
            for one in showing
            for file in (
                _strip(one, since, until, share / 100, row is not None, out, opened.zone)
                if strip
                else _frames(one, since, until, out, opened.zone)
            )
        ]
    for file in made:
        click.echo(file)
    text = _("film that has not come yet: {names}; it comes once the station is at work", names=", ".join(away))
    if away and not made:
        raise Unreachable(text)
    if away:
        say(text)
    elif not made:
        raise RaceError(_("there is no frame of that time"))


@film.command("list", cls=Command, examples="marathon film list")
@race_option
def film_list(race: Path | None) -> None:
    """What film there is: by station, from when to when, and how much."""
    with open_race(race) as opened:
        for one in station_films(opened.fold(), opened.root, None):
            held = one.held()
            first, last = later(held[0].start, one.offset), later(held[-1].end, one.offset)
            size = sum(segment.size for segment in held) // MEGABYTE
            zone = opened.zone
            where = _("here") if one.here.is_dir() else _("at the station")
            click.echo(
                f"{one.station}  {day_of(first, zone)} {wall(first, zone)} ~ {wall(last, zone)}  {size} MB  {where}"
            )


@film.command(
    "delete",
    cls=Command,
    examples="marathon film delete --why '대회 30일 뒤'\nmarathon film delete --before '2026-09-03 15:00:00' --why '보관 기한'",
)
@race_option
@click.option("--before", metavar="TIME", help=N_("only film that began before this [all that there is]"))
@click.option("--by", default="desk", show_default=True, help=N_("who deletes it"))
@click.option("--why", required=True, help=N_("why; it stays in the log"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def film_delete(race: Path | None, before: str | None, by: str, why: str, yes: bool) -> None:
    """Delete film for good: here, the office's copies, and at every station with its next heartbeat.

    The log keeps that it was deleted, by whom and why.
    """
    with open_race(race) as opened:
        films = station_films(opened.fold(), opened.root, None)
        until = _before(films, before, opened)
        named = f"{day_of(until, opened.zone)} {wall(until, opened.zone)}"
        question = _("delete the film of all stations from before {named}, for good?", named=named)
        confirm(question, _("film is not deleted unasked"), yes)
        here = (opened.root / "stations" / FILM).glob("*")
        count = sum(delete_film(folder, until) for folder in here if folder.is_dir())
        count += RequestedFilms(opened.root / EVIDENCE / FILM).delete(until)
        opened.log.record([FilmDeleted(until, by, why)])
    say(
        ngettext(
            "{n} segment of film deleted; stations elsewhere delete theirs with their next heartbeat",
            "{n} segments of film deleted; stations elsewhere delete theirs with their next heartbeat",
            count,
        )
    )


def _films(opened: OpenRace, station: str | None) -> list[StationFilm]:
    race = opened.fold()
    films = station_films(race, opened.root, station)
    if not films:
        known = sorted({place.station for places in race.placements.values() for place in places})
        raise RaceError(
            _(
                "{station}: no film is known; the stations are {known}",
                station=station or _("any station"),
                known=", ".join(known) or "–",
            )
        )
    return films


def _shown(films: list[StationFilm], text: str, seconds: float, zone: ZoneInfo) -> tuple[Instant, list[StationFilm]]:
    """The instant that is meant, and the films that show it.

    Raises:
        RaceError: none does; or they do on several days.
    """
    ats = moments(text, [time for one in films for time in one.times()], zone)
    lasting = Span(round(seconds * SECOND))
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


def _before(films: list[StationFilm], text: str | None, opened: OpenRace) -> Instant:
    if text is None:
        return opened.clock.now()
    ats = moments(text, [time for one in films for time in one.times()], opened.zone)
    if len(ats) != 1:
        raise WrongUse(_("give the date too: --before '2026-09-03 15:00:00'"))
    return ats[0]


def _frames(one: StationFilm, since: Instant, until: Instant, out: Path, zone: ZoneInfo) -> Iterator[Path]:
    for at, gray in one.frames(since, until):
        yield _written(out / f"{_name(one, at, zone)}.png", png(gray))


def _strip(
    one: StationFilm, since: Instant, until: Instant, share: float, row: bool, out: Path, zone: ZoneInfo
) -> Iterator[Path]:
    strip, last = FilmStrip(share, row), since
    for at, gray in one.frames(since, until):
        strip.add(at, gray)
        last = at
    if len(strip):
        ticks = [(at, wall(at, zone)) for at in seconds_between(since, last)]
        picture = strip.picture(f"{one.station} {day_of(since, zone)}", ticks)
        yield _written(out / f"{_name(one, since, zone)}-strip.png", png(picture))


def _name(one: StationFilm, at: Instant, zone: ZoneInfo) -> str:
    return f"{one.station}-{day_of(at, zone)}-{wall(at, zone)[:8].replace(':', '')}.{at % SECOND // 1_000:03}"


def _written(file: Path, data: bytes) -> Path:
    """People are in it: the file is its owner's alone."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_private(file, data)
    return file
