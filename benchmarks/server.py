"""A server of its own: the product's app, or the same with the naive way to receive, one commit for each request."""

import sys
from concurrent.futures import Future
from pathlib import Path

from results.board.board_projection import following
from results.web.http_server import bind, serve
from server.board_side import board_app
from server.intake_side import intake_app
from server.race_server import apart
from timing.folder import open_race
from timing.log import Log, Receipt
from timing.log.writer import Writer
from timing.race.chain import Batch


class Direct(Writer):
    """No queue, no sharing: each request is committed where it arrives."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def submit(self, batch: Batch) -> "Future[Receipt]":
        answer: Future[Receipt] = Future()
        answer.set_result(self._log.receive(batch))
        return answer

    def close(self) -> None:
        """Nothing ever waits."""


def main(folder: Path, way: str) -> None:
    """Serve the race in this folder; the port is the first line of the output."""
    listening = bind("127.0.0.1", 0)
    with open_race(folder) as opened:
        writer = Direct(opened.log) if way == "naive" else Writer(opened.log)
        with following(opened, print) as follower, writer:
            print(listening.getsockname()[1], flush=True)
            serve(apart(intake_app(opened, follower.feed, writer), board_app(opened, follower)), listening)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
