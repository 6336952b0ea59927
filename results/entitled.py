"""Who gets which certificate of an edition, and why the others get none. Pure."""

from typing import Final, Literal

from results.ranking.rows import Row, Status
from timing.race.known_names import Names

Kind = Literal["record", "participation"]
NONE_FOR: Final = {
    Status.REGISTERED: "none_not_seen",
    Status.DNS: "dns",
    Status.DSQ: "dsq",
    Status.WITHDRAWN: "withdrawn",
}
"""Who gets none, whatever the race decides for finishers."""


def why_none(row: Row, names: Names) -> str:
    """The message that says why this runner gets none; empty for whoever gets one."""
    if row.ruled.withheld:
        return "withheld"
    if row.status in NONE_FOR:
        return NONE_FOR[row.status]
    return "" if names.people.get(row.entrant.id) else "none_nameless"


def kind_for(row: Row, usual: Kind) -> Kind:
    """Finishers get what the race gives (`usual`), whoever only started one of participation."""
    return usual if row.status is Status.FINISHED and row.time is not None else "participation"
