"""Who passed unread: listed with number and suggestions, named with a preview, dismissed, taken back; and the completeness of it."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.ranking.standings import standings
from results.view.completeness import by_station, completeness
from results.view.suggestions import suggestions
from scanners.intake.requested_pictures import JPEG, RequestedPictures
from tests.boards import Run, net, race_folder
from tests.builders import GUN, Station, after_gun, gun, log_of, race, runner, scan
from tests.terminal import Typist
from timing.folder import OpenRace
from timing.race.events import Event, StationClosed, StationOpened, Unread
from timing.race.fold import Race, fold
from timing.race.instants import SECOND, Instant

FIELD = [
    net(1, 1000, name="김하늘"),
    Run(2, "10", name="이솔"),
    Run(3, "20", name="박바다", company="c0002"),
    Run(9, name="한별"),
]
Said = Callable[..., str]


def unread(at: str) -> Unread:
    return Unread(after_gun(at), after_gun(at), 118, 31, after_gun(at), "estimated")


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    """A second camera at the finish saw bib 1 and two people whom it could not read."""
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        station = Station("finish-2").says(scan(1, "16:50.2"), unread("16:52"), unread("18:00"))
        opened.log.receive(station.batch())
        yield opened


@pytest.fixture
def office(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    return Typist(gvalley, capsys)


def finished(opened: OpenRace) -> list[int | None]:
    return [row.entrant.bib for row in standings(opened.fold()).ranked]


def test_whoever_passed_unread_is_listed_with_number_place_time_and_who_it_may_be(office: Said) -> None:
    said = office("unread", "list")
    assert "   1  finish-2 finish  14:16:52.0" in said and "   2  finish-2 finish  14:18:00.0" in said
    assert "bib 2 이솔" in said
    assert "has started, and was not seen here" in said
    assert "finish-2: 3 crossed = 1 named + 2 open (66.7%); 0 dismissed" in said
    assert "finish-2: 3 crossed" in office("rule", "review")


def test_an_unread_person_is_named_with_a_preview_and_taken_back(gvalley: OpenRace, office: Said) -> None:
    assert "16:42" in office("unread", "name", 1, 2, "--preview") and finished(gvalley) == [1]
    office("unread", "name", 1, "이솔", "--yes")
    assert finished(gvalley) == [1, 2]
    assert "   1  " not in office("unread", "list") and "bib 2" in office("unread", "list", "--all")
    office("unread", "undo", 1, "--why", "다른 사람", "--yes")
    assert finished(gvalley) == [1] and "   1  " in office("unread", "list")


def test_whoever_has_passed_already_is_told_of_before_they_are_named(office: Said) -> None:
    said = office("unread", "name", 1, 2, "--preview")
    assert "most likely" not in said and "same result" not in said
    said = office("unread", "name", 1, 1, "--preview")
    assert "-1.8 s from then. That is most likely this passing" in said
    assert "bib 1 has the same result: had finished already" in said
    said = office("unread", "name", 2, 1, "--preview")
    assert "most likely" not in said and "bib 1 has the same result: had finished already" in said


def test_whoever_is_named_anew_is_told_whose_result_that_was_until_now(gvalley: OpenRace, office: Said) -> None:
    assert "until now" not in office("unread", "name", 1, 2, "--yes")
    said = office("unread", "name", 1, 3, "--preview")
    assert "bib 2 이솔 (가산정밀) until now" in said and finished(gvalley) == [1, 2]
    office("unread", "name", 1, 3, "--yes")
    assert finished(gvalley) == [3, 1]


def test_the_same_naming_again_is_refused_and_not_recorded(gvalley: OpenRace, office: Said) -> None:
    office("unread", "name", 1, 2, "--yes")
    before = gvalley.log.head()
    assert "bib 2 이솔 (가산정밀) already" in office("unread", "name", 1, "이솔", "--yes", code=1)
    assert gvalley.log.head() == before


def test_whoever_was_ruled_out_is_told_of_before_they_are_named_or_given_a_time(office: Said) -> None:
    office("rule", "status", "withdrawn", 2, "--why", "무릎 부상", "--yes")
    assert "bib 2 was ruled out, which stands: Withdrawn" in office("unread", "name", 1, 2, "--preview")
    assert "bib 2 was ruled out, which stands: Withdrawn" in office(
        "rule", "finish", 2, "14:40:00", "--why", "영상", "--preview"
    )
    office("rule", "reinstate", 2, "--why", "다른 사람이었음", "--yes")
    assert "ruled out" not in office("unread", "name", 1, 2, "--preview")


def test_numbers_stay_when_others_are_settled(gvalley: OpenRace, office: Said) -> None:
    office("unread", "dismiss", 1, "--why", "진행 요원", "--yes")
    assert "   1  " not in office("unread", "list") and "   2  finish-2" in office("unread", "list")
    office("unread", "name", 2, 3, "--yes")
    assert finished(gvalley) == [1, 3]
    assert "2 crossed = 2 named + 0 open (0.0%); 1 dismissed" in office("rule", "review")


def test_a_station_that_was_cut_off_is_told_with_the_time_of_which_nobody_knows(
    gvalley: OpenRace, office: Said
) -> None:
    station = Station("finish-3").says(scan(1, "16:50"), StationOpened("finish-3", "finish", after_gun("18:00")))
    gvalley.log.receive(station.says(StationClosed(after_gun("90:00"))).batch())
    assert "finish-3 14:16:50.0 ~ 14:18:00.0: " in office("rule", "review")


def test_a_dismissal_needs_a_reason_and_somebody_who_is_open(office: Said) -> None:
    office("unread", "dismiss", 1, "--yes", code=2)
    office("unread", "name", 1, 2, "--yes")
    assert "take that back first" in office("unread", "dismiss", 1, "--why", "진행 요원", "--yes", code=1)
    assert "no unread person 7" in office("unread", "show", 7, code=1)
    office("unread", "undo", 2, "--why", "시험", "--yes", code=1)


def test_a_picture_is_asked_for_until_its_station_says_that_it_has_none(gvalley: OpenRace, office: Said) -> None:
    pictures, lineage = RequestedPictures(gvalley.root / "evidence"), Station("finish-2").lineage
    assert office("unread", "list").count("has not come yet") == 2
    first, second = pictures.wanted(lineage)
    assert pictures.accept(lineage, first, b"") and pictures.accept(lineage, second, JPEG)
    said = office("unread", "list")
    assert said.count("its station has no picture of it") == 1 and f"{second}.jpg" in said
    assert pictures.wanted(lineage) == []


def test_one_is_shown_with_every_reason(office: Said) -> None:
    said = office("unread", "show", 1)
    first, *others = (line for line in said.splitlines() if "bib" in line)
    assert (
        "1." in first and "bib 2 이솔" in first
    )  # a colleague of 1, who passed then; 3 is of another firm, 9 never started
    assert [bib in line for bib, line in zip(("bib 3", "bib 9"), others, strict=True)] == [True, True]
    assert "colleagues passed within 8 s: 1" in said


def seen(*stations: Station) -> Race:
    facts: list[Event] = race(
        *(fact for bib in range(1, 6) for fact in runner(bib, "c0001" if bib < 4 else "c0002")), gun()
    )
    return fold(log_of(facts, *stations).read())


def likeliest(told: Race) -> list[int | None]:
    (one,) = told.open_unread()
    return [found.entrant.bib for found in suggestions(told, standings(told), one)]


def start(*bibs: int) -> Station:
    return Station("start-1", "start").says(*(scan(bib, f"0:{10 + bib}") for bib in bibs))


def test_whom_the_other_camera_read_at_that_moment_comes_first() -> None:
    other = Station("finish-1").says(scan(4, "17:00.4"), scan(5, "19:00"))
    here = Station("finish-2").says(unread("17:00"), scan(5, "19:00.1"))
    assert likeliest(seen(start(1, 2, 4, 5), other, here))[0] == 4


def test_whoever_never_started_or_was_seen_here_is_not_suggested() -> None:
    here = Station("finish-1").says(scan(1, "16:59"), unread("17:00"))
    found = likeliest(seen(start(1, 2, 4), here))
    assert 1 not in found and found[0] == 2  # a colleague of 1, who passed a second before
    assert found.index(2) < found.index(4)
    assert 3 not in found[:2]


def test_of_a_roster_that_came_in_after_a_film_nobody_is_said_to_have_come_late() -> None:
    told = seen(start(1, 2, 4), Station("finish-1").says(scan(1, "16:59"), unread("17:00")))
    (one,) = told.open_unread()
    told.entered_at = dict.fromkeys(told.entered_at, after_gun("59:00"))
    assert {found.late for found in suggestions(told, standings(told), one)} == {False}
    told.entered_at["e00001"] = Instant(GUN - SECOND)
    assert {found.late for found in suggestions(told, standings(told), one)} == {True}


def test_at_the_start_those_are_suggested_who_were_seen_later_without_a_start() -> None:
    first = Station("start-1", "start").says(scan(1, "0:11"), unread("0:12"), scan(2, "0:13"))
    finish = Station("finish-1").says(scan(1, "17:00"), scan(2, "17:01"), scan(5, "18:00"))
    assert likeliest(seen(first, finish))[0] == 5


def test_crossed_is_named_and_open_each_minute_and_whoever_is_read_twice_crossed_once() -> None:
    here = Station("finish-1").says(
        scan(1, "17:01"),
        scan(1, "17:05"),
        scan(2, "18:00"),
        unread("17:30"),
        unread("18:10"),
        scan("?1f0c9a2b3c4d5e6f", "17:20"),
    )
    minutes = completeness(seen(here))
    assert [(one.named, one.open, one.crossed) for one in minutes] == [(1, 1, 2), (1, 1, 2)]
    (total,) = by_station(minutes)
    assert (total.crossed, total.open, total.open_share, total.dismissed) == (4, 2, 0.5, 0)


def test_a_station_that_counts_nobody_says_nothing_of_completeness() -> None:
    assert completeness(seen(start(1, 2))) == []
