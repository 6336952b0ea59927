"""The board as the web sees it: cached, compressed, guarded, and never in the way of the stations."""

import json

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from results.board.board_app import Board
from results.board.snapshot import Snapshot
from results.web.templating import script_path
from tests.boards import Page, Run, ask, net, race_of, view_of_runs
from tests.builders import code_of
from timing.race.codes import printed

RUNS = [
    net(417, 1013, company="c0002", name="김하늘"),
    *(net(bib, 1020 + bib, name="이보람") for bib in range(1, 30)),
]


async def behind(scope: Scope, receive: Receive, send: Send) -> None:
    """Whatever stands behind the board: here it says what reached it."""
    await PlainTextResponse(f"{scope['method']} {scope['path']}", 404)(scope, receive, send)


def board_of(runs: list[Run]) -> ASGIApp:
    snapshot, race = Snapshot(view_of_runs(runs)), race_of(runs)

    def firm_of(code: str) -> str | None:
        holder = race.holder(code)
        return holder.company if holder else None

    return Board(lambda: snapshot, firm_of, behind, at={snapshot.view.stamp: snapshot}.get)


@pytest.fixture(scope="module")
def board() -> ASGIApp:
    return board_of(RUNS)


def test_the_front_page(board: ASGIApp) -> None:
    answer = ask(board, "/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert "김*늘" in answer.text
    assert ask(board, "/index.html").content == answer.content
    assert ask(board, "/en/").content == ask(board, "/en/index.html").content != answer.content


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/head.json", "application/json"),
        ("/results.csv", "text/csv; charset=utf-8"),
        ("/static/board.css", "text/css; charset=utf-8"),
        (f"/{script_path()}", "text/javascript; charset=utf-8"),
        ("/overall.csv", "text/csv; charset=utf-8"),
        ("/robots.txt", "text/plain; charset=utf-8"),
    ],
)
def test_every_file_says_what_it_is(board: ASGIApp, path: str, kind: str) -> None:
    answer = ask(board, path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize("path", ["/", "/index.json", "/results.csv", f"/{script_path()}", "/r/417.html"])
@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br", "br"), ("gzip", "gzip"), ("gzip, deflate, br, zstd", "br"), ("identity", None), ("deflate", None)],
)
def test_compressed_or_not_it_is_the_same_file(board: ASGIApp, path: str, accepted: str, encoding: str | None) -> None:
    plain, answer = ask(board, path, accept_encoding="identity"), ask(board, path, accept_encoding=accepted)
    assert answer.headers.get("content-encoding") == encoding
    assert answer.content == plain.content
    assert answer.headers["vary"] == "accept-encoding"
    if encoding and len(plain.content) > 500:
        assert int(answer.headers["content-length"]) < len(plain.content)


def test_who_has_the_file_already_is_told_so(board: ASGIApp) -> None:
    tag = ask(board, "/").headers["etag"]
    for seen in (tag, f'"old", {tag}', f"W/{tag}"):
        again = ask(board, "/", if_none_match=seen)
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
    assert ask(board, "/", if_none_match='"old"').status_code == 200


def test_one_more_finisher_changes_the_tag_of_what_shows_them_and_of_nothing_else() -> None:
    before, after = board_of(RUNS[:5]), board_of([*RUNS[:5], Run(99, company="c0003")])

    def changed(path: str) -> bool:
        return ask(before, path).headers["etag"] != ask(after, path).headers["etag"]

    assert changed("/") and changed("/head.json") and changed("/index.json")
    assert not changed(f"/{script_path()}") and not changed("/robots.txt")
    assert not changed("/r/1.html") and not changed("/c/c0001.html") and not changed("/r/1.json")


def test_each_encoding_has_a_tag_of_its_own(board: ASGIApp) -> None:
    tags = {way: ask(board, "/", accept_encoding=way).headers["etag"] for way in ("identity", "gzip", "br")}
    assert len(set(tags.values())) == 3
    for way, tag in tags.items():
        assert ask(board, "/", accept_encoding=way, if_none_match=tag).status_code == 304
        others = ", ".join(other for other in tags.values() if other != tag)
        assert ask(board, "/", accept_encoding=way, if_none_match=others).status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("br;q=0, gzip", "gzip"), ("br;q=0", None), ("GZIP", "gzip"), ("br;q=x", None), ("", None)],
)
def test_an_encoding_that_the_viewer_refuses_is_not_sent(board: ASGIApp, accepted: str, encoding: str | None) -> None:
    assert ask(board, "/", accept_encoding=accepted).headers.get("content-encoding") == encoding


def test_what_bears_names_is_kept_for_minutes_and_what_bears_none_for_ever(board: ASGIApp) -> None:
    head = json.loads(ask(board, "/head.json").text)
    kept = ask(board, f"/s/{head['version']}-{head['revision']}/overall.json")
    assert kept.content == ask(board, "/overall.json").content
    nameless = ask(board, f"/s/{head['version']}-{head['revision']}/participation.json")
    assert "immutable" in nameless.headers["cache-control"]
    assert "immutable" in ask(board, f"/{script_path()}").headers["cache-control"]
    assert "immutable" not in ask(board, "/overall.json").headers["cache-control"]


CACHED_MOST_S = {"max-age": 300, "stale-while-revalidate": 60, "stale-if-error": 3_600}


