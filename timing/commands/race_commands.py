"""The commands of this room: make a race, fire the gun."""

import sys
from datetime import datetime
from pathlib import Path

import click

from timing.commands.command_line import command, race_option
from timing.errors import WrongUse
from timing.folder import OpenRace, checkpoints_of, create_race, open_race
from timing.language import N_, _
from timing.log import Moved
from timing.race.clock import system_ticks
from timing.race.events import GunMoved, WaveStarted
from timing.race.fold import Race
from timing.race.gun import dropped, gun_fact, gun_instant
from timing.race.instants import MINUTE, Instant, between, clock_face, dated, instant, iso, wall
from timing.race.moments import Unclear
from timing.stations.enrolment import station_name
from timing.terminal.output import confirm, say
from timing.timekeeper import keep_time

DEFAULT_KO, DEFAULT_EN, DEFAULT_HOST = "G밸리 스마트 마라톤", "G Valley Smart Marathon", "GV.TEST"
MOVED_FAR = 10 * MINUTE  # a gun is mended by seconds; by more it is rarely meant


class InstantParam(click.ParamType[Instant]):
    """An ISO 8601 instant with its UTC offset."""

    name = "instant"

    def convert(self, value: str | Instant, param: click.Parameter | None, ctx: click.Context | None) -> Instant:
        if isinstance(value, int):
            return value
        try:
            return instant(value)
        except ValueError as wrong:
            self.fail(str(_("no time ({wrong})", wrong=wrong)), param, ctx)


