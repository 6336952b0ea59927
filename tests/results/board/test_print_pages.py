"""What people keep: lists for the wall, and everything in one file."""

from dataclasses import replace

from results.board.large_pages import LARGE, PUBLISHED_EVERY_S, LargeFileThrottle
from results.board.print_pages import kept_page, print_page
from results.board.site import Site
from results.board.snapshot import Snapshot
from tests.boards import Page, Run, names_of, net, view_of_runs
from tests.builders import GUN
from tests.clock_and_chance import ManualClock
from timing.race.instants import span
from timing.race.rules import GroupRule, Rules

RULES = Rules(ranking=(GroupRule("3인 단체", "company", pick=1), GroupRule("참가상", "company", combine="count")))
RUNS = [*(net(bib, 1_000 + bib, name="이가온") for bib in range(1, 151)), Run(200, name="김하늘")]


def test_everybody_with_a_place_and_every_ranking_stand_on_paper() -> None:
    page = Page(print_page(Site(view_of_runs(RUNS, RULES)), "ko"))
    assert len(page.all("table")) == 3 and page.words.count("이*온") == 150
    assert {"개인", "3인 단체 (앞 1명의 합, 넷타임, 같으면 같은 순위)"} <= set(page.words)
    assert "김*늘" not in page.words
    assert any("잠정 기록" in word and "기록 번호" in word for word in page.words)


def test_with_nobody_in_it_says_so() -> None:
    assert "Nobody has crossed the finish line yet." in Page(print_page(Site(view_of_runs([Run(1)])), "en")).words


def test_the_one_file_needs_nothing_else_and_names_nobody_in_full() -> None:
    html = kept_page(Site(view_of_runs(RUNS, RULES)))
    assert not [link for link in Page(html).links if not link.startswith("#")]
    assert "이*온" in html and "이가온" not in html


def test_the_one_file_of_a_race_whose_results_are_hidden_lists_nobody() -> None:
    hidden = Snapshot(replace(view_of_runs(RUNS, RULES), hidden=True))
    html = kept_page(hidden.site)
    assert "이*온" not in html and "16:41" not in html and "결과 비공개" in html


def board_of(*runs: Run) -> Snapshot:
    return Snapshot(view_of_runs(runs, RULES))


def test_large_files_go_with_a_publish_once_a_minute() -> None:
    clock = ManualClock(GUN)
    seldom = LargeFileThrottle(clock)
    first, second = board_of(net(1, 1_000), Run(2)), board_of(net(1, 1_000), net(2, 1_000))
    assert not seldom.waits(first, whole=False)
    assert seldom.waits(second, whole=False)
    assert not seldom.waits(second, whole=True)
    clock.tick(span(PUBLISHED_EVERY_S))
    assert not seldom.waits(board_of(net(1, 1_000), net(2, 999)), whole=False)
    assert set(board_of().paths()) >= LARGE


def test_large_files_go_at_once_where_somebody_may_no_longer_be_shown_or_results_are_final() -> None:
    view = view_of_runs([net(1, 1_000, name="김하늘"), net(2, 1_000)], RULES)
    erased = replace(view, names=names_of([]), revision=1)
    for other in (erased, replace(view, hidden=True), replace(view, state="official"), view_of_runs([net(1, 1_000)])):
        seldom = LargeFileThrottle(ManualClock(GUN))
        assert not seldom.waits(Snapshot(view), whole=False)
        assert not seldom.waits(Snapshot(other), whole=False)
