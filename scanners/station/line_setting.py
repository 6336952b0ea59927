"""The position of a station's line: the size of a bib's QR over it. Stored in a file beside the outbox for the next start."""

from pathlib import Path

import msgspec
from msgspec import Struct

from scanners.cameras.one_size import same_view
from scanners.station.held_bib import HeldBib
from scanners.station.station_options import StationOptions
from timing.errors import Unreachable, WrongUse
from timing.language import _
from timing.race.instants import Instant
from timing.replacing import replace_file


class LineSetting(Struct, frozen=True, forbid_unknown_fields=True):
    """A bib's QR is `px` pixels wide over the line, in a picture of this size; 0 x 0 where it was given for any.

    `corners` are where it was held, as parts of the picture; `point` is where the station stood.
    """

    px: float
    point: str
    width: int = 0
    height: int = 0
    corners: list[tuple[float, float]] = []
    set_at: Instant = Instant(0)

    def px_in(self, width: int, height: int) -> float:
        """Its size in a picture of another size.

        Raises:
            WrongUse: that picture shows something else.
        """
        if not self.width:
            return self.px
        if not same_view((width, height), (self.width, self.height)):
            raise WrongUse(
                _(
                    "the line was set in a picture of {was}, and the camera gives {now}: set it again with --calibrate",
                    was=f"{self.width}x{self.height}",
                    now=f"{width}x{height}",
                )
            )
        return self.px * width / self.width


def line_of(held: HeldBib, point: str, at: Instant) -> LineSetting:
    """The line over which this bib was held."""
    return LineSetting(held.px, point, held.width, held.height, held.corners, at)


class LineStore:
    """The file that keeps a station's line."""

    def __init__(self, outbox: Path) -> None:
        self._path = outbox.with_suffix(".line.json")

    def read(self) -> LineSetting | None:
        """The line that was set last; None where none was.

        Raises:
            Unreachable: the file cannot be read.
        """
        try:
            return msgspec.json.decode(self._path.read_bytes(), type=LineSetting)
        except FileNotFoundError:
            return None
        except (OSError, msgspec.MsgspecError, UnicodeError) as failure:
            raise Unreachable(
                _(
                    "{path}: the line cannot be read ({failure}); set it again with --calibrate",
                    path=self._path,
                    failure=failure,
                )
            ) from failure

    def write(self, line: LineSetting | None) -> None:
        """Keep this line for the next start; None forgets it.

        Raises:
            Unreachable: the disk does not take it.
        """
        try:
            if line is None:
                self._path.unlink(missing_ok=True)
                return
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, msgspec.json.encode(line), durable=True)
        except OSError as failure:
            raise Unreachable(
                _("{path}: the line cannot be kept ({failure})", path=self._path, failure=failure)
            ) from failure


def line_for(options: StationOptions, store: LineStore) -> LineSetting | None:
    """The line of this start: as the options give it, else as it was set at this point before.

    Raises:
        WrongUse: a finish has no line, and nobody said that it needs none.
        Unreachable: the file cannot be read.
    """
    if options.line_px is not None:
        return LineSetting(options.line_px, options.point)
    if options.no_line or not options.timed:
        return None
    kept = store.read()
    if kept and kept.point == options.point:
        return kept
    if options.point == "finish" and not options.trial:
        raise WrongUse(
            _(
                "the finish has no line, so nobody would be timed when crossing it: hold a bib over the line and add --calibrate; or say with --line-px how many pixels wide a bib's QR is there, or with --no-line that the moment of sight will do"
            )
        )
    return None
