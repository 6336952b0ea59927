"""Reads request bodies of clients up to a size limit."""

from collections.abc import AsyncIterator
from typing import Final

from starlette.requests import Request

from timing.language import _
from timing.web.refusal import HttpError, Refusal

TOO_LARGE: Final = Refusal.of(_("the body is too large"))


async def body_within(parts: AsyncIterator[bytes], most: int) -> bytes | None:
    """A body of at most `most` bytes; None for a longer one, whose rest is not read."""
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > most:
            return None
    return bytes(body)


async def read_body(request: Request, most: int, too_large: Refusal = TOO_LARGE) -> bytes:
    """The request's body.

    Raises:
        HttpError: it is longer than `most` bytes.
    """
    body = await body_within(request.stream(), most)
    if body is None:
        raise HttpError(413, too_large)
    return body
