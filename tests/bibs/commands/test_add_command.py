"""Somebody at the counter who is in no list: entered in one go, with a printed spare, and never twice by a slip."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.boards import net, race_folder
from tests.builders import entrant_id
from tests.terminal import Typist
from timing.folder import OpenRace
from timing.race.events import SpareDrawn

CODE = "5R083G5SMQV"
Add = Callable[..., str]


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회", [net(1, 1000, company="c0001", name="강누리")]) as opened:
        opened.log.record([SpareDrawn(1250, CODE)])
        yield opened


@pytest.fixture
def add(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> Add:
    return Typist(race, capsys, "people", "add")


def firm(race: OpenRace) -> str:
    return race.directory.names().companies["c0001"]


def test_a_walk_in_gets_the_spare_in_the_hand_and_nothing_is_left_to_print(race: OpenRace, add: Add) -> None:
    said = add("설 아라", "--firm", f"㈜ {firm(race)}", "--sex", "여", "--bib", 1250)
    entrant = race.fold().by_bib(1250)
    assert entrant and (entrant.company, entrant.sex, entrant.code) == ("c0001", "F", CODE)
    assert race.directory.names().people[entrant.id] == "설 아라"
    assert "bibs --only-new" not in said and "rule status withdrawn 1250" in said


def test_without_a_spare_it_says_how_to_print(add: Add, race: OpenRace) -> None:
    assert "bibs --only-new" in add("설아라", "--firm", firm(race))
    assert "bibs --only-new" in add("봄솔", "--firm", firm(race), "--bib", 1777)


def test_nobody_is_entered_twice_by_a_slip_and_a_namesake_may_come(race: OpenRace, add: Add) -> None:
    assert "--namesake" in add("강 누리", "--firm", firm(race), code=1)
    add("강누리", "--firm", firm(race), "--sex", "남", "--namesake")
    names = race.directory.names().people
    assert [key for key, name in names.items() if name == "강누리"] == [entrant_id(1), "e00002"]


def test_a_firm_with_a_slip_in_its_name_is_asked_about_and_a_new_one_must_be_called_so(
    race: OpenRace, add: Add
) -> None:
    assert firm(race) in add("설아라", "--firm", f"{firm(race)}스", code=1)
    add("설아라", "--firm", "새솔정밀", "--new-firm")
    assert "새솔정밀" in race.directory.names().companies.values()


def test_a_spare_that_somebody_wears_is_refused_by_name_and_a_preview_records_nothing(race: OpenRace, add: Add) -> None:
    add("설아라", "--firm", firm(race), "--bib", 1250, "--preview")
    assert race.fold().by_bib(1250) is None
    add("설아라", "--firm", firm(race), "--bib", 1250)
    assert "설아라" in add("봄솔", "--firm", firm(race), "--bib", 1250, code=1)
    assert len(race.fold().entrants) == 2


def test_a_wave_is_the_one_that_people_mean_and_a_new_one_is_told(add: Add, race: OpenRace) -> None:
    assert "is new" not in add("설아라", "--firm", firm(race), "--wave", "1조", "--bib", 1250)
    entrant = race.fold().by_bib(1250)
    assert entrant and entrant.wave == "1"
    assert "wave 7 is new; waves: 1" in add("도하람", "--firm", firm(race), "--wave", "7", "--preview")
