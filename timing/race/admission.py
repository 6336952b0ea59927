"""Whether a stored item counts: the one place that says so. Pure.

The log keeps every item byte by byte, even one that cannot be read: hash chains and acknowledgements stay valid, and an item sent by a
newer station counts once the server is upgraded. An item that is not admitted is set aside: it has no effect and is reported.
"""

from typing import get_args

from msgspec import Struct

from timing.language import Text, _, ngettext
from timing.race.encoding import UnknownEvent, decode
from timing.race.events import Event, ServerFact, StationFact

DESK = "desk-"
"""Prefix of the lineages that the organiser's commands write. Batches that a station sends in such a lineage are refused."""
SERVER = "server-"
"""Prefix of the lineages in which servers record their clocks. Batches sent in such a lineage are refused too."""
SET_ASIDE_CODE = 5
"""Exit code of `log verify` when the log is intact but some items are set aside."""
STATIONS = get_args(StationFact)
SHOWN_BYTES = 60

Reason = Text
"""Why an item is set aside."""
UNREADABLE: Reason = _("this version cannot read it")
DESK_ALONE: Reason = _("only the desk may record this, and a station sent it")
STATION_ALONE: Reason = _("a station's fact in the desk's own lineage")
SERVER_ALONE: Reason = _("a server's fact in another's lineage")
DAMAGED: Reason = _("it was damaged on the station's disk")
GONE: Reason = _("it is gone from the station's disk, or was in memory alone while that was full")
UNFOLDABLE: Reason = _("it cannot be judged (a fault of this program)")


class SetAside(Struct, frozen=True):
    """An item of the log that has no effect: its position, its lineage and number, its bytes, and why."""

    pos: int
    lineage: str
    seq: int
    data: bytes
    why: Reason

    def __str__(self) -> str:
        return f"{self.pos:>6}  {self.lineage[:9]}#{self.seq}  {shown(self.data)}  ⚠ {self.why}"


def desk_lineage(race: str) -> str:
    """The lineage that all commands of the organiser share, derived from the race's id."""
    return f"{DESK}{race}"


def is_desk(lineage: str) -> bool:
    return lineage.startswith(DESK)


def server_lineage(race: str, boot: str) -> str:
    """The lineage in which a server records its clock: one for each boot of its machine."""
    return f"{SERVER}{boot}-{race}"


def is_server(lineage: str) -> bool:
    return lineage.startswith(SERVER)


def is_ours(lineage: str) -> bool:
    """Whether this lineage is written by this program alone, so that a batch in it must be refused."""
    return is_desk(lineage) or is_server(lineage)


def admitted(data: bytes, lineage: str) -> Event | Reason:
    """Decode an item of this lineage: the fact, or the reason why it is set aside.

    Facts of the desk are valid only in the desk's lineage, facts of a server only in a server's, facts of a station only elsewhere.
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
    """The first bytes of an item in printable ASCII; other bytes as escapes."""
    text = ascii(data[:SHOWN_BYTES].decode("latin-1"))[1:-1]
    return text + ("…" if len(data) > SHOWN_BYTES else "") or str(_("(empty)"))


def set_aside_words(count: int) -> Text:
    """The warning that `count` items are set aside, with the command that settles them."""
    return ngettext(
        "⚠ {n} item of the log counts for nothing; look at them, then settle each by `marathon rule set-aside POSITION`",
        "⚠ {n} items of the log count for nothing; look at them, then settle each by `marathon rule set-aside POSITION`",
        count,
    )
