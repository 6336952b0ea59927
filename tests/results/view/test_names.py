"""Names in public: strangers learn enough to cheer, and no more."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from results.view.names import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("김솔", "김*"),
        ("김하늘", "김*늘"),
        ("남궁하늘", "남**늘"),
        ("황보반짝이", "황***이"),
        ("김 하늘", "김*늘"),
        (" 김하늘 ", "김*늘"),
        ("Jane Doe", "J.D."),
        ("jane", "J."),
        ("김하늘 Kim", "김.K."),
        ("金夏天", "金*天"),
        ("", ""),
        ("   ", ""),
    ],
)
def test_a_masked_name(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_a_name_typed_on_a_mac_is_masked_by_syllables_and_not_by_letters() -> None:
    assert masked(unicodedata.normalize("NFD", "김하늘")) == "김*늘"


@given(st.text(st.characters(min_codepoint=ord("가"), max_codepoint=ord("힣")), min_size=2, max_size=8))
def test_the_middle_of_a_korean_name_is_never_shown(name: str) -> None:
    shown = masked(name)
    assert len(shown) == len(name)
    assert shown.count("*") == max(len(name) - 2, 1)
    assert name not in shown


@given(st.lists(st.text("abcdeé한글漢", min_size=2, max_size=9), min_size=1, max_size=4).map(" ".join))
def test_no_name_is_shown_in_full(name: str) -> None:
    assert name.casefold() not in masked(name).casefold()
    assert name.replace(" ", "").casefold() not in masked(name).casefold()
