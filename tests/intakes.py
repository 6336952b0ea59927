"""A real intake server on this machine, and ways to it that lose and repeat things."""

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from fastapi import FastAPI
from starlette.types import ASGIApp

from results.server import bind, serving
from scanners.intake import intake
from tests.builders import RACE
from timing.chain import Batch
from timing.errors import Unreachable
from timing.log import Log, Receipt
from timing.writer import Writer

TOKEN = "0" * 64


@contextmanager
def served(app: ASGIApp) -> Iterator[str]:
    """The application on a free port; its address."""
    listening = bind("127.0.0.1", 0)
    with serving(app, listening):
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"


@contextmanager
def intake_server(log: Log, roster: Mapping[str, int] | None = None) -> Iterator[str]:
    """A server that takes what stations with `TOKEN` send."""
    app = FastAPI()
    with Writer(log) as writer:
        app.include_router(intake(writer.submit, {TOKEN: "finish-1"}.get, lambda: roster or {}, RACE))
        with served(app) as address:
            yield address


def nobody_s_address() -> str:
    """An address at which nobody answers."""
    listening = bind("127.0.0.1", 0)
    port = listening.getsockname()[1]
    listening.close()
    return f"http://127.0.0.1:{port}"


class Road:
    """To the log over a bad road; each batch meets the next mishap: `lost`, `unanswered` (taken, but the receipt is lost), `twice`."""

    def __init__(self, log: Log, mishaps: Iterable[str] = ()) -> None:
        self.log, self._mishaps = log, iter(mishaps)
        self.sent: list[Batch] = []

    def send(self, batch: Batch) -> Receipt:
        mishap = next(self._mishaps, "")
        self.sent.append(batch)
        if mishap == "lost":
            raise Unreachable("길이 막혔습니다", "lost on the way")
        receipt = self.log.receive(batch)
        if mishap == "twice":
            receipt = self.log.receive(batch)
        if mishap == "unanswered":
            raise Unreachable("답이 없습니다", "the answer was lost")
        return receipt
