"""The intake over real HTTP: what a station sends is in the log before it hears so, and each refusal says why in two languages."""

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest
import urllib3
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from scanners.intake.routes import intake
from scanners.outbox.uplink import HttpUplink, Refused
from scanners.protocol import BODY_MOST, ITEMS_MOST, RosterAnswer
from tests import boards
from tests.builders import GUN, RACE, Station, entrant, scan
from tests.clock_and_chance import ManualClock
from tests.intakes import TOKEN, intake_server, nobody_s_address, served, watched_over
from tests.memory_log import MemoryLog
from timing.errors import Unreachable, WrongUse
from timing.log import Outcome
from timing.log.writer import Writer
from timing.people.directory import hashed
from timing.race.chain import Batch
from timing.race.encoding import encode
from timing.race.instants import Span
from timing.stations.station_status import StationStatus
from timing.web.app import web_app

ROSTER = {"7K3MXQ2WAB1": 417}


@pytest.fixture
def log() -> MemoryLog:
    return MemoryLog(RACE, ManualClock(GUN))


@pytest.fixture
def server(log: MemoryLog) -> Iterator[str]:
    with intake_server(log, ROSTER) as address:
        yield address


@pytest.fixture(scope="module")
def wary() -> Iterator[tuple[str, MemoryLog]]:
    """A server that is sent nothing that it should take, and its log."""
    log = MemoryLog(RACE, ManualClock(GUN))
    with intake_server(log, ROSTER) as address:
        yield address, log


@pytest.fixture
def station() -> Station:
    return Station().says(scan(417, "17:05"), scan(418, "17:06"))


class Answered:
    """What the server answered to a raw request."""

    def __init__(self, address: str, body: bytes | None, token: str = TOKEN, scheme: str = "Bearer") -> None:
        headers = {"Authorization": f"{scheme} {token}"}
        with urllib3.PoolManager(retries=False) as pool:
            response = pool.request("POST" if body is not None else "GET", address, body=body, headers=headers)
        self.status, self.told = response.status, json.loads(response.data)


def batch_address(server: str, lineage: str = "0" * 32) -> str:
    return f"{server}/v1/lineages/{lineage}/batch"


def body(*items: bytes, first: object = 1, prev_hash: str = "") -> bytes:
    head = json.dumps({"first": first, "prev_hash": prev_hash})[:-1].encode()
    return head + b', "items": [' + b",".join(items) + b"]}"


def stored(log: MemoryLog) -> list[bytes]:
    return [fact.data for fact in log.read()]


def test_a_batch_is_in_the_log_byte_for_byte_when_the_station_hears_so(
    server: str, log: MemoryLog, station: Station
) -> None:
    receipt = HttpUplink(server, TOKEN).send(station.batch())
    assert stored(log) == station.items
    assert (receipt.outcome, receipt.head) == (Outcome.STORED, log.lineage_head(station.lineage))
    assert receipt.head.seq == 3


def test_sending_again_is_harmless(server: str, log: MemoryLog, station: Station) -> None:
    uplink = HttpUplink(server + "/", TOKEN)
    first, again = uplink.send(station.batch(1, 2)), uplink.send(station.batch())
    assert (first.head.seq, again.head.seq) == (2, 3)
    assert stored(log) == station.items


def test_a_gap_is_answered_with_the_watermark_and_stores_nothing(server: str, log: MemoryLog, station: Station) -> None:
    uplink = HttpUplink(server, TOKEN)
    uplink.send(station.batch(1, 1))
    receipt = uplink.send(station.batch(3))
    assert (receipt.outcome, receipt.head) == (Outcome.GAP, log.lineage_head(station.lineage))
    assert stored(log) == station.items[:1]


def test_a_fork_is_kept_aside_and_told(server: str, log: MemoryLog, station: Station) -> None:
    copy = station.clone().says(scan(9, "18:00"))
    station.says(scan(8, "18:00"))
    uplink = HttpUplink(server, TOKEN)
    uplink.send(station.batch())
    assert uplink.send(copy.batch()).outcome is Outcome.FORK
    assert stored(log) == station.items
    assert len(log.quarantined()) == 1


