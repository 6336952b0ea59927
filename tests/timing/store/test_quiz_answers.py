"""The quiz's answers: the first one stands, and a receipt comes with all of them right."""

from collections.abc import Iterator

import pytest
from sqlalchemy import Engine

from tests.builders import RACE
from tests.doors import seeded_bits
from timing.store.database import writing
from timing.store.quiz_answers import Answered, QuizAnswers, new_receipt

QUESTIONS = {"one", "two"}


@pytest.fixture
def codes() -> Iterator[str]:
    return iter(["AAAA-0001", "AAAA-0002", "AAAA-0003"])


@pytest.fixture
def answers(engine: Engine, codes: Iterator[str]) -> QuizAnswers:
    return QuizAnswers(engine, RACE, lambda: next(codes))


def answer(
    engine: Engine, answers: QuizAnswers, question: str, correct: bool, device: int = 1, choice: int = 0
) -> Answered:
    with writing(engine) as connection:
        return answers.answer(connection, device.to_bytes(12), question, choice, correct, QUESTIONS)


def test_all_right_gives_a_receipt_and_the_same_one_again(engine: Engine, answers: QuizAnswers) -> None:
    assert answer(engine, answers, "one", True) == Answered(0, True, 1, "")
    assert answer(engine, answers, "two", True) == Answered(0, True, 2, "AAAA-0001")
    assert answer(engine, answers, "one", True).receipt == "AAAA-0001"
    assert answers.receipts() == ["AAAA-0001"]


def test_a_second_answer_changes_nothing(engine: Engine, answers: QuizAnswers) -> None:
    answer(engine, answers, "one", False, choice=2)
    assert answer(engine, answers, "one", True) == Answered(2, False, 1, "")
    assert answer(engine, answers, "two", True).receipt == ""
    assert answers.tally() == {"one": (1, 0), "two": (1, 1)}


def test_each_device_answers_for_itself(engine: Engine, answers: QuizAnswers) -> None:
    for device in (1, 2):
        answer(engine, answers, "one", True, device)
        answer(engine, answers, "two", True, device)
    assert len(answers.receipts()) == 2


def test_an_answer_to_a_question_of_before_does_not_count(engine: Engine, answers: QuizAnswers) -> None:
    with writing(engine) as connection:
        answers.answer(connection, b"1", "gone", 0, False, {"gone"})
    answer(engine, answers, "one", True)
    assert answer(engine, answers, "two", True).receipt == "AAAA-0001"


def test_a_receipt_is_read_without_mistake() -> None:
    drawn = {new_receipt(seeded_bits(seed)) for seed in range(50)}
    assert len(drawn) == 50
    assert all(len(one) == 9 and one[4] == "-" and not set(one) & set("ILOU") for one in drawn)
