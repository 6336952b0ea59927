"""The vote on the firms' designs: a device votes once, counts are shown when it is over, and stuffing is bounded and told."""

import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from starlette.types import ASGIApp

from results.board.board_projection import BoardProjection
from results.spectators.ballots import Ballots
from results.spectators.scans import Rejections, ScanStore, SpectatorScan
from results.spectators.votes import FROM_NETWORK, FROM_ONE
from server.board_side import board_app
from tests.boards import Page, Run, ask, followed, race_folder
from tests.clock_and_chance import ManualClock
from tests.spectators import ROBOTS, device, drawing, plugged, posted
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.race.events import CompaniesMerged
from timing.race.firms import Design, FirmCard
from timing.race.instants import SECOND, Instant, Span
from timing.store.database import writing
from timing.store.low_priority_writer import LowPriorityWriter

RUNS = [Run(417, "0:10", "17:03", name="김하늘"), Run(42, "0:11", company="c0002"), Run(7, company="c0003")]
HOSTILE_NAMES = [
    "<script>alert(1)</script>",
    "</title><img src=x onerror=alert(1)>",
    "‮gnp.exe\u202e",
    '"onmouseover="alert(1)',
    '=HYPERLINK("http://x")',
    "가" * 10_000,
    "{{ 7*7 }}{% raw %}",
    "javascript:alert(1)",
]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    """Two of three firms have a design of their own."""
    with race_folder(tmp_path / "race", RUNS) as made:
        for company, colour in (("c0001", "#0B4F8A"), ("c0002", "#14532D")):
            made.directory.keep_card(FirmCard(company, design=Design(colour=colour, shape="rounded")))
        yield made


@pytest.fixture
def follower(opened: OpenRace) -> Iterator[BoardProjection]:
    with LowPriorityWriter(opened.engine, pause_s=0) as low_priority_writer:
        yield followed(opened, print, draw=drawing, plugs=plugged(opened, low_priority_writer))


@pytest.fixture
def app(opened: OpenRace, follower: BoardProjection) -> ASGIApp:
    return board_app(opened, follower)


def opens(opened: OpenRace, *more: str) -> int:
    return marathon("vote", "open", *more, "--race", opened.root)


def closes(opened: OpenRace) -> int:
    return marathon("vote", "close", "--race", opened.root)


def ballots(opened: OpenRace) -> Ballots:
    return Ballots(opened.engine, opened.settings.id)


def a_while_later(opened: OpenRace, follower: BoardProjection) -> None:
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(11 * SECOND))
    follower.refresh()


def votes(app: ASGIApp, number: int, company: object = "c0001", **about: str) -> tuple[int, str]:
    status, told = posted(app, "/v1/vote", {"company": company, "device": device(number)}, **about)
    return status, told["outcome"]


def test_a_firm_s_page_and_the_home_page_lead_to_a_vote_while_it_is_open(opened: OpenRace) -> None:
    def leads() -> list[bool]:
        board = followed(opened, print, plugs=plugged(opened)).snapshot
        pages = [board.get(path) for path in ("c/c0001.html", "en/c/c0001.html", "index.html")]
        return [any(link.endswith("vote.html") for link in Page(page.plain.decode()).links) for page in pages if page]

    assert leads() == [False] * 3
    assert opens(opened) == 0 and leads() == [True] * 3
    assert closes(opened) == 0 and leads() == [False] * 3


def test_a_copy_where_nobody_takes_votes_names_the_board_that_does(opened: OpenRace) -> None:
    assert opens(opened) == 0
    copied = followed(opened, print, takes_messages=False, plugs=plugged(opened)).snapshot
    for path in ("vote.html", "en/vote.html"):
        page = copied.get(path)
        assert page and f"https://gv.test/{path}" in page.plain.decode()
        served = followed(opened, print, plugs=plugged(opened)).snapshot.get(path)
        assert served and "https://gv.test" not in served.plain.decode()


