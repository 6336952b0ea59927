"""A missing or odd field flags its row and never stops anything from being published."""

import csv
import io
import re
from pathlib import Path

import pytest

from results.board.snapshot import Snapshot
from results.files.exports import rankings_csv, results_csv, results_json
from results.ranking.rankings import rankings
from results.ranking.rows import Flag, Row, Status
from results.ranking.standings import standings
from results.view.view import View
from tests.boards import SEOUL, Run, desk_facts, net, race_of, stations, written
from tests.builders import FIRMS, Station, after_gun, entrant, entrant_id, gun, log_of, opened, race, runner, scan
from timing.race.events import (
    ClockRuled,
    Correction,
    CourseClosed,
    DeadHeatRuled,
    EntrantMoved,
    Event,
    GunMoved,
    PassingEntered,
    ResultWithheld,
    RulesSet,
    StartOffsetGiven,
    StationOpened,
    StatusRuled,
    TimeAdjusted,
)
from timing.race.fold import Race, fold
from timing.race.instants import SECOND, Span
from timing.race.known_names import Names
from timing.race.rules import Basis, GroupRule, Mix, Rules, Ties

WHO = "director", "연습 판정"
WHOLE = Run(1, "0:10", "17:00")


def rows_of(runs: list[Run], *ruled: Event, rules: Rules | None = None) -> dict[int | None, Row]:
    folded = fold(log_of([opened(), *desk_facts(runs), *ruled], *stations(runs)).read())
    return {row.entrant.bib: row for row in standings(folded, rules or Rules()).rows}


def flags(run: Run, *ruled: Correction, rules: Rules | None = None) -> set[Flag]:
    return set(rows_of([run], *ruled, rules=rules)[run.bib].flags)


def test_a_row_with_everything_bears_no_flag() -> None:
    assert flags(WHOLE) == set()


@pytest.mark.parametrize(
    ("run", "flag"),
    [
        (Run(1, "0:10", "17:00", sex=""), Flag.NO_SEX),
        (Run(1, "0:10", "17:00", category=""), Flag.NO_CATEGORY),
        (Run(1, "0:10", "17:00", company=""), Flag.NO_COMPANY),
        (Run(1, None, "17:00"), Flag.START_NOT_SEEN),
    ],
)
def test_what_is_missing_is_flagged_and_the_row_has_its_place(run: Run, flag: Flag) -> None:
    assert flags(run) == {flag}
    assert rows_of([run])[1].place == 1


@pytest.mark.parametrize(
    ("ruled", "flag"),
    [
        (PassingEntered(entrant_id(1), "finish", after_gun("18:00"), *WHO), Flag.BY_HAND),
        (TimeAdjusted(entrant_id(1), Span(SECOND), *WHO), Flag.ADJUSTED),
        (DeadHeatRuled((entrant_id(1), entrant_id(2)), "net", None, *WHO), Flag.ADJUSTED),
        (StatusRuled(entrant_id(1), "dns", *WHO), Flag.QUESTIONABLE),
        (TimeAdjusted(entrant_id(1), Span(-3_600 * SECOND), *WHO), Flag.IMPOSSIBLE),
    ],
)
def test_what_officials_ruled_is_flagged(ruled: Correction, flag: Flag) -> None:
    assert flag in flags(WHOLE, ruled)


def test_scans_of_a_doubtful_clock_are_flagged() -> None:
    ruled = ClockRuled("start-1", Span(0), Span(SECOND), *WHO)
    assert flags(WHOLE, ruled, rules=Rules(doubtful_ms=100)) == {Flag.CLOCK_DOUBTFUL, Flag.HELD}


def test_a_finish_without_a_gun_is_flagged() -> None:
    race_without = fold(log_of(race(*runner(1)), Station().says(scan(1, "17:00"))).read())
    (row,) = standings(race_without).rows
    assert set(row.flags) == {Flag.NO_GUN, Flag.START_NOT_SEEN}
    assert (row.status, row.place) == (Status.FINISHED, None)


def test_an_entrant_without_a_bib_is_flagged() -> None:
    (row,) = standings(fold(log_of([entrant(9)]).read())).rows
    assert set(row.flags) == {Flag.NO_BIB}


