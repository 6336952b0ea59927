"""The board's files: every page in both languages, no dead link, no full name, no firm that smuggles in a script."""

import csv
import io
import json
import posixpath
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from results.board.site import ROWS_ON_A_PAGE
from results.board.snapshot import Snapshot
from results.spectators.pages import HERE
from results.spectators.plug import SpectatorSection
from results.spectators.promotion import Promotion
from results.view.view import View
from results.web.templating import script_path, static_path
from tests.boards import Page, Run, names_of, net, said, text, view_of_runs, written
from tests.faults.soak import scaled
from timing.race.instants import SECOND
from timing.race.rules import GroupRule, Rules
from timing.race.teams import Team

RULES = Rules(
    ranking=(
        GroupRule("3인 단체", "company", pick=2, incomplete="last"),
        GroupRule("순위 합", "company", "sex", pick=1, by="place"),
        GroupRule("팀 2인", "team", pick=2, combine="average"),
        GroupRule("참가상", "company", combine="count"),
    )
)
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", sex="F", name="남궁하늘"),
    Run(12, None, "18:00", team="t0001", sex="M", category="40대", name="박솔잎"),
    Run(5, "0:12.5", "17:05.5", company="c0002", team="t0003", sex="M", name="이보람"),
    Run(77, "0:11", "19:00", company="c0002", sex="", name="Jane Mary Doe"),
    Run(8, "0:20", company="c0002", sex="F", name="최가온"),
    Run(3, company="c0003", name=unicodedata.normalize("NFD", "한결이")),
]
LISTS = [
    "sex/1",
    "sex/2",
    "category/1",
    "category/2",
    "category/3",
    "rankings/1",
    "rankings/2-1",
    "rankings/2-2",
    "rankings/3",
    "rankings/4",
]
LISTS += ["participation", *(f"c/c000{firm}" for firm in (1, 2, 3)), *(f"r/{run.bib}" for run in RUNS)]
PAGES = [
    "index.html",
    "companies.html",
    "teams.html",
    "missing.html",
    "missing-sent.html",
    "plots.html",
    "print.html",
    "qrpr.html",
    "vote.html",
    *(f"{one}.html" for one in LISTS),
]
FILES = [
    "404.html",
    "head.json",
    "index.json",
    "results.csv",
    "rankings.csv",
    "static/board.css",
    script_path(),
    "note.txt",
    "robots.txt",
    "qrpr.json",
    "qrpr.csv",
    "results.html",
    "screen.html",
    *(
        static_path(name)
        for name in (
            "more.css",
            "firm.css",
            "captain.css",
            "plots.css",
            "print.css",
            "screen.css",
            "screen.js",
            "announcer.css",
            "announcer.js",
        )
    ),
]
FILES += [static_path(name, HERE / "static") for name in ("qrpr.css", "qrpr.js", "device.js", "landing.js", "fans.js")]
FILES += [f"{one}{ending}" for one in ("overall", *LISTS) for ending in (".json", ".csv")]


SECTIONS = [SpectatorSection(Promotion())]


@pytest.fixture(scope="module")
def board() -> Snapshot:
    return Snapshot(view_of_runs(RUNS, RULES), sections=SECTIONS)


def test_every_view_has_a_twin_for_programs_and_one_for_spreadsheets(board: Snapshot) -> None:
    for one in ("overall", *LISTS):
        told = json.loads(text(board, f"{one}.json"))
        rows = list(csv.DictReader(io.StringIO(text(board, f"{one}.csv").removeprefix("\ufeff"))))
        assert len(rows) == len(told.get("rows", told.get("runners", [told.get("runner")])))
        assert "state" in told
    winner = json.loads(text(board, "sex/1.json"))["rows"][0]
    assert (winner["place"], winner["bib"], winner["name"], winner["time"]) == (1, 5, "이*람", "16:53")
    runner = json.loads(text(board, "r/417.json"))
    assert runner["runner"]["net_ms"] == "1013200" and runner["evidence"]["ko"][0] == "총성 14:00:00.0"


@pytest.mark.parametrize("path", ["index.html", "sex/1.html", "rankings/1.html", "c/c0001.html", "r/417.html"])
def test_a_page_leads_to_its_twins(board: Snapshot, path: str) -> None:
    links = {leads_to(path, link) for link in page(board, path).links}
    one = "overall" if path == "index.html" else path.removesuffix(".html")
    assert {f"{one}.json", f"{one}.csv"} <= links


def test_age_groups_have_their_lists_and_places(board: Snapshot) -> None:
    words = page(board, "category/2.html").words
    assert "남자 40대" in words and "박*잎" in words and "남**늘" not in words
    assert words[words.index("박*잎") - 2] == "1"


