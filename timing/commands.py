"""The commands of this room: make a race, fire the gun."""

import re
import sys
from datetime import datetime
from pathlib import Path

import click

from timing.clock import AHEAD_MOST, system_ticks
from timing.command_line import command, confirm, race_option, say
from timing.errors import WrongUse
from timing.events import Event, GunMoved, WaveStarted
from timing.folder import OpenRace, create_race, open_race
from timing.gun import dropped
from timing.instants import MINUTE, Instant, between, clock_face, dated, instant, iso, wall
from timing.log import Moved
from timing.log.witness import witness_of
from timing.moments import HALF_A_DAY, Unclear, moment
from timing.particles import wave_word
from timing.race import Race
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
            self.fail(f"시각이 아닙니다 / {wrong}", param, ctx)


class StationName(click.ParamType[str]):
    """A name that is a file's name too: letters, digits, `-`, `_` and `.`, at most 40."""

    name = "name"

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        if not re.fullmatch(r"[^\W_][\w.-]{0,39}", value):
            self.fail(f"{value!r}: 글자, 숫자, - _ . 로 40자까지 / letters, digits, - _ . and at most 40", param, ctx)
        return value


@command(
    "init",
    examples="marathon init gvalley\nmarathon init gvalley --name '제20회 G밸리 스마트 마라톤' --host GV.TEST --course 4.5 --date 2026-09-03",
)
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--name", default=DEFAULT_KO, show_default=True, help="대회 이름 / the race's name")
@click.option("--name-en", help="영어 이름 / its English name")
@click.option("--host", default=DEFAULT_HOST, show_default=True, help="배번 QR의 주소 / the host in the bibs' QR codes")
@click.option(
    "--course", type=click.FloatRange(0.1, 100), default=4.5, show_default=True, help="코스 길이 km / course in km"
)
@click.option(
    "--date",
    type=click.DateTime(["%Y-%m-%d"]),
    help="대회 날(연령대의 나이를 셈) / the race's day, on which ages are counted",
)
def init(folder: Path, name: str, name_en: str | None, host: str, course: float, date: datetime | None) -> None:
    """대회 폴더를 만듭니다. / Make a race folder."""
    called = name_en or (DEFAULT_EN if name == DEFAULT_KO else name)
    with create_race(folder, name, called, host, round(course * 1000), date=date.date() if date else None) as opened:
        witness_of(opened).sign(opened.log, "init")
    say(
        f"{folder}에 대회를 만들었습니다. 다음: `marathon import 명단.xlsx`",
        f"made a race in {folder}; next: `marathon import FILE`",
    )


@command(
    "gun",
    examples="marathon gun --ready\nmarathon gun --at 2026-09-03T14:00:00+09:00\nmarathon gun --at 2026-09-03T14:00:05+09:00 --why '심판 시계 확인'",
)
@race_option
@click.option("--wave", default="1", show_default=True, help="출발 조 / the wave")
@click.option(
    "--at", help="총성의 시각, 14:00:00이나 ISO(기본: 지금) / when the gun was: a time of day or ISO (default: now)"
)
@click.option(
    "--ready", is_flag=True, help="준비하고 있다가 Enter를 누르는 순간 / the gun is the moment you press Enter"
)
@click.option("--why", default="", help="이미 울린 총성을 고치는 까닭 / why a gun already fired is moved")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
def gun(race: Path | None, wave: str, at: str | None, ready: bool, why: str, yes: bool) -> None:
    """출발 총성을 기록하거나 고칩니다. / Record the gun of a wave, or move it.

    참가자가 없거나, 총성이 10분 넘게 옮겨지거나, 총성보다 먼저 출발이나 도착에 보인 사람이 있으면 먼저 묻습니다. 고치면 무엇이 바뀌는지는
    `marathon rule gun`이 미리 보여 줍니다.
    Asks first where nobody is entered, where a gun moves by more than ten minutes, or where people were seen at the start or the
    finish too early for it; `marathon rule gun` previews what a moved gun changes.
    """
    pressed = system_ticks()  # before anything slow
    with open_race(race) as opened:
        _ask_if_empty(opened, yes)
        wave = opened.fold().book.wave_called(wave)
        if ready:
            click.prompt(
                "출발 순간에 Enter / press Enter at the gun",
                default="",
                show_default=False,
                prompt_suffix=" ",
                err=True,
            )
            pressed = system_ticks()
        now = Instant(opened.clock.now() - (system_ticks() - pressed))
        chosen = now if at is None else gun_instant(opened, at, opened.fold().guns.get(wave), now)
        chosen = _agreed(opened, wave, chosen, why, at is None, yes)
        if at is None:
            keep_time(opened.log, opened.settings.id, opened.clock)
        while True:
            try:
                _fire(opened, wave, chosen, why)
                break
            except Moved:  # another desk command came between; this gun keeps its instant
                continue
        say(f"{wave_word(wave)} 총성 {dated(chosen, now, opened.zone)}", f"gun of wave {wave} at {iso(chosen)}")
        witness_of(opened).sign(opened.log, f"gun-{wave}")


