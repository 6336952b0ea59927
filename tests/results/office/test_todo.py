"""The to-do list of the overview: what was seen and is nobody's, with its picture, settled by a tap or two and taken back."""

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.office_side import office_beside
from tests.boards import Run, race_folder
from tests.builders import GUN, Station, after_gun, code_of, scan
from tests.results.office.test_office_pages import Device, House, forms, hidden
from timing.feed import RaceFeed
from timing.people.inbox import Inbox
from timing.people.office_acts import FIRM, OfficeActs
from timing.race.events import (
    BibAssigned,
    EntrantMoved,
    EntrantRegistered,
    FactUndone,
    ScanNamed,
    Scanned,
    ScanVoided,
    SpareDrawn,
    StartOffsetGiven,
    StatusRuled,
    TimeConfirmed,
    Unread,
    UnreadDismissed,
    UnreadNamed,
    WaveStarted,
)
from timing.race.firms import FirmCard
from timing.race.instants import SECOND, Span

FIELD = [
    Run(417, "0:10", "17:03", name="김하늘"),
    Run(418, "0:11", name="김보라"),
    Run(5, "0:12", "19:05", company="c0002", sex="M", name="이보람"),
    Run(6, "-14:00", "20:00", company="c0002", sex="M", name="한새로"),  # seen long before the gun
]
CAMERA = Station("finish-2").says(
    Unread(after_gun("17:30"), after_gun("17:30"), 118, 31, after_gun("17:30"), "line"),
    Scanned("tap", "", after_gun("18:30"), after_gun("18:30")),
    scan(9001, "18:40"),
    scan("?1f0c9a2b3c4d5e6f", "18:50"),
)
PASSER, TAP, SPARE, STRAY = (f"{CAMERA.lineage}#{seq}" for seq in (2, 3, 4, 5))
JPEG = b"\xff\xd8\xff\xe0 a runner in a poncho"
Settled = UnreadNamed | UnreadDismissed | ScanNamed | ScanVoided | FactUndone | StartOffsetGiven


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with race_folder(tmp_path / "race", FIELD) as opened, ExitStack() as stack:
        opened.log.record([SpareDrawn(9001, code_of(9001)), WaveStarted("2", after_gun("-14:30"))])
        opened.log.receive(CAMERA.batch())
        pictures = opened.root / "evidence" / CAMERA.lineage
        pictures.mkdir(parents=True)
        (pictures / "2.jpg").write_bytes(JPEG)
        yield House(opened, office_beside(opened, RaceFeed(opened, print), stack))


def facts(house: House) -> list[Settled]:
    return [fact.event for fact in house.opened.log.read() if isinstance(fact.event, Settled)]


def item(page: str, key: str) -> str:
    """One item of the list, as the page writes it."""
    found = re.search(rf'<li id="{key}".*?</li>', page, re.S)
    return found[0] if found else ""


def passer(seq: int) -> str:
    return f"{'unread' if seq == 2 else 'tap'}-{CAMERA.lineage}-{seq}"


def test_whoever_passed_unread_is_named_by_two_taps_with_name_and_role_and_taken_back(house: House) -> None:
    entry = house.somebody("entry", "이기록")
    shown = item(entry.asks("/office/").text, passer(2))
    assert "배번 418 김보라" in shown and "배번 417" not in shown  # who is out is suggested, who is in is not
    preview = entry.sends("/office/todo", **hidden(shown, "name"))
    assert "17:19" in preview.text and facts(house) == []
    sent = hidden(preview.text)
    assert [entry.sends("/office/todo", **sent).status_code for _again in range(2)] == [303, 303]
    (named,) = facts(house)
    assert isinstance(named, UnreadNamed)
    assert (named.entrant, named.by, named.role, named.why) == ("e00418", "이기록", "entry", "사진 판독")
    page = entry.asks("/office/?done=1").text
    assert item(page, passer(2)) == "" and "최근 처리" in page
    undo = entry.sends("/office/todo", **hidden(page, "undo"))
    assert entry.sends("/office/todo", **hidden(undo.text)).status_code == 303
    assert item(entry.asks("/office/").text, passer(2)) != ""


