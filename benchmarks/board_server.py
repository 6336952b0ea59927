"""A server of its own for the board's benchmark: the product's app, and one FastAPI route that returns the same bytes."""

import sys
from pathlib import Path

from fastapi import FastAPI, Request, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from results.board.board_projection import BoardProjection, following
from results.web.http_server import bind, serve
from server.board_side import board_app
from server.intake_side import intake_app
from server.race_server import apart
from timing.folder import open_race
from timing.log.writer import Writer

LISTENERS = 6_000


def beside(board: ASGIApp, follower: BoardProjection) -> ASGIApp:
    """The board, and `/route` as an ordinary route that has the front page's bytes ready, ETag and all."""
    api = FastAPI(docs_url=None, redoc_url=None)

    @api.get("/route")
    def route(request: Request) -> Response:
        front = follower.snapshot.get("index.html")
        assert front
        headers = {"etag": front.etag("br"), "content-encoding": "br", "vary": "accept-encoding"}
        if request.headers.get("if-none-match") == headers["etag"]:
            return Response(status_code=304, headers=headers)
        return Response(front.body("br"), headers=headers, media_type="text/html")

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await (api if scope.get("path") == "/route" else board)(scope, receive, send)

    return app


def main(folder: Path) -> None:
    """Serve the race in this folder; the port is the first line of the output."""
    listening = bind("127.0.0.1", 0)
    with open_race(folder) as opened, following(opened, print) as follower, Writer(opened.log) as writer:
        print(listening.getsockname()[1], flush=True)
        board = beside(board_app(opened, follower, listeners=LISTENERS), follower)
        serve(apart(intake_app(opened, follower.feed, writer), board), listening)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
