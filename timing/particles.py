"""The Korean particle that a word asks for, by whether it ends in a consonant. Pure."""

from typing import Literal

Pair = Literal["이/가", "은/는", "을/를", "과/와"]
"""First the form after a consonant."""
SYLLABLES = range(ord("가"), ord("힣") + 1)
FINALS = 28  # a syllable's number modulo these is its final consonant, 0 for none
CLOSED_DIGITS = "013678"  # 영 일 삼 육 칠 팔 end in a consonant, 이 사 오 구 in a vowel


def with_particle(word: str, pair: Pair) -> str:
    """A word of ours, or a number, with its particle.

    >>> with_particle("소개", "이/가"), with_particle("건물", "이/가"), with_particle("17:05", "은/는")
    ('소개가', '건물이', '17:05는')
    """
    closed, opened = pair.split("/")
    last = word[-1]
    ends_closed = (ord(last) - SYLLABLES.start) % FINALS if ord(last) in SYLLABLES else last in CLOSED_DIGITS
    return word + (closed if ends_closed else opened)


def wave_word(wave: str) -> str:
    """A wave as Korean says it, whether its name says that it is one or not.

    >>> wave_word("2"), wave_word("2조"), wave_word("A조")
    ('2조', '2조', 'A조')
    """
    return wave if wave.endswith("조") else f"{wave}조"
