"""The gun as the office shows and fires it: which waves there are, when it was, whom it leaves out. Pure."""

from dataclasses import dataclass

from results.office.rulings.rulings import Office
from timing.language import Text
from timing.race.gun import dropped, gun_instant, people_in_waves
from timing.race.instants import Instant, wall


@dataclass(frozen=True, slots=True)
class WaveGun:
    """A wave, how many are in it, and when its gun went (empty: not yet)."""

    wave: str
    people: int
    at: str


def wave_guns(office: Office) -> list[WaveGun]:
    """Every wave that somebody is in, or whose gun went."""
    race, zone = office.race, office.opened.zone
    people = people_in_waves(race)
    known = sorted({*people, *race.guns}) or ["1"]
    return [WaveGun(wave, people[wave], wall(race.guns[wave], zone) if wave in race.guns else "") for wave in known]


def asked_instant(office: Office, wave: str, text: str, pressed: str, now: Instant) -> Instant:
    """When the gun was: `pressed` (microseconds) where a button was pressed before, else the time of day that was typed, else now.

    Raises:
        WrongUse: the text is no instant, or could be several.
    """
    if pressed.isascii() and pressed.isdigit():
        return Instant(int(pressed[:18]))
    return gun_instant(text, office.race.guns.get(wave), now, office.opened.zone) if text else now


def left_out(office: Office, wave: str, at: Instant) -> Text | None:
    """Who would not count any more, in words; None for nobody."""
    found = dropped(office.race, wave, at)
    return found.told(office.opened.zone) if found else None
