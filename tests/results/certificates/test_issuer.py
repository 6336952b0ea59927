"""Certificates: who gets one of an edition, what stands on it, and why others get none."""

from dataclasses import replace
from datetime import date
from typing import Literal

import pytest

from results.certificates.issuer import CertificateHeader, CertificateIssuer, NoCertificate
from results.ranking.standings import standings
from results.view.eligibility import CertificateKind
from tests.boards import RACE_NAME, Run, desk_facts, in_both, names_of, stations
from tests.builders import after_gun, entrant_id, log_of, opened
from timing.language import pair
from timing.printed.certificates import Certificate
from timing.race.events import (
    CourseClosed,
    CourseOpened,
    DeskFact,
    EditionPublished,
    ResultWithheld,
    StatusRuled,
)
from timing.race.fold import fold
from timing.race.rules import Rules

RUNS = [
    Run(417, "0:10", "17:03.0005", team="t0001", sex="F", category="30대", name="김하늘"),
    Run(12, None, "18:00", sex="M", category="40대", name="박솔"),
    Run(5, "0:12.5", "17:05.500001", company="c0002", sex="M", category="", name="이보람"),
    Run(8, "0:20", company="c0002", sex="", name="최가온"),
    Run(3, company="c0003", name="정다온"),
    Run(9, "0:10", "20:00", company="c0003"),
]


def certifier(
    *facts: DeskFact,
    kind: CertificateKind = "record",
    rules: Rules | None = None,
    official: bool = True,
    day: date | None = date(2026, 9, 3),
) -> CertificateIssuer:
    """The certificates of the race after officials have said this."""
    race = fold(log_of([opened(), *desk_facts(RUNS), *facts], *stations(RUNS)).read())
    state: Literal["official", "provisional"] = "official" if official else "provisional"
    edition = EditionPublished(2, state, 10, "0" * 64, None, (), "desk", "")
    occasion = CertificateHeader(
        pair(RACE_NAME, "G Valley Smart Marathon"), edition, kind, day, "G밸리 조직위원회", "SIGNED {}".format
    )
    return CertificateIssuer(standings(race, rules or Rules()), names_of(RUNS), occasion)


def of(
    bib: int,
    *facts: DeskFact,
    kind: CertificateKind = "record",
    rules: Rules | None = None,
    day: date | None = date(2026, 9, 3),
) -> Certificate:
    everybody = certifier(*facts, kind=kind, rules=rules, day=day).everybody()
    (found,) = (one for one in everybody if one.bib == bib)
    assert isinstance(found, Certificate)
    return found


def why_none(bib: int, *facts: DeskFact) -> str:
    (found,) = (one for one in certifier(*facts).everybody() if one.bib == bib)
    assert isinstance(found, NoCertificate)
    return found.why.to("ko")


def test_a_finisher_s_certificate_in_words() -> None:
    mine = of(417)
    assert in_both(mine.title) == ("기록증", "Certificate of Finish")
    assert (mine.name, mine.company, mine.team, mine.course) == ("김하늘", "가산정밀", "개발팀", "4.5 km")
    assert (in_both(mine.label), mine.headline) == (("기록 · 넷타임", "Time · net"), "16:54")
    assert [(figure.label.to("ko"), figure.value, figure.of) for figure in mine.figures] == [
        ("순위", "2", "/ 4명"),
        ("성별순위 · 여자", "1", "/ 2명"),
        ("부문순위 · 30대", "1", "/ 2명"),
        ("건타임", "17:04", ""),
        ("페이스", "3:45", "/km"),
    ]
    assert (
        "완주하였기에" in mine.sentence.to("ko")
        and RACE_NAME in mine.sentence.to("ko")
        and "has finished" in mine.sentence.to("en")
    )
    assert in_both(mine.date) == ("2026년 9월 3일", "3 September 2026")
    assert (mine.organiser, mine.serial.to("ko")) == ("G밸리 조직위원회", "제 2-0417 호")
    assert [one.to("ko") for one in mine.notes] == ["확정 기록 2판", "비공인 기록", "QR은 서명한 결과입니다"]
    assert in_both(mine.warning) == ("", "")


