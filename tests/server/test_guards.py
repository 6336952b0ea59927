"""Whatever answers over the web, and whatever it answers, bears the same security headers."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from results.board.board_projection import following
from results.web.standby import plain
from scanners.operator.operator_page import operator_page
from server.board_side import board_app
from server.intake_side import intake_app
from server.race_server import apart
from tests.boards import Run, ask, race_folder
from tests.operators import Stand
from timing.log.writer import Writer

GUARDS = {"x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-robots-tag": "noindex"}
RUNS = [Run(417, "0:10", "17:00", name="김하늘")]
PAGES = ["/", "/head.json", "/lost.html", "/b/XXX", "/certificate/417"]
PRIVATE = ["/captain/nobody", "/announcer/nobody", "/openapi.json", "/certificate/many"]
INTAKE = ["/v1/roster", "/v1/openapi.json", "/v1/lineages/nothing"]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    folder: Path = tmp_path_factory.mktemp("guards") / "race"
    with race_folder(folder, RUNS) as race, following(race, print) as follower, Writer(race.log) as writer:
        yield apart(intake_app(race, follower.feed, writer), board_app(race, follower))


@pytest.mark.parametrize("path", [*PAGES, *PRIVATE, *INTAKE])
def test_board_private_pages_and_intake_guard_every_answer(server: ASGIApp, path: str) -> None:
    held_guarded(server, path)


def test_the_page_that_stands_for_a_broken_board_is_guarded() -> None:
    held_guarded(plain, "/")


@pytest.mark.parametrize("path", ["/", "/state.json", "/nothing", "/picture/999.jpg"])
def test_the_operator_s_page_is_guarded(path: str) -> None:
    held_guarded(operator_page(Stand().view, "5" * 64), path, host="127.0.0.1")
    held_guarded(operator_page(Stand().view, "5" * 64), path, host="evil.example")


def held_guarded(app: ASGIApp, path: str, **headers: str) -> None:
    answer = ask(app, path, **headers)
    policies = answer.headers.get_list("content-security-policy")
    assert len(policies) == 1 and "frame-ancestors 'none'" in policies[0], (answer.status_code, policies)
    assert {name: answer.headers.get_list(name) for name in GUARDS} == {name: [told] for name, told in GUARDS.items()}
