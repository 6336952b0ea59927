"""The registration desk: who is new, who changed, who stays the same person."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bibs.roster.entries.entry import Entry
from bibs.roster.registration.import_plan import register
from tests.builders import code_of
from tests.clock_and_chance import seeded_bits
from tests.rosters import Desk, entry
from timing.race.events import (
    BibAssigned,
    BibReplaced,
    BibsSwapped,
    CompaniesMerged,
    EntrantMoved,
    EntrantRegistered,
    Event,
    HeadcountDeclared,
    RulesSet,
)
from timing.race.firms import FirmCard
from timing.race.rules import AgeGroup, Rules


def test_a_new_runner_is_entered_under_an_id_and_the_name_stays_beside_the_log() -> None:
    desk = Desk()
    done = desk.takes(entry("김하늘", team="개발팀", sex="F", category="30대", wave="2"))
    assert done.facts == [EntrantRegistered("e00001", "c0001", "t0001", "F", "30대", "2")]
    assert (done.new, done.changed, done.unchanged) == (1, 0, 0)
    assert desk.names.people == {"e00001": "김하늘"}
    assert desk.names.companies == {"c0001": "가산정밀"}
    assert "김하늘" not in str(done.facts)


def test_a_bib_that_the_firm_brings_gets_a_code() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=417))
    (haneul,) = desk.named("김하늘")
    assert haneul.bib == 417
    assert haneul.code


def test_importing_again_changes_nothing() -> None:
    desk = Desk()
    rows = [entry("김하늘", bib=417, team="개발팀"), entry("이서연"), entry("박도윤", "㈜구로소프트"), entry("", bib=9)]
    desk.takes(*rows)
    again = desk.takes(*rows)
    assert (again.facts, again.faults, again.unchanged) == ([], [], 4)
    assert not again.names.people | again.names.companies | again.names.teams


def test_another_spelling_of_the_firm_is_the_same_firm() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", "㈜한빛테크", team="개발팀"))
    again = desk.takes(entry("김하늘", "한빛테크 주식회사", team="개발팀"))
    assert (again.facts, again.unchanged) == ([], 1)
    assert desk.names.companies == {"c0001": "㈜한빛테크"}


def test_a_change_amends_only_that_runner() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=417, category="30대"), entry("이서연", bib=418, category="30대"))
    done = desk.takes(entry("김하늘", bib=417, category="40대"), entry("이서연", bib=418, category="30대"))
    assert done.facts == [EntrantRegistered("e00001", "c0001", "", "", "40대", "1")]
    assert (done.new, done.changed, done.unchanged) == (0, 1, 1)
    (haneul,) = desk.named("김하늘")
    assert (haneul.category, haneul.bib) == ("40대", 417)


def test_what_the_file_has_no_column_for_stays_as_it_was() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", team="개발팀", sex="F", category="30대", wave="2"))
    assert desk.takes(entry("김하늘")).unchanged == 1
    emptied = desk.takes(entry("김하늘", team="", category=""))
    assert emptied.facts == [EntrantRegistered("e00001", "c0001", "", "F", "", "2")]


def test_a_change_of_team_amends_too() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", team="개발팀"), entry("이서연", team="개발팀"))
    assert desk.takes(entry("김하늘", team="생산팀"), entry("이서연", team="개발팀")).changed == 1
    assert desk.team_of(desk.named("김하늘")[0]) == "가산정밀 생산팀"


def test_namesakes_of_one_firm_stay_two_people() -> None:
    desk = Desk()
    pair = [entry("김하늘", category="30대"), entry("김하늘", category="40대", row=3)]
    desk.takes(*pair)
    assert [person.category for person in desk.named("김하늘")] == ["30대", "40대"]
    assert desk.takes(*pair).facts == []


def test_a_third_namesake_is_new() -> None:
    desk = Desk()
    desk.takes(entry("김하늘"), entry("김하늘"))
    assert desk.takes(entry("김하늘"), entry("김하늘"), entry("김하늘")).new == 1


def test_namesakes_of_two_firms_have_nothing_to_do_with_one_another() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", "가산정밀"), entry("김하늘", "구로소프트"))
    assert [desk.company_of(person) for person in desk.named("김하늘")] == ["가산정밀", "구로소프트"]


def test_the_development_teams_of_two_firms_are_two_teams() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", "가산정밀", team="개발팀"), entry("이서연", "구로소프트", team="개발팀"))
    assert {desk.team_of(person) for person in desk.race().entrants.values()} == {
        "가산정밀 개발팀",
        "구로소프트 개발팀",
    }


def test_a_joint_team_across_firms_is_one_team() -> None:
    desk = Desk()
    desk.takes(
        entry("김하늘", "가산정밀", joint_team="디지털연합"), entry("이서연", "구로소프트", joint_team="디지털연합")
    )
    assert {desk.team_of(person) for person in desk.race().entrants.values()} == {"디지털연합"}
    assert list(desk.names.teams) == ["t0001"]


def test_one_bib_for_two_people_is_a_fault_that_names_the_row() -> None:
    desk = Desk()
    done = desk.takes(entry("김하늘", bib=417), entry("이서연", "구로소프트", bib=417, row=3))
    (fault,) = done.faults
    assert fault.where.endswith("row 3")
    assert "417" in fault.text.to("ko")
    assert "`bib`" in fault.text.to("en")


def test_a_bib_that_somebody_wears_already_is_a_fault() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=417))
    (fault,) = desk.takes(entry("이서연", bib=417, row=5)).faults
    assert fault.where.endswith("row 5")
    assert [person.bib for person in desk.race().entrants.values()] == [417]


def test_a_runner_keeps_the_bib_that_was_given() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=417))
    (fault,) = desk.takes(entry("김하늘", bib=418)).faults
    assert "417" in fault.text.to("en")


def test_a_bib_may_come_later_than_the_entry() -> None:
    desk = Desk()
    desk.takes(entry("김하늘"))
    done = desk.takes(entry("김하늘", bib=417))
    assert [type(fact) for fact in done.facts] == [BibAssigned]
    assert desk.named("김하늘")[0].bib == 417


def test_a_nameless_runner_is_known_by_the_bib() -> None:
    desk = Desk()
    desk.takes(entry("", bib=417, category="30대"), entry("", bib=418))
    done = desk.takes(entry("", bib=418), entry("", bib=417, category="40대"))
    assert (done.new, done.changed, done.unchanged) == (0, 1, 1)


def test_somebody_new_without_a_name_is_told() -> None:
    desk = Desk()
    done = desk.takes(entry("", bib=417), entry("김하늘", bib=418))
    assert [fault.text.to("en") for fault in done.flagged] == ["somebody new was entered without a name"]
    assert desk.takes(entry("", bib=417)).flagged == []


def test_a_nameless_row_does_not_take_over_another_firm_s_runner() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", "가산정밀", bib=417, category="30대"))
    done = desk.takes(entry("", "구로소프트", bib=417, category="40대"))
    assert len(done.faults) == 1
    assert desk.named("김하늘")[0].category == "30대"


people = st.builds(
    entry,
    name=st.sampled_from(["김하늘", "이서연", "박도윤", "최민준"]),
    company=st.sampled_from(["가산정밀", "㈜가산정밀", "구로소프트"]),
    team=st.sampled_from(["", "개발팀", "생산팀"]),
    category=st.sampled_from(["", "30대"]),
    wave=st.sampled_from(["1", "2"]),
)


@given(st.lists(people, max_size=25))
def test_everybody_on_a_list_is_in_the_race_once_and_stays_so(rows: list[Entry]) -> None:
    desk = Desk()
    done = desk.takes(*rows)
    assert done.new == len(rows) == len(desk.race().entrants)
    again = desk.takes(*rows)
    assert (again.facts, again.unchanged) == ([], len(rows))


def test_of_several_namesakes_a_bib_tells_which_one_is_meant() -> None:
    desk = Desk()
    desk.takes(entry("홍길동", bib=12, team="개발팀"), entry("홍길동", bib=15, team="영업팀"))
    assert desk.takes(entry("홍길동", team="총무팀")).faults
    done = desk.takes(entry("홍길동", bib=15, team="총무팀"))
    assert (done.changed, done.faults) == (1, [])
    assert {desk.team_of(one) for one in desk.named("홍길동")} == {"가산정밀 개발팀", "가산정밀 총무팀"}


def test_who_is_entered_and_no_longer_in_the_roster_is_pointed_out_and_stays() -> None:
    desk = Desk()
    desk.takes(entry("김하늘"), entry("이서연"), entry("박도윤", "㈜구로소프트"))
    done = desk.takes(entry("김하늘"))
    assert [person.id for person in done.missing] == ["e00002"]
    assert len(desk.race().entrants) == 3


@given(st.permutations([entry("홍길동", bib=12), entry("홍길동", bib=15), entry("김하늘", bib=9)]))
def test_with_bibs_the_order_of_the_rows_does_not_matter(rows: list[Entry]) -> None:
    desk = Desk()
    desk.takes(entry("홍길동", bib=12), entry("홍길동", bib=15), entry("김하늘", bib=9))
    assert (desk.takes(*rows).facts, desk.takes(*rows).faults) == ([], [])


# Age groups.


AGES = AgeGroup("39세 이하", most=39), AgeGroup("40대", 40, 49)


def desk_with_ages(day: date | None = date(2026, 9, 3)) -> Desk:
    desk = Desk(day=day)
    desk.log.record([RulesSet(Rules(age_group=AGES), "desk", "연령대")])
    return desk


def test_a_birth_gives_the_age_group_and_is_kept_nowhere() -> None:
    desk = desk_with_ages()
    done = desk.takes(entry("김하늘", sex="F", born="1986-09-03"), entry("이서연", born="860904", row=3))
    assert [person.category for person in desk.race().entrants.values()] == ["40대", "39세 이하"]
    assert done.flagged == [] and done.undated == 0
    assert "1986" not in str(done) and "860904" not in str(list(desk.log.read()))


def test_a_category_that_the_firm_names_stands_above_the_birth() -> None:
    desk = desk_with_ages()
    desk.takes(
        entry("김하늘", category="임원", born="1986-09-03"), entry("이서연", category="", born="1986-09-03", row=3)
    )
    assert [person.category for person in desk.race().entrants.values()] == ["임원", "40대"]


def test_a_birth_that_fits_no_group_or_cannot_be_read_is_flagged_and_taken_in() -> None:
    desk = desk_with_ages()
    done = desk.takes(
        entry("김하늘", born="1966-09-03"), entry("이서연", born="사과", row=3), entry("박도윤", born="", row=4)
    )
    assert (done.new, done.faults) == (3, [])
    assert [person.category for person in desk.race().entrants.values()] == ["", "", ""]
    assert [(fault.where, fault.text.to("en")) for fault in done.flagged] == [
        ("명단.csv 2행 / 명단.csv, row 2", "no age group fits the age and sex"),
        ("명단.csv 3행 / 명단.csv, row 3", "no plausible date of birth in column `born`"),
    ]


def test_without_the_day_of_the_race_nobody_gets_an_age_group_and_that_is_said() -> None:
    desk = desk_with_ages(None)
    assert desk.takes(entry("김하늘", born="1986-09-03"), entry("이서연", row=3)).undated == 1
    assert [person.category for person in desk.race().entrants.values()] == ["", ""]


def test_without_age_groups_in_the_rules_a_birth_says_nothing() -> None:
    desk = Desk(day=date(2026, 9, 3))
    done = desk.takes(entry("김하늘", category="30대", born="1986-09-03"), entry("이서연", born="사과", row=3))
    assert (done.flagged, done.undated) == ([], 0)
    assert [person.category for person in desk.race().entrants.values()] == ["30대", ""]


def test_importing_births_again_changes_nothing_and_new_age_groups_change_the_category() -> None:
    desk = desk_with_ages()
    desk.takes(entry("김하늘", born="1986-09-03"))
    assert desk.takes(entry("김하늘", born="1986-09-03")).unchanged == 1
    desk.log.record([RulesSet(Rules(age_group=(AgeGroup("40세 이상", 40),)), "desk", "두 그룹으로")])
    assert desk.takes(entry("김하늘", born="1986-09-03")).changed == 1
    assert [person.category for person in desk.race().entrants.values()] == ["40세 이상"]


# What officials ruled stands above a roster that was written before.


def ruled(desk: Desk, *facts: Event) -> None:
    desk.log.record(facts)


def test_a_roster_that_says_nothing_of_courses_leaves_everybody_on_theirs() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", category="30대"))
    ruled(desk, EntrantRegistered("e00001", "c0001", "", "", "30대", "1", course="10km"))
    assert desk.takes(entry("김하늘", category="30대")).facts == []
    amended = desk.takes(entry("김하늘", category="40대"))
    assert amended.facts == [EntrantRegistered("e00001", "c0001", "", "", "40대", "1", course="10km")]


def test_a_runner_who_was_moved_is_still_the_same_person_for_the_firm_that_entered_them() -> None:
    desk = Desk()
    old = [entry("김하늘", bib=417, team="개발팀"), entry("이서연", "구로소프트")]
    desk.takes(*old)
    ruled(desk, EntrantMoved("e00001", "c0002", "", "desk", "이직"))
    again = desk.takes(*old)
    assert (again.facts, again.faults, again.unchanged) == ([], [], 2)
    assert desk.takes(entry("김하늘", "구로소프트")).unchanged == 1


def test_firms_that_were_merged_stay_one_under_either_name() -> None:
    desk = Desk()
    rows = [entry("김하늘", "가산정밀"), entry("이서연", "가산정밀기계")]
    desk.takes(*rows)
    ruled(desk, CompaniesMerged("c0002", "c0001", "desk", "같은 회사"))
    assert desk.takes(*rows).unchanged == 2
    desk.takes(entry("박도윤", "가산정밀기계"))
    assert desk.named("박도윤")[0].company == "c0001"


def test_a_new_firm_gets_an_id_that_no_other_spelling_ever_had() -> None:
    desk = Desk()
    desk.names.companies |= {"c0001": "가산정밀", "c0002": "㈜가산정밀"}
    desk.takes(entry("김하늘", "구로소프트"))
    assert desk.named("김하늘")[0].company == "c0003"


@pytest.mark.parametrize(
    "ruling",
    [BibReplaced("e00001", 500, code_of(500), "desk", "분실"), BibsSwapped("e00001", "e00002", "desk", "바꿔 달음")],
)
def test_a_roster_with_the_bibs_of_before_changes_nothing(ruling: Event) -> None:
    desk = Desk()
    rows = [entry("김하늘", bib=417), entry("이서연", bib=418, row=3)]
    desk.takes(*rows)
    ruled(desk, ruling)
    again = desk.takes(*rows)
    assert (again.facts, again.faults) == ([], [])


def test_a_number_that_was_given_once_is_given_to_nobody_else() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", bib=417))
    ruled(desk, BibReplaced("e00001", 500, code_of(500), "desk", "분실"))
    (fault,) = desk.takes(entry("이서연", bib=417)).faults
    assert "never given again" in fault.text.to("en") and "417" in fault.text.to("ko")


def test_two_equal_rows_are_two_people_and_pointed_out() -> None:
    desk = Desk()
    done = desk.takes(entry("김하늘"), entry("김하늘", row=3), entry("김하늘", row=4, team="개발팀"))
    assert (done.new, [fault.where for fault in done.flagged]) == (3, ["명단.csv 3행 / 명단.csv, row 3"])


# What a roster says of the firm itself.


def test_the_number_of_employees_is_declared_once() -> None:
    desk = Desk()
    rows = [entry("김하늘", employees=1200), entry("이서연", employees=1200, row=3), entry("박도윤", row=4)]
    assert desk.takes(*rows).employees == {"c0001": (0, 1200)}
    assert desk.race().office.employees == {"c0001": 1200}
    assert desk.takes(*rows).facts == []
    assert desk.takes(entry("김하늘", employees=1300)).employees == {"c0001": (1200, 1300)}


def test_two_numbers_of_employees_for_one_firm_are_a_fault() -> None:
    (fault,) = Desk().takes(entry("김하늘", employees=1200), entry("이서연", employees=1300, row=3)).faults
    assert fault.where.endswith("row 3") and "1200" in fault.text.to("en")


def test_a_ruled_number_of_employees_stands_above_the_file() -> None:
    desk = Desk()
    desk.takes(entry("김하늘", employees=1200))
    ruled(desk, HeadcountDeclared("c0001", 900, "심판", "확인함"))
    done = desk.takes(entry("김하늘", employees=1200))
    assert (done.facts, len(done.flagged)) == ([], 1)


def test_building_and_floor_go_on_the_firm_s_card_and_leave_the_rest_of_it() -> None:
    desk = Desk()
    (card,) = desk.takes(entry("김하늘", building="대륭포스트타워 8", floor="3층")).cards
    assert card == FirmCard("c0001", "대륭포스트타워 8", "3층")
    known = {"c0001": FirmCard("c0001", "대륭포스트타워 8", "3층", link="https://firm.example/")}
    rows = [entry("김하늘", floor="4층"), entry("이서연", floor="5층", row=3)]
    done = register(rows, desk.race(), desk.names, seeded_bits(2), cards=known)
    assert done.cards == [FirmCard("c0001", "대륭포스트타워 8", "4층", link="https://firm.example/")]
    assert [fault.where for fault in done.flagged] == ["명단.csv 3행 / 명단.csv, row 3"]
    assert register([entry("김하늘", floor="3층")], desk.race(), desk.names, seeded_bits(2), cards=known).cards == []
