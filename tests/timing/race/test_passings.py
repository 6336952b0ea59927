"""Judgement: which scans are the start and the finish, and what becomes of all the others."""

from pathlib import Path
from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import GUN, after_gun, at_finish, at_start, race_time
from timing.race.events import RuledStatus
from timing.race.instants import SECOND, Instant, Span
from timing.race.passings import UNRULED, Judgement, Passing, Point, Reason, Rulings, Scan, judge
from timing.race.rules import Rules

RULES = Rules(start_window_s=900, min_finish_s=600)


def judged(*scans: Scan, gun: Instant | None = GUN, rules: Rules = RULES, ruled: Rulings = UNRULED) -> Judgement:
    return judge(scans, gun, rules, ruled)


def reasons(judgement: Judgement) -> list[Reason]:
    return [reason for _, reason in judgement.reasons]


# First the cases in which something is missing.


def test_nobody_saw_the_runner_at_all() -> None:
    assert judged() == Judgement(None, None, GUN, ())


def test_without_a_start_scan_the_gun_stands_in_and_says_so() -> None:
    judgement = judged(at_finish("17:05"))
    assert judgement.start == Passing(Point.START, GUN, "gun", None)
    assert judgement.net_time == judgement.gun_time == race_time("17:05")


def test_without_a_start_scan_a_strict_race_gives_no_net_time() -> None:
    judgement = judged(at_finish("17:05"), rules=Rules(missing_start="unranked"))
    assert judgement.start is None
    assert judgement.net_time is None
    assert judgement.gun_time == race_time("17:05")


def test_without_a_finish_scan_the_start_is_known_and_no_time() -> None:
    judgement = judged(at_start("0:12"))
    assert judgement.start and judgement.start.source == "scan"
    assert (judgement.finish, judgement.net_time, judgement.gun_time) == (None, None, None)


def test_the_gun_stands_in_for_nobody_who_was_never_seen_to_finish() -> None:
    assert judged(at_start("-0:30")).start is None


def test_before_the_gun_is_recorded_a_runner_has_a_net_time_already() -> None:
    judgement = judged(at_start("0:12"), at_finish("17:05"), gun=None)
    assert judgement.net_time == race_time("16:53")
    assert judgement.gun_time is None


def test_before_the_gun_is_recorded_nothing_stands_in_for_a_missing_start() -> None:
    judgement = judged(at_finish("17:05"), gun=None)
    assert judgement.finish
    assert (judgement.start, judgement.net_time, judgement.gun_time) == (None, None, None)


# Then the start.


def test_the_last_start_in_the_window_counts() -> None:
    judgement = judged(at_start("0:12", seq=2), at_start("1:40", seq=3), at_finish("17:05"))
    assert judgement.net_time == race_time("15:25")
    assert reasons(judgement) == [Reason.START_SUPERSEDED, Reason.START_USED, Reason.FINISH_USED]


def test_who_waits_under_the_camera_starts_on_leaving_it() -> None:
    assert judged(at_start("-3:00", "0:08")).start == Passing(
        Point.START, after_gun("0:08"), "scan", at_start("-3:00", "0:08")
    )


def test_a_measured_crossing_beats_first_and_last_sight() -> None:
    judgement = judged(at_start("0:05", "0:20", crossed="0:11"), at_finish("17:00", "17:09", crossed="17:05"))
    assert judgement.net_time == race_time("16:54")


def test_a_scan_before_the_gun_is_a_warm_up_where_a_start_comes_after_it() -> None:
    judgement = judged(at_start("-5:00"), at_start("0:07", seq=3), at_finish("17:05"))
    assert reasons(judgement) == [Reason.BEFORE_GUN, Reason.START_USED, Reason.FINISH_USED]
    assert not judgement.held


def test_whoever_stands_behind_the_line_just_before_the_gun_has_the_gun_for_a_start() -> None:
    judgement = judged(at_start("-5:00"), at_start("-0:20", "-0:03", seq=3), at_finish("17:05"))
    assert judgement.start and judgement.start.source == "gun"
    assert (judgement.held, judgement.net_time) == (False, race_time("17:05"))


