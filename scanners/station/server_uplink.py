"""The way to the server with a station's token, and what the server tells of its race."""

from collections.abc import Callable

from scanners.outbox.uplink import HttpUplink
from scanners.protocol import RosterAnswer
from timing.errors import Unreachable, WrongUse
from timing.language import Text, _, warning
from timing.stations.enrolment import IN_THE_CLEAR, in_the_clear, read_enrolment

TOKEN = "MARATHON_TOKEN"


def server_uplink(server: str, token: str, station: str, say: Callable[[Text], object]) -> HttpUplink:
    """To the server, with the token: bare, or in the enrolment that `marathon station NAME --server URL` showed as a QR.

    Over plain HTTP this warns and goes on: on race morning a station that times is worth more than a token that nobody read, and
    what a thief of it sends stands under that station's name, where it can be voided.

    Raises:
        WrongUse: there is no token, or it is another station's.
    """
    if not token:
        raise WrongUse(
            _("give the station's token in the environment variable {token}", token=TOKEN),
        )
    enrolment = read_enrolment(token)
    if enrolment and enrolment.name != station:
        raise WrongUse(
            _("this enrolment is for {name}; check --station", name=enrolment.name),
        )
    bare, fingerprint = (enrolment.token, enrolment.fingerprint) if enrolment else (token, "")
    uplink = HttpUplink(server, bare, fingerprint)
    if in_the_clear(server):
        say(warning(IN_THE_CLEAR))
    return uplink


def ask_roster(server: HttpUplink, complain: Callable[[str], object]) -> RosterAnswer | None:
    """The server's information about its race; None while it does not answer, without waiting for it.

    Raises:
        Refused: the token is wrong.
    """
    try:
        return server.roster()
    except Unreachable as away:
        complain(str(away))
        return None