def test_who_was_read_about_then_is_told_so_before_they_are_named_and_the_passing_can_be_counted_already(
    house: House,
) -> None:
    entry = house.somebody("entry")
    house.opened.log.receive(Station("finish-3").says(scan(418, "17:31")).batch())
    shown = item(entry.asks("/office/").text, passer(2))
    assert shown.count('class="likely"') == 1 and "418" not in hidden(shown, "name").get("bib", "")
    assert "배번 418 김보라" in shown and hidden(shown, "dismiss")["why"] == "이미 집계됨"
    assert forms(shown)[0]["form"] == "dismiss"
    preview = entry.sends("/office/todo", form="name", scan=PASSER, bib="418", why="사진 판독")
    assert "+1.0초" in preview.text and "notice wrong" in preview.text
    assert entry.sends("/office/todo", **hidden(preview.text, "dismiss")).status_code == 303
    assert [type(one) for one in facts(house)] == [UnreadDismissed]


def test_who_was_entered_after_a_passing_is_not_the_first_to_be_suggested(house: House) -> None:
    house.opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
    started = Station("start-9", "start").says(scan(77, "0:09"))
    house.opened.log.record(
        [EntrantRegistered("e77", "c0001", "", "F", "30대", "1"), BibAssigned(77, "e77", code_of(77))]
    )
    house.opened.log.receive(started.batch())
    shown = item(house.somebody("entry").asks("/office/").text, passer(2))
    assert shown.index("배번 418 김보라") < shown.index("배번 77") and "그 뒤에 등록한 사람" in shown
    assert shown.count('class="likely"') == 1


def test_who_is_named_for_a_passing_of_somebody_s_is_told_whose_it_was_until_now(house: House) -> None:
    entry = house.somebody("entry")
    first = entry.sends("/office/todo", form="name", scan=PASSER, bib="418", why="사진 판독")
    entry.sends("/office/todo", **hidden(first.text))
    anew = entry.sends("/office/todo", form="name", scan=PASSER, bib="5", why="사진 판독")
    assert "지금까지는 배번 418 김보라" in anew.text
    again = entry.sends("/office/todo", form="name", scan=PASSER, bib="418", why="사진 판독")
    assert again.status_code == 422 and "이미 배번 418 김보라" in again.text


def test_who_was_ruled_out_is_told_so_before_they_are_named(house: House) -> None:
    house.opened.log.record([StatusRuled("e00418", "dns", "본부", "오지 않음")])
    preview = house.somebody("entry").sends("/office/todo", form="name", scan=PASSER, bib="418", why="사진 판독")
    assert "배번 418의 판정은 그대로입니다: 미출발" in preview.text


def test_no_runner_is_said_by_one_tap_and_counts_once_however_often_it_is_sent(house: House) -> None:
    entry = house.somebody("entry")
    sent = hidden(item(entry.asks("/office/").text, passer(2)), "dismiss")
    assert [entry.sends("/office/todo", **sent).status_code for _again in range(2)] == [303, 303]
    late = house.somebody("entry", "박기록").sends("/office/todo", form="dismiss", scan=PASSER, why="x")
    assert late.status_code == 422 and [type(one) for one in facts(house)] == [UnreadDismissed]


def test_a_tap_is_whoever_is_typed_and_nobody_is_dismissed_who_was_named_meanwhile(house: House) -> None:
    entry = house.somebody("entry")
    preview = entry.sends("/office/todo", form="name", scan=TAP, bib="김보라", why="사진 판독")
    assert entry.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert [type(one) for one in facts(house)] == [ScanNamed]
    wrong = entry.sends("/office/todo", form="dismiss", scan=TAP, why="참가자 아님")
    assert wrong.status_code == 422 and "김보라" in wrong.text and len(facts(house)) == 1


def test_a_tap_of_somebody_whose_entry_is_taken_back_is_open_again(house: House) -> None:
    entry, director = house.somebody("entry"), house.somebody("director")
    house.opened.log.record([EntrantRegistered("e9", "c0001", "", "F", "30대", "1"), BibAssigned(9, "e9", code_of(9))])
    entered = house.opened.log.head().seq - 1
    preview = entry.sends("/office/todo", form="name", scan=TAP, bib="9", why="사진 판독")
    assert entry.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert not item(entry.asks("/office/").text, passer(3))
    undo = director.sends("/office/people/e9", form="undo", pos=str(entered), why="중복 등록")
    director.sends("/office/people/e9", **hidden(undo.text))
    assert item(entry.asks("/office/").text, passer(3))


