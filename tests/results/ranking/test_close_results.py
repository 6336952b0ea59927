"""Places that the instants leave open: closer than the clocks can tell, or than an estimated crossing is right to."""

from collections.abc import Sequence
from itertools import combinations
from math import hypot

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from results.ranking.close_results import BY_BODY, BY_PACE, CloseResults, close_results, estimates_of
from results.ranking.standings import Standings, standings
from tests.boards import desk_facts, net, said
from tests.builders import Station, after_gun, entrant_id, log_of, opened, scan
from timing.race.events import DeadHeatRuled, Event, PassingEntered, Scanned, TimeConfirmed, Unread, UnreadNamed
from timing.race.fold import fold
from timing.race.instants import MILLISECOND, SECOND, Span
from timing.race.rules import Rules

WHO = "director", "연습 판정"


class Seen(Station):
    """A camera, and whom officials said that its unread people were."""

    def __init__(self, name: str, point: str) -> None:
        super().__init__(name, "start" if point == "start" else "finish")
        self.named: list[Event] = []

    def sees(self, bib: int, at_s: float, how: str) -> None:
        """`how`: measured at the line, estimated by the pace of others, or unread and named later."""
        at = said(round(at_s * SECOND))
        if how == "unread":
            self.says(Unread(after_gun(at), after_gun(at), 118, 31, after_gun(at), "estimated"))
            self.named.append(UnreadNamed(self.lineage, len(self.items), entrant_id(bib), *WHO))
        else:
            self.says(seen(bib, at, how))


def seen(bib: int, at: str, how: str) -> Scanned:
    return replace(scan(bib, at, crossed=at), crossing="estimated" if how == "pace" else "line")


def race_of(
    finishes: Sequence[tuple[int, float, str]],
    *more: Event,
    rules: Rules | None = None,
    starts: Sequence[tuple[int, float, str]] = (),
) -> Standings:
    """Bibs, seconds after the gun and how that is known, at the finish; and at the start, else all ten seconds after the gun."""
    start, finish = Seen("start-1", "start"), Seen("finish-1", "finish")
    for bib, at_s, how in starts or [(bib, 10.0, "measured") for bib, _, _ in finishes]:
        start.sees(bib, at_s, how)
    for bib, at_s, how in finishes:
        finish.sees(bib, at_s, how)
    entries = desk_facts([net(bib, 0) for bib, _, _ in finishes])
    log = log_of([opened(), *entries, *start.named, *finish.named, *more], start, finish)
    return standings(fold(log.read()), rules or Rules())


def bibs(found: Sequence[CloseResults]) -> list[list[int | None]]:
    return [[row.entrant.bib for row in one.rows] for one in found]


@pytest.mark.parametrize(("how", "margin"), [("unread", BY_BODY), ("pace", BY_PACE)])
def test_who_came_in_within_the_margin_of_an_estimate_is_told_with_it(how: str, margin: Span) -> None:
    near, clear = margin / SECOND - 0.01, margin / SECOND + 0.01
    (one,) = close_results(race_of([(12, 1_000, "measured"), (34, 1_000 + near, how)]))
    assert one.roughest and (bibs([one]), one.roughest.margin) == ([[12, 34]], margin)
    assert one.roughest.passing.scan and one.roughest.passing.scan.station == "finish-1"
    assert close_results(race_of([(12, 1_000, "measured"), (34, 1_000 + clear, how)])) == []


def test_measured_crossings_are_believed_however_close() -> None:
    assert close_results(race_of([(12, 1_000, "measured"), (34, 1_000.001, "measured")])) == []


def test_everybody_whom_an_estimate_may_have_passed_stands_in_one_line_and_nobody_else() -> None:
    field = [(1, 999.7, "measured"), (2, 999.9, "measured"), (3, 999.95, "measured"), (4, 1_000, "unread"), (5, 1_000.1, "measured"),
             (6, 1_000.25, "measured"), (7, 1_010, "unread"), (8, 1_010.1, "measured")]  # fmt: skip
    assert bibs(close_results(race_of(field))) == [[2, 3, 4, 5], [7, 8]]


