"""What a log holds and cannot count: kept byte by byte, shown, settled by a ruling, and never in anybody's way."""

from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from tests.builders import GUN, RACE, Station, after_gun, entrant_id, gun, log_of, opened, race, runner, scan
from tests.clock_and_chance import ManualClock
from tests.faults.soak import scaled
from tests.memory_log import MemoryLog
from tests.timing.race.test_encoding import facts
from timing.language import Text, pair
from timing.race.admission import DESK, SetAside, admitted, desk_lineage, is_desk, shown
from timing.race.encoding import encode
from timing.race.events import (
    BranchMerged,
    Event,
    FactUndone,
    OutboxMended,
    PassingEntered,
    Scanned,
    ScanVoided,
    StationClosed,
    StationFact,
    StationOpened,
    StatusRuled,
    TapNamed,
)
from timing.race.fold import Race, fold
from timing.race.instants import Instant
from timing.race.records import Recorded

WHO = ("desk", "까닭")
DESK_SAYS = race(opened(), *runner(417), *runner(12), gun())
ROTTEN = (
    b'{"at":1788411600000000,"event":"StationClosed/1"',
    b"",
    b"\x00" * 40,
    b"\xff\xfe\xeb",
    b'"a text"',
    b"[" * 3_000,
    b'{"event":"Zukunft/9"}',
    b'{"at":1.5,"event":"StationClosed/1"}',
    b'{"at":99999999999999999999,"event":"StationClosed/1"}',
)


def stored(lineage: str, *items: bytes, after: Sequence[Recorded] = ()) -> list[Recorded]:
    """Items as a log from anywhere may hold them, behind others."""
    first = len(after) + 1
    return [
        *after,
        *(Recorded(first + at, lineage, at + 1, GUN, item, b"", b"") for at, item in enumerate(items)),
    ]


@pytest.mark.parametrize("rotten", ROTTEN)
def test_an_unreadable_item_counts_for_nothing_and_all_others_do(rotten: bytes) -> None:
    station = Station().says(scan(417, "17:05"))
    station.items.append(rotten)
    told = fold(log_of(DESK_SAYS, station.says(scan(12, "18:00"))).read())
    assert [len(told.scans_of(told.entrants[entrant_id(bib)])) for bib in (417, 12)] == [1, 1]
    (aside,) = told.set_aside()
    assert (aside.lineage, aside.seq, aside.data) == (station.lineage, 3, rotten[:60])


@pytest.mark.parametrize("rotten", ROTTEN)
def test_the_desks_own_lineage_may_hold_what_nobody_can_read(rotten: bytes) -> None:
    before = stored(desk_lineage(RACE), *(encode(fact) for fact in DESK_SAYS))
    told = fold(
        [
            *before,
            *stored(desk_lineage(RACE), rotten, encode(StatusRuled("e00417", "dns", *WHO)), after=before)[
                len(before) :
            ],
        ]
    )
    assert told.ruled("e00417").status == "dns"
    assert [one.pos for one in told.set_aside()] == [len(before) + 1]


def test_what_only_the_desk_may_say_counts_in_no_other_lineage() -> None:
    station = Station()
    station.items.append(encode(StatusRuled(entrant_id(417), "dsq", *WHO)))
    station.items.append(encode(PassingEntered(entrant_id(12), "finish", after_gun("5:00"), *WHO)))
    told = fold(log_of(DESK_SAYS, station).read())
    assert (told.ruled(entrant_id(417)).status, told.ruled(entrant_id(12)).finish_at) == (None, None)
    assert [one.seq for one in told.set_aside()] == [2, 3]


def test_a_stations_fact_does_not_count_in_the_desks_lineage() -> None:
    told = fold(stored(desk_lineage(RACE), encode(StationOpened("finish-1", "finish", GUN))))
    assert (told.placements, len(told.set_aside())) == ({}, 1)


