"""What the office decided beside the log, written with its record and told with name and role."""

from collections.abc import Callable

from sqlalchemy import Connection

from results.office.rulings.rulings import Office
from timing.folder import OpenRace
from timing.language import Text, _
from timing.log.narration import said_by
from timing.people.inbox import Inbox
from timing.people.office_acts import Act, OfficeAct, OfficeActs
from timing.people.office_seats import Official
from timing.race.instants import dated

SHOWN = 5


def acts_of(opened: OpenRace) -> OfficeActs:
    """The acts of a race."""
    return OfficeActs(opened.engine, opened.settings.id)


def acting(opened: OpenRace, what: Act, of: str, who: Official) -> Callable[[Connection], None]:
    """What notes an act in the transaction that does it."""

    def beside(connection: Connection) -> None:
        acts_of(opened).note(connection, OfficeAct(what, of, who, opened.clock.now()))

    return beside


def act_words(office: Office, act: OfficeAct) -> str:
    """One act as a sentence, with when and by whom."""
    zone, now = office.opened.zone, office.opened.clock.now()
    at = dated(act.at, now, zone)[:-2]
    return f"{at} {_what(office, act)} ({said_by(act.who.role, act.who.name)})"


def _what(office: Office, act: OfficeAct) -> Text:
    match act.what:
        case "approve":
            return _("link and blurb of {firm} shown", firm=office.names.company(act.of))
        case "refuse":
            return _("link and blurb of {firm} refused", firm=office.names.company(act.of))
        case "hide":
            return _("link and blurb of {firm} taken from its page", firm=office.names.company(act.of))
        case "look":
            return _("colour and logo of {firm} changed", firm=office.names.company(act.of))
        case "name":
            return _("name written anew")
        case "settle":
            return _("report {n} ({what}) dealt with", n=act.of, what=_report(office, act.of))
        case "reopen":
            return _("report {n} ({what}) opened again", n=act.of, what=_report(office, act.of))
        case "enrol":
            return _("token for station {name} given", name=act.of)
        case "revoke":
            return _("token of station {name} taken back", name=act.of)


def _report(office: Office, number: str) -> str:
    """What a report, or a line of a paper sheet, said."""
    found = Inbox(office.opened.engine, office.opened.settings.id).message(int(number))
    if found is None:
        return "–"
    return found.text if found.line else " ".join(filter(None, (found.written, found.text)))
