"""The fold: from facts to what is known of the race."""

from random import Random
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.builders import (
    RACE,
    Station,
    after_gun,
    assigned,
    code_of,
    entrant,
    entrant_id,
    gun,
    log_of,
    opened,
    race,
    runner,
    scan,
)
from tests.clock_and_chance import ManualClock
from tests.drawn_races import DrawnRace, drawn_races
from tests.drawn_races import told as told_race
from tests.memory_log import MemoryLog
from tests.rulings import corrections, rulings
from timing.race.events import (
    ClockRuled,
    ClockSampled,
    Correction,
    CourseOpened,
    FilmJumped,
    GunHeard,
    GunMoved,
    RulesSet,
    Scanned,
    ScanVoided,
    StationClosed,
    StationOpened,
    StationRepointed,
    TapNamed,
    Unread,
    UnreadDismissed,
    UnreadNamed,
    WaveAssigned,
)
from timing.race.fold import Race, fold
from timing.race.instants import MILLISECOND, SECOND, Span, later
from timing.race.passings import Point, Scan, ScanSource, UnmatchedReason
from timing.race.rules import Rules


def test_an_empty_log_is_a_race_nobody_opened() -> None:
    assert fold([]) == Race()


def test_the_desk_s_facts_make_the_race() -> None:
    told = fold(log_of(race(opened(), *runner(417, company="c0002", team="t0001"), gun())).read())
    assert (told.id, told.course_m, told.facts) == (RACE, 4_500, 4)
    assert told.guns == {"1": after_gun("0:00")}
    assert told.roster() == {code_of(417): 417}
    known = told.by_bib(417)
    assert known
    assert (known.id, known.company, known.team, known.code) == (entrant_id(417), "c0002", "t0001", code_of(417))


def test_a_bib_that_nobody_wears() -> None:
    assert fold(log_of(runner(417)).read()).by_bib(12) is None


def test_an_entrant_without_a_bib_has_no_scans() -> None:
    told = fold(log_of(race(entrant(417)), Station().says(scan(417, "17:05"))).read())
    assert told.scans_of(told.entrants[entrant_id(417)]) == []
    assert told.roster() == {}


def test_an_amended_entry_keeps_its_bib_and_its_scans() -> None:
    desk = race(entrant(417, company="c0001"), assigned(417), entrant(417, company="c0003", wave="2"))
    told = fold(log_of(desk, Station().says(scan(417, "17:05"))).read())
    known = told.by_bib(417)
    assert known
    assert (known.company, known.wave, known.code) == ("c0003", "2", code_of(417))
    assert len(told.scans_of(known)) == 1


def test_a_moved_gun_replaces_the_first_word_and_no_other_wave_s() -> None:
    moved = GunMoved("1", after_gun("0:05"), "desk", "심판 시계 확인")
    told = fold(log_of(race(gun(), gun("10:00", wave="2"), moved)).read())
    assert told.guns == {"1": after_gun("0:05"), "2": after_gun("10:00")}


def test_a_scan_knows_where_its_station_stood() -> None:
    station = Station("start-2", "start").says(scan(417, "0:11", "0:14", crossed="0:13", sightings=9, frame=77))
    told = fold(log_of(runner(417), station).read())
    (seen,) = told.scans_of(told.entrants[entrant_id(417)])
    assert (seen.lineage, seen.seq, seen.station, seen.point) == (station.lineage, 2, "start-2", Point.START)
    assert (seen.first_at, seen.last_at, seen.crossed_at) == (after_gun("0:11"), after_gun("0:14"), after_gun("0:13"))
    assert (seen.sightings, seen.frame) == (9, 77)


def test_a_station_that_moves_takes_its_later_scans_along_and_leaves_the_earlier_ones() -> None:
    station = Station("laptop-1", "start").says(scan(417, "0:12"))
    station.says(*Station("laptop-1", "finish").facts, scan(417, "17:05"))
    told = fold(log_of(runner(417), station).read())
    assert [seen.point for seen in told.scans_of(told.entrants[entrant_id(417)])] == [Point.START, Point.FINISH]