@given(facts)
def test_every_fact_is_admitted_on_exactly_one_side(fact: Event) -> None:
    data = encode(fact)
    here, there = admitted(data, desk_lineage(RACE)), admitted(data, "3f" * 16)
    assert [isinstance(one, Text) for one in (here, there)] == [
        isinstance(fact, StationFact),
        not isinstance(fact, StationFact),
    ]
    assert fact in (here, there)


lineages = st.sampled_from([desk_lineage(RACE), "3f" * 16, "4a" * 16, "5b" * 16])
words = st.sampled_from(["e00417", "e00012", "1", "2", "c0001", "finish-1", "3f" * 16, "4a" * 16, ""])


@settings(max_examples=scaled(40, 2_000))
@given(st.lists(st.tuples(lineages, st.integers(0, 9), facts), max_size=30), st.data())
def test_the_fold_takes_any_fact_in_any_lineage_and_order(
    said: list[tuple[str, int, Event]], data: st.DataObject
) -> None:
    told = fold(log_of(DESK_SAYS).read())
    for lineage, seq, fact in said:
        told.apply_fact(told.facts + 1, lineage, seq, _near(fact, data))
    told.set_aside()
    for one in told.entrants.values():
        told.wave_of(one, told.scans_of(one))
    assert told.stations_at_work() is not None
    assert told.unplaced_scans >= 0


def _near(fact: Event, data: st.DataObject) -> Event:
    """The same fact about people, firms and lineages that the race knows, so that facts meet each other."""
    return replace(fact, **{name: data.draw(words) for name in fact.__struct_fields__ if name in NAMED})


NAMED = {"entrant", "one", "other", "company", "into", "team", "wave", "station", "lineage", "branch", "of"}


@given(st.lists(st.tuples(lineages, st.binary(max_size=80) | facts.map(encode)), max_size=20))
def test_the_fold_takes_any_bytes(items: list[tuple[str, bytes]]) -> None:
    log = [Recorded(pos, lineage, pos, GUN, data, b"", b"") for pos, (lineage, data) in enumerate(items, 1)]
    told = fold(log)
    assert told.facts == len(items)
    assert len(told.said) + len(told.aside) <= len(items)


def test_a_fact_that_trips_the_fold_is_set_aside_and_the_next_ones_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """The planted fault: a fold that cannot take a status."""

    def trips(*_: object) -> Sequence[str]:
        raise ZeroDivisionError

    monkeypatch.setattr(Race, "_close", trips)
    station = Station().says(scan(417, "17:05"))
    station.items.append(b'{"at":1788411600000000,"event":"StationClosed/1"}')
    told = fold(log_of(DESK_SAYS, station.says(scan(12, "18:00"))).read())
    assert len(told.scans_of(told.entrants[entrant_id(12)])) == 1
    assert [one.seq for one in told.set_aside()] == [3]


@pytest.mark.parametrize("lineage", [desk_lineage(RACE), Station().lineage])
def test_an_item_is_settled_by_its_position_and_may_be_taken_back(lineage: str) -> None:
    log = MemoryLog(RACE, ManualClock(GUN))
    log.record(DESK_SAYS)
    told = fold(log.read())
    told.apply(Recorded(told.facts + 1, lineage, 7, GUN, b"rotten", b"", b""))
    pos = told.facts
    ruling = FactUndone(pos, *WHO) if is_desk(lineage) else ScanVoided(lineage, 7, *WHO)
    told.apply_fact(pos + 1, "", 0, ruling)
    assert (told.set_aside(), pos in told.aside) == ([], True)
    told.apply_fact(pos + 2, "", 0, FactUndone(pos + 1, *WHO))
    assert [one.pos for one in told.set_aside()] == [pos]


def test_a_branch_of_a_lineage_that_never_opened_is_homeless_and_harmless() -> None:
    told = fold(log_of([*DESK_SAYS, BranchMerged("3f" * 16, "4a" * 16, 5, *WHO)]).read())
    assert list(told.apply_fact(told.facts + 1, "4a" * 16, 5, scan(417, "17:05"))) == []
    assert told.unplaced_scans == 1


MENDED = "4a" * 16


