"""Serves the board from memory, ahead of the router: a viewer costs a dictionary look-up, however many there are."""

from collections.abc import Callable
from typing import Any, Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from results.board.large_pages import HEAVY, HeavyPages
from results.board.pages import lost_page, nobody_page
from results.board.plugs import Landing, lands_plainly
from results.board.print_pages import KEPT
from results.board.snapshot import Snapshot
from results.files.offline import offline_policy
from results.web.asset import FOR_EVER, TYPES, VERSIONED, Asset, chosen, matches
from results.web.hosts import Hosts
from results.web.same_origin import OwnPages
from results.web.templating import policy
from timing.bounded_threads import BoundedThreads
from timing.race.codes import typed_code
from timing.web.guards import NEVER_KEPT, Headers, guards

VerdictPage = Callable[[str], tuple[bool, str]]
"""Judges a certificate's QR: whether the race signed it, and the page that says how it stands."""
AtStamp = Callable[[str], Snapshot | None]
"""One of the last versions by its stamp, kept for phones that are slow."""


SECURITY: Final = guards(policy())
GUARDS_OF: Final = {KEPT: guards(offline_policy())}
"""Pages with a style of their own, by path: one policy for all would allow what no other page needs."""
HTML: Final = (b"content-type", TYPES[".html"].encode())
ANY_HOST: Final = Hosts()
OLD: Final = "s/"
NAMELESS: Final = ("participation.",)
"""Tables of firms."""
RENDERERS: Final = 4
JUDGES: Final = 2
RENDERED_S: Final = 10.0
"""Seconds until a request for a page that is still being made is answered 503; at once where too many wait."""
HEAVY_WAITING: Final = 64


class Board:
    """An ASGI app: the current snapshot's files first, everything else to the app behind."""

    def __init__(
        self,
        current: Callable[[], Snapshot],
        firm_of: Callable[[str], str | None],
        behind: ASGIApp,
        verdict_of: VerdictPage | None = None,
        at: AtStamp = lambda stamp: None,
        landing: Landing = lands_plainly,
        hosts: Hosts = ANY_HOST,
    ) -> None:
        self._current, self._firm_of, self._verdict_of = current, firm_of, verdict_of
        self._behind = OwnPages(behind, hosts, SECURITY)  # every form and every private page stands there
        self._at, self._landing = at, landing
        self._heavy, self._renderer = HeavyPages(_prepared), BoundedThreads("heavy pages", 1, RENDERED_S, HEAVY_WAITING)
        self._renderers, self._judges = (
            BoundedThreads("pages", RENDERERS, RENDERED_S),
            BoundedThreads("verdicts", JUDGES),
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._behind(scope, receive, send)
            return
        path: str = scope["path"].lstrip("/")
        path = path + "index.html" if path.endswith("/") or not path else path
        asset, cache = await self._find(path)
        if asset:
            await _send_asset(asset, cache, GUARDS_OF.get(path, SECURITY), scope, send)
        elif path[:2].upper() == "B/":
            await self._send_to_firm(path[2:], scope, send)
        elif path[:2].upper() == "C/" and path[2:].isascii() and path[2:].isalnum():
            where = f"/c/{path[2:].lower()}.html".encode()  # the firm's own QR, in upper case
            await _respond(send, 302, [(b"location", where), NEVER_KEPT], b"")
        elif path[:2].upper() == "V/" and self._verdict_of:
            await self._send_verdict(self._verdict_of, path, send)
        else:
            await self._behind(scope, receive, _lost_instead(scope, send))

    async def _find(self, path: str) -> tuple[Asset | None, bytes]:
        """The file at a path, and its `Cache-Control` where not its own; made on another thread where it must be made first."""
        snapshot: Snapshot | None = self._current()
        cache = b""
        if path.startswith(OLD):
            snapshot, path = self._versioned(path[len(OLD) :])
            cache = FOR_EVER if path.startswith(NAMELESS) else VERSIONED
        if snapshot is None:
            return None, b""
        ready = snapshot.ready(path)
        if ready is None and path in HEAVY:
            ready = await self._renderer(self._heavy.get, snapshot, path)
        elif ready is None:
            ready = await self._renderers(_prepared, snapshot, path)
        return ready, cache

    def _versioned(self, rest: str) -> tuple[Snapshot | None, str]:
        stamp, _, path = rest.partition("/")
        snapshot = self._at(stamp)
        told = path.endswith((".json", ".csv")) and snapshot is not None and snapshot.versioned(path)
        return snapshot, path if told else ""

    async def _send_to_firm(self, text: str, scope: Scope, send: Send) -> None:
        """Redirect a phone that scanned a bib to the firm's page; 404 for a spare. It is never a timing read."""
        code = typed_code(text)
        firm = self._firm_of(code) if code else None
        if firm is None:
            body = nobody_page().encode()
            await _respond(send, 404, [HTML, NEVER_KEPT], b"" if scope["method"] == "HEAD" else body, len(body))
            return
        where = f"/c/{firm}.html{self._landing(code, firm, _heads(scope))}" if code and firm else "/"
        await _respond(send, 302, [(b"location", where.encode()), NEVER_KEPT], b"")

    async def _send_verdict(self, verdict_of: VerdictPage, text: str, send: Send) -> None:
        """Answer a phone that scanned a certificate; on another thread, for an edition may have to be made again."""
        known, page = await self._judges(verdict_of, text)
        await _respond(send, 200 if known else 404, [HTML, NEVER_KEPT], page.encode())


def _heads(scope: Scope) -> dict[str, str]:
    heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
    return {**heads, "user-agent": ""} if scope["method"] == "HEAD" else heads  # whoever asks for no page sees none


def _prepared(snapshot: Snapshot, path: str) -> Asset | None:
    asset = snapshot.get(path)
    if asset:
        asset.compress()
    return asset


async def _send_asset(asset: Asset, cache: bytes, guards: Headers, scope: Scope, send: Send) -> None:
    accepted = seen = b""
    for name, value in scope["headers"]:
        if name == b"accept-encoding":
            accepted = value
        elif name == b"if-none-match":
            seen = value
    encoding = chosen(accepted)
    whole, unchanged, tag = asset.answer(encoding, cache, guards)
    if seen and matches(seen, tag):
        await send(unchanged)
        await send({"type": "http.response.body", "body": b""})
        return
    await send(whole)
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else asset.body(encoding)})


def _lost_instead(scope: Scope, send: Send) -> Send:
    """A `send` that turns a 404 of the app behind into a page for browsers; programs get it as it is."""
    wants_page = any(name == b"accept" and b"text/html" in value for name, value in scope["headers"])
    lost = False

    async def sent(message: Message) -> None:
        nonlocal lost
        if message["type"] == "http.response.start" and message["status"] == 404 and wants_page:
            lost = True
            body = lost_page().encode()
            await _respond(send, 404, [HTML, NEVER_KEPT], b"" if scope["method"] == "HEAD" else body, len(body))
        elif not lost:
            await send(message)

    return sent


async def _respond(send: Send, status: int, headers: Headers, body: bytes, length: int | None = None) -> None:
    size = (b"content-length", str(len(body) if length is None else length).encode())
    start: dict[str, Any] = {"type": "http.response.start", "status": status, "headers": [*headers, *SECURITY, size]}
    await send(start)
    await send({"type": "http.response.body", "body": body})
