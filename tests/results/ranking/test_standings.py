"""Standings: who ran how long, who is in which place, and how far everybody else has come."""

from dataclasses import replace
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from results.ranking.rows import Row, Status
from results.ranking.standings import Standings, standings
from tests.boards import Run, desk_facts, net, race_of, said, standings_of, stations
from tests.builders import GUN, RACE, Station, after_gun, entrant, log_of, opened, race, race_time, runner, scan
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from timing.race.events import GunMoved
from timing.race.fold import fold
from timing.race.instants import SECOND
from timing.race.passings import Reason
from timing.race.rules import Rules


def bibs(ranked: Standings) -> list[tuple[int | None, int | None]]:
    """Place and bib, line by line."""
    return [(row.place, row.entrant.bib) for row in ranked.rows]


def row_of(ranked: Standings, bib: int) -> Row:
    row = ranked.by_bib(bib)
    assert row
    return row


def test_net_time_decides_not_gun_time() -> None:
    last_across_the_start = Run(1, "1:00", "17:50")
    first_at_the_finish = Run(2, "0:05", "17:00")
    ranked = standings_of([first_at_the_finish, last_across_the_start])
    assert bibs(ranked) == [(1, 1), (2, 2)]
    assert row_of(ranked, 1).net_time == race_time("16:50")
    assert row_of(ranked, 1).gun_time == race_time("17:50")


def test_by_rule_the_gun_decides() -> None:
    ranked = standings_of([Run(1, "1:00", "17:50"), Run(2, "0:05", "17:00")], Rules(basis="gun"))
    assert bibs(ranked) == [(1, 2), (2, 1)]
    assert [row.time for row in ranked.rows] == [race_time("17:00"), race_time("17:50")]


def test_a_microsecond_is_enough_to_win_by() -> None:
    ranked = standings_of([net(1, 1013.000001), net(2, 1013)])
    assert bibs(ranked) == [(1, 2), (2, 1)]


def test_equal_times_share_a_place_and_the_next_is_skipped() -> None:
    ranked = standings_of([net(1, 1000), Run(2, "0:10", "17:00"), Run(3, "0:20", "17:10"), net(4, 1100)])
    assert bibs(ranked) == [(1, 1), (2, 2), (2, 3), (4, 4)]


def test_by_rule_the_first_recorded_of_two_equal_times_is_in_front() -> None:
    ranked = standings_of([Run(2, "0:20", "17:10"), Run(3, "0:10", "17:00")], Rules(ties="arrival"))
    assert bibs(ranked) == [(1, 3), (2, 2)]


def test_places_by_sex_and_by_category_within_the_sex() -> None:
    runs = [
        net(1, 1000, sex="M", category="40대"),
        net(2, 1010, sex="F", category="40대"),
        net(3, 1020, sex="M", category="30대"),
        net(4, 1030, sex="M", category="40대"),
        net(5, 1040, sex="F", category="40대"),
    ]
    ranked = standings_of(runs)
    assert [row.sex_place for row in ranked.rows] == [1, 1, 2, 3, 2]
    assert [row.category_place for row in ranked.rows] == [1, 1, 1, 2, 2]


def test_by_rule_a_category_is_one_list_for_all() -> None:
    runs = [net(1, 1000, sex="M", category="40대"), net(2, 1010, sex="F", category="40대"), net(3, 1020, sex="")]
    ranked = standings_of(runs, Rules(category_within="all"))
    assert [row.category_place for row in ranked.rows] == [1, 2, 1]


def test_whoever_names_no_sex_or_category_ranks_overall_only() -> None:
    ranked = standings_of([net(1, 1000, sex=""), net(2, 1010, category="")])
    assert [(row.place, row.sex_place, row.category_place) for row in ranked.rows] == [(1, None, None), (2, 1, None)]