SPLIT = replace(at_start("0:00"), point=Point.SPLIT, metres=2_000, lineage="split")
HELD = {
    "with an earlier wave": (at_start("-9:53"), at_finish("14:50")),
    "seconds too early to have been waiting": (at_start("-0:06"), at_finish("17:05")),
    "before the gun, long waiting and then gone": (at_start("-20:00", "-8:00"), at_finish("17:05")),
    "with a later wave, after the window": (at_start("15:01"), at_finish("32:00")),
    "waiting, and then after the window": (at_start("-0:02"), at_start("16:00", seq=3), at_finish("32:00")),
    "after what cannot be the finish": (at_start("12:00"), at_finish("11:30")),
    "in one instant with the finish": (at_start("12:00"), at_finish("12:00")),
    "by a clock that nobody trusts": (replace(at_start("0:07"), doubtful=True), at_finish("17:05")),
    "half-way before the gun": (replace(SPLIT, last_at=after_gun("-1:00")), at_finish("10:05")),
}


@pytest.mark.parametrize("seen", HELD.values(), ids=HELD.keys())
def test_a_start_that_was_seen_and_cannot_count_is_held_and_the_gun_does_not_stand_in(seen: tuple[Scan, ...]) -> None:
    judgement = judged(*seen)
    assert judgement.finish and judgement.start is None and judgement.held
    assert (judgement.net_time, judgement.gun_time) == (None, None)
    assert judged(*seen, gun=None).held is False
    by_gun = judged(*seen, rules=replace(RULES, uncounted_start="gun"))
    assert (by_gun.held, by_gun.gun_time) == (False, judgement.since_gun)


@pytest.mark.parametrize(
    "ruled",
    [Rulings(start_at=after_gun("0:05")), Rulings(start_offset=Span(0)), Rulings(start_offset=Span(-593_000_000))],
)
def test_a_ruling_lets_go_of_what_was_held(ruled: Rulings) -> None:
    judgement = judged(at_start("-9:53"), at_finish("14:50"), ruled=ruled)
    assert not judgement.held and judgement.start and judgement.start.source == "ruling"
    assert judgement.gun_time == race_time("14:50")


NOT_HELD = {
    "who walks past the start with a medal": (at_finish("16:00"), at_start("25:00")),
    "a scan that was struck": (replace(at_start("-9:00"), voided=True), at_finish("17:05")),
    "who only stood in the pen": (replace(at_start("-9:00"), point=Point.PEN, wave="1"), at_finish("17:05")),
    "whom no camera saw at the start": (at_finish("17:05"),),
}


@pytest.mark.parametrize("seen", NOT_HELD.values(), ids=NOT_HELD.keys())
def test_the_gun_stands_in_where_nothing_speaks_against_it(seen: tuple[Scan, ...]) -> None:
    judgement = judged(*seen)
    assert not judgement.held and judgement.start and judgement.start.source == "gun"


def test_a_start_on_the_gun_itself_counts() -> None:
    assert reasons(judged(at_start("0:00"))) == [Reason.START_USED]


def test_a_scan_after_the_window_is_a_walk_back_past_the_start() -> None:
    judgement = judged(at_start("0:12", seq=2), at_start("15:00.1", seq=3), at_finish("17:05"))
    assert judgement.net_time == race_time("16:53")
    assert reasons(judgement) == [Reason.START_USED, Reason.AFTER_WINDOW, Reason.FINISH_USED]


def test_the_window_s_last_instant_still_counts() -> None:
    assert reasons(judged(at_start("15:00"))) == [Reason.START_USED]


def test_a_race_without_a_window_takes_any_start_before_the_finish() -> None:
    assert reasons(judged(at_start("30:00"), at_finish("50:00"), rules=Rules())) == [
        Reason.START_USED,
        Reason.FINISH_USED,
    ]


def test_who_strolls_back_to_the_start_after_finishing_keeps_the_time() -> None:
    judgement = judged(at_start("0:12", seq=2), at_finish("14:00"), at_start("14:30", seq=3))
    assert judgement.net_time == race_time("13:48")
    assert reasons(judgement) == [Reason.START_USED, Reason.FINISH_USED, Reason.AFTER_FINISH]


