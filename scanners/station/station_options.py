"""The options of a station: where it stands, what it watches, and where its scans go."""

from dataclasses import dataclass, field
from typing import Final, Literal

from scanners.cameras.devices import CameraSettings
from scanners.cameras.sources import is_live
from timing.errors import WrongUse
from timing.language import _
from timing.race.clock import Clock
from timing.race.events import StationOpened
from timing.race.instants import Instant

PointName = Literal["", "start", "finish", "split", "pen"]
ZONE: Final = "Asia/Seoul"
"""Of a station that has no race folder to ask."""
TIMED: Final = ("start", "split", "finish")
"""The points where time is taken: what counts there is when the line is crossed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StationOptions:
    """The options of `marathon scan`.

    `point` is empty in a trial alone, `wave` is a pen's, `metres` a split's distance from the start. `token` lets the station in
    at `server`; without a server the log is on this machine. `at` is the instant of a file's first frame, `line_px` the side in
    pixels of a bib's QR that is held over the line, `no_line` says that there is none, `film_bytes` and `film_hours` bound the film that is kept, `realtime` reads a file at the speed it was filmed. A `trial` records nothing.
    With `unread`, people who pass and are not read are recorded with a picture.

    Raises:
        WrongUse: a point, or what goes with it, is missing or too many.
    """

    source: str
    name: str
    point: PointName = ""
    wave: str | None = None
    metres: int | None = None
    server: str = ""
    token: str = ""
    at: Instant | None = None
    line_px: float | None = None
    no_line: bool = False
    camera: CameraSettings = field(default_factory=CameraSettings)
    evidence_bytes: int = 0
    film_bytes: int = 0
    film_hours: float = 0.0
    reserve_bytes: int = 0
    realtime: bool = False
    trial: bool = False
    unread: bool = True

    def __post_init__(self) -> None:
        if not self.trial and not self.point:
            raise WrongUse(_("--point start, finish, split or pen is needed"))
        if (self.point == "pen") != (self.wave is not None):
            raise WrongUse(_("--wave goes with --point pen, and the other way round"))
        if (self.point == "split") != (self.metres is not None):
            raise WrongUse(_("--metres goes with --point split, and the other way round"))
        if self.no_line and self.line_px is not None:
            raise WrongUse(_("--line-px and --no-line contradict each other"))

    @property
    def live(self) -> bool:
        """Whether the source gives pictures of now, and not of an earlier time."""
        return is_live(self.source)

    @property
    def looks_for_unread(self) -> bool:
        """Whether people are counted here: not in a pen, where everybody mills about."""
        return self.unread and self.timed

    @property
    def timed(self) -> bool:
        """Whether time is taken here, and so the line's place matters."""
        return self.point in TIMED

    def begins(self, clock: Clock) -> Instant:
        """When the source's first frame was taken.

        Raises:
            WrongUse: nobody knows.
        """
        if self.at is not None:
            return self.at
        if self.live:
            return clock.now()
        if not self.trial:
            raise WrongUse(
                _("say with --at when the file's first frame was taken, for instance --at 2026-09-03T14:15:00+09:00"),
            )
        return Instant(0)

    def opened(self, at: Instant) -> StationOpened:
        """The fact that says where this station stands."""
        if self.wave is not None:
            return StationOpened(self.name, "pen", at, self.wave)
        if self.metres is not None:
            return StationOpened(self.name, "split", at, metres=self.metres)
        return StationOpened(self.name, "start" if self.point == "start" else "finish", at)
