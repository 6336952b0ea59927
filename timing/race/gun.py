"""Who would lose a start or finish if the gun were at another instant, because they were seen before it. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from timing.language import Text, _, listed
from timing.race.fold import Race
from timing.race.instants import Instant, between, wall
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
