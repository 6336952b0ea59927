"""What the forms of the to-do list decide, by the same functions as the command line; and what of it may be taken back."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final, Literal

from results.office.people.person_forms import decided, whole
from results.office.rulings import decisions
from results.office.rulings.ruling_preview import Decision
from results.office.rulings.rulings import Office
from results.office.rulings.telling import told
from results.office.rulings.unread_decisions import dismiss_passer, name_passer
from results.office.service.permissions import may
from timing.errors import RaceError, WrongUse
from timing.language import _
from timing.people.office_seats import Official
from timing.race.events import (
    BibReplaced,
    ClockJumpRuled,
    CourseClosed,
    DeskFact,
    EntrantMoved,
    PassingEntered,
    ScanNamed,
    ScanVoided,
    StartOffsetGiven,
    StationGivenUp,
    TimeConfirmed,
    UnreadDismissed,
    UnreadNamed,
    WaveAssigned,
)
from timing.race.instants import Span
from timing.race.teams import CAPTAIN

Sent = Mapping[str, str]
SETTLING: Final = UnreadNamed | UnreadDismissed | ScanNamed | ScanVoided | BibReplaced
RULING: Final = (
    TimeConfirmed | CourseClosed | ClockJumpRuled | StationGivenUp | WaveAssigned | PassingEntered | StartOffsetGiven
)
LATELY: Final = 5
LOOKED_BACK: Final = 500


def settled(office: Office, sent: Sent, who: Official) -> Decision:
    """Somebody named or dismissed, a spare given to whom it is worn by, or one of these taken back.

    Raises:
        WrongUse: no form of ours, or what was sent cannot be read.
        RaceError: it cannot be, or cannot be any more.
    """
    by, why = who.name, sent.get("why", "")
    match sent.get("form"):
        case "name":
            made = _named(office, sent, by, why)
        case "dismiss":
            made = _dismissed(office, sent, by, why)
        case "spare":
            made = decisions.replace(office, _who(sent), whole(sent, "spare"), None, False, by, why)
        case "undo":
            made = _taken_back(office, sent, who, why)
        case _:
            raise WrongUse(_("there is no such form"))
    return made.in_role(who.role)


def ruled(office: Office, sent: Sent, who: Official) -> Decision:
    """Whose clock jumped, a station that is not waited for, an item that was looked at, a captain's move that stands, or what is ruled about a person as on their page.

    Raises:
        WrongUse, RaceError: as `settled`.
    """
    by, why = who.name, sent.get("why", "")
    match sent.get("form"):
        case "jump":
            whose: Literal["server", "station"] = "server" if sent.get("whose") == "server" else "station"
            return decisions.jump(office, sent.get("which", ""), whose, by, why).in_role(who.role)
        case "give-up":
            return decisions.give_up(office, sent.get("station", ""), by, why).in_role(who.role)
        case "aside":
            return decisions.set_aside(office, whole(sent, "pos"), by, why).in_role(who.role)
        case "confirm":
            time = Span(whole(sent, "time"))
            return decisions.confirm_time(office, sent.get("entrant", ""), time, by, why).in_role(who.role)
        case "stands":
            return _stands(office, whole(sent, "pos"), by, why).in_role(who.role)
        case "passing":
            form = "start" if sent.get("point") == "start" else "finish"
            return decided(office, sent.get("entrant", ""), {**sent, "form": form}, who, "rule")
        case "wave":
            return decided(office, sent.get("entrant", ""), sent, who, "counter")
        case _:
            return decided(office, sent.get("entrant", ""), sent, who, "rule")


def _stands(office: Office, position: int, by: str, why: str) -> Decision:
    """A captain's move, said by the office too.

    Raises:
        RaceError: it holds no longer, or something else was said of the person since.
    """
    fact = office.race.said.get(position)
    if not isinstance(fact, EntrantMoved) or not fact.by.startswith(CAPTAIN) or not office.race.holds(position):
        raise RaceError(_("there is no such form"))
    entrant = office.entrant(fact.entrant)
    company, team = office.race.office.company_now(fact.company), office.race.office.team_now(fact.company, fact.team)
    if (entrant.company, entrant.team) != (company, team):
        raise RaceError(_("{who} was moved again meanwhile; look again", who=office.label(entrant.id)))
    return Decision([EntrantMoved(entrant.id, company, team, by, why)])


def lately_settled(office: Office, who: Official) -> Iterator[tuple[int, str]]:
    """The last of these rulings that whoever asks may take back, the last first: position and sentence."""
    race = office.race
    last = islice(reversed(race.said.items()), LOOKED_BACK)
    own = ((pos, fact) for pos, fact in last if _may_take_back(fact, who) and race.holds(pos))
    yield from ((pos, told(office, fact)) for pos, fact in islice(own, LATELY))


def _may_take_back(fact: DeskFact, who: Official) -> bool:
    own = isinstance(fact, SETTLING) and (fact.by, fact.role) == (who.name, who.role)
    return own or (isinstance(fact, SETTLING | RULING) and may(who.role, "rule"))


def _named(office: Office, sent: Sent, by: str, why: str) -> Decision:
    scan = office.scan(sent.get("scan", ""))
    if scan.source == "unread" and scan.station:
        return name_passer(office, scan, _who(sent), by, why)
    stood: Literal["start", "finish"] | None = None
    if not scan.station:
        stood = "start" if sent.get("point") == "start" else "finish"
    return decisions.name_scan(office, sent.get("scan", ""), _who(sent), stood, by, why)


def _dismissed(office: Office, sent: Sent, by: str, why: str) -> Decision:
    scan = office.scan(sent.get("scan", ""))
    if scan.source == "unread" and scan.station:
        return dismiss_passer(office, scan, by, why)
    if (owner := office.race.owner(scan)) and scan.station:
        raise RaceError(_("this is {who} by now; look again", who=office.label(owner.id)))
    return decisions.void(office, sent.get("scan", ""), by, why)


def _taken_back(office: Office, sent: Sent, who: Official, why: str) -> Decision:
    position = whole(sent, "pos")
    fact = office.race.said.get(position)
    if fact is None or not _may_take_back(fact, who):
        raise RaceError(_("you take back what you did yourself; anything else is the director's"))
    return decisions.undo(office, position, who.name, why)


def _who(sent: Sent) -> str:
    if not sent.get("bib"):
        raise WrongUse(_("say who it was: a bib or a name"))
    return sent["bib"]
