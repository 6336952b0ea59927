"""Plots: everybody is counted once, bars and labels stay on the picture, and whoever sees none of it gets the same figures."""

import itertools
import re
from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.board.plot_pages import plots_page
from results.board.plots import (
    BARS_MOST,
    BOTTOM,
    FIRMS_MOST,
    HEIGHT,
    LEFT,
    MINUTE_WIDTHS,
    RIGHT,
    TOP,
    WIDTH,
    WIDTHS,
    Bins,
    Histogram,
    binned,
    figures_of,
    spread_of,
    time_face,
)  # fmt: skip
from results.board.runner_page import in_field, runner_page
from results.board.site import Site
from tests.boards import Page, Run, names_of, net, view_of_runs
from timing.race.instants import SECOND

LETTER_PX = 22 * 0.6
"""Of a digit, on a phone."""
times = st.lists(st.integers(0, 40_000 * SECOND), min_size=1, max_size=60)


def bins_of(values: list[int]) -> Bins:
    found = binned(values, WIDTHS)
    assert found
    return found


@given(times)
def test_a_bin_holds_what_lies_between_its_edges_and_everybody_is_in_one(values: list[int]) -> None:
    bins = bins_of(values)
    assert 1 <= len(bins.counts) <= BARS_MOST
    assert sum(bins.counts) == len(values)
    for (begin, end), number in zip(bins.edges(), bins.counts, strict=True):
        assert number == sum(begin <= value and (end is None or value < end) for value in values)
    assert bins == bins_of(values[::-1])


def test_bins_have_widths_that_people_count_in() -> None:
    quick, slow = bins_of([900 * SECOND, 1_000 * SECOND]), bins_of([900 * SECOND, 3_000 * SECOND])
    assert (quick.width, slow.width) == (5 * SECOND, 60 * SECOND)
    assert quick.start % quick.width == 0


def test_one_walker_does_not_press_the_whole_field_into_two_bars() -> None:
    bins = bins_of([*((900 + second) * SECOND for second in range(300)), 20_000 * SECOND])
    assert bins.open_ended and bins.width <= 15 * SECOND
    assert bins.counts[-1] <= 10
    assert list(bins.edges())[-1][1] is None


def test_nobody_makes_no_bins() -> None:
    assert binned([], WIDTHS) is None


@given(times, st.integers(0, 50_000 * SECOND), st.sampled_from([WIDTHS, MINUTE_WIDTHS]))
def test_bars_marks_and_labels_stay_within_the_picture(values: list[int], mine: int, widths: tuple[int, ...]) -> None:
    bins = binned(values, widths)
    assert bins
    one = Histogram(bins, lambda value: "10:05:00")
    for x, bottom, top, width in re.findall(r"M([\d.]+) (\d+)V([\d.]+)h([\d.]+)V", one.bars):
        assert float(x) >= LEFT and float(x) + float(width) <= RIGHT
        assert TOP <= float(top) <= float(bottom) == BOTTOM < HEIGHT
    assert LEFT <= one.x(mine) <= RIGHT
    half = len("10:05:00") * LETTER_PX / 2
    reaches = [(label.at - half, label.at + half) for label in one.columns]
    assert reaches and reaches[0][0] >= 0 and reaches[-1][1] <= WIDTH
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(reaches))
    assert one.rows[0].text == "0" and one.rows[-1].at == TOP and 2 <= len(one.rows) <= 5


@given(st.integers(1, 10**6))
def test_counts_get_a_few_round_rows_that_reach_the_largest(most: int) -> None:
    rows = [int(row.text.replace(",", "")) for row in Histogram(Bins(0, SECOND, (most,), False), time_face).rows]
    assert 2 <= len(rows) <= 5 and rows[-1] >= most
    assert len({later - before for before, later in itertools.pairwise(rows)}) == 1


@given(st.lists(st.integers(1, 10**11), min_size=1))
def test_a_firm_s_spread_goes_from_its_fastest_to_its_slowest(values: list[int]) -> None:
    order = list(spread_of("c0001", sorted(values))[2:])
    assert order == sorted(order) and (order[0], order[-1]) == (min(values), max(values))


FIELD = [
    *(net(bib, 900 + 7 * bib, company="c0001", sex="F", name="이가온") for bib in range(1, 5)),
    *(net(bib, 1_000 + 11 * bib, company="c0002", sex="M", name="박보람") for bib in range(5, 9)),
    *(net(bib, 1_200, company="c0003", sex="", name="한결이") for bib in range(9, 11)),
    Run(11, "0:10", company="c0003", sex="M", name="김하늘"),
]


