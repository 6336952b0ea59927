"""The gun as the office fires and moves it: which waves there are, what a gun at some instant leaves out. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from results.office.rulings import Office
from timing.errors import RaceError, WrongUse
from timing.language import Text, _
from timing.race.clock import AHEAD_MOST
from timing.race.events import DeskFact, GunMoved, Role, WaveStarted
from timing.race.gun import dropped
from timing.race.instants import Instant, dated, wall
from timing.race.moments import HALF_A_DAY, moment


@dataclass(frozen=True, slots=True)
class WaveGun:
    """A wave, how many are in it, and when its gun went (empty: not yet)."""

    wave: str
    people: int
    at: str


def wave_guns(office: Office) -> list[WaveGun]:
    """Every wave that somebody is in, or whose gun went."""
    race, zone = office.race, office.opened.zone
    waves = [race.wave_of(one, race.scans_of(one)) for one in race.entrants.values()]
    known = sorted({*waves, *race.guns}) or ["1"]
    return [
        WaveGun(wave, waves.count(wave), wall(race.guns[wave], zone) if wave in race.guns else "") for wave in known
    ]


def asked_instant(office: Office, wave: str, text: str, pressed: str, now: Instant) -> Instant:
    """When the gun was: `pressed` (microseconds) where a button was pressed before, else the time of day that was typed, else now.

    A time of day is the one nearest to a gun that went already, else the last that has been.

    Raises:
        WrongUse: the text is no instant, or could be several.
        RaceError: it has not come yet.
    """
    near = office.race.guns.get(wave, Instant(now + AHEAD_MOST - HALF_A_DAY))
    if pressed.isascii() and pressed.isdigit():
        at = Instant(int(pressed[:18]))
    else:
        at = moment(text, near, office.opened.zone, may_precede=True) if text else now
    if at > now + AHEAD_MOST:
        raise RaceError(_("{at} has not come yet", at=dated(at, now, office.opened.zone)))
    return at


def gun_fact(office: Office, wave: str, at: Instant, by: str, why: str, role: Role) -> Sequence[DeskFact]:
    """The gun of a wave, or its move.

    Raises:
        WrongUse: it went already, and nobody says why it is moved.
    """
    if wave not in office.race.guns:
        return [WaveStarted(wave, at, by, role=role)]
    if not why:
        raise WrongUse(_("the gun of this wave went already: say why it is moved"))
    return [GunMoved(wave, at, by, why, role=role)]


def left_out(office: Office, wave: str, at: Instant) -> Text | None:
    """Who would not count any more, in words; None for nobody."""
    found = dropped(office.race, wave, at)
    return found.told(office.opened.zone) if found else None