def test_whoever_was_dismissed_is_nobody_until_that_is_taken_back(house: House) -> None:
    entry = house.somebody("entry")
    for scan_name, bib in ((PASSER, "5"), (TAP, "418")):
        assert entry.sends("/office/todo", form="dismiss", scan=scan_name, why="진행 요원").status_code == 303
        late = entry.sends("/office/todo", form="name", scan=scan_name, bib=bib, why="사진 판독")
        assert late.status_code == 422 and "먼저" in late.text


def test_a_code_of_nobody_is_set_aside(house: House) -> None:
    entry = house.somebody("entry")
    sent = hidden(item(entry.asks("/office/").text, f"stray-{CAMERA.lineage}-5"), "dismiss")
    assert entry.sends("/office/todo", **sent).status_code == 303
    assert [type(one) for one in facts(house)] == [ScanVoided]


def test_a_spare_that_was_seen_goes_to_whom_it_is_worn_by_or_to_somebody_new(house: House) -> None:
    director = house.somebody("director")
    shown = item(director.asks("/office/").text, "spare-9001")
    assert 'href="/office/new?spare=9001"' in shown
    preview = director.sends("/office/todo", **hidden(shown, "spare"), bib="418")
    assert director.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert house.opened.fold().entrants["e00418"].bib == 9001


def test_a_start_that_was_not_counted_is_put_into_the_wave_that_fits(house: House) -> None:
    director = house.somebody("director")
    shown = item(director.asks("/office/").text, "start-e00006")
    assert "2조로 출발" in shown
    preview = director.sends("/office/todo/rule", **hidden(shown, "wave"))
    assert "33:" in preview.text or "34:" in preview.text
    assert director.sends("/office/todo/rule", **hidden(preview.text)).status_code == 303
    assert item(director.asks("/office/").text, "start-e00006") == ""


def test_a_report_is_dealt_with_by_one_tap_and_opened_again(house: House) -> None:
    inbox = Inbox(house.opened.engine, house.opened.settings.id)
    inbox.put(418, "418", "기록이 없어요", GUN)
    entry = house.somebody("entry", "정기록")
    shown = item(entry.asks("/office/").text, "message-1")
    assert "기록이 없어요" in shown and "김보라" in shown
    answer = entry.sends("/office/todo", **hidden(shown, "message"))
    assert inbox.messages() == []
    entry.sends("/office/todo", **hidden(entry.asks(answer.headers["location"]).text, "reopen"))
    assert [one.number for one in inbox.messages()] == [1]
    assert re.findall(
        r"14:00:00 신고 1번\(418 기록이 없어요\)을 ([^(]+) \(기록 입력 정기록\)", entry.asks("/office/").text
    ) == [
        "다시 엶",
        "처리함",
    ]


def test_a_firm_s_link_is_shown_hidden_again_or_refused_as_it_was_seen(house: House) -> None:
    directory, director = house.opened.directory, house.somebody("director")
    directory.keep_card(FirmCard("c0001", link="https://gasan.example/jobs", blurb="함께 달려요"))
    sent = hidden(item(director.asks("/office/").text, "firm-c0001"), "approve")
    directory.keep_card(FirmCard("c0001", link="https://other.example/", blurb="함께 달려요"))
    assert director.sends("/office/todo/firm", **sent).status_code == 422
    assert not directory.cards()["c0001"].approved
    sent = hidden(item(director.asks("/office/").text, "firm-c0001"), "approve")
    answer = director.sends("/office/todo/firm", **sent)
    assert directory.cards()["c0001"].public_link == "https://other.example/"
    director.sends("/office/todo/firm", **hidden(director.asks(answer.headers["location"]).text, "hide"))
    assert directory.cards()["c0001"].public_link == ""
    refused = hidden(item(director.asks("/office/").text, "firm-c0001"), "refuse")
    director.sends("/office/todo/firm", **refused)
    assert (directory.cards()["c0001"].link, item(director.asks("/office/").text, "firm-c0001")) == ("", "")
    acts = OfficeActs(house.opened.engine, house.opened.settings.id).last(FIRM, 9, "c0001")
    assert [(one.what, *one.who) for one in acts] == [
        (what, "김총괄", "director") for what in ("refuse", "hide", "approve")
    ]
    assert "총괄 김총괄" in director.asks("/office/firms/c0001").text
    assert "링크와 소개글" not in house.somebody("entry").asks("/office/").text


