"""`marathon rules`, as the organiser calls it: look, take a preset, lint, preview, put in force."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.boards import Run, net, race_folder
from tests.terminal import marathon
from timing.folder import RULES, OpenRace
from timing.race.events import RulesSet
from timing.race.rules import GroupRule, Rules, rules_of
from timing.race.rules.presets import merged, names, preset
from timing.race.rules.text import as_toml

Captured = pytest.CaptureFixture[str]
RUNS = [
    Run(1, "2:00", "18:00", name="김하늘"),  # 16:00 net, first
    Run(2, "0:05", "17:00", company="c0002", name="이보람"),  # 16:55 net, but first by the gun
    net(3, 1200, company="c0002", name="박솔"),
]


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", RUNS) as made:
        yield made


def rules(opened: OpenRace, *arguments: object) -> int:
    return marathon("rules", arguments[0], "--race", opened.root, *arguments[1:])


def draft(opened: OpenRace, text: str) -> Path:
    (opened.root / RULES).write_text(text, encoding="utf-8")
    return opened.root / RULES


def by_gun(opened: OpenRace) -> Rules:
    """The draft in the folder ranks by gun time from now on."""
    return rules_of(
        draft(opened, preset("gvalley").replace('basis = "net"', 'basis = "gun"')).read_text("utf-8"), RULES
    )


def test_show_prints_the_rules_in_force_so_that_they_read_back(opened: OpenRace, capsys: Captured) -> None:
    assert rules(opened, "show") == 0
    told = capsys.readouterr()
    assert rules_of(told.out, RULES) == opened.fold().rules == rules_of(preset("gvalley"), RULES)
    assert told.err == ""


def test_show_says_when_the_draft_in_the_folder_is_another(opened: OpenRace, capsys: Captured) -> None:
    by_gun(opened)
    assert rules(opened, "show") == 0
    told = capsys.readouterr()
    assert 'basis = "net"' in told.out
    assert "differs from these" in told.err and told.err.count("\n") == 1


@pytest.mark.parametrize(("text", "said"), [("", False), ("basis = net", True)])
def test_a_draft_that_is_being_written_or_cannot_be_read_does_not_keep_the_rules_from_being_shown(
    opened: OpenRace, capsys: Captured, text: str, said: bool
) -> None:
    draft(opened, text)
    assert rules(opened, "show") == 0
    assert ("differs from these" in capsys.readouterr().err) == said


def test_every_preset_is_listed_in_both_languages(capsys: Captured) -> None:
    assert marathon("rules", "preset") == 0
    told = capsys.readouterr().out
    assert all(name in told for name in names())
    assert "10인 이상이 30초 안에" in told and "ten of a group finish within 30 s" in told


def test_presets_are_merged_ready_for_the_file(capsys: Captured) -> None:
    assert marathon("rules", "preset", "gvalley", "necktie-10-together") == 0
    told = capsys.readouterr()
    assert told.out == merged(["gvalley", "necktie-10-together"])
    assert [rule.name for rule in rules_of(told.out, RULES).ranking][-1] == "10인 동시 골인"
    assert told.err == ""


def test_an_unknown_preset_is_one_clear_line(capsys: Captured) -> None:
    assert marathon("rules", "preset", "olympia") == 2
    told = capsys.readouterr()
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert "'olympia'" in told.err and "necktie-10-together" in told.err


FAULTY = """
[[ranking]]
name = "단체"
group = "company"
combine = "together"

