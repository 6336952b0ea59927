"""Whom the office's facts name, and which of them name somebody. Pure."""

from collections.abc import Mapping
from itertools import takewhile

from timing.race.events import (
    DeskFact,
    EntrantRegistered,
    FactUndone,
    GunMoved,
    ScanNamed,
    ScanVoided,
    UnreadDismissed,
    UnreadNamed,
    WaveStarted,
)
from timing.race.fold import Race


def named(fact: DeskFact, race: Race) -> set[str]:
    """The entrants, companies, stations and guns that a fact names; an undo names what the undone fact does."""
    if isinstance(fact, FactUndone):
        return {str(fact.pos)} | (named(race.said[fact.pos], race) if fact.pos in race.said else set())
    if isinstance(fact, EntrantRegistered):
        return {fact.entrant}  # not the firm: its many entries are not about each other
    words = [
        getattr(fact, key, "")
        for key in ("entrant", "stand_in", "one", "other", "company", "into", "station", "winner")
    ]
    words += (
        [f"{fact.lineage}#{fact.seq}"]
        if isinstance(fact, ScanVoided | ScanNamed | UnreadNamed | UnreadDismissed)
        else []
    )
    words += [f"wave {fact.wave}"] if isinstance(fact, GunMoved | WaveStarted) else []
    return {word for word in words if word} | set(getattr(fact, "entrants", ()))


class FactIndex:
    """The office's facts by whom they name; it follows one race, which only gets more of them."""

    def __init__(self) -> None:
        self._by_name: dict[str, list[int]] = {}
        self._last = 0

    def about(self, race: Race, name: str) -> Mapping[int, DeskFact]:
        """The facts that name an entrant, a company, a station or a gun, by position, the last first."""
        new = takewhile(lambda one: one[0] > self._last, reversed(race.said.items()))
        for pos, fact in reversed([*new]):
            self._last = pos
            for each in named(fact, race):
                self._by_name.setdefault(each, []).append(pos)
        return {pos: race.said[pos] for pos in reversed(self._by_name.get(name, ()))}
