"""Every ruling about a person by a form: previewed, recorded with name and role, taken back; the counter's own and no others."""

import re
from urllib.parse import urlencode

import pytest

from results.office.people.person_forms import person_forms
from tests.boards import OWN
from tests.builders import FIRMS, code_of
from tests.results.office.test_office_pages import House, hidden, house
from timing.race.events import (
    BibsSwapped,
    DeadHeatRuled,
    DeskFact,
    EntrantMoved,
    FactUndone,
    PassingEntered,
    ResultWithheld,
    Role,
    RulesSet,
    ScanVoided,
    SpareDrawn,
    StandInEntered,
    StartOffsetGiven,
    StatusRuled,
    TimeAdjusted,
    WaveAssigned,
)
from timing.race.instants import SECOND, Span, wall
from timing.race.rules import rules_of

__all__ = ["house"]
PERSON, ENTRY = "/office/people/e00417", "/office/people/e00417/entry"


def ruled(house: House, role: Role, page: str, **sent: str) -> DeskFact:
    """The ruling, previewed and recorded by an official of this role."""
    device = house.somebody(role, "이접수")
    preview = device.asks(page, "POST", {"why": "확인함", **sent})
    assert preview.status_code == 200, preview.text
    assert device.asks(page, "POST", hidden(preview.text)).status_code == 303
    fact = list(house.opened.log.read())[-1].event
    assert isinstance(fact, DeskFact) and (getattr(fact, "by", ""), fact.role) == ("이접수", role)
    return fact


@pytest.mark.parametrize(("sent", "kind"), [
    ({"form": "status", "status": "dsq"}, StatusRuled),
    ({"form": "finish", "at": "+17:05.2"}, PassingEntered),
    ({"form": "start", "at": "+0:12"}, PassingEntered),
    ({"form": "offset", "seconds": "-600"}, StartOffsetGiven),
    ({"form": "adjust", "seconds": "+30"}, TimeAdjusted),
    ({"form": "dead-heat", "others": "418, 5"}, DeadHeatRuled),
    ({"form": "withhold"}, ResultWithheld),
])  # fmt: skip
def test_the_director_rules_by_forms_what_the_command_line_rules(
    house: House, sent: dict[str, str], kind: type[DeskFact]
) -> None:
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    assert isinstance(ruled(house, "director", PERSON, **sent), kind)
    assert house.somebody("counter").sends(ENTRY, why="x", **sent).status_code == 422


@pytest.mark.parametrize(("sent", "kind"), [
    ({"form": "swap", "other": "418"}, BibsSwapped),
    ({"form": "move", "company": "구로", "team": ""}, EntrantMoved),
    ({"form": "wave", "wave": "1조"}, WaveAssigned),
    ({"form": "withdraw"}, StatusRuled),
    ({"form": "stand-in", "name": "한새로", "sex": "M", "category": "30대"}, StandInEntered),
])  # fmt: skip
def test_the_counter_mends_entries_and_takes_back_its_own(
    house: House, sent: dict[str, str], kind: type[DeskFact]
) -> None:
    assert isinstance(ruled(house, "counter", ENTRY, **sent), kind)
    page = house.somebody("counter", "이접수").asks(PERSON).text
    assert isinstance(ruled(house, "counter", ENTRY, **hidden(page, "undo")), FactUndone)


def test_the_counter_takes_back_nobody_else_s_ruling(house: House) -> None:
    ruled(house, "director", PERSON, form="status", status="withdrawn")
    position = next(pos for pos, fact in house.opened.fold().said.items() if isinstance(fact, StatusRuled))
    for name in ("이접수", "박접수"):
        counter = house.somebody("counter", name)
        assert 'value="undo"' not in counter.asks(PERSON).text
        assert counter.sends(ENTRY, form="undo", pos=str(position), why="x").status_code == 422


def test_a_firm_that_was_not_entered_before_is_entered_with_the_move(house: House) -> None:
    move = ruled(house, "counter", ENTRY, form="move", company="새솔정밀", new="1")
    assert isinstance(move, EntrantMoved)
    assert house.opened.directory.names().companies[move.company] == "새솔정밀"
    assert "새솔정밀" in house.somebody("counter").asks(PERSON).text
    again = house.somebody("counter").sends(ENTRY, form="move", company=FIRMS["c0001"], new="1", why="x")
    assert again.status_code == 422


