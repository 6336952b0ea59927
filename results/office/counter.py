"""The counter: bibs handed out to a runner or, a whole packet, to a firm's captain; a spare for a lost one. Pure."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from results.office.rulings import Office
from results.ranking.rows import Row, Status
from timing.errors import RaceError
from timing.language import Text, _
from timing.race.events import BibReplaced, BibsHandedOut, DeskFact, Role
from timing.race.fold import Race
from timing.race.instants import Instant, wall


@dataclass(frozen=True, slots=True)
class FirmPackets:
    """How many of a firm's bibs were handed out."""

    company: str
    name: str
    handed_out: int
    people: int


def packets(office: Office) -> list[FirmPackets]:
    """Every firm with its bibs; those that wait come first."""
    race = office.race
    people = Counter(one.company for one in race.entrants.values() if one.bib is not None)
    handed = Counter(race.entrants[one].company for one in race.office.handed_out if one in race.entrants)
    firms = [
        FirmPackets(company, office.names.companies.get(company, company), handed[company], number)
        for company, number in people.items()
    ]
    return sorted(firms, key=lambda one: (one.handed_out >= one.people, one.name))


def hand_out_one(office: Office, entrant: str, now: Instant, by: str, role: Role) -> Sequence[DeskFact]:
    """The runner has the bib.

    Raises:
        RaceError: there is none, or somebody has it already: who gave it, and when.
    """
    person = office.entrant(entrant)
    if person.bib is None:
        raise RaceError(_("there is no bib to hand out"))
    if given := office.race.office.handed_out.get(person.id):
        raise RaceError(handed_out_words(office, given))
    return [BibsHandedOut((person.id,), "self", now, by, role=role)]


def hand_out_packet(office: Office, company: str, now: Instant, by: str, role: Role) -> Sequence[DeskFact]:
    """The captain has all of the firm's bibs that nobody took yet.

    Raises:
        RaceError: there is none left.
    """
    left = waiting(office.race, company)
    if not left:
        raise RaceError(_("all bibs of this firm are handed out"))
    return [BibsHandedOut(tuple(left), "captain", now, by, role=role)]


def exchange(office: Office, entrant: str, spare: int, by: str, why: str, role: Role) -> Sequence[DeskFact]:
    """A spare for a lost bib, handed out at once.

    Raises:
        RaceError: no such spare was printed, or somebody has it.
    """
    person = office.entrant(entrant)
    office.refuse_another_s(spare, person.id)
    return [BibReplaced(person.id, spare, office.spare(spare), by, why, role=role)]


def waiting(race: Race, company: str) -> list[str]:
    """Whose bibs of a firm are still here, by bib."""
    ours = (one for one in race.entrants.values() if one.company == company and one.bib is not None)
    return [one.id for one in sorted(ours, key=lambda one: one.bib or 0) if one.id not in race.office.handed_out]


def collected_and_not_started(race: Race, rows: Sequence[Row]) -> list[Row]:
    """Who has the bib, and no camera saw at the start or later."""
    return [row for row in rows if row.status is Status.REGISTERED and row.entrant.id in race.office.handed_out]


def handed_out_words(office: Office, given: BibsHandedOut) -> Text:
    """When, by whom and to whom a bib was handed out."""
    at, taker = wall(given.at, office.opened.zone), _("the captain") if given.to == "captain" else _("the runner")
    return _("handed out at {at} by {by} to {taker}", at=at, by=given.by, taker=taker)