def test_the_three_outcomes_have_three_status_codes(server: str, station: Station) -> None:
    address = batch_address(server, station.lineage)
    other = encode(scan(9, "18:00"))
    assert [
        Answered(address, body(*station.items)).status,
        Answered(address, body(other, first=9)).status,
        Answered(address, body(other)).status,
    ] == [200, 409, 422]


@pytest.mark.parametrize(("token", "scheme"), [("1" * 64, "Bearer"), ("", "Bearer"), (TOKEN, "Basic")])
def test_a_stranger_is_told_in_two_languages_and_stores_nothing(
    wary: tuple[str, MemoryLog], station: Station, token: str, scheme: str
) -> None:
    server, log = wary
    address = batch_address(server, station.lineage)
    for answered in (
        Answered(address, body(*station.items), token, scheme),
        Answered(f"{server}/v1/roster", None, token, scheme),
    ):
        assert answered.status == 401
        assert "토큰이 맞지 않습니다" in answered.told["korean"]
        assert "wrong station token" in answered.told["english"]
    assert stored(log) == []


SCAN = encode(scan(417, "17:05"))
RUBBISH = {
    "nothing": b"",
    "no JSON": b"\xff\xfe rubbish",
    "no batch": b"[]",
    "no items": body(),
    "too many items": body(*[SCAN] * (ITEMS_MOST + 1)),
    "no number": body(SCAN, first="eins"),
    "number zero": body(SCAN, first=0),
    "a hash that is none": body(SCAN, prev_hash="xyz"),
    "a text that is no base64": body(SCAN, b'"2 + 2"'),
    "a nest deeper than any reader": body(b"[" * 60_000 + b"]" * 60_000),
}
ODD = {
    "a desk's fact": encode(entrant(417)),
    "a fact of the future": b'{"event":"Scanned/99"}',
    "a fact of no kind": b"17",
    "half a fact": b'{"event":"Scanned/1"}',
    "letters that are none": SCAN.replace(b'"code":"', b'"code":"\xff'),
    "a deep nest": b"[" * 300 + b"]" * 300,
    "no JSON": SCAN[:-1] + b"]",
    "nothing": b"",
    "a text": b'"2 + 2"',
}


@pytest.mark.parametrize("kind", RUBBISH)
def test_rubbish_is_refused_in_two_languages_and_stores_nothing(wary: tuple[str, MemoryLog], kind: str) -> None:
    server, log = wary
    answered = Answered(batch_address(server), RUBBISH[kind])
    assert answered.status == 400
    assert "읽을 수 없는 전송 묶음" in answered.told["korean"]
    assert "cannot be read" in answered.told["english"]
    assert stored(log) == []


@pytest.mark.parametrize("kind", ODD)
def test_what_counts_for_nothing_holds_up_no_scan(kind: str) -> None:
    station, log = Station().says(scan(417, "17:05")), MemoryLog(RACE, ManualClock(GUN))
    station.items.append(ODD[kind])
    station.says(scan(12, "18:00"))
    with intake_server(log) as server:
        assert HttpUplink(server, TOKEN).send(station.batch()) == log.receive(station.batch())
    assert stored(log) == station.items
    assert log.receive(station.batch()).set_aside == (3,)


def test_older_stations_send_items_as_plain_json() -> None:
    """Before base64 there was no other way; `body` writes as they did."""
    station, log = Station(), MemoryLog(RACE, ManualClock(GUN))
    station.items.append(ODD["a fact of the future"])
    with intake_server(log) as server:
        answered = Answered(batch_address(server, station.lineage), body(*station.items))
    assert (answered.status, answered.told["set_aside"]) == (200, [2])
    assert stored(log) == station.items


