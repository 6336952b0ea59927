"""Cameras on the network, on loopback: RTSP (H.264 over RTP in the same TCP connection, RFC 2326 and 6184) and MJPEG over HTTP."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from fractions import Fraction
from http.server import BaseHTTPRequestHandler
from socketserver import StreamRequestHandler, ThreadingTCPServer
from threading import Event, Thread
from typing import Final, NamedTuple, TypeVar

import av
import cv2

from tests.pictures import Grey
from timing.race.clock import Clock
from timing.race.instants import SECOND, Instant, Span

T = TypeVar("T")
RTP_HZ: Final = 90_000
PAYLOAD: Final = 1_400
SDP: Final = (
    "v=0\r\no=- 0 0 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=video 0 RTP/AVP 96\r\n"
    "a=rtpmap:96 {codec}/90000\r\na=fmtp:96 packetization-mode=1\r\na=control:track\r\n"
)
NOT_AHEAD: Final = Span(0)
ENCODER: Final = {"preset": "ultrafast", "tune": "zerolatency", "g": "15", "x264-params": "threads=1"}


class Shot(NamedTuple):
    """A picture on its way: what the camera's own clock said when it was taken, and JPEG or H.264 with start codes."""

    said: Span
    data: bytes


Shots = Callable[[], Iterable[Shot]]
"""What one connection gets; it waits between pictures as long as the camera does."""


class LoopbackCamera:
    """Takes pictures at a steady rate by a clock of its own, that is off by `ahead`; the first `buffered` of them are of the past."""

    def __init__(self, clock: Clock, fps: int, ahead: Span = NOT_AHEAD, buffered: int = 0) -> None:
        self._clock, self._fps, self._ahead, self._buffered = clock, fps, ahead, buffered
        self.taken: list[Instant] = []
        """Of each picture, by the true clock."""
        self.hang = Event()
        """Once set, no further picture is sent, and the connection stays open."""
        self.over = Event()

    def pictures(self, pictures: Iterable[T]) -> Iterator[tuple[Span, T]]:
        """Each at its time, as it is or encoded already, with what the camera's clock says."""
        begun = Instant(self._clock.now() - self._buffered * SECOND // self._fps)
        for number, picture in enumerate(pictures):
            at = Instant(begun + number * SECOND // self._fps)
            while self.hang.is_set() or self._clock.now() < at:
                if self.over.wait(max(0.005, (at - self._clock.now()) / SECOND)):
                    return
            self.taken.append(at)
            yield Span(at + self._ahead), picture


def h264(pictures: Iterable[tuple[Span, Grey]]) -> Iterator[Shot]:
    """Encoded one by one, as a camera does; a whole picture every half second."""
    encoder: av.VideoCodecContext | None = None
    for said, gray in pictures:
        if encoder is None:
            encoder = av.VideoCodecContext.create("libx264", "w")
            encoder.width, encoder.height, encoder.pix_fmt = gray.shape[1], gray.shape[0], "yuv420p"
            encoder.time_base, encoder.options = Fraction(1, SECOND), ENCODER
        frame = av.VideoFrame.from_ndarray(gray, format="gray").reformat(format="yuv420p")
        frame.pts, frame.time_base = said, Fraction(1, SECOND)
        yield from [Shot(said, bytes(packet)) for packet in encoder.encode(frame)]


def jpegs(pictures: Iterable[tuple[Span, Grey]]) -> Iterator[Shot]:
    return (Shot(said, cv2.imencode(".jpg", gray)[1].tobytes()) for said, gray in pictures)


class _StreamServer(ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, handler: type[StreamRequestHandler], shots: Shots, **options: object) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.shots, self.options = shots, options


@contextmanager
def rtsp_server(shots: Shots, codec: str = "H264") -> Iterator[str]:
    """Serves the stream of an IP camera; gives its address."""
    with _serving(_StreamServer(_Rtsp, shots, codec=codec)) as where:
        yield f"rtsp://{where}/live"


@contextmanager
def mjpeg_server(shots: Shots, length: bool = True, times: bool = False) -> Iterator[str]:
    """Serves the stream of a phone, with or without the pictures' lengths and times; gives its address."""
    with _serving(_StreamServer(_MotionJpeg, shots, length=length, times=times)) as where:
        yield f"http://{where}/video"


@contextmanager
def _serving(server: _StreamServer) -> Iterator[str]:
    with server:
        thread = Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        yield f"127.0.0.1:{server.server_address[1]}"
        server.shutdown()
        thread.join()


class _Rtsp(StreamRequestHandler):
    server: _StreamServer

    def handle(self) -> None:
        with suppress(ConnectionError):
            while request := self._request():
                verb, seq = request
                body = SDP.format(**self.server.options) if verb == "DESCRIBE" else ""
                more = f"Content-Type: application/sdp\r\nContent-Length: {len(body)}\r\n" if body else ""
                more += "Transport: RTP/AVP/TCP;unicast;interleaved=0-1\r\n" if verb == "SETUP" else ""
                self.wfile.write(f"RTSP/1.0 200 OK\r\nCSeq: {seq}\r\nSession: 1\r\n{more}\r\n{body}".encode())
                if verb == "PLAY":
                    self._play()
                    return

    def _request(self) -> tuple[str, str] | None:
        """What is asked for and its number; None at the end."""
        lines = list[str]()
        while line := self.rfile.readline().decode().strip():
            lines.append(line)
        said = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        return (lines[0].split()[0], said["cseq"]) if lines else None

    def _play(self) -> None:
        number = 0
        for shot in self.server.shots():
            parts = [part for unit in _units(shot.data) for part in _fragments(unit)]
            for part in parts:
                packet = _rtp(number, shot.said, part, last=part is parts[-1])
                self.wfile.write(b"$\0" + len(packet).to_bytes(2, "big") + packet)
                number += 1


def _units(h264: bytes) -> list[bytes]:
    return [unit for unit in h264.replace(b"\0\0\0\1", b"\0\0\1").split(b"\0\0\1") if unit]


def _fragments(unit: bytes) -> Iterator[bytes]:
    """A unit, in fragments (FU-A) where it is long."""
    if len(unit) <= PAYLOAD:
        yield unit
        return
    body = unit[1:]
    for start in range(0, len(body), PAYLOAD):
        first, last = start == 0, start + PAYLOAD >= len(body)
        yield bytes([unit[0] & 0xE0 | 28, unit[0] & 0x1F | 0x80 * first | 0x40 * last]) + body[start : start + PAYLOAD]


def _rtp(number: int, said: Span, part: bytes, last: bool) -> bytes:
    at = said * RTP_HZ // SECOND % 2**32
    return (
        bytes([0x80, 96 | 0x80 * last]) + (number % 2**16).to_bytes(2, "big") + at.to_bytes(4, "big") + b"CAM1" + part
    )


class _MotionJpeg(BaseHTTPRequestHandler):
    server: _StreamServer

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
        self.end_headers()
        with suppress(ConnectionError):
            for shot in self.server.shots():
                head = b"--frame\r\nContent-Type: image/jpeg\r\n"
                if self.server.options["length"]:
                    head += f"Content-Length: {len(shot.data)}\r\n".encode()
                if self.server.options["times"]:
                    head += f"X-Timestamp: {shot.said / SECOND:.6f}\r\n".encode()
                self.wfile.write(head + b"\r\n" + shot.data + b"\r\n")

    def log_message(self, *_: object) -> None:
        pass
