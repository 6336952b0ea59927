"""Two people are never one, and one is never two: what tells namesakes apart, and what is asked before anything is taken in."""

from datetime import date
from itertools import permutations
from pathlib import Path

import pytest

from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.import_plan import register, register_lists
from tests.builders import code_of
from tests.clock_and_chance import seeded_bits
from tests.rosters import Desk, csv_file, entry
from tests.terminal import marathon, race_folder
from timing.race.categories import outdated
from timing.race.events import BibAssigned, RulesSet, SpareDrawn, StatusRuled
from timing.race.office_state import Entrant
from timing.race.rules import AgeGroup, Rules

AGES = Rules(age_group=(AgeGroup("39세 이하", 4, 39), AgeGroup("40세 이상", 40)))
DEPARTMENT = entry("문보람", team="설계팀", sex="M"), entry("유하린", team="설계팀", sex="F")


def desk_of_the_department() -> Desk:
    desk = Desk(day=date(2026, 9, 3))
    desk.log.record([RulesSet(AGES, "desk", "연령대")])
    desk.takes(*DEPARTMENT)
    return desk


@pytest.mark.parametrize(
    "later",
    [
        entry("문보람", team="구매팀", sex="F"),
        entry("문보람", sex="F"),
        entry("문 보람", team="구매팀", sex="M"),
        entry("문보람", team="구매팀"),
    ],
)
def test_a_namesake_in_the_list_of_another_department_is_somebody_else_and_that_is_said(later: object) -> None:
    desk = desk_of_the_department()
    done = desk.takes(later, entry("정다온", team="구매팀", row=3))  # type: ignore[arg-type]
    assert (done.new, done.changed, done.faults) == (2, 0, [])
    assert "e00001" in done.flagged[0].text.to("ko")
    assert [one.sex for one in desk.race().entrants.values()][:2] == ["M", "F"]


def test_a_namesake_of_another_age_is_somebody_else() -> None:
    desk = desk_of_the_department()
    desk.takes(entry("오세찬", "들판식품", born="1999-01-01"))
    done = desk.takes(
        entry("오세찬", "들판식품", born="1970-01-01"), entry("배나래", "들판식품", born="1980-05-05", row=3)
    )
    assert (done.new, done.changed) == (2, 0)


def test_spaces_in_a_name_make_nobody_else_and_the_first_spelling_stays() -> None:
    desk = desk_of_the_department()
    assert (
        desk.takes(entry("문 보 람", team="설계팀", sex="M"), entry("유 하린", team="설계팀", sex="F")).unchanged == 2
    )
    assert sorted(desk.names.people.values()) == ["문보람", "유하린"]


def test_a_list_sent_again_changes_who_moved_to_another_team() -> None:
    desk = desk_of_the_department()
    done = desk.takes(entry("문보람", team="구매팀", sex="M"), DEPARTMENT[1])
    assert (done.new, done.changed, done.unchanged) == (0, 1, 1)


def test_a_department_with_a_new_name_is_the_same_people() -> None:
    desk = desk_of_the_department()
    assert desk.takes(entry("문보람", team="제품팀"), entry("유하린", team="제품팀", row=3)).changed == 2


def test_another_sex_in_a_list_sent_again_is_asked_before_anything_is_taken_in() -> None:
    desk = desk_of_the_department()
    again = entry("문보람", team="설계팀", sex="F"), DEPARTMENT[1]
    (fault,) = desk.takes(*again).faults
    assert "--same e00001" in fault.text.to("ko") and "--other e00001" in fault.text.to("en")
    state = desk.race(), desk.names, seeded_bits(3)
    same = register(again, *state, answers=Answers(same=["e00001"]))
    assert (same.new, same.changed, same.faults) == (0, 1, [])
    other = register(again, *state, answers=Answers(other=["e00001"]))
    assert (other.new, other.changed, other.faults) == (1, 0, [])


def test_with_both_namesakes_on_the_list_nothing_is_asked_whatever_their_order() -> None:
    for rows in permutations([*DEPARTMENT, entry("문보람", team="구매팀", sex="F", row=4)]):
        done = desk_of_the_department().takes(*rows)
        assert (done.new, done.unchanged, done.faults) == (1, 2, [])


