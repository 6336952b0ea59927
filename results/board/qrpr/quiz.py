"""The quiz of a race, `quiz.toml` in its folder: its questions, and what is wrong with them. Pure but for reading the file."""

import hashlib
import tomllib
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Final

import msgspec
from msgspec import Struct

from results.messages import Language
from timing.errors import Unreachable, WrongUse

QUESTIONS_MOST: Final = 30
CHOICES: Final = range(2, 7)
TEXT_MOST: Final = 300
CHOICE_MOST: Final = 100
EXAMPLE: Final = """\
[[question]]
ko = "G밸리 마라톤의 코스는 몇 킬로미터일까요?"
en = "How long is the course of the G Valley marathon?"
choices = ["3.5 km", "4.5 km", "10 km"]
answer = "4.5 km"

[[question]]
firm = "한빛테크"  # 소속의 쪽으로 잇습니다 / links the firm's page
ko = "한빛테크는 무엇을 만들까요?"
en = "What does Hanbit Tech make?"
choices = ["조명", "신발", "김치"]
choices_en = ["Lamps", "Shoes", "Kimchi"]
answer = "조명"
explanation_ko = "한빛테크는 1999년부터 조명을 만듭니다."
explanation_en = "Hanbit Tech has made lamps since 1999."
"""


class Question(Struct, frozen=True, forbid_unknown_fields=True, dict=True):
    """A question; `choices_en` are the same choices in English where they differ, `answer` is one of `choices`."""

    ko: str
    en: str
    choices: list[str]
    answer: str
    choices_en: list[str] = []
    firm: str = ""
    """Its id or name."""
    explanation_ko: str = ""
    explanation_en: str = ""

    @cached_property
    def id(self) -> str:
        """Stays while the Korean words stay, wherever the question stands."""
        return hashlib.sha256(self.ko.encode()).hexdigest()[:12]

    @property
    def right(self) -> int:
        """The number of the right choice, from nought."""
        return self.choices.index(self.answer)

    def asks(self, language: Language) -> str:
        return self.ko if language == "ko" else self.en

    def offers(self, language: Language) -> list[str]:
        return self.choices_en if language == "en" and self.choices_en else self.choices

    def explains(self, language: Language) -> str:
        return self.explanation_ko if language == "ko" else self.explanation_en


class File(Struct, frozen=True, forbid_unknown_fields=True):
    """What `quiz.toml` holds."""

    question: list[Question]


def read_quiz(file: Path) -> list[Question]:
    """The questions.

    Raises:
        Unreachable: the file cannot be read.
        WrongUse: it says what no quiz can mean; everything that is wrong is told at once.
    """
    try:
        questions = msgspec.convert(tomllib.loads(file.read_text(encoding="utf-8")), File).question
    except OSError as failure:
        raise Unreachable(
            f"{file}: 읽을 수 없습니다: {failure.strerror}. 보기는 `marathon quiz check --help`에",
            f"cannot be read: {failure.strerror}; an example stands in `marathon quiz check --help`",
        ) from failure
    except (tomllib.TOMLDecodeError, msgspec.ValidationError, UnicodeDecodeError) as wrong:
        raise WrongUse(f"{file}: 잘못된 퀴즈입니다: {wrong}", f"no quiz: {wrong}") from wrong
    found = list(faults(questions))
    if found:
        korean, english = ("; ".join(one[at] for one in found) for at in (0, 1))
        raise WrongUse(f"{file}: {korean}", english)
    return questions


def faults(questions: Sequence[Question]) -> Iterator[tuple[str, str]]:
    """Everything that is wrong with a quiz, in Korean and in English."""
    if not 1 <= len(questions) <= QUESTIONS_MOST:
        yield f"문제는 1개에서 {QUESTIONS_MOST}개까지 됩니다", f"a quiz has 1 to {QUESTIONS_MOST} questions"
    if len({one.ko for one in questions}) < len(questions):
        yield "같은 문제가 두 번 있습니다", "a question stands there twice"
    for number, one in enumerate(questions, 1):
        for korean, english in _faults_of(one):
            yield f"{number}번: {korean}", f"no. {number}: {english}"


def _faults_of(one: Question) -> Iterator[tuple[str, str]]:
    if len(one.choices) not in CHOICES:
        yield "보기는 2개에서 6개까지 됩니다", "2 to 6 choices are needed"
    if len(set(one.choices)) < len(one.choices) or len(set(one.choices_en)) < len(one.choices_en):
        yield "같은 보기가 두 번 있습니다", "a choice stands there twice"
    if one.answer not in one.choices:
        yield f"답 {one.answer!r}이(가) 보기에 없습니다", f"the answer {one.answer!r} is not among the choices"
    if one.choices_en and len(one.choices_en) != len(one.choices):
        yield "choices_en의 수가 choices와 다릅니다", "choices_en has another length than choices"
    if bool(one.explanation_ko) != bool(one.explanation_en):
        yield "설명은 두 언어로 모두 적으세요", "an explanation needs both languages"
    if not (one.ko.strip() and one.en.strip() and all(text.strip() for text in (*one.choices, *one.choices_en))):
        yield "빈 글이 있습니다", "a text is empty"
    texts = (one.ko, one.en, one.explanation_ko, one.explanation_en)
    if any(len(text) > TEXT_MOST for text in texts) or any(
        len(choice) > CHOICE_MOST for choice in (*one.choices, *one.choices_en)
    ):
        yield (
            f"글은 {TEXT_MOST}자, 보기는 {CHOICE_MOST}자까지 됩니다",
            f"at most {TEXT_MOST} characters, {CHOICE_MOST} for a choice",
        )
