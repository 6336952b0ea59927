"""The announcer sees who crosses, with full names and how far the firm is in; nobody without the link does."""

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from msgspec.structs import replace as changed
from starlette.types import ASGIApp

from results.announcer.announcing import announced
from results.announcer.pages import WRONG_FROM_ONE, announcer_page, announcer_pages
from results.board.board_app import Board
from results.board.board_projection import BoardProjection
from results.board.snapshot import Snapshot
from results.ranking.standings import standings
from results.view.view import View
from tests.boards import Page, Run, ask, desk_facts, followed, names_of, net, race_folder, stations, view_of_runs
from tests.builders import GUN, Station, after_gun, log_of, opened, scan
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.people.private_links import Holder, PrivateLinks
from timing.race.events import (
    StationOpened,
)
from timing.race.fold import fold
from timing.race.instants import MILLISECOND, span
from timing.race.passings import Rulings
from timing.race.rules import GroupRule, Rules

RUNS = [
    net(1, 1_000, sex="M", name="김하늘"),
    net(2, 1_010, sex="F", name="이가온"),
    net(3, 1_020, sex="F", name="박보람"),
    net(4, 1_015, company="c0002", sex="M", name="최솔잎"),
    Run(5, "0:10", name="한결이"),
    Run(6, company="c0002", name="정다온"),
]


def test_the_last_to_cross_stands_first_with_the_full_name_and_how_far_the_firm_is_in() -> None:
    crossed = announced(view_of_runs(RUNS)).crossed
    assert [(one.bib, one.name, one.of_firm, one.firm) for one in crossed] == [
        (3, "박보람", 3, 4),
        (4, "최솔잎", 1, 2),
        (2, "이가온", 2, 4),
        (1, "김하늘", 1, 4),
    ]
    assert (crossed[0].company, crossed[0].time, crossed[0].place, crossed[0].sex_place) == ("가산정밀", "17:00", 4, 2)


def test_whoever_asked_not_to_be_shown_is_not_called_out_but_counts_for_the_firm() -> None:
    view = view_of_runs(RUNS)
    rows = tuple(changed(row, ruled=Rulings(withheld=row.entrant.bib == 2)) for row in view.standings.ranked)
    crossed = announced(replace(view, standings=replace(view.standings, ranked=rows))).crossed
    assert [one.bib for one in crossed] == [3, 4, 1]
    assert crossed[0].of_firm == 3


def with_split(*passed: tuple[int, str]) -> View:
    """The same race with a station 3 km from the start that saw these bibs."""
    split = Station("split-1", "start")
    split.items.clear()
    split.says(
        StationOpened("split-1", "split", after_gun("-30:00"), metres=3_000), *(scan(bib, at) for bib, at in passed)
    )
    race = fold(log_of([opened(), *desk_facts(RUNS)], *stations(RUNS), split).read())
    names, ranked = names_of(RUNS), standings(race)
    return replace(view_of_runs(RUNS), standings=ranked, names=names)


def test_who_passed_the_last_split_is_coming_in_that_order() -> None:
    coming = announced(with_split((5, "11:30"), (1, "11:00"), (6, "11:10"))).coming
    assert coming is not None
    assert [(one.bib, one.name, one.metres, one.split) for one in coming] == [
        (6, "정다온", 3_000, "11:10"),
        (5, "한결이", 3_000, "11:20"),
    ]
    assert coming[1].at_ms == after_gun("11:30") // MILLISECOND


def test_without_a_split_nobody_is_guessed_to_be_coming() -> None:
    assert announced(view_of_runs(RUNS)).coming is None


def test_firsts_full_teams_and_the_last_are_worth_a_word() -> None:
    rules = Rules(ranking=(GroupRule("3인 단체", "company", pick=3),))
    told = [one.ko for one in announced(view_of_runs(RUNS, rules)).milestones]
    assert "첫 남자 완주: 1 김하늘 (가산정밀)" in told
    assert "첫 여자 완주: 2 이가온 (가산정밀)" in told
    assert "가산정밀 3명 모두 들어옴: 3인 단체 지금 1위 (50:30.0)" in told
    assert "코스에 1명 남음: 5 한결이 (가산정밀)" in told
    assert "Everybody who started is in" in [one.en for one in announced(view_of_runs(RUNS[:4])).milestones]


def test_round_numbers_are_worth_a_word() -> None:
    told = announced(view_of_runs([net(bib, 1_000 + bib, name="이가온") for bib in range(1, 501)])).milestones
    assert {"Finisher no. 100: 100 이가온 (가산정밀)", "Finisher no. 500: 500 이가온 (가산정밀)"} <= {
        one.en for one in told
    }


