"""The security headers of every answer: one list, with the content security policy of the page that answers."""

from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

Headers = list[tuple[bytes, bytes]]
NOTHING: Final = "default-src 'none'"
"""The policy of answers that are no pages."""
NEVER_KEPT: Final = (b"cache-control", b"no-store")


def guards(policy: str) -> Headers:
    """The headers that go with every answer, under this content security policy.

    >>> dict(guards(NOTHING))[b"content-security-policy"]
    b"default-src 'none'; frame-ancestors 'none'"
    """
    return [
        (b"content-security-policy", f"{policy}; frame-ancestors 'none'".encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"x-robots-tag", b"noindex"),
    ]


def as_text(headers: Headers) -> dict[str, str]:
    """The same for a response that is made with texts."""
    return {name.decode(): value.decode() for name, value in headers}


class Guarded:
    """ASGI middleware that adds these headers to every response; a header that the response sets itself is kept."""

    def __init__(self, app: ASGIApp, headers: Headers) -> None:
        self._app, self._headers = app, headers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                borne = {name.lower() for name, _ in message["headers"]}
                lacking = [one for one in self._headers if one[0] not in borne]
                message["headers"] = [*message["headers"], *lacking]
            await send(message)

        await self._app(scope, receive, sent)
