"""The code in a bib's QR: what reads it, and what a wrong character cannot do."""

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.clock_and_chance import seeded_bits
from timing.race.codes import ALPHABET, Code, bib_url, check_character, new_code, printed, read_code, typed_code

codes = st.integers(0, 2**50 - 1).map(lambda drawn: new_code(lambda _: drawn))
hosts = st.from_regex(r"[a-z0-9.-]{1,40}(:[0-9]{2,4})?", fullmatch=True)
SAMPLES = [new_code(seeded_bits(seed)) for seed in range(8)]


def swapped(code: Code, one: int, other: int) -> str:
    characters = list(code)
    characters[one], characters[other] = characters[other], characters[one]
    return "".join(characters)


@given(codes, hosts)
def test_a_bib_s_url_reads_as_its_code_on_any_host(code: Code, host: str) -> None:
    assert read_code(bib_url(host, code)) == code
    assert read_code(bib_url(host, code).lower()) == code
    assert read_code(code) == code


@given(codes, hosts)
def test_a_bib_s_url_fits_the_compact_mode_of_qr(code: Code, host: str) -> None:
    assert set(bib_url(host, code)) <= set("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:")


@pytest.mark.parametrize("code", SAMPLES)
def test_every_single_wrong_character_is_caught(code: Code) -> None:
    for place, right in enumerate(code):
        for wrong in ALPHABET.replace(right, ""):
            assert read_code(code[:place] + wrong + code[place + 1 :]) is None


@pytest.mark.parametrize("code", SAMPLES)
def test_every_swap_of_two_different_characters_is_caught(code: Code) -> None:
    for one, other in combinations(range(len(code)), 2):
        if code[one] != code[other]:
            assert read_code(swapped(code, one, other)) is None


@given(codes, st.integers(0, 10), st.integers(0, 10))
def test_no_code_survives_a_swap(code: Code, one: int, other: int) -> None:
    assert (read_code(swapped(code, one, other)) == code) == (code[one] == code[other])


@pytest.mark.parametrize("code", SAMPLES)
def test_a_person_may_type_it_as_printed_or_in_any_sloppy_way(code: Code) -> None:
    assert printed(code).count("-") == 2
    for typed in (printed(code), printed(code).lower(), f"  {code[:3]} {code[3:]}\n", " ".join(code)):
        assert typed_code(typed) == code


@given(codes)
def test_look_alike_letters_are_forgiven(code: Code) -> None:
    assert typed_code(code.translate(str.maketrans("01", "oI"))) == code
    assert typed_code(code.translate(str.maketrans("01", "OL"))) == code


@pytest.mark.parametrize(
    "foreign",
    [
        "",
        "https://www.example.com/menu",
        "WIFI:S:Gasan;T:WPA;P:secret;;",
        "HTTPS://GV.TEST/B/",
        "HTTPS://GV.TEST/B/0000000000",  # ten characters
        "HTTPS://GV.TEST/B/000000000000",
        "HTTPS://GV.TEST/B/00000000001",  # a wrong check character
        "HTTPS://GV.TEST/R/00000000000",
        "HTTPS:///B/00000000000",
        "HTTPS://GV.TEST/X/B/00000000000",
        " 00000000000",
        "00000000000\n",
        "가나다라마바사아자차카",
    ],
)
def test_a_foreign_text_is_none_of_ours(foreign: str) -> None:
    assert read_code(foreign) is None


@given(st.text() | st.text(ALPHABET + "\u017f\u212a\u0131\u0130", min_size=11, max_size=11))
def test_no_text_whatever_upsets_a_station(text: str) -> None:
    for read in (read_code(text), typed_code(text)):
        assert read is None or check_character(read[:10]) == read[10]


def test_letters_that_only_look_like_ours_are_foreign() -> None:
    code = next(code for code in map(new_code, map(seeded_bits, range(100))) if "K" in code and "S" in code)
    assert read_code(code.replace("K", "\N{KELVIN SIGN}")) is None
    assert read_code(code.replace("S", "\N{LATIN SMALL LETTER LONG S}")) is None


def test_codes_are_drawn_from_fifty_bits() -> None:
    asked: list[int] = []

    def bits(count: int) -> int:
        asked.append(count)
        return (1 << count) - 1

    assert new_code(bits)[:10] == "Z" * 10
    assert asked == [50]
    assert len({new_code(seeded_bits(seed)) for seed in range(1_000)}) == 1_000