def test_only_firms_with_a_design_of_their_own_are_voted_on(
    opened: OpenRace, follower: BoardProjection, app: ASGIApp, capsys: pytest.CaptureFixture[str]
) -> None:
    assert opens(opened) == 0
    a_while_later(opened, follower)
    page = Page(ask(app, "/vote.html").text)
    assert [one.attributes["src"] for one in page.all("img")] == ["vote/c0001.svg", "vote/c0002.svg"]
    drawn = ask(app, "/vote/c0001.svg")
    assert drawn.headers["content-type"] == "image/svg+xml" and "#0B4F8A" in drawn.text
    assert drawn.headers["x-content-type-options"] == "nosniff"
    for path in ("vote/c0003.svg", "vote/../race.toml", "vote/%2e%2e/race.db", "vote/"):
        assert ask(app, f"/{path}").status_code == 404
    for company in ("c0001", "c0002"):
        opened.directory.keep_card(FirmCard(company))
    assert opens(opened) == 1
    assert "자체 QR 디자인이 있는 소속이 없습니다" in capsys.readouterr().err


def test_a_design_is_voted_on_also_where_nothing_can_be_drawn(opened: OpenRace) -> None:
    opens(opened)
    board = followed(opened, print, plugs=plugged(opened)).snapshot
    page, drawn = board.get("vote.html"), board.get("vote/c0001.svg")
    assert page and "가산정밀" in Page(page.plain.decode()).words
    assert drawn and drawn.plain.startswith(b"<svg") and b"path" not in drawn.plain


def test_a_firm_that_became_part_of_another_bears_that_one_s_name(
    opened: OpenRace, follower: BoardProjection, app: ASGIApp
) -> None:
    opens(opened)
    opened.log.record([CompaniesMerged("c0002", "c0001", "desk", "같은 회사")])
    a_while_later(opened, follower)
    page = Page(ask(app, "/vote.html").text)
    assert "가산정밀" in page.words and "구로소프트" not in page.words
    assert "가산정밀" in Page(ask(app, "/c/c0002.html").text).words


def test_a_device_votes_once_and_may_change_its_mind(opened: OpenRace, app: ASGIApp) -> None:
    assert votes(app, 1) == (409, "closed")
    assert opens(opened) == 0
    assert [votes(app, 1), votes(app, 2), votes(app, 1, "c0002"), votes(app, 1, "c0002")] == [(200, "taken")] * 4
    assert ballots(opened).counts() == {"c0001": 1, "c0002": 1}
    assert votes(app, 1, "c0009") == (404, "unknown")
    assert closes(opened) == 0
    assert votes(app, 3) == (409, "closed")
    assert closes(opened) == 1


@pytest.mark.parametrize("company", [1, None, "", -1, 1.5, "c" * 81, ["c0001"]])
def test_nonsense_is_no_vote(opened: OpenRace, app: ASGIApp, company: object) -> None:
    opens(opened)
    assert votes(app, 1, company) == (422, "refused")
    assert votes(app, 1, agent=ROBOTS[1]) == (422, "refused")
    vote = {"company": "c0001", "device": device(1)}
    assert posted(app, "/v1/vote", vote, sec_fetch_site="cross-site")[0] == 403
    two_lines = {"company": "c0001", "device": device(1) + "\n"}
    assert posted(app, "/v1/vote", two_lines)[0] == 422
    assert votes(app, 1) == (200, "taken")
    assert ballots(opened).counts() == {"c0001": 1}
    assert Rejections(opened.engine, opened.settings.id).noted()["vote", "refused"] == 3


def test_counts_are_told_when_the_vote_is_closed_unless_the_organiser_wants_them_live(
    opened: OpenRace, follower: BoardProjection, app: ASGIApp
) -> None:
    opens(opened)
    votes(app, 1)
    a_while_later(opened, follower)
    page = ask(app, "/vote.html").text
    assert "투표하기" in page and "득표" not in page
    tag = ask(app, "/vote.html").headers["etag"]
    votes(app, 2)
    a_while_later(opened, follower)
    assert ask(app, "/vote.html").headers["etag"] == tag  # how it stands shows nowhere, not even in a tag
    opens(opened, "--live")
    a_while_later(opened, follower)
    assert "득표 2" in ask(app, "/vote.html").text
    closes(opened)
    a_while_later(opened, follower)
    closed = ask(app, "/en/vote.html").text
    assert "This vote is closed." in closed and "Votes received 2" in closed and "<button" not in closed