def test_start_and_finish_in_one_instant_are_no_race() -> None:
    judgement = judged(at_start("12:00"), at_finish("12:00"))
    assert set(reasons(judgement)) == {Reason.AFTER_FINISH, Reason.FINISH_USED}
    assert judgement.held and judgement.net_time is None


# Then the finish.


def test_the_first_plausible_finish_counts() -> None:
    judgement = judged(at_finish("17:05", seq=2), at_finish("17:20", seq=3), at_finish("40:00", seq=4))
    assert judgement.gun_time == race_time("17:05")
    assert reasons(judgement) == [Reason.FINISH_USED, Reason.REPEATED, Reason.REPEATED]


def test_the_finish_is_first_sight_however_long_the_runner_stays() -> None:
    assert judged(at_finish("17:05", "19:00")).gun_time == race_time("17:05")


def test_a_finish_faster_than_anybody_runs_is_not_plausible() -> None:
    judgement = judged(at_finish("9:59.9", seq=2), at_finish("17:05", seq=3))
    assert judgement.gun_time == race_time("17:05")
    assert reasons(judgement) == [Reason.TOO_EARLY, Reason.FINISH_USED]


def test_the_fastest_plausible_time_is_plausible() -> None:
    assert reasons(judged(at_finish("10:00"))) == [Reason.FINISH_USED]


def test_nobody_finishes_before_the_gun() -> None:
    assert reasons(judged(at_finish("-0:01"), rules=Rules())) == [Reason.TOO_EARLY]


def test_two_finish_cameras_give_the_earlier_instant() -> None:
    judgement = judged(at_finish("17:05.4", lineage="finish-b"), at_finish("17:05.2", lineage="finish-a"))
    assert judgement.gun_time == race_time("17:05.2")
    assert reasons(judgement) == [Reason.FINISH_USED, Reason.REPEATED]


def test_a_moved_gun_moves_the_gun_time_and_not_the_net_time() -> None:
    scans = at_start("0:12"), at_finish("17:05")
    assert judged(*scans, gun=after_gun("0:05")).gun_time == race_time("17:00")
    assert judged(*scans, gun=after_gun("0:05")).net_time == judged(*scans).net_time


# Then what officials ruled.


def ruled(*scans: Scan, rules: Rules = RULES, closed: str = "", **decided: object) -> Judgement:
    return judge(scans, GUN, rules, replace(UNRULED, **decided), after_gun(closed) if closed else None)


RUN = at_start("0:12"), at_finish("17:05")


def test_a_finish_as_the_course_closes_still_counts_and_none_after_it() -> None:
    assert reasons(ruled(at_finish("30:00"), closed="30:00")) == [Reason.FINISH_USED]
    late = ruled(at_start("0:12"), at_finish("30:00.1"), closed="30:00")
    assert reasons(late) == [Reason.START_USED, Reason.AFTER_CLOSE]
    assert late.finish is None


def test_an_official_s_passing_counts_also_after_the_closing_and_stands_above_every_scan() -> None:
    judgement = ruled(*RUN, closed="10:00", finish_at=after_gun("18:00"))
    assert judgement.finish == Passing(Point.FINISH, after_gun("18:00"), "ruling")
    assert reasons(judgement) == [Reason.START_USED, Reason.AFTER_CLOSE]
    assert reasons(ruled(*RUN, finish_at=after_gun("18:00"))) == [Reason.START_USED, Reason.OVERRULED]
    assert reasons(ruled(*RUN, start_at=after_gun("1:00"))) == [Reason.OVERRULED, Reason.FINISH_USED]


@pytest.mark.parametrize("status", get_args(RuledStatus))
def test_whoever_is_ruled_out_has_no_finish_and_every_finish_scan_says_why(status: str) -> None:
    judgement = ruled(*RUN, status=status)
    assert (judgement.finish, judgement.net_time, judgement.gun_time) == (None, None, None)
    assert reasons(judgement) == [Reason.START_USED, Reason.RULED_OUT]


