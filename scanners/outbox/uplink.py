"""Ways from the outbox to the log: over HTTP to a server, or straight into the log on the same machine."""

import re
from ipaddress import ip_address
from typing import Protocol, TypeVar

import msgspec
import urllib3

from scanners.protocol import BatchAnswer, BatchBody, HeartbeatAnswer, NoteBody, RosterAnswer, encode
from timing.errors import RaceError, Unreachable, WrongUse
from timing.language import _
from timing.log import Log, Receipt
from timing.race.chain import Batch, Head
from timing.race.encoding import in_json
from timing.race.instants import Instant
from timing.stations.station_status import StationStatus
from timing.web.refusal import Refusal

TIMEOUT = urllib3.Timeout(connect=3, read=10)
RETRIES = urllib3.Retry(0)  # the uploader retries, knowing what was acknowledged
TAKEN = (200, 409, 422)
NEAR_MS, FAR_MS = 2_000, 30_000
"""Longest wait of an uploader between two tries, on the venue's own network and across the Internet."""
T = TypeVar("T")


def patience_ms(server: str) -> int:
    """Longest wait in milliseconds before this server is tried again; longer for one across the Internet.

    >>> patience_ms("http://192.168.0.7:8000"), patience_ms("http://laptop.local:8000"), patience_ms("https://run.example")
    (2000, 2000, 30000)
    """
    host = urllib3.util.parse_url(server).host or ""
    try:
        near = not ip_address(host.strip("[]")).is_global
    except ValueError:
        near = "." not in host or host.endswith((".local", ".lan", ".internal"))
    return NEAR_MS if near else FAR_MS


class Refused(RaceError):
    """The server refuses what this station sends; trying again does not help."""

    exit_code = 3


class Uplink(Protocol):
    """Delivers batches to the log."""

    def send(self, batch: Batch) -> Receipt:
        """Deliver a batch.

        Raises:
            Unreachable: nobody answered; try again later.
            Refused: trying again will not help.
        """
        ...


class HeartbeatUplink(Protocol):
    """Delivers heartbeats to the server."""

    def send_heartbeat(self, lineage: str, status: StationStatus) -> HeartbeatAnswer: ...


class LogUplink:
    """Straight into the log: a station on the organiser's own machine."""

    def __init__(self, log: Log) -> None:
        self._log = log

    def send(self, batch: Batch) -> Receipt:
        return self._log.receive(batch)


