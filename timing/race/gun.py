"""The gun of a wave: when it was, the fact that records it, and who would lose a start or finish by it. Pure."""

from collections import Counter
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from timing.errors import WrongUse
from timing.language import Text, _, listed
from timing.race.clock import AHEAD_MOST
from timing.race.events import GunMoved, Role, WaveStarted
from timing.race.fold import Race
from timing.race.instants import Instant, between, dated, wall
from timing.race.moments import HALF_A_DAY, moment
from timing.race.passings import WAITING, judge


@dataclass(frozen=True, slots=True)
class Dropped:
    """The instants of starts and finishes that count now and would not, each in order of time."""

    starts: tuple[Instant, ...]
    finishes: tuple[Instant, ...]

    def __bool__(self) -> bool:
        return bool(self.starts or self.finishes)

    def told(self, zone: ZoneInfo) -> Text:
        """Their number and when they were seen, as a sentence."""
        seen = []
        if self.starts:
            seen.append(_("{n} at the start ({when})", n=len(self.starts), when=_from_to(self.starts, zone)))
        if self.finishes:
            seen.append(_("{n} at the finish ({when})", n=len(self.finishes), when=_from_to(self.finishes, zone)))
        return _("seen too early for this gun, and not counted: {seen}", seen=listed(seen))


def people_in_waves(race: Race) -> Counter[str]:
    """How many people are in each wave that anybody is in."""
    return Counter(race.wave_of(entrant, race.scans_of(entrant)) for entrant in race.entrants.values())


def gun_instant(text: str, fired: Instant | None, now: Instant, zone: ZoneInfo) -> Instant:
    """When the gun was: a time of day is the one nearest to a gun already fired, else the last one that has been.

    Raises:
        WrongUse: the text is no instant, or could be several.
    """
    if fired is None and not text.strip().startswith("+"):
        fired = Instant(now + AHEAD_MOST - HALF_A_DAY)  # the middle of the day that ends now
    return moment(text, fired, zone, may_precede=True)


def gun_fact(
    race: Race, wave: str, at: Instant, now: Instant, zone: ZoneInfo, by: str, why: str, role: Role = "director"
) -> WaveStarted | GunMoved:
    """The fact that records the gun of a wave, or moves it.

    Raises:
        WrongUse: the instant has not come, nobody is in the wave, or it went already and nobody says why it is moved.
    """
    fired = race.guns.get(wave)
    waves = sorted(people_in_waves(race))
    if fired is not None and not why:
        told = dated(fired, now, zone)
        raise WrongUse(_("the gun of wave {wave} went at {fired}; say why it is moved", wave=wave, fired=told))
    if fired is None and waves and wave not in waves:
        raise WrongUse(_("nobody is in wave {wave!r}; waves: {waves}", wave=wave, waves=", ".join(waves)))
    if at > now + AHEAD_MOST:
        raise WrongUse(_("{at} has not come yet", at=dated(at, now, zone)))
    return WaveStarted(wave, at, by, role=role) if fired is None else GunMoved(wave, at, by, why, role=role)


def dropped(race: Race, wave: str, at: Instant) -> Dropped:
    """The starts and finishes that would no longer count if the gun of this wave were at that instant."""
    starts, finishes = [], []
    for entrant in race.entrants.values():
        scans = race.scans_of(entrant)
        if not scans or race.wave_of(entrant, scans) != wave:
            continue
        ruled = race.ruled(entrant.id)
        now, then = (judge(scans, gun, race.rules, ruled, race.office.closed_at) for gun in (race.guns.get(wave), at))
        if now.start and now.start.source == "scan" and between(now.start.at, at) > WAITING:
            starts.append(now.start.at)
        if now.finish and now.finish.source == "scan" and then.finish is None:
            finishes.append(now.finish.at)
    return Dropped(tuple(sorted(starts)), tuple(sorted(finishes)))


def _from_to(at: tuple[Instant, ...], zone: ZoneInfo) -> str:
    first, last = wall(at[0], zone), wall(at[-1], zone)
    return first if first == last else f"{first}~{last}"
