"""Plots: everybody is counted once, bars and labels stay on the picture, and whoever sees none of it gets the same figures."""

import csv
import io
import itertools
import json
import re
import xml.etree.ElementTree as ET
from random import Random
from time import perf_counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.board.plot_pages import plots_csv, plots_of, plots_page
from results.board.plots.axes import LABELS_MOST, WIDTH, count_ticks, time_ticks
from results.board.plots.bars import HEIGHT, Bars
from results.board.plots.bins import BARS_MOST, CLOCK_WIDTHS, TIME_WIDTHS, Bins, binned
from results.board.plots.figures import FIRMS_MOST, figures_of, time_face
from results.board.plots.spread import ROW_WIDTH, spread_of, spread_row, spread_scale
from results.board.plots.svg import figure
from results.board.runner_page import in_field, runner_page
from results.board.site import Site
from tests.boards import Page, Run, names_of, net, view_of_runs
from timing.instants import SECOND

times = st.lists(st.integers(0, 40_000 * SECOND), min_size=1, max_size=60)
fields = st.dictionaries(st.sampled_from(["men", "women", "others"]), times, min_size=1)


def bins_of(series: dict[str, list[int]]) -> Bins:
    found = binned(series, TIME_WIDTHS)
    assert found
    return found


@given(fields)
def test_everybody_is_in_exactly_one_bin(series: dict[str, list[int]]) -> None:
    bins = bins_of(series)
    assert {name: sum(counts) for name, counts in bins.series.items()} == {
        name: len(values) for name, values in series.items()
    }
    assert sum(bins.totals) == sum(map(len, series.values()))


@given(fields)
def test_a_bin_holds_what_lies_between_its_edges(series: dict[str, list[int]]) -> None:
    bins = bins_of(series)
    assert 1 <= len(bins) <= BARS_MOST
    for name, values in series.items():
        for (begin, end), count in zip(bins.edges(), bins.series[name], strict=True):
            assert count == sum(begin <= value and (end is None or value < end) for value in values)


@given(fields)
def test_the_order_of_arrival_changes_no_bin(series: dict[str, list[int]]) -> None:
    assert bins_of(series) == bins_of({name: values[::-1] for name, values in series.items()})


def test_bins_have_widths_that_people_count_in() -> None:
    quick, slow = bins_of({"men": [900 * SECOND, 1_000 * SECOND]}), bins_of({"men": [900 * SECOND, 3_000 * SECOND]})
    assert (quick.width, slow.width) == (5 * SECOND, 60 * SECOND)
    assert quick.start % quick.width == 0


def test_one_walker_does_not_press_the_whole_field_into_two_bars() -> None:
    bins = bins_of({"men": [*((900 + second) * SECOND for second in range(300)), 20_000 * SECOND]})
    assert bins.open_ended and bins.width <= 15 * SECOND
    assert bins.totals[-1] <= 10
    assert list(bins.edges())[-1][1] is None


def test_nobody_makes_no_bins() -> None:
    assert binned({}, TIME_WIDTHS) is None and binned({"men": []}, TIME_WIDTHS) is None


@given(fields, st.integers(0, 50_000 * SECOND))
def test_bars_and_marks_stay_within_the_picture(series: dict[str, list[int]], mine: int) -> None:
    bars = Bars(bins_of(series), TIME_WIDTHS, time_face)
    root = ET.fromstring(bars.drawing("times", "a", "b", bars.mark(mine, "12345 · 1:05:00")))
    for path in root.iter("path"):
        for x, y in re.findall(r"M([\d.-]+) ([\d.-]+)", path.attrib["d"]):
            assert 0 <= float(x) <= WIDTH and 0 <= float(y) <= HEIGHT
        assert not re.search(r"[vh]-?[\d.]*e|nan|inf", path.attrib["d"])
    for words in root.iter("text"):
        assert 0 <= float(words.attrib["x"]) <= WIDTH and 0 < float(words.attrib["y"]) < HEIGHT


@given(fields, st.sampled_from([TIME_WIDTHS, CLOCK_WIDTHS]))
def test_labels_neither_touch_nor_leave_the_picture(series: dict[str, list[int]], steps: tuple[int, ...]) -> None:
    labels = list(Bars(bins_of(series), steps, lambda value: "10:05:00").labels())
    below = sorted((label.reach for label in labels if label.y > HEIGHT - 10), key=lambda reach: reach[0])
    assert all(left >= 0 and right <= WIDTH for left, right in (label.reach for label in labels))
    assert all(one[1] <= next_[0] for one, next_ in itertools.pairwise(below))


@given(st.integers(0, 10**6))
def test_counts_get_a_few_round_ticks_that_reach_the_largest(most: int) -> None:
    ticks = count_ticks(most)
    assert 2 <= len(ticks) <= 5 and ticks[0] == 0 and ticks[-1] >= most
    assert len({later - before for before, later in itertools.pairwise(ticks)}) == 1


