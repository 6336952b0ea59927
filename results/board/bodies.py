"""Reads what strangers send: no further than it can mean something."""

from collections.abc import AsyncIterator


async def read_body(parts: AsyncIterator[bytes], most: int) -> bytes | None:
    """A body of at most `most` bytes; None for a longer one, whose rest is not read."""
    body = bytearray()
    async for part in parts:
        body += part
        if len(body) > most:
            return None
    return bytes(body)
