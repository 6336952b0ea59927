"""Sets up those who look on beside a station: the keeper of evidence and, if wished, the operator's page."""

import shutil
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

import click

from scanners.operator.metrics import Probes
from scanners.operator.operator_view import OperatorView
from scanners.operator.station_state import StationPlace
from scanners.operator.upload_status import UploadStatus
from scanners.outbox import Outbox
from scanners.outbox.room import EVIDENCE
from scanners.station.evidence_recorder import EvidenceRecorder, EvidenceStore
from scanners.station.observer import StationObserver
from scanners.station.station import Station
from scanners.station_roster import StationRoster
from timing.commands.command_line import F, say
from timing.errors import Unreachable, WrongUse
from timing.language import N_, Text, _, ngettext
from timing.race.admission import STATIONS, admitted
from timing.race.chance import new_token
from timing.race.clock import SteadyClock

if TYPE_CHECKING:
    from starlette.types import ASGIApp

PORT: Final = 8010
MEGABYTE: Final = 1_000_000
TIMED: Final = ("start", "split", "finish")
"""The points where time is taken: what counts there is when the line is crossed."""
ServePage = Callable[["ASGIApp", int], AbstractContextManager[str]]
"""Serves a page for this machine alone while its `with` block lasts; gives the address."""


def watch_options(command: F) -> F:
    """Adds `--watch` and `--evidence-mb`."""
    command = click.option(
        "--watch",
        type=click.IntRange(0, 65535),
        is_flag=False,
        flag_value=PORT,
        metavar="[PORT]",
        help=N_("the operator's page, on this machine only (default port 8010)"),
    )(command)
    return click.option(
        "--evidence-mb",
        type=click.IntRange(0),
        default=500,
        show_default=True,
        help=N_("room for a picture of each scan in MB; 0 keeps none"),
    )(command)


class PageOptions(NamedTuple):
    """What the command line asks for: the page's port, or None, and how much room pictures may take."""

    port: int | None
    evidence_mb: int
    serve: ServePage | None


class StationContext(NamedTuple):
    """The station that is looked at: its name and place, its outbox, whom it knows, its clock and its work."""

    place: StationPlace
    outbox: Outbox
    roster: StationRoster
    clock: SteadyClock
    watching: Station
    contact: UploadStatus


@contextmanager
def start_observers(wanted: PageOptions, scene: StationContext) -> Iterator[list[StationObserver]]:
    """Everybody who looks on beside a station.

    Raises:
        Unreachable: the page's port is taken, or there is no place for evidence.
        WrongUse: nobody here can serve a page.
    """
    with _keeper(scene.outbox, wanted.evidence_mb) as keeper:
        keepers: list[StationObserver] = [keeper] if keeper else []
        if wanted.port is None:
            yield keepers
            return
        if wanted.serve is None:
            raise WrongUse(_("no page can be served from here"))
        from scanners.operator.operator_page import operator_page

        view = _view(scene, keeper)
        with wanted.serve(operator_page(view, new_token()), wanted.port) as address:
            say(_("the operator's page: {address} (on this machine only)", address=address))
            yield [*keepers, view]


def no_room(outbox: Outbox) -> Iterator[Text]:
    """That the disk takes nothing, and how much is in memory alone."""
    if outbox.unsaved:
        yield ngettext(
            "the disk cannot be written to ({trouble}): {n} item is in memory alone. Do not switch off; free some space now. It beeps only for what the server has received",
            "the disk cannot be written to ({trouble}): {n} items are in memory alone. Do not switch off; free some space now. It beeps only for what the server has received",
            outbox.unsaved,
            trouble=outbox.trouble,
        )


def _view(scene: StationContext, keeper: EvidenceRecorder | None) -> OperatorView:
    outbox, watching = scene.outbox, scene.watching
    health = watching.health
    outside = Probes(
        pending=scene.contact.pending,
        camera=lambda: _("no signal") if health and health.lost else None,
        drops=lambda: health.dropped if health else 0,
        conflicts=lambda: watching.tally.disputed,
        disk_free=lambda: _disk_free(outbox.path),
        evidence=lambda: keeper is None or keeper.keeping,
        outbox=lambda: [*scene.contact.alarms.values(), *no_room(outbox)],
        clock_moved=scene.clock.moved,
        line=lambda: scene.place.point not in TIMED or watching.line_px is not None,
        tapped=keeper.tapped if keeper else lambda _: None,
    )
    view = OperatorView(
        scene.place, scene.contact.keeping(outbox.keep), scene.roster, scene.clock, health is not None, outside
    )
    items = outbox.batch(0, 2**53, 2**53).items
    told = ((seq, admitted(item, outbox.lineage)) for seq, item in enumerate(items, 1))
    view.remember((seq, fact) for seq, fact in told if isinstance(fact, STATIONS))
    return view


@contextmanager
def _keeper(outbox: Outbox, evidence_mb: int) -> Iterator[EvidenceRecorder | None]:
    if not evidence_mb:
        yield None
        return
    try:
        store = EvidenceStore(outbox.path.parent / EVIDENCE, outbox.lineage, evidence_mb * MEGABYTE)
    except OSError as failure:
        raise Unreachable(_("the folder of evidence cannot be used: {failure}", failure=failure)) from failure
    keeper = EvidenceRecorder(store)
    try:
        yield keeper
    finally:
        keeper.close()


def _disk_free(path: Path) -> int | None:
    try:
        return shutil.disk_usage(path.parent).free
    except OSError:
        return None