# How far somebody has come, and what the closing of the course makes of it.


@pytest.mark.parametrize(
    ("run", "before", "after"),
    [
        (Run(1), Status.REGISTERED, Status.DNS),
        (Run(1, "0:10"), Status.STARTED, Status.DNF),
        (Run(1, "-5:00"), Status.STARTED, Status.DNF),  # stood at the start before the gun
        (Run(1, None, "95:00"), Status.FINISHED, Status.DNF),  # came in after the closing: has run all the same
        (Run(1, "0:10", "17:00"), Status.FINISHED, Status.FINISHED),
        (Run(1, None, "17:00"), Status.FINISHED, Status.FINISHED),
    ],
)
def test_the_closing_of_the_course_ends_the_race_of_whoever_is_out(run: Run, before: Status, after: Status) -> None:
    assert rows_of([run])[1].status is before
    assert rows_of([run], CourseClosed(after_gun("90:00"), *WHO))[1].status is after


def test_whoever_was_in_the_pen_and_never_came_in_did_not_finish() -> None:
    pen = Station("pen-1", "start")
    pen.items.clear()
    pen.says(StationOpened("pen-1", "pen", after_gun("-30:00"), "1"), scan(1, "-5:00"))
    closed = CourseClosed(after_gun("90:00"), *WHO)
    (row,) = standings(fold(log_of([*runner(1), gun(), closed], pen).read())).rows
    assert row.status is Status.DNF


@pytest.mark.parametrize(("closed", "status"), [(False, Status.STARTED), (True, Status.DNF)])
def test_whoever_was_seen_on_the_course_has_started(closed: bool, status: Status) -> None:
    split = Station("split-1", "start")
    split.items.clear()
    split.says(StationOpened("split-1", "split", after_gun("-30:00"), metres=2_500), scan(1, "9:00"))
    end = [CourseClosed(after_gun("90:00"), *WHO)] if closed else []
    (row,) = standings(fold(log_of([*runner(1), gun(), *end], split).read())).rows
    assert row.status is status


@pytest.mark.parametrize("status", ["dns", "dnf", "dsq", "withdrawn"])
def test_an_official_s_word_stands_above_what_was_seen_and_above_the_closing(status: str) -> None:
    ruled = StatusRuled(entrant_id(1), status, *WHO)  # type: ignore[arg-type]  # one of the four
    for facts in ([ruled], [ruled, CourseClosed(after_gun("90:00"), *WHO)]):
        row = rows_of([WHOLE], *facts)[1]
        assert (row.status, row.place, row.time) == (Status(status), None, None)


# Dead heats.


def test_a_dead_heat_shares_a_place_where_the_order_of_recording_would_decide() -> None:
    runs = [net(1, 1000), net(2, 1000), net(3, 1000), net(4, 1001)]
    heat = DeadHeatRuled((entrant_id(1), entrant_id(2)), "net", None, *WHO)
    plain, ruled = (rows_of(runs, *facts, rules=Rules(ties="arrival")) for facts in ([], [heat]))
    assert [plain[bib].place for bib in (1, 2, 3, 4)] == [1, 2, 3, 4]
    assert [ruled[bib].place for bib in (1, 2, 3, 4)] == [1, 1, 3, 4]


def test_in_a_dead_heat_one_is_beside_the_other_even_if_a_third_was_recorded_between_them() -> None:
    runs = [net(1, 1000), net(2, 1000), net(3, 1000)]
    heat = DeadHeatRuled((entrant_id(1), entrant_id(3)), "net", None, *WHO)
    ruled = rows_of(runs, heat, rules=Rules(ties="arrival"))
    assert [ruled[bib].place for bib in (1, 2, 3)] == [1, 3, 1]