@given(st.integers(0, 10**11), st.integers(0, 10**11))
def test_times_get_a_few_round_ticks_between_their_ends(one: int, other: int) -> None:
    low, high = sorted((one, other))
    ticks = time_ticks(low, high, TIME_WIDTHS)
    assert len(ticks) <= LABELS_MOST and all(low <= tick <= high for tick in ticks)


def test_what_a_plot_says_cannot_become_a_tag() -> None:
    drawn = figure('x"y', 10, "<script>1</script>", "</desc><b>", [])
    root = ET.fromstring(drawn)
    assert [child.tag for child in root] == ["title", "desc"] and "<script>" not in drawn


@given(st.lists(st.integers(1, 10**11), min_size=1))
def test_a_firm_s_spread_goes_from_its_fastest_to_its_slowest(values: list[int]) -> None:
    one = spread_of("c0001", sorted(values))
    order = [one.fastest, one.quarter, one.median, one.three_quarters, one.slowest]
    assert order == sorted(order) and (order[0], order[-1]) == (min(values), max(values))
    drawn = spread_row(one, spread_scale([one]))
    assert all(0 <= float(x) <= ROW_WIDTH for x in re.findall(r"M([\d.]+)", drawn))


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
    firms = plots_of(site).firms
    assert [(one.company, one.finishers, one.median_ms) for one in firms] == [
        ("가산정밀", 4, "917500"),
        ("구로소프트", 4, "1071500"),
    ]


def test_a_page_holds_so_many_firms_and_the_file_all() -> None:
    firms = {f"c{number:04}": f"소속{number}" for number in range(1, 31)}
    runs = [
        net(100 * firm + at, 900 + firm + 10 * at, company=key)
        for firm, key in enumerate(firms, 1)
        for at in range(3 + (firm > 5))
    ]
    names = names_of(runs)
    names.companies.update(firms)
    site = Site(view_of_runs(runs, names=names))
    shown = site.figures.shown_firms
    assert len(shown) == FIRMS_MOST and len(plots_of(site).firms) == 30
    assert all(one.finishers == 4 for one in shown)
    assert [one.median for one in shown] == sorted(one.median for one in shown)


def test_the_same_figures_for_programs_and_spreadsheets(site: Site) -> None:
    told = plots_of(site)
    assert sum(one.men + one.women + one.others for one in told.times) == told.finishers == 10
    assert sum(one.finishers for one in told.clock) == 10
    rows = list(csv.DictReader(io.StringIO(plots_csv(site, "times").removeprefix("\ufeff"))))
    assert sum(int(row["women"]) for row in rows) == 4 and len(rows) == len(told.times)
    assert json.loads(json.dumps(plots_csv(site, "firms"))).count("\n") == 3


def test_a_firm_s_name_from_hell_stays_a_name() -> None:
    names = names_of(FIELD)
    names.companies["c0001"] = "<script>alert(1)</script>"
    html = plots_page(Site(view_of_runs(FIELD, names=names)), "ko")
    assert "<script>alert" not in html and "&lt;script&gt;alert" in html


def test_before_anybody_is_in_the_page_says_so() -> None:
    empty = Site(view_of_runs([Run(1, "0:10", name="김하늘")]))
    assert "아직 결승선을 통과한 사람이 없습니다." in Page(plots_page(empty, "ko")).words
    assert plots_of(empty).times == [] and plots_csv(empty, "clock").count("\n") == 1


def test_a_single_finisher_fills_one_bar() -> None:
    alone = Site(view_of_runs([net(1, 1_000, name="김하늘")]))
    assert [one.women for one in plots_of(alone).times] == [1]
    assert Page(plots_page(alone, "ko")).all("svg", role="img")


def test_a_runner_is_marked_in_the_field(site: Site) -> None:
    row = site.shown[5]
    field = in_field(site, row, "ko")
    assert field and field.told == "더 빠른 완주자 40% (10명 가운데 4명)"
    assert "5 · 17:35" in field.drawing and field.drawing.count('class="me"') == 2
    first = in_field(site, site.shown[1], "en")
    assert first and first.told == "The fastest of 10 finishers"
    html = runner_page(site, "ko", row)
    assert field.drawing in html and "기록증" not in html


def test_whoever_is_still_out_has_no_place_in_the_field(site: Site) -> None:
    assert in_field(site, site.shown[11], "ko") is None
    assert "<svg" not in runner_page(site, "ko", site.shown[11])


def test_everybody_s_bars_are_the_same_and_drawn_once(site: Site) -> None:
    bars = site.figures.time_bars
    assert bars
    drawn = [in_field(site, site.shown[bib], "ko") for bib in (1, 5)]
    assert all(one and bars.fixed in one.drawing for one in drawn)
    assert bars.fixed is bars.fixed


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
    begun = perf_counter()
    figures = figures_of(field)
    assert perf_counter() - begun < 2  # 0.1 s on a quiet machine
    assert figures.times and sum(figures.times.totals) == figures.finishers == 150_000