def test_a_batch_that_is_too_large_is_refused_before_it_is_read(wary: tuple[str, MemoryLog]) -> None:
    server, log = wary
    answered = Answered(batch_address(server), b" " * (BODY_MOST + 1))
    assert (answered.status, stored(log)) == (413, [])
    assert answered.told["english"] == "the body is too large"


def test_the_roster_tells_which_bib_carries_which_code(wary: tuple[str, MemoryLog]) -> None:
    server, _ = wary
    assert HttpUplink(server, TOKEN).roster() == RosterAnswer(RACE, ROSTER, version="first")


def test_a_roster_that_is_known_already_is_not_sent_again(wary: tuple[str, MemoryLog]) -> None:
    server, _ = wary
    headers = {"Authorization": f"Bearer {TOKEN}"}
    first = urllib3.request("GET", f"{server}/v1/roster", headers=headers)
    again = urllib3.request("GET", f"{server}/v1/roster", headers=headers | {"If-None-Match": first.headers["etag"]})
    assert (first.status, again.status, again.data) == (200, 304, b"")


def test_a_wrong_token_is_an_error_with_the_server_s_own_words(wary: tuple[str, MemoryLog], station: Station) -> None:
    server, _ = wary
    uplink = HttpUplink(server, "1" * 64)
    for ask in (uplink.roster, lambda: uplink.send(station.batch())):
        with pytest.raises(Refused, match="wrong station token") as refused:
            ask()
        assert "토큰이 맞지 않습니다" in refused.value.text.to("ko")
        assert refused.value.exit_code == 3


def test_a_batch_that_the_server_cannot_read_is_an_error_that_no_retry_mends(
    wary: tuple[str, MemoryLog], station: Station
) -> None:
    server, _ = wary
    wrong: Batch = replace(station.batch(), items=[])
    with pytest.raises(Refused, match="cannot be read"):
        HttpUplink(server, TOKEN).send(wrong)


@pytest.mark.parametrize("token", ["", "토큰", "two words", "line\nbreak"])
def test_a_token_that_is_none_is_refused_before_anything_is_sent(token: str) -> None:
    with pytest.raises(Refused, match="marathon station"):
        HttpUplink("http://127.0.0.1:1", token)


def test_an_address_that_is_none_is_a_wrong_use() -> None:
    with pytest.raises(WrongUse, match="write http://HOST:8000"):
        HttpUplink("127.0.0.1:8000", TOKEN)


@pytest.mark.parametrize("address", ["http://", "http://127.0.0.1:99999999", "http://[::"])
def test_an_address_that_leads_nowhere_is_told(address: str, station: Station) -> None:
    with pytest.raises(Unreachable):
        HttpUplink(address, TOKEN).send(station.batch())


def test_a_server_that_is_away_is_told_with_its_address(station: Station) -> None:
    address = nobody_s_address()
    uplink = HttpUplink(address, TOKEN)
    for ask in (uplink.roster, lambda: uplink.send(station.batch())):
        with pytest.raises(Unreachable) as away:
            ask()
        assert not isinstance(away.value, Refused)
        assert address in away.value.text.to("ko")
        assert address in away.value.text.to("en")
        assert "\n" not in str(away.value)