def unread(first: str, last: str, crossed: str | None = None) -> Unread:
    return Unread(after_gun(first), after_gun(last), 118, 31, after_gun(crossed) if crossed else None)


def test_whoever_crossed_unread_waits_for_a_name_and_is_nobody_s_scan() -> None:
    station = Station().says(unread("17:04", "17:06", "17:05"))
    told = fold(log_of(race(*runner(417)), station).read())
    (open_one,) = told.open_unread()
    assert (open_one.seq, open_one.source, open_one.instant) == (2, "unread", after_gun("17:05"))
    assert (list(told.open_items()), told.scans_of(told.entrants[entrant_id(417)])) == ([], [])


def test_an_unread_person_whom_an_official_names_passed_at_the_crossing() -> None:
    station = Station().says(unread("17:04", "17:06", "17:05"))
    named = UnreadNamed(station.lineage, 2, entrant_id(417), "director", "영상 판독")
    told = fold(log_of(race(*runner(417)), station).read())
    assert told.apply_fact(9, "", 0, named) == [entrant_id(417)]
    (passed,) = told.scans_of(told.entrants[entrant_id(417)])
    assert (passed.point, passed.instant, passed.frame) == (Point.FINISH, after_gun("17:05"), 118)
    assert list(told.open_unread()) == []


def test_a_station_names_an_unread_person_once_as_it_does_a_tap() -> None:
    station = Station().says(unread("17:04", "17:06"), TapNamed(2, code_of(417)), TapNamed(2, code_of(12)))
    told = fold(log_of(race(*runner(417), *runner(12)), station).read())
    (passed,) = told.scans_of(told.entrants[entrant_id(417)])
    assert (passed.seq, passed.source, passed.instant) == (2, "unread", after_gun("17:04"))
    assert told.scans_of(told.entrants[entrant_id(12)]) == []


def test_a_dismissed_unread_person_waits_no_longer() -> None:
    station = Station().says(unread("17:04", "17:06"), unread("17:08", "17:09"))
    dismissed = UnreadDismissed(station.lineage, 2, "director", "진행 요원")
    told = fold(log_of(race(), station).read())
    told.apply_fact(9, "", 0, dismissed)
    assert [one.seq for one in told.open_unread()] == [3]


def test_a_scan_without_a_code_waits_for_a_name_whatever_its_source() -> None:
    at = after_gun("17:05")
    station = Station().says(*(Scanned(source, "", at, at) for source in get_args(ScanSource) if source != "unread"))
    told = fold(log_of(race(*runner(417)), station).read())
    assert [(one.seq, why) for one, why in told.open_items()] == [
        (seq, UnmatchedReason.UNNAMED_TAP) for seq in (2, 3, 4, 5)
    ]


def test_a_gun_that_a_station_noticed_is_told_by_the_server_s_clock_and_starts_nobody() -> None:
    at = after_gun("0:00")
    ahead = ClockSampled(at, later(at, Span(-2 * SECOND)), later(at, Span(-2 * SECOND)), at)
    station = Station("start-1", "start").says(ahead, GunHeard(at, "2"), GunHeard(after_gun("0:30")))
    told = fold(log_of(race(*runner(417)), station).read())
    assert told.guns_heard() == [("start-1", "", after_gun("0:28")), ("start-1", "2", after_gun("-0:02"))]
    assert told.guns == {}


def test_a_course_is_opened_and_measured_anew_and_the_only_one_has_no_name() -> None:
    told = fold(log_of(race(opened(4_500), CourseOpened(10_000, "desk", "요강", "10km", (2_500, 5_000)))).read())
    assert (told.course_m, told.office.courses["10km"].course_m) == (4_500, 10_000)
    told.apply_fact(told.facts + 1, "", 0, CourseOpened(4_400, "desk", "다시 잼"))
    assert (told.course_m, told.office.courses["10km"].splits) == (4_400, (2_500, 5_000))


