"""The fold: from facts to what is known of the race."""

from random import Random

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
from tests.doors import ManualClock
from timing.events import GunMoved
from timing.memory_log import MemoryLog
from timing.passings import Point
from timing.race import Race, fold


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


def test_codes_of_nobody_are_counted_as_foreign_and_kept() -> None:
    station = Station().says(
        scan(417, "17:05"), scan(99, "17:06"), scan("?1f0c9a2b3c4d5e6f", "17:07"), scan(99, "17:08")
    )
    told = fold(log_of(runner(417), station).read())
    assert told.foreign_scans() == 3
    assert len(told.scans[code_of(99)]) == 2


def test_a_late_entry_adopts_the_scans_that_were_foreign() -> None:
    log = log_of(race(opened()), Station().says(scan(417, "17:05")))
    assert fold(log.read()).foreign_scans() == 1
    log.record(runner(417))
    told = fold(log.read())
    assert told.foreign_scans() == 0
    assert len(told.scans_of(told.entrants[entrant_id(417)])) == 1


def test_scans_of_a_station_that_never_said_where_it_stands_are_counted_as_homeless() -> None:
    lost = Station("unknown")
    lost.items.clear()
    lost.says(scan(417, "17:05"), scan(12, "17:06"))
    told = fold(log_of(runner(417), lost).read())
    assert told.homeless == 2
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
    assert shuffled.foreign_scans() == plain.foreign_scans()
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
