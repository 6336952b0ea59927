"""The captain's private page: the own people in full, what the captain may change, and nothing of anybody else's."""

import asyncio
import csv
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlencode

import httpx2
import numpy as np
import pytest
from fastapi import FastAPI
from PIL import Image

from bibs.printing.packet_files import packet_files
from results.board.board_app import Board
from results.board.board_projection import BoardProjection
from results.captain.captain_service import CHANGES_FROM_ONE, WRONG_FROM_ONE, CaptainService
from results.captain.routes import captain_pages
from scanners.reading.decoder import decode_texts
from tests.boards import Page, Run, followed, race_folder
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.log.narration import describe
from timing.people.private_links import Holder, PrivateLinks
from timing.race.events import CompaniesMerged, EntrantMoved, ResultWithheld, RulesSet
from timing.race.instants import MINUTE, SECOND, Instant, Span
from timing.race.rules import GroupRule, Rules

RULES = Rules(ranking=(GroupRule("팀 2인", "team", pick=1), GroupRule("단체", "company", pick=1)))
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:00", team="t0003", sex="M", name="박솔잎"),
    Run(8, "0:20", name="Maximiliane <b>Doe</b>"),
    Run(5, "0:12.5", "17:05.5", company="c0002", team="t0003", sex="M", name="이보람"),
    Run(6, "0:12.5", "19:05.5", company="c0002", team="t0002", sex="M", name="최가온"),
]
SAME = {"sec-fetch-site": "same-origin"}
TOKEN, OTHERS = "token-of-gasan", "token-of-guro"


class Captain:
    """Somebody with a browser and an address."""

    def __init__(self, opened: OpenRace, follower: BoardProjection, token: str = TOKEN) -> None:
        self.opened, self.follower, self.token = opened, follower, token
        api = FastAPI()
        desk = CaptainService(opened, follower, lambda company: packet_files(opened.root / "bibs", company))
        api.include_router(captain_pages(desk))
        self.app = Board(lambda: follower.snapshot, follower.firm_of, api)

    def asks(self, path: str = "", method: str = "GET", language: str = "", **headers: str) -> httpx2.Response:
        return self._sends(method, f"{language}/captain/{self.token}{path}", None, headers)

    def sends(self, form: str, language: str = "", **fields: object) -> httpx2.Response:
        return self._sends("POST", f"{language}/captain/{self.token}", {"form": form, **fields}, SAME)

    def sends_as(self, headers: dict[str, str], form: str = "card", **fields: object) -> httpx2.Response:
        return self._sends("POST", f"/captain/{self.token}", {"form": form, **fields}, headers)

    def _sends(
        self, method: str, path: str, fields: dict[str, object] | None, headers: dict[str, str]
    ) -> httpx2.Response:
        body = None if fields is None else urlencode(fields).encode()

        async def asked() -> httpx2.Response:
            transport = httpx2.ASGITransport(app=self.app)
            async with httpx2.AsyncClient(transport=transport, base_url="https://gv.test") as client:
                return await client.request(method, path, content=body, headers=headers)

        answer = asyncio.run(asked())
        self.follower.refresh()
        return answer

    def moves(self, bib: int, team: str, why: str = "line-up") -> httpx2.Response:
        """Look, then record."""
        fields = {"entrant": f"e{bib:05}", "team": team, "why": why}
        looked = self.sends("team", **fields)
        found = re.search(r'name="seen" value="(\d+)"', looked.text)
        return self.sends("team", **fields, seen=found[1]) if found else looked


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        made.log.record([RulesSet(RULES, "desk", "")])
        links = PrivateLinks(made.engine, made.settings.id)
        links.give(Holder("captain", "c0001"), TOKEN)
        links.give(Holder("captain", "c0002"), OTHERS)
        links.give(Holder("announcer"), "token-of-the-announcer")
        yield made


@pytest.fixture
def follower(opened: OpenRace) -> BoardProjection:
    return followed(opened, pytest.fail)