def test_a_pen_without_a_wave_tells_no_wave() -> None:
    pen = Station("pen-1").says(StationOpened("pen-1", "pen", after_gun("-20:00")), scan(417, "-5:00"))
    told = fold(log_of(race(*runner(417, wave="2")), pen).read())
    known = told.entrants[entrant_id(417)]
    assert told.wave_of(known, told.scans_of(known)) == "2"


def test_codes_of_nobody_are_counted_as_foreign_and_kept() -> None:
    station = Station().says(
        scan(417, "17:05"), scan(99, "17:06"), scan("?1f0c9a2b3c4d5e6f", "17:07"), scan(99, "17:08")
    )
    told = fold(log_of(runner(417), station).read())
    assert len(list(told.unmatched_scans())) == 3
    assert len(told.scans[code_of(99)]) == 2


def test_a_late_entry_adopts_the_scans_that_were_foreign() -> None:
    log = log_of(race(opened()), Station().says(scan(417, "17:05")))
    assert len(list(fold(log.read()).unmatched_scans())) == 1
    log.record(runner(417))
    told = fold(log.read())
    assert len(list(told.unmatched_scans())) == 0
    assert len(told.scans_of(told.entrants[entrant_id(417)])) == 1


def test_scans_of_a_station_that_never_said_where_it_stands_are_counted_as_homeless() -> None:
    lost = Station("unknown")
    lost.items.clear()
    lost.says(scan(417, "17:05"), scan(12, "17:06"))
    told = fold(log_of(runner(417), lost).read())
    assert told.unplaced_scans == 2
    assert [why for _, why in told.open_items()] == [UnmatchedReason.UNPLACED] * 2
    assert told.scans == {}
    assert told.facts == 4


@given(st.integers(0, 2**32), st.lists(st.integers(1, 4), min_size=1, max_size=12))
def test_it_does_not_matter_which_station_s_batch_comes_first(seed: int, sizes: list[int]) -> None:
    desk = race(opened(), *runner(1), *runner(2), *runner(3), gun())
    chance = Random(seed)
    stations = [
        Station(name, "start" if "start" in name else "finish").says(
            *(scan(chance.randint(1, 4), f"17:{chance.randint(0, 59)}") for _ in range(6))
        )
        for name in ("start-1", "finish-1", "finish-2")
    ]
    plain = fold(log_of(desk, *stations).read())

    log = MemoryLog(RACE, ManualClock(after_gun("0:00")))
    log.record(desk)
    for size in [*sizes, *[9] * 60]:
        station = chance.choice(stations)
        first = log.lineage_head(station.lineage).seq + chance.choice([1, 1, 0])
        log.receive(station.batch(max(first, 1), first + size))
    shuffled = fold(log.read())

    assert shuffled.facts == plain.facts
    assert len(list(shuffled.unmatched_scans())) == len(list(plain.unmatched_scans()))
    for known in plain.entrants.values():
        assert sorted(shuffled.scans_of(known), key=lambda seen: seen.order) == sorted(
            plain.scans_of(known), key=lambda seen: seen.order
        )


def test_following_the_log_ends_where_reading_it_at_once_ends() -> None:
    log = log_of(race(opened(), *runner(417), gun()), Station().says(scan(417, "17:05"), scan(9, "17:06")))
    followed = Race()
    for fact in log.read():
        followed.apply(fact)
        assert followed.facts == fact.pos
    assert followed == fold(log.read())


# What the desk rules about scans and stations.

WHO = "director", "연습 판정"


def seen_of(told: Race, bib: int = 417) -> list[Scan]:
    return told.scans_of(told.entrants[entrant_id(bib)])


