"""The counter: bibs handed out to a runner or, a whole packet, to a firm's captain; a spare for a lost one. Pure."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from results.office.people.person_forms import may_undo
from results.office.rulings.rulings import Office
from timing.errors import RaceError
from timing.language import NOTHING, Text, _, listed, ngettext
from timing.log.narration import said_by
from timing.people.office_seats import Official
from timing.race.events import BibReplaced, BibsHandedOut, DeskFact, Role
from timing.race.fold import Race
from timing.race.instants import Instant, wall
from timing.race.office_state import Entrant


class PacketCount(NamedTuple):
    """How many of a firm's bibs were handed out, of how many."""

    name: str
    handed_out: int
    people: int


@dataclass(frozen=True, slots=True)
class FirmPackets:
    """How many of a firm's bibs were handed out, and the last time that somebody took some."""

    company: str
    name: str
    handed_out: int
    people: int
    unprinted: int
    left: int
    """How many are printed and still here, in this firm's packet."""
    to_captain: int
    last: BibsHandedOut | None
    elsewhere: Sequence[tuple[int, str]]
    """Bibs of this firm's people that lie in another firm's packet, and in which."""
    foreign: Sequence[tuple[int, str]]
    """Bibs in this firm's packet whose runners are another firm's by now, and which."""


def unprinted(race: Race) -> frozenset[str]:
    """Whose bib is on no paper. Nobody's where this program was never asked to print any: others print them then."""
    return frozenset(one.id for one in race.running() if not is_printed(race, one))


def is_printed(race: Race, one: Entrant) -> bool:
    """Whether somebody is not among the `unprinted`."""
    return one.code is None or race.office.on_paper(one.code)


def free_spares(race: Race) -> list[int]:
    """The numbers of the printed spares that nobody has."""
    return sorted(
        bib for bib, code in race.office.spares.items() if code not in race.holders and race.office.on_paper(code)
    )


def packet_of(office: Office, company: str) -> PacketCount:
    """How many of one firm's bibs were handed out."""
    ours = [one.id for one in office.race.running() if one.company == company and one.bib is not None]
    handed = sum(one in office.race.office.handed_out for one in ours)
    return PacketCount(office.names.companies.get(company, company), handed, len(ours))


def packets(office: Office) -> list[FirmPackets]:
    """Every firm with the bibs of those who have not withdrawn; those that wait come first."""
    race = office.race
    running = [one for one in race.running() if one.bib is not None]
    people = Counter(one.company for one in running)
    handed = Counter(one.company for one in running if one.id in race.office.handed_out)
    none = unprinted(race)
    missing = Counter(race.entrants[one].company for one in none)
    gone = none | race.office.handed_out.keys()
    elsewhere, foreign = defaultdict[str, list[tuple[int, str]]](list), defaultdict[str, list[tuple[int, str]]](list)
    left, to_captain, last = Counter[str](), Counter[str](), dict[str, BibsHandedOut]()
    for one in sorted(running, key=lambda one: one.bib or 0):
        lies, given = race.office.packet_of(one), race.office.handed_out.get(one.id)
        if given:
            to_captain[one.company] += given.to == "captain"
            last[one.company] = max(given, last.get(one.company, given), key=lambda fact: fact.at)
        elif lies == one.company:
            left[one.company] += one.id not in gone
        else:
            elsewhere[one.company].append((one.bib or 0, office.names.company(lies)))
            foreign[lies].append((one.bib or 0, office.names.company(one.company)))
    people.update(dict.fromkeys(foreign, 0))
    firms = [
        FirmPackets(
            company,
            office.names.companies.get(company, company),
            handed[company],
            number,
            missing[company],
            left[company],
            to_captain[company],
            last.get(company),
            elsewhere[company],
            foreign[company],
        )
        for company, number in people.items()
    ]
    return sorted(firms, key=lambda one: (one.handed_out >= one.people, one.name))