[[prize]]
name = "상"
ranking = "단체상"
"""


def test_lint_tells_everything_at_once(opened: OpenRace, capsys: Captured) -> None:
    draft(opened, FAULTY)
    assert rules(opened, "lint") == 1
    told = capsys.readouterr()
    assert "`together` needs window_s" in told.out and "there is no ranking '단체상'" in told.out
    assert "by chance" in told.out
    assert "2 errors, 1 warnings" in told.err


def test_lint_knows_the_entries_of_the_race(opened: OpenRace, capsys: Captured) -> None:
    assert rules(opened, "lint") == 0
    assert "nobody is entered with a team" in capsys.readouterr().out


def test_a_file_is_looked_over_without_any_race(
    tmp_path: Path, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "새규칙.toml").write_text(FAULTY, encoding="utf-8-sig")
    assert marathon("rules", "lint", "새규칙.toml") == 1
    assert "`together` needs window_s" in capsys.readouterr().out
    assert marathon("rules", "lint") == 3
    assert "marathon init" in capsys.readouterr().err


def test_a_file_that_is_no_rules_is_one_clear_line(opened: OpenRace, capsys: Captured) -> None:
    for text, code, named in (("basis = net", 2, "TOML"), ("podium = 3", 2, "podium")):
        draft(opened, text)
        assert rules(opened, "lint") == code
        told = capsys.readouterr()
        assert (told.out, told.err.count("\n")) == ("", 1)
        assert named in told.err
    assert rules(opened, "lint", opened.root / "없음.toml") == 3
    (opened.root / RULES).write_bytes(b"\xff\xfe")
    assert rules(opened, "set", "--why", "시험") == 3


def test_a_preview_shows_who_moves_and_records_nothing(opened: OpenRace, capsys: Captured) -> None:
    by_gun(opened)
    before = opened.log.head()
    assert rules(opened, "set", "--preview") == 0
    told = capsys.readouterr()
    assert "2 → 1" in told.out and "1 → 2" in told.out and "이보람" in told.out
    assert opened.log.head() == before


def test_set_puts_the_draft_in_force_and_says_how_to_take_it_back(opened: OpenRace, capsys: Captured) -> None:
    wanted = by_gun(opened)
    assert rules(opened, "set", "--why", "대회 규정", "--by", "심판장", "--yes") == 0
    assert opened.fold().rules == wanted
    *_, last = opened.log.read()
    assert last.event == RulesSet(wanted, "심판장", "대회 규정")
    assert f"marathon rule undo {last.pos}" in capsys.readouterr().err
    assert marathon("rule", "undo", last.pos, "--race", opened.root, "--why", "잘못 누름", "--yes") == 0
    assert opened.fold().rules.basis == "net"


def test_another_file_may_be_put_in_force(opened: OpenRace, tmp_path: Path, capsys: Captured) -> None:
    file = tmp_path / "새규칙.toml"
    file.write_text(as_toml(Rules(ranking=(GroupRule("1인", "company", pick=1),))), encoding="utf-8")
    assert rules(opened, "set", file, "--why", "간단히", "--yes") == 0
    assert [rule.name for rule in opened.fold().rules.ranking] == ["1인"]
    assert rules(opened, "show") == 0
    assert "differs from these" in capsys.readouterr().err


def test_the_rules_in_force_are_not_set_again(opened: OpenRace, capsys: Captured) -> None:
    before = opened.log.head()
    assert rules(opened, "set", "--why", "한 번 더", "--yes") == 0
    assert opened.log.head() == before
    assert "in force already" in capsys.readouterr().err


@pytest.mark.parametrize("mode", [["--why", "대회 규정", "--yes"], ["--preview"]])
def test_rules_with_errors_are_refused(opened: OpenRace, capsys: Captured, mode: list[str]) -> None:
    draft(opened, FAULTY)
    before = opened.log.head()
    assert rules(opened, "set", *mode) == 2
    assert "`together` needs window_s" in capsys.readouterr().err
    assert opened.log.head() == before


def test_warnings_are_shown_and_do_not_stand_in_the_way(opened: OpenRace, capsys: Captured) -> None:
    draft(opened, '[[ranking]]\nname = "참가상"\ngroup = "company"\ncombine = "count"\npick = 5\n')
    assert rules(opened, "set", "--why", "시험", "--yes") == 0
    assert "`pick` is not used" in capsys.readouterr().err


def test_without_a_reason_or_somebody_to_ask_nothing_is_recorded(opened: OpenRace, capsys: Captured) -> None:
    by_gun(opened)
    before = opened.log.head()
    assert rules(opened, "set", "--yes") == 2
    assert "--why" in capsys.readouterr().err
    assert rules(opened, "set", "--why", "대회 규정") == 2  # nobody at a terminal
    assert "--yes" in capsys.readouterr().err
    assert opened.log.head() == before


def test_the_prizes_are_printed(opened: OpenRace, capsys: Captured) -> None:
    assert marathon("results", "--prizes", "--race", opened.root) == 0
    assert "The rules name no prizes." in capsys.readouterr().out
    draft(opened, merged(["gvalley", "gvalley-individual"]))
    assert rules(opened, "set", "--why", "시상", "--yes") == 0
    capsys.readouterr()
    assert marathon("results", "--prizes", "--race", opened.root) == 0
    told = capsys.readouterr().out
    assert "종합 우승" in told and "1 김하늘" in told and "건너뜀 / passed over: 종합 우승" in told