def test_a_race_with_one_name_says_it_once_and_in_both_sentences() -> None:
    one_name = certifier()
    one_name._occasion = replace(one_name._occasion, race=pair("GV Run", "GV Run"))
    (mine,) = (one for one in one_name.everybody() if isinstance(one, Certificate) and one.bib == 417)
    assert in_both(mine.race) == ("GV Run", "")
    assert "GV Run" in mine.sentence.to("ko") and "GV Run" in mine.sentence.to("en")


def test_the_qr_says_exactly_what_ranks_and_no_name() -> None:
    assert of(417).signed == "SIGNED 2/417/1013000.5/1023000.5/2"


def test_by_gun_the_gun_time_stands_large() -> None:
    mine = of(417, rules=Rules(basis="gun"))
    assert (mine.label.to("ko"), mine.headline) == ("기록 · 건타임", "17:04")
    assert ("넷타임", "16:54") in [(figure.label.to("ko"), figure.value) for figure in mine.figures]


def test_a_start_nobody_saw_is_said_on_the_paper() -> None:
    assert any("총성부터" in one.to("ko") for one in of(12).notes)


def test_no_category_no_place_in_it() -> None:
    assert [figure.label.to("ko") for figure in of(5).figures] == ["순위", "성별순위 · 남자", "건타임", "페이스"]


@pytest.mark.parametrize("closed", [False, True])
def test_whoever_started_and_did_not_finish_took_part(closed: bool) -> None:
    mine = of(8, *([CourseClosed(after_gun("40:00"), "director", "")] if closed else []))
    assert (mine.title.to("ko"), mine.headline, mine.figures) == ("참가증", "4.5 km", ())
    assert "참가하였기에" in mine.sentence.to("ko")
    assert mine.signed == "SIGNED 2/8/-/-/-"


def test_a_race_may_give_everybody_the_same_certificate_of_participation() -> None:
    mine = of(417, kind="participation")
    assert (mine.title.to("ko"), mine.headline, mine.figures, mine.signed) == (
        "참가증",
        "4.5 km",
        (),
        "SIGNED 2/417/-/-/-",
    )
    assert "비공인 기록" not in [one.to("ko") for one in mine.notes]


@pytest.mark.parametrize(("status", "why"), [("dsq", "실격"), ("dns", "미출발"), ("withdrawn", "참가 취소")])
def test_whoever_is_ruled_out_gets_none_and_is_told_why(status: Literal["dsq", "dns", "withdrawn"], why: str) -> None:
    assert why_none(5, StatusRuled(entrant_id(5), status, "judge", "배번 미착용")) == why


def test_whoever_was_never_seen_gets_none() -> None:
    assert "보이지 않음" in why_none(3)


def test_a_withheld_result_is_on_no_paper() -> None:
    assert why_none(417, ResultWithheld(entrant_id(417), "desk", "본인 요청")) == "비공개"


def test_an_erased_name_leaves_no_certificate() -> None:
    assert "이름" in why_none(9)


def test_a_provisional_edition_is_marked_as_such() -> None:
    found = certifier(official=False).everybody()
    warnings = {one.warning.to("ko") for one in found if isinstance(one, Certificate)}
    assert warnings == {"잠정: 확정되지 않은 기록"}


def test_a_stack_is_sorted_by_firm_so_that_a_captain_can_take_it_home() -> None:
    given = [one for one in certifier().everybody() if isinstance(one, Certificate)]
    assert [(one.company, one.bib) for one in given] == sorted((one.company, one.bib) for one in given)


def test_without_a_course_or_a_day_nothing_is_made_up() -> None:
    mine = of(417, CourseOpened(0, "director", ""), day=None)
    assert (mine.course, in_both(mine.date)) == ("", ("", ""))
    assert "  " not in mine.sentence.to("ko") and "페이스" not in [figure.label.to("ko") for figure in mine.figures]
