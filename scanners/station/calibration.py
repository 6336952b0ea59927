"""Finds the line: watches until somebody holds a bib still over it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from scanners.cameras.films import Frame, Lull
from scanners.station.assembly import line_store, open_station
from scanners.station.held_bib import NOBODY, HeldBib, StillBibFinder
from scanners.station.line_setting import LineSetting, line_of
from scanners.station.observer import CODE_MODULES, Picture, SeenCode
from scanners.station.running_station import RunningStation
from scanners.station.station_options import StationOptions
from scanners.station.station_output import Say, StationOutput
from timing.errors import WrongUse
from timing.folder import OpenRace
from timing.language import Text, _, warning
from timing.race.clock import SystemClock
from timing.race.events import StationFact
from timing.race.instants import SECOND, Instant, Span

REMINDS_AFTER: Final = Span(5 * SECOND)
LEGIBLE_PX: Final = 2.0  # of a module


def calibrate(options: StationOptions, race: OpenRace | None, output: StationOutput) -> LineSetting:
    """Wait for a bib that is held still over the line, and keep how large its QR is there for the next start.

    Raises:
        WrongUse: no time is taken at this point, a line was given, or the pictures ended and no bib was held still.
        NoPicture: the source gives no picture.
        Unreachable: the disk does not take it.
    """
    if not options.timed:
        raise WrongUse(_("--calibrate needs --point start, split or finish"))
    if options.no_line or options.line_px is not None:
        raise WrongUse(_("--calibrate finds the line: leave out --line-px and --no-line"))
    finder = _Finder(output.say)
    looks = replace(options, trial=True, line_px=None, no_line=True, evidence_bytes=0, film_bytes=0, unread=False)
    with open_station(looks, race, output._replace(on_scan=lambda _kept, _bib: None)) as running:
        running.station.observers.append(finder)
        running.station.run(finder.until_held(running.frames))
    if finder.held is None:
        raise WrongUse(_("the pictures ended before a bib was held still over the line"))
    line = line_of(finder.held, options.point, SystemClock().now())
    line_store(options, race).write(line)
    _say_line(line, finder.held, running, output.say)
    return line


def _say_line(line: LineSetting, held: HeldBib, running: RunningStation, say: Say) -> None:
    bib = running.roster.bib(held.code)
    whose = _("bib {bib}", bib=bib) if bib else _("a bib")
    text = _(
        "the line is set: the QR of {whose} is {px:.1f} px wide there (picture {size}); the next start of this station goes by it",
        whose=whose,
        px=line.px,
        size=f"{line.width}x{line.height}",
    )
    say(text)
    if line.px < LEGIBLE_PX * CODE_MODULES:
        text = _(
            "that is small ({px:.1f} px per module): come closer, or zoom in, and set it again",
            px=line.px / CODE_MODULES,
        )
        say(warning(text))


class _Finder:
    """Looks at every frame, and says what to do whenever that changes."""

    def __init__(self, say: Say) -> None:
        self._bibs, self._say = StillBibFinder(), say
        self._said: Text | None = None
        self._said_at: Instant | None = None
        self.held: HeldBib | None = None

    def until_held(self, frames: Iterator[Frame | Lull]) -> Iterator[Frame | Lull]:
        """The frames until a bib was held still in one."""
        self._remind(NOBODY, None)
        for frame in frames:
            yield frame
            if self.held:
                return

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read."""
        height, width = gray.shape
        self._bibs.saw(at, width, height, seen)
        found = self._bibs.held()
        if isinstance(found, HeldBib):
            self.held = self.held or found
        else:
            self._remind(found, at)

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """A visit has ended."""

    def _remind(self, text: Text, at: Instant | None) -> None:
        if text == self._said or (at is not None and self._said_at is not None and at - self._said_at < REMINDS_AFTER):
            return
        self._said, self._said_at = text, at
        self._say(text)