def test_two_estimates_that_share_a_neighbour_are_one_line_and_two_of_them_are_off_by_more_than_one() -> None:
    shared = race_of([(1, 1_000, "unread"), (2, 1_000.19, "measured"), (3, 1_000.38, "unread")])
    assert bibs(close_results(shared)) == [[1, 2, 3]]
    assert bibs(close_results(race_of([(1, 1_000, "unread"), (2, 1_000.27, "unread")]))) == [[1, 2]]
    assert close_results(race_of([(1, 1_000, "unread"), (2, 1_000.29, "unread")])) == []


def test_equal_times_are_open_where_one_is_an_estimate() -> None:
    assert bibs(close_results(race_of([(12, 1_000, "measured"), (34, 1_000, "unread")]))) == [[12, 34]]


def test_an_estimated_start_leaves_net_places_open_and_gun_places_not() -> None:
    finishes = [(12, 1_000.0, "measured"), (34, 1_000.1, "measured")]
    starts = [(12, 10.0, "measured"), (34, 10.05, "unread")]
    (one,) = close_results(race_of(finishes, starts=starts))
    assert one.roughest and one.roughest.passing.point == "start"
    assert close_results(race_of(finishes, starts=starts, rules=Rules(basis="gun"))) == []


@pytest.mark.parametrize(
    "ruled",
    [
        PassingEntered(entrant_id(34), "finish", after_gun("16:40.08"), *WHO),
        DeadHeatRuled((entrant_id(12), entrant_id(34)), "net", None, *WHO),
        TimeConfirmed(entrant_id(34), Span(990_050_000), *WHO),
    ],
)
def test_what_an_official_ruled_by_the_film_is_settled(ruled: Event) -> None:
    field = [(12, 1_000.0, "measured"), (34, 1_000.05, "unread")]
    assert bibs(close_results(race_of(field))) == [[12, 34]]
    assert close_results(race_of(field, ruled)) == []


def test_the_clocks_uncertainty_leaves_measured_times_open_too_and_adds_to_an_estimate_s() -> None:
    rules = Rules(uncertainty_ms=50)
    field = [(1, 1_000, "measured"), (2, 1_000.04, "measured"), (3, 1_000.1, "measured"), (4, 1_002, "measured"), (5, 1_002.205, "unread")]  # fmt: skip
    clocks, estimate = close_results(race_of(field, rules=rules))
    assert bibs([clocks, estimate]) == [[1, 2], [4, 5]]
    assert clocks.roughest is None and estimate.roughest


crossings = st.lists(
    st.tuples(st.integers(0, 30), st.sampled_from(["measured", "measured", "pace", "unread"])), min_size=1, max_size=14
)


@given(crossings, st.sampled_from([0, 40]))
def test_the_lines_are_those_of_every_pair_looked_at_by_itself(
    drawn: list[tuple[int, str]], uncertainty_ms: int
) -> None:
    rules = Rules(uncertainty_ms=uncertainty_ms)
    ranked = race_of([(bib, 1_000 + step / 20, how) for bib, (step, how) in enumerate(drawn, 1)], rules=rules)
    rows = ranked.ranked
    doubts = [hypot(*(one.margin for one in estimates_of(row, rules))) for row in rows]
    joined = set[int]()  # the places after which no line ends
    for one, other in combinations(range(len(rows)), 2):
        apart = (rows[other].time or 0) - (rows[one].time or 0)
        margin = hypot(uncertainty_ms * MILLISECOND, doubts[one], doubts[other])
        if apart <= margin and (apart or doubts[one] or doubts[other]):
            joined |= {*range(one, other)}
    lines = [[row.entrant.bib for row in one.rows] for one in close_results(ranked)]
    expected, line = list[list[int | None]](), list[int | None]()
    for at, row in enumerate(rows):
        line.append(row.entrant.bib)
        if at not in joined:
            expected += [line] if len(line) > 1 else []
            line = []
    assert lines == expected
