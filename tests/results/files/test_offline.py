"""The page that needs nothing else: no request, no script, and what people wrote stays text."""

import hashlib
import re
from base64 import b64encode

from results.files.offline import offline_page
from results.files.paper_sheets import result_sheets
from tests.boards import Page, Run, names_of, net, view_of_runs
from timing.race.rules import GroupRule, Rules

RULES = Rules(ranking=(GroupRule("2인 단체", "company", pick=2),))
RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:12", "17:05.5", company="c0001", name="박솔"),
    Run(3, company="c0002", name="한결"),
]


def test_it_asks_for_nothing() -> None:
    page = Page(offline_page(result_sheets(view_of_runs(RUNS, RULES))))
    assert page.links == ["#list-1", "#list-2"]
    assert not {tag.name for tag in page.tags} & {"script", "link", "img", "iframe", "form", "object", "base"}
    assert not [tag for tag in page.tags for name in tag.attributes if name.startswith("on") or name == "style"]


def test_the_browser_is_told_to_load_nothing_and_to_take_only_this_style() -> None:
    html = offline_page(result_sheets(view_of_runs(RUNS, RULES)))
    (policy,) = Page(html).all("meta", **{"http-equiv": "Content-Security-Policy"})
    found = re.search("<style>(.*?)</style>", html, re.DOTALL)
    assert found
    style = b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
    assert f"default-src 'none'; style-src 'sha256-{style}'" in str(policy.attributes["content"])
    assert "@import" not in found[1] and "url(" not in found[1]


def test_a_list_after_the_other_with_headings_in_both_languages() -> None:
    page = Page(offline_page(result_sheets(view_of_runs(RUNS, RULES))))
    assert page.language == "ko"
    assert len(page.all("table")) == len(page.all("section")) == 2
    words = " ".join(page.words)
    assert "넷타임 Net time" in words and "김*늘" in words and "16:53.200" in words and "등록" in words
    assert "잠정 기록 / Provisional results" in words and "비공인 기록 / uncertified course and times" in words
    assert "등록 / Registered" in words


def test_a_name_is_never_markup() -> None:
    known = names_of(RUNS)
    known.companies["c0001"] = "<script>alert(1)</script>"
    html = offline_page(result_sheets(view_of_runs(RUNS, RULES, known)))
    assert "<script" not in html and "&lt;script&gt;" in html


def test_the_signed_note_stands_at_the_end() -> None:
    note = "marathon/1\n4\nabc=\n\n— marathon-1 xyz\n"
    html = offline_page(result_sheets(view_of_runs([net(1, 1000)]), note=note, covered=4))
    assert note in html
    assert "<pre>" not in offline_page(result_sheets(view_of_runs([net(1, 1000)])))
