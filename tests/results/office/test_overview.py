"""The overview: figures that are live, stations with what to do, arrivals beside those expected."""

import re
from contextlib import ExitStack
from math import exp
from pathlib import Path
from random import Random

import pytest

from results.office.service.arrival_curve import ArrivalCurve, arrival_curve
from server.office_side import office_beside
from tests.boards import Run, net, race_folder, said, standings_of
from tests.builders import GUN, Station, after_gun, log_of
from tests.results.office.test_office_pages import House, house
from timing.feed import RaceFeed
from timing.race.events import BibsHandedOut, StationClosed
from timing.race.fold import fold
from timing.race.instants import SECOND, Instant
from timing.stations.list import SILENT_AFTER, station_lines
from timing.stations.station_advice import advice
from timing.stations.station_status import LastHeartbeat, StationStatus

__all__ = ["house"]
NOBODY_FROM, NOBODY_TO = 1500, 1680
DICE = Random(3)
FIELD = [(at * 0.3, exp(DICE.normalvariate(7.4, 0.24))) for at in range(600)]
"""Seconds from the gun to the start, and from there to the finish."""


def curve(now: int, unread: bool = False) -> ArrivalCurve:
    def finish(start: float, ran: float) -> str | None:
        at = start + ran
        return said(round(at * SECOND)) if at <= now and not (unread and NOBODY_FROM <= at < NOBODY_TO) else None

    runs = [Run(bib, said(round(start * SECOND)), finish(start, ran)) for bib, (start, ran) in enumerate(FIELD, 1)]
    found = arrival_curve(standings_of(runs).rows, Instant(GUN + now * SECOND))
    assert found
    return found


def test_the_curve_foretells_the_whole_race_when_a_fifth_are_in() -> None:
    early, over = curve(1500), curve(6000)
    assert 0.1 < sum(early.came.counts) / len(FIELD) < 0.3
    came = {begin: number for (begin, _), number in zip(over.came.edges(), over.came.counts, strict=True)}
    foretold = {begin: number for (begin, _), number in zip(early.came.edges(), early.expected, strict=True)}
    width = over.came.width // early.came.width
    pairs = [(sum(foretold.get(at + n * early.came.width, 0) for n in range(width)), came[at]) for at in came]
    assert sum(abs(one - true) for one, true in pairs) < 0.3 * len(FIELD)


def test_minutes_in_which_nobody_was_read_stand_out_below_the_curve() -> None:
    found = curve(2100, unread=True)
    minutes = list(zip(found.came.edges(), found.came.counts, found.expected, strict=True))
    silent = [(came, expected) for (begin, _), came, expected in minutes if begin == GUN + 1560 * SECOND]
    assert [came for came, _ in silent] == [0] and silent[0][1] > 20, minutes


def test_nothing_is_expected_while_too_few_are_in() -> None:
    few = arrival_curve(standings_of([net(bib, 900 + bib) for bib in range(1, 4)]).rows, after_gun("20:00"))
    assert few and (sum(few.came.counts), few.expected) == (3, ())
    assert arrival_curve([], GUN) is None


def told(status: StationStatus | None, ago_s: int = 0, closed: bool = False) -> tuple[str, str]:
    station = Station().says(*([StationClosed(after_gun("1:00"))] if closed else []))
    heard = [LastHeartbeat(station.lineage, "finish-1", Instant(GUN - ago_s * SECOND), status)] if status else []
    received = len(station.items)
    (line,) = station_lines(fold(log_of([], station).read()), heard, lambda _: received, ["finish-1"], GUN)
    found = advice(line, GUN)
    return found.condition, found.text.to("en")


WELL = StationStatus(1, "", 0, live=True, fps=29.0, paper=180.0, edge=0.4)


@pytest.mark.parametrize(("status", "ago_s", "closed", "condition", "remedy"), [
    (WELL, 1, False, "well", "all well"),
    (WELL, SILENT_AFTER // SECOND + 80, False, "alarm", "silent for 1:30: see whether its laptop is on"),
    (StationStatus(9, "", 8), 1, False, "notice", "8 items have not arrived: leave the laptop on"),
    (StationStatus(9, "", 8), 1, True, "alarm", "7 items have not arrived: leave the laptop on"),
    (StationStatus(1, "", 0, camera_lost=True), 1, False, "alarm", "plug it in again"),
    (StationStatus(1, "", 0, camera_lost=True), 3600, False, "alarm", "silent for 1:00:00"),
    (WELL, 3600, True, "closed", "everything has arrived"),
])  # fmt: skip
def test_a_station_s_one_sentence_says_what_is_wrong_and_what_to_do(
    status: StationStatus, ago_s: int, closed: bool, condition: str, remedy: str
) -> None:
    found, sentence = told(status, ago_s, closed)
    assert found == condition and remedy in sentence


def figures(page: str) -> dict[str, str]:
    return dict(re.findall(r"<dt>(.*?)</dt><dd>(.*?)</dd>", page))


def test_the_figures_count_who_has_a_bib_and_who_is_out_and_in(house: House) -> None:
    house.opened.log.record([BibsHandedOut(("e00417", "e00006"), "self", GUN, "이접수")])
    page = house.somebody("viewer").asks("/office/").text
    assert figures(page) == {"등록": "4", "배번 배부": "2", "출발": "4", "코스 위": "1", "완주": "3"}
    assert "14:00:00.0" in page and 'role="img"' in page and '<th scope="row">' in page


def test_the_director_of_a_race_without_anybody_sees_where_to_begin(tmp_path: Path, house: House) -> None:
    begins = 'href="/office/rosters">소속별 명단 가져오기'
    with race_folder(tmp_path / "empty", []) as opened, ExitStack() as stack:
        empty = House(opened, office_beside(opened, RaceFeed(opened, print), stack))
        assert begins in empty.somebody("director").asks("/office/").text
        assert begins not in empty.somebody("entry", "박기록").asks("/office/").text
    assert begins not in house.somebody("director").asks("/office/").text


def test_a_viewer_sees_figures_and_stations_and_nobody_s_name(house: House) -> None:
    page = house.somebody("viewer").asks("/office/").text
    assert "finish-1" in page and not any(name in page for name in ("김하늘", "417", "/office/people"))
