"""Builds the board beside a running server, and shows a plain page where it fails.

It imports nothing of the board, so that it works whatever is broken there.
"""

from base64 import b64encode
from collections.abc import Callable
from contextlib import ExitStack
from hashlib import sha256
from threading import Event, Thread
from typing import Final

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from timing.complaints import Complaints
from timing.errors import Unreachable
from timing.language import _
from timing.web.guards import NEVER_KEPT, NOTHING, as_text, guards

RETRY_S: Final = 2.0
AGAIN_S: Final = 5
"""Seconds until a visitor's browser asks again by itself."""
NOT_BUILT: Final = _("the board cannot be opened, trying again (scans are taken)")
BROKEN: Final = _("a page of the board failed (scans are taken)")
STYLE: Final = "body{margin:2rem auto;max-width:34rem;padding:0 1rem;font-family:sans-serif;word-break:keep-all}h1{font-size:1.3rem}"
PAGE: Final = f"""\
<!doctype html>
<html lang="ko"><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="refresh" content="{AGAIN_S}">
<title>결과를 볼 수 없습니다 / Results unavailable</title>
<style>{STYLE}</style>
<h1>지금은 결과를 볼 수 없습니다</h1>
<p>기록은 계속 재고 있습니다. 잠시 뒤에 다시 열어 주세요.</p>
<h1 lang="en">Results unavailable</h1>
<p lang="en">Timing goes on. Please come back in a moment.</p>
</html>
"""
STYLE_HASH: Final = b64encode(sha256(STYLE.encode()).digest()).decode()
HEADERS: Final = {
    "retry-after": str(AGAIN_S),
    **as_text([*guards(f"{NOTHING}; style-src 'sha256-{STYLE_HASH}'"), NEVER_KEPT]),
}
Build = Callable[[ExitStack], ASGIApp]
"""Makes the app; what it enters into the stack is closed with the app."""


async def unavailable(_request: Request, _failure: Exception | None = None) -> Response:
    """The plain page, with status 503."""
    return Response(PAGE, 503, HEADERS, "text/html; charset=utf-8")


class Standby:
    """An ASGI app that a thread builds inside its `with` block, again and again until it stands."""

    def __init__(self, build: Build, complain: Callable[[str], object]) -> None:
        self._build, self._kept = build, ExitStack()
        self._app: ASGIApp = plain
        self._not_built, self._broken = Complaints(complain, str(NOT_BUILT)), Complaints(complain, str(BROKEN))
        self._stop = Event()
        self._thread = Thread(target=self._keep_building, name="board's builder", daemon=True)

    def __enter__(self) -> "Standby":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._kept.close()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        begun = False

        async def sent(message: Message) -> None:
            nonlocal begun
            begun = True
            await send(message)

        try:
            await self._app(scope, receive, sent)
        except ClientDisconnect:
            raise
        except Exception as failure:  # noqa: BLE001  (no page may take others, or the server, with it)
            if not isinstance(failure, Unreachable):  # a board that has nothing to show yet is no fault of its pages
                self._broken.about(failure)
            if not begun:
                await plain(scope, receive, send)

    def _keep_building(self) -> None:
        while self._app is plain and not self._stop.is_set():
            with self._not_built.told(), ExitStack() as stack:
                self._app = self._build(stack)
                self._kept = stack.pop_all()
            self._stop.wait(0 if self._app is not plain else RETRY_S)


async def plain(scope: Scope, receive: Receive, send: Send) -> None:
    """The plain page, whatever was asked for."""
    if scope["type"] == "http":
        await (await unavailable(Request(scope)))(scope, receive, send)
