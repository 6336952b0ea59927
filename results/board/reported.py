"""What the office sees of a report's bib: the number that was meant, and what the race knows of it. Pure."""

import re
from collections.abc import Mapping
from typing import Final

from results.ranking.rows import Row
from results.view.words import STATUSES
from timing.commands.lookup import wore
from timing.language import _, bilingual
from timing.race.fold import Race
from timing.race.instants import clock_face
from timing.race.known_names import Names
from timing.race.spelling import clean

MEANT: Final = re.compile(r"(?:(?:배번|bib|no\.?|#)\s*)*0*([1-9][0-9]{0,5})\s*(?:번|호)?", re.IGNORECASE)
NO_NUMBER: Final = bilingual(_("no bib number"))
NO_SUCH: Final = bilingual(_("no such bib here: mistyped, or another race's"))
SPARE: Final = bilingual(_("a spare bib, not assigned yet"))
REPLACED: Final = bilingual(_("wears another bib now"))


def bib_meant(written: str) -> int | None:
    """The number of the bib that somebody wrote in their own way; None where it is none.

    >>> [bib_meant(one) for one in ("417", "０４１７", "417번", "No. 417", "배번 #417", "41a7", "12 13", "1234567", "")]
    [417, 417, 417, 417, 417, None, None, None, None]
    """
    found = MEANT.fullmatch(clean(written))
    return int(found[1]) if found else None


def known_of(bib: int | None, race: Race, rows: Mapping[str, Row], names: Names) -> str:
    """Who wears the bib, for whom and how they stand; or why nobody does. `rows` by the entrant's id."""
    if bib is None:
        return NO_NUMBER
    now = race.by_bib(bib)
    entrant = now or wore(race, bib)
    if entrant is None:
        spare = race.office.spares.get(bib)
        return SPARE if spare is not None and spare not in race.holders else NO_SUCH
    row = rows[entrant.id]
    firm = names.companies.get(entrant.company) or entrant.company
    time = "" if row.time is None else clock_face(row.time, race.rules.rounding)
    told = [names.people.get(entrant.id) or entrant.id, firm, f"{STATUSES[row.status]} {time}".strip()]
    return " · ".join([*told, *([] if now else [f"{REPLACED}: {entrant.bib}"])])
