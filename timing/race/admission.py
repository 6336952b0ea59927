"""Whether a stored item counts: the one place that says so. Pure.

A log keeps every item byte by byte, also one that nobody can read: its chains and acknowledgements stay right, and what a later
version of a station sent counts after an upgrade. What is not admitted is set aside: it counts for nothing, and is shown.
"""

from typing import get_args

from msgspec import Struct

from timing.language import Text, _, ngettext
from timing.race.encoding import UnknownEvent, decode
from timing.race.events import Event, ServerFact, StationFact

DESK = "desk-"
"""How the lineages of organisers' commands begin; no station's does, and no batch in one of them is taken."""
SERVER = "server-"
"""How the lineages of a server's own clock begin; no batch in one of them is taken either."""
SET_ASIDE_CODE = 5
"""The exit code of `log verify` where all is as it was written, and something of it counts for nothing."""
STATIONS = get_args(StationFact)
SHOWN_BYTES = 60

Reason = Text
"""Why it counts for nothing."""
UNREADABLE: Reason = _("this version cannot read it")
DESK_ALONE: Reason = _("only the desk may record this, and a station sent it")
STATION_ALONE: Reason = _("a station's fact in the desk's own lineage")
SERVER_ALONE: Reason = _("a server's fact in another's lineage")
DAMAGED: Reason = _("it was damaged on the station's disk")
GONE: Reason = _("it is gone from the station's disk, or was in memory alone while that was full")
UNFOLDABLE: Reason = _("it cannot be judged (a fault of this program)")


class SetAside(Struct, frozen=True):
    """An item of the log that counts for nothing: where it stands, how it begins, and why."""

    pos: int
    lineage: str
    seq: int
    data: bytes
    why: Reason

    def __str__(self) -> str:
        return f"{self.pos:>6}  {self.lineage[:9]}#{self.seq}  {shown(self.data)}  ⚠ {self.why}"


def desk_lineage(race: str) -> str:
    """The desk's lineage of a race, by the race's own id: every command of the organiser shares it."""
    return f"{DESK}{race}"


def is_desk(lineage: str) -> bool:
    return lineage.startswith(DESK)


def server_lineage(race: str, boot: str) -> str:
    """The lineage in which a server of this race tells of its clock, one for each time that its machine was started."""
    return f"{SERVER}{boot}-{race}"


def is_server(lineage: str) -> bool:
    return lineage.startswith(SERVER)


def is_ours(lineage: str) -> bool:
    """Whether only this program writes into it: nobody may send a batch of it."""
    return is_desk(lineage) or is_server(lineage)


def admitted(data: bytes, lineage: str) -> Event | Reason:
    """The fact that an item of this lineage tells, or why it tells none that counts.

    A desk's fact counts in the desk's lineage alone, a server's in a server's, a station's outside of them alone.
    """
    try:
        fact = decode(data)
    except UnknownEvent:
        return UNREADABLE
    if isinstance(fact, ServerFact) != is_server(lineage):
        return SERVER_ALONE
    if not is_server(lineage) and isinstance(fact, STATIONS) == is_desk(lineage):
        return STATION_ALONE if is_desk(lineage) else DESK_ALONE
    return fact


def shown(data: bytes) -> str:
    """An item's first bytes, for people: whatever is no plain letter is written as an escape."""
    text = ascii(data[:SHOWN_BYTES].decode("latin-1"))[1:-1]
    return text + ("…" if len(data) > SHOWN_BYTES else "") or str(_("(empty)"))


def set_aside_words(count: int) -> Text:
    """That so many items count for nothing, and what to do."""
    return ngettext(
        "⚠ {n} item of the log counts for nothing; look at them, then settle each by `marathon rule set-aside POSITION`",
        "⚠ {n} items of the log count for nothing; look at them, then settle each by `marathon rule set-aside POSITION`",
        count,
    )