class StationName(click.ParamType[str]):
    """A name that is a file's name too: letters, digits, `-`, `_` and `.`, at most 40."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        try:
            return station_name(value)
        except WrongUse as wrong:
            self.fail(str(wrong.text), param, ctx)


@command(
    "init",
    examples="marathon init gvalley\nmarathon init gvalley --name '제20회 G밸리 스마트 마라톤' --host GV.TEST --course 4.5 --date 2026-09-03",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default=DEFAULT_KO, show_default=True, help=N_("the race's name"))
@click.option("--name-en", help=N_("its English name"))
@click.option("--host", default=DEFAULT_HOST, show_default=True, help=N_("the host in the bibs' QR codes"))
@click.option("--course", type=click.FloatRange(0.1, 100), default=4.5, show_default=True, help=N_("course in km"))
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    help=N_("the race's day, on which ages are counted"),
)
def init(folder: Path, name: str, name_en: str | None, host: str, course: float, date: datetime | None) -> None:
    """Make a race folder."""
    called = name_en or (DEFAULT_EN if name == DEFAULT_KO else name)
    with create_race(folder, name, called, host, round(course * 1000), date=date.date() if date else None) as opened:
        checkpoints_of(opened).sign(opened.log, "init")
    say(
        _("made a race in {folder}; next: `marathon import FILE`", folder=folder),
    )


@command(
    "gun",
    examples="marathon gun --ready\nmarathon gun --at 2026-09-03T14:00:00+09:00\nmarathon gun --at 2026-09-03T14:00:05+09:00 --why '심판 시계 확인'",
)
@race_option
@click.option("--wave", default="1", show_default=True, help=N_("the wave"))
@click.option("--at", help=N_("when the gun was: a time of day or ISO (default: now)"))
@click.option("--ready", is_flag=True, help=N_("the gun is the moment you press Enter"))
@click.option("--why", default="", help=N_("why a gun already fired is moved"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def gun(race: Path | None, wave: str, at: str | None, ready: bool, why: str, yes: bool) -> None:
    """Record the gun of a wave, or move it.

    Asks first where nobody is entered, where a gun moves by more than ten minutes, or where people were seen at
    the start or the finish too early for it; `marathon rule gun` previews what a moved gun changes.
    """
    pressed = system_ticks()  # before anything slow
    with open_race(race) as opened:
        _ask_if_empty(opened, yes)
        wave = opened.fold().office.wave_called(wave)
        if ready:
            click.prompt(
                str(_("press Enter at the gun")),
                default="",
                show_default=False,
                prompt_suffix=" ",
                err=True,
            )
            pressed = system_ticks()
        now = Instant(opened.clock.now() - (system_ticks() - pressed))
        chosen = now if at is None else gun_instant(at, opened.fold().guns.get(wave), now, opened.zone)
        chosen = _agreed(opened, wave, chosen, why, at is None, yes)
        if at is None:
            keep_time(opened.log, opened.settings.id, opened.clock)
        while True:
            try:
                _fire(opened, wave, chosen, why)
                break
            except Moved:  # another desk command came between; this gun keeps its instant
                continue
        say(_("gun of wave {wave} at {chosen}", wave=wave, chosen=dated(chosen, now, opened.zone)))
        checkpoints_of(opened).sign(opened.log, f"gun-{wave}")


def _ask_if_empty(opened: OpenRace, yes: bool) -> None:
    """A gun in a race without people is that of a wrong folder, or too early; better asked now than at the line."""
    if not any(opened.fold().running()):
        nobody = _("nobody is entered in {race}", race=opened.settings.name)
        confirm(_("{text}. Record the gun?", text=nobody), nobody, yes)


def _agreed(opened: OpenRace, wave: str, at: Instant, why: str, is_now: bool, yes: bool) -> Instant:
    """The instant of the gun after the user confirmed whom it leaves out.

    Raises:
        WrongUse: the gun is refused (`gun_fact`), or there is a question and no terminal to answer it.
        click.Abort: the answer is no.
    """
    race = opened.fold()
    _fact(opened, race, wave, at, why)
    fired = race.guns.get(wave)
    if fired is not None and abs(at - fired) > MOVED_FAR:
        _ask_if_far(opened, wave, fired, at, yes)
    if not (left_out := dropped(race, wave, at)):
        return at
    text = left_out.told(opened.zone)
    if is_now and not yes and sys.stdin.isatty():
        say(text)
        return _agreed(opened, wave, _when(opened, at), why, False, yes)
    if yes:
        say(_("{text}; `marathon rule gun` moves it", text=text))
    if is_now:
        text = _("{text}. Say with --at when the gun was (now: {at})", text=text, at=iso(at))
    confirm(_("{text}. Record it?", text=text), text, yes)
    return at


def _when(opened: OpenRace, now: Instant) -> Instant:
    """Ask for the time of day of the gun; Enter means now."""
    asked = str(_("when was the gun?"))
    while True:
        answer = click.prompt(asked, default=wall(now, opened.zone), err=True)
        try:
            return now if answer == wall(now, opened.zone) else gun_instant(answer, None, now, opened.zone)
        except Unclear as unclear:
            click.echo(str(unclear), err=True)


def _ask_if_far(opened: OpenRace, wave: str, fired: Instant, at: Instant, yes: bool) -> None:
    now = opened.clock.now()
    before, after = (dated(one, now, opened.zone) for one in (fired, at))
    apart = clock_face(between(*sorted((fired, at))))
    text = _(
        "the gun of wave {wave} moves by {apart}, from {before} to {after}; `marathon rule gun --preview` shows what changes",
        apart=apart,
        before=before,
        after=after,
        wave=wave,
    )
    confirm(_("{text}. Move it?", text=text), text, yes)


def _fire(opened: OpenRace, wave: str, at: Instant, why: str) -> None:
    seen = opened.log.lineage_head(opened.log.desk).seq
    opened.log.record([_fact(opened, opened.fold(), wave, at, why)], after=seen)


def _fact(opened: OpenRace, race: Race, wave: str, at: Instant, why: str) -> WaveStarted | GunMoved:
    now, zone = opened.clock.now(), opened.zone
    if wave in race.guns and not why:
        raise WrongUse(
            _(
                "the gun of wave {wave} went at {fired}; to move it say --why REASON (`marathon rule gun --preview` shows what would change)",
                wave=wave,
                fired=dated(race.guns[wave], now, zone),
            ),
        )
    return gun_fact(race, wave, at, now, zone, "desk" if wave in race.guns else "", why)
