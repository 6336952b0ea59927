"""A station at work: it watches its source to the end, and an uploader beside it sends what it keeps."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Event
from typing import Final

from scanners.cameras.films import Frame, Lull
from scanners.cameras.passed_over import PassedOver
from scanners.outbox import Outbox
from scanners.outbox.uploader import Uploader, start
from scanners.station.evidence_recorder import EvidenceRecorder
from scanners.station.line_control import LineControl
from scanners.station.station import Station
from scanners.station.station_metrics import StationMetrics
from scanners.station.station_options import StationOptions
from scanners.station.station_output import Say
from scanners.station.upload_status import UploadStatus, unsaved_warnings
from scanners.station_roster import StationRoster
from timing.errors import RaceError, Unreachable
from timing.language import _, ngettext, warning
from timing.race.clock import SteadyClock, SystemClock
from timing.race.events import StationClosed

HOLD_OUT_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class RunningStation:
    """All parts of a station that is ready to watch; `uploader` is None in a trial, `evidence` where no pictures are kept."""

    options: StationOptions
    outbox: Outbox
    roster: StationRoster
    clock: SteadyClock
    station: Station
    line: LineControl
    metrics: StationMetrics
    uploads: UploadStatus
    frames: Iterator[Frame | Lull]
    passed_over: PassedOver
    zone: str
    uploader: Uploader | None
    evidence: EvidenceRecorder | None

    def watch(self) -> None:
        """Watch until the source ends or is stopped; visits that are open then are recorded too."""
        with suppress(KeyboardInterrupt):
            self.station.run(self.frames)

    @property
    def suspect(self) -> bool:
        """Whether somebody must look: pictures were passed over in which somebody may be, or there is an alarm."""
        return self.passed_over.grave or bool(self.uploads.alarms)


@contextmanager
def sending(running: RunningStation, say: Say) -> Iterator[None]:
    """Upload during the `with` block, and once more at its end; what cannot be sent stays in the outbox for the next run.

    The last item says that the station has closed: whoever holds it knows that nothing is left here.

    Raises:
        Unreachable: at the end, something could not be sent yet.
    """
    uploader, outbox, status = running.uploader, running.outbox, running.uploads
    if uploader is None:
        yield
        return

    def on_trouble(trouble: RaceError | None) -> None:
        status.on_trouble(trouble)
        _say_trouble(trouble, outbox, say)

    status.unsent = uploader.unsent
    thread, stop = start(uploader, on_trouble)
    try:
        yield
        uploader.flush()
        status.closed = True
        outbox.keep(StationClosed(SystemClock().now()))
    finally:
        stop.set()
        thread.join()
        _hold_out(uploader, outbox, say)
        running.station.report_safe()
        _send_the_rest(uploader, outbox.path)


def _say_trouble(trouble: RaceError | None, outbox: Outbox, say: Say) -> None:
    if trouble is None:
        say(_("sending again"))
        return
    kept = _("scans are kept safely in {path}; sending is tried again", path=outbox.path)
    if outbox.unsaved:
        kept = _("scans are in memory alone: do not switch off")
    say(warning(_("{text}; {kept}", text=trouble.text, kept=kept)))


def _hold_out(uploader: Uploader, outbox: Outbox, say: Say) -> None:
    """While something is in memory alone, this program does not end: it goes with it."""
    idle, said = Event(), False
    while outbox.safe < outbox.head().seq:
        with suppress(RaceError):
            uploader.drain()
        if not said:
            said = True
            for text in unsaved_warnings(outbox):
                say(warning(text))
                say(_("so it waits; pressing Ctrl-C twice loses them"))
        if outbox.safe < outbox.head().seq:
            idle.wait(HOLD_OUT_S)


def _send_the_rest(uploader: Uploader, outbox: Path) -> None:
    uploader.look_again()  # the server may have been restored since; a station that is switched off can't notice later
    try:
        uploader.drain()
    except RaceError as trouble:
        unsent = uploader.unsent()
        text = ngettext(
            "{text}; {n} item is safe in {outbox} and goes out at this station's next run, or by `marathon collect`",
            "{text}; {n} items are safe in {outbox} and go out at this station's next run, or by `marathon collect`",
            unsent,
            text=trouble.text,
            outbox=outbox,
        )
        raise Unreachable(text) from trouble
