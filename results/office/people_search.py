"""Finds people as an official names them: a bib, a part of a name or of a firm's, the first consonants, a code from under a QR. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

from timing.race.codes import Code, typed_code
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spelling import company_key, name_key

FIRST_CONSONANT: Final = 0x1100
"""As `name_key` writes what a keyboard gives for ㄱ."""
FIRST_SYLLABLE: Final = ord("가")
SYLLABLES_EACH: Final = 21 * 28


def first_consonants(text: str) -> str:
    """The first consonant of each Korean syllable; other letters as they are.

    >>> first_consonants("김하늘 Kim") == name_key("ㄱㅎㄴ") + " Kim"
    True
    """
    return "".join(
        chr(FIRST_CONSONANT + (ord(one) - FIRST_SYLLABLE) // SYLLABLES_EACH) if "가" <= one <= "힣" else one
        for one in text
    )


@dataclass(frozen=True, slots=True)
class PersonEntry:
    """A person as the index knows them."""

    entrant: str
    bib: str
    name: str
    initials: str
    firm: str


class PeopleIndex:
    """Everybody of a race; made anew when an entry or a name changes."""

    def __init__(self, race: Race, names: Names) -> None:
        self._race = race
        firms = {company: company_key(name) for company, name in names.companies.items()}
        self._people = [_entry(one, names, firms) for one in race.entrants.values()]

    def find(self, text: str, most: int = 30) -> list[str]:
        """The ids of those meant, the best first: the bib, whose number begins so, whose name, whose firm."""
        asked, firm = name_key(text), company_key(text)
        if not asked:
            return []
        code = scanned_code(text)
        holder = self._race.holder(code) if code else None
        ranked = sorted(
            (rank, at) for at, one in enumerate(self._people) if (rank := _rank(one, asked, firm)) is not None
        )
        found = [self._people[at].entrant for _, at in ranked[:most]]
        return [holder.id, *(one for one in found if one != holder.id)] if holder else found


def _entry(entrant: Entrant, names: Names, firms: dict[str, str]) -> PersonEntry:
    name = name_key(names.people.get(entrant.id, ""))
    bib = "" if entrant.bib is None else str(entrant.bib)
    return PersonEntry(entrant.id, bib, name, first_consonants(name), firms.get(entrant.company, ""))


def _rank(one: PersonEntry, asked: str, firm: str) -> int | None:
    return next((rank for rank, fits in enumerate(_fits(one, asked, firm)) if fits), None)


def _fits(one: PersonEntry, asked: str, firm: str) -> Iterator[bool]:
    yield one.bib == asked
    yield one.name.startswith(asked)
    yield one.initials.startswith(asked)
    yield asked in one.name or asked in one.initials
    yield one.bib.startswith(asked)
    yield bool(firm) and firm in one.firm


def scanned_code(text: str) -> Code | None:
    """The code of a bib that was typed from under its QR, or whose QR a reader typed as the whole address."""
    return typed_code(text.strip().rstrip("/").rpartition("/")[2])


def firms_like(companies: Mapping[str, str], text: str, most: int = 6) -> list[str]:
    """The ids of the firms that may be meant by a part of the name, its first consonants, or a slip in it, the likeliest first."""
    asked, initials = company_key(text), name_key(text)
    keys = {company: company_key(name) for company, name in companies.items()}
    firsts = {company: first_consonants(name_key(name)) for company, name in companies.items()}
    close = get_close_matches(asked, list(dict.fromkeys(keys.values())), most, 0.4)
    found = [
        *(one for one, key in keys.items() if asked and key.startswith(asked)),
        *(one for one, key in keys.items() if asked and asked in key),
        *(one for one, first in firsts.items() if initials and initials in first),
        *(one for key in close for one, other in keys.items() if other == key),
    ]
    return list(dict.fromkeys(found))[:most]
