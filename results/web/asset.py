"""A file of the board, ready to send: its bytes in each encoding, each with headers and an ETag of its own."""

import gzip
import hashlib
import re
from functools import lru_cache
from pathlib import PurePosixPath
from threading import Lock
from typing import Any, Literal

import brotli

from timing.web.guards import Headers

Encoding = Literal["", "gzip", "br"]
TYPES = {
    ".html": "text/html; charset=utf-8",
    ".json": "application/json",
    ".csv": "text/csv; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".txt": "text/plain; charset=utf-8",
    ".svg": "image/svg+xml",
}
SHORT = b"public, max-age=1, stale-while-revalidate=30, stale-if-error=3600"
"""An erased name leaves every cache within half a minute, or within an hour while the server fails."""
VERSIONED = b"public, max-age=300, must-revalidate"
"""Tables of a version never change, but hold names: an erased one leaves every cache within five minutes."""
SMALL = 64 * 1024
"""Files of at most so many bytes are compressed harder: 1 ms more for 5 percent less."""
FOR_EVER = b"public, max-age=31536000, immutable"
"""For files that never change and hold no names."""
NAMED_BY_CONTENT = re.compile(r"static/[a-z-]+\.[0-9a-f]{10}\.(css|js)")


class Asset:
    """One file, compressed once in each encoding, when first needed or beforehand."""

    def __init__(self, path: str, plain: bytes) -> None:
        self.type = TYPES[PurePosixPath(path).suffix]
        self.plain = plain
        self.digest = hashlib.sha256(plain).hexdigest()[:20]
        self.cache = FOR_EVER if NAMED_BY_CONTENT.fullmatch(path) else SHORT
        self._bodies: dict[Encoding, bytes] = {"": plain}
        self._starts: dict[tuple[Encoding, bytes], tuple[dict[str, Any], dict[str, Any], bytes]] = {}
        self._lock = Lock()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Asset) and (self.type, self.plain) == (other.type, other.plain)

    __hash__ = None  # type: ignore[assignment]  # compared, never looked up

    def body(self, encoding: Encoding) -> bytes:
        """The bytes in an encoding; the same ones every time."""
        if encoding not in self._bodies:
            with self._lock:
                if encoding not in self._bodies:
                    self._bodies[encoding] = compressed(self.plain, encoding)
        return self._bodies[encoding]

    def compress(self) -> None:
        """Make all encodings now."""
        self.body("gzip")
        self.body("br")

    def etag(self, encoding: Encoding = "") -> str:
        """Each encoding has its own: a cache must not take one for another."""
        return f'"{self.digest}{"-" + encoding if encoding else ""}"'

    def answer(self, encoding: Encoding, cache: bytes, guards: Headers) -> tuple[dict[str, Any], dict[str, Any], bytes]:
        """The ASGI start messages of a 200 and of a 304, and the ETag, made once; `cache` replaces the asset's `Cache-Control`, if not empty."""
        key = encoding, cache
        if key not in self._starts:
            tag = self.etag(encoding).encode()
            common: Headers = [
                (b"content-type", self.type.encode()),
                (b"etag", tag),
                (b"cache-control", cache or self.cache),
                (b"vary", b"accept-encoding"),
            ]
            whole = [*common, *([(b"content-encoding", encoding.encode())] if encoding else [])]
            length = (b"content-length", str(len(self.body(encoding))).encode())
            self._starts[key] = (
                {"type": "http.response.start", "status": 200, "headers": [*whole, *guards, length]},
                {"type": "http.response.start", "status": 304, "headers": [*common, *guards]},
                tag,
            )
        return self._starts[key]


def made(path: str, content: str | bytes) -> Asset:
    """A file from its content; what cannot be encoded as UTF-8 becomes a question mark."""
    return Asset(path, content if isinstance(content, bytes) else content.encode("utf-8", "replace"))


def compressed(plain: bytes, encoding: Encoding) -> bytes:
    """The bytes in an encoding."""
    match encoding:
        case "br":
            return bytes(brotli.compress(plain, quality=8 if len(plain) <= SMALL else 5))
        case "gzip":
            return gzip.compress(plain, 6, mtime=0)
        case _:
            return plain


@lru_cache(maxsize=512)
def chosen(accepted: bytes) -> Encoding:
    """The best encoding by an `Accept-Encoding` header.

    >>> chosen(b"gzip, deflate, br;q=0.9"), chosen(b"gzip;q=1, br;q=0"), chosen(b"identity"), chosen(b"*")
    ('br', 'gzip', '', '')
    """
    taken = {name for name, quality in map(_weighed, accepted.decode("latin-1").lower().split(",")) if quality > 0}
    return "br" if "br" in taken else "gzip" if "gzip" in taken else ""


def _weighed(text: str) -> tuple[str, float]:
    name, _, weight = text.partition(";")
    try:
        return name.strip(), float(weight.strip().removeprefix("q=") or 1)
    except ValueError:
        return name.strip(), 0.0


def matches(seen: bytes, tag: bytes) -> bool:
    """Whether an If-None-Match names this ETag.

    >>> matches(b'"old", W/"new"', b'"new"'), matches(b'*', b'"new"'), matches(b'"newer"', b'"new"')
    (True, True, False)
    """
    return any(one.strip().removeprefix(b"W/") in (tag, b"*") for one in seen.split(b","))
