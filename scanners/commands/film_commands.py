"""The commands around the stations' film: frames and strips of a moment, what there is, and its deletion."""

from pathlib import Path

import click

from scanners.film_pictures import films_showing, time_before, write_frames, write_strip
from scanners.station_films import delete_films, fetched, films_of, station_films
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import open_race
from timing.language import N_, _, ngettext
from timing.race.events import FilmDeleted
from timing.race.instants import SECOND, Span, day_of, later, wall
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
        films, lasting = films_of(opened.fold(), opened.root, station), Span(round(seconds * SECOND))
        since, showing = films_showing(films, moment, lasting, opened.zone)
        until = later(since, lasting)
        away = fetched(showing, since, until, wait)
        share = (50 if row is None and column is None else column if row is None else row) or 0.0
        made = [
            file
            for one in showing
            for file in (
                write_strip(one, since, until, share / 100, row is not None, out, opened.zone)
                if strip
                else write_frames(one, since, until, out, opened.zone)
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
        until = time_before(films, before, opened.zone) if before else opened.clock.now()
        named = f"{day_of(until, opened.zone)} {wall(until, opened.zone)}"
        question = _("delete the film of all stations from before {named}, for good?", named=named)
        confirm(question, _("film is not deleted unasked"), yes)
        count = delete_films(opened.root, until)
        opened.log.record([FilmDeleted(until, by, why)])
    say(
        ngettext(
            "{n} segment of film deleted; stations elsewhere delete theirs with their next heartbeat",
            "{n} segments of film deleted; stations elsewhere delete theirs with their next heartbeat",
            count,
        )
    )
