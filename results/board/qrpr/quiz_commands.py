"""The `marathon quiz` commands: is the quiz right, how is it going, and who wins."""

import hashlib
from pathlib import Path

import click
import msgspec

from results.board.qrpr.promotion import QUIZ
from results.board.qrpr.quiz import EXAMPLE, QUESTIONS_MOST, read_quiz
from timing.chance import system_bits
from timing.command_line import Command, race_option, say
from timing.errors import RaceError, Unreachable
from timing.folder import OpenRace, open_race
from timing.instants import iso
from timing.store.quiz_answers import QuizAnswers

DRAWS = "quiz-draws.jsonl"
SEED_BITS = 64


@click.group("quiz")
def quiz() -> None:
    """관중의 퀴즈(quiz.toml)와 추첨. / The spectators' quiz (quiz.toml), and the draw."""


EXAMPLE_SHOWN = EXAMPLE.replace("\n\n", "\n\n\b\n")  # each paragraph as it stands
CHECK_HELP = f"""대회 폴더의 quiz.toml을 점검합니다. / Check the race folder's quiz.toml.

있으면 전광판의 quiz.html에 나옵니다. 문제는 {QUESTIONS_MOST}개까지입니다. / If there is one, it is on the board at quiz.html; at most {QUESTIONS_MOST} questions.

\b
{EXAMPLE_SHOWN}"""


@quiz.command("check", cls=Command, examples="marathon quiz check", help=CHECK_HELP)
@race_option
def check(race: Path | None) -> None:
    with open_race(race) as opened:
        questions = read_quiz(opened.root / QUIZ)
        names = opened.directory.names().companies
        known = {*names, *names.values()}
        for number, one in enumerate(questions, 1):
            if one.firm and one.firm not in known:
                say(f"{number}번: 소속 {one.firm!r}이(가) 없습니다", f"no. {number}: there is no firm {one.firm!r}")
        tally, receipts = _answers(opened).tally(), _answers(opened).receipts()
    for number, one in enumerate(questions, 1):
        answered, right = tally.get(one.id, (0, 0))
        click.echo(f"{number:>3}. {one.ko}  → {one.answer}  ({right}/{answered})")
    say(
        f"문제 {len(questions)}개, 모두 맞힌 기기 {len(receipts)}",
        f"{len(questions)} questions, {len(receipts)} devices had all right",
    )


def _answers(opened: OpenRace) -> QuizAnswers:
    return QuizAnswers(opened.engine, opened.settings.id)


@quiz.command(
    "draw", cls=Command, examples="marathon quiz draw --count 10\nmarathon quiz draw --count 10 --seed 20260903"
)
@race_option
@click.option("--count", default=1, show_default=True, type=click.IntRange(min=1), help="몇 명 / how many win")
@click.option(
    "--seed", help="추첨의 씨: 같은 씨, 같은 당첨자 / the seed: the same one draws the same winners (default: drawn)"
)
def draw(race: Path | None, count: int, seed: str | None) -> None:
    """모두 맞힌 추첨 번호에서 당첨자를 뽑습니다. / Draw winners among those who had all questions right.

    씨와 번호를 이어 SHA-256을 셈해 작은 차례로 뽑으니, 누구나 다시 해 볼 수 있습니다. 뽑은 것은 quiz-draws.jsonl에 남습니다.
    The numbers are ordered by the SHA-256 of seed, colon and number, so anybody can do it again. Each draw is written to
    quiz-draws.jsonl.
    """
    with open_race(race) as opened:
        receipts, drawn_at = _answers(opened).receipts(), opened.clock.now()
        if not receipts:
            raise RaceError("모두 맞힌 사람이 아직 없습니다", "nobody had all questions right yet")
        seed = f"{system_bits(SEED_BITS):016x}" if seed is None else seed
        winners = drawn(receipts, seed, count)
        told = {"at": iso(drawn_at), "seed": seed, "receipts": len(receipts), "winners": winners}
        try:
            with (opened.root / DRAWS).open("ab") as file:
                file.write(msgspec.json.encode(told) + b"\n")
        except OSError as failure:
            raise Unreachable(f"{opened.root / DRAWS}: {failure}", "cannot be written") from failure
    say(f"{len(receipts)}개 가운데, 씨 {seed}", f"among {len(receipts)}, seed {seed}")
    if len(winners) < count:
        say(
            f"모두 맞힌 추첨 번호가 {len(receipts)}개뿐이라 {count}명을 다 뽑지 못했습니다",
            f"only {len(receipts)} tickets had all right: {len(winners)} winners instead of {count}",
        )
    for winner in winners:
        click.echo(winner)


def drawn(receipts: list[str], seed: str, count: int) -> list[str]:
    """The winners, the first one first.

    >>> drawn(["A", "B", "C"], "7", 2) == drawn(["C", "B", "A"], "7", 2)
    True
    """
    return sorted(receipts, key=lambda code: hashlib.sha256(f"{seed}:{code}".encode()).digest())[:count]
