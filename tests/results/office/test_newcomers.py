"""Somebody at the counter who is in no list: one form, one press, counted once, and never a firm or person by a slip."""

from threading import Event
from typing import Any

import pytest

from results.office.jobs.background_jobs import BackgroundJob
from results.office.web import pages
from results.office.web.print_on_the_spot import bib_job
from tests.builders import FIRMS, code_of
from tests.results.office.test_background_jobs import over
from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.race.events import BibAssigned, BibsPrinted, EntrantRegistered, MarkDrawn, SpareDrawn
from timing.race.office_state import Entrant

__all__ = ["house"]
FIRM = FIRMS["c0001"]
WOMAN = {"sex": "F", "category": "30대", "next": "9001"}
SPARES = range(9001, 9005)


@pytest.fixture(autouse=True)
def spares(house: House) -> None:
    """Spare bibs lie on the table."""
    house.opened.log.record([SpareDrawn(one, code_of(one)) for one in SPARES])


def newest(house: House) -> Entrant:
    return list(house.opened.fold().entrants.values())[-1]


def entered(house: House) -> list[str]:
    """Who came to the four of the race."""
    names = house.opened.directory.names().people
    return [names[one] for one in list(house.opened.fold().entrants)[4:]]


@pytest.mark.parametrize("spare", ["9001", f"HTTPS://GV.TEST/B/{code_of(9001)}", code_of(9001).lower()])
def test_a_walk_in_gets_the_spare_that_was_typed_or_scanned_and_the_bib_is_offered(house: House, spare: str) -> None:
    counter = house.somebody("counter", "이접수")
    done = counter.sends("/office/new", **WOMAN, name="설아라", company=FIRM, spare=spare, consent="1")
    assert done.status_code == 303
    one = newest(house)
    assert (one.bib, one.code, one.company, one.sex) == (9001, code_of(9001), "c0001", "F")
    assert one.id in house.opened.directory.names().open
    page = counter.asks(done.headers["location"]).text
    assert "9001 설아라" in page and "autofocus" in page
    assert counter.sends(f"/office/people/{one.id}/bib", **hidden(page, "hand")).status_code == 303
    facts = [fact.event for fact in house.opened.log.read()][-3:-1]
    assert [(fact.by, fact.role) for fact in facts if isinstance(fact, EntrantRegistered | BibAssigned)] == [
        ("이접수", "counter"),
        ("이접수", "counter"),
    ]


def test_the_next_spare_is_offered_and_one_of_both_ways_to_a_bib_is_said(house: House) -> None:
    counter, woman = house.somebody("counter"), {"sex": "F", "category": "30대", "name": "설아라", "company": FIRM}
    assert 'name="next" value="9001"' in counter.asks("/office/new").text
    neither = counter.sends("/office/new", **woman)
    assert neither.status_code == 422 and 'value="설아라"' in neither.text and entered(house) == []
    counter.sends("/office/new", **woman, next="9001")
    assert newest(house).bib == 9001 and 'name="next" value="9002"' in counter.asks("/office/new").text


def test_the_button_that_was_pressed_says_which_bib_it_is_whatever_stands_in_the_field(house: House) -> None:
    counter = house.somebody("counter")
    done = counter.sends("/office/new", **WOMAN | {"spare": "9003", "next": "9001"}, name="설아라", company=FIRM)
    assert newest(house).bib == 9001 and "9001" in counter.asks(done.headers["location"]).text.partition("<h1>")[0]
    counter.sends("/office/new", **WOMAN | {"spare": "9003", "next": ""}, print="1", name="새봄", company=FIRM)
    assert newest(house).bib not in (9001, 9002, 9003)


def test_what_was_pressed_is_offered_first_after_a_question_and_not_as_if_it_had_been_typed(house: House) -> None:
    counter = house.somebody("counter")
    asked = counter.sends(
        "/office/new", **WOMAN | {"spare": "", "next": "9001"}, name="설아라", company="처음회사"
    ).text
    first = asked.partition('class="buttons')[2].partition("</button>")[0]
    assert 'name="next" value="9001"' in first and 'id="spare" name="spare" value=""' in asked