@pytest.mark.parametrize("ties", ["share", "arrival"])
@pytest.mark.parametrize(
    ("later", "places"),
    [
        ([], [1, 2, 2, 4]),
        ([GunMoved("1", after_gun("0:13"), *WHO)], [1, 2, 2, 4]),
        ([TimeAdjusted(entrant_id(2), Span(600 * SECOND), *WHO)], [1, 2, 2, 4]),
        ([TimeAdjusted(entrant_id(2), Span(-600 * SECOND), *WHO)], [3, 1, 1, 4]),
        ([TimeAdjusted(entrant_id(3), Span(-600 * SECOND), *WHO)], [3, 1, 1, 4]),
        ([PassingEntered(entrant_id(2), "finish", after_gun("30:00"), *WHO)], [1, 2, 2, 4]),
        ([ClockRuled("finish-1", Span(5 * SECOND), 0, *WHO)], [1, 2, 2, 4]),
        ([StatusRuled(entrant_id(2), "dnf", *WHO)], [1, None, 2, 3]),
        ([StatusRuled(entrant_id(3), "dsq", *WHO)], [1, 2, None, 3]),
        ([DeadHeatRuled((entrant_id(1), entrant_id(3)), "net", None, *WHO)], [1, 1, 1, 4]),
        ([DeadHeatRuled((entrant_id(4), entrant_id(3)), "gun", None, *WHO)], [1, 2, 2, 2]),
    ],
)
def test_a_dead_heat_holds_whatever_its_members_times_become_later(
    ties: Ties, later: list[Correction], places: list[int | None]
) -> None:
    heat = DeadHeatRuled((entrant_id(2), entrant_id(3)), "net", 1_003 * SECOND, *WHO)
    ruled = rows_of([net(1, 1000), net(2, 1003), net(3, 1005), net(4, 1010)], heat, *later, rules=Rules(ties=ties))
    assert [ruled[bib].place for bib in (1, 2, 3, 4)] == places


def test_it_holds_by_either_clock() -> None:
    heat = DeadHeatRuled((entrant_id(1), entrant_id(2)), "net", 1_000 * SECOND, *WHO)
    runs = [net(1, 1000), net(2, 1003), net(3, 1002)]
    for basis in ("net", "gun"):
        rows = rows_of(runs, heat, rules=Rules(basis=basis))
        assert [rows[bib].place for bib in (1, 2, 3)] == [1, 1, 3]


def test_a_finish_by_hand_stands_behind_every_scan_with_its_time() -> None:
    by_hand = [PassingEntered(entrant_id(bib), "finish", after_gun("17:00"), *WHO) for bib in (4, 1)]
    runs = [Run(bib, "0:00", "17:00") for bib in (1, 2, 3, 4)]
    ruled = rows_of(runs, *by_hand, rules=Rules(ties="arrival"))
    assert [ruled[bib].place for bib in (1, 2, 3, 4)] == [4, 1, 2, 3]


@pytest.mark.parametrize("basis", ["net", "gun"])
def test_nobody_with_a_negative_time_has_a_place(basis: Basis) -> None:
    too_late = PassingEntered(entrant_id(1), "start", after_gun("50:00"), *WHO)
    row = rows_of([net(1, 1000), net(2, 1003)], too_late, rules=Rules(basis=basis))[1]
    assert (row.place, row.status, Flag.IMPOSSIBLE in row.flags) == (None, Status.FINISHED, True)


def test_a_start_long_before_the_gun_is_none_where_net_times_rank() -> None:
    early: list[Event] = [
        StartOffsetGiven(entrant_id(1), Span(-3_600 * SECOND), *WHO),
        PassingEntered(entrant_id(1), "finish", after_gun("-5:00"), *WHO),
    ]
    by_net, by_gun = (rows_of([net(1, 1000)], *early, rules=Rules(basis=basis))[1] for basis in ("net", "gun"))
    assert (by_net.place, Flag.IMPOSSIBLE in by_net.flags) == (1, False)
    assert (by_gun.place, Flag.IMPOSSIBLE in by_gun.flags) == (None, True)


# The guard.


def test_under_the_guard_all_rank_by_one_clock() -> None:
    runs = [Run(1, "1:00", "17:50"), Run(2, "0:05", "17:00"), Run(3, None, "19:00")]
    places = {
        share: [rows_of(runs, rules=Rules(missing_start="guard", start_coverage=share))[bib].place for bib in (1, 2, 3)]
        for share in (0.6, 0.7)
    }
    assert places == {0.6: [1, 2, 3], 0.7: [2, 1, 3]}


