"""A scanned bib leads to the firm's page, and counts for the firm: people once, robots and repeats never, and no time at all."""

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx2
import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, select
from starlette.types import ASGIApp

from results.board.board_projection import BoardProjection
from results.spectators.arrivals import FROM_ONE, TRIES_EACH, SpectatorScans
from results.spectators.scans import Rejections, ScanStore
from results.spectators.spectator_service import NOTED_AFTER, SpectatorRequest, SpectatorService
from results.spectators.tickets import GOOD_FOR_S, Tickets
from results.web.limits import WINDOW_S
from server.board_side import board_app
from tests.boards import Run, ask, followed, race_folder
from tests.builders import GUN
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.faults.soak import scaled
from tests.spectators import PEOPLE, PHONE, ROBOTS, counts, device, plugged, posted, scanned, visits
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.race.events import ResultWithheld
from timing.race.instants import SECOND, Span, day_of
from timing.store.database import writing
from timing.store.low_priority_writer import LowPriorityWriter
from timing.store.tables import spectator_device, spent_ticket

RUNS = [Run(417, "0:10", "17:03", name="김하늘"), Run(42, "0:11", company="c0002"), Run(7, company="c0003")]
DAY_S = 86_400


@pytest.fixture(scope="module")
def opened(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenRace]:
    with race_folder(tmp_path_factory.mktemp("board") / "race", RUNS) as made:
        yield made


@pytest.fixture(autouse=True)
def clock(opened: OpenRace) -> ManualClock:
    """The race's own clock; each test begins on a day of its own."""
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(DAY_S * SECOND))
    return opened.clock


@pytest.fixture(scope="module")
def follower(opened: OpenRace) -> BoardProjection:
    return followed(opened, print, plugs=plugged(opened))


@pytest.fixture(scope="module")
def app(opened: OpenRace, follower: BoardProjection) -> ASGIApp:
    return board_app(opened, follower)


@pytest.fixture
def door(opened: OpenRace, clock: ManualClock) -> Callable[..., bool]:
    """The door alone, without the pauses between its writes: a phone of this number comes from an address."""
    arrivals, tickets = doorkeeper(opened, clock)

    def comes(number: int, sender: str = "192.0.2.1", firm: str = "c0001", **headers: str) -> bool:
        return asyncio.run(arrivals.take(shows(tickets.draw(firm), number, sender, **headers))).counted

    return comes


def doorkeeper(opened: OpenRace, clock: ManualClock) -> tuple[SpectatorScans, Tickets]:
    """A door of its own, where nobody came yet, and the tickets that it takes."""
    tickets, spectators = Tickets(b"k" * 32, clock), ScanStore(opened.engine, opened.settings.id)
    desk = SpectatorService(
        LowPriorityWriter(opened.engine, pause_s=0), Rejections(opened.engine, opened.settings.id), clock, opened.zone
    )
    return SpectatorScans(desk, tickets, spectators, clock), tickets


def shows(ticket: str, number: int, sender: str = "192.0.2.1", **headers: str) -> SpectatorRequest:
    shown = msgspec.json.encode({"ticket": ticket, "device": device(number)})
    return SpectatorRequest(shown, sender, {"user-agent": PHONE, "content-type": "application/json"} | headers)


def scans(opened: OpenRace) -> dict[str, int]:
    return ScanStore(opened.engine, opened.settings.id).scans()


def refused(opened: OpenRace, reason: str) -> int:
    return Rejections(opened.engine, opened.settings.id).noted()["scan", reason]


def test_a_scan_leads_to_the_firm_s_page_with_the_bib_and_a_ticket(app: ASGIApp) -> None:
    assert ask(app, "/B/" + "0" * 11, user_agent=PHONE).status_code == 404
    told = scanned(app, 417)
    assert told["bib"] == "417" and told["scan"] != scanned(app, 417)["scan"]


def test_a_phone_counts_once_and_another_phone_again(app: ASGIApp, opened: OpenRace) -> None:
    before = scans(opened).get("c0001", 0)
    assert [visits(app, 417, 1), visits(app, 417, 1), visits(app, 417, 2), visits(app, 42, 1)] == [
        True,
        False,
        True,
        True,
    ]
    assert scans(opened)["c0001"] == before + 2


def test_the_next_day_the_phone_counts_again(app: ASGIApp, clock: ManualClock) -> None:
    assert visits(app, 417, 1)
    assert not visits(app, 417, 1)
    clock.tick(Span(DAY_S * SECOND))
    assert visits(app, 417, 1)