def test_files_of_one_command_and_of_two_end_in_the_same_race() -> None:
    first = [entry("문보람", team="설계팀"), entry("유하린", team="설계팀", row=3)]
    second = [entry("문보람", team="구매팀"), entry("정다온", team="구매팀", row=3), entry("유 하린", row=4)]
    for lists in ((first, second), (second, first)):
        apart, together = Desk(), Desk()
        for rows in lists:
            apart.takes(*rows)
        done = register_lists(lists, together.race(), together.names, seeded_bits(1))
        race, _ = together.race().supposing(done.facts)
        assert race.entrants == apart.race().entrants
        assert (done.names.people, done.faults) == (apart.names.people, [])


def test_the_only_known_name_in_a_list_of_new_people_is_pointed_out() -> None:
    desk = Desk()
    desk.takes(entry("문보람"), entry("유하린", row=3))
    done = desk.takes(entry("문보람"), entry("정다온", row=3), entry("오세찬", row=4))
    assert (done.new, done.unchanged) == (2, 1)
    assert "--other e00001" in done.flagged[0].text.to("ko")


def test_who_withdrew_stays_so_and_that_is_said() -> None:
    desk = desk_of_the_department()
    desk.log.record([StatusRuled("e00001", "withdrawn", "desk", "부상")])
    done = desk.takes(*DEPARTMENT)
    assert done.unchanged == 2 and "rule reinstate e00001" in done.flagged[0].text.to("ko")


def test_somebody_new_gets_the_printed_spare_with_its_code() -> None:
    desk = desk_of_the_department()
    desk.log.record([SpareDrawn(1250, code_of(1250))])
    done = desk.takes(entry("장이든", bib=1250))
    assert [fact.code for fact in done.facts if isinstance(fact, BibAssigned)] == [code_of(1250)]
    (fault,) = desk.takes(entry("심나울", bib=1250)).faults
    assert "장이든" in fault.text.to("ko")


def test_a_bib_of_somebody_else_is_refused_with_what_to_do() -> None:
    desk = Desk()
    desk.takes(entry("문보람", bib=7))
    assert "people rename 7" in desk.takes(entry("문보럼", bib=7)).faults[0].text.to("ko")
    other = desk.takes(entry("정다온", bib=7)).faults[0]
    assert "people stand-in 7" in other.text.to("ko") and "rename" not in str(other)
    (moved,) = desk.takes(entry("문보람", "구로소프트", bib=7)).faults
    assert "rule move 7 '구로소프트'" in moved.text.to("ko") and "rename" not in str(moved)


def test_groups_are_kept_in_the_spelling_known_first() -> None:
    desk = Desk()
    desk.takes(entry("문보람", category="5km", wave="1 조"), entry("유하린", category="５㎞", wave="1조", row=3))
    desk.takes(entry("정다온", category="5 K", wave="１조"))
    people: list[Entrant] = list(desk.race().entrants.values())
    assert {(one.category, one.wave) for one in people} == {("5km", "1 조")}


def test_what_is_changed_is_told_name_by_name_and_what_looks_alike_is_asked(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    header = ["소속", "성명", "팀", "부문"]
    with race_folder(tmp_path / "대회") as race:
        rows = [["들판식품", "문보람", "설계팀", "5km"], ["들판식품", "유하린", "설게팀", "5km"]]
        file = csv_file(tmp_path / "명단.csv", header, *rows)
        assert marathon("import", file, "--race", race.root) == 0
        assert "? 팀 / team 들판식품: '설게팀'(1), '설계팀'(1): 이름이 비슷합니다" in capsys.readouterr().err
        rows[0][3] = "10km"
        csv_file(file, header, *rows)
        assert marathon("import", file, "--race", race.root) == 0
        assert "문보람  부문 / category 5km → 10km" in capsys.readouterr().err


def test_a_list_sent_again_after_the_age_groups_changed_says_the_categories_anew() -> None:
    desk, day = desk_of_the_department(), date(2026, 9, 3)
    rows = entry("오세찬", "들판식품", born="1999-01-01"), entry("배나래", "들판식품", born="1980-05-05", row=3)
    desk.takes(*rows)
    wider = Rules(age_group=(AgeGroup("39세 이하", 0, 39), AgeGroup("40세 이상", 40)))
    desk.log.record([RulesSet(wider, "desk", "어린이도")])
    assert list(outdated(desk.race(), wider, day))
    assert desk.takes(*rows).unchanged == 2
    assert list(outdated(desk.race(), wider, day)) == []
    assert desk.takes(*rows).facts == []