def test_a_pen_tells_the_wave_and_a_word_of_the_desk_stands_above_it() -> None:
    pen = Station("pen-2", "start")
    pen.items.clear()
    pen.says(StationOpened("pen-2", "pen", after_gun("-30:00"), "2"), scan(417, "-5:00"))
    log = log_of(race(*runner(417, wave="1"), *runner(12)), pen)
    told = fold(log.read())
    known, other = told.entrants[entrant_id(417)], told.entrants[entrant_id(12)]
    assert [one.point for one in seen_of(told)] == [Point.PEN]
    assert (told.wave_of(known, seen_of(told)), told.wave_of(other, [])) == ("2", "1")
    log.record([WaveAssigned(entrant_id(417), "3", *WHO)])
    told = fold(log.read())
    assert told.wave_of(known, seen_of(told)) == "3"


def test_of_two_pens_the_last_look_counts_unless_it_was_voided() -> None:
    pens = [Station(name, "start") for name in ("pen-2", "pen-3")]
    for pen, wave, at in zip(pens, "23", ("-9:00", "-5:00"), strict=True):
        pen.items.clear()
        pen.says(StationOpened(pen.name, "pen", after_gun("-30:00"), wave), scan(417, at))
    log = log_of(runner(417), *pens)
    told = fold(log.read())
    assert told.wave_of(told.entrants[entrant_id(417)], seen_of(told)) == "3"
    log.record([ScanVoided(pens[1].lineage, 2, *WHO)])
    told = fold(log.read())
    assert told.wave_of(told.entrants[entrant_id(417)], seen_of(told)) == "2"


def test_a_voided_scan_concerns_whoever_wears_the_bib() -> None:
    station = Station().says(scan(417, "17:05"), scan(12, "17:06"), scan(99, "17:07"))
    told = fold(log_of(race(*runner(417), *runner(12)), station).read())
    assert told.apply_fact(told.facts + 1, "", 0, ScanVoided(station.lineage, 2, *WHO)) == [entrant_id(417)]
    assert told.apply_fact(told.facts + 1, "", 0, ScanVoided(station.lineage, 4, *WHO)) == []  # nobody's bib
    assert told.apply_fact(told.facts + 1, "", 0, ScanVoided("nowhere", 2, *WHO)) == []
    assert [seen.voided for seen in seen_of(told)] == [True]


def test_a_scan_that_was_voided_before_it_arrived_arrives_voided() -> None:
    station = Station().says(scan(417, "17:05"))
    log = log_of(race(*runner(417), ScanVoided(station.lineage, 2, *WHO)), station)
    assert [seen.voided for seen in seen_of(fold(log.read()))] == [True]


def test_a_station_that_stood_elsewhere_stood_there_for_the_time_that_was_said() -> None:
    station = Station("laptop-1", "start").says(scan(417, "0:12"), scan(417, "17:05"), scan(417, "19:00"))
    moved = StationRepointed("laptop-1", "finish", after_gun("17:05"), after_gun("17:05"), *WHO)
    log = log_of(race(*runner(417), moved), station)
    assert [seen.point for seen in seen_of(fold(log.read()))] == [Point.START, Point.FINISH, Point.START]
    log.record([StationRepointed("laptop-1", "finish", after_gun("18:00"), None, *WHO)])
    assert [seen.point for seen in seen_of(fold(log.read()))] == [Point.START, Point.FINISH, Point.FINISH]


def test_a_clock_that_ran_ahead_is_moved_back_and_doubted_where_nobody_knows_it_well_enough() -> None:
    station = Station().says(scan(417, "17:05", "17:07", crossed="17:06"))
    ruled = ClockRuled("finish-1", Span(2 * SECOND), Span(300 * MILLISECOND), *WHO)
    log = log_of(race(*runner(417), ruled), station)
    (seen,) = seen_of(fold(log.read()))
    assert (seen.first_at, seen.last_at, seen.instant) == (after_gun("17:03"), after_gun("17:05"), after_gun("17:04"))
    assert not seen.doubtful
    log.record([RulesSet(Rules(doubtful_ms=300), *WHO)])
    assert [seen.doubtful for seen in seen_of(fold(log.read()))] == [False]
    log.record([RulesSet(Rules(doubtful_ms=299), *WHO)])
    assert [seen.doubtful for seen in seen_of(fold(log.read()))] == [True]