def test_pictures_are_shown_to_those_who_settle_and_to_nobody_else(house: House) -> None:
    at = f"/office/pictures/{CAMERA.lineage}/2"
    entry = house.somebody("entry")
    assert f'src="{at}"' in item(entry.asks("/office/").text, passer(2))
    seen = entry.asks(at)
    assert (seen.status_code, seen.content, seen.headers["cache-control"]) == (200, JPEG, "no-store")
    assert [house.somebody(role).asks(at).status_code for role in ("counter", "viewer", "medical", None)] == [403, 403, 403, 401]  # fmt: skip


def test_a_picture_that_has_not_come_is_asked_for_and_one_that_does_not_exist_is_not_asked_for_again(
    house: House,
) -> None:
    entry, folder = house.somebody("entry"), house.opened.root / "evidence" / CAMERA.lineage
    assert "아직 오지 않았습니다" in item(entry.asks("/office/").text, passer(3)) and (folder / "3.wanted").exists()
    (folder / "3.wanted").rename(folder / "3.none")
    assert "사진이 없습니다" in item(entry.asks("/office/").text, passer(3)) and not (folder / "3.wanted").exists()
    for path in (f"{CAMERA.lineage}/3", f"{CAMERA.lineage}/999", "..%2F..%2Frace.toml/1", f"{CAMERA.lineage}/-2"):
        assert entry.asks(f"/office/pictures/{path}").status_code in (404, 422), path


def test_each_role_has_the_items_that_it_settles(house: House) -> None:
    house.opened.directory.keep_card(FirmCard("c0001", link="https://gasan.example/jobs"))

    def kinds(device: Device) -> set[str]:
        return set(re.findall(r'<li id="(\w+)-', device.asks("/office/").text))

    assert kinds(house.somebody("director")) >= {"unread", "tap", "stray", "spare", "start", "firm"}
    assert kinds(house.somebody("entry")) == {"unread", "tap", "stray", "spare"}
    assert kinds(house.somebody("counter")) == kinds(house.somebody("viewer")) == set()


def test_what_somebody_else_settled_is_not_theirs_to_take_back(house: House) -> None:
    house.somebody("entry", "이기록").sends("/office/todo", form="dismiss", scan=PASSER, why="참가자 아님")
    position = max(house.opened.fold().said)
    other, director = house.somebody("entry", "박기록"), house.somebody("director")
    assert other.sends("/office/todo", form="undo", pos=str(position), why="x").status_code == 422
    assert director.sends("/office/todo", form="undo", pos=str(position), why="x").status_code == 200


def test_a_station_whose_laptop_is_gone_is_not_waited_for_until_that_is_taken_back(house: House) -> None:
    house.opened.log.record([StatusRuled("e00418", "dnf", "desk", "중도 포기")])
    director = house.somebody("director")
    closing = item(director.asks("/office/").text, "closing-finish-2")
    preview = director.sends("/office/todo/rule", **hidden(closing, "give-up"))
    assert director.sends("/office/todo/rule", **hidden(preview.text)).status_code == 303
    assert house.opened.fold().stations_at_work() == ["finish-1", "start-1"]
    late = Station("finish-2").says(*CAMERA.facts[1:], scan(418, "21:00"))
    house.opened.log.receive(late.batch())
    assert len(house.opened.fold().scans[code_of(418)]) == 2  # what comes later counts all the same
    again = director.sends("/office/todo/rule", form="give-up", station="finish-2", why="x")
    assert again.status_code == 422
    undo = director.sends("/office/todo", **hidden(director.asks("/office/").text, "undo"))
    director.sends("/office/todo", **hidden(undo.text))
    assert "finish-2" in house.opened.fold().stations_at_work()


@pytest.fixture
def late_house(tmp_path: Path) -> Iterator[House]:
    """Somebody came back to the line when the mats were rolled up."""
    field = [
        *(Run(bib, "0:10", f"2{bib}:00", name=f"주자{bib}") for bib in range(1, 6)),
        Run(9, "0:10", "119:00", name="늦달이"),
    ]
    with race_folder(tmp_path / "race", field) as opened, ExitStack() as stack:
        yield House(opened, office_beside(opened, RaceFeed(opened, print), stack))