def test_a_start_nobody_saw_is_the_gun_and_says_so() -> None:
    ranked = standings_of([Run(1, None, "17:00"), Run(2, "0:10", "17:05")])
    assert bibs(ranked) == [(1, 2), (2, 1)]
    assert [row.start_source for row in ranked.rows] == ["scan", "gun"]
    assert row_of(ranked, 1).net_time == row_of(ranked, 1).gun_time == race_time("17:00")


def test_by_rule_whoever_has_no_start_does_not_rank_but_has_finished() -> None:
    ranked = standings_of([Run(1, None, "17:00"), Run(2, "0:10", "17:05")], Rules(missing_start="unranked"))
    assert bibs(ranked) == [(1, 2), (None, 1)]
    assert row_of(ranked, 1).status is Status.FINISHED
    assert row_of(ranked, 1).gun_time == race_time("17:00")


def test_before_anybody_runs_everybody_is_registered_in_the_order_of_bibs() -> None:
    ranked = standings_of([Run(12), Run(3), Run(7)])
    assert bibs(ranked) == [(None, 3), (None, 7), (None, 12)]
    assert ranked.count(Status.REGISTERED) == 3


def test_how_far_everybody_has_come() -> None:
    ranked = standings_of([Run(1), Run(2, "0:10"), Run(3, "0:12", "17:00"), Run(4, "0:12", "18:00")])
    assert [(row.entrant.bib, row.status) for row in ranked.rows] == [
        (3, Status.FINISHED),
        (4, Status.FINISHED),
        (1, Status.REGISTERED),
        (2, Status.STARTED),
    ]
    assert ranked.count(Status.STARTED, Status.FINISHED) == 3
    assert [row.entrant.bib for row in ranked.ranked] == [3, 4]


def test_whoever_waits_under_the_start_camera_starts_when_last_seen() -> None:
    start = Station("start-1", "start").says(scan(1, "0:02", "0:25"))
    finish = Station("finish-1").says(scan(1, "17:00", "17:08"))
    ranked = standings(fold(log_of(desk_facts([Run(1)]), start, finish).read()), Rules())
    assert row_of(ranked, 1).net_time == race_time("16:35")


def test_a_runner_who_strolls_past_the_finish_camera_early_has_not_finished() -> None:
    finish = Station("finish-1").says(scan(1, "8:00"), scan(1, "17:00"), scan(1, "19:00"))
    start = Station("start-1", "start").says(scan(1, "0:10"))
    ranked = standings(fold(log_of(desk_facts([Run(1)]), start, finish).read()), Rules(min_finish_s=600))
    assert row_of(ranked, 1).net_time == race_time("16:50")
    assert [why for _, why in row_of(ranked, 1).judged.reasons] == [
        Reason.START_USED,
        Reason.TOO_EARLY,
        Reason.FINISH_USED,
        Reason.REPEATED,
    ]


def test_a_moved_gun_moves_gun_times_and_leaves_net_times() -> None:
    start = Station("start-1", "start").says(scan(1, "0:10"))
    desk = race(*desk_facts([Run(1)]), GunMoved("1", after_gun("0:04"), "desk", "심판 시계 확인"))
    ranked = standings(fold(log_of(desk, start, Station().says(scan(1, "17:00"))).read()), Rules())
    assert (row_of(ranked, 1).gun_time, row_of(ranked, 1).net_time) == (race_time("16:56"), race_time("16:50"))


def test_without_a_gun_whoever_was_seen_twice_still_has_a_net_time() -> None:
    start = Station("start-1", "start").says(scan(1, "0:10"))
    ranked = standings(fold(log_of(race(*runner(1)), start, Station().says(scan(1, "17:00"))).read()), Rules())
    assert row_of(ranked, 1).place == 1
    assert row_of(ranked, 1).gun_time is None


def test_an_entrant_without_a_bib_is_in_the_list_and_nowhere_else() -> None:
    ranked = standings(fold(log_of(race(entrant(9), *desk_facts([net(1, 1000)]))).read()), Rules())
    assert [(row.entrant.bib, row.status) for row in ranked.rows] == [(None, Status.REGISTERED), (1, Status.REGISTERED)]
    assert ranked.by_bib(9) is None