def test_a_start_by_offset_moves_with_the_gun() -> None:
    for gun in ("0:00", "0:05"):
        judgement = judge(RUN, after_gun(gun), RULES, replace(UNRULED, start_offset=race_time("2:00")))
        assert judgement.net_time == race_time("15:05") - race_time(gun)
        assert judgement.start and judgement.start.source == "ruling"
    assert judge(RUN, None, RULES, replace(UNRULED, start_offset=race_time("2:00"))).start == judged(*RUN).start


def test_a_penalty_is_added_to_both_times_and_moves_no_passing() -> None:
    judgement = ruled(*RUN, adjusted=race_time("0:30"))
    assert (judgement.net_time, judgement.gun_time) == (race_time("17:23"), race_time("17:35"))
    assert (judgement.start, judgement.finish) == (judged(*RUN).start, judged(*RUN).finish)


def test_a_voided_scan_leaves_the_next_one_to_count() -> None:
    judgement = judged(replace(at_finish("16:00"), voided=True), *RUN)
    assert judgement.gun_time == race_time("17:05")
    assert reasons(judgement) == [Reason.START_USED, Reason.VOIDED, Reason.FINISH_USED]


def test_a_doubtful_clock_counts_for_nothing_and_a_void_is_the_stronger_word() -> None:
    start, finish = RUN
    assert reasons(judged(replace(start, doubtful=True), finish)) == [Reason.CLOCK_DOUBTFUL, Reason.FINISH_USED]
    assert reasons(judged(replace(start, doubtful=True, voided=True), finish))[0] is Reason.VOIDED


def test_a_pen_gives_no_time() -> None:
    judgement = judged(replace(at_start("-10:00"), point=Point.PEN), at_finish("17:05"))
    assert reasons(judgement) == [Reason.IN_PEN, Reason.FINISH_USED]
    assert judgement.start and judgement.start.source == "gun"


def at_split(metres: int, first: str, seq: int = 2) -> Scan:
    return replace(at_finish(first, seq=seq, lineage=f"split-{metres}"), point=Point.SPLIT, metres=metres)


def test_splits_are_told_by_distance_and_change_no_time() -> None:
    start, finish = RUN
    judgement = judged(at_split(3_500, "13:20"), start, at_split(2_000, "7:40"), at_split(2_000, "7:45", seq=3), finish)
    assert [(split.scan and split.scan.metres, split.at) for split in judgement.splits] == [
        (2_000, after_gun("7:40")), (3_500, after_gun("13:20")),
    ]  # fmt: skip
    assert (judgement.net_time, judgement.gun_time) == (judged(*RUN).net_time, judged(*RUN).gun_time)
    assert reasons(judgement) == [
        Reason.START_USED, Reason.SPLIT_USED, Reason.SPLIT_REPEATED, Reason.SPLIT_USED, Reason.FINISH_USED,
    ]  # fmt: skip


def test_nobody_is_on_the_course_before_the_start_or_after_the_finish() -> None:
    start, finish = RUN
    judgement = judged(at_split(2_000, "0:01"), start, finish, at_split(2_000, "20:00", seq=3))
    assert reasons(judgement) == [Reason.BEFORE_START, Reason.START_USED, Reason.FINISH_USED, Reason.AFTER_FINISH]
    assert judgement.splits == ()


def test_nobody_runs_the_course_in_less_than_the_least_time_from_the_own_start() -> None:
    rules = Rules(min_run_s=600)
    judgement = judged(at_start("5:00"), at_finish("14:59.9"), at_finish("17:05", seq=3), rules=rules)
    assert reasons(judgement) == [Reason.START_USED, Reason.TOO_SOON, Reason.FINISH_USED]
    assert reasons(judged(at_start("5:00"), at_finish("15:00"), rules=rules)) == [Reason.START_USED, Reason.FINISH_USED]
    assert reasons(judged(at_finish("9:00"), rules=rules)) == [Reason.FINISH_USED]  # the gun is nobody's own start


def test_every_reason_is_met_here() -> None:
    text = Path(__file__).read_text(encoding="utf-8")
    assert [reason.name for reason in Reason if f"Reason.{reason.name}" not in text] == []


# And the laws.

moments = st.integers(-600, 3_000).map(lambda seconds: f"{'-' if seconds < 0 else ''}0:{abs(seconds)}")


