"""Finds people as an official names them: a bib, a part of a name or of a firm's, the first consonants, a code from under a QR. Pure."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from itertools import chain
from typing import Final

from timing.race.codes import Code, typed_code
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.office_state import Entrant
from timing.race.spares import free_spare, spare_of
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
    """A person as the index knows them: the entry, and what is compared with what is typed."""

    entrant: Entrant
    bib: str
    name: str
    initials: str
    firm: str


class KnownPeople:
    """What is compared with what is typed, of each person: what takes the time of an index, and can be made before it."""

    def __init__(self, names: Names) -> None:
        self.names, self.entries = names, dict[str, PersonEntry]()
        self._firms = {company: company_key(name) for company, name in names.companies.items()}

    def of(self, people: Iterable[Entrant]) -> dict[str, PersonEntry]:
        """The entries of these people, of whom those who are known as they are entered now are taken over."""
        known = self.entries
        return {
            one.id: held
            if (held := known.get(one.id)) and (held.entrant is one or held.entrant == one)
            else _entry(one, self.names, self._firms)
            for one in people
        }


class PeopleIndex:
    """Everybody of a race, in the order of their bibs.

    Made anew when an entry or a name changes; of the index `before`, made with the same names, whoever is entered as then is taken over.
    """

    def __init__(self, race: Race, names: Names, before: "PeopleIndex | KnownPeople | None" = None) -> None:
        self._race, self.names = race, names
        self.known = KnownPeople(names)
        if before and before.names is names:
            self.known.entries = before.known.entries if isinstance(before, PeopleIndex) else before.entries
        self.known.entries = self.known.of(race.entrants.values())
        self._people = sorted(
            self.known.entries.values(), key=lambda one: (one.entrant.bib is None, one.entrant.bib or 0)
        )

    def find(self, text: str, most: int = 30) -> list[str]:
        """The ids of those meant, the best first: the bib, whose name, whose number begins so, whose firm; alike ones by bib."""
        asked, firm = name_key(text), company_key(text)
        if not asked:
            return []
        code = scanned_code(text)
        holder = self._race.holder(code) if code else None
        found = dict.fromkeys([holder.id] if holder else [])
        for one in self._fitting(asked, firm):
            found.setdefault(one.entrant.id)
            if len(found) >= most:
                break
        return list(found)

    def _fitting(self, asked: str, firm: str) -> Iterator[PersonEntry]:
        """Whoever fits, the best first, some of them repeatedly; nobody is looked at before they are asked for."""
        people = self._people
        return chain(
            (one for one in people if one.bib == asked),
            (one for one in people if one.name.startswith(asked)),
            (one for one in people if one.initials.startswith(asked)),
            (one for one in people if asked in one.name or asked in one.initials),
            (one for one in people if one.bib.startswith(asked)),
            (one for one in people if firm and firm in one.firm),
        )


def _entry(entrant: Entrant, names: Names, firms: Mapping[str, str]) -> PersonEntry:
    name = name_key(names.people.get(entrant.id, ""))
    bib = "" if entrant.bib is None else str(entrant.bib)
    return PersonEntry(entrant, bib, name, first_consonants(name), firms.get(entrant.company, ""))


def scanned_code(text: str) -> Code | None:
    """The code of a bib that was typed from under its QR, or whose QR a reader typed as the whole address."""
    return typed_code(text.strip().rstrip("/").rpartition("/")[2])


def free_spare_meant(race: Race, text: str) -> int | None:
    """The spare that nobody has whose number was typed, or whose code; None for any other text."""
    text = text.strip()
    if text.isascii() and text.isdigit():
        return int(text) if free_spare(race, int(text)) else None
    return spare_of(race, code) if (code := scanned_code(text)) else None


def said_by_part(name: str, text: str) -> bool:
    """Whether a firm's name has this part, or begins its syllables so.

    >>> said_by_part("가산정밀", "ㄱㅅ"), said_by_part("가산정밀", "정밀"), said_by_part("가산정밀", "구로")
    (True, True, False)
    """
    asked, initials = company_key(text), name_key(text)
    return bool((asked and asked in company_key(name)) or (initials and initials in first_consonants(name_key(name))))


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