def test_a_team_of_the_new_firm_is_meant(house: House) -> None:
    move = ruled(house, "counter", ENTRY, form="move", company="c0002", team="개발팀")
    assert isinstance(move, EntrantMoved) and OWN[move.team].company == "c0002"


def test_a_stand_in_is_reached_from_the_absent_one_s_page_and_wears_the_bib(house: House) -> None:
    ruled(house, "counter", ENTRY, form="stand-in", name="한새로", sex="M")
    bearer = house.opened.fold().by_bib(417)
    assert bearer and f'href="/office/people/{bearer.id}"' in house.somebody("counter").asks(PERSON).text
    assert "417 한새로" in house.somebody("counter").asks(f"/office/people/{bearer.id}").text


def test_a_scan_is_voided_beside_its_words_and_counts_again(house: House) -> None:
    director = house.somebody("director")
    page = director.asks(PERSON).text
    void = ruled(house, "director", PERSON, **hidden(page, "void"))
    assert isinstance(void, ScanVoided)
    assert isinstance(ruled(house, "director", PERSON, **hidden(director.asks(PERSON).text, "restore")), FactUndone)


def test_a_preview_says_which_prize_goes_to_whom(house: House) -> None:
    prize = '[[prize]]\nname = "종합 우승"\nranking = "overall"\nplaces = 1\n'
    house.opened.log.record([RulesSet(rules_of(prize, "rules.toml"), "desk", "")])
    preview = house.somebody("director").sends(PERSON, form="status", status="dsq", why="코스 이탈").text
    assert re.search(r"종합 우승</b> .*417 김하늘 → 418 김보라", preview)


def test_a_preview_calls_somebody_new_by_name(house: House) -> None:
    preview = house.somebody("counter").sends(ENTRY, form="stand-in", name="한새로", why="출장").text
    shown = preview.partition("<main")[2].partition("<form")[0]
    assert "한새로" in shown and not re.search(r"e\d{5}", shown)


@pytest.mark.parametrize("sent", [
    {"form": "finish", "at": "soon"}, {"form": "adjust", "seconds": "x"}, {"form": "swap", "other": "417"},
    {"form": "dead-heat", "others": ""}, {"form": "replace", "bib": "²", "code": "x"}, {"form": "status", "status": "x"},
    {"form": "undo", "pos": "99999"}, {"form": "void", "scan": "#"}, {"form": "nothing"}, {"form": "name", "scan": ""},
])  # fmt: skip
def test_what_cannot_be_is_refused_on_the_person_s_page(house: House, sent: dict[str, str]) -> None:
    for at in (PERSON, ENTRY):
        refused = house.somebody("director").sends(at, why="x", **sent)
        assert refused.status_code == 422 and "김하늘" in refused.text


