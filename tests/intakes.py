"""A real intake server on this machine, and ways to it that lose and repeat things."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from starlette.types import ASGIApp

from results.web.http_server import bind, serving
from scanners.intake.requested_pictures import RequestedPictures
from scanners.intake.routes import ObservedStations, intake
from server.race_server import Parts, race_app
from tests.builders import RACE
from tests.contracts import held_to_its_word
from tests.programs import free_port
from timing.errors import Unreachable
from timing.feed import BibRoster
from timing.folder import OpenRace, open_race
from timing.language import pair
from timing.log import Log, Receipt
from timing.log.writer import Writer
from timing.people.directory import hashed
from timing.race.chain import Batch
from timing.race.clock import Clock, SteadyClock
from timing.stations.station_status import LastHeartbeat, StationStatus
from timing.web.app import web_app

TOKEN = "0" * 64


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application on a free port; its address."""
    listening = bind("127.0.0.1", 0)
    with serving(app, listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def race_server(opened: OpenRace, parts: Parts = ("board", "office")) -> Iterator[str]:
    """What `marathon serve` serves, with these parts beside the intake; its address."""
    with open_race(opened.root) as stations, race_app(opened, stations, parts) as app, served(app) as address:
        yield address


class MemoryWard:
    """Remembers whose a lineage is and who was heard, in memory."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.owners: dict[str, str] = {}
        self.last: dict[str, LastHeartbeat] = {}

    def owner(self, lineage: str, station: str) -> str:
        return self.owners.setdefault(lineage, station)

    def record_heartbeat(self, lineage: str, station: str, status: StationStatus) -> LastHeartbeat:
        self.last[lineage] = LastHeartbeat(lineage, station, self._clock.now(), status)
        return self.last[lineage]

    def last_heartbeats(self) -> list[LastHeartbeat]:
        return list(self.last.values())


def watched_over(log: Log) -> ObservedStations:
    clock = SteadyClock()
    return ObservedStations(MemoryWard(clock), clock, lambda lineage: log.lineage_head(lineage).seq)


@contextmanager
def intake_server(
    log: Log,
    roster: Mapping[str, int] | None = None,
    marks: Mapping[str, str] | None = None,
    pictures: RequestedPictures | None = None,
) -> Iterator[str]:
    """A server that takes what stations with `TOKEN` send."""
    with Writer(log) as writer:
        router = intake(
            writer.submit,
            lambda: {hashed(TOKEN): "finish-1"},
            lambda: BibRoster(roster or {}, marks or {}, {}, "first"),
            RACE,
            watched_over(log),
            pictures=pictures,
        )
        with held_to_its_word(web_app("stations", router)) as app, served(app) as address:
            yield address


def nobody_s_address() -> str:
    """An address at which nobody answers."""
    return f"http://127.0.0.1:{free_port()}"


class Road:
    """To the log over a bad road; each batch meets the next mishap: `lost`, `unanswered` (taken, but the receipt is lost), `twice`."""

    def __init__(self, log: Log, mishaps: Iterable[str] = ()) -> None:
        self.log, self._mishaps = log, iter(mishaps)
        self.sent: list[Batch] = []

    def send(self, batch: Batch) -> Receipt:
        mishap = next(self._mishaps, "")
        self.sent.append(batch)
        if mishap == "lost":
            raise Unreachable(pair("길이 막혔습니다", "lost on the way"))
        receipt = self.log.receive(batch)
        if mishap == "twice":
            receipt = self.log.receive(batch)
        if mishap == "unanswered":
            raise Unreachable(pair("답이 없습니다", "the answer was lost"))
        return receipt
