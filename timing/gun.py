"""What a gun at some instant would leave out: people who were seen starting, or finishing, before it. Pure."""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from timing.instants import Instant, between, wall
from timing.passings import WAITING, judge
from timing.race import Race


@dataclass(frozen=True, slots=True)
class Dropped:
    """When those crossed the start and the finish who count now and would not, each in order of time."""

    starts: tuple[Instant, ...]
    finishes: tuple[Instant, ...]

    def __bool__(self) -> bool:
        return bool(self.starts or self.finishes)

    def told(self, zone: ZoneInfo) -> tuple[str, str]:
        """How many they are and when they were seen, in both languages."""
        points = ("출발", "at the start", self.starts), ("도착", "at the finish", self.finishes)
        seen = [(korean, english, len(at), _from_to(at, zone)) for korean, english, at in points if at]
        korean = ", ".join(f"{point} {people}명({when})" for point, _, people, when in seen)
        english = ", ".join(f"{people} {point} ({when})" for _, point, people, when in seen)
        return (
            f"이 총성보다 먼저 보여 인정되지 않을 사람: {korean}",
            f"seen too early for this gun, and not counted: {english}",
        )


def dropped(race: Race, wave: str, at: Instant) -> Dropped:
    """What would not count any more, were the gun of this wave at that instant."""
    starts, finishes = [], []
    for entrant in race.entrants.values():
        scans = race.scans_of(entrant)
        if not scans or race.wave_of(entrant, scans) != wave:
            continue
        ruled = race.ruled(entrant.id)
        now, then = (judge(scans, gun, race.rules, ruled, race.book.closed_at) for gun in (race.guns.get(wave), at))
        if now.start and now.start.source == "scan" and between(now.start.at, at) > WAITING:
            starts.append(now.start.at)
        if now.finish and now.finish.source == "scan" and then.finish is None:
            finishes.append(now.finish.at)
    return Dropped(tuple(sorted(starts)), tuple(sorted(finishes)))


def _from_to(at: tuple[Instant, ...], zone: ZoneInfo) -> str:
    first, last = wall(at[0], zone), wall(at[-1], zone)
    return first if first == last else f"{first}~{last}"
