"""The quiz: linted before anybody sees it, answered once, and drawn so that everybody can draw it again."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.types import ASGIApp

from marathon import _board_app
from results.board.limits import WINDOW_S
from results.board.qrpr.answers import RECEIPTS_FROM_ONE
from results.board.qrpr.quiz import EXAMPLE, read_quiz
from results.board.qrpr.quiz_commands import drawn
from tests.boards import Page, Run, ask, followed, race_folder
from tests.doors import ManualClock
from tests.spectators import ROBOTS, device, posted
from tests.terminal import marathon
from timing.folder import OpenRace
from timing.instants import SECOND, Span

QUIZ = EXAMPLE.replace('firm = "한빛테크"', 'firm = "가산정밀"')


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", [Run(417, "0:10", "17:03", name="김하늘")]) as made:
        (made.root / "quiz.toml").write_text(QUIZ, encoding="utf-8")
        yield made


@pytest.fixture
def app(opened: OpenRace) -> ASGIApp:
    return _board_app(opened, followed(opened, print))


@pytest.fixture
def ids(opened: OpenRace) -> list[str]:
    return [one.id for one in read_quiz(opened.root / "quiz.toml")]


def answers(app: ASGIApp, question: str, choice: int, number: int = 1, **about: str) -> dict[str, object]:
    status, told = posted(app, "/v1/quiz", {"question": question, "choice": choice, "device": device(number)}, **about)
    return {"status": status, **told}


def test_the_page_asks_and_tells_no_answer(app: ASGIApp, ids: list[str]) -> None:
    korean, english = Page(ask(app, "/quiz.html").text), Page(ask(app, "/en/quiz.html").text)
    assert {"3.5 km", "4.5 km", "10 km", "조명", "한빛테크는 무엇을 만들까요?"} <= set(korean.words)
    assert {"Lamps", "Shoes", "Kimchi", "What does Hanbit Tech make?"} <= set(english.words)
    assert "c/c0001.html" in korean.links
    for path in ("/quiz.html", "/en/quiz.html", "/head.json", "/index.json"):
        assert "1999" not in ask(app, path).text
    assert all(one in ask(app, "/quiz.html").text for one in ids)


def test_a_firm_s_page_leads_to_the_quiz_and_a_copy_names_the_board_that_takes_answers(opened: OpenRace) -> None:
    board = followed(opened, print, takes_messages=False).snapshot
    firm, quiz = board.get("c/c0001.html"), board.get("en/quiz.html")
    assert firm and "../quiz.html" in Page(firm.plain.decode()).links
    assert quiz and "https://gv.test/en/quiz.html" in quiz.plain.decode()
    (opened.root / "quiz.toml").unlink()
    without = followed(opened, print).snapshot.get("c/c0001.html")
    assert without and "../quiz.html" not in Page(without.plain.decode()).links


def test_an_answer_is_told_right_or_wrong_with_why(app: ASGIApp, ids: list[str]) -> None:
    assert answers(app, ids[0], 1)["outcome"] == "right"
    told = answers(app, ids[1], 2)
    assert (told["outcome"], told["answer"], told["answered"], told["of"]) == ("wrong", 0, 2, 2)
    assert told["explanation_ko"] == "한빛테크는 1999년부터 조명을 만듭니다."
    assert told["receipt"] == ""


def test_a_second_try_is_told_what_the_first_was(app: ASGIApp, ids: list[str]) -> None:
    answers(app, ids[0], 0)
    assert answers(app, ids[0], 1)["outcome"] == "wrong"
    assert answers(app, ids[1], 0)["receipt"] == ""
    assert answers(app, ids[0], 1, number=2)["outcome"] == "right"


def test_all_right_gives_a_number_in_the_draw(
    app: ASGIApp, ids: list[str], opened: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    for number in (1, 2):
        answers(app, ids[0], 1, number)
        assert answers(app, ids[1], 0, number)["receipt"]
    assert marathon("quiz", "draw", "--count", 5, "--seed", "7", "--race", opened.root) == 0
    drawn = capsys.readouterr()
    assert drawn.out.count("\n") == 2
    assert "only 2 tickets had all right: 2 winners instead of 5" in drawn.err


def test_who_knows_the_answers_earns_a_few_receipts_from_one_address_and_no_hundreds(
    app: ASGIApp, ids: list[str], opened: OpenRace
) -> None:
    def plays(number: int, sender: str = "192.0.2.1") -> dict[str, object]:
        answers(app, ids[0], 1, number, sender=sender)
        return answers(app, ids[1], 0, number, sender=sender)

    played = [plays(number) for number in range(RECEIPTS_FROM_ONE + 2)]
    assert [one["status"] for one in played] == [200] * RECEIPTS_FROM_ONE + [429] * 2
    assert all(one["receipt"] for one in played[:-2])
    assert plays(0)["receipt"] == played[0]["receipt"]  # whoever has one is told it again
    assert plays(1_000, "192.0.2.2")["receipt"]
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(WINDOW_S * SECOND))
    assert plays(RECEIPTS_FROM_ONE)["receipt"]  # the answer did not stand, and may be given again


def test_nonsense_is_no_answer(app: ASGIApp, ids: list[str]) -> None:
    assert answers(app, "nothing", 0)["outcome"] == "unknown"
    assert answers(app, ids[0], 3)["outcome"] == "unknown"
    assert answers(app, ids[0], -1)["status"] == 422
    assert answers(app, ids[0], 1, agent=ROBOTS[0])["status"] == 422
    assert posted(app, "/v1/quiz", b"{")[0] == 422


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ("", "required field"),
        ("question = []", "1개에서 30개"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','2']\nanswer='3'", "보기에 없습니다"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1']\nanswer='1'", "2 to 6 choices"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','1']\nanswer='1'", "같은 보기가 두 번"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','2']\nchoices_en=['1']\nanswer='1'", "another length"),
        ("[[question]]\nko='가'\nen=''\nchoices=['1','2']\nanswer='1'", "빈 글"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','2']\nanswer='1'\nexplanation_ko='왜'", "두 언어로"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','2']\nanswer='1'\n" * 2, "twice"),
        (f"[[question]]\nko='{'가' * 301}'\nen='a'\nchoices=['1','2']\nanswer='1'", "300자"),
        ("[[question]]\nko='가'\nen='a'\nchoices=['1','2']\nanswer='1'\nhint='x'", "hint"),
        ("[[question", "Expected"),
    ],
)
def test_a_quiz_that_is_wrong_is_told_and_not_shown(
    opened: OpenRace, capsys: pytest.CaptureFixture[str], wrong: str, told: str
) -> None:
    (opened.root / "quiz.toml").write_text(wrong, encoding="utf-8")
    assert marathon("quiz", "check", "--race", opened.root) == 2
    assert told in capsys.readouterr().err
    app = _board_app(opened, followed(opened, print))
    assert "아직 퀴즈가 없습니다" in ask(app, "/quiz.html").text


def test_checking_tells_questions_answers_and_how_it_goes(
    opened: OpenRace, app: ASGIApp, ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    answers(app, ids[0], 1)
    answers(app, ids[0], 0, number=2)
    assert marathon("quiz", "check", "--race", opened.root) == 0
    assert "→ 4.5 km  (1/2)" in capsys.readouterr().out
    (opened.root / "quiz.toml").write_text(EXAMPLE, encoding="utf-8")
    assert marathon("quiz", "check", "--race", opened.root) == 0
    assert "소속 '한빛테크'이(가) 없습니다" in capsys.readouterr().err
    (opened.root / "quiz.toml").unlink()
    assert marathon("quiz", "check", "--race", opened.root) == 3


def test_the_example_in_the_help_is_a_quiz(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "quiz.toml").write_text(EXAMPLE, encoding="utf-8")
    assert len(read_quiz(tmp_path / "quiz.toml")) == 2
    assert marathon("quiz", "check", "--help") == 0
    shown = [line.strip() for line in capsys.readouterr().out.splitlines()]
    assert set(EXAMPLE.splitlines()) <= set(shown)


def test_the_same_seed_draws_the_same_winners_and_the_draw_is_kept(
    opened: OpenRace, app: ASGIApp, ids: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert marathon("quiz", "draw", "--race", opened.root) == 1
    for number in range(5):
        answers(app, ids[0], 1, number)
        answers(app, ids[1], 0, number)
    capsys.readouterr()
    found = []
    for _ in range(2):
        assert marathon("quiz", "draw", "--count", 2, "--seed", "20260903", "--race", opened.root) == 0
        found.append(capsys.readouterr().out.split())
    assert found[0] == found[1] and len(set(found[0])) == 2
    assert marathon("quiz", "draw", "--race", opened.root) == 0
    kept = [json.loads(line) for line in (opened.root / "quiz-draws.jsonl").read_text().splitlines()]
    assert [one["winners"] for one in kept[:2]] == found
    assert kept[0]["seed"] == "20260903" and kept[0]["receipts"] == 5
    assert marathon("quiz", "draw", "--seed", kept[2]["seed"], "--race", opened.root) == 0
    assert capsys.readouterr().out.split()[-1:] == kept[2]["winners"]


@given(
    st.lists(st.text("0123456789ABCDEF", min_size=9, max_size=9), unique=True, max_size=40),
    st.text(max_size=8),
    st.integers(1, 10),
)
def test_whoever_draws_again_draws_the_same(receipts: list[str], seed: str, count: int) -> None:
    winners = drawn(receipts, seed, count)
    assert winners == drawn(sorted(receipts, reverse=True), seed, count)
    assert len(winners) == min(count, len(receipts)) == len(set(winners))
    assert winners == drawn(receipts, seed, count + 1)[: len(winners)]
