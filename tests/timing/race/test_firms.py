"""What a firm may show: https links with a host, a short blurb, and both only while the organiser's approval holds."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.errors import WrongUse
from timing.language import pair
from timing.race.firms import BLURB_MOST, LINK_MOST, FirmCard, checked_link, checked_text

APPROVED = FirmCard("c0001", link="https://gasan.example/jobs", blurb="함께 달려요", approved=True)


@pytest.mark.parametrize(
    "link",
    [
        "https://gasan.example",
        "https://gasan.example:8443/채용?부서=개발#지원",
        "https://가산정밀.example/",
        "HTTPS://GASAN.EXAMPLE/a",
    ],
)
def test_an_https_link_with_a_host_is_taken_as_it_stands(link: str) -> None:
    assert checked_link(f" {link} ") == link


@pytest.mark.parametrize(
    "link",
    [
        "http://gasan.example",
        "javascript:alert(1)",
        "data:text/html,<b>",
        "gasan.example",
        "https://",
        "https://localhost/x",
        "https://gasan.example@evil.example/",
        "https://gasan.example:99999999/",
        "https://[::1]/",
        "https://[gasan.example/",
        "https://gasan.example/\u202egnp.exe",
        "https://gasan.example/a b",
        'https://gasan.example/"onclick="x',
        "https://gasan.example\\@evil.example/",
        "https://gasan.example/" + "a" * LINK_MOST,
    ],
)
def test_any_other_link_is_refused(link: str) -> None:
    with pytest.raises(WrongUse):
        checked_link(link)


def test_a_blurb_is_one_line_of_composed_hangul() -> None:
    assert checked_text(pair("소개", "blurb"), "  \u1112\u1161\u11ab빛\n테크 ", BLURB_MOST) == "한빛 테크"
    assert len(checked_text(pair("소개", "blurb"), "가" * BLURB_MOST, BLURB_MOST)) == BLURB_MOST
    with pytest.raises(WrongUse, match=f"{BLURB_MOST + 1} characters"):
        checked_text(pair("소개", "blurb"), "가" * (BLURB_MOST + 1), BLURB_MOST)
    with pytest.raises(WrongUse, match="건물이 2자"):
        checked_text(pair("건물", "building"), "가나", 1)


@pytest.mark.parametrize("letter", ["\u202e", "\u200b", "\ufeff", "\x00", "\x1b", "\ud800"])
def test_a_blurb_with_letters_that_steer_is_refused_by_their_numbers(letter: str) -> None:
    with pytest.raises(WrongUse, match=f"U\\+{ord(letter):04X}"):
        checked_text(pair("소개", "blurb"), f"가{letter}나", BLURB_MOST)


def test_an_approval_holds_for_the_very_words_that_were_approved() -> None:
    assert APPROVED.changed().approved
    assert APPROVED.changed(link=APPROVED.link, blurb=APPROVED.blurb).approved
    assert not APPROVED.changed(link="https://gasan.example/other").approved
    assert not APPROVED.changed(blurb="").approved


@given(st.text(max_size=40), st.text(max_size=40))
def test_nothing_new_is_ever_shown_without_a_new_approval(link: str, blurb: str) -> None:
    try:
        card = APPROVED.changed("https://gasan.example/" + link, blurb)
    except WrongUse:
        return
    assert card.public_link in ("", APPROVED.link)
    assert card.public_blurb in ("", APPROVED.blurb)


def test_packets_go_building_by_building_and_upwards() -> None:
    floors = ["지하 2층", "B1", "3층", "12층 1203호"]
    way = [FirmCard("c1", "가산타워", floor) for floor in floors] + [FirmCard("c2", "구로빌딩", "1층"), FirmCard("c3")]
    mixed = [*way[3:], *way[:3]]
    assert sorted(mixed, key=lambda card: card.way) == way