@pytest.fixture
def captain(opened: OpenRace, follower: BoardProjection) -> Captain:
    return Captain(opened, follower)


def ticks(opened: OpenRace, span: int) -> None:
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(span))


def moves_in(opened: OpenRace) -> list[EntrantMoved]:
    return [fact.event for fact in opened.log.read() if isinstance(fact.event, EntrantMoved)]


def test_a_captain_sees_the_own_people_in_full_and_nobody_else(captain: Captain) -> None:
    answer = captain.asks()
    words = Page(answer.text).words
    assert answer.status_code == 200
    assert {"김하늘", "박솔잎", "Maximiliane <b>Doe</b>", "16:54"} <= set(words)
    assert "이보람" not in answer.text and "최가온" not in answer.text
    assert Page(captain.asks(language="/en").text).language == "en"


def test_nothing_of_it_is_kept_or_told_on(captain: Captain) -> None:
    for answer in (captain.asks(), captain.asks("/runners.csv"), captain.sends("team")):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer"
        assert answer.headers["x-robots-tag"] == "noindex"
        assert "default-src 'none'" in answer.headers["content-security-policy"]
        assert "set-cookie" not in answer.headers


def test_the_public_board_has_no_such_page(captain: Captain) -> None:
    board = captain.follower.snapshot
    assert not [path for path in board.paths() if "captain" in path and not path.startswith("static/")]
    for path in board.paths():
        asset = board.get(path)
        assert asset and "김하늘".encode() not in asset.plain, path


@pytest.mark.parametrize("token", ["", "x", "token-of-the-announcer", TOKEN.upper(), f"{TOKEN}/", "%00", "é"])
def test_another_token_opens_nothing(opened: OpenRace, follower: BoardProjection, token: str) -> None:
    answer = Captain(opened, follower, token).asks()
    assert answer.status_code in (404, 307) and "김하늘" not in answer.text


def test_a_link_that_was_taken_back_opens_nothing(opened: OpenRace, captain: Captain) -> None:
    assert marathon("firm", "captain", "가산정밀", "--revoke", "--race", opened.root) == 0
    assert captain.asks().status_code == 404


def test_when_two_spellings_become_one_firm_both_captains_see_it(opened: OpenRace, follower: BoardProjection) -> None:
    opened.log.record([CompaniesMerged("c0002", "c0001", "desk", "같은 회사")])
    follower.refresh()
    assert {"김하늘", "이보람"} <= set(Page(Captain(opened, follower, OTHERS).asks().text).words)


def test_whoever_tries_tokens_is_soon_told_to_wait_and_captains_are_let_in(
    opened: OpenRace, follower: BoardProjection
) -> None:
    thief = Captain(opened, follower, "guess")
    answers = [thief.asks().status_code for _ in range(WRONG_FROM_ONE + 2)]
    assert answers == [404] * WRONG_FROM_ONE + [429] * 2
    thief.token = TOKEN
    assert thief.asks().status_code == 200
    ticks(opened, 11 * MINUTE)
    thief.token = "guess"
    assert thief.asks().status_code == 404


def test_the_people_come_as_a_table_too(captain: Captain) -> None:
    answer = captain.asks("/runners.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff"))))
    assert [(row["bib"], row["name"], row["net"], row["team"]) for row in rows] == [
        ("8", "Maximiliane <b>Doe</b>", "", ""),
        ("12", "박솔잎", "17:49", "달리는 사람들"),
        ("417", "김하늘", "16:54", "개발팀"),
    ]
    assert 'filename="c0001.csv"' in answer.headers["content-disposition"]


def test_whose_result_nobody_is_told_the_captain_is_not_told_either(opened: OpenRace, captain: Captain) -> None:
    opened.log.record([ResultWithheld("e00417", "심판", "본인의 뜻")])
    captain.follower.refresh()
    words = Page(captain.asks().text).words
    at = words.index("김하늘")
    assert words[at + 1 : at + 3] == ["개발팀", "비공개"] and "16:54" not in words