def test_a_time_that_nobody_runs_is_let_stand_by_one_tap_with_name_and_role_until_it_changes(late_house: House) -> None:
    director = late_house.somebody("director", "김총괄")
    sent = hidden(item(director.asks("/office/").text, "time-e00009"), "confirm")
    assert [director.sends("/office/todo/rule", **sent).status_code for _again in range(2)] == [303, 303]
    (fact,) = [one.event for one in late_house.opened.log.read() if isinstance(one.event, TimeConfirmed)]
    assert (fact.entrant, fact.by, fact.role) == ("e00009", "김총괄", "director")
    page = director.asks("/office/?done=1").text
    assert item(page, "time-e00009") == "" and "1:58:50" in page and "그대로 인정" in page
    assert director.sends("/office/todo/rule", **{**sent, "once": "", "time": "1"}).status_code == 422
    later = director.sends("/office/people/e00009", form="adjust", seconds="+30", why="코스 이탈")
    director.sends("/office/people/e00009", **hidden(later.text))
    assert item(director.asks("/office/").text, "time-e00009") != ""


@pytest.mark.parametrize("tap", ["void", "passing"])
def test_an_odd_time_ends_by_a_scan_that_does_not_count_or_by_another_time(late_house: House, tap: str) -> None:
    late_house.opened.clock.tick(Span(3 * 3600 * SECOND))  # type: ignore[attr-defined]
    director = late_house.somebody("director")
    sent = hidden(item(director.asks("/office/").text, "time-e00009"), tap)
    preview = director.sends(
        "/office/todo/rule", **(sent | {"at": "14:23:00", "point": "finish"} if tap == "passing" else sent)
    )
    assert preview.status_code == 200 and "1:58:50" in preview.text
    assert director.sends("/office/todo/rule", **hidden(preview.text)).status_code == 303
    assert item(director.asks("/office/").text, "time-e00009") == ""
    assert late_house.somebody("entry").sends("/office/todo/rule", **sent).status_code == 403


def captain_moves(house: House, team: str = "") -> str:
    """A captain moves somebody; the key of the item that comes."""
    house.opened.log.record([EntrantMoved("e00417", "c0001", team, "captain c0001", "선수 교체", role="")])
    return f"move-{house.opened.log.head().seq}"


def moves(house: House) -> list[tuple[str, str, str]]:
    return [
        (fact.team, fact.by, fact.role)
        for one in house.opened.log.read()
        if isinstance(fact := one.event, EntrantMoved)
    ]


def test_what_a_captain_moved_waits_for_the_director_s_yes(house: House) -> None:
    key, director = captain_moves(house, "t0003"), house.somebody("director", "김총괄")
    shown = item(director.asks("/office/").text, key)
    assert "김하늘" in shown and "가산정밀 주장" in shown and "선수 교체" in shown and "captain" not in shown
    assert item(house.somebody("entry").asks("/office/").text, key) == ""
    sent = hidden(shown, "stands")
    assert [director.sends("/office/todo/rule", **sent).status_code for _press in range(2)] == [303, 303]
    assert item(director.asks("/office/").text, key) == ""
    assert moves(house) == [("t0003", "captain c0001", ""), ("t0003", "김총괄", "director")]
    key = captain_moves(house)
    assert item(director.asks("/office/").text, key) != ""  # another move is another question


def test_a_captain_s_move_is_taken_back_after_a_look_and_one_that_was_moved_again_is_not_approved(house: House) -> None:
    key, director = captain_moves(house, "t0003"), house.somebody("director")
    first = item(director.asks("/office/").text, key)
    preview = director.sends("/office/todo/rule", **hidden(first, "undo"))
    assert preview.status_code == 200 and house.opened.fold().entrants["e00417"].team == "t0003"
    captain_moves(house, "t0001")
    assert director.sends("/office/todo/rule", **hidden(first, "stands")).status_code == 422
    assert director.sends("/office/todo/rule", **hidden(preview.text)).status_code == 409
    key = captain_moves(house, "t0003")
    preview = director.sends("/office/todo/rule", **hidden(item(director.asks("/office/").text, key), "undo"))
    assert director.sends("/office/todo/rule", **hidden(preview.text)).status_code == 303
    assert house.opened.fold().entrants["e00417"].team == "t0001"


def test_a_picture_opens_on_a_page_that_leads_back_to_its_item(house: House) -> None:
    entry = house.somebody("entry")
    shown = item(entry.asks("/office/").text, passer(2))
    large = re.search(r'href="(/office/pictures/[^"]*)"', shown)
    assert large
    page = entry.asks(large[1]).text
    assert f'href="/office/#{passer(2)}"' in page and f'src="/office/pictures/{CAMERA.lineage}/2"' in page
    assert house.somebody("medical").asks(large[1]).status_code == 403
