"""Who passed and was not read, by number, and what an official decides of each."""

from collections.abc import Iterator
from typing import NamedTuple

from results.office.rulings.decisions import naming_remarks, undo_all
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from timing.errors import RaceError
from timing.language import _
from timing.race import events as said
from timing.race.events import DeskFact, Unread
from timing.race.passings import Scan


class ListedUnread(NamedTuple):
    """An unread person by number, which never changes: they count in the order in which the log took them."""

    number: int
    scan: Scan


def name_unread(office: Office, number: int, bib: str, by: str, why: str) -> Decision:
    """This is who passed there; shows first who moves."""
    return name_passer(office, numbered(office, number), bib, by, why)


def name_passer(office: Office, scan: Scan, bib: str, by: str, why: str) -> Decision:
    """An unread person was who wears this bib.

    Raises:
        RaceError: this one was dismissed before, or is named so already.
    """
    if (scan.lineage, scan.seq) in office.race.office.voided:
        raise _settled(office, scan)
    entrant = office.entrant(bib)
    named = said.UnreadNamed(scan.lineage, scan.seq, entrant.id, by, why)
    return Decision([named], naming_remarks(office, scan, entrant))


def dismiss_unread(office: Office, number: int, by: str, why: str) -> Decision:
    """This was no runner, or one who is known already."""
    scan = numbered(office, number)
    if state := state_of_unread(office, scan):
        raise RaceError(_("unread {number} is settled: {state}; take that back first", number=number, state=state))
    return dismiss_passer(office, scan, by, why)


def dismiss_passer(office: Office, scan: Scan, by: str, why: str) -> Decision:
    """An unread person was no runner, or one who is known already.

    Raises:
        RaceError: this one was named or dismissed before.
    """
    if state_of_unread(office, scan):
        raise _settled(office, scan)
    return Decision([said.UnreadDismissed(scan.lineage, scan.seq, by, why)])


def _settled(office: Office, scan: Scan) -> RaceError:
    return RaceError(_("this one is settled: {state}; take that back first", state=state_of_unread(office, scan)))


def undo_unread(office: Office, number: int, by: str, why: str) -> Decision:
    """Take back how this one was named or dismissed; it is open again."""
    scan = numbered(office, number)
    return undo_all(office, lambda fact: _is_about(fact, scan), by, why)


def all_unread(office: Office) -> Iterator[ListedUnread]:
    """Every unread person of the log; those of a lineage that never said where it stands have no place."""
    told = (one for one in office.opened.log.read() if isinstance(one.admitted, Unread))
    for number, one in enumerate(told, start=1):
        scan = office.race.crossing(one.lineage, one.seq)
        if scan:
            yield ListedUnread(number, scan)


def numbered(office: Office, number: int) -> Scan:
    """The unread person with this number.

    Raises:
        RaceError: there is none.
    """
    found = next((scan for one, scan in all_unread(office) if one == number), None)
    if found is None:
        raise RaceError(_("there is no unread person {number}; see `marathon unread list`", number=number))
    return found


def _is_about(fact: DeskFact, scan: Scan) -> bool:
    match fact:
        case (
            said.UnreadNamed(lineage=lineage, seq=seq)
            | said.UnreadDismissed(lineage=lineage, seq=seq)
            | said.ScanNamed(lineage=lineage, seq=seq)
            | said.ScanVoided(lineage=lineage, seq=seq)
        ):
            return (lineage, seq) == (scan.lineage, scan.seq)
        case _:
            return False


def state_of_unread(office: Office, scan: Scan) -> str:
    """What officials or the station said of this one; empty while it is open."""
    if (scan.lineage, scan.seq) in office.race.office.voided:
        return str(_("dismissed"))
    owner = office.race.owner(scan)
    return str(_("named: {who}", who=office.label(owner.id))) if owner else ""