def test_while_results_are_hidden_the_captain_sees_no_times(opened: OpenRace, captain: Captain) -> None:
    marathon("edition", "hide", "--why", "시상식까지", "--race", opened.root)
    captain.follower.refresh()
    page = captain.asks().text
    assert "김하늘" in page and "16:54" not in page and "결과 비공개" in page
    preview = captain.sends("team", entrant="e00417", team="t0003", why="line-up")
    assert preview.status_code == 200 and "팀 2인" not in preview.text and "1위" not in preview.text


def test_another_link_waits_for_the_organiser_and_says_so(opened: OpenRace, captain: Captain) -> None:
    answer = captain.sends("card", link="https://gasan.example/jobs", blurb="  함께   달려요 ")
    assert (answer.status_code, answer.headers["location"]) == (303, f"/captain/{TOKEN}?done=card")
    card = opened.directory.cards()["c0001"]
    assert (card.link, card.blurb, card.approved) == ("https://gasan.example/jobs", "함께 달려요", False)
    assert "승인을 기다리는 중" in captain.asks("?done=card").text
    marathon("firm", "set", "c0001", "--approve", "--race", opened.root)
    assert "승인됨" in captain.asks().text
    captain.sends("card", link="https://gasan.example/jobs", blurb="함께 달려요")
    assert opened.directory.cards()["c0001"].approved  # nothing was changed
    captain.sends("card", link="https://gasan.example/other", blurb="함께 달려요")
    assert not opened.directory.cards()["c0001"].approved


@pytest.mark.parametrize("link", ["javascript:alert(1)", "http://gasan.example", "https://a@b.kr", '"><script>'])
def test_a_link_that_cannot_be_is_refused_and_what_was_typed_stays(
    opened: OpenRace, captain: Captain, link: str
) -> None:
    answer = captain.sends("card", link=link, blurb="함께")
    assert answer.status_code == 422
    (box,) = Page(answer.text).all("input", id="link")
    assert box.attributes["value"] == link
    assert not Page(answer.text).all("script", src="")
    assert opened.directory.cards() == {}


def test_a_move_is_shown_first_then_recorded_as_a_fact_by_the_captain(opened: OpenRace, captain: Captain) -> None:
    looked = captain.sends("team", entrant="e00417", team="t0003", why="line-up")
    words = Page(looked.text).words
    assert moves_in(opened) == []
    at = words.index("가산정밀 개발팀")
    assert words[at - 1 : at + 3] == ["팀 2인", "가산정밀 개발팀", "2위 →", "–"]
    done = captain.moves(417, "t0003")
    assert (done.status_code, done.headers["location"]) == (303, f"/captain/{TOKEN}?done=team")
    (fact,) = moves_in(opened)
    assert fact == EntrantMoved("e00417", "c0001", "t0003", "captain c0001", "선수 교체 / another line-up", role="")
    assert "captain c0001" in describe(fact, opened.zone)
    assert captain.follower.snapshot.site.shown[417].entrant.team == "t0003"


def test_moving_back_undoes_a_move_though_nobody_is_left_in_that_team(captain: Captain) -> None:
    before = captain.follower.snapshot.get("rankings/1.json")
    captain.moves(417, "t0003")
    assert captain.follower.snapshot.get("rankings/1.json") != before
    captain.moves(417, "t0001", "entered")
    assert captain.follower.snapshot.get("rankings/1.json") == before


@pytest.mark.parametrize(
    ("entrant", "team", "why"),
    [
        ("e00005", "t0001", "line-up"),  # another firm's person
        ("e00417", "t0002", "line-up"),  # another firm's team
        ("e00417", "t0003", "because I say so"),
        ("e00417", "t0001", "line-up"),  # is there already
        ("nobody", "t0003", "line-up"),
        ("", "", ""),
    ],
)
def test_a_captain_moves_only_the_own_people_among_the_own_teams(
    opened: OpenRace, captain: Captain, entrant: str, team: str, why: str
) -> None:
    head = opened.log.head()
    for seen in ("", str(opened.log.lineage_head(opened.log.desk).seq)):
        assert captain.sends("team", entrant=entrant, team=team, why=why, seen=seen).status_code == 422
    assert opened.log.head() == head


