"""The line of a station at work: set while it watches, by a bib that is held over it, and taken back."""

from threading import Lock
from typing import Protocol

from scanners.station.held_bib import HeldBib
from scanners.station.line_setting import LineSetting, LineStore, line_of
from scanners.station.station_options import TIMED
from timing.errors import WrongUse
from timing.language import _
from timing.race.instants import Instant


class LineUser(Protocol):
    """Anything that times crossings by a line."""

    @property
    def line_px(self) -> float | None: ...
    def set_line(self, line_px: float | None) -> None: ...


class LineControl:
    """The line in use and the one before it, for undo; thread-safe. Without a store nothing is saved."""

    def __init__(self, station: LineUser, point: str, setting: LineSetting | None, store: LineStore | None) -> None:
        self._station, self._point, self._store = station, point, store
        self.setting = setting
        self._before: list[tuple[LineSetting | None, float | None, LineSetting | None]] = []
        self._lock = Lock()

    @property
    def known(self) -> bool:
        return self._station.line_px is not None

    @property
    def missing(self) -> bool:
        """Whether time is taken here without knowing when the line is crossed."""
        return self._point in TIMED and not self.known

    @property
    def can_undo(self) -> bool:
        return bool(self._before)

    def set(self, held: HeldBib, at: Instant) -> LineSetting:
        """The line is where this bib is held, from now on and at the next start.

        Raises:
            Unreachable: it is set, and the disk does not keep it for the next start.
        """
        with self._lock:
            kept = self._store.read() if self._store else None
            self._before.append((self.setting, self._station.line_px, kept))
            self.setting = line_of(held, self._point, at)
            self._station.set_line(held.px)
            self._keep(self.setting)
            return self.setting

    def undo(self) -> None:
        """The line is what it was before it was last set here.

        Raises:
            WrongUse: it was not set here.
            Unreachable: it is so, and the disk does not keep it for the next start.
        """
        with self._lock:
            if not self._before:
                raise WrongUse(_("the line was not set here: there is nothing to take back"))
            self.setting, line_px, kept = self._before.pop()
            self._station.set_line(line_px)
            self._keep(kept)

    def forget(self) -> None:
        """The camera shows something else: no line that was set before holds, nor can one be taken back. The one kept for the next start stays."""
        with self._lock:
            self.setting, self._before = None, []
            self._station.set_line(None)

    def _keep(self, line: LineSetting | None) -> None:
        if self._store:
            self._store.write(line)
