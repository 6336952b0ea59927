"""Rulings at the terminal: each is shown before it is recorded, stands in the log with its reason, and can be taken back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.ranking.rows import Row, Status
from results.ranking.standings import Standings, standings
from tests.boards import Run, net, race_folder
from tests.builders import Station, after_gun, code_of, entrant_id, scan
from tests.terminal import Typist, marathon
from timing.folder import OpenRace
from timing.race.codes import printed
from timing.race.events import (
    ClockRuled,
    Event,
    FilmJumped,
    Scanned,
    SpareDrawn,
    StatusRuled,
)
from timing.race.instants import SECOND, Span

FIELD = [
    net(1, 1000, company="c0001", name="김하늘"),
    net(2, 1010, company="c0001", name="이솔"),
    net(3, 1020, company="c0002", name="박바다"),
    net(4, 1030, company="c0002", name="최강산"),
    Run(5, "0:10", None, company="c0003", name="정들"),
    Run(6, None, None, company="c0003", name="한별"),
]
Said = Callable[..., str]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        yield opened


@pytest.fixture
def rule(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    return Typist(gvalley, capsys, "rule")


def ranked(gvalley: OpenRace) -> Standings:
    return standings(gvalley.fold())


def row(gvalley: OpenRace, bib: int) -> Row:
    return next(row for row in ranked(gvalley).rows if row.entrant.id == entrant_id(bib))


def order(gvalley: OpenRace) -> list[int | None]:
    return [row.entrant.bib for row in ranked(gvalley).ranked]


def last(gvalley: OpenRace) -> tuple[int, Event]:
    recorded = list(gvalley.log.read())[-1]
    return recorded.pos, recorded.event


def scan_name(gvalley: OpenRace, bib: int, point: str) -> str:
    race = gvalley.fold()
    (found,) = (scan for scan in race.scans[code_of(bib)] if scan.point == point)
    return f"{found.lineage[:8]}#{found.seq}"


def test_a_preview_shows_who_moves_and_records_nothing(gvalley: OpenRace, rule: Said) -> None:
    before = gvalley.log.head()
    said = rule("status", "dsq", 1, "--preview")
    assert gvalley.log.head() == before
    assert "1 → –" in said and "2 → 1" in said and "실격" in said
    assert "nothing was recorded" in said


def test_a_ruling_needs_a_reason_and_somebody_to_ask(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    before = gvalley.log.head()
    assert marathon("rule", "status", "dsq", 1, "--race", gvalley.root) == 2
    assert "--why" in capsys.readouterr().err
    assert marathon("rule", "status", "dsq", 1, "--why", "대리 참가", "--race", gvalley.root) == 2
    assert "--yes" in capsys.readouterr().err
    assert gvalley.log.head() == before


def test_a_disqualified_runner_leaves_the_places_to_those_behind_and_comes_back(gvalley: OpenRace, rule: Said) -> None:
    said = rule("status", "dsq", 1, "--why", "대리 참가", "--yes")
    position, fact = last(gvalley)
    assert isinstance(fact, StatusRuled) and fact.why == "대리 참가"
    assert f"marathon rule undo {position}" in said
    assert order(gvalley) == [2, 3, 4]
    assert row(gvalley, 1).status is Status.DSQ
    rule("reinstate", 1, "--why", "이의 신청 인정", "--yes")
    assert order(gvalley) == [1, 2, 3, 4]


def test_an_undo_is_undone_by_its_own_position(gvalley: OpenRace, rule: Said) -> None:
    rule("status", "dsq", 1, "--why", "대리 참가", "--yes")
    rule("undo", last(gvalley)[0], "--why", "잘못 누름", "--yes")
    assert order(gvalley) == [1, 2, 3, 4]
    rule("undo", last(gvalley)[0], "--why", "맞았음", "--yes")
    assert order(gvalley) == [2, 3, 4]


@pytest.mark.parametrize("position", [1, 6, 9_999])
def test_only_a_ruling_in_force_can_be_undone(
    gvalley: OpenRace, position: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("rule", "undo", position, "--why", "시험", "--yes", "--race", gvalley.root) == 1
    assert "rule list" in capsys.readouterr().err


def test_a_voided_scan_stops_counting_until_it_is_restored(gvalley: OpenRace, rule: Said) -> None:
    name = scan_name(gvalley, 2, "finish")
    rule("void", name, "--why", "진행 요원이 지나감", "--yes")
    assert row(gvalley, 2).status is Status.STARTED
    rule("restore", name, "--why", "맞는 스캔", "--yes")
    assert order(gvalley) == [1, 2, 3, 4]


def test_passings_by_hand_stand_above_the_camera(gvalley: OpenRace, rule: Said) -> None:
    rule("finish", 5, "+16:30", "--why", "영상 판독", "--yes")
    assert order(gvalley)[0] == 5
    rule("start", 5, "14:00:40", "--why", "출발 영상", "--yes")
    assert row(gvalley, 5).net_time == 950 * SECOND
    assert row(gvalley, 5).start_source == "ruling"


def test_seconds_added_seconds_given_and_a_start_of_one_s_own(gvalley: OpenRace, rule: Said) -> None:
    rule("adjust", 1, "+30", "--why", "코스 이탈", "--yes")
    rule("adjust", 4, "-20.5", "--why", "쓰러진 선수를 도움", "--yes")
    assert [row(gvalley, bib).net_time for bib in (1, 4)] == [1030 * SECOND, 1009_500_000]
    rule("start-offset", 3, "-60", "--why", "먼저 출발", "--yes")
    assert row(gvalley, 3).net_time == 1090 * SECOND


def test_a_moved_gun_a_moved_clock_and_a_camera_at_the_wrong_line(gvalley: OpenRace, rule: Said) -> None:
    rule("gun", "14:00:05", "--why", "심판 시계", "--yes")
    assert row(gvalley, 1).gun_time == 1005 * SECOND
    rule("clock", "finish-1", "+2.5", "--why", "시계 비교", "--yes")
    assert row(gvalley, 1).net_time == 997_500_000
    rule("point", "start-1", "finish", "--since", "14:00:00", "--why", "표지가 바뀜", "--yes")
    assert row(gvalley, 1).start_source == "gun"


def test_swapped_bibs_swap_runs_and_swap_back(gvalley: OpenRace, rule: Said) -> None:
    rule("swap", 1, 4, "--why", "바꿔 닮", "--yes")
    assert [row(gvalley, bib).net_time for bib in (1, 4)] == [1030 * SECOND, 1000 * SECOND]
    assert row(gvalley, 1).entrant.bib == 4
    rule("swap", 1, 4, "--why", "다시", "--yes")
    assert order(gvalley) == [1, 2, 3, 4]


def test_a_spare_bib_keeps_what_was_seen_of_the_lost_one(gvalley: OpenRace, rule: Said) -> None:
    gvalley.log.record([SpareDrawn(9001, code_of(9001))])
    rule("replace", 2, 9001, "--why", "배번 분실", "--yes")
    mended = row(gvalley, 2)
    assert (mended.entrant.bib, mended.net_time) == (9001, 1010 * SECOND)
    assert gvalley.fold().roster()[code_of(9001)] == 9001


def test_a_spare_s_code_may_be_typed_and_then_must_be_the_one_that_was_printed(
    gvalley: OpenRace, rule: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([SpareDrawn(9001, code_of(9001))])
    wrong = ("rule", "replace", 2, 9001, printed(code_of(9002)), "--why", "배번 분실", "--yes", "--race", gvalley.root)
    assert marathon(*wrong) == 1
    assert "was ever printed" in capsys.readouterr().err
    rule("replace", 2, 9001, printed(code_of(9001)).lower(), "--why", "배번 분실", "--yes")
    assert gvalley.fold().roster()[code_of(9001)] == 9001


def test_a_spare_from_elsewhere_is_given_only_when_somebody_insists(gvalley: OpenRace, rule: Said) -> None:
    rule("replace", 2, 9001, printed(code_of(9001)), "--anyway", "--why", "다른 곳에서 인쇄", "--yes")
    assert gvalley.fold().roster()[code_of(9001)] == 9001


def test_a_lost_bib_that_turned_up_again_is_taken_back_by_its_code(gvalley: OpenRace, rule: Said) -> None:
    gvalley.log.record([SpareDrawn(9001, code_of(9001))])
    rule("replace", 2, 9001, "--why", "배번 분실", "--yes")
    rule("replace", 9001, 2, printed(code_of(2)), "--why", "찾음", "--yes")
    assert row(gvalley, 2).entrant.bib == 2


def test_a_dead_heat_shares_the_better_place(gvalley: OpenRace, rule: Said) -> None:
    rule("dead-heat", 2, 3, "--why", "손잡고 도착", "--yes")
    assert [row(gvalley, bib).place for bib in (1, 2, 3, 4)] == [1, 2, 2, 4]
    rule("undo", last(gvalley)[0], "--why", "사진 판독", "--yes")
    assert [row(gvalley, bib).place for bib in (1, 2, 3, 4)] == [1, 2, 3, 4]


def test_a_dead_heat_holds_when_the_gun_is_moved_and_one_of_it_is_given_a_penalty(
    gvalley: OpenRace, rule: Said
) -> None:
    rule("dead-heat", 2, 3, "--why", "손잡고 도착", "--yes")
    rule("gun", "14:00:13", "--why", "심판 시계", "--yes")
    rule("adjust", 2, "+30", "--why", "코스 이탈", "--yes")
    assert [row(gvalley, bib).place for bib in (1, 2, 3, 4)] == [1, 2, 2, 4]


def test_firms_move_merge_and_say_how_many_they_are(gvalley: OpenRace, rule: Said) -> None:
    rule("move", 3, "가산정밀", "--why", "소속 정정", "--yes")
    assert row(gvalley, 3).entrant.company == "c0001"
    rule("merge", "디지털단지상사", "구로소프트", "--why", "같은 회사", "--yes")
    assert row(gvalley, 5).entrant.company == "c0002"
    rule("employees", "가산정밀", 320, "--why", "회사 신고", "--yes")
    rule("course", "3.5", "--why", "다시 잼", "--yes")
    assert (gvalley.fold().office.employees, gvalley.fold().course_m) == ({"c0001": 320}, 3_500)


def test_when_the_finish_closes_nobody_is_on_the_course_any_more(gvalley: OpenRace, rule: Said) -> None:
    rule("close", "15:00:00", "--why", "제한 시간", "--yes")
    assert [row(gvalley, bib).status for bib in (5, 6)] == [Status.DNF, Status.DNS]
    rule("finish", 5, "15:00:01", "--why", "확인", "--preview")


def test_a_withheld_result_keeps_its_place_and_loses_its_name(
    gvalley: OpenRace, rule: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    rule("withhold", 1, "--why", "동의 철회", "--yes")
    assert order(gvalley) == [1, 2, 3, 4]
    marathon("results", "--race", gvalley.root)
    told = capsys.readouterr().out
    assert "김하늘" not in told and "비공개" in told


def test_a_wave_of_one_s_own(gvalley: OpenRace, rule: Said) -> None:
    rule("wave", 1, 2, "--why", "2조와 출발", "--yes")
    marathon("gun", "--race", gvalley.root, "--wave", "2", "--at", "2026-09-03T14:01:00+09:00", "--yes")
    assert row(gvalley, 1).judged.gun == after_gun("1:00")


def test_the_list_shows_what_is_in_force_and_all_shows_the_rest(gvalley: OpenRace, rule: Said) -> None:
    rule("status", "dnf", 1, "--why", "구급차", "--yes")
    position = last(gvalley)[0]
    assert f"{position:>6}" in rule("list") and "구급차" in rule("list")
    rule("undo", position, "--why", "다른 사람", "--yes")
    assert "구급차" not in rule("list")
    assert "undone" in rule("list", "--all")


@pytest.mark.parametrize(
    "arguments",
    [
        ("status", "dsq", 77),
        ("void", "ffff#1"),
        ("finish", 1, "noon"),
        ("swap", 1, 1),
        ("replace", 1, 2, "7K3MX"),
        ("replace", 1, 2, printed(code_of(9001))),
        ("replace", 1, 9001),
        ("replace", 1, 9001, printed(code_of(9001))),
        ("replace", 1, 9001, printed(code_of(2)), "--anyway"),
        ("point", "finish-9", "finish"),
        ("clock", "finish-1", "soon"),
        ("dead-heat", 1),
        ("dead-heat", 1, 5),
        ("move", 1, "없는회사"),
        ("gun", "14:00:00", "--wave", "7"),
        ("restore", "ffff#1"),
        ("reinstate", 1),
    ],
)
def test_a_ruling_about_nobody_is_told_in_a_line(
    gvalley: OpenRace, arguments: tuple[object, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    before = gvalley.log.head()
    assert marathon("rule", *arguments, "--why", "시험", "--yes", "--race", gvalley.root) in (1, 2)
    said = capsys.readouterr().err
    assert "Traceback" not in said and " / " in said
    assert gvalley.log.head() == before


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("finish", 5, "13:55:00"), "-5:00"),
        (("finish", 5, "+0:00"), "0:00"),
        (("start", 1, "14:20:00"), "-3:10"),
        (("start-offset", 1, "+1010"), "0:00"),
        (("adjust", 1, "-1000"), "0:00"),
        (("finish", 5, "2999-01-01T00:00:00+09:00"), "2999-01-01 00:00:00.0"),
        (("start", 5, "2999-01-01T00:00:00+09:00"), "2999-01-01 00:00:00.0"),
    ],
)
def test_a_time_that_nobody_can_have_run_is_not_recorded(
    gvalley: OpenRace, arguments: tuple[object, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = gvalley.log.head()
    assert marathon("rule", *arguments, "--why", "잘못 읽음", "--yes", "--race", gvalley.root) == 1
    said = capsys.readouterr().err
    assert told in said and " / " in said
    assert gvalley.log.head() == before


def test_an_impossible_time_of_somebody_who_is_disqualified_is_refused_too(
    gvalley: OpenRace, rule: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    rule("status", "dsq", 1, "--why", "대리 참가", "--yes")
    assert marathon("rule", "finish", 1, "13:55:00", "--why", "시험", "--yes", "--race", gvalley.root) == 1
    assert "-5:00" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("finish", 5, "+9:59"), "below the least that the rules allow"),
        (("finish", 5, "+10:59"), "beats the fastest, 16:40, by more than a third"),
        (("finish", 5, "+4:00:00"), "more than 4 times the median"),
        (("adjust", 4, "-400"), "by more than a third"),
        (("start", 4, "14:16:00"), "by more than a third"),
        (("start-offset", 4, "+900"), "by more than a third"),
    ],
)
def test_an_unlikely_time_is_warned_of_before_it_is_recorded(
    gvalley: OpenRace, rule: Said, arguments: tuple[object, ...], told: str
) -> None:
    assert told in (said := rule(*arguments, "--preview")) and "⚠" in said
    assert told in rule(*arguments, "--why", "영상 판독", "--yes")


def test_a_gun_that_moves_behind_a_finish_by_hand_is_warned_of(rule: Said) -> None:
    rule("finish", 5, "+16:30", "--why", "영상 판독", "--yes")
    assert "a time of zero or less" in rule("gun", "14:20:00", "--preview")


def test_a_likely_time_is_recorded_without_a_warning(rule: Said) -> None:
    assert "⚠" not in rule("finish", 5, "+16:30", "--why", "영상 판독", "--yes")


def test_the_review_lists_times_that_are_much_too_long_or_too_short(gvalley: OpenRace, rule: Said) -> None:
    assert "too long" not in rule("review") and "too short" not in rule("review")
    rule("finish", 5, "+12:30:00", "--why", "손으로 적은 종이", "--yes")
    rule("finish", 4, "+5:00", "--why", "손으로 적은 종이", "--yes")
    lines = rule("review").splitlines()
    assert any("too long" in line and "[5]" in line for line in lines)
    assert any("too short" in line and "[4]" in line for line in lines)


def test_a_bib_that_was_replaced_still_finds_its_runner(
    gvalley: OpenRace, rule: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([SpareDrawn(9001, code_of(9001))])
    rule("replace", 2, 9001, "--why", "배번 분실", "--yes")
    assert "2 → 9001" in rule("finish", 2, "+16:45", "--why", "영상 판독", "--yes")
    assert row(gvalley, 2).gun_time == 1005 * SECOND
    assert marathon("explain", 2, "--race", gvalley.root) == 0
    explained = capsys.readouterr()
    assert "2 → 9001" in explained.err and "bib 9001: 이솔" in explained.out


def test_a_replacement_that_was_undone_is_forgotten(
    gvalley: OpenRace, rule: Said, capsys: pytest.CaptureFixture[str]
) -> None:
    gvalley.log.record([SpareDrawn(9001, code_of(9001))])
    rule("replace", 2, 9001, "--why", "배번 분실", "--yes")
    rule("undo", last(gvalley)[0], "--why", "찾음", "--yes")
    assert marathon("rule", "status", "dnf", 9001, "--why", "시험", "--yes", "--race", gvalley.root) == 1
    assert "9001 is a spare bib, given to nobody yet" in capsys.readouterr().err


def test_the_review_names_what_to_look_at(gvalley: OpenRace, rule: Said) -> None:
    said = rule("review")
    assert "코스 위" in said and "[5]" in said
    assert "start-1" in said
    rule("status", "dnf", 1, "--why", "구급차", "--yes")
    assert "seen at the finish against a ruling" in rule("review")
    assert rule("strays") == ""


def test_the_review_names_stations_that_time_by_sight_and_those_alone(gvalley: OpenRace, rule: Said) -> None:
    measured = Station("finish-2").says(scan(1, "40:00", crossed="40:00.5"), scan(2, "40:01"))
    typed = Station("finish-3").says(Scanned("typed", code_of(3), after_gun("41:00"), after_gun("41:00")))
    for station in (measured, typed):
        gvalley.log.receive(station.batch())
    (line,) = (line for line in rule("review").splitlines() if "--line-px" in line)
    assert "finish-1 (" in line and "start-1 (" in line
    assert "finish-2" not in line and "finish-3" not in line


def test_the_review_tells_where_a_film_s_clock_jumped_until_an_official_says_what_it_was(
    gvalley: OpenRace, rule: Said
) -> None:
    jump = FilmJumped(after_gun("39:59"), Span(-3_200_000), 512, True)
    gvalley.log.receive(Station("film-1").says(jump, scan(1, "40:00")).batch())
    assert "frame #: film-1 14:39:59.0 (-3.2 s, #512)" in rule("review")
    gvalley.log.record([ClockRuled("film-1", Span(0), 5_000, "desk", "영상과 맞춤")])
    assert "frame #" not in rule("review")


def test_a_preview_tells_the_day_that_a_time_of_day_falls_on(gvalley: OpenRace, rule: Said) -> None:
    rule("gun", "23:50:00", "--why", "밤 대회", "--yes")
    assert "2026-09-04 00:20:00.0" in rule("finish", 5, "00:20:00", "--preview")


def test_a_time_of_day_needs_any_gun_and_a_time_after_the_gun_one_s_own(gvalley: OpenRace, rule: Said) -> None:
    rule("wave", 5, 2, "--why", "2조", "--yes")
    assert "2026-09-03 14:30:00.0" in rule("finish", 5, "14:30:00", "--preview")
    assert marathon("rule", "finish", 5, "+30:00", "--preview", "--race", gvalley.root) == 2