ODD: list[dict[str, object]] = [{}, {}, {}, {"voided": True}, {"doubtful": True}, {"point": Point.PEN, "wave": "2"},
                                   {"point": Point.SPLIT, "metres": 2_000}]  # fmt: skip


@st.composite
def visits(draw: st.DrawFn) -> list[Scan]:
    """One runner's visits to three cameras; each scan has its own number, and a few are struck, doubtful or in a pen."""
    kinds = draw(st.lists(st.sampled_from([at_start, at_finish]), max_size=8))
    seen = [
        kind(draw(moments), seq=seq, lineage=draw(st.sampled_from(["a", "b", "c"])))
        for seq, kind in enumerate(kinds, start=2)
    ]
    return [replace(scan, **draw(st.sampled_from(ODD))) for scan in seen]


rules = st.builds(
    Rules,
    missing_start=st.sampled_from(["gun", "unranked", "guard"]),
    start_window_s=st.none() | st.integers(0, 1_000).map(float),
    min_finish_s=st.none() | st.integers(0, 1_000).map(float),
    min_run_s=st.none() | st.integers(0, 1_000).map(float),
)
guns = st.none() | st.just(GUN)
instants = st.none() | moments.map(after_gun)
rulings = st.builds(
    Rulings,
    start_at=instants,
    start_offset=st.none() | st.integers(-60, 60).map(lambda seconds: Span(seconds * SECOND)),
    finish_at=instants,
    adjusted=st.integers(-60, 60).map(lambda seconds: Span(seconds * SECOND)),
    status=st.none() | st.sampled_from(get_args(RuledStatus)),
)


@given(visits(), guns, rules, rulings, instants, st.integers(0, 2**32))
def test_any_order_of_arrival_gives_the_same_judgement(
    scans: list[Scan], gun: Instant | None, by: Rules, ruling: Rulings, closed: Instant | None, seed: int
) -> None:
    shuffled = list(scans)
    Random(seed).shuffle(shuffled)
    assert judge(shuffled, gun, by, ruling, closed) == judge(scans, gun, by, ruling, closed)


@given(visits(), guns, rules, rulings, instants)
def test_every_scan_gets_exactly_one_reason_in_the_order_of_time(
    scans: list[Scan], gun: Instant | None, by: Rules, ruling: Rulings, closed: Instant | None
) -> None:
    explained = [scan for scan, _ in judge(scans, gun, by, ruling, closed).reasons]
    assert explained == sorted(scans, key=lambda scan: scan.order)


@given(visits(), guns, rules, rulings, instants)
def test_what_is_used_is_what_the_passings_name(
    scans: list[Scan], gun: Instant | None, by: Rules, ruling: Rulings, closed: Instant | None
) -> None:
    judgement = judge(scans, gun, by, ruling, closed)
    used = {reason: scan for scan, reason in judgement.reasons if reason in (Reason.START_USED, Reason.FINISH_USED)}
    assert used.get(Reason.START_USED) == (judgement.start.scan if judgement.start else None)
    assert used.get(Reason.FINISH_USED) == (judgement.finish.scan if judgement.finish else None)
    assert reasons(judgement).count(Reason.START_USED) <= 1
    assert reasons(judgement).count(Reason.FINISH_USED) <= 1
    assert all(not scan.voided and not scan.doubtful for scan in used.values())


@given(visits(), guns, rules)
def test_nobody_finishes_before_starting_unless_officials_say_so(
    scans: list[Scan], gun: Instant | None, by: Rules
) -> None:
    judgement = judge(scans, gun, by)
    for time in (judgement.net_time, judgement.gun_time):
        assert time is None or time >= 0


@given(visits(), guns, rules, st.integers(0, 2_000))
def test_a_course_that_closes_later_takes_no_finish_away(
    scans: list[Scan], gun: Instant | None, by: Rules, later_s: int
) -> None:
    closed = after_gun("10:00")
    early, late = (
        judge(scans, gun, by, UNRULED, closed),
        judge(scans, gun, by, UNRULED, Instant(closed + later_s * SECOND)),
    )
    assert early.finish is None or early.finish == late.finish