net_spans = st.integers(900, 906).map(lambda seconds: seconds * SECOND)  # few values, so that many are equal
fields = st.lists(
    st.tuples(net_spans, st.sampled_from("FM"), st.sampled_from(["30대", "40대"])), min_size=1, max_size=9
)


def field_of(drawn: list[tuple[int, str, str]]) -> list[Run]:
    return [
        Run(bib, "10", said(span + 10 * SECOND), sex=sex, category=category)
        for bib, (span, sex, category) in enumerate(drawn, 1)
    ]


@given(fields, st.data())
def test_without_one_runner_only_the_places_behind_move(drawn: list[tuple[int, str, str]], data: st.DataObject) -> None:
    runs = field_of(drawn)
    gone = data.draw(st.sampled_from(runs))
    before, after = standings_of(runs), standings_of([run for run in runs if run is not gone])
    missing = row_of(before, gone.bib)
    assert missing.time is not None
    for row in after.rows:
        was = row_of(before, row.entrant.bib or 0)
        assert row.time is not None and row.place is not None and was.place is not None
        assert row.time == was.time
        assert row.place == was.place - (row.time > missing.time)


@given(fields, st.sampled_from(["net", "gun"]))
def test_a_place_counts_those_who_were_faster(drawn: list[tuple[int, str, str]], basis: str) -> None:
    ranked = standings_of(field_of(drawn), Rules(basis="net" if basis == "net" else "gun"))
    times = [row.time for row in ranked.rows if row.time is not None]
    assert times == sorted(times)
    for row in ranked.rows:
        assert row.time is not None
        assert row.place == 1 + sum(time < row.time for time in times)
        sisters = [other.time for other in ranked.ranked if other.entrant.sex == row.entrant.sex]
        assert row.sex_place == 1 + sum(time is not None and time < row.time for time in sisters)


passes = st.tuples(st.integers(1, 4), st.integers(-5, 20))
"""A bib (the fourth belongs to nobody) and the second at which it is seen."""


@given(st.lists(st.tuples(st.integers(0, 3), passes), max_size=14), st.randoms(use_true_random=False))
def test_the_order_in_which_scans_arrive_changes_nothing(
    seen: list[tuple[int, tuple[int, int]]], chance: Random
) -> None:
    desk = [opened(), *desk_facts([Run(1), Run(2), Run(3)])]
    cameras = [
        Station(name, "start" if "start" in name else "finish") for name in ("start-1", "start-2", "fin-1", "fin-2")
    ]
    for camera, (bib, second) in seen:
        cameras[camera].says(scan(bib, said((second + (0 if camera < 2 else 10)) * SECOND)))
    in_order = standings(fold(log_of(desk, *cameras).read()), Rules())

    log = MemoryLog(RACE, ManualClock(GUN))
    log.record(desk)
    turns = [camera for camera in cameras for _ in camera.items]
    chance.shuffle(turns)
    for station in turns:  # each station's own order stays, as its outbox keeps it; between stations anything goes
        following = log.lineage_head(station.lineage).seq + 1
        log.receive(station.batch(following, following))
    assert standings(fold(log.read()), Rules()) == in_order


@given(fields)
def test_a_resent_scan_changes_nothing(drawn: list[tuple[int, str, str]]) -> None:
    runs = field_of(drawn)
    told = race_of(runs)
    doubled = fold(log_of([opened(), *desk_facts(runs)], *stations(runs), *stations(runs)).read())
    assert standings(doubled, Rules()) == standings(told, Rules())


def test_standings_are_a_projection_and_may_be_computed_again() -> None:
    runs = [net(1, 1000), net(2, 990), Run(3, "0:10")]
    assert standings_of(runs) == standings_of(runs)
    assert replace(standings_of(runs), rules=Rules(basis="gun")) != standings_of(runs)
