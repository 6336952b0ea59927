"""Motion JPEG over HTTP (`multipart/x-mixed-replace`), as phones and simple IP cameras send it.

FFmpeg's reader waits for the next picture's beginning where a camera does not tell the length (measured: up to three pictures late),
and makes timestamps up. Here a picture counts when its last byte is there, and a camera's own `X-Timestamp` is used.
"""

import ssl
from collections.abc import Iterator
from email.parser import BytesHeaderParser
from http.client import HTTPException, HTTPResponse
from typing import Final
from urllib.parse import unquote, urlsplit
from urllib.request import (
    HTTPBasicAuthHandler,
    HTTPDigestAuthHandler,
    HTTPPasswordMgrWithDefaultRealm,
    HTTPSHandler,
    ProxyHandler,
    build_opener,
)

import cv2
import numpy as np

from scanners.cameras.live import Taken, taken
from scanners.cameras.stills import Picture
from scanners.cameras.stream_clock import Arrived, StreamClock
from timing.race.clock import Clock
from timing.race.instants import SECOND, Span

MIXED: Final = "multipart/x-mixed-replace"
END: Final = b"\xff\xd9"
BEHIND: Final = (b"", b"\r", b"\n", b"-")
"""Bytes that may follow the end of a picture; an end marker before other bytes is inside a picture."""
PICTURE_MOST: Final = 30_000_000  # bytes
CHUNK: Final = 65_536
HEADERS_MOST: Final = 40  # lines
FAILURES: Final = (OSError, HTTPException, ValueError)  # URLError, HTTPError and timeouts among them


def open_motion_jpeg(address: str, clock: Clock, stamps: StreamClock, patience_s: float) -> "MotionJpeg | None":
    """The stream at an HTTP address; None where there is no answer or none of this type.

    Certificates are not verified, because cameras sign their own.
    """
    parts = urlsplit(address)
    passwords = HTTPPasswordMgrWithDefaultRealm()
    plain = parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()
    passwords.add_password(None, plain, unquote(parts.username or ""), unquote(parts.password or ""))
    unchecked = HTTPSHandler(context=ssl._create_unverified_context())
    keys = HTTPBasicAuthHandler(passwords), HTTPDigestAuthHandler(passwords)
    try:
        answer = build_opener(ProxyHandler({}), unchecked, *keys).open(plain, timeout=patience_s)
    except FAILURES:
        return None
    if answer.headers.get_content_type() == MIXED:
        return MotionJpeg(answer, clock, stamps)
    answer.close()
    return None


class MotionJpeg:
    """The parts of one answer, each a JPEG."""

    def __init__(self, answer: HTTPResponse, clock: Clock, stamps: StreamClock) -> None:
        self._answer, self._clock = answer, clock
        self._taken = taken(stamps.timed(self._read()), _gray)
        self._held = bytearray()

    def take(self) -> Taken | None:
        return next(self._taken, None)

    def close(self) -> None:
        self._answer.close()

    def _read(self) -> Iterator[Arrived[bytes]]:
        """Each picture as its last byte arrives; ends when the stream ends or stalls."""
        try:
            while True:
                headers = BytesHeaderParser().parsebytes(self._headers())
                length = headers.get("Content-Length")
                picture = self._exactly(int(length)) if length else self._until_end()
                yield Arrived(_said(headers.get("X-Timestamp")), self._clock.now(), picture)
        except FAILURES:
            return

    def _headers(self) -> bytes:
        """The lines between a boundary and the picture."""
        lines = list[bytes]()
        while len(lines) < HEADERS_MOST:
            line = self._line()
            if line.strip() and not line.startswith(b"--"):
                lines.append(line)
            elif not line.strip() and lines:
                return b"".join(lines)
        raise ValueError("no picture among so many lines")

    def _line(self) -> bytes:
        while (end := self._held.find(b"\n")) < 0:
            self._more()
        return self._cut(end + 1)

    def _exactly(self, length: int) -> bytes:
        if not 0 < length <= PICTURE_MOST:
            raise ValueError("no length of a picture")
        while len(self._held) < length:
            self._more()
        return self._cut(length)

    def _until_end(self) -> bytes:
        """Up to the end of the JPEG that is the last thing that has come, or before a line's end."""
        looked = 0
        while True:
            end = self._held.find(END, looked)
            if end >= 0 and bytes(self._held[end + 2 : end + 3]) in BEHIND:
                return self._cut(end + 2)
            looked = max(0, len(self._held) - 1) if end < 0 else end + 2
            if end < 0:
                self._more()

    def _more(self) -> None:
        got = self._answer.read1(CHUNK)
        if not got or len(self._held) > PICTURE_MOST:
            raise ValueError("the stream has ended, or is none")
        self._held += got

    def _cut(self, length: int) -> bytes:
        cut = bytes(self._held[:length])
        del self._held[:length]
        return cut


def _said(seconds: str | None) -> Span | None:
    try:
        return None if seconds is None else Span(round(float(seconds) * SECOND))
    except (ValueError, OverflowError):
        return None


def _gray(jpeg: bytes) -> Picture | None:
    found = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_GRAYSCALE)
    return None if found is None else np.asarray(found, np.uint8)
