"""The big screen: counts, who has just come in, and lists in turn, with one finisher or with thousands."""

from dataclasses import replace

import pytest

from results.board.head import gun_ms, head_of
from results.board.screens import LATEST, PANEL_ROWS, PANELS_MOST, panels, screen_page
from results.board.site import Site
from tests.boards import Page, Run, names_of, net, view_of_runs
from tests.builders import GUN
from timing.race.instants import MILLISECOND, Instant
from timing.race.rules import GroupRule, Rules

RULES = Rules(ranking=(GroupRule("3인 단체", "company", pick=1), GroupRule("팀", "team", pick=1)))


def site_of(*runs: Run) -> Site:
    return Site(view_of_runs(runs, RULES))


MANY = site_of(*(net(bib, 1_000 + bib, sex="MF"[bib % 2], team="t0001", name="이가온") for bib in range(1, 200)))


def test_the_last_to_come_in_stand_first_and_only_as_many_as_fit() -> None:
    lines = Page(screen_page(MANY)).all("li")
    bibs = [tag.attributes["data-bib"] for tag in lines if "data-bib" in tag.attributes]
    assert bibs == [str(bib) for bib in range(199, 199 - LATEST, -1)]


def test_each_list_has_as_many_rows_as_fit_and_firms_come_first() -> None:
    found = list(panels(MANY))
    assert [panel.title.to("ko") for panel in found] == [
        "3인 단체",
        "팀",
        "개인",
        "남자",
        "여자",
        "남자 30대",
        "여자 30대",
        "참가 현황",
    ]
    assert all(1 <= len(panel.rows) <= PANEL_ROWS for panel in found) and len(found) <= PANELS_MOST
    assert found[2].rows[0].name == "1 이*온" and found[2].rows[0].more == "가산정밀"


def test_before_the_first_finisher_it_says_so_and_shows_who_takes_part() -> None:
    empty = site_of(Run(1, "0:10", name="김하늘"))
    assert [panel.title.to("ko") for panel in panels(empty)] == ["참가 현황"]
    assert "아직 결승선을 통과한 사람이 없습니다." in Page(screen_page(empty)).words


def test_one_finisher_alone() -> None:
    words = Page(screen_page(site_of(net(1, 1_000, name="김하늘")))).words
    assert {"김*늘", "16:40", "1위"} <= set(words) and "김하늘" not in words


def test_a_firm_s_name_that_is_hostile_stays_a_name() -> None:
    names = names_of([net(1, 1_000)])
    names.companies["c0001"] = "<script>alert(1)</script>\u202e" + "가" * 10_000
    html = screen_page(Site(view_of_runs([net(1, 1_000)], RULES, names)))
    assert "<script>alert" not in html


def test_a_long_name_is_set_in_two_lines_and_a_short_one_is_not() -> None:
    names = names_of([net(1, 1_000)])
    names.companies["c0001"] = "주식회사 구로디지털단지 스마트제조혁신센터"
    page = Page(screen_page(Site(view_of_runs([net(1, 1_000), net(2, 1_001, company="c0002")], RULES, names))))
    firms = [
        tag.attributes["class"] for tag in page.all("span") if (tag.attributes.get("class") or "").startswith("firm")
    ]
    assert firms == ["firm", "firm long"]


def test_a_race_with_one_name_says_it_once() -> None:
    view = replace(view_of_runs([net(1, 1_000)]), race_name={"ko": "GV Run", "en": "GV Run"})
    assert Page(screen_page(Site(view))).words.count("GV Run") == 1


def test_it_carries_its_own_policy_and_loads_itself_again_without_a_script() -> None:
    page = Page(screen_page(MANY))
    (policy,) = page.all("meta", **{"http-equiv": "Content-Security-Policy"})
    assert (policy.attributes["content"] or "").startswith("default-src 'none'")
    (again,) = page.all("meta", **{"http-equiv": "refresh"})
    assert again.attributes["content"] == "15"


@pytest.mark.parametrize("guns", [(), (GUN, Instant(GUN + 1))])
def test_the_head_tells_the_first_gun(guns: tuple[Instant, ...]) -> None:
    view = replace(view_of_runs([net(1, 1_000)]), guns=guns)
    assert gun_ms(view) == head_of(Site(view)).gun_ms == (GUN // MILLISECOND if guns else None)
    assert ("data-gun" in screen_page(Site(view))) == bool(guns)
