"""Lines of a paper sheet that were not recorded: each waits for a person, who says whose time it is, or that it is nobody's."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from server.office_side import office_beside
from tests.boards import Run, race_folder
from tests.builders import code_of
from tests.results.office.test_office_pages import Device, House, hidden
from tests.results.office.test_todo import item
from timing.feed import RaceFeed
from timing.people.inbox import Inbox, Message
from timing.race.events import BibReplaced, PassingEntered, SpareDrawn
from timing.race.instants import SECOND, Span, wall

FIELD = [
    Run(1081, "0:10", "17:03", name="김하늘"),
    Run(1082, "0:11", name="정다온"),
    Run(1083, "0:12", name="이보람"),
    Run(1084, "0:13", name="한새로"),
]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[House]:
    with race_folder(tmp_path / "race", FIELD) as opened, ExitStack() as stack:
        opened.log.record([SpareDrawn(9086, code_of(9086))])
        opened.clock.tick(Span(3600 * SECOND))  # type: ignore[attr-defined]
        yield House(opened, office_beside(opened, RaceFeed(opened, print), stack))


def sheet(device: Device, rows: str, name: str = "3") -> None:
    """Send a sheet, look at what it changes, and record it."""
    shown = device.sends("/office/sheet", form="record", rows=rows, name=name)
    if shown.status_code != 303:
        shown = device.sends("/office/sheet", **hidden(shown.text))
    assert shown.status_code == 303, shown.text


def open_lines(house: House) -> list[Message]:
    return Inbox(house.opened.engine, house.opened.settings.id).messages()


def entered(house: House) -> list[tuple[str, str, str]]:
    """Who passed when by hand, and why, of what holds."""
    race = house.opened.fold()
    passings = [(pos, fact) for pos, fact in race.said.items() if isinstance(fact, PassingEntered)]
    return [(one.entrant, wall(one.at, house.opened.zone), one.why) for pos, one in passings if race.holds(pos)]


def test_of_two_lines_with_one_bib_the_second_waits_and_is_whoever_it_was(house: House) -> None:
    entry = house.somebody("entry", "이기록")
    sheet(entry, "18 01 1082\n18 20 1082")
    (line,) = open_lines(house)
    shown = item(entry.asks("/office/").text, f"message-{line.number}")
    assert "18 20 1082" in shown and "14:18:20" in shown and "14:18:01" in shown
    preview = entry.sends("/office/todo", **hidden(shown, "line"), bib="1083")
    assert entry.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert entered(house) == [
        ("e01082", "14:18:01.0", "종이 기록지 3"),
        ("e01083", "14:18:20.0", "종이 기록지 3: 18 20 1082"),
    ]
    assert open_lines(house) == []


def test_an_old_bib_beside_the_new_one_of_the_same_runner_waits_too(house: House) -> None:
    house.opened.log.record([BibReplaced("e01082", 9086, code_of(9086), "김총괄", "잃어버림")])
    sheet(house.somebody("entry"), "18 01 9086\n18 20 1082")
    assert [one.written for one in open_lines(house)] == ["1082"]


@pytest.mark.parametrize(
    ("rows", "waiting"),
    [
        ("18 20 1082\n18 20 1082", 1),
        ("18 20 ?\n18 20 ?\n18 20 ?", 3),  # three people whom nobody could read within a second
        ("18 20\n18 75 1082\nabc", 3),
        ("18 20 7777\n17 50 1081", 2),
    ],
)
def test_no_line_that_is_not_recorded_is_lost_though_two_say_the_same(house: House, rows: str, waiting: int) -> None:
    entry = house.somebody("entry")
    for _again in range(2):  # a sheet that is typed twice waits once
        sheet(entry, rows)
        assert len(open_lines(house)) == waiting


def test_a_line_whose_time_was_taken_waits_again_once_that_is_taken_back(house: House) -> None:
    entry = house.somebody("entry", "이기록")
    sheet(entry, "18 20 ?")
    shown = item(entry.asks("/office/").text, f"message-{open_lines(house)[0].number}")
    preview = entry.sends("/office/todo", **hidden(shown, "line"), bib="이보람")
    assert entry.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert entered(house) and not open_lines(house)
    undo = entry.sends("/office/sheet", **hidden(entry.asks("/office/sheet").text, "undo"))
    assert entry.sends("/office/sheet", **hidden(undo.text)).status_code == 303
    assert not entered(house) and len(open_lines(house)) == 1


def test_the_time_of_a_spare_is_taken_for_whom_a_person_names_or_who_got_it_meanwhile(house: House) -> None:
    entry = house.somebody("entry", "이기록")
    sheet(entry, "18 20 9086")
    number = open_lines(house)[0].number
    assert "예비 배번" in item(entry.asks("/office/").text, f"message-{number}")
    house.opened.log.record([BibReplaced("e01084", 9086, code_of(9086), "김총괄", "잃어버림")])
    shown = item(entry.asks("/office/").text, f"message-{number}")
    assert 'class="likely"' in shown and "배번 9086 한새로" in shown
    preview = entry.sends("/office/todo", **hidden(shown, "line"))
    assert entry.sends("/office/todo", **hidden(preview.text)).status_code == 303
    assert [one[:2] for one in entered(house)] == [("e01084", "14:18:20.0")]


def test_what_contradicts_a_camera_is_the_director_s_to_take_and_anybody_s_to_end(house: House) -> None:
    entry, director = house.somebody("entry"), house.somebody("director")
    sheet(entry, "17 50 1081")
    number = open_lines(house)[0].number
    key = f"message-{number}"
    assert "배번 1081 김하늘 기록으로" not in item(entry.asks("/office/").text, key)
    asked = {**hidden(item(entry.asks("/office/").text, key), "line"), "bib": "1081"}
    refused = entry.sends("/office/todo", **asked)
    assert refused.status_code == 422 and "총괄" in refused.text
    assert "배번 1081 김하늘" in item(director.asks("/office/").text, key)
    preview = director.sends("/office/todo", **asked)
    assert director.sends("/office/todo", **hidden(preview.text)).status_code == 303
    again = entry.sends("/office/todo", **asked)
    assert again.status_code == 422 and "이미" in again.text


def test_dealt_with_says_that_the_time_is_not_taken(house: House) -> None:
    entry = house.somebody("entry")
    sheet(entry, "18 20 9086")
    assert "기록하지 않음" in item(entry.asks("/office/").text, f"message-{open_lines(house)[0].number}")
    assert "기록하지 않음" in entry.asks("/office/sheet").text
    entry.sends("/office/todo", form="message", number=str(open_lines(house)[0].number))
    assert "(#3: 18 20 9086)을 처리함" in entry.asks("/office/").text  # the list of what was settled says what it was


def test_a_sheet_of_more_rows_than_are_looked_at_is_refused_whole(house: House) -> None:
    rows = "\n".join(f"18 {second % 60:02} ?" for second in range(301))
    refused = house.somebody("entry").sends("/office/sheet", form="record", rows=rows, name="3")
    assert refused.status_code == 422 and "300" in refused.text and "18 59 ?" in refused.text
    assert open_lines(house) == []


def test_a_sheet_s_number_is_never_one_of_before(house: House) -> None:
    entry = house.somebody("entry")
    assert 'name="name" value="1"' in entry.asks("/office/sheet").text
    sheet(entry, "18 20 1082", name="1")
    undo = entry.sends("/office/sheet", **hidden(entry.asks("/office/sheet").text, "undo"))
    assert entry.sends("/office/sheet", **hidden(undo.text)).status_code == 303
    assert 'name="name" value="2"' in entry.asks("/office/sheet").text
    sheet(entry, "18 20 ?", name="2")  # nothing of it was recorded
    assert 'name="name" value="3"' in entry.asks("/office/sheet").text
