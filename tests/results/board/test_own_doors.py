"""Forms and private pages: sent from our own pages, asked for by our own name, and no redirect to anybody else's."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import httpx2
import pytest
from starlette.types import ASGIApp

from results.board.board_projection import following
from results.web.hosts import Hosts
from results.web.same_origin import refusal
from server.board_side import board_app
from server.intake_side import intake_app
from tests.boards import Page, Run, ask, race_folder
from timing.log.writer import Writer
from timing.people.inbox import Inbox

OURS, FOREIGN = "gv.test", "evil.example"
FORM = {"content-type": "application/x-www-form-urlencoded"}


@pytest.fixture(scope="module")
def board(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    folder: Path = tmp_path_factory.mktemp("doors") / "race"
    with race_folder(folder, [Run(417, "0:10", "17:00", name="김하늘")]) as race, following(race, print) as follower:
        yield board_app(race, follower)


def post(app: ASGIApp, path: str, **headers: str) -> httpx2.Response:
    async def sent() -> httpx2.Response:
        transport = httpx2.ASGITransport(app=app)
        async with httpx2.AsyncClient(transport=transport, base_url=f"https://{OURS}") as client:
            told = FORM | {name.replace("_", "-"): value for name, value in headers.items()}
            return await client.post(path, content=b"bib=417&text=x", headers=told)

    return asyncio.run(sent())


def doors(app: ASGIApp) -> list[str]:
    """Every address of the board that takes something."""
    paths = json.loads(ask(app, "/openapi.json").text)["paths"]
    return [path.format(bib=417, token="x") for path, ways in paths.items() if set(ways) - {"get", "head"}]


FOREIGN_FORMS: list[dict[str, str]] = [
    {"sec_fetch_site": "cross-site"},
    {"sec_fetch_site": "same-site"},
    {"sec_fetch_site": "cross-site", "origin": f"https://{OURS}"},
    {"sec_fetch_site": "nonsense"},
    {"origin": f"https://{FOREIGN}"},
    {"origin": f"https://{OURS}.{FOREIGN}"},
    {"origin": f"https://{OURS}@{FOREIGN}"},
    {"origin": f"https://{OURS}:1"},
    {"origin": "http://[::1"},
    {"origin": "about:blank"},
    {"referer": f"https://{FOREIGN}/{OURS}"},
    {"host": FOREIGN},
    {"host": FOREIGN, "sec_fetch_site": "same-origin", "origin": f"https://{FOREIGN}"},  # a name that leads here
]


@pytest.mark.parametrize("headers", FOREIGN_FORMS)
def test_no_door_takes_a_form_of_a_page_elsewhere(board: ASGIApp, headers: dict[str, str]) -> None:
    found = doors(board)
    assert {"/missing", "/certificate/417", "/en/certificate/417", "/captain/x", "/en/captain/x"} <= set(found)
    if headers.get("origin") == f"https://{OURS}:1":  # our own name at another port is no page elsewhere
        headers = {"origin": f"https://other.{OURS}"}
    statuses = {door: post(board, door, **headers).status_code for door in found}
    assert set(statuses.values()) <= {403, 421}, statuses


def test_a_form_with_an_origin_of_null_is_taken_only_where_nobody_elsewhere_knows_the_address(board: ASGIApp) -> None:
    assert post(board, "/missing", origin="null").status_code == 403
    assert post(board, "/certificate/417", origin="null").status_code == 403
    assert post(board, "/captain/x", origin="null").status_code == 422  # read, and no form of ours


@pytest.mark.parametrize(
    "headers",
    [
        {"sec_fetch_site": "same-origin", "origin": "null"},
        {"sec_fetch_site": "none"},
        {"origin": f"https://{OURS}"},
        {"origin": "https://GV.TEST"},
        {"origin": f"https://{OURS}", "host": "127.0.0.1:8000"},  # behind a proxy that writes its own name
        {"origin": "http://10.0.0.2:8000", "host": "10.0.0.2:8000"},
        {"origin": "http://[::1]:8000", "host": "[::1]:8000"},
        {"referer": f"https://{OURS}/missing.html"},
        {"host": "laptop.local"},
        {},
    ],
)
def test_our_own_forms_are_taken_over_any_of_our_names(board: ASGIApp, headers: dict[str, str]) -> None:
    assert post(board, "/missing", **headers).status_code in (303, 429)


def test_public_forms_have_browsers_say_where_they_come_from_and_private_pages_nothing(board: ASGIApp) -> None:
    def policy(path: str) -> str | None:
        (found,) = Page(ask(board, path).text).all("meta", name="referrer")
        return found.attributes["content"]

    assert policy("/missing.html") == policy("/certificate/417") == "same-origin"
    assert policy("/index.html") == "no-referrer"


@pytest.mark.parametrize("path", ["/captain/x", "/en/captain/x", "/announcer/x", "/announcer/x/now.json"])
def test_private_pages_are_shown_under_our_own_names_alone(board: ASGIApp, path: str) -> None:
    for host in (FOREIGN, f"{OURS}.{FOREIGN}", f"127.0.0.1.{FOREIGN}", f"{FOREIGN}:8000"):
        assert ask(board, path, host=host).status_code == 421
    for host in (OURS, "GV.TEST:443", "127.0.0.1:8000", "[::1]", "localhost:8000", ""):
        assert ask(board, path, host=host).status_code in (404, 429)


def test_a_request_without_a_host_is_a_program_of_old(board: ASGIApp) -> None:
    assert refusal("GET", "/captain/x", {}, Hosts([OURS])) is None


def test_the_public_board_is_shown_under_any_name(board: ASGIApp) -> None:
    assert ask(board, "/", host=FOREIGN).status_code == 200


@pytest.mark.parametrize(
    "path", ["/captain/x/", "/missing/", "/certificate/417/", "/v1/live/", "/announcer/x/", "/en/"]
)
def test_no_address_leads_to_a_host_that_the_request_names(board: ASGIApp, path: str) -> None:
    answer = ask(board, path, host=FOREIGN)
    assert FOREIGN not in str(answer.headers) and answer.status_code in (200, 404, 421)


@pytest.mark.parametrize("path", ["/v1/roster/", "/v1/stations/"])
def test_nor_do_the_stations_addresses(tmp_path: Path, path: str) -> None:
    with race_folder(tmp_path / "race", []) as race, following(race, print) as follower, Writer(race.log) as writer:
        answer = ask(intake_app(race, follower.feed, writer), path, host=FOREIGN)
    assert answer.status_code == 404 and "location" not in answer.headers


def test_a_foreign_page_uses_up_nothing(tmp_path: Path) -> None:
    with race_folder(tmp_path / "race", []) as race, following(race, print) as follower:
        app = board_app(race, follower)
        for _ in range(20):
            post(app, "/missing", sec_fetch_site="cross-site")
        assert post(app, "/missing", sec_fetch_site="same-origin").status_code == 303
        assert Inbox(race.engine, race.settings.id).open() == 1
