"""The operator's page is for this machine alone: no page from elsewhere reads it or presses its keys."""

import re

import pytest
from starlette.testclient import TestClient

from scanners.operator.operator_html import SCRIPT_TEXTS
from scanners.operator.operator_page import BODY_MOST, operator_page
from tests.builders import GUN, code_of
from tests.operators import Stand, scanned, seen, wall
from timing.language import Language
from timing.race.events import Scanned, TapNamed

TOKEN = "5" * 64
HERE = "http://127.0.0.1:8010"


@pytest.fixture
def stand() -> Stand:
    return Stand()


@pytest.fixture
def page(stand: Stand) -> TestClient:
    return TestClient(operator_page(stand.view, TOKEN), base_url=HERE)


def test_the_page_brings_its_own_script_and_style_and_nothing_from_elsewhere(page: TestClient) -> None:
    html = page.get("/").text
    wanted = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert wanted == ["data:,", "operator.css", "operator.js", "?lang=en"]
    for name in ("operator.css", "operator.js"):
        answered = page.get(f"/{name}")
        assert answered.status_code == 200
        assert "http" not in answered.text.replace("http://www.w3.org/2000/svg", "")
    assert page.get("/page.py").status_code == page.get("/..%2Fpage.py").status_code == 404


@pytest.mark.parametrize("language", ["ko", "en"])
def test_the_script_can_fill_in_each_of_its_texts(language: Language) -> None:
    """It knows plain {parameters}: the catalogue's particles are for sentences that the server says."""
    for text in SCRIPT_TEXTS.values():
        assert not re.search(r"\{\w*[^\w}]", text.to(language))


def test_every_answer_forbids_what_is_foreign(page: TestClient) -> None:
    for path in ("/", "/state.json", "/operator.js", "/nothing"):
        headers = page.get(path).headers
        assert headers["content-security-policy"].startswith("default-src 'none'")
        assert headers["cross-origin-resource-policy"] == "same-origin"
        assert "access-control-allow-origin" not in headers


def test_the_state_tells_what_is_kept(page: TestClient, stand: Stand) -> None:
    stand.sees(wall(417))
    stand.keeps(scanned(417, GUN))
    told = page.get("/state.json").json()
    assert told["station"]["name"] == "finish-1"
    assert [(line["bib"], line["firm"]) for line in told["scans"]] == [(417, "한빛테크")]
    assert page.get(f"/picture/{told['picture']}.jpg").headers["content-type"] == "image/jpeg"
    assert page.get("/picture/999.jpg").status_code == 404


def test_a_tap_its_name_and_a_typed_bib_are_in_the_outbox_when_the_page_hears(page: TestClient, stand: Stand) -> None:
    token = {"x-token": TOKEN}
    tap = page.post("/tap", json={"ago_ms": 0}, headers=token).json()["seq"]
    assert page.post("/bib", json={"bib": 417, "ago_ms": 0, "tap": tap}, headers=token).status_code == 200
    assert page.post("/bib", json={"bib": 418, "ago_ms": 0, "tap": None}, headers=token).status_code == 200
    assert stand.facts == [
        Scanned("tap", "", GUN, GUN),
        TapNamed(tap, code_of(417)),
        Scanned("typed", code_of(418), GUN, GUN),
    ]


def test_a_refusal_says_why_in_both_languages(page: TestClient, stand: Stand) -> None:
    answered = page.post("/bib", json={"bib": 999, "ago_ms": 0}, headers={"x-token": TOKEN})
    assert answered.status_code == 409
    assert "명단에 없는 배번" in answered.json()["korean"]
    assert "not in the roster" in answered.json()["english"]
    assert stand.facts == []


@pytest.mark.parametrize("headers", [{}, {"x-token": "4" * 64}, {"origin": "https://elsewhere.test"}])
@pytest.mark.parametrize("path", ["/tap", "/bib", "/here"])
def test_an_order_without_the_page_s_token_is_not_obeyed(
    page: TestClient, stand: Stand, path: str, headers: dict[str, str]
) -> None:
    assert page.post(path, json={"bib": 417, "ago_ms": 0}, headers=headers).status_code == 403
    assert stand.facts == []


@pytest.mark.parametrize("host", ["elsewhere.test", "127.0.0.1.elsewhere.test:8010", "192.0.2.7:8010", ""])
def test_whoever_comes_by_another_name_sees_nothing(page: TestClient, host: str) -> None:
    """A name elsewhere that was pointed to this machine would make a foreign page ours."""
    answered = page.get("/", headers={"host": host})
    assert answered.status_code == 403
    assert TOKEN not in answered.text
    assert page.get("/", headers={"host": "localhost:8010"}).status_code == 200


@pytest.mark.parametrize("body", [b"", b"[]", b'{"ago_ms": -5}', b'{"ago_ms": "x"}', b"\xff", b"[" * 900])
def test_rubbish_is_refused(page: TestClient, stand: Stand, body: bytes) -> None:
    assert page.post("/tap", content=body, headers={"x-token": TOKEN}).status_code == 400
    assert page.post("/bib", content=body, headers={"x-token": TOKEN}).status_code == 400
    assert page.post("/tap", content=b" " * (BODY_MOST + 1), headers={"x-token": TOKEN}).status_code == 413
    assert stand.facts == []


def test_the_line_is_set_and_taken_back_by_the_page_alone(page: TestClient, stand: Stand) -> None:
    token = {"x-token": TOKEN}
    refused = page.post("/line", json={}, headers=token)
    assert refused.status_code == 409 and "hold a bib over the line" in refused.json()["english"]
    stand.watches(wall(417), 1.2, [seen(417)])
    assert page.post("/line", json={}).status_code == 403
    assert page.post("/line", json={}, headers=token).status_code == 200
    assert page.get("/state.json").json()["line"]["px"] == 100
    assert page.post("/line", json={"undo": True}, headers=token).status_code == 200
    assert page.post("/line", json={"undo": True}, headers=token).status_code == 409
    assert page.get("/state.json").json()["line"]["px"] is None