def test_whom_the_desk_moved_to_another_firm_brings_no_team_along(opened: OpenRace, captain: Captain) -> None:
    """Else a captain could put the own people into a team of another firm."""
    guest = Captain(opened, captain.follower, OTHERS)
    opened.log.record([EntrantMoved("e00417", "c0002", "", "desk", "다른 회사 사람")])
    captain.follower.refresh()
    assert "김하늘" in guest.asks().text
    assert {tag.attributes["value"] for tag in Page(guest.asks().text).all("option")}.isdisjoint({"t0001"})
    assert guest.moves(6, "t0001").status_code == 422 and guest.moves(6, "t0003").status_code == 303


def test_previews_are_counted_too_for_the_board_stands_still_meanwhile(opened: OpenRace, captain: Captain) -> None:
    fields = {"entrant": "e00417", "team": "t0003", "why": "line-up"}
    answers = [captain.sends("team", **fields).status_code for _ in range(CHANGES_FROM_ONE + 1)]
    assert answers == [200] * CHANGES_FROM_ONE + [429]
    ticks(opened, 11 * MINUTE)
    assert captain.moves(417, "t0003").status_code == 303


def test_when_the_desk_has_spoken_meanwhile_the_captain_looks_again(opened: OpenRace, captain: Captain) -> None:
    fields = {"entrant": "e00417", "team": "t0003", "why": "line-up"}
    seen = opened.log.lineage_head(opened.log.desk).seq
    opened.log.record([ResultWithheld("e00012", "심판", "본인의 뜻")])
    captain.follower.refresh()
    again = captain.sends("team", **fields, seen=seen)
    assert again.status_code == 200 and "다시 보고" in again.text and moves_in(opened) == []
    assert captain.moves(417, "t0003").status_code == 303


def test_until_the_protest_window_ends(opened: OpenRace, captain: Captain) -> None:
    assert marathon("edition", "provisional", "--protest-minutes", 30, "--race", opened.root) == 0
    captain.follower.refresh()
    (published,) = captain.follower.editions()
    assert isinstance(opened.clock, ManualClock)
    opened.clock.at = Instant((published.protest_until or 0) - SECOND)
    assert captain.moves(417, "t0003").status_code == 303
    ticks(opened, SECOND)
    assert captain.moves(417, "t0001").status_code == 422
    assert "이의 신청 시간이 끝나" in captain.asks().text
    assert not Page(captain.asks().text).all("select")


def test_never_after_an_official_edition(opened: OpenRace, captain: Captain) -> None:
    marathon("edition", "provisional", "--protest-minutes", 30, "--race", opened.root)
    official = ["--early", "--despite", "start-1", "--despite", "finish-1", "--yes", "--why", "끝"]
    assert marathon("edition", "official", *official, "--race", opened.root) == 0
    captain.follower.refresh()
    assert captain.moves(417, "t0003").status_code == 422
    assert "기록이 확정되어" in captain.asks().text


@pytest.mark.parametrize(
    ("headers", "taken"),
    [
        ({"sec-fetch-site": "same-origin"}, True),
        ({"sec-fetch-site": "same-origin", "origin": "null"}, True),
        ({"sec-fetch-site": "cross-site"}, False),
        ({"sec-fetch-site": "same-site"}, False),
        ({"origin": "https://evil.test"}, False),
        ({"origin": "https://gv.test"}, True),
        ({"origin": "null"}, True),
        ({}, True),
    ],
)
def test_a_form_comes_from_our_own_page(captain: Captain, headers: dict[str, str], taken: bool) -> None:
    assert captain.sends_as(headers, link="", blurb="함께").status_code == (303 if taken else 403)


