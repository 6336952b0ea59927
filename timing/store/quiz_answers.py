"""The quiz's answers: the first one of a device to a question stands, and who had all right gets a receipt."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection, Engine, func, select

from timing.chance import Bits, system_bits
from timing.codes import ALPHABET, BITS_PER_CHARACTER
from timing.errors import RaceError
from timing.store.only_once import add_once
from timing.store.tables import quiz_answer, quiz_receipt

RECEIPT_CHARACTERS: Final = 8


class NoReceipt(RaceError):
    """The answer would earn a receipt, and none may be given now; the answer is to come again later."""

    def __init__(self) -> None:
        super().__init__("잠시 뒤에 다시 하세요", "no receipt may be given now; try again later")


@dataclass(frozen=True, slots=True)
class Answered:
    """How a device stands after an answer: its first choice (from nought), whether it was right, and the receipt it may have."""

    choice: int
    correct: bool
    answered: int
    receipt: str


def new_receipt(bits: Bits = system_bits) -> str:
    """A code that nobody guesses, as people read it: `7K3M-XQ2W` (40 random bits)."""
    drawn = bits(RECEIPT_CHARACTERS * BITS_PER_CHARACTER)
    letters = [ALPHABET[drawn >> shift & 31] for shift in range(0, RECEIPT_CHARACTERS * BITS_PER_CHARACTER, 5)]
    return f"{''.join(letters[:4])}-{''.join(letters[4:])}"


class QuizAnswers:
    """The answers of one race."""

    def __init__(self, engine: Engine, race: str, draw: Callable[[], str] = new_receipt) -> None:
        self._engine, self._race, self._draw = engine, race, draw

    def answer(
        self,
        connection: Connection,
        device: bytes,
        question: str,
        choice: int,
        correct: bool,
        all_of: Collection[str],
        may_have_receipt: Callable[[], bool] = lambda: True,
    ) -> Answered:
        """Take an answer within a transaction, unless one stands already; `all_of` are the questions that a receipt takes.

        Raises:
            NoReceipt: it would earn a new receipt, and it may not have one; undo what was written.
        """
        mine = {"race": self._race, "device": device}
        add_once(connection, quiz_answer, {**mine, "question": question, "choice": choice, "correct": correct})
        asked = select(quiz_answer.c.question, quiz_answer.c.choice, quiz_answer.c.correct)
        rows = connection.execute(asked.where(quiz_answer.c.race == self._race, quiz_answer.c.device == device))
        given = {row.question: (row.choice, row.correct) for row in rows if row.question in all_of}
        receipt = ""
        if set(given) == set(all_of) and all(correct for _, correct in given.values()):
            receipt = self._receipt(connection, device, may_have_receipt)
        return Answered(*given[question], len(given), receipt)

    def _receipt(self, connection: Connection, device: bytes, may_have: Callable[[], bool]) -> str:
        code = select(quiz_receipt.c.code).where(quiz_receipt.c.race == self._race, quiz_receipt.c.device == device)
        held: str | None = connection.scalar(code)
        if held:
            return held
        if not may_have():
            raise NoReceipt
        add_once(connection, quiz_receipt, {"race": self._race, "device": device, "code": self._draw()})
        return connection.scalar(code) or ""

    def receipts(self) -> list[str]:
        """Every receipt, in the order of the alphabet."""
        asked = select(quiz_receipt.c.code).where(quiz_receipt.c.race == self._race).order_by(quiz_receipt.c.code)
        with self._engine.connect() as connection:
            return list(connection.scalars(asked))

    def tally(self) -> dict[str, tuple[int, int]]:
        """Per question how many answered, and how many of them were right."""
        asked = select(quiz_answer.c.question, quiz_answer.c.correct, func.count())
        grouped = asked.where(quiz_answer.c.race == self._race).group_by(quiz_answer.c.question, quiz_answer.c.correct)
        found: dict[str, tuple[int, int]] = {}
        with self._engine.connect() as connection:
            for question, correct, number in connection.execute(grouped):
                answered, right = found.get(question, (0, 0))
                found[question] = answered + number, right + (number if correct else 0)
        return found
