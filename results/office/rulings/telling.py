"""Rulings in words: the sentence of a fact with bibs and names for ids."""

import re

from msgspec.structs import replace

from results.office.rulings.fact_index import named
from results.office.rulings.rulings import Office
from results.view.evidence import scan_words
from timing.language import _
from timing.log.narration import attributed, sentence_of
from timing.race.events import (
    BibAssigned,
    BibReplaced,
    BibsHandedOut,
    BibsSwapped,
    DeskFact,
    EntrantMoved,
    EntrantRegistered,
    FactUndone,
    ScanNamed,
    ScanVoided,
    UnreadDismissed,
    UnreadNamed,
)
from timing.race.teams import CAPTAIN


def told(desk: Office, fact: DeskFact) -> str:
    """A fact as a sentence in which people, firms and teams are called by bib and name, with who said so, in which role, and why."""
    return attributed(_by_name(desk, fact), _sentence(desk, fact), every_role=True)


def _by_name(desk: Office, fact: DeskFact) -> DeskFact:
    """The fact, where a captain recorded it, by the firm's name for its id."""
    if isinstance(fact, EntrantMoved) and fact.by.startswith(CAPTAIN):
        firm = desk.names.company(fact.by.removeprefix(CAPTAIN))
        return replace(fact, by=str(_("the captain of {firm}", firm=firm)), role="")
    return fact


def _sentence(desk: Office, fact: DeskFact) -> str:
    if isinstance(fact, FactUndone) and fact.pos in desk.race.said:
        return str(_("undone: {fact}", fact=_sentence(desk, desk.race.said[fact.pos])))
    keys, firm = named(fact, desk.race), not hasattr(fact, "company")
    keys |= {getattr(fact, key, "") for key in ("company", "team")}
    entry = isinstance(fact, EntrantRegistered | BibAssigned | BibReplaced | BibsSwapped | BibsHandedOut)
    ids = {one: called for one in keys if (called := desk.called(one, firm, bib=not entry))}
    sentence = _of_bib(fact) or _seen(desk, fact, sentence_of(fact, desk.opened.zone))
    if not ids:
        return sentence
    anyone = "|".join(map(re.escape, sorted(ids)))
    return re.sub(rf"(?<!\w)({anyone})(?![0-9A-Za-z])", lambda found: ids[found[0]], sentence)


def _seen(desk: Office, fact: DeskFact, sentence: str) -> str:
    """The sentence with where and when a scan was seen before its name."""
    if isinstance(fact, ScanVoided | ScanNamed | UnreadNamed | UnreadDismissed):
        name, seen = f"{fact.lineage[:8]}#{fact.seq}", desk.race.crossing(fact.lineage, fact.seq)
        return sentence.replace(name, f"{scan_words(seen, desk.opened.zone)} ({name})") if seen else sentence
    return sentence


def _of_bib(fact: DeskFact) -> str:
    """That somebody got a bib, without the code that only the log needs; empty for any other fact."""
    match fact:
        case BibAssigned(bib=bib, entrant=entrant):
            return str(_("bib {bib} given to {entrant}", bib=bib, entrant=entrant))
        case BibReplaced(bib=bib, entrant=entrant):
            return str(_("another bib for {entrant}: {bib}", bib=bib, entrant=entrant))
        case _:
            return ""