def hand_out_one(office: Office, entrant: str, now: Instant, by: str, role: Role) -> Sequence[DeskFact]:
    """The runner has the bib.

    Raises:
        RaceError: there is none, it is not printed, or somebody has it already: who gave it, and when.
    """
    person = office.entrant(entrant)
    if person.bib is None:
        raise RaceError(_("there is no bib to hand out"))
    if given := office.race.office.handed_out.get(person.id):
        raise RaceError(handed_out_words(office, given))
    if not is_printed(office.race, person):
        raise RaceError(_("bib {bib} is not printed yet: print it, or give a spare", bib=person.bib))
    return [BibsHandedOut((person.id,), "self", now, by, role=role)]


def hand_out_packet(office: Office, company: str, seen: str, now: Instant, by: str, role: Role) -> Sequence[DeskFact]:
    """The captain has all of the firm's printed bibs that nobody took yet: as many as the page said, where it said so.

    Raises:
        RaceError: there is none left, or another number.
    """
    left = waiting(office.race, company)
    if not left:
        raise RaceError(_("all printed bibs of this firm are handed out"))
    if seen and seen != str(len(left)):
        raise RaceError(_("this packet holds {left} bibs now, not {seen}: look again", left=len(left), seen=seen))
    return [BibsHandedOut(tuple(left), "captain", now, by, role=role)]


def exchange(office: Office, entrant: str, spare: int, by: str, why: str, role: Role) -> Sequence[DeskFact]:
    """A spare for a lost bib, handed out at once.

    Raises:
        RaceError: no such spare was printed, or somebody has it.
    """
    person = office.entrant(entrant)
    office.refuse_another_s(spare, person.id)
    return [BibReplaced(person.id, spare, office.spare(spare), by, why, role=role)]


class OwnPacket(NamedTuple):
    """A packet that an official gave: its position in the log, and whether that was taken back."""

    pos: int
    firm: str
    bibs: int
    at: str
    undone: bool


def own_packets(office: Office, who: Official, most: int = 3) -> list[OwnPacket]:
    """The packets that an official gave to captains last, also those that were taken back."""
    race, found = office.race, list[OwnPacket]()
    for pos, fact in reversed(race.said.items()):
        if len(found) == most:
            break
        if isinstance(fact, BibsHandedOut) and fact.to == "captain" and may_undo(fact, who):
            first = next((race.entrants[one] for one in fact.entrants if one in race.entrants), None)
            firm = office.names.company(first.company) if first else ""
            at = wall(fact.at, office.opened.zone)
            found.append(OwnPacket(pos, firm, len(fact.entrants), at, not race.holds(pos)))
    return found


def waiting(race: Race, company: str) -> list[str]:
    """Whose printed bibs of a firm are still here in its packet, by bib."""
    gone = unprinted(race) | race.office.handed_out.keys()
    bibs = (one for one in race.running() if one.company == company and one.bib is not None and one.id not in gone)
    ours = (one for one in bibs if race.office.packet_of(one) == company)
    return [one.id for one in sorted(ours, key=lambda one: one.bib or 0)]


def shares(one: FirmPackets) -> Text:
    """Who got how many of a firm's bibs: the captain, and the runners themselves; empty where nobody got any."""
    captain = ngettext("{n} to the captain", "{n} to the captain", one.to_captain) if one.to_captain else NOTHING
    alone = one.handed_out - one.to_captain
    by_themselves = ngettext("{n} to the runner", "{n} to the runners", alone) if alone else NOTHING
    return listed([captain, by_themselves])


def handed_out_words(office: Office, given: BibsHandedOut) -> Text:
    """When, by whom and to whom a bib was handed out."""
    at, taker = (
        wall(given.at, office.opened.zone),
        _("the captain") if given.to == "captain" else _("the runner in person"),
    )
    return _("handed out at {at} by {by} to {taker}", at=at, by=said_by(given.role, given.by), taker=taker)
