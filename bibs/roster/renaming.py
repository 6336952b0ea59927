"""Who may be new in a roster only because somebody mended the name in the race meanwhile. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from difflib import SequenceMatcher
from itertools import product

from timing.book import Entrant

ALIKE = 0.5
"""How much of two names must agree where several people could be meant; 김하늘 and 김하늘솔 share more, 김하늘 and 이서연 nothing."""


def renamed(
    missing: Iterable[Entrant], new: Iterable[Entrant], names: Mapping[str, str]
) -> list[tuple[Entrant, Entrant]]:
    """Pairs of one firm, of the same sex and category where both are known; each person once, the likest names first.

    Where nobody else could be meant a pair needs no likeness: people also change their names altogether.
    """
    could = [(one, other) for one, other in product(missing, new) if _may_be_one(one, other)]
    meant = Counter(person.id for pair in could for person in pair)
    likeness = {
        (one.id, other.id): SequenceMatcher(None, names.get(one.id, ""), names.get(other.id, "")).ratio()
        for one, other in could
    }
    found: list[tuple[Entrant, Entrant]] = []
    paired: set[str] = set()
    for one, other in sorted(could, key=lambda pair: -likeness[pair[0].id, pair[1].id]):
        alone = meant[one.id] == meant[other.id] == 1
        if paired.isdisjoint((one.id, other.id)) and (alone or likeness[one.id, other.id] >= ALIKE):
            paired |= {one.id, other.id}
            found.append((one, other))
    return found


def _may_be_one(one: Entrant, other: Entrant) -> bool:
    told = (one.sex, other.sex), (one.category, other.category)
    return one.company == other.company and all(a == b or not (a and b) for a, b in told)
