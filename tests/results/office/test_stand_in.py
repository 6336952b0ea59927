"""Somebody else runs: the bib stays, the person, sex, age group and consent do not; and all of it can be taken back."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.ranking.projection import StandingsProjection
from results.ranking.standings import standings
from tests.boards import Run, net, race_folder
from tests.builders import code_of, entrant_id
from tests.terminal import Typist, marathon
from timing.folder import OpenRace
from timing.race.events import SpareDrawn

FIELD = [
    net(1, 1000, company="c0001", name="강누리"),
    net(2, 1010, company="c0001", name="도하람"),
    Run(3, name="봄솔"),
]
People = Callable[..., str]


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회", FIELD) as opened:
        yield opened


@pytest.fixture
def people(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> People:
    return Typist(race, capsys, "people")


def test_the_new_person_has_the_bib_and_the_time_and_the_absent_one_is_withdrawn(
    race: OpenRace, people: People
) -> None:
    race.directory.keep_consents({entrant_id(1): True})
    before = race.fold()
    said = people("stand-in", 1, "설 아라", "--sex", "여", "--category", "30대", "--yes")
    assert "1 강누리 → 설 아라" in said
    folded, names = race.fold(), race.directory.names()
    bearer = folded.by_bib(1)
    assert bearer and (bearer.sex, bearer.category, bearer.company) == ("F", "30대", "c0001")
    assert (names.people[bearer.id], bearer.id in names.open) == ("설 아라", False)
    assert bearer.code == before.entrants[entrant_id(1)].code
    rows = {row.entrant.id: row for row in standings(folded).rows}
    assert (rows[bearer.id].place, rows[entrant_id(1)].status) == (1, "withdrawn")
    assert names.people[entrant_id(1)] == "강누리"


def test_undone_the_absent_one_has_everything_back_and_nobody_is_left_over(race: OpenRace, people: People) -> None:
    before, live = race.fold(), StandingsProjection()
    people("stand-in", 1, "설아라", "--yes")
    for recorded in race.log.read():
        live.apply(recorded)
    live.standings()
    last = race.log.head().seq
    assert marathon("rule", "undo", last, "--why", "왔음", "--yes", "--race", race.root) == 0
    assert race.fold().entrants == before.entrants
    live.apply(list(race.log.read())[-1])
    assert live.standings().rows == standings(race.fold()).rows
    people("stand-in", 2, "탁가온", "--yes")
    bearer = race.fold().by_bib(2)
    assert bearer and race.directory.names().people[bearer.id] == "탁가온"
    assert "설아라" in race.directory.names().people.values()


@pytest.mark.parametrize(
    ("name", "told"),
    [("강 누리", "`marathon people rename 1 '강 누리'`"), ("도하람", "the same firm has a 도하람 already (2)")],
)
def test_who_stands_in_under_a_name_that_is_entered_already_is_told(people: People, name: str, told: str) -> None:
    assert told in people("stand-in", 1, name, "--preview")
    assert "name" not in people("stand-in", 1, "설아라", "--preview").partition("Runners")[0].replace(
        "the name is masked", ""
    )


def test_a_preview_writes_no_name_and_no_fact(race: OpenRace, people: People) -> None:
    before = race.log.head(), race.directory.names()
    people("stand-in", 1, "설아라", "--preview")
    assert (race.log.head(), race.directory.names()) == before


def test_the_facts_and_the_explanation_tell_of_it(
    race: OpenRace, people: People, capsys: pytest.CaptureFixture[str]
) -> None:
    people("stand-in", 1, "설아라", "--why", "출장", "--yes")
    assert marathon("explain", 1, "--race", race.root) == 0
    assert f"{entrant_id(1)} 대신" in capsys.readouterr().out


def test_a_stand_in_may_wear_a_printed_spare_that_nobody_has(race: OpenRace, people: People) -> None:
    race.log.record([SpareDrawn(90, code_of(90))])
    people("stand-in", 1, "설아라", "--bib", 90, "--yes")
    bearer = race.fold().by_bib(90)
    assert bearer and bearer.code == code_of(90) and standings(race.fold()).rows[0].entrant == bearer
    assert "설아라(90)" in people("stand-in", 2, "탁가온", "--bib", 90, "--yes", code=1)


def test_a_spare_that_nobody_has_is_said_to_be_one(race: OpenRace, people: People) -> None:
    race.log.record([SpareDrawn(90, code_of(90))])
    assert "예비 배번" in people("rename", 90, "설아라", code=1)


def test_a_slip_mended_keeps_the_consent_and_another_name_drops_it(race: OpenRace, people: People) -> None:
    race.directory.keep_consents({entrant_id(1): True, entrant_id(2): True})
    assert "stand-in" not in people("rename", 1, "강 누리")
    people("rename", 1, "강누라")
    assert entrant_id(1) in race.directory.names().open
    assert "stand-in 2 '탁가온'" in people("rename", 2, "탁가온")
    assert entrant_id(2) not in race.directory.names().open