def test_how_many_of_a_firm_are_in(board: Snapshot) -> None:
    words = page(board, "participation.html").words
    at = words.index("구로소프트")
    assert words[at : at + 5] == ["구로소프트", "3", "3", "2", "66%"]


def test_a_ranking_says_what_counts_and_how_ties_break(board: Snapshot) -> None:
    assert any("앞 2명의 합, 넷타임, 같으면 같은 순위" in word for word in page(board, "companies.html").words)
    assert any("average of the first 2, net time" in word for word in page(board, "en/teams.html").words)


def test_a_page_carries_its_own_policy_and_nothing_from_elsewhere(board: Snapshot) -> None:
    for path in ("index.html", "r/417.html", "404.html"):
        (policy,) = page(board, path).all("meta", **{"http-equiv": "Content-Security-Policy"})
        assert (policy.attributes["content"] or "").startswith("default-src 'none'")
        assert not [link for link in page(board, path).links if ":" in link and link != "data:,"]


def page(board: Snapshot, path: str) -> Page:
    return Page(text(board, path))


def board_of(*runs: Run, rules: Rules | None = None) -> Snapshot:
    return Snapshot(view_of_runs(runs, rules or Rules()))


def board_of_firm(name: str, team: str = "달리는 사람들") -> Snapshot:
    """The same race with another name for the first firm and its team."""
    known = names_of(RUNS)
    known.companies["c0001"], known.teams["t0001"], known.own["t0001"] = name, team, Team(team)
    return Snapshot(view_of_runs(RUNS, RULES, known), sections=SECTIONS)


def test_the_board_holds_a_page_for_everything_in_both_languages(board: Snapshot) -> None:
    assert sorted(board.paths()) == sorted([*PAGES, *(f"en/{path}" for path in PAGES), *FILES])


@pytest.mark.parametrize("path", PAGES)
def test_a_page_in_both_languages(board: Snapshot, path: str) -> None:
    korean, english = page(board, path), page(board, f"en/{path}")
    assert (korean.language, english.language) == ("ko", "en")
    assert "잠정 기록" in korean.words and "Provisional results" in english.words
    assert not {"잠정 기록", "순위", "개인", "완주"} & set(english.words)
    assert [tag.name for tag in korean.tags] == [tag.name for tag in english.tags]


@pytest.mark.parametrize("path", PAGES)
def test_the_language_link_leads_to_the_same_page_and_back(board: Snapshot, path: str) -> None:
    (there,) = page(board, path).all("a", hreflang="en")
    (back,) = page(board, f"en/{path}").all("a", hreflang="ko")
    assert leads_to(path, there.attributes["href"] or "") == f"en/{path}"
    assert leads_to(f"en/{path}", back.attributes["href"] or "") == path


def leads_to(path: str, address: str) -> str:
    return posixpath.normpath(posixpath.join(posixpath.dirname(path), address))


def test_no_link_on_the_board_is_dead(board: Snapshot) -> None:
    known, followed = set(board.paths()), 0
    for path in board.paths():
        if not path.endswith(".html"):
            continue
        for address in page(board, path).links:
            if address not in ("data:,", "/") and not address.startswith("#"):
                assert leads_to(path, address) in known, f"{path} → {address}"
                followed += 1
    assert followed > 200


def test_every_page_can_be_reached_from_the_front_page_or_by_search(board: Snapshot) -> None:
    found = [f"c/{firm[0]}.html" for firm in json.loads(text(board, "index.json"))["companies"]]
    reached, ahead = {"index.html", *found}, ["index.html", *found]
    while ahead:
        path = ahead.pop()
        for address in page(board, path).links:
            further = leads_to(path, address)
            if further.endswith(".html") and further not in reached:
                reached.add(further)
                ahead.append(further)
    apart = {f"{language}{path}" for language in ("", "en/") for path in ("vote.html",)}  # until there is one
    apart |= {"404.html", "missing-sent.html", "en/missing-sent.html"}
    assert {path for path in board.paths() if path.endswith(".html")} == reached | apart


def test_search_leads_only_to_pages_that_are_there(board: Snapshot) -> None:
    index = json.loads(text(board, "index.json"))
    found = [f"c/{firm[0]}.html" for firm in index["companies"]] + [f"r/{one[0]}.html" for one in index["runners"]]
    assert {prefix + path for path in found for prefix in ("", "en/")} <= set(board.paths())
    assert len(found) == 3 + len(RUNS)


def test_no_full_name_is_in_any_file_of_the_board(board: Snapshot) -> None:
    for path in board.paths():
        composed = unicodedata.normalize("NFC", text(board, path))
        for run in RUNS:
            assert unicodedata.normalize("NFC", run.name) not in composed, path
            assert not [part for part in run.name.split() if part.isascii() and part in composed], path