# And all of it is published.

ODD = [
    WHOLE,
    Run(2, "0:10", "17:01", sex="", category=""),
    Run(3, "0:10", "17:02", company=""),
    Run(4, "0:10", "17:03", company="c0009"),  # a firm whose name is empty
    Run(5, "0:10", "17:04", company="c0010", team="t0009", sex="X"),  # a firm and a team that the directory lost
    Run(6, None, "17:05", sex="F\n2"),
    Run(7, "0:10"),
    Run(8),
    net(9, 1000),
    net(10, 1000),
    net(11, 1000),
]
RULED: list[Event] = [
    entrant(99, company="", sex="", category=""),  # no bib
    entrant(98, wave="9"),  # a wave that nobody starts
    StatusRuled(entrant_id(9), "dsq", *WHO),
    ResultWithheld(entrant_id(10), *WHO),
    TimeAdjusted(entrant_id(11), Span(-3_600 * SECOND), *WHO),
    EntrantMoved(entrant_id(8), "c0011", "t0010", *WHO),
]
EVERY_WAY = Rules(
    missing_start="guard",
    uncertainty_ms=5_000,
    ranking=(
        *(
            GroupRule(f"{division} {combine}", group, division=division, combine=combine, pick=1, window_s=30)
            for group in ("company", "team")
            for division in ("all", "sex", "category", "size")
            for combine in ("sum", "average", "nth", "together", "count", "share", "donation")
        ),
        GroupRule("순위 합", "company", by="place", pick=1, displace=7, incomplete="last", min_members=1),
        GroupRule("혼성", "company", mix=(Mix("1+1", ({"M": 1, "F": 1}, {"F": 1})),), teams="many"),
    ),
)


def odd_race(closed: bool) -> Race:
    ruled = [*RULED, RulesSet(EVERY_WAY, *WHO), *([CourseClosed(after_gun("90:00"), *WHO)] if closed else [])]
    return fold(log_of([opened(0), *desk_facts(ODD), *ruled], *stations(ODD)).read())


@pytest.mark.parametrize("closed", [False, True])
def test_a_race_full_of_odd_rows_is_published_to_its_last_page(closed: bool, tmp_path: Path) -> None:
    folded = odd_race(closed)
    names = Names({entrant_id(1): "김하늘", entrant_id(2): ""}, FIRMS | {"c0009": ""}, {"t0001": ""})
    ranked = standings(folded)
    lists = rankings(ranked, names)
    view = View(folded.facts, {"ko": "경주", "en": "Race"}, folded.course_m, ranked, names, SEOUL)
    published = Snapshot(view)
    written(published, tmp_path)
    bibs = {row.entrant.bib for row in ranked.rows}
    assert bibs == {None, *range(1, 12)}
    for bib in bibs - {None, 10}:  # 10 is withheld: a page would say whose result it is
        assert (tmp_path / "r" / f"{bib}.html").stat().st_size
    for page in tmp_path.rglob("*.html"):  # no link without words, none to a runner without a page
        html = page.read_text(encoding="utf-8")
        assert re.findall(r'<a href="[^"]*"></a>|None', html) == [], page
    assert len(list(csv.reader(io.StringIO(results_csv(ranked, names))))) == len(ranked.rows) + 1
    assert rankings_csv(lists, names)
    assert results_json(ranked, lists, names)


def test_the_odd_rows_are_flagged_and_nobody_else_is() -> None:
    flagged = {row.entrant.bib for row in standings(odd_race(closed=False)).rows if row.flags}
    assert flagged == {None, 2, 3, 6, 11}


def test_a_race_nobody_has_entered_is_published_too(tmp_path: Path) -> None:
    ranked = standings(race_of([]))
    view = View(1, {"ko": "경주", "en": "Race"}, 4_500, ranked, Names(), SEOUL)
    written(Snapshot(view), tmp_path)
    assert (tmp_path / "index.html").exists()