def test_the_announcer_sees_results_that_the_public_does_not_and_is_told_so() -> None:
    hidden = Snapshot(replace(view_of_runs(RUNS), hidden=True))
    told = announced(hidden.view)
    page = Page(announcer_page(hidden, told))
    assert told.crossed[0].name == "박보람" and {"박보람", "아직 발표 전: 읽지 마세요"} <= set(page.words)


def test_before_the_gun_there_is_nothing_to_say() -> None:
    told = announced(view_of_runs([Run(1, name="김하늘")]))
    assert (told.crossed, told.coming, told.milestones) == ([], None, [])


class Booth:
    """A race whose announcer has a link."""

    def __init__(self, race: OpenRace, follower: BoardProjection, clock: ManualClock) -> None:
        self.race, self.clock, self.follower = race, clock, follower
        links = PrivateLinks(race.engine, race.settings.id)
        self.token = links.give(Holder("announcer"))
        self.captain = links.give(Holder("captain", "c0001"))
        api = FastAPI()
        api.include_router(announcer_pages(lambda: follower.snapshot, links, clock))
        self.app: ASGIApp = Board(lambda: follower.snapshot, follower.firm_of, api)

    def asks(self, path: str) -> httpx2.Response:
        return ask(self.app, path)

    def looks(self) -> None:
        """The board looks again at what stands beside the log."""
        self.follower.refresh()


@pytest.fixture
def booth(tmp_path: Path) -> Iterator[Booth]:
    clock = ManualClock(GUN)
    with race_folder(tmp_path / "race", RUNS) as race:
        yield Booth(race, followed(race, lambda trouble: None), clock)


def test_the_link_opens_the_page_and_its_data_and_nobody_keeps_them(booth: Booth) -> None:
    page, now = booth.asks(f"/announcer/{booth.token}"), booth.asks(f"/announcer/{booth.token}/now.json")
    assert page.status_code == now.status_code == 200
    assert {"박보람", "가산정밀 · 4명 중 3번째"} <= set(Page(page.text).words)
    assert json.loads(now.text)["crossed"][0]["name"] == "박보람"
    for answer in (page, now):
        assert answer.headers["cache-control"] == "no-store"
        assert answer.headers["referrer-policy"] == "no-referrer" and answer.headers["x-robots-tag"] == "noindex"
    assert booth.token not in page.text


def test_whoever_has_the_version_already_gets_no_more(booth: Booth) -> None:
    version = json.loads(booth.asks(f"/announcer/{booth.token}/now.json").text)["version"]
    assert booth.asks(f"/announcer/{booth.token}/now.json?since={version}").status_code == 204
    assert booth.asks(f"/announcer/{booth.token}/now.json?since={version - 1}").status_code == 200


def test_a_name_that_was_erased_is_told_though_nobody_crossed_since(booth: Booth) -> None:
    at = f"/announcer/{booth.token}/now.json"
    told = json.loads(booth.asks(at).text)
    known = f"{at}?since={told['version']}&revision={told['revision']}"
    assert booth.asks(known).status_code == 204
    assert marathon("people", "erase", 3, "--yes", "--race", booth.race.root) == 0
    booth.looks()
    answer = booth.asks(known)
    assert answer.status_code == 200 and "박보람" not in answer.text


def test_no_other_token_opens_it(booth: Booth) -> None:
    for token in ("x", booth.captain, "0" * 64):
        answer = booth.asks(f"/announcer/{token}")
        assert answer.status_code == 404 and "박보람" not in answer.text


def test_guessing_is_stopped_and_the_announcer_goes_on(booth: Booth) -> None:
    codes = [booth.asks(f"/announcer/guess-{number}").status_code for number in range(WRONG_FROM_ONE + 2)]
    assert codes[0] == 404 and codes[-1] == 429
    assert booth.asks(f"/announcer/{booth.token}/now.json").status_code == 200
    booth.clock.tick(span(601))
    assert booth.asks("/announcer/guess").status_code == 404


def test_the_desk_gives_a_link_that_voids_the_last_one_and_takes_it_back(
    booth: Booth, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("board", "announcer", "--race", booth.race.root) == 0
    link = capsys.readouterr().out.splitlines()[0]
    token = link.removeprefix("https://gv.test/announcer/")
    assert booth.asks(f"/announcer/{booth.token}").status_code == 404
    assert booth.asks(f"/announcer/{token}").status_code == 200
    assert marathon("board", "announcer", "--revoke", "--race", booth.race.root) == 0
    assert booth.asks(f"/announcer/{token}").status_code == 404
    assert marathon("board", "announcer", "--revoke", "--race", booth.race.root) == 0
    assert "there was no link" in capsys.readouterr().err