def test_a_body_without_end_or_of_many_fields_does_nothing(opened: OpenRace, captain: Captain) -> None:
    assert captain.sends("card", blurb="가" * 10_000).status_code == 413
    captain.sends("card", "", **{f"field{at}": at for at in range(50)})
    assert opened.directory.cards() == {}


def test_the_packet_is_there_once_it_is_printed(opened: OpenRace, captain: Captain) -> None:
    assert "아직 인쇄하지 않았습니다" in captain.asks().text
    for folder in ("c0001-가산정밀", "c0002-구로소프트"):
        (opened.root / "bibs" / folder).mkdir(parents=True)
        (opened.root / "bibs" / folder / "10-배번.pdf").write_bytes(b"%PDF-1.4 of " + folder.encode())
    assert Page(captain.asks().text).all("a", href=f"/captain/{TOKEN}/packet/{quote('10-배번.pdf')}")
    packet = captain.asks("/packet/" + quote("10-배번.pdf"))
    assert (packet.status_code, packet.content) == (200, "%PDF-1.4 of c0001-가산정밀".encode())
    assert packet.headers["content-type"] == "application/pdf" and packet.headers["cache-control"] == "no-store"
    for name in ("00-명단.pdf", "..%2f..%2frace.toml", "%2e%2e", "%00"):
        assert captain.asks(f"/packet/{name}").status_code in (404, 405)


def test_a_packet_printed_before_a_name_was_erased_is_not_given_any_more(opened: OpenRace, captain: Captain) -> None:
    others, name = Captain(opened, captain.follower, OTHERS), quote("10-배번.pdf")

    def prints(folder: str) -> None:
        file = opened.root / "bibs" / folder / "10-배번.pdf"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"%PDF-1.4")
        now = opened.clock.now() / SECOND
        os.utime(file, (now, now))

    prints("c0001-가산정밀")
    prints("c0002-구로소프트")
    ticks(opened, MINUTE)
    opened.directory.forget("e00417", opened.clock.now())
    opened.log.record(
        [EntrantMoved("e00417", "c0003", "", "desk", "다른 회사 사람")]
    )  # the old PDF has the name all the same
    captain.follower.refresh()
    assert captain.asks(f"/packet/{name}").status_code == 404
    assert "그 전에 인쇄한 파일은" in captain.asks().text and "아직 인쇄하지" not in captain.asks().text
    assert others.asks(f"/packet/{name}").status_code == 200 and "그 전에 인쇄한" not in others.asks().text
    ticks(opened, MINUTE)
    prints("c0001-가산정밀")
    assert captain.asks(f"/packet/{name}").status_code == 200 and "그 전에 인쇄한" not in captain.asks().text


def test_the_address_is_printed_once(opened: OpenRace, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    def said(*arguments: object) -> str:
        capsys.readouterr()
        code = marathon("firm", "captain", *arguments, "--race", opened.root)
        return f"{capsys.readouterr().out}exit {code}"

    assert said("가산정밀") == "exit 2"  # has one already
    address, _, code = said("가산정밀", "--again", "--qr", tmp_path / "qr.png").rpartition("\n")
    assert code == "exit 0" and address.startswith("https://gv.test/captain/")
    links = PrivateLinks(opened.engine, opened.settings.id)
    assert links.holder_of(address.rpartition("/")[2]) == Holder("captain", "c0001")
    assert links.holder_of(TOKEN) is None
    with Image.open(tmp_path / "qr.png") as code_picture:
        assert decode_texts(np.asarray(code_picture.convert("L"))) == [address]
    assert said("--all", tmp_path / "주장.csv") == "exit 0"
    rows = list(csv.DictReader(io.StringIO((tmp_path / "주장.csv").read_text(encoding="utf-8-sig"))))
    assert [row["firm"] for row in rows] == ["디지털단지상사"]
    assert (tmp_path / "주장.csv").stat().st_mode & 0o077 == 0
    assert said() == said("가산정밀", "--all", "x.csv") == "exit 2"