@pytest.fixture(scope="module")
def site() -> Site:
    return Site(view_of_runs(FIELD))


def test_the_page_gives_each_plot_as_a_picture_and_as_a_table(site: Site) -> None:
    for language in ("ko", "en"):
        page = Page(plots_page(site, language))
        pictures = page.all("svg", role="img")
        assert len(pictures) == 2 and len(page.all("details")) == 2
        named = [tag.attributes["id"] for tag in page.tags if tag.attributes.get("id")]
        assert len(named) == len(set(named))
        for picture in pictures:
            assert set((picture.attributes["aria-labelledby"] or "").split()) <= set(named)


def test_firms_are_compared_by_their_median_from_three_finishers_on(site: Site) -> None:
    words = Page(plots_page(site, "ko")).words
    assert words.index("가산정밀") < words.index("구로소프트")
    assert "디지털단지상사" not in words  # two finishers have no spread
    assert [(one.company, one.finishers, one.median) for one in site.figures.firms] == [
        ("c0001", 4, 917_500_000),
        ("c0002", 4, 1_071_500_000),
    ]


def test_a_page_holds_the_firms_with_the_most_finishers() -> None:
    firms = {f"c{number:04}": f"소속{number}" for number in range(1, 31)}
    runs = [
        net(100 * firm + at, 900 + firm + 10 * at, company=key)
        for firm, key in enumerate(firms, 1)
        for at in range(3 + (firm > 5))
    ]
    names = names_of(runs)
    names.companies.update(firms)
    site = Site(view_of_runs(runs, names=names))
    shown = site.figures.firms
    assert len(shown) == FIRMS_MOST
    assert all(one.finishers == 4 for one in shown)
    assert [one.median for one in shown] == sorted(one.median for one in shown)


def test_a_firm_s_name_that_is_hostile_stays_a_name() -> None:
    names = names_of(FIELD)
    names.companies["c0001"] = "<script>alert(1)</script>"
    html = plots_page(Site(view_of_runs(FIELD, names=names)), "ko")
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_before_anybody_is_in_the_page_says_so() -> None:
    empty = Site(view_of_runs([Run(1, "0:10", name="김하늘")]))
    assert "아직 결승선을 통과한 사람이 없습니다." in Page(plots_page(empty, "ko")).words


def test_a_single_finisher_fills_one_bar() -> None:
    alone = Site(view_of_runs([net(1, 1_000, name="김하늘")]))
    assert alone.figures.times and alone.figures.times.bins.counts == (1,)
    assert Page(plots_page(alone, "ko")).all("svg", role="img")


def test_a_runner_is_marked_in_the_field(site: Site) -> None:
    row = site.shown[5]
    field = in_field(site, row, "ko")
    assert field and field.told == "더 빠른 완주자 40% (10명 가운데 4명)"
    assert field.mark[1] == "5 · 17:35" and field.mark[0] == round(field.histogram.x(1_055 * SECOND), 1)
    first = in_field(site, site.shown[1], "en")
    assert first and first.told == "The fastest of 10 finishers"
    html = runner_page(site, "ko", row)
    assert html.count('class="me"') == 2 and "5 · 17:35" in html and "기록증" not in html


def test_whoever_is_still_out_has_no_place_in_the_field(site: Site) -> None:
    assert in_field(site, site.shown[11], "ko") is None
    assert "<svg" not in runner_page(site, "ko", site.shown[11])


def test_files_about_the_field_follow_it_in_steps_while_people_are_out_and_to_the_last_at_the_end() -> None:
    def size(finished: int, out: int = 1) -> int:
        late = [Run(bib, "0:10") for bib in range(900, 900 + out)]
        return Site(view_of_runs([*(net(bib, 900 + bib) for bib in range(1, finished + 1)), *late])).field_size

    assert size(100) == size(101) != size(120)
    assert size(100, out=0) != size(101, out=0)
    assert size(0) == 0


def test_a_hundred_and_fifty_thousand_are_counted_in_a_moment() -> None:
    few = Site(view_of_runs([net(bib, 900 + bib, sex="MF"[bib % 2]) for bib in range(1, 101)])).view.standings.ranked
    chance = Random(5)
    field = sorted((chance.choice(few) for _ in range(150_000)), key=lambda row: row.time or 0)
    begun = process_time()
    figures = figures_of(field)
    assert process_time() - begun < 2  # it takes 0.1 s
    assert figures.times and sum(figures.times.bins.counts) == figures.finishers == 150_000
