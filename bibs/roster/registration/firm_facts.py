"""Collects a roster's data about firms: the number of employees, and the address of the packet. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from bibs.roster.entries.entry import Entry, Fault
from timing.language import _
from timing.race.events import HeadcountDeclared
from timing.race.firms import FirmCard
from timing.race.fold import Race

BY = "desk"
WHY = "import"
"""How a declaration that came with a roster is known from one that an official ruled."""


class FirmFacts:
    """Gathers what the rows say of each firm; the first row counts, and one that differs is named."""

    def __init__(self, race: Race, cards: Mapping[str, FirmCard]) -> None:
        self._race, self._cards = race, cards
        self._employees: dict[str, tuple[int, str]] = {}
        self._places: dict[str, tuple[str, str]] = {}
        self.faults: list[Fault] = []
        self.flagged: list[Fault] = []

    def add(self, company: str, entry: Entry) -> None:
        """Take in what one row says."""
        if entry.employees is not None:
            first, where = self._employees.setdefault(company, (entry.employees, entry.where))
            if first != entry.employees:
                self.faults.append(
                    Fault(entry.where, _("column `employees`: {where} says {first}", first=first, where=where))
                )
        place = entry.building or "", entry.floor or ""
        if any(place):
            first_place = self._places.setdefault(company, place)
            if first_place != place:
                shown = " ".join(first_place).strip()
                self.flagged.append(
                    Fault(
                        entry.where,
                        _("another place than the firm's first row; its packet goes to {shown}", shown=shown),
                    )
                )

    def employees(self) -> dict[str, tuple[int, int]]:
        """For each firm whose number of employees changes: the number before (0: unknown) and after."""
        declared, changed = self._declared(), {}
        for company, (employees, where) in self._employees.items():
            before = self._race.office.employees.get(company, 0)
            if before == employees:
                continue
            if company in declared and declared[company].why != WHY:
                text = _(
                    "employees: the ruling ({before}) stands above the file ({employees})",
                    before=before,
                    employees=employees,
                )
                self.flagged.append(Fault(where, text))
            else:
                changed[company] = before, employees
        return changed

    def cards(self) -> list[FirmCard]:
        """The cards that change."""
        cards = [
            replace(card, building=building or card.building, floor=floor or card.floor)
            for company, (building, floor) in self._places.items()
            for card in [self._cards.get(company, FirmCard(company))]
        ]
        return [card for card in cards if card != self._cards.get(card.company)]

    def _declared(self) -> dict[str, HeadcountDeclared]:
        """The declaration in force of each firm."""
        said = sorted(self._race.said.items())
        return {
            fact.company: fact
            for pos, fact in said
            if isinstance(fact, HeadcountDeclared) and pos not in self._race.gone
        }
