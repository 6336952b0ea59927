"""The Korean particle that a word asks for, by whether it ends in a consonant. Pure."""

from typing import Final

PAIRS: Final = frozenset(["이/가", "은/는", "을/를", "과/와", "으로/로", "이라는/라는", "이/"])
"""First the form after a consonant."""
SYLLABLES = range(ord("가"), ord("힣") + 1)
FINALS = 28  # a syllable's number modulo these is its final consonant, 0 for none
RIEUL = 8  # after this final consonant it is 로, as after a vowel
DIGITS = {"0": 21, "1": RIEUL, "3": 16, "6": 1, "7": RIEUL, "8": RIEUL}  # 영 일 삼 육 칠 팔; 이 사 오 구 end in a vowel
BRACKETS = "\"'`)]」』”’"


def with_particle(word: str, pair: str) -> str:
    """A word or a number with its particle; what stands in brackets or quotes counts by its last letter.

    >>> with_particle("소개", "이/가"), with_particle("건물", "이/가"), with_particle("17:05", "은/는")
    ('소개가', '건물이', '17:05는')
    >>> with_particle("'김솔'", "이라는/라는"), with_particle("서울", "으로/로"), with_particle("부산", "으로/로")
    ("'김솔'이라는", '서울로', '부산으로')
    """
    closed, opened = pair.split("/")
    final = _final_consonant(word.rstrip(BRACKETS)[-1:])
    return word + (opened if final == 0 or (final == RIEUL and opened == "로") else closed)


def _final_consonant(letter: str) -> int:
    """Its number among the final consonants, 0 for none and for letters that are not Korean."""
    if letter and ord(letter) in SYLLABLES:
        return (ord(letter) - SYLLABLES.start) % FINALS
    return DIGITS.get(letter, 0)


def wave_word(wave: str) -> str:
    """A wave as Korean says it, whether its name says that it is one or not.

    >>> wave_word("2"), wave_word("2조"), wave_word("A조")
    ('2조', '2조', 'A조')
    """
    return wave if wave.endswith("조") else f"{wave}조"