def test_a_ticket_is_good_once_and_for_ten_minutes(app: ASGIApp, clock: ManualClock) -> None:
    ticket, late = scanned(app, 417)["scan"], scanned(app, 417)["scan"]
    assert [counts(app, ticket, 1), counts(app, ticket, 2)] == [True, False]
    clock.tick(Span(GOOD_FOR_S * SECOND))
    assert not counts(app, late, 3)


@pytest.mark.parametrize("agent", ROBOTS)
def test_robots_get_no_ticket_and_may_show_none(app: ASGIApp, opened: OpenRace, agent: str) -> None:
    assert scanned(app, 417, agent=agent) == {}
    before = scans(opened)
    assert not counts(app, scanned(app, 417)["scan"], 1, agent=agent)
    assert scans(opened) == before


@pytest.mark.parametrize("agent", PEOPLE)
def test_people_s_browsers_count_also_inside_other_apps(app: ASGIApp, agent: str) -> None:
    assert counts(app, scanned(app, 417, agent=agent)["scan"], 1, agent=agent)


@pytest.mark.parametrize(
    "headers",
    [{"sec_purpose": "prefetch;prerender"}, {"purpose": "prefetch"}, {"x_moz": "prefetch"}, {"purpose": "preview"}],
)
def test_a_page_that_is_only_prepared_does_not_count(app: ASGIApp, headers: dict[str, str]) -> None:
    assert scanned(app, 417, **headers) == {}
    assert not counts(app, scanned(app, 417)["scan"], 1, **headers)


def test_who_asks_for_the_head_alone_gets_no_ticket(app: ASGIApp) -> None:
    assert scanned(app, 417, method="HEAD") == {}


@pytest.mark.parametrize(
    "kind",
    ["", "text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/plain; application/json"],
)
def test_a_form_of_somebody_else_shows_no_ticket_though_it_hides_where_it_comes_from(app: ASGIApp, kind: str) -> None:
    """Over plain http a page without a referrer says `null`, as our own forms do; but it may send no JSON."""
    assert not counts(app, scanned(app, 417)["scan"], 1, origin="null", content_type=kind)
    assert counts(app, scanned(app, 417)["scan"], 1, origin="null", content_type="Application/JSON; charset=utf-8")


def test_a_page_of_somebody_else_shows_no_ticket(app: ASGIApp) -> None:
    assert not counts(app, scanned(app, 417)["scan"], 1, sec_fetch_site="cross-site")
    assert counts(app, scanned(app, 417)["scan"], 1, sec_fetch_site="same-origin")


@pytest.mark.parametrize(
    "told",
    [b"", b"{", b"[]", b"\xff", b"{}", {"ticket": 1, "device": device(1)}, {"ticket": "x" * 301, "device": device(1)},
     {"ticket": "x", "device": "short"}, {"ticket": "x", "device": "G" * 32}, b'{"ticket":"' + b"x" * 5_000 + b'"}',
     b'{"ticket":"\xff\xfe","device":"' + b"a" * 32 + b'"}', b'{"x":' + b"[" * 990, {"ticket": "x", "device": "a" * 32 + "\n"},
     b'{"ticket":"\\ud800","device":"' + b"a" * 32 + b'"}'],
)  # fmt: skip
def test_what_is_no_ticket_is_not_counted(app: ASGIApp, told: object) -> None:
    assert posted(app, "/v1/spectator", told) == (200, {"counted": False})


def test_one_address_counts_a_crowd_and_not_a_flood(door: Callable[..., bool], clock: ManualClock) -> None:
    assert all(door(number, "192.0.2.1") for number in range(FROM_ONE))
    assert not door(FROM_ONE, "192.0.2.1")
    assert door(FROM_ONE, "192.0.2.2")
    clock.tick(Span(WINDOW_S * SECOND))
    assert door(FROM_ONE + 1, "192.0.2.1")


def test_those_who_come_at_the_same_moment_are_counted_as_if_one_came_after_the_other(
    opened: OpenRace, clock: ManualClock
) -> None:
    arrivals, tickets = doorkeeper(opened, clock)

    async def burst() -> list[bool]:
        coming = (arrivals.take(shows(tickets.draw("c0001"), number)) for number in range(FROM_ONE + 100))
        return [told.counted for told in await asyncio.gather(*coming)]

    assert asyncio.run(burst()).count(True) == FROM_ONE