def test_masked_names_are_on_the_pages(board: Snapshot) -> None:
    words = page(board, "index.html").words
    assert {"남**늘", "박*잎", "이*람", "J.M.D."} <= set(words)
    assert "한*이" in page(board, "c/c0003.html").words


def test_the_front_page_shows_places_times_and_counts(board: Snapshot) -> None:
    words = page(board, "index.html").words
    at = words.index("남**늘")
    assert words[at - 2 : at + 6] == ["2", "417", "남**늘", "가산정밀", "여자 30대", "17:04", "3:45", "16:54"]
    assert words[words.index("등록") : words.index("등록") + 8] == [
        "등록",
        "6",
        "출발",
        "5",
        "코스 위",
        "1",
        "완주",
        "4",
    ]


def test_each_sex_has_its_own_list_with_its_own_places(board: Snapshot) -> None:
    assert [address for address in page(board, "sex/2.html").links if "/r/" in address] == ["../r/417.html"]
    men = page(board, "sex/1.html")
    assert [address for address in men.links if "/r/" in address] == ["../r/5.html", "../r/12.html"]
    assert men.words[men.words.index("박*잎") - 2 :][:2] == ["2", "12"]


def test_a_firm_s_page_shows_its_standing_its_runners_and_who_is_still_out(board: Snapshot) -> None:
    words = page(board, "c/c0002.html").words
    assert words[words.index("구로소프트")] == "구로소프트"
    assert {"3인 단체", "참가상", "이*람", "J.M.D.", "최*온"} <= set(words)
    assert words[words.index("최*온") + 1] == "출발"


def test_a_runner_s_page_says_what_the_time_rests_on(board: Snapshot) -> None:
    seen, unseen = page(board, "r/417.html").words, page(board, "en/r/12.html").words
    assert "총성 14:00:00.0" in seen
    assert "출발 14:00:10.0 (카메라 start-1; 선이 아니라 보인 순간)" in seen
    assert "도착 14:17:03.2 (카메라 finish-1; 선이 아니라 보인 순간)" in seen
    assert "Start 14:00:00.0 (start not seen, the gun stands in)" in unseen


def test_a_scan_that_does_not_count_says_why() -> None:
    late = board_of(Run(1, "0:10", "5:00"), rules=Rules(min_finish_s=600))
    assert "finish-1 14:05:00.0 ×12: 도착하기에는 너무 일러 쓰지 않음" in page(late, "r/1.html").words
    assert "finish-1 14:05:00.0 ×12: too early to be a finish" in page(late, "en/r/1.html").words


def test_neighbours_who_only_look_equal_show_their_exact_times() -> None:
    board = board_of(net(1, 1000.001), net(2, 1000.4), net(3, 1000.4), net(4, 1010))
    smalls = page(board, "index.html").all("small")
    words = page(board, "index.html").words
    assert len(smalls) == 3
    assert {"16:40.001", "16:40.400"} <= set(words)
    assert "16:50.000" not in words


def test_two_who_share_a_place_need_no_more_figures() -> None:
    assert page(board_of(net(1, 1000.4), net(2, 1000.4)), "index.html").all("small") == []


def test_rounding_is_the_rule_s() -> None:
    assert "16:41" in page(board_of(net(1, 1000.001)), "index.html").words
    assert "16:40" in page(board_of(net(1, 1000.999), rules=Rules(rounding="down")), "index.html").words
    assert "16:40.999" in page(board_of(net(1, 1000.999), rules=Rules(rounding="none")), "index.html").words


def test_a_race_that_has_not_begun_has_a_board_that_says_so() -> None:
    empty = board_of(Run(1), rules=RULES)
    assert "아직 결승선을 통과한 사람이 없습니다." in page(empty, "index.html").words
    assert "No group ranks yet." in page(empty, "en/companies.html").words
    assert "아직 순위에 오른 곳이 없습니다." in page(Snapshot(view_of_runs([])), "teams.html").words


def test_the_front_page_ends_after_the_first_hundred_and_says_where_the_others_are() -> None:
    board = board_of(*(net(bib, 1000 + bib) for bib in range(1, ROWS_ON_A_PAGE + 2)))
    front = page(board, "index.html")
    assert len(front.all("td", **{"class": "n p"})) == ROWS_ON_A_PAGE
    (next_,) = front.all("a", rel="next")
    assert next_.attributes["href"] == "overall/2.html"
    second = page(board, "overall/2.html")
    assert [word for word in second.words if word == str(ROWS_ON_A_PAGE + 1)]
    assert len(second.all("td", **{"class": "n p"})) == 1
    assert board.get("overall/3.html") is board.get("overall/1.html") is board.get("overall/02.html") is None
    assert len(page(board, "c/c0001.html").all("td", **{"class": "n p"})) == ROWS_ON_A_PAGE + 1