def _ask_if_empty(opened: OpenRace, yes: bool) -> None:
    """A gun in a race without people is that of a wrong folder, or too early; better asked now than at the line."""
    if not any(opened.fold().running()):
        korean = f"{opened.settings.name}에 참가자가 없습니다"
        question = f"{korean}. 총성을 기록할까요? / nobody is entered; record the gun?"
        confirm(question, (korean, "nobody is entered in this race"), yes)


def _agreed(opened: OpenRace, wave: str, at: Instant, why: str, is_now: bool, yes: bool) -> Instant:
    """The instant of the gun, once whoever fires it has seen what it leaves out.

    Raises:
        WrongUse: no such gun can be; or there is a question, and nobody to answer it.
        click.Abort: the answer is no.
    """
    race = opened.fold()
    fired = _refuse(opened, race, wave, at, why)
    if fired is not None and abs(at - fired) > MOVED_FAR:
        _ask_if_far(opened, wave, fired, at, yes)
    if not (left_out := dropped(race, wave, at)):
        return at
    korean, english = left_out.told(opened.zone)
    if is_now and not yes and sys.stdin.isatty():
        say(korean, english)
        return _agreed(opened, wave, _when(opened, at), why, False, yes)
    if yes:
        say(f"{korean}. 고치기: marathon rule gun", f"{english}; `marathon rule gun` moves it")
    if is_now:
        korean, english = (
            f"{korean}. 총성이 언제였는지 --at으로 적으세요(지금: {iso(at)})",
            f"{english}; say when with --at",
        )
    confirm(f"{korean}. 그래도 기록할까요? / {english}. Record it?", (korean, english), yes)
    return at


def gun_instant(opened: OpenRace, text: str, fired: Instant | None, now: Instant) -> Instant:
    """When the gun was: a time of day is the one nearest to a gun already fired, else the last one that has been.

    Raises:
        WrongUse: the text is no instant, or could be several.
    """
    if fired is None and not text.strip().startswith("+"):
        fired = Instant(now + AHEAD_MOST - HALF_A_DAY)  # the middle of the day that ends now
    return moment(text, fired, opened.zone, may_precede=True)


def _when(opened: OpenRace, now: Instant) -> Instant:
    """Ask for the time of day of the gun; Enter means now."""
    asked = "총성이 언제였습니까? / when was the gun?"
    while True:
        answer = click.prompt(asked, default=wall(now, opened.zone), err=True)
        try:
            return now if answer == wall(now, opened.zone) else gun_instant(opened, answer, None, now)
        except Unclear as unclear:
            click.echo(str(unclear), err=True)


def _ask_if_far(opened: OpenRace, wave: str, fired: Instant, at: Instant, yes: bool) -> None:
    now = opened.clock.now()
    before, after = (dated(one, now, opened.zone) for one in (fired, at))
    apart = clock_face(between(*sorted((fired, at))))
    korean = f"{wave_word(wave)} 총성 {before} → {after}, {apart} 차이. 미리 보기: marathon rule gun --preview"
    english = f"the gun moves by {apart}, from {before} to {after}; `marathon rule gun --preview` shows what changes"
    confirm(f"{korean}. 고칠까요? / {english}. Move it?", (korean, english), yes)


def _fire(opened: OpenRace, wave: str, at: Instant, why: str) -> None:
    seen = opened.log.lineage_head(opened.log.desk).seq
    fired = _refuse(opened, opened.fold(), wave, at, why)
    fact: Event = WaveStarted(wave, at) if fired is None else GunMoved(wave, at, "desk", why)
    opened.log.record([fact], after=seen)


def _refuse(opened: OpenRace, race: Race, wave: str, at: Instant, why: str) -> Instant | None:
    """When the gun of this wave went, if it did.

    Raises:
        WrongUse: it did and nobody says why to move it, nobody is in the wave, or the instant has not come.
    """
    fired = race.guns.get(wave)
    if fired is not None and not why:
        raise WrongUse(
            f"{wave_word(wave)} 총성은 이미 {dated(fired, opened.clock.now(), opened.zone)}에 울렸습니다. 고치려면 --why '까닭'을 적으세요"
            "(미리 보기: marathon rule gun --preview)",
            f"the gun of wave {wave} went at {iso(fired)}; to move it say --why REASON "
            "(`marathon rule gun --preview` shows what would change)",
        )
    waves = sorted({race.wave_of(entrant, race.scans_of(entrant)) for entrant in race.entrants.values()})
    if waves and wave not in waves:
        raise WrongUse(
            f"{wave_word(wave)!r}에는 아무도 없습니다. 있는 조: {', '.join(waves)}",
            f"nobody is in wave {wave!r}; waves: {', '.join(waves)}",
        )
    if at > opened.clock.now() + AHEAD_MOST:
        raise WrongUse(f"{iso(at)}은(는) 아직 오지 않았습니다", f"{iso(at)} has not come yet")
    return fired
