"""A station written from `/v1/openapi.json` alone: it knows its enrolment, that document, and nothing else of ours."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import httpx2
import pytest

from tests.boards import PATIENCE_S, Run, race_folder, wait_until
from tests.builders import GUN
from tests.contracts import Document
from tests.intakes import race_server
from timing.folder import OpenRace, open_race
from timing.stations.enrolment import Enrolment, enrolment_text

TOKEN = "7" * 64
MINUTE = 60_000_000
LINEAGE = "c0ffee" + "0" * 26


class Foreign:
    """Somebody else's station. Every body is made, and every answer read, as the document says."""

    def __init__(self, enrolment: str) -> None:
        scheme, _, query = enrolment.partition(":")
        assert scheme == "marathon-station"
        told = {key: values[0] for key, values in parse_qs(query).items()}
        self.name, self._server, self._token = told["name"], told["server"], told["token"]
        self.document = Document(httpx2.get(f"{self._server}/v1/openapi.json", timeout=PATIENCE_S, verify=False).json())
        self._sent, self._head = 0, ""

    def ask(self, operation_id: str, body: object = None, **where: object) -> tuple[int, Any]:
        """What is answered in the end: a busy server's 503 asks to come again."""
        answers = list[tuple[int, Any]]()

        def answered() -> bool:
            answers.append(self._asked(operation_id, body, where))
            return answers[-1][0] != 503

        wait_until(answered)
        return answers[-1]

    def _asked(self, operation_id: str, body: object, where: Mapping[str, object]) -> tuple[int, Any]:
        operation = self.document.named(operation_id)
        if body is not None:
            assert self.document.wrong(body, self.document.body_schema(operation)) == ""
        answer = httpx2.request(
            operation.method,
            self._server + operation.path.format(**where),
            headers=self._secret(operation.told["security"]),
            timeout=PATIENCE_S,
            verify=False,
            content=json.dumps(body) if body is not None else None,
        )
        assert self.document.misfit(operation, answer.status_code, answer.content) == ""
        return answer.status_code, answer.json() if answer.content else None

    def _secret(self, security: list[dict[str, Any]]) -> dict[str, str]:
        ((name, _),) = security[0].items()
        scheme = self.document.told["components"]["securitySchemes"][name]
        assert (scheme["type"], scheme["scheme"]) == ("http", "bearer")
        return {"Authorization": f"Bearer {self._token}"}

    def fact(self, kind: str, **fields: object) -> dict[str, object]:
        """A fact of a kind, with the word by which the document tells it from others."""
        schema = self.document.told["components"]["schemas"][kind]
        (tag,) = schema["properties"]["event"]["enum"]
        return {"event": tag, **fields}

    def send(self, *facts: dict[str, object]) -> dict[str, Any]:
        body = {"first": self._sent + 1, "prev_hash": self._head, "items": list(facts)}
        status, answer = self.ask("send_batch", body, lineage=LINEAGE)
        assert status == 200
        self._sent, self._head = answer["acked"], answer["head_hash"]
        return dict(answer)

    def beat(self) -> dict[str, Any]:
        vitals = {"seq": self._sent, "hash": self._head, "unsent": 0, "fps": 30.0, "drops": 0}
        status, answer = self.ask(
            "send_heartbeat", {**vitals, "disk_free": 10**11, "wall_moved": 0}, lineage=LINEAGE
        )  # fmt: skip
        assert status == 200
        return dict(answer)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    race_folder(tmp_path / "race", [Run(417, "0:10", name="김하늘"), Run(418, "0:11", name="박바다")]).close()
    with open_race(tmp_path / "race") as race:
        race.directory.enrol("film-desk", TOKEN)
        yield race


@pytest.fixture
def address(opened: OpenRace) -> Iterator[str]:
    with race_server(opened) as at:
        wait_until(lambda: httpx2.get(f"{at}/head.json", timeout=PATIENCE_S, verify=False).status_code == 200)
        yield at


@pytest.fixture
def foreign(address: str) -> Foreign:
    return Foreign(enrolment_text(Enrolment(address, "film-desk", TOKEN)))


def test_a_station_written_from_the_document_alone_has_its_scan_in_the_results(foreign: Foreign, address: str) -> None:
    _, roster = foreign.ask("get_roster")
    code = next(code for code, bib in roster["bibs"].items() if bib == 417)
    seen = GUN + 21 * MINUTE
    foreign.send(foreign.fact("StationOpened", station=foreign.name, point="finish", at=seen - MINUTE))
    foreign.send(
        foreign.fact("Scanned", source="qr", code=code, first_at=seen, last_at=seen + 400_000, sightings=9, frame=4),
        foreign.fact("StationClosed", at=seen + MINUTE),
    )
    schema = foreign.document.body_schema(foreign.document.named("send_batch"))
    assert foreign.document.wrong({"first": 1, "prev_hash": "", "items": [[None]]}, schema)
    beat = foreign.beat()
    assert beat["received"] <= beat["sent"]
    wait_until(lambda: runner(address, 417)["runner"]["status"] == "finished")
    assert runner(address, 417)["runner"]["time"] == "20:50"
    _, listed = foreign.ask("list_stations")
    assert [(one["heard"]["station"], one["received"]) for one in listed["stations"]] == [("film-desk", 3)]


def test_what_is_wrong_is_told_in_the_document_s_own_words(foreign: Foreign) -> None:
    status, told = foreign.ask("get_roster")
    foreign.send(foreign.fact("StationOpened", station=foreign.name, point="finish", at=GUN))
    another = [foreign.fact("StationOpened", station="finish-1", point="finish", at=GUN)]
    status, told = foreign.ask("send_batch", {"first": 1, "prev_hash": "", "items": another}, lineage="d" * 32)
    assert (status, "another name" in told["english"]) == (403, True)
    gap = [foreign.fact("StationClosed", at=GUN)]
    status, told = foreign.ask("send_batch", {"first": 9, "prev_hash": "ab" * 32, "items": gap}, lineage=LINEAGE)
    assert (status, told["outcome"], told["acked"]) == (409, "gap", 1)
    status, told = foreign.ask("send_batch", {"first": 1, "prev_hash": "", "items": gap}, lineage="no-lineage")
    assert (status, "lineage" in told["english"]) == (400, True)


def runner(address: str, bib: int) -> dict[str, Any]:
    """What the board's own document promises of a runner."""
    document = Document(httpx2.get(f"{address}/openapi.json", timeout=PATIENCE_S, verify=False).json())
    (operation,) = (one for one in document.operations if one.path == "/r/{bib}.json")
    answer = httpx2.get(f"{address}/r/{bib}.json", timeout=PATIENCE_S, verify=False)
    assert document.misfit(operation, answer.status_code, answer.content) == ""
    return dict(answer.json())