def test_nothing_with_a_name_stays_in_a_cache_for_longer_than_we_say(board: ASGIApp) -> None:
    head = json.loads(ask(board, "/head.json").text)
    stamp = f"s/{head['version']}-{head['revision']}"
    pages = [
        "",
        "index.html",
        "en/index.html",
        "head.json",
        "overall.json",
        "overall.csv",
        "r/417.html",
        "r/417.json",
        "c/c0001.html",
    ]
    named = [
        *pages,
        *(f"{stamp}/{table}.json" for table in ("index", "overall", "sex/1", "category/1", "r/417", "c/c0001")),
    ]
    for path in named:
        answer = ask(board, f"/{path}")
        told = dict(part.strip().partition("=")[::2] for part in answer.headers["cache-control"].split(","))
        assert answer.status_code == 200 and "immutable" not in told, path
        assert all(int(told[key]) <= most for key, most in CACHED_MOST_S.items() if key in told), path


@pytest.mark.parametrize("path", ["s/1/index.json", "s/x/index.json", "s//index.json", "s/²/index.json", "s/", "s/62/"])
def test_a_version_that_is_gone_is_not_there(board: ASGIApp, path: str) -> None:
    assert ask(board, f"/{path}").status_code == 404


def test_a_person_who_is_lost_gets_a_page_in_both_languages_and_a_program_does_not(board: ASGIApp) -> None:
    person = ask(board, "/r/999.html", accept="text/html,*/*")
    assert person.status_code == 404
    assert "찾는 페이지가 없습니다" in person.text and "There is no such page" in person.text
    assert ask(board, "/r/999.html", "HEAD", accept="text/html").content == b""
    assert ask(board, "/r/999.json", accept="application/json").text.startswith("GET /")


def test_a_head_request_has_the_headers_and_no_body(board: ASGIApp) -> None:
    asked, got = ask(board, "/", "HEAD", accept_encoding="br"), ask(board, "/", accept_encoding="br")
    assert (asked.status_code, asked.content) == (200, b"")
    assert asked.headers == got.headers


@pytest.mark.parametrize("path", ["/", "/r/417.html", "/head.json", f"/B/{code_of(417)}"])
def test_every_answer_is_guarded(board: ASGIApp, path: str) -> None:
    headers = ask(board, path).headers
    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy and "script-src 'self'" in policy
    assert "unsafe" not in policy and "http" not in policy
    assert headers["referrer-policy"] == "no-referrer"
    assert "set-cookie" not in headers


@pytest.mark.parametrize(
    "path", ["/nowhere.html", "/r/999.html", "/c/", "/v1/roster", "/../race.toml", "/static/", "/en"]
)
def test_what_the_board_does_not_know_is_for_the_app_behind(board: ASGIApp, path: str) -> None:
    answer = ask(board, path)
    assert answer.status_code == 404
    assert answer.text.startswith("GET /")


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "OPTIONS"])
@pytest.mark.parametrize("path", ["/", "/head.json", "/v1/lineages/0/batch", f"/B/{code_of(417)}"])
def test_the_board_never_swallows_what_a_station_sends(board: ASGIApp, method: str, path: str) -> None:
    assert ask(board, path, method).text == f"{method} {path}"


@pytest.mark.parametrize(
    "code", [code_of(417), code_of(417).lower(), printed(code_of(417)), printed(code_of(417)).lower()]
)
@pytest.mark.parametrize("way", ["/B/", "/b/"])
def test_a_phone_that_scans_a_bib_lands_on_the_firm_s_page(board: ASGIApp, way: str, code: str) -> None:
    answer = ask(board, way + code)
    assert (answer.status_code, answer.headers["location"]) == (302, "/c/c0002.html")
    assert answer.headers["cache-control"] == "no-store"
    assert ask(board, answer.headers["location"]).status_code == 200


def test_who_types_the_letter_o_means_the_figure_nought() -> None:
    bib = next(bib for bib in range(1, 500) if {"0", "1"} <= set(code_of(bib)))
    typed = code_of(bib).replace("0", "o").replace("1", "l")
    assert typed != code_of(bib)
    answer = ask(board_of([net(bib, 1000, company="c0003")]), f"/B/{typed}")
    assert answer.headers["location"] == "/c/c0003.html"


@pytest.mark.parametrize(
    "code", ["", code_of(999), "7K3MXQ2WAB0", "<script>", "../../r/417.html", "%0d%0aset-cookie:a=b"]
)
def test_a_code_of_nobody_says_so_and_leads_to_the_search_and_the_firms(board: ASGIApp, code: str) -> None:
    answer = ask(board, f"/B/{code}" if "/" not in code else f"/B/x/{code[6:]}")
    page = Page(answer.text)
    assert (answer.status_code, answer.headers["cache-control"]) == (404, "no-store")
    assert {"아직 누구의 것도 아닌 QR입니다", "This QR is not (yet) anybody's"} <= set(page.words)
    assert [link for link in page.links if link.startswith("/")] == ["/#q", "/participation.html"]
    assert "set-cookie" not in answer.headers and "<script>" not in answer.text


def test_the_code_of_somebody_without_a_firm_leads_to_the_front_page() -> None:
    answer = ask(board_of([net(5, 1000, company="")]), f"/B/{code_of(5)}")
    assert (answer.status_code, answer.headers["location"]) == (302, "/")


def test_the_one_file_of_all_results_may_use_its_own_style(board: ASGIApp) -> None:
    answer = ask(board, "/results.html")
    (own,) = Page(answer.text).all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert answer.headers["content-security-policy"] == f"{own.attributes['content']}; frame-ancestors 'none'"
    assert answer.headers["content-security-policy"] != ask(board, "/").headers["content-security-policy"]


def test_scanning_a_bib_with_a_phone_is_no_timing_read(board: ASGIApp) -> None:
    before = json.loads(ask(board, "/head.json").text)
    ask(board, f"/B/{code_of(417)}")
    assert json.loads(ask(board, "/head.json").text) == before
