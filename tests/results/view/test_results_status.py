"""How final the results are: said in the same words on every page and on paper, and never more than is true."""

from dataclasses import replace
from typing import Literal

import pytest

from results.announcer.announcing import announced
from results.announcer.pages import announcer_page
from results.board.snapshot import Snapshot
from results.view.view import Shown, View, state_words
from tests.boards import Page, in_both, net, view_of_runs
from timing.race.events import EditionPublished

VIEW = view_of_runs([net(1, 1_000, name="김하늘")])


def after(number: int, published: Literal["provisional", "official"], state: Shown) -> View:
    """The race as it stands after an edition."""
    edition = EditionPublished(number, published, 3, "0" * 64, None, (), "desk", "")
    return replace(VIEW, edition=edition, state=state)


@pytest.mark.parametrize(
    ("view", "korean", "english"),
    [
        (VIEW, "잠정 기록", "Provisional results"),
        (after(1, "provisional", "provisional"), "잠정 기록", "Provisional results"),
        (after(2, "official", "official"), "확정 기록 2판", "Official results, edition 2"),
        (
            after(2, "official", "provisional"),
            "잠정 · 확정 2판 뒤 바뀜",
            "Provisional: changed since official edition 2",
        ),
        (after(2, "official", "hidden"), "결과 비공개", "Results not shown yet"),
    ],
)
def test_it_says_what_is(view: View, korean: str, english: str) -> None:
    assert in_both(state_words(view)) == (korean, english)


def test_every_page_says_the_same() -> None:
    snapshot = Snapshot(after(2, "official", "provisional"))
    for path in ("index.html", "en/index.html", "screen.html", "print.html", "r/1.html", "results.html"):
        asset = snapshot.get(path)
        assert asset
        text = asset.plain.decode()
        said = state_words(snapshot.view).to("en" if path.startswith("en/") else "ko")
        assert said in text and "잠정 기록" not in text and "Provisional results" not in text, path
    assert state_words(snapshot.view).to("ko") in announcer_page(snapshot, announced(snapshot.view))


def test_while_results_are_hidden_the_announcer_is_told_not_to_read_them_out() -> None:
    hidden = Snapshot(replace(VIEW, hidden=True))
    words = Page(announcer_page(hidden, announced(hidden.view))).words
    assert {"아직 발표 전: 읽지 마세요", "Not public yet: do not read out"} <= set(words)
    open_to_all = Page(announcer_page(Snapshot(VIEW), announced(VIEW))).words
    assert "아직 발표 전: 읽지 마세요" not in open_to_all