def test_a_server_in_trouble_counts_as_away(station: Station) -> None:
    async def ill(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await PlainTextResponse("나중에", 503)(scope, receive, send)

    with served(ill) as address, pytest.raises(Unreachable, match="503"):
        HttpUplink(address, TOKEN).send(station.batch())


@pytest.mark.parametrize(("status", "said"), [(200, "is no marathon server"), (404, "HTTP 404")])
def test_another_server_is_not_taken_for_ours(station: Station, status: int, said: str) -> None:
    async def other(scope: Scope, receive: Receive, send: Send) -> None:
        await Request(scope, receive).body()
        await PlainTextResponse("안녕하세요", status)(scope, receive, send)

    with served(other) as address:
        uplink = HttpUplink(address, TOKEN)
        for ask in (uplink.roster, lambda: uplink.send(station.batch())):
            with pytest.raises(Refused, match=said):
                ask()


def test_a_station_speaks_in_its_own_name_only(wary: tuple[str, MemoryLog]) -> None:
    server, log = wary
    impostor = Station("start-9", "start").says(scan(417, "0:05"))
    with pytest.raises(Refused, match="another name"):
        HttpUplink(server, TOKEN).send(impostor.batch())
    assert stored(log) == []


def test_an_outbox_of_the_rehearsal_is_not_taken_into_the_race(wary: tuple[str, MemoryLog], station: Station) -> None:
    server, _ = wary
    uplink = HttpUplink(server, TOKEN)
    uplink.race = "f" * 16
    with pytest.raises(Refused, match="another race"):
        uplink.send(station.batch())
    uplink.race = RACE
    assert uplink.send(station.batch()).outcome is Outcome.STORED


OTHER = "2" * 64


@pytest.fixture
def two_stations(log: MemoryLog) -> Iterator[str]:
    """A server that lets two stations in."""
    names = {hashed(TOKEN): "finish-1", hashed(OTHER): "finish-2"}
    with Writer(log) as writer:
        app = web_app("stations", intake(writer.submit, lambda: names, lambda: None, RACE, watched_over(log)))
        with served(app) as address:
            yield address


def test_a_station_s_token_opens_its_own_outboxes_only(two_stations: str, log: MemoryLog, station: Station) -> None:
    HttpUplink(two_stations, TOKEN).send(station.batch(1, 2))
    stranger = HttpUplink(two_stations, OTHER)
    for ask in (
        lambda: stranger.send(station.batch(3)),
        lambda: stranger.send_heartbeat(station.lineage, beat(station)),
    ):
        with pytest.raises(Refused, match="belongs to another station"):
            ask()
    assert stored(log) == station.items[:2]
    HttpUplink(two_stations, TOKEN).send(station.batch(3))
    assert stored(log) == station.items


def beat(station: Station) -> StationStatus:
    return StationStatus(len(station.items), "ab" * 32, 1, 29.9, 3, 10**11, Span(0))


def test_a_heartbeat_is_answered_with_the_time_and_stands_in_the_list(server: str, station: Station) -> None:
    uplink = HttpUplink(server, TOKEN)
    uplink.send(station.batch(1, 1))
    answer = uplink.send_heartbeat(station.lineage, beat(station))
    assert answer.received <= answer.sent
    listed = Answered(f"{server}/v1/stations", None).told
    (one,) = listed["stations"]
    assert (one["heard"]["station"], one["heard"]["beat"]["fps"], one["received"]) == ("finish-1", 29.9, 1)
    assert listed["at"] >= one["heard"]["at"]


@pytest.mark.parametrize("body", [b"", b"[]", b"{}", b'{"seq": -1}', b"\xff", b"[" * 9_000])
def test_a_heartbeat_that_is_none_is_refused(wary: tuple[str, MemoryLog], body: bytes) -> None:
    server, _ = wary
    answered = Answered(f"{server}/v1/lineages/{'0' * 32}/heartbeat", body)
    assert answered.status == 400
    assert answered.told["english"] == "a heartbeat that cannot be read"


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "192.0.2.9"])
def test_the_list_is_for_stations_alone_wherever_it_is_asked_for(log: MemoryLog, address: str) -> None:
    with Writer(log) as writer:
        app = web_app(
            "stations",
            intake(writer.submit, lambda: {hashed(TOKEN): "finish-1"}, lambda: None, RACE, watched_over(log)),
        )
        away = behind(app, address)
        assert boards.ask(away, "/v1/stations").status_code == 401
        assert boards.ask(away, "/v1/stations", authorization=f"Bearer {TOKEN}").status_code == 200


def behind(app: ASGIApp, address: str) -> ASGIApp:
    """The same app, asked from another machine."""

    async def from_there(scope: Scope, receive: Receive, send: Send) -> None:
        await app({**scope, "client": (address, 5_000)}, receive, send)

    return from_there
