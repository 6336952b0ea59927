"""What `/openapi.json` says of the board: every file that there is, every door, and no address that there is not."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from results.board.page_addresses import VARIABLES
from results.board.snapshot import Snapshot
from server.board_side import board_app
from tests.boards import Run, ask, followed, race_folder, view_of_runs
from tests.contracts import Document

RUNS = [
    Run(417, "0:10", "17:00", name="김하늘", sex="F", category="30대", company="가온전자", team="가온 1"),
    Run(418, "0:11", "18:00", name="박바다", sex="M", category="40대", company="나래소프트"),
    Run(419, name="최별", sex="F", category="30대", company="가온전자"),
]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ASGIApp]:
    folder: Path = tmp_path_factory.mktemp("race") / "race"
    with race_folder(folder, RUNS) as opened:
        yield board_app(opened, followed(opened, print))


@pytest.fixture(scope="module")
def document(app: ASGIApp) -> Document:
    return Document(ask(app, "/openapi.json").json())


def data_paths() -> list[str]:
    board = Snapshot(view_of_runs(RUNS))
    return [path for path in board.paths() if path.endswith(".json")]


@pytest.mark.parametrize("path", data_paths())
def test_every_data_file_is_told_and_is_as_told(path: str, app: ASGIApp, document: Document) -> None:
    told = [one for one in document.operations if one.matches("GET", f"/{path}")]
    assert len(told) == 1
    answer = ask(app, f"/{path}")
    assert document.misfit(told[0], answer.status_code, answer.content) == ""


def test_where_there_is_no_such_file_the_refusal_is_as_told(app: ASGIApp, document: Document) -> None:
    for path in ("/r/999.json", "/c/nobody.json", "/sex/9.json", "/r/999.csv", "/rankings/77-1.json"):
        (told,) = (one for one in document.operations if one.matches("GET", path))
        answer = ask(app, path)
        assert (answer.status_code, document.misfit(told, 404, answer.content)) == (404, "")


def test_every_variable_of_an_address_is_told_with_what_it_may_be(document: Document) -> None:
    for one in document.operations:
        told = {
            parameter["name"]: parameter for parameter in one.told.get("parameters", ()) if parameter["in"] == "path"
        }
        assert {*told} == {*_braces(one.path)}, one.path
        assert all(parameter["required"] for parameter in told.values())
    assert {*VARIABLES} <= {name for one in document.operations for name in _braces(one.path)}


def test_every_reference_leads_somewhere_and_no_operation_is_told_twice(document: Document) -> None:
    schemas = document.told["components"]["schemas"]
    assert {ref.rpartition("/")[2] for ref in _references(document.told)} <= {*schemas}
    names = [one.told["operationId"] for one in document.operations]
    assert len(names) == len({*names})
    assert not [name for name in schemas if "Validation" in name]


def test_every_door_tells_its_refusals(document: Document) -> None:
    assert {"403", "413", "422", "429"} <= {*document.named("report_missing").told["responses"]}
    assert {"200", "403", "409", "429", "503"} <= {*document.named("send_certificate_form_ko").told["responses"]}
    assert {"404", "429"} <= {*document.named("get_announced").told["responses"]}


def _braces(path: str) -> list[str]:
    return [part.partition("}")[0] for part in path.split("{")[1:]]


def _references(told: Any) -> Iterator[str]:
    if isinstance(told, dict):
        if isinstance(told.get("$ref"), str):
            yield told["$ref"]
        for inner in told.values():
            yield from _references(inner)
    elif isinstance(told, list):
        for inner in told:
            yield from _references(inner)
