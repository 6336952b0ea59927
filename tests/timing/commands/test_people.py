"""Names: mended and erased, while the log stays what it was and the place in the results stays taken."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from results.board.board_projection import view_of
from tests.builders import Station, gun, runner, scan
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace
from timing.log.verify import verify
from timing.race.events import EntrantRegistered, FactUndone
from timing.race.known_names import Names


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    """Two runners of one firm, both in."""
    with race_folder(tmp_path / "대회") as made:
        made.log.record([*runner(417), *runner(12), gun()])
        made.directory.keep(Names({"e00417": "김하늘", "e00012": "이서연"}, {"c0001": "가산정밀"}))
        finish = Station().says(scan(417, "17:05"), scan(12, "18:00"))
        made.log.receive(finish.batch())
        yield made


def places(race: OpenRace) -> list[tuple[int | None, int | None]]:
    return [(row.place, row.entrant.bib) for row in view_of(race, race.fold()).standings.rows]


def test_an_erased_person_leaves_the_log_valid_and_the_place_taken(gvalley: OpenRace) -> None:
    head, before = gvalley.log.head(), places(gvalley)
    assert marathon("people", "erase", "417", "--yes", "--race", gvalley.root) == 0
    assert gvalley.directory.names().people == {"e00012": "이서연"}
    assert set(gvalley.directory.erased()) == {"e00417"}
    assert places(gvalley) == before
    assert gvalley.log.head() == head
    assert verify(gvalley.log).damage is None


def test_the_name_is_nowhere_in_the_database_s_log(gvalley: OpenRace) -> None:
    assert not any("김하늘".encode() in fact.data for fact in gvalley.log.read())


def test_erasing_asks_first_and_without_a_terminal_wants_a_clear_yes(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("people", "erase", "417", "--race", gvalley.root) == 2
    assert "--yes" in capsys.readouterr().err
    assert gvalley.directory.names().people["e00417"] == "김하늘"


def test_who_has_no_name_any_more_cannot_be_erased_again(gvalley: OpenRace) -> None:
    assert marathon("people", "erase", "e00417", "--yes", "--race", gvalley.root) == 0
    assert marathon("people", "erase", "e00417", "--yes", "--race", gvalley.root) == 1


def test_whose_entry_was_taken_back_is_listed_and_erased_by_id(
    gvalley: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    entry = next(pos for pos, one in gvalley.fold().said.items() if isinstance(one, EntrantRegistered))
    gvalley.log.record([FactUndone(entry, "이접수", "잘못 등록")])
    marathon("people", "list", "--race", gvalley.root)
    assert "e00417\t\t\t김하늘" in capsys.readouterr().out
    assert marathon("people", "erase", "e00417", "--yes", "--race", gvalley.root) == 0
    assert gvalley.directory.names().people == {"e00012": "이서연"}


def test_a_name_is_mended_by_bib_or_id(gvalley: OpenRace) -> None:
    assert marathon("people", "rename", "417", "김하늘솔", "--race", gvalley.root) == 0
    assert marathon("people", "rename", "e00012", "이서윤", "--race", gvalley.root) == 0
    assert gvalley.directory.names().people == {"e00417": "김하늘솔", "e00012": "이서윤"}


def test_answers_name_people_by_bib_and_name(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    for command in (("consent", "e00417"), ("rename", "e00012", "이서윤"), ("erase", "12", "--yes")):
        assert marathon("people", *command, "--race", gvalley.root) == 0
    consent, rename, erase, *_ = capsys.readouterr().err.splitlines()
    assert "417 김하늘" in consent
    assert "12 이서연 → 이서윤" in rename
    assert "12 이서윤" in erase


def test_nobody_of_that_number_is_said_plainly(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("people", "rename", "999", "누구", "--race", gvalley.root) == 1
    assert "there is no 999 in this race" in capsys.readouterr().err


def test_the_list_shows_ids_bibs_firms_and_names(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("people", "list", "--race", gvalley.root) == 0
    assert "e00417\t417\t가산정밀\t김하늘" in capsys.readouterr().out.splitlines()


def test_who_agreed_is_shown_in_full_and_may_take_it_back(gvalley: OpenRace) -> None:
    assert marathon("people", "consent", "417", "e00012", "--race", gvalley.root) == 0
    assert gvalley.directory.names().open == {"e00417", "e00012"}
    assert marathon("people", "consent", "417", "--withdraw", "--race", gvalley.root) == 0
    names = gvalley.directory.names()
    assert (names.open, names.withdrawn) == (frozenset({"e00012"}), frozenset({"e00417"}))
    assert marathon("people", "consent", "999", "--race", gvalley.root) == 1


def test_erasing_a_person_erases_what_they_agreed_to(gvalley: OpenRace) -> None:
    marathon("people", "consent", "417", "12", "--race", gvalley.root)
    marathon("people", "erase", "417", "--yes", "--race", gvalley.root)
    names = gvalley.directory.names()
    assert (names.open, names.withdrawn) == (frozenset({"e00012"}), frozenset())


def test_the_list_says_who_agreed(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    marathon("people", "consent", "417", "--race", gvalley.root)
    marathon("people", "list", "--race", gvalley.root)
    lines = capsys.readouterr().out.splitlines()
    assert ["full name" in line for line in lines] == ["김하늘" in line for line in lines]
