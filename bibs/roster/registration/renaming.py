"""Finds people who may look new in a roster only because their name was corrected in the race. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from difflib import SequenceMatcher
from itertools import product

from timing.race.office_state import Entrant
from timing.race.spelling import name_key, same_name

Pair = tuple[Entrant, Entrant]
ALIKE = 0.5
"""How much of two names agrees, at the least more than this; 김하늘 and 김하늘솔 share more, 이준 and 이솔 do not: they are two people."""
PAIRS_MOST = 2_500
"""A firm with more to choose from sent another list, not one with mended names."""


def renamed(missing: Iterable[Entrant], new: Iterable[Entrant], names: Mapping[str, str]) -> list[Pair]:
    """Pairs of one firm, of the same sex and category where both are known; each person once, the likest names first.

    People of equal names are no such pair: their difference was reported row by row.
    """
    could = list(_by_firm(missing, new))
    keys = {person.id: name_key(names.get(person.id, "")) for pair in could for person in pair}
    likeness = [SequenceMatcher(a=keys[one.id], b=keys[two.id]).ratio() for one, two in could]
    found: list[Pair] = []
    paired: set[str] = set()
    for alike, (one, other) in sorted(zip(likeness, could, strict=True), key=lambda each: -each[0]):
        like = alike > ALIKE or same_name(keys[one.id], keys[other.id])
        if like and alike < 1 and paired.isdisjoint((one.id, other.id)):
            paired |= {one.id, other.id}
            found.append((one, other))
    return found


def _by_firm(missing: Iterable[Entrant], new: Iterable[Entrant]) -> Iterator[Pair]:
    firms: dict[str, tuple[list[Entrant], list[Entrant]]] = {}
    for at, people in enumerate((missing, new)):
        for person in people:
            firms.setdefault(person.company, ([], []))[at].append(person)
    for gone, come in firms.values():
        if len(gone) * len(come) <= PAIRS_MOST:
            yield from (pair for pair in product(gone, come) if _may_be_one(*pair))


def _may_be_one(one: Entrant, other: Entrant) -> bool:
    told = (one.sex, other.sex), (one.category, other.category)
    return all(a == b or not (a and b) for a, b in told)
