"""Takes an answer to the quiz: the first one stands, and is told right or wrong with the explanation."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta

from results.board.limits import Limits
from results.board.qrpr.desk import Asked, Desk, Device
from results.board.qrpr.quiz import Question
from results.board.qrpr.robots import is_robot
from timing.clock import Clock
from timing.store.quiz_answers import NoReceipt, QuizAnswers
from timing.store.race_keys import device_hash

FROM_ONE, FROM_ALL = 1_000, 60_000
"""Answers in ten minutes: from one address, and from everybody."""
RECEIPTS_FROM_ONE, RECEIPTS_FROM_ALL = 20, 3_000
"""New receipts in ten minutes: whoever knows the answers could draw one after the other with made-up devices."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What the page sends: a question's id and the number of the choice, from nought."""

    question: Annotated[str, Meta(max_length=16)]
    choice: Annotated[int, Meta(ge=0, le=9)]
    device: Device


@dataclass(frozen=True, slots=True)
class Told:
    """How it was: `right` or `wrong` about the first choice of this device, `unknown`, `refused` or `too_many`.

    `of` and `answered` count questions; the `receipt` comes with the last one if all were right.
    """

    outcome: str
    choice: int = -1
    answer: int = -1
    explanation_ko: str = ""
    explanation_en: str = ""
    answered: int = 0
    of: int = 0
    receipt: str = ""

    @property
    def status(self) -> int:
        """The HTTP status that says the same."""
        return {"right": 200, "wrong": 200, "unknown": 404, "refused": 422, "too_many": 429}[self.outcome]


class Answers:
    """The other end of the quiz's page."""

    def __init__(
        self, desk: Desk, answers: QuizAnswers, quiz: Callable[[], Sequence[Question]], key: bytes, clock: Clock
    ) -> None:
        self._desk, self._answers, self._quiz, self._key = desk, answers, quiz, key
        self._limits = Limits(clock, FROM_ONE, FROM_ALL)
        self._receipts = Limits(clock, RECEIPTS_FROM_ONE, RECEIPTS_FROM_ALL)

    async def take(self, asked: Asked) -> Told:
        told = await self._taken(asked)
        if told.status != 200:
            self._desk.refuse("quiz", told.outcome)
        return told

    async def _taken(self, asked: Asked) -> Told:
        answer = None if is_robot(asked.headers) or not asked.from_our_script else asked.read(Answer)
        if answer is None:
            return Told("refused")
        questions = {one.id: one for one in self._quiz()}
        question = questions.get(answer.question)
        if question is None or answer.choice >= len(question.choices):
            return Told("unknown")
        if self._desk.full or not self._limits.may(asked.sender):
            return Told("too_many")
        device, correct = device_hash(self._key, answer.device), answer.choice == question.right
        try:
            stands = await self._desk.write(
                lambda connection: self._answers.answer(
                    connection, device, question.id, answer.choice, correct, set(questions),
                    lambda: self._receipts.may(asked.sender),
                )
            )  # fmt: skip
        except NoReceipt:
            return Told("too_many")
        return Told(
            "right" if stands.correct else "wrong",
            stands.choice,
            question.right,
            question.explanation_ko,
            question.explanation_en,
            stands.answered,
            len(questions),
            stands.receipt,
        )