def test_a_lost_bib_s_spare_is_scanned(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter, url = house.somebody("counter"), f"HTTPS://GV.TEST/B/{code_of(9001)}"
    assert counter.sends(f"{PERSON}/bib", form="exchange", spare=url).status_code == 303
    assert "9001 김하늘" in counter.asks(PERSON).text


def shown(house: House, role: Role, page: str, **sent: str) -> str:
    """What a preview shows above the button that records it."""
    preview = house.somebody(role, "이접수").sends(page, **{"why": "확인함", **sent})
    assert preview.status_code == 200, preview.text
    return preview.text.partition("<main")[2].partition("<form")[0]


@pytest.mark.parametrize(("sent", "seen"), [
    ({"form": "withdraw"}, "start-1 14:00:10.0, finish-1 14:17:03.0"),
    ({"form": "stand-in", "name": "한새로"}, "start-1 14:00:10.0, finish-1 14:17:03.0"),
    ({"form": "status", "status": "dns"}, "start-1 14:00:10.0, finish-1 14:17:03.0"),
    ({"form": "status", "status": "dnf"}, "417은 카메라에 찍혔습니다: finish-1 14:17:03.0"),
])  # fmt: skip
def test_a_ruling_against_what_cameras_saw_is_doubted(house: House, sent: dict[str, str], seen: str) -> None:
    assert seen in shown(house, "director", PERSON if sent["form"] == "status" else ENTRY, **sent)
    assert "카메라에 찍혔" not in shown(house, "director", PERSON, form="status", status="dsq")


def test_an_undo_says_what_is_taken_back(house: House) -> None:
    ruled(house, "director", PERSON, form="status", status="dsq", why="코스 이탈")
    undo = hidden(house.somebody("director").asks(PERSON).text, "undo")
    assert "기록 취소: 배번 417 김하늘 (가산정밀) 판정: 실격" in shown(house, "director", PERSON, **undo)


def test_who_leaves_a_team_with_the_firm_is_told(house: House) -> None:
    ruled(house, "counter", ENTRY, form="move", company="c0001", team="개발팀")
    assert "개발팀에서 빠지고" in shown(house, "counter", ENTRY, form="move", company="c0002")
    assert "개발팀에서 빠지고" not in shown(house, "counter", ENTRY, form="move", company="c0002", team="개발팀")


def test_a_replaced_bib_finds_its_runner_by_number_and_by_code(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter = house.somebody("counter")
    counter.sends(f"{PERSON}/bib", form="exchange", spare="9001")
    for asked in ("417", f"HTTPS://GV.TEST/B/{code_of(417)}"):
        page = counter.asks(f"/office/people?{urlencode({'q': asked})}").headers["location"]
        assert page == f"{PERSON}?bib=417" and "417 → 9001" in counter.asks(page).text
    assert counter.asks(f"/office/b/{code_of(417)}").headers["location"] == f"{PERSON}?bib=417"
    assert counter.asks(f"/office/people?{urlencode({'q': code_of(9001)})}").headers["location"] == PERSON


def test_what_was_said_about_bibs_names_people_and_no_number_of_today(house: House) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter = house.somebody("counter")
    counter.sends(f"{PERSON}/bib", form="hand")
    counter.sends(f"{PERSON}/bib", form="exchange", spare="9001")
    page = counter.asks(PERSON).text
    assert "배번 417 배정: 김하늘" in page and "배번 교체: 9001" in page and "배번 9001 김하늘" not in page


def test_who_has_withdrawn_or_has_no_bib_is_offered_none(house: House) -> None:
    ruled(house, "counter", ENTRY, form="withdraw")
    page = house.somebody("counter").asks(PERSON).text
    assert 'value="hand"' not in page and 'value="exchange"' in page
    ruled(house, "counter", "/office/people/e00418/entry", form="stand-in", name="한새로")
    page = house.somebody("counter").asks("/office/people/e00418").text
    assert 'value="hand"' not in page and 'value="exchange"' not in page and "e00418 김보라" not in page


def test_after_a_stand_in_their_page_comes_with_the_bib_to_hand_out(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    preview = counter.sends(ENTRY, form="stand-in", name="한새로", why="출장")
    recorded = counter.sends(ENTRY, **hidden(preview.text)).headers["location"]
    recorded_at = counter.asks(recorded).headers["location"]
    page = counter.asks(recorded_at).text
    assert "417 한새로" in page and "<button autofocus>" in page
    bearer = recorded_at.partition("?")[0]
    undo = hidden(counter.sends(f"{bearer}/entry", **hidden(page, "undo")).text)
    done = counter.sends(f"{bearer}/entry", **undo).headers["location"]
    assert counter.asks(done).headers["location"] == f"{PERSON}?done=1"
    ruled(house, "counter", "/office/people/e00005/entry", form="wave", wave="1조")
    assert "<button autofocus>" not in counter.asks("/office/people/e00005?done=1").text


@pytest.mark.parametrize(("by_age", "asked"), [(True, "born"), (False, "category")])
def test_a_stand_in_is_asked_for_the_age_or_for_the_category(by_age: bool, asked: str) -> None:
    form = next(one for one in person_forms(by_age) if one.key == "stand-in")
    assert [blank.name for blank in form.blanks if blank.name in ("born", "category")] == [asked]


def test_a_preview_lists_only_whose_status_time_or_place_changes(house: House) -> None:
    preview = house.somebody("counter").sends(ENTRY, form="move", company="c0002", why="이직").text
    assert "결과가 바뀌는 사람이 없습니다" in preview and "<table" not in preview


def test_the_finish_is_closed_with_a_preview_and_opened_again(house: House) -> None:
    director = house.somebody("director", "김총괄")
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    assert director.sends("/office/gun", form="close", at="15:00:00", why="").status_code == 422
    preview = director.sends("/office/gun", form="close", at="14:59:00", why="제한 시간 종료")
    assert "Anna Lee" in preview.text and "미완주" in preview.text
    assert director.sends("/office/gun", **hidden(preview.text)).status_code == 303
    assert "14:59:00" in director.asks("/office/gun").text
    undo = director.sends("/office/todo", **hidden(director.asks("/office/").text, "undo"))
    assert director.sends("/office/todo", **hidden(undo.text)).status_code == 303
    assert house.opened.fold().office.closed_at is None


def test_a_firm_is_said_by_its_first_consonants_and_one_that_nobody_knows_by_what_to_tick(house: House) -> None:
    firm = house.opened.directory.names().companies["c0002"]
    initials = "".join(chr(0x1100 + (ord(one) - ord("가")) // 588) for one in firm[:3])
    moved = ruled(house, "counter", ENTRY, form="move", company=initials)
    assert isinstance(moved, EntrantMoved) and moved.company == "c0002"
    counter = house.somebody("counter")
    unknown = counter.sends(ENTRY, form="move", company="새벽전자", team="번개", why="이직")
    assert unknown.status_code == 422 and "‘처음 등록하는 소속’" in unknown.text
    assert 'value="새벽전자"' in unknown.text and 'value="번개"' in unknown.text  # what was typed stays
    known = counter.sends(ENTRY, form="move", company=firm, new="1", why="이직")
    assert known.status_code == 422 and "‘처음 등록하는 소속’" in known.text and "빼세요" in known.text


def test_a_new_firm_that_is_called_like_another_is_asked_about_before_it_is_recorded(house: House) -> None:
    firm = house.opened.directory.names().companies["c0002"]
    asked = house.somebody("counter").sends(ENTRY, form="move", company=f"{firm}즈", new="1", why="이직")
    assert asked.status_code == 200 and "notice wrong" in asked.text and f": {firm}" in asked.text


def test_a_new_team_is_made_where_it_is_said_to_be_new(house: House) -> None:
    counter = house.somebody("counter")
    refused = counter.sends(ENTRY, form="move", company="c0001", team="번개", why="팀 변경")
    assert refused.status_code == 422 and "‘새 팀’" in refused.text
    moved = ruled(house, "counter", ENTRY, form="move", company="c0001", team="번개", new_team="1")
    assert isinstance(moved, EntrantMoved) and house.opened.directory.names().own[moved.team].name == "번개"
    again = counter.sends(ENTRY, form="move", company="c0001", team="번개", new_team="1", why="팀 변경")
    assert again.status_code == 422
    new = ruled(house, "counter", ENTRY, form="move", company="새벽전자", team="번개", new="1")
    assert isinstance(new, EntrantMoved) and new.team not in ("", moved.team)


def test_a_spare_that_cannot_be_given_stays_in_its_open_form(house: House) -> None:
    refused = house.somebody("counter").sends(f"{PERSON}/bib", form="exchange", spare="7777", why="물에 빠뜨림")
    assert refused.status_code == 422
    form = re.search(r"<details open><summary>.*?</details>", refused.text, re.S)
    assert form and 'value="7777"' in form[0] and 'value="물에 빠뜨림"' in form[0]


@pytest.mark.parametrize("typed", ["9001", code_of(9001)])
def test_a_spare_that_nobody_has_is_found_and_leads_to_whom_it_may_be_for(house: House, typed: str) -> None:
    house.opened.log.record([SpareDrawn(9001, code_of(9001))])
    counter = house.somebody("counter")
    page = counter.asks(f"/office/people?q={typed}").text
    assert "/office/new?spare=9001" in page and "/office/people?spare=9001" in page
    assert "/office/people?spare=9001" in counter.asks("/office/new?spare=9001").text
    found = counter.asks("/office/people?spare=9001&q=김하늘").text
    assert f"{PERSON}?spare=9001" in found
    assert "<details open>" in counter.asks(f"{PERSON}?spare=9001").text
    straight = counter.asks("/office/people?spare=9001&q=417")
    assert straight.headers["location"] == f"{PERSON}?spare=9001"
    assert "/office/new" not in house.somebody("entry").asks(f"/office/people?q={typed}").text


def test_a_swap_of_the_same_two_says_when_and_by_whom_they_were_swapped_already(house: House) -> None:
    ruled(house, "counter", ENTRY, form="swap", other="418")
    again = house.somebody("counter", "박접수").sends(ENTRY, form="swap", other="417", why="서로 바꿔 달았음")
    told = next(one for one in re.findall(r'<p class="notice wrong">(.*?)</p>', again.text) if "이미" in one)
    assert "이접수" in told and wall(house.opened.clock.now(), house.opened.zone)[:5] in told
    other = house.somebody("counter").sends(ENTRY, form="swap", other="5", why="서로 바꿔 달았음")
    assert "이미 배번을 바꾸었습니다" not in other.text
