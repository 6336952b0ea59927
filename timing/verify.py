"""Recomputes both hash chains and names the first position at which the log was changed."""

from dataclasses import dataclass

from timing.chain import Head, link, race_link
from timing.log import Log


@dataclass(frozen=True, slots=True)
class Damage:
    """The first position that does not follow from what stands before it."""

    pos: int
    korean: str
    english: str


@dataclass(frozen=True, slots=True)
class Verified:
    """How many facts were checked, the head they end in, and the first damage if there is any."""

    facts: int
    head: Head
    damage: Damage | None


def verify(log: Log) -> Verified:
    """Walk the whole log: gapless positions, gapless lineages, each lineage's chain, the race's chain and its head."""
    lineages: dict[str, Head] = {}
    race = Head()
    for fact in log.read():
        lineage = lineages.get(fact.lineage, Head())
        if fact.pos != race.seq + 1:
            return _damaged(race, race.seq + 1, "기록이 빠졌습니다", "a fact is missing")
        if fact.seq != lineage.seq + 1 or fact.lineage_hash != link(lineage.hash, fact.data):
            return _damaged(race, fact.pos, "스테이션 사슬이 맞지 않습니다", "the station's chain does not match")
        if fact.hash != race_link(race.hash, fact.pos, fact.received_at, fact.lineage_hash):
            return _damaged(race, fact.pos, "대회 사슬이 맞지 않습니다", "the race's chain does not match")
        lineages[fact.lineage] = Head(fact.seq, fact.lineage_hash)
        race = Head(fact.pos, fact.hash)
    if race != log.head():
        return _damaged(race, race.seq + 1, "끝부분이 잘렸습니다", "the end of the log is missing")
    return Verified(race.seq, race, None)


def _damaged(upto: Head, pos: int, korean: str, english: str) -> Verified:
    return Verified(upto.seq, upto, Damage(pos, korean, english))
