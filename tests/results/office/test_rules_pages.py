"""Rules in the office's browser: looked over line by line, shown as what they move, put in force for a reason, taken back."""

from collections.abc import Sequence

import pytest

from tests.results.office.test_lists_in import form_data
from tests.results.office.test_office_pages import Device, House, hidden, house
from timing.race.events import FactUndone, RulesSet
from timing.race.rules import rules_of
from timing.race.rules.presets import preset

__all__ = ["house"]

PAGE = "/office/rules"
BY_GUN = preset("gvalley").replace('basis = "net"', 'basis = "gun"')


@pytest.fixture
def director(house: House) -> Device:
    return house.somebody("director")


def said(house: House) -> Sequence[tuple[str, ...]]:
    """What the office said of the rules after the race was made."""
    facts = [one.event for one in house.opened.log.read()]
    return [
        (type(fact).__name__, fact.by, fact.role, fact.why) for fact in facts if isinstance(fact, RulesSet | FactUndone)
    ][1:]


def test_rules_are_shown_as_what_they_move_then_recorded_once_then_taken_back(house: House, director: Device) -> None:
    preview = director.sends(PAGE, form="set", toml=BY_GUN, why="건타임으로")
    assert preview.status_code == 200 and "김하늘" in preview.text and said(house) == []
    sent = hidden(preview.text)
    assert [director.sends(PAGE, **sent).status_code for _press in range(2)] == [303, 303]
    assert said(house) == [("RulesSet", "김총괄", "director", "건타임으로")]
    assert house.opened.fold().rules == rules_of(BY_GUN, "rules.toml")
    assert 'basis = "gun"' in director.asks(f"{PAGE}/rules.toml").text.replace("&quot;", '"')
    undo = director.sends(PAGE, **hidden(director.asks(PAGE).text, "undo"), why="협의 끝")
    director.sends(PAGE, **hidden(undo.text))
    assert said(house)[1:] == [("FactUndone", "김총괄", "director", "협의 끝")]
    assert house.opened.fold().rules.basis == "net"


def test_an_error_is_told_with_its_line_and_keeps_the_rules_from_force(house: House, director: Device) -> None:
    broken = 'basis = "net"\n[[ranking]]\nname = "firms"\ngroup = "firm"\n'
    page = director.sends(PAGE, form="check", toml=broken)
    assert page.status_code == 200 and "4행" in page.text and "group = &#34;firm&#34;" in page.text
    refused = director.sends(PAGE, form="set", toml=broken, why="x")
    assert refused.status_code == 422 and "4행" in refused.text and said(house) == []
    nested = director.sends(PAGE, form="check", toml="a = " + "[" * 5_000)
    assert nested.status_code == 200 and "시행할 수 없습니다" in nested.text


@pytest.mark.parametrize(
    "sent", [{"toml": BY_GUN}, {"toml": preset("gvalley"), "why": "x"}, {"form": "undo", "pos": "3", "why": "x"}, {"form": "x", "why": "x"}],
    ids=["no reason", "in force", "no rules", "no form"],
)  # fmt: skip
def test_what_cannot_be_put_in_force_or_taken_back_is_refused(
    house: House, director: Device, sent: dict[str, str]
) -> None:
    assert director.sends(PAGE, **{"form": "set", **sent}).status_code == 422 and said(house) == []


def test_a_draft_begins_with_presets_or_a_file_and_comes_back_from_its_preview(director: Device) -> None:
    page = director.asks(f"{PAGE}?preset=gvalley&preset=age-decades").text
    assert "[[age_group]]" in page and "시행할 수 없습니다" not in page
    head = {"content-type": "multipart/form-data; boundary=----b"}
    page = director.asks(f"{PAGE}/file", "POST", form_data(("새규칙.toml", BY_GUN.encode())), **head).text
    assert "basis = &#34;gun&#34;" in page
    assert director.asks(f"{PAGE}/file", "POST", form_data(("그림.png", b"\xff\xfe\x00")), **head).status_code == 422
    sent = hidden(director.sends(PAGE, form="set", toml=BY_GUN, why="x").text)
    assert "<textarea" in director.sends(PAGE, **sent, again="1").text


def test_the_course_is_as_long_as_it_was_measured_again_until_that_is_taken_back(
    house: House, director: Device
) -> None:
    assert "4.5 km" in director.asks(PAGE).text
    preview = director.sends(PAGE, form="course", km="4,62", why="다시 잼")
    assert preview.status_code == 200 and house.opened.fold().course_m == 4_500
    assert director.sends(PAGE, **hidden(preview.text)).status_code == 303
    page = director.asks(PAGE).text
    assert house.opened.fold().course_m == 4_620 and "4.62 km" in page and "(총괄 김총괄: 다시 잼)" in page
    undo = director.sends(PAGE, **hidden(page, "undo"))
    director.sends(PAGE, **hidden(undo.text))
    assert house.opened.fold().course_m == 4_500


@pytest.mark.parametrize("km", ["", "0", "0.05", "4500", "1e1", "-4.5", "네 킬로"])
def test_a_length_that_no_course_has_is_refused(house: House, director: Device, km: str) -> None:
    assert director.sends(PAGE, form="course", km=km, why="x").status_code == 422
    assert house.opened.fold().course_m == 4_500
