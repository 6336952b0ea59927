"""Who gets which certificate of an edition, and why the others get none. Pure."""

from typing import Final, Literal

from results.ranking.rows import Row, Status
from timing.language import Text, _
from timing.race.known_names import Names

CertificateKind = Literal["record", "participation"]
TITLES: Final[dict[CertificateKind, Text]] = {
    "record": _("Certificate of Finish"),
    "participation": _("Certificate of Participation"),
}
NONE_FOR: Final = {
    Status.REGISTERED: _("seen at neither line"),
    Status.DNS: _("Did not start"),
    Status.DSQ: _("Disqualified"),
    Status.WITHDRAWN: _("Withdrawn"),
}
"""Why these statuses get none, whatever finishers get."""


def why_none(row: Row, names: Names) -> Text | None:
    """Why this runner gets none; None where one is given."""
    if row.ruled.withheld:
        return _("Withheld")
    if row.status in NONE_FOR:
        return NONE_FOR[row.status]
    return None if names.people.get(row.entrant.id) else _("the name was erased, or never given")


def kind_for(row: Row, usual: CertificateKind) -> CertificateKind:
    """Finishers get the race's kind (`usual`), those who only started one of participation."""
    return usual if row.status is Status.FINISHED and row.time is not None else "participation"