def test_the_organiser_sees_how_it_stands_and_where_votes_came_from(
    opened: OpenRace, app: ASGIApp, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("vote", "show", "--race", opened.root) == 0
    assert "no vote was opened" in capsys.readouterr().out
    opens(opened)
    votes(app, 1)
    votes(app, 2, "c0077")
    votes(app, 1)
    votes(app, 3, sender="198.51.100.9")
    capsys.readouterr()
    assert marathon("vote", "show", "--race", opened.root) == 0
    told = capsys.readouterr().out
    assert re.search(
        r"designs: 진행 중 / open\n +2  가산정밀  .* / 2 networks, at most 1 from one\n +0  구로소프트\n", told
    )
    assert "votes of the busiest networks: 1, 1\n" in told
    assert "1  vote unknown" in told and "⚠" not in told


def test_who_owns_a_network_votes_no_more_often_than_a_few_addresses(
    opened: OpenRace, app: ASGIApp, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each made-up device is another number; only where they come from tells them apart from a crowd."""
    opens(opened)
    told = [
        votes(app, number, sender=f"2001:db8:0:aa{number // FROM_ONE:02x}::1")[1] for number in range(FROM_NETWORK + 50)
    ]
    assert told == ["taken"] * FROM_NETWORK + ["too_many"] * 50
    assert votes(app, 10_000, sender="192.0.2.1") == (200, "taken")
    capsys.readouterr()
    marathon("vote", "show", "--race", opened.root)
    assert f"at most {FROM_NETWORK} from one  ⚠" in capsys.readouterr().out


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_a_firm_that_is_hostile_does_no_harm(
    opened: OpenRace, follower: BoardProjection, app: ASGIApp, name: str, tmp_path: Path
) -> None:
    opens(opened, "--live")
    names = opened.directory.names()
    names.companies["c0001"] = name
    opened.directory.keep(names)
    name = opened.directory.names().companies["c0001"]
    count(opened, "c0001")
    opened.log.record([])
    a_while_later(opened, follower)
    for path in ("/qrpr.html", "/vote.html", "/en/vote.html"):
        page = Page(ask(app, path).text)
        assert not page.all("i") and not [tag for tag in page.tags if set(tag.attributes) & {"onerror", "onmouseover"}]
        assert all("static/" in (tag.attributes.get("src") or "") for tag in page.all("script"))
        assert not [link for link in page.links if link.startswith(("javascript:", "http"))]
        assert any(name.split("\u202e")[0][:20].strip() in word for word in page.words)
    (row,) = json.loads(ask(app, "/qrpr.json").text)["rows"]
    assert row == {"place": 1, "company_id": "c0001", "company": name, "scans": 1}
    (line,) = csv.DictReader(io.StringIO(ask(app, "/qrpr.csv").text.removeprefix("\ufeff")))
    assert line["company"] == ("'" + name if name.startswith("=") else name)
    assert marathon("board", "publish", tmp_path / "out", "--race", opened.root) == 0
    assert {one.name for one in (tmp_path / "out" / "vote").iterdir()} == {"c0001.svg", "c0002.svg"}
    assert "<button" not in (tmp_path / "out" / "vote.html").read_text(encoding="utf-8")


def count(opened: OpenRace, company: str) -> None:
    spectators = ScanStore(opened.engine, opened.settings.id)
    until = Instant(opened.clock.now() + SECOND)
    with writing(opened.engine) as connection:
        spectators.take(connection, SpectatorScan(company, "2026-09-03", device(1), b"12345678", until))
