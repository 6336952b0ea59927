"""The state of the operator's page, as it is sent five times a second."""

from msgspec import Struct

from scanners.operator.recent_scans import RecentTap, ScanLine, Source
from timing.language import Language
from timing.race.instants import Instant
from timing.stations.station_status import StationStatus
from timing.stations.station_warnings import Level, StationWarning


class StationPlace(Struct, frozen=True):
    """The station's name, its point, its lineage, by which the office names its scans, and the time zone."""

    name: str
    point: str
    lineage: str
    zone: str = "Asia/Seoul"


class PictureBox(Struct, frozen=True):
    """A code or mark in the picture; its corners as parts of the picture's width and height."""

    corners: list[tuple[float, float]]
    bib: int | None
    firm: str
    source: Source


class ShownLine(Struct, frozen=True):
    """The line as the station knows it: `px` is None where it does not, `corners` say where a bib was held over it, in parts of the picture."""

    px: float | None
    corners: list[tuple[float, float]]
    set_at: Instant | None
    can_undo: bool
    ready: bool
    """A bib is held still, so that the line can be set."""


class ShownWarning(Struct, frozen=True):
    """A warning as the page shows it, in the page's language."""

    kind: str
    level: Level
    text: str


def shown(warning: StationWarning, language: Language) -> ShownWarning:
    return ShownWarning(warning.kind, warning.level, warning.text.to(language))


class OperatorState(Struct, frozen=True):
    """One moment at the station; `picture` is the number of the frame to which the boxes belong, 0 before the first."""

    station: StationPlace
    now: Instant
    picture: int
    boxes: list[PictureBox]
    scans: list[ScanLine]
    last: int
    runners: int
    taps: list[RecentTap]
    minutes: list[tuple[Instant, int]]
    status: StationStatus
    warnings: list[ShownWarning]
    line: ShownLine | None = None
    """None where no time is taken, so that no line matters."""
