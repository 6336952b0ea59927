"""Consent by roster: a firm's list says who may be shown in full, a blank is no, and who took it back is not asked again."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.rosters import Desk, csv_file, roster
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace

YES, NO = "예", ""


@pytest.fixture
def race(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as opened:
        yield opened


def taken_in(race: OpenRace, *consents: str, heading: str = "공개 동의") -> frozenset[str]:
    """Who is shown in full after this roster: the people are 1, 2, 3 in its order."""
    rows = [["가산정밀", f"선수{at}", consent] for at, consent in enumerate(consents, 1)]
    file = csv_file(race.root / "명단.csv", ["소속", "성명", heading], *rows)
    assert marathon("import", file, "--race", race.root) == 0
    return frozenset(entrant.removeprefix("e0000") for entrant in race.directory.names().open)


def agreed(word: str, heading: str = "공개 동의") -> bool:
    """Whether a row with this word is taken for a yes."""
    entries = roster(["소속", "성명", heading], ["가산정밀", "김하늘", word]).entries
    return True in Desk().takes(*entries).consents.values()


@pytest.mark.parametrize(
    ("means", "words"),
    [
        (True, ["예", "동의", "O", "o", "Y", "yes", "✓", "동의 함", "동의합니다", "TRUE", "1"]),
        (False, ["", "아니오", "X", "N", "no", "미동의", "비공개", "비동의", "동의하지 않음"]),
    ],
)
def test_words_that_mean_yes_and_words_that_mean_no(means: bool, words: list[str]) -> None:
    assert [word for word in words if agreed(word) is not means] == []


def test_what_the_column_may_be_called() -> None:
    names = [
        "공개 동의",
        "공개 동의 여부",
        "이름 공개",
        "이름 공개 동의",
        "성명 공개",
        "실명공개(예/아니오)",
        "consent",
        "Public name",
    ]
    assert [name for name in names if not agreed(YES, name)] == []


@pytest.mark.parametrize("heading", ["동의", "개인정보 동의", "개인정보 수집 동의"])
def test_another_consent_is_not_this_one_and_that_is_said(
    race: OpenRace, heading: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken_in(race, YES, heading=heading) == frozenset()
    said = capsys.readouterr().err
    assert f"unused columns: {heading}" in said
    assert f"{heading}: not taken for the consent to a public name" in said


def test_a_word_that_nobody_understands_leaves_the_name_masked_and_is_pointed_out(
    race: OpenRace, capsys: pytest.CaptureFixture[str]
) -> None:
    assert taken_in(race, "생각해 볼게요", YES) == {"2"}
    assert "row 2" in (said := capsys.readouterr().err) and "neither yes nor no" in said


def test_a_changed_roster_withdraws(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    assert taken_in(race, YES, YES) == {"1", "2"}
    assert taken_in(race, YES, NO) == {"1"}
    assert "0 agree to their full name in public, 1 no longer do" in capsys.readouterr().err
    assert taken_in(race, YES, YES) == {"1", "2"}


def test_a_roster_without_the_column_says_nothing(race: OpenRace) -> None:
    taken_in(race, YES)
    file = csv_file(race.root / "명단.csv", ["소속", "성명"], ["가산정밀", "선수1"])
    assert marathon("import", file, "--race", race.root) == 0
    assert race.directory.names().open == {"e00001"}


def test_who_took_it_back_is_not_opened_again_by_an_old_roster(race: OpenRace) -> None:
    taken_in(race, YES, YES)
    marathon("people", "consent", "e00001", "--withdraw", "--race", race.root)
    assert taken_in(race, YES, YES) == {"2"}
    marathon("people", "consent", "e00001", "--race", race.root)
    assert taken_in(race, YES, YES) == {"1", "2"}


def test_a_dry_run_shows_who_would_agree(race: OpenRace, capsys: pytest.CaptureFixture[str]) -> None:
    file = csv_file(race.root / "명단.csv", ["소속", "성명", "공개 동의"], ["가산정밀", "선수1", YES])
    assert marathon("import", file, "--dry-run", "--race", race.root) == 0
    assert "이름 공개 / full name in public" in capsys.readouterr().out
    assert race.directory.names().open == frozenset()
