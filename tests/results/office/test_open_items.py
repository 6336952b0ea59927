"""What was seen and is nobody's: each stands in review until somebody says whose it was, or sets it aside."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.ranking.standings import standings
from tests.boards import Run, net, race_folder
from tests.builders import Station, after_gun, code_of, entrant_id, scan
from tests.terminal import Typist
from timing.folder import OpenRace
from timing.race.events import (
    ScanNamed,
    Scanned,
    SpareDrawn,
    TapNamed,
)
from timing.race.fold import fold

FIELD = [net(1, 1000, name="김하늘"), Run(2, "0:10", name="이솔"), Run(3, "0:20", name="박바다"), Run(9, name="한별")]
FOREIGN = "?1f0c9a2b3c4d5e6f"
Said = Callable[..., str]


def hand() -> Station:
    """A second outbox at the finish: two taps, a spare, a firm's own QR, and a tap that was named on the spot."""
    station = Station("finish-2")
    station.says(
        Scanned("tap", "", after_gun("16:00"), after_gun("16:00")),
        Scanned("tap", "", after_gun("16:30"), after_gun("16:30")),
    )
    station.says(scan(1250, "17:10"), scan(FOREIGN, "17:20"))
    station.says(Scanned("tap", "", after_gun("18:00"), after_gun("18:00")), TapNamed(6, code_of(3)))
    return station


def lost() -> Station:
    """An outbox whose first word never came."""
    station = Station("finish-3")
    station.items.clear()
    return station.says(
        scan(9, "19:00"),
        Scanned("tap", "", after_gun("19:30"), after_gun("19:30")),
        Scanned("typed", code_of(9), after_gun("19:40"), after_gun("19:40")),
    )


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        opened.log.record([SpareDrawn(1250, code_of(1250))])
        for station in (hand(), lost()):
            opened.log.receive(station.batch())
        yield opened


@pytest.fixture
def rule(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    return Typist(gvalley, capsys, "rule")


def name(station: Station, seq: int) -> str:
    return f"{station.lineage[:8]}#{seq}"


def finished(opened: OpenRace) -> list[int | None]:
    return [row.entrant.bib for row in standings(opened.fold()).ranked]


def test_review_names_every_open_item_with_instant_station_and_number(rule: Said) -> None:
    said = rule("review")
    assert "누구의 것도 아닌 스캔 / scans that count for nobody: 7" in said
    assert f"14:16:00.0 finish-2 {name(hand(), 2)}: 배번 없는 탭 / a tap without a bib" in said
    assert f"14:16:30.0 finish-2 {name(hand(), 3)}" in said
    assert f"14:17:10.0 finish-2 {name(hand(), 4)}" in said and "1250 (1)" in said
    assert f"14:17:20.0 finish-2 {name(hand(), 5)}: 배번이 아닌 QR" in said
    assert f"14:19:00.0 {name(lost(), 1)}" in said and "배번 / Bib 9" in said
    assert name(hand(), 6) not in said  # it was named at the station
    assert all(name(hand(), seq) in rule("strays") for seq in (2, 3, 4, 5))


def test_a_tap_is_named_an_hour_later_previewed_first_and_taken_back(gvalley: OpenRace, rule: Said) -> None:
    tap = name(hand(), 2)
    assert "15:50" in rule("name", tap, 2, "--preview") and finished(gvalley) == [1, 3]
    rule("name", tap, "이솔", "--why", "영상 판독", "--yes")
    assert finished(gvalley) == [2, 1, 3]
    assert tap not in rule("review")
    position = gvalley.log.head().seq
    rule("undo", position, "--why", "다른 사람", "--yes")
    assert finished(gvalley) == [1, 3] and tap in rule("review")


def test_a_naming_that_changes_nothing_is_told_before_the_tap_is_no_open_item_any_more(rule: Said) -> None:
    assert "the same result" not in rule("name", name(hand(), 2), 2, "--why", "영상 판독", "--yes")
    assert "bib 2 has the same result: had finished already" in rule("name", name(hand(), 3), 2, "--preview")


def test_a_tap_named_wrongly_at_the_station_is_named_anew_at_the_desk(gvalley: OpenRace, rule: Said) -> None:
    rule("name", name(hand(), 6), 2, "--why", "잘못 적음", "--yes")
    assert finished(gvalley) == [1, 2]
    rule("name", name(hand(), 6), 3, "--why", "처음이 맞음", "--yes")
    assert finished(gvalley) == [1, 3]


def test_a_stray_scan_may_be_somebody_s_too(gvalley: OpenRace, rule: Said) -> None:
    rule("name", name(hand(), 4), 2, "--why", "예비 배번을 달고 뜀", "--yes")
    assert finished(gvalley) == [1, 2, 3]


def test_what_is_set_aside_is_no_open_item_any_more(rule: Said) -> None:
    for seq in (2, 5):
        rule("void", name(hand(), seq), "--why", "진행 요원", "--yes")
        assert name(hand(), seq) not in rule("review")
    rule("restore", name(hand(), 2), "--why", "주자였음", "--yes")
    assert name(hand(), 2) in rule("review")


def test_an_item_without_a_place_needs_one(gvalley: OpenRace, rule: Said) -> None:
    item = name(lost(), 1)
    assert "--point" in rule("name", item, 9, "--why", "노트북 기록", "--yes", code=2)
    rule("name", item, 9, "--point", "finish", "--why", "노트북 기록", "--yes")
    assert finished(gvalley) == [1, 3, 9]
    assert "stood at finish" in rule("name", name(hand(), 2), 2, "--point", "start", "--why", "시험", "--yes", code=2)


def test_a_scan_of_somebody_s_own_bib_is_not_given_to_another(gvalley: OpenRace, rule: Said) -> None:
    (own,) = (seen for seen in gvalley.fold().scans[code_of(1)] if seen.point == "finish")
    said = rule("name", f"{own.lineage[:8]}#{own.seq}", 2, "--why", "시험", "--yes", code=1)
    assert "rule swap" in said
    assert "no single scan" in rule("name", "00000000#2", 2, "--why", "시험", "--yes", code=1)


def test_a_naming_that_comes_before_the_tap_waits_for_it(gvalley: OpenRace) -> None:
    facts = list(gvalley.log.read())
    named = ScanNamed(hand().lineage, 2, entrant_id(2), "", "desk", "영상 판독")
    early = fold(fact for fact in facts if fact.lineage != hand().lineage)
    early.apply_fact(early.facts + 1, "", 0, named)
    concerned = [early.apply(fact) for fact in facts if fact.lineage == hand().lineage]
    late = fold(facts)
    assert list(late.apply_fact(late.facts + 1, "", 0, named)) == [entrant_id(2)]
    assert concerned[1] == (entrant_id(2),)
    assert standings(early).ranked == standings(late).ranked