def test_a_station_that_has_closed_holds_nothing_back() -> None:
    done, at_work = Station("finish-1"), Station("finish-2")
    done.says(StationClosed(after_gun("90:00")))
    assert fold(log_of([], done, at_work).read()).stations_at_work() == ["finish-2"]


def test_a_station_that_was_opened_again_without_having_closed_was_cut_off() -> None:
    again = StationOpened("finish-1", "finish", after_gun("18:00"))
    cut = Station("finish-1").says(scan(417, "17:05"), again, StationClosed(after_gun("90:00")))
    shut = Station("finish-2").says(
        StationClosed(after_gun("17:00")), StationOpened("finish-2", "finish", after_gun("18:00"))
    )
    assert fold(log_of([], cut, shut).read()).cut_off == [(cut.lineage, after_gun("18:00"))]


@pytest.mark.parametrize(("lasts", "jumped"), [(True, {2, 3}), (False, {2})])
def test_a_jump_of_a_film_s_clock_marks_whom_it_touches_in_that_run_and_names_them(
    lasts: bool, jumped: set[int]
) -> None:
    finish = Station().says(scan(1, "17:00", "17:02"), scan(2, "17:04", "17:06"), scan(3, "17:08"))
    log = log_of(race(*(fact for bib in (1, 2, 3, 4) for fact in runner(bib)), gun()), finish)
    told = fold(log.read())
    jump = FilmJumped(after_gun("17:05"), Span(-3 * SECOND), 512, lasts)
    assert set(told.apply_fact(told.facts + 1, finish.lineage, 9, jump)) == {entrant_id(bib) for bib in jumped}
    told.apply_fact(told.facts + 1, finish.lineage, 10, StationOpened("finish-1", "finish", after_gun("18:00")))
    told.apply_fact(told.facts + 1, finish.lineage, 11, scan(4, "18:01"))
    assert {one.bib for one in told.entrants.values() if any(seen.jumped for seen in told.scans_of(one))} == jumped
    ruled = ClockRuled("finish-1", Span(SECOND), 5_000, "desk", "영상과 맞춤")
    told.apply_fact(told.facts + 1, "", 0, ruled)
    assert not any(seen.jumped for one in told.entrants.values() for seen in told.scans_of(one))


@pytest.mark.parametrize(
    "kind", [kind for kind in rulings if kind != "EntrantRegistered"]
)  # which makes somebody known
def test_a_fact_about_nobody_known_concerns_nobody(kind: str) -> None:
    @given(rulings[kind])
    def law(ruling: Correction) -> None:
        assert list(Race().apply_fact(1, "", 0, ruling)) == []

    law()


@given(drawn_races(), st.lists(corrections, min_size=1, max_size=4))
def test_what_is_supposed_is_what_comes_of_saying_it_and_leaves_the_race_alone(
    drawn: DrawnRace, said: list[Correction]
) -> None:
    log = told_race(drawn)
    told, same = fold(log.read()), fold(log.read())
    supposed, concerned = told.supposing(said)
    assert told == same
    named = {one for fact in said for one in told.apply_fact(told.facts + 1, "", 0, fact)}
    assert (supposed, concerned) == (told, named)


@given(drawn_races(), corrections)
def test_whoever_is_judged_otherwise_after_a_fact_is_named_by_it(drawn: DrawnRace, ruling: Correction) -> None:
    told = fold(told_race(drawn).read())
    before, rules = _judged(told), told.rules
    concerned = told.apply_fact(told.facts + 1, "", 0, ruling)
    after = _judged(told)
    assert {one for one in before | after if before.get(one) != after.get(one)} <= set(concerned)
    assert rules == told.rules or set(concerned) >= set(told.entrants)


def _judged(told: Race) -> dict[str, object]:
    scans = {one.id: told.scans_of(one) for one in told.entrants.values()}
    return {
        one.id: (one, scans[one.id], told.ruled(one.id), told.guns.get(told.wave_of(one, scans[one.id])))
        for one in told.entrants.values()
    }