def test_a_bib_that_lies_nowhere_is_printed_on_the_spot_and_handed_out_then(house: House) -> None:
    counter = house.somebody("counter")
    done = counter.sends("/office/new", **WOMAN | {"next": ""}, print="1", name="설아라", company=FIRM)
    one = newest(house)
    assert one.bib not in (None, 417, 418, 5, 6, *SPARES)
    page = over(counter, done.headers["location"])
    assert f">배번-{one.bib}-A4.pdf" in page and 'value="hand"' in page
    assert counter.asks(f"/office/people/{one.id}/print/0").content.startswith(b"%PDF")
    assert counter.asks(f"/office/people/{one.id}/print/1").status_code == 404
    assert counter.sends(f"/office/people/{one.id}/bib", form="hand").status_code == 303


def test_a_print_that_ends_while_the_page_is_made_is_never_shown_as_not_printed(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked, ended, run = Event(), Event(), BackgroundJob.run

    def ran(job: BackgroundJob, *given: Any) -> None:
        assert asked.wait(60)
        run(job, *given)
        ended.set()

    def looked_for(*given: Any) -> BackgroundJob | None:
        """The job, looked for by the page once it has read the log, is over only then."""
        asked.set()
        assert ended.wait(60)
        return bib_job(*given)

    monkeypatch.setattr(BackgroundJob, "run", ran)
    monkeypatch.setattr(pages, "bib_job", looked_for)
    counter = house.somebody("counter")
    done = counter.sends("/office/new", **WOMAN | {"next": ""}, print="1", name="설아라", company=FIRM)
    page = counter.asks(done.headers["location"])
    assert page.headers["refresh"] and 'value="hand"' not in page.text
    assert 'value="hand"' in over(counter, done.headers["location"])


def test_what_is_not_printed_is_not_handed_out_and_a_spare_may_be(house: House) -> None:
    counter, log = house.somebody("counter"), house.opened.log
    log.record(
        [MarkDrawn(code_of(bib), f"{bib:016x}") for bib in (417, 418, 700, *SPARES)]
    )  # drawn before it is proved
    log.record([BibsPrinted(tuple(code_of(bib) for bib in (417, 418, *SPARES)))])
    log.record([EntrantRegistered("e00700", "c0001", "", "F", "30대", "1"), BibAssigned(700, "e00700", code_of(700))])
    page = counter.asks("/office/people/e00700").text
    assert 'value="hand"' not in page and 'action="/office/people/e00700/print"' in page
    assert counter.sends("/office/people/e00700/bib", form="hand").status_code == 422
    assert counter.sends("/office/packets", company="c0001").status_code == 303
    assert set(house.opened.fold().office.handed_out) == {"e00417", "e00418"}
    packets = counter.asks("/office/packets?q=가산").text
    assert "2 / 3" in packets and 'value="c0001"' not in packets
    assert counter.sends("/office/people/e00700/bib", form="exchange", spare="9001").status_code == 303
    assert counter.sends("/office/people/e00700/bib", form="hand").status_code == 303


def test_the_form_that_is_sent_twice_enters_one_person(house: House) -> None:
    counter = house.somebody("counter")
    number = counter.asks("/office/new").text.partition('name="once" value="')[2].partition('"')[0]
    sent = {"once": number, "name": "설아라", "company": FIRM, **WOMAN}
    answers = [counter.sends("/office/new", **sent) for _ in range(2)]
    assert {(one.status_code, one.headers["location"]) for one in answers} == {
        (303, f"/office/people/{newest(house).id}?done=1")
    }
    assert entered(house) == ["설아라"]


@pytest.mark.parametrize("typed", ["가산", "ㄱㅅㅈㅁ", f"{FIRM}스"])
def test_a_firm_by_a_part_its_first_consonants_or_with_a_slip_is_offered_and_chosen(house: House, typed: str) -> None:
    counter = house.somebody("counter")
    asked = counter.sends("/office/new", **WOMAN, name="설아라", company=typed)
    assert asked.status_code == 422 and f"> {FIRM}</label>" in asked.text and entered(house) == []
    assert (
        counter.sends("/office/new", **WOMAN, name="설아라", company=typed, firm_of=typed, firm="c0001").status_code
        == 303
    )
    assert newest(house).company == "c0001"


def test_a_firm_that_was_never_entered_is_called_new_and_a_choice_holds_for_the_text_it_was_made_for(
    house: House,
) -> None:
    counter = house.somebody("counter")
    other = counter.sends("/office/new", **WOMAN, name="설아라", company="새솔정밀", firm_of="새솔", firm="c0001")
    assert other.status_code == 422 and entered(house) == []
    told = {"name": "설아라", "company": "새솔정밀", "firm_of": "새솔정밀", "firm": "new"}
    assert counter.sends("/office/new", **told, **WOMAN).status_code == 303
    assert house.opened.directory.names().companies[newest(house).company] == "새솔정밀"


def test_nobody_is_entered_twice_by_a_slip_and_a_namesake_may_come(house: House) -> None:
    counter = house.somebody("counter")
    assert counter.sends("/office/new", **WOMAN, name="김 하늘", company=FIRM).status_code == 422
    assert counter.sends("/office/new", **WOMAN, name="김 하늘", company=FIRM, other="1").status_code == 303


def test_a_team_is_one_of_the_firm_s_unless_it_is_called_new(house: House) -> None:
    counter = house.somebody("counter")
    refused = counter.sends("/office/new", **WOMAN, name="설아라", company=FIRM, team="개발팁")
    assert refused.status_code == 422 and 'value="개발팀" checked' in refused.text
    unlike = counter.sends("/office/new", **WOMAN, name="설아라", company=FIRM, team="Team X").text
    assert 'name="own_team" value="new" checked' in unlike
    counter.sends("/office/new", **WOMAN | {"next": "9002"}, name="설아라", company=FIRM, team="개발 팀")
    assert newest(house).team == "t0001"
    counter.sends(
        "/office/new",
        **WOMAN | {"next": "9003"},
        name="새봄",
        company=FIRM,
        team="개발",
        own_team_of="개발",
        own_team="개발팀",
    )
    assert newest(house).team == "t0001"
    counter.sends(
        "/office/new", **WOMAN, name="봄솔", company=FIRM, team="영업팀", own_team_of="영업팀", own_team="new"
    )
    assert newest(house).team not in ("", "t0001")


@pytest.mark.parametrize("spare", ["417", "77", "99999999", "ㄱ", code_of(418)])
def test_what_is_no_free_spare_is_refused_and_nobody_is_entered(house: House, spare: str) -> None:
    refused = house.somebody("counter").sends(
        "/office/new", **WOMAN | {"next": "", "spare": spare}, name="설아라", company=FIRM
    )
    assert refused.status_code == 422 and 'value="설아라"' in refused.text and entered(house) == []


def test_what_was_typed_stays_when_something_is_missing(house: House) -> None:
    refused = house.somebody("counter").sends("/office/new", **WOMAN, name="<설아라>", company="")
    assert refused.status_code == 422 and "&lt;설아라&gt;" in refused.text


@pytest.mark.parametrize(
    "said",
    [
        {"sex": "", "category": "30대"},
        {"sex": "F", "category": ""},
        {"sex": "F", "category": "810131"},
        {"sex": "F", "category": "36세"},
        {"sex": "F", "category": "33대"},
    ],
)
def test_neither_sex_nor_category_is_left_out_by_a_slip_and_no_birth_becomes_a_category(
    house: House, said: dict[str, str]
) -> None:
    refused = house.somebody("counter").sends("/office/new", name="설아라", company=FIRM, **said)
    assert refused.status_code == 422 and entered(house) == []


def test_who_does_not_say_sex_or_category_is_entered_without(house: House) -> None:
    house.somebody("counter").sends("/office/new", name="설아라", company=FIRM, sex="-", category="-", next="9001")
    assert (newest(house).sex, newest(house).category) == ("", "")


def test_an_entry_that_was_typed_wrongly_is_mended_at_the_counter(house: House) -> None:
    counter = house.somebody("counter")
    counter.sends("/office/new", **WOMAN, name="설아라", company=FIRM)
    one, form = newest(house), {"form": "mend", "why": "잘못 적음"}
    at = f"/office/people/{one.id}/entry"
    assert counter.sends(at, **form, sex="M", group="1981").status_code == 422
    shown = counter.sends(at, **form, sex="M", group="30 대")
    assert counter.sends(at, **hidden(shown.text)).status_code == 303
    mended = newest(house)
    assert (mended.sex, mended.category, mended.bib, mended.company) == ("M", "30대", one.bib, "c0001")


def taken_back(counter: Device, entrant: str, entry: int) -> int:
    """The status of the last answer, of a preview and its record, where an entry is taken back."""
    at = f"/office/people/{entrant}/entry"
    shown = counter.sends(at, form="undo", pos=str(entry), why="잘못 입력")
    return counter.sends(at, **hidden(shown.text)).status_code if shown.status_code == 200 else shown.status_code


def test_the_counter_takes_back_whom_it_entered_by_mistake_and_the_spare_is_free_again(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    counter.sends("/office/new", **WOMAN, name="설아라", company=FIRM, spare="9001")
    one = newest(house)
    counter.sends(f"/office/people/{one.id}/bib", form="hand")
    at = f"/office/people/{one.id}/entry"
    mend = counter.sends(at, form="mend", why="잘못 적음", sex="M", group="30대")
    counter.sends(at, **hidden(mend.text))
    counter.sends("/office/new", **WOMAN | {"next": "9002"}, name="한새로", company=FIRM)
    entry = next(
        pos
        for pos, fact in house.opened.fold().said.items()
        if isinstance(fact, EntrantRegistered) and fact.entrant == one.id
    )
    shown = counter.sends(at, form="undo", pos=str(entry), why="잘못 입력").text
    told = shown.partition("<main")[2].partition("<form")[0]
    assert (
        told.count("기록 취소: 참가 등록 설아라 (가산정밀)") == 1
        and "본인에게 배부" in told
        and "handed out" not in told
        and "한새로" not in told
    )
    done = counter.sends(at, **hidden(shown))
    assert done.status_code == 303 and one.id not in house.opened.fold().entrants
    page = counter.asks(done.headers["location"])
    assert "9001" in counter.asks(page.headers["location"]).text
    counter.sends("/office/new", **WOMAN, name="봄솔", company=FIRM, spare="9001")
    assert (newest(house).bib, newest(house).code) == (9001, code_of(9001)) and newest(house).id != one.id


def test_the_counter_goes_on_after_entries_are_taken_back_whose_bibs_were_handed_out(house: House) -> None:
    counter = house.somebody("counter", "이접수")
    for name, spare in (("설아라", "9001"), ("한새로", "9002")):
        counter.sends(
            "/office/new",
            **WOMAN | {"next": spare, "name": name, "company": "새솔상사"},
            firm="new",
            firm_of="새솔상사",
        )
    people = list(house.opened.fold().entrants.values())[4:]
    counter.sends(f"/office/people/{people[0].id}/bib", form="hand")
    counter.sends("/office/packets", company=people[1].company)
    said = house.opened.fold().said.items()
    entries = {fact.entrant: pos for pos, fact in said if isinstance(fact, EntrantRegistered)}
    assert [taken_back(counter, one.id, entries[one.id]) for one in people] == [303, 303]
    assert [counter.asks(f"/office/{page}").status_code for page in ("packets", "people/e00417")] == [200, 200]


def test_an_entry_is_taken_back_at_the_counter_by_who_made_it_alone(house: House) -> None:
    house.somebody("counter", "이접수").sends("/office/new", **WOMAN, name="설아라", company=FIRM)
    one = newest(house)
    entry = max(pos for pos, fact in house.opened.fold().said.items() if isinstance(fact, EntrantRegistered))
    assert taken_back(house.somebody("counter", "박접수"), one.id, entry) == 422
    assert one.id in house.opened.fold().entrants
    assert taken_back(house.somebody("counter", "이접수"), one.id, entry) == 303
    assert one.id not in house.opened.fold().entrants


def test_a_name_that_was_written_wrongly_is_corrected_with_name_and_role_and_another_name_is_masked(
    house: House,
) -> None:
    counter, directory = house.somebody("counter", "이접수"), house.opened.directory
    counter.sends("/office/new", **WOMAN, name="설 아라", company=FIRM, consent="1")
    one = newest(house)
    at = f"/office/people/{one.id}"
    assert counter.sends(f"{at}/name", name=" ").status_code == 422
    done = counter.sends(f"{at}/name", name="설아라")
    assert directory.names().people[one.id] == "설아라" and one.id in directory.names().open
    page = counter.asks(done.headers["location"]).text
    assert "9001 설아라" in page and "(접수대 이접수)" in page
    done = counter.sends(f"{at}/name", name="박다른")
    assert one.id not in directory.names().open and "가려서" in counter.asks(done.headers["location"]).text
    assert counter.sends("/office/people/e99999/name", name="설아랑").status_code == 404