def mended(before: Station, damaged: int) -> list[tuple[int, Event]]:
    """What an outbox goes on with once item `damaged` was found damaged."""
    return [
        (seq, OutboxMended(before.lineage, "7b") if seq == damaged else fact)
        for seq, fact in enumerate(before.facts, 1)
    ]


def tapped() -> Station:
    return Station().says(
        scan(417, "17:05"),
        Scanned("tap", "", Instant(GUN + 9), Instant(GUN + 9)),
        scan(12, "18:00"),
        TapNamed(3, scan(417, "0:01").code),
    )


@pytest.mark.parametrize("damaged", [1, 2, 3, 4, 5])
@pytest.mark.parametrize("arrived", [0, 3, 5])
@pytest.mark.parametrize("late", [False, True])
def test_an_outbox_that_goes_on_after_damage_gives_every_scan_once(damaged: int, arrived: int, late: bool) -> None:
    station = tapped()
    went_on = [*mended(station, damaged), (6, StationOpened("finish-1", "finish", GUN))]
    old = [(station.lineage, seq, fact) for seq, fact in enumerate(station.facts[:arrived], 1)]
    new = [(MENDED, seq, fact) for seq, fact in went_on]
    told = fold(log_of(DESK_SAYS).read())
    for lineage, seq, fact in [*new, *old] if late else [*old, *new]:
        told.apply_fact(told.facts + 1, lineage, seq, fact)
    lost = {seq for seq, items in {2: {2}, 3: {3, 5}, 4: {4}}.items() if damaged in items and arrived < max(items)}
    scans = [scan for who in told.entrants.values() for scan in told.scans_of(who)]
    assert sorted(scan.seq for scan in scans) == sorted({2, 3, 4} - lost)
    assert [one.seq for one in told.set_aside()] == [damaged]
    assert told.stations_at_work() == ["finish-1"]
    told.apply_fact(told.facts + 1, MENDED, 7, StationClosed(Instant(GUN + 10)))
    assert told.stations_at_work() == []


@pytest.mark.parametrize("named", [False, True])
def test_a_strangers_code_and_a_tap_are_open_once_in_an_outbox_that_went_on(named: bool) -> None:
    station = Station().says(scan("?0123456789abcdef", "17:05"), Scanned("tap", "", Instant(GUN + 9), Instant(GUN + 9)))
    told = fold(log_of(DESK_SAYS, station).read())
    went_on = [
        *station.facts,
        *([TapNamed(3, scan(417, "0:01").code)] if named else []),
        OutboxMended(station.lineage, ""),
    ]
    for seq, fact in enumerate(went_on, 1):
        told.apply_fact(told.facts + 1, MENDED, seq, fact)
    assert len(list(told.unmatched_scans())) == 1
    assert sorted(one.seq for one, _ in told.open_items()) == ([2] if named else [2, 3])
    assert len(told.scans_of(told.entrants[entrant_id(417)])) == named


def test_outboxes_that_name_each_other_in_a_circle_hold_nobody_up() -> None:
    told = fold(log_of(DESK_SAYS, Station()).read())
    for lineage, of in (("4a" * 16, "5b" * 16), ("5b" * 16, "4a" * 16), ("5b" * 16, "5b" * 16)):
        told.apply_fact(told.facts + 1, lineage, 1, StationOpened("finish-9", "finish", GUN))
        told.apply_fact(told.facts + 1, lineage, 2, OutboxMended(of, ""))
        told.apply_fact(told.facts + 1, lineage, 3, scan(417, "17:05"))
    assert len(told.scans_of(told.entrants[entrant_id(417)])) >= 1


def test_the_first_bytes_are_shown_so_that_no_terminal_obeys_them() -> None:
    assert shown(b"\x1b[31mred\r\n\xff") == r"\x1b[31mred\r\n\xff"
    assert str(SetAside(7, "3f" * 16, 2, b"\x1b]0;x\x07", pair("읽지 못함", "unread"))).isprintable()
    assert shown(b"") and DESK == "desk-"