HOSTILE = [
    "<script>alert(1)</script>",
    "</title><script src=//evil.test/x.js></script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "javascript:alert(1)",
    "{{ 7*7 }}{% raw %}",
    "&lt;b&gt; &amp;",
    "\u202e가산\u2066정밀",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_firm_name_is_text_and_nothing_else(name: str, board: Snapshot) -> None:
    hostile = board_of_firm(name, team=f"{name} 팀")
    for path in ("index.html", "companies.html", "teams.html", "c/c0001.html", "en/r/417.html"):
        shown = page(hostile, path)
        assert shown.tags == page(board, path).tags
        assert any(name.strip() in word for word in shown.words) or path == "teams.html"
    assert json.loads(text(hostile, "index.json"))["companies"][0][1] == name


@settings(max_examples=scaled(15, 400))
@given(st.text(st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_whatever_a_firm_is_called_the_page_keeps_its_shape(name: str) -> None:
    shown, plain = page(board_of_firm(name), "c/c0001.html"), page(board_of_firm("가산정밀"), "c/c0001.html")
    assert shown.tags == plain.tags


def test_head_is_small_and_says_where_the_log_stands(board: Snapshot) -> None:
    head = json.loads(text(board, "head.json"))
    counts = {"registered": 6, "started": 5, "on_course": 1, "finished": 4}
    assert {"version": board.version, "state": "provisional", "edition": None, "counts": counts}.items() <= head.items()
    assert (head["next_ms"], head["since"], head["changed"]) == (2_000, board.version, [])
    assert head["finishers"][0] == [77, "J.M.D.", "c0002", "18:49"]
    assert board.version > 0
    assert len(text(board, "head.json")) < 500


def test_the_search_index_holds_bib_masked_name_firm_and_time(board: Snapshot) -> None:
    index = json.loads(text(board, "index.json"))
    assert index["companies"] == [["c0001", "가산정밀", 2], ["c0002", "구로소프트", 3], ["c0003", "디지털단지상사", 1]]
    assert [417, "남**늘", 0, "16:54"] in index["runners"]
    assert [8, "최*온", 1, ""] in index["runners"]


def test_search_engines_are_sent_away(board: Snapshot) -> None:
    assert "Disallow: /" in text(board, "robots.txt")
    assert page(board, "index.html").all("meta", name="robots", content="noindex")


def test_files_on_disk_are_the_files_in_memory(board: Snapshot, tmp_path: Path) -> None:
    written(board, tmp_path / "board")
    found = {
        path.relative_to(tmp_path / "board").as_posix() for path in (tmp_path / "board").rglob("*") if path.is_file()
    }
    assert {path for path in found if not path.startswith("s/")} == {*board.paths(), "_headers"}
    for path in board.paths():
        asset = board.get(path)
        assert asset and (tmp_path / "board" / path).read_bytes() == asset.plain


def test_the_same_race_makes_the_same_board_byte_for_byte(board: Snapshot) -> None:
    again = Snapshot(view_of_runs(RUNS, RULES), sections=SECTIONS)
    assert [again.get(path) for path in again.paths()] == [board.get(path) for path in board.paths()]


def test_a_file_that_is_not_there(board: Snapshot) -> None:
    assert board.get("r/999.html") is None
    assert board.get("../race.toml") is None
    for number in ("0", "01", "999999", "1000000", "9" * 5_000, "２"):
        assert board.get(f"overall/{number}.html") is None


def view(runs: list[Run]) -> View:
    return view_of_runs(runs, RULES)


@settings(max_examples=scaled(15, 250))
@given(
    st.lists(st.tuples(st.integers(900, 930), st.sampled_from("FM"), st.sampled_from(["c0001", "c0002"])), max_size=6)
)
def test_every_page_of_any_race_renders_and_leads_somewhere(drawn: list[tuple[int, str, str]]) -> None:
    runs = [
        Run(bib, "1", said(span * SECOND), company=company, sex=sex, name="고요한")
        for bib, (span, sex, company) in enumerate(drawn, 1)
    ]
    board = Snapshot(view(runs))
    for path in board.paths():
        if path.endswith(".html"):
            found = [address for address in page(board, path).links if address not in ("data:,", "/")]
            addresses = [address for address in found if not address.startswith("#")]
            assert {leads_to(path, address) for address in addresses} <= set(board.paths())