def test_one_address_shows_tickets_in_vain_only_so_often(opened: OpenRace, clock: ManualClock) -> None:
    """What is not counted costs a write too; who comes again and again with one phone stands in nobody's way."""
    arrivals, tickets = doorkeeper(opened, clock)
    tries = FROM_ONE * TRIES_EACH

    async def burst(number: int, sender: str) -> None:
        await asyncio.gather(*(arrivals.take(shows(tickets.draw("c0001"), 1, sender)) for _ in range(number)))

    for _ in range(2 * TRIES_EACH + 4):
        asyncio.run(burst(FROM_ONE // 2, "192.0.2.1"))
    asyncio.run(burst(1, "192.0.2.2"))
    with opened.engine.connect() as connection:
        assert (
            len(list(connection.execute(select(spent_ticket).where(spent_ticket.c.until > clock.now())))) == tries + 1
        )


def test_numbers_of_what_was_not_taken_outlive_a_write_that_fails(opened: OpenRace, clock: ManualClock) -> None:
    rejections = Rejections(opened.engine, opened.settings.id)
    before, low_priority_writer = refused(opened, "robot"), LowPriorityWriter(opened.engine, pause_s=0)
    desk = SpectatorService(low_priority_writer, rejections, clock, opened.zone)

    def fail(*told: object) -> None:
        raise OSError("no room")

    event.listen(opened.engine, "commit", fail)
    desk.refuse("scan", "robot")
    low_priority_writer.put(lambda connection: None).exception(30)
    event.remove(opened.engine, "commit", fail)
    clock.tick(Span(NOTED_AFTER))
    desk.refuse("scan", "robot")
    low_priority_writer.close()
    assert refused(opened, "robot") == before + 2


NOBODY = [{"user-agent": agent} for agent in ROBOTS] + [{"purpose": "prefetch"}]
COMERS = st.tuples(st.integers(0, 4), st.sampled_from(["c0001", "c0002"]), st.sampled_from([{}, {}, *NOBODY]))


@settings(max_examples=scaled(15, 400), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(comers=st.lists(COMERS, max_size=20))
def test_only_people_and_each_of_them_once_raise_a_count(
    opened: OpenRace, door: Callable[..., bool], clock: ManualClock, comers: list[tuple[int, str, dict[str, str]]]
) -> None:
    clock.tick(Span(DAY_S * SECOND))  # a new day, on which nobody came yet
    before = sum(scans(opened).values())
    counted = [door(number, firm=firm, **headers) for number, firm, headers in comers].count(True)
    people = {(number, firm) for number, firm, headers in comers if not headers}
    assert counted == len(people) == sum(scans(opened).values()) - before


def test_a_household_with_many_addresses_is_one(door: Callable[..., bool]) -> None:
    assert all(door(number, f"2001:db8::{number:x}") for number in range(FROM_ONE))
    assert not door(FROM_ONE, "2001:db8::ffff:1")
    assert door(FROM_ONE, "2001:db8:0:1::1")


def test_what_was_not_taken_is_told_to_the_organiser(app: ASGIApp, opened: OpenRace, clock: ManualClock) -> None:
    before = refused(opened, "robot")
    for _ in range(3):
        assert not counts(app, scanned(app, 417)["scan"], 1, agent="curl/8")
    assert visits(app, 417, 1)
    assert refused(opened, "robot") == before + 3


def test_a_runner_without_a_page_is_not_linked(app: ASGIApp, opened: OpenRace, follower: BoardProjection) -> None:
    opened.log.record([ResultWithheld("e00007", "심판", "공개 동의 철회")])
    follower.refresh()
    assert set(scanned(app, 7)) == {"scan"}


def test_a_spectator_s_scan_is_no_timing_read(app: ASGIApp, opened: OpenRace) -> None:
    head = opened.log.head()
    for number in range(5):
        visits(app, 7, number)
    assert opened.log.head() == head
    assert opened.fold().facts == head.seq


def test_the_ranking_follows_within_ten_seconds_though_the_log_stands_still(
    app: ASGIApp, follower: BoardProjection, clock: ManualClock
) -> None:
    follower.refresh()
    page, head = ask(app, "/qrpr.html"), ask(app, "/head.json")
    front, table = ask(app, "/"), ask(app, f"/s/{stamp_of(head)}/participation.json")
    assert table.status_code == 200
    assert visits(app, 42, 900)
    clock.tick(Span(9 * SECOND))
    follower.refresh()
    assert ask(app, "/qrpr.html").headers["etag"] == page.headers["etag"]
    clock.tick(Span(SECOND))
    follower.refresh()
    assert ask(app, "/qrpr.html").headers["etag"] != page.headers["etag"]
    rows = {row["company_id"]: row["scans"] for row in json.loads(ask(app, "/qrpr.json").text)["rows"]}
    assert rows["c0002"] >= 1
    assert ask(app, "/").headers["etag"] == front.headers["etag"]
    assert ask(app, str(table.url).removeprefix("http://board.test")).content == table.content


def test_a_count_has_no_version_and_stands_in_nothing_that_is_kept_for_ever(app: ASGIApp) -> None:
    stamp = stamp_of(ask(app, "/head.json"))
    assert ask(app, f"/s/{stamp}/qrpr.json").status_code == 404
    assert "immutable" not in ask(app, "/qrpr.json").headers["cache-control"]
    assert "scans" not in ask(app, f"/s/{stamp}/c/c0001.json").text


def stamp_of(head: httpx2.Response) -> str:
    told = json.loads(head.text)
    return f"{told['version']}-{told['revision']}"


def test_servers_of_a_race_take_each_other_s_tickets_once(
    app: ASGIApp, opened: OpenRace, follower: BoardProjection
) -> None:
    another, ticket = board_app(opened, follower), scanned(app, 417)["scan"]
    assert [counts(another, ticket, 1), counts(app, ticket, 2), counts(another, ticket, 3)] == [True, False, False]
    assert not visits(app, 417, 1)  # the phone that the other server counted


def test_the_devices_of_yesterday_are_forgotten_and_the_board_does_not_wait_for_it(
    app: ASGIApp, opened: OpenRace, clock: ManualClock
) -> None:
    assert visits(app, 417, 1)
    today = day_of(clock.now(), opened.zone)
    with LowPriorityWriter(opened.engine, pause_s=0) as low_priority_writer:
        follower = followed(opened, print, plugs=plugged(opened, low_priority_writer))
        clock.tick(Span(DAY_S * SECOND))
        with writing(opened.engine):  # somebody else writes and writes
            follower.refresh()
    with opened.engine.connect() as connection:
        assert not list(connection.execute(select(spectator_device).where(spectator_device.c.day <= today)))


def test_neither_address_nor_device_is_kept(app: ASGIApp, opened: OpenRace) -> None:
    assert visits(app, 417, 0xC0FFEE0C0FFEE, sender="198.51.100.77")
    kept = b"".join(file.read_bytes() for file in opened.root.glob("race.db*"))
    assert b"198.51.100.77" not in kept
    assert device(0xC0FFEE0C0FFEE).encode() not in kept and bytes.fromhex(device(0xC0FFEE0C0FFEE)) not in kept


def test_the_doors_for_spectators_are_described(app: ASGIApp) -> None:
    document = json.loads(ask(app, "/openapi.json").text)
    told, schemas = document["paths"], document["components"]["schemas"]
    for path in ("/v1/spectator", "/v1/vote"):
        schema = told[path]["post"]["requestBody"]["content"]["application/json"]["schema"]
        assert "device" in schemas[schema["$ref"].rpartition("/")[2]]["properties"]
        assert told[path]["post"]["summary"]
    assert told["/qrpr.json"]["get"]["summary"]


@settings(max_examples=scaled(15, 600), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.one_of(st.text(max_size=120), st.binary(max_size=60).map(lambda told: told.hex())))
def test_no_text_of_somebody_s_own_is_a_ticket(text: str) -> None:
    assert tickets().read(text) is None


@given(at=st.integers(0, 10_000), letter=st.sampled_from("AZaz09-_"))
def test_a_ticket_with_another_letter_is_none(at: int, letter: str) -> None:
    ticket = tickets().draw("c0001")
    at %= len(ticket) - 1  # the last letter of base64 may hold bits that mean nothing
    altered = ticket[:at] + letter + ticket[at + 1 :]
    assert altered == ticket or tickets().read(altered) is None


@given(company=st.text(min_size=1, max_size=30).filter(lambda text: text.isprintable()))
def test_a_ticket_names_its_firm_whatever_the_firm_is_called(company: str) -> None:
    ticket = tickets().read(tickets().draw(company))
    assert ticket and ticket.company == company


def tickets() -> Tickets:
    return Tickets(b"k" * 32, ManualClock(GUN), seeded_bits(1))


def test_another_race_s_ticket_is_none() -> None:
    assert Tickets(b"l" * 32, ManualClock(GUN)).read(tickets().draw("c0001")) is None


def test_a_board_of_files_says_so(opened: OpenRace, door: Callable[..., bool], tmp_path: Path) -> None:
    assert door(1)
    assert marathon("board", "publish", tmp_path / "out", "--race", opened.root) == 0
    assert "landing." not in (tmp_path / "out" / "c" / "c0001.html").read_text(encoding="utf-8")
    assert json.loads((tmp_path / "out" / "qrpr.json").read_bytes())["rows"]
