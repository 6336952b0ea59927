"""A station's operator page with everything around it held by hand: the clock, the outbox, the camera."""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from scanners.operator.operator_view import OperatorView
from scanners.operator.station_state import StationPlace
from scanners.protocol import RosterAnswer
from scanners.station.crossing_timer import CrossingTimer
from scanners.station.line_control import LineControl
from scanners.station.observer import SeenCode
from scanners.station.station_metrics import StationMetrics
from scanners.station_roster import StationRoster
from tests.builders import GUN, code_of
from tests.clock_and_chance import ManualClock
from tests.pictures import scene, url
from timing.race.events import (
    Scanned,
    StationFact,
)
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.station_status import StationStatus

Grey = npt.NDArray[np.uint8]
LINEAGE = "3f2a9c1b" + "0" * 24
FIRMS = {417: "한빛테크", 418: "가온전자", 419: "다온로보틱스"}
ROSTER = RosterAnswer("", {code_of(bib): bib for bib in FIRMS}, {}, {code_of(bib): firm for bib, firm in FIRMS.items()})


def scanned(bib: int, at: Instant) -> Scanned:
    return Scanned("qr", code_of(bib), at, later(at, Span(SECOND)), 25, 0)


def marked(bib: int, at: Instant) -> Scanned:
    return Scanned("mark", code_of(bib), at, later(at, Span(SECOND)), 9, 0, None, margin=480)


def seen(bib: int, left: float = 50, side: float = 100, top: float = 50) -> SeenCode:
    corners = (left, top), (left + side, top), (left + side, top + side), (left, top + side)
    return SeenCode(code_of(bib), corners, "qr", side / 25)


def wall(*bibs: int) -> Grey:
    """What the camera sees: these bibs before a wall that has a pattern of its own."""
    picture = scene(*[url(bib) for bib in bibs], side_px=100, height=200)
    pattern = np.random.default_rng(1).integers(0, 90, (20, 60), dtype=np.uint8).repeat(10, 0).repeat(10, 1)
    return np.where(picture == 170, 120 + pattern, picture).astype(np.uint8)


@dataclass
class Stand:
    """A station at the finish whose operator looks at the page."""

    status: StationStatus = field(default_factory=lambda: StationStatus(0, "", 0, live=True))
    """What is not measured by the frames."""
    facts: list[StationFact] = field(default_factory=list)
    clock: ManualClock = field(default_factory=lambda: ManualClock(GUN))
    taken: list[Instant] = field(default_factory=list)
    timer: CrossingTimer = field(default_factory=lambda: CrossingTimer(None))

    def __post_init__(self) -> None:
        place = StationPlace("finish-1", "finish", LINEAGE)
        self.roster = StationRoster(ROSTER)
        self.metrics = StationMetrics(self.clock, lambda: self.status, examines=True)
        self.view = OperatorView(
            place,
            self._keep,
            self.roster,
            self.clock,
            self.metrics.status,
            self.metrics.confirm_place,
            line=LineControl(self.timer, "finish", None, None),
        )

    def _keep(self, fact: StationFact) -> int:
        self.facts.append(fact)
        return len(self.facts)

    def sees(self, picture: Grey, seen: Sequence[SeenCode] = (), seconds: float = 0.04) -> None:
        """The camera takes a picture, which differs from others by its grain, and time goes on."""
        picture = picture.copy()
        picture[0, 0] = len(self.taken) % 251
        self.takes(picture, seen, seconds)

    def takes(self, picture: Grey, seen: Sequence[SeenCode] = (), seconds: float = 0.04) -> None:
        """The same without grain."""
        self.taken.append(self.clock.now())
        self.metrics.on_frame(self.clock.now(), picture, seen)
        self.view.on_frame(self.clock.now(), picture, seen)
        self.clock.tick(Span(round(seconds * SECOND)))

    def keeps(self, fact: Scanned) -> None:
        """The camera's own thread has committed a scan."""
        self.view.on_scan(self._keep(fact), fact.code, fact)

    def watches(self, picture: Grey, seconds: float, seen: Sequence[SeenCode] = ()) -> None:
        for _ in range(round(seconds * 20)):
            self.sees(picture, seen, 0.05)

    @property
    def troubles(self) -> list[str]:
        return [warning.kind for warning in self.view.state().warnings]
