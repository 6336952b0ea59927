"""Serves the board from memory, ahead of the router: a viewer costs a dictionary look-up, however many there are."""

from collections.abc import Callable

from starlette.types import ASGIApp, Receive, Scope, Send

from results.snapshot import Asset, Snapshot
from timing.codes import typed_code

Headers = list[tuple[bytes, bytes]]
SECURITY: Headers = [
    (b"content-security-policy", b"default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
]  # fmt: skip
CACHE = (b"cache-control", b"public, max-age=1, stale-while-revalidate=30")
VARY = (b"vary", b"accept-encoding")


class Board:
    """An ASGI app: the current snapshot's files first, everything else to the app behind."""

    def __init__(self, current: Callable[[], Snapshot], firm_of: Callable[[str], str | None], behind: ASGIApp) -> None:
        self._current, self._firm_of, self._behind = current, firm_of, behind

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] in ("GET", "HEAD"):
            path = scope["path"].lstrip("/")
            asset = self._current().get(path + "index.html" if path.endswith("/") or not path else path)
            if asset:
                await _send_asset(asset, scope, send)
                return
            if path[:2].upper() == "B/":
                await self._send_to_firm(path[2:], send)
                return
        await self._behind(scope, receive, send)

    async def _send_to_firm(self, text: str, send: Send) -> None:
        """A spectator's phone scanned a bib: on to the firm's page. This is never a timing read."""
        code = typed_code(text)
        firm = self._firm_of(code) if code else None
        where = f"/c/{firm}.html" if firm else "/"
        await _respond(send, 302, [(b"location", where.encode()), (b"cache-control", b"no-store")], b"")


async def _send_asset(asset: Asset, scope: Scope, send: Send) -> None:
    asked = dict(scope["headers"])
    headers = [(b"content-type", asset.type.encode()), (b"etag", asset.etag.encode()), CACHE, VARY]
    if asset.etag.encode() in asked.get(b"if-none-match", b""):
        await _respond(send, 304, headers, b"")
        return
    accepted = asked.get(b"accept-encoding", b"")
    body = asset.plain
    if b"br" in accepted:
        body = asset.brotli
        headers.append((b"content-encoding", b"br"))
    elif b"gzip" in accepted:
        body = asset.gzip
        headers.append((b"content-encoding", b"gzip"))
    await _respond(send, 200, headers, b"" if scope["method"] == "HEAD" else body, len(body))


async def _respond(send: Send, status: int, headers: Headers, body: bytes, length: int | None = None) -> None:
    size = (b"content-length", str(len(body) if length is None else length).encode())
    await send({"type": "http.response.start", "status": status, "headers": [*headers, *SECURITY, size]})
    await send({"type": "http.response.body", "body": body})