class HttpUplink:
    """To a server, with the station's token; with a `fingerprint` to none but the one that holds that certificate."""

    def __init__(self, server: str, token: str, fingerprint: str = "") -> None:
        if not server.startswith(("http://", "https://")):
            raise WrongUse(_("{server!r} is no server address; write http://HOST:8000", server=server))
        if not re.fullmatch(r"[!-~]+", token):
            raise Refused(_("this is no station token; make one with `marathon station NAME`"))
        if fingerprint and not server.startswith("https://"):
            raise WrongUse(
                _(
                    "this enrolment names the server's certificate: give --server as https://..., not {server}",
                    server=server,
                ),
            )
        self.server = server.rstrip("/")
        self._pool = _pinned(fingerprint) if fingerprint else urllib3.PoolManager(retries=RETRIES, timeout=TIMEOUT)
        self.race = ""
        """Id of the race that the outbox belongs to; empty while not known."""
        self._headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}

    def send(self, batch: Batch) -> Receipt:
        body = BatchBody(batch.first, batch.prev_hash.hex(), [in_json(item) for item in batch.items], self.race)
        response = self._request("POST", f"/v1/lineages/{batch.lineage}/batch", encode(body))
        if response.status not in TAKEN:
            raise self._refused(response)
        answer = self._decoded(response, BatchAnswer)
        return Receipt(answer.outcome, Head(answer.acked, bytes.fromhex(answer.head_hash)), tuple(answer.set_aside))

    def send_heartbeat(self, lineage: str, status: StationStatus) -> HeartbeatAnswer:
        """Tell the server how this station is; the answer tells the time there.

        Raises:
            Unreachable, Refused: as `send`.
        """
        response = self._request("POST", f"/v1/lineages/{lineage}/heartbeat", encode(status))
        if response.status != 200:
            raise self._refused(response)
        return self._decoded(response, HeartbeatAnswer)

    def return_note(self, lineage: str, note: str, verifier: str) -> None:
        """Return a signed checkpoint that the server's log contradicts.

        Raises:
            Unreachable, Refused: as `send`.
        """
        response = self._request("POST", f"/v1/lineages/{lineage}/note", encode(NoteBody(note, verifier)))
        if response.status != 204:
            raise self._refused(response)

    def picture(self, lineage: str, seq: int, jpeg: bytes) -> None:
        """Deliver the picture of a scan that was asked for; empty when there is none.

        Raises:
            Unreachable, Refused: as `send`.
        """
        response = self._request("POST", f"/v1/lineages/{lineage}/evidence/{seq}", jpeg)
        if response.status != 204:
            raise self._refused(response)

    def film(self, lineage: str, start: Instant, film: bytes) -> None:
        """Deliver the segment of film that was asked for; empty when it is gone.

        Raises:
            Unreachable, Refused: as `send`.
        """
        response = self._request("POST", f"/v1/lineages/{lineage}/film/{start}", film)
        if response.status != 204:
            raise self._refused(response)

    def roster(self) -> RosterAnswer:
        """The race that the server runs, and which bib carries which code."""
        response = self._request("GET", "/v1/roster")
        if response.status != 200:
            raise self._refused(response)
        return self._decoded(response, RosterAnswer)

    def _request(self, method: str, path: str, body: bytes | None = None) -> urllib3.BaseHTTPResponse:
        try:
            response = self._pool.request(method, self.server + path, body=body, headers=self._headers)
        except urllib3.exceptions.HTTPError as failure:
            if isinstance(getattr(failure, "reason", None), urllib3.exceptions.SSLError):
                raise self._stranger(str(failure.reason)) from failure  # type: ignore[attr-defined]
            raise self._away(str(getattr(failure, "reason", None) or failure).split(": ")[-1]) from failure
        if response.status >= 500:
            raise self._away(str(response.status))
        return response

    def _away(self, reason: str) -> Unreachable:
        return Unreachable(_("the server {server} does not answer ({reason})", server=self.server, reason=reason))

    def _stranger(self, reason: str) -> RaceError:
        """The error for a failed TLS handshake: another certificate is refused, a broken connection is only away."""
        if not any(word in reason for word in ("CERTIFICATE_VERIFY_FAILED", "Fingerprint")):
            return self._away(reason)
        return Refused(
            _(
                "{server} shows another certificate than our server's, and the token was not sent; check the address, or enrol anew by `marathon station NAME --again --own-certificate --server ...` where the server has a new one",
                server=self.server,
            ),
        )

    def _refused(self, response: urllib3.BaseHTTPResponse) -> Refused:
        try:
            why = msgspec.json.decode(response.data, type=Refusal)
        except msgspec.MsgspecError:
            why = Refusal(f"HTTP {response.status}", f"HTTP {response.status}")
        return Refused(_("the server {server} refuses: {text}", text=why.text, server=self.server))

    def _decoded(self, response: urllib3.BaseHTTPResponse, kind: type[T]) -> T:
        try:
            return msgspec.json.decode(response.data, type=kind)
        except msgspec.MsgspecError as wrong:
            raise Refused(
                _("{server} is no marathon server ({wrong})", server=self.server, wrong=wrong),
            ) from wrong


def _pinned(fingerprint: str) -> urllib3.PoolManager:
    """Connections to the server with this certificate (certificate pinning): urllib3 compares it before anything is sent.

    Raises:
        WrongUse: it is no SHA-256.
    """
    if not re.fullmatch("[0-9a-f]{64}", fingerprint):
        raise WrongUse(_("{fingerprint!r} is no SHA-256 fingerprint of a certificate", fingerprint=fingerprint))
    return urllib3.PoolManager(
        retries=RETRIES, timeout=TIMEOUT, assert_fingerprint=fingerprint, cert_reqs="CERT_NONE", assert_hostname=False
    )
