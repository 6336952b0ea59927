"""Serves the operator's page beside a running station."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from scanners.operator.metrics import Probes
from scanners.operator.operator_view import OperatorView
from scanners.operator.station_state import StationPlace
from scanners.outbox.room import free_bytes
from scanners.station.running_station import RunningStation
from scanners.station.upload_status import unsaved_warnings
from timing.commands.command_line import say
from timing.errors import WrongUse
from timing.language import _
from timing.race.admission import STATIONS, admitted
from timing.race.chance import new_token

if TYPE_CHECKING:
    from starlette.types import ASGIApp

ServePage = Callable[["ASGIApp", int], AbstractContextManager[str]]
"""Serves a page for this machine alone while its `with` block lasts; gives the address."""


@contextmanager
def operator_page_beside(running: RunningStation, serve: ServePage | None, port: int) -> Iterator[None]:
    """The page of this station, which observes it from now on.

    Raises:
        Unreachable: the port is taken.
        WrongUse: nobody here can serve a page.
    """
    if serve is None:
        raise WrongUse(_("no page can be served from here"))
    from scanners.operator.operator_page import operator_page

    view = operator_view(running)
    with serve(operator_page(view, new_token()), port) as address:
        say(_("the operator's page: {address} (on this machine only)", address=address))
        running.station.observers.append(view)
        yield


def operator_view(running: RunningStation) -> OperatorView:
    """What the operator of this station sees, with all that its outbox held before."""
    outbox, options, status = running.outbox, running.options, running.upload_status
    health = running.station.health
    place = StationPlace(options.name, options.point, outbox.lineage, running.zone)
    view = OperatorView(
        place, status.until_closed(outbox.keep), running.roster, running.clock, health is not None, _probes(running)
    )
    items = outbox.batch(0, 2**53, 2**53).items
    told = ((seq, admitted(item, outbox.lineage)) for seq, item in enumerate(items, 1))
    view.remember((seq, fact) for seq, fact in told if isinstance(fact, STATIONS))
    return view


def _probes(running: RunningStation) -> Probes:
    outbox, station, evidence = running.outbox, running.station, running.evidence
    health = station.health
    return Probes(
        pending=running.upload_status.pending,
        camera=lambda: _("no signal") if health and health.lost else None,
        drops=lambda: health.dropped if health else 0,
        conflicts=lambda: station.tally.disputed,
        disk_free=lambda: free_bytes(outbox.path),
        evidence=lambda: evidence is None or evidence.keeping,
        outbox=lambda: [*running.upload_status.alarms.values(), *unsaved_warnings(outbox)],
        clock_moved=running.clock.moved,
        line=lambda: not running.options.lacks_line,
        tapped=evidence.tapped if evidence else lambda _: None,
    )
