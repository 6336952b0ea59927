"""Whether a request that changes something was sent from our own page, and a private page asked for by our own name. Pure.

One check before every form and every private page of the board, whatever stands behind: a page elsewhere can make a visitor's
browser send a form (and use up what may come from that address), but it cannot choose what the browser says of where it comes from.
"""

from collections.abc import Mapping
from typing import Final

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from results.web.hosts import Hosts, host_in, name_of
from timing.language import _, bilingual
from timing.web.guards import NEVER_KEPT, Headers, as_text

READING: Final = ("GET", "HEAD")
SECRET: Final = ("/captain/", "/en/captain/", "/announcer/", "/office/")
"""Pages behind a secret: in the address, or in a same-site cookie."""
ELSEWHERE: Final = bilingual(_("this was not sent from our page"))
MISNAMED: Final = bilingual(_("this is not the race's address; use the one that the organiser gave"))
Refusal = tuple[int, str]
"""A status and its text."""


def refusal(method: str, path: str, headers: Mapping[str, str], hosts: Hosts) -> Refusal | None:
    """Why a request is refused; None where it is let through. `headers` by their names in lower case."""
    secret = path.startswith(SECRET)
    if (secret or method not in READING) and not hosts.knows(headers.get("host", "")):
        return 421, MISNAMED
    if method not in READING and not from_our_page(headers, hosts, sealed=secret or is_json(headers)):
        return 403, ELSEWHERE
    return None


class OwnPages:
    """ASGI middleware that lets requests from our own pages and by our own names through; `headers` go with refusals."""

    def __init__(self, app: ASGIApp, hosts: Hosts, headers: Headers) -> None:
        self._app, self._hosts = app, hosts
        self._headers = as_text([*headers, NEVER_KEPT])

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        heads = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope.get("headers", ())}
        refused = refusal(scope["method"], scope["path"], heads, self._hosts) if scope["type"] == "http" else None
        answer = Response(refused[1], refused[0], self._headers, "text/plain") if refused else self._app
        await answer(scope, receive, send)


def from_our_page(headers: Mapping[str, str], hosts: Hosts, sealed: bool) -> bool:
    """By what browsers say and pages cannot change.

    Browsers of the last years say `Sec-Fetch-Site` where the connection is a safe one. Else `Origin` tells, and `Referer` where an
    old one sends no origin. An origin of `null` is what any page elsewhere can bring about: it will do for what is `sealed`, which
    a page elsewhere cannot send. Whoever says nothing at all is a program, and no visitor's browser.

    >>> ours = Hosts(["gv.test"])
    >>> from_our_page({"sec-fetch-site": "same-origin"}, ours, False), from_our_page({"sec-fetch-site": "cross-site"}, ours, True)
    (True, False)
    >>> [from_our_page({"origin": one, "host": "10.0.0.2"}, ours, False) for one in ("https://gv.test", "http://10.0.0.2", "http://[::1")]
    [True, True, False]
    >>> from_our_page({"referer": "https://evil.test/a"}, ours, False), from_our_page({"origin": "null"}, ours, False)
    (False, False)
    """
    site = headers.get("sec-fetch-site")
    if site is not None:
        return site in ("same-origin", "none")
    said = headers.get("origin") or headers.get("referer")
    if said is None or (said == "null" and sealed):
        return True
    host = host_in(said)
    return host is not None and (host == headers.get("host", "").lower() or hosts.names(name_of(host)))


def is_json(headers: Mapping[str, str]) -> bool:
    """Whether the body is declared as JSON, which another site's page may not send without CORS."""
    return headers.get("content-type", "").partition(";")[0].strip().lower() == "application/json"
