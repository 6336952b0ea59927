"""Recomputes both hash chains and names the first position at which the log was changed."""

from dataclasses import dataclass, field

from timing.language import Text, _
from timing.log import Log, LogUnreadable
from timing.race.chain import Head, link, race_link
from timing.race.records import Recorded


@dataclass(frozen=True, slots=True)
class Damage:
    """The first position that does not follow from the facts before it."""

    pos: int
    text: Text


@dataclass(frozen=True, slots=True)
class Verified:
    """How many facts were checked, the head they end in, and the first damage if there is any."""

    facts: int
    head: Head
    damage: Damage | None


@dataclass(slots=True)
class ChainWalk:
    """A walk over facts in order: the heads that those so far lead to."""

    race: Head = field(default_factory=Head)
    lineages: dict[str, Head] = field(default_factory=dict)

    def step(self, fact: Recorded) -> Damage | None:
        """Check the next fact; the reason if it does not follow."""
        lineage = self.lineages.get(fact.lineage, Head())
        if fact.pos != self.race.seq + 1:
            return Damage(self.race.seq + 1, _("a fact is missing"))
        if fact.seq != lineage.seq + 1 or fact.lineage_hash != link(lineage.hash, fact.data):
            return Damage(fact.pos, _("the station's chain does not match"))
        if fact.hash != race_link(self.race.hash, fact.pos, fact.received_at, fact.lineage, fact.lineage_hash):
            return Damage(fact.pos, _("the race's chain does not match"))
        self.lineages[fact.lineage] = Head(fact.seq, fact.lineage_hash)
        self.race = Head(fact.pos, fact.hash)
        return None


def verify(log: Log) -> Verified:
    """Walk the whole log: gapless positions, gapless lineages, each lineage's chain, the race's chain and all their heads.

    Stations may go on sending meanwhile: what was appended since is walked as well.

    Raises:
        LogUnreadable: the facts stand as they were, but an item in quarantine or the store itself is damaged.
    """
    walk, differed = ChainWalk(), False
    while True:
        before = walk.race
        for fact in log.read(walk.race.seq):
            if damage := walk.step(fact):
                return _verified(walk, damage)
        stands = all(log.lineage_head(lineage) == head for lineage, head in walk.lineages.items())
        if stands and walk.race == log.head():
            _check_quarantine(log)
            log.check()
            return _verified(walk, None)
        if differed and walk.race == before:  # the heads differed before, and yet nothing more is there to read
            end = Damage(walk.race.seq + 1, _("the end of the log does not match its recorded heads"))
            return _verified(walk, end)
        differed = True


def _check_quarantine(log: Log) -> None:
    """Items in quarantine are in no race's chain; each must follow from the hash before it."""
    for lineage, item in log.quarantined():
        if link(item.prev_hash, item.data) != item.hash:
            raise LogUnreadable(str(_("in quarantine: {lineage} {seq}", lineage=lineage[:8], seq=item.seq)))


def _verified(walk: ChainWalk, damage: Damage | None) -> Verified:
    return Verified(walk.race.seq, walk.race, damage)
