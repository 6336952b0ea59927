"""Serves the operator's page beside a running station."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING

from scanners.operator.operator_view import OperatorView
from scanners.operator.station_state import StationPlace
from scanners.station.running_station import RunningStation
from timing.errors import WrongUse
from timing.language import _
from timing.race.admission import STATIONS, admitted
from timing.race.chance import new_token
from timing.terminal.output import say

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
    """The view of this station's operator, including the items that its outbox held before."""
    outbox, options, metrics, evidence = running.outbox, running.options, running.metrics, running.evidence
    metrics.examines = True  # of a film too, once somebody looks
    view = OperatorView(
        StationPlace(options.name, options.point, outbox.lineage, running.zone),
        running.uploads.until_closed(outbox.keep),
        running.roster,
        running.clock,
        metrics.status,
        metrics.confirm_place,
        evidence.on_tap if evidence else lambda _: None,
        running.line if options.timed else None,
    )
    items = outbox.batch(0, 2**53, 2**53).items
    told = ((seq, admitted(item, outbox.lineage)) for seq, item in enumerate(items, 1))
    view.remember((seq, fact) for seq, fact in told if isinstance(fact, STATIONS))
    return view
