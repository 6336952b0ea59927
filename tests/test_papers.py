"""The papers hold: every command in them runs, every link leads somewhere, and what is generated is up to date."""

import io
import re
import shutil
import sys
from pathlib import Path

import pytest

from marathon import COMMANDS
from tests.papers import PAPERS, ROOT, fenced, files_of_the_papers, inline, leaf, options, race_of_the_papers, words
from tests.terminal import marathon
from tests.test_shape import command, leaves
from tools import events as facts_page

ENDLESS = {"serve", "scan", "rehearse-camera", "demo"}
"""They go on until they are stopped, need a camera, or have tests of their own: here they are parsed."""

WITHOUT_WAITING = {"clock": ["--once"], "evidence": ["--wait", "0"]}
"""No station is at work that might answer later."""


class Desk(io.StringIO):
    """Somebody at the terminal who says yes to everything."""

    def isatty(self) -> bool:
        return True

    asked = 0

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]  # typeshed has it from bytes, too
        self.asked += 1
        return "y\n" if self.asked < 20 else ""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("papers") / "race"
    race_of_the_papers(folder)
    return folder


TYPED = [one for one in PAPERS if fenced(one) and one.name != "README.ko.md" and one.parent.name != "ko"]
"""The Korean papers hold the very same commands: a test below says so."""


@pytest.mark.parametrize("paper", TYPED, ids=lambda one: str(one.relative_to(ROOT)))
def test_every_command_of_a_paper_runs_in_the_order_in_which_it_stands(
    paper: Path, made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(made, tmp_path / "race")
    monkeypatch.chdir(tmp_path / "race")
    monkeypatch.setattr(sys, "stdin", Desk())
    for line in fenced(paper):
        for arguments in words(line):
            code = run(arguments, monkeypatch)
            assert code == 0 or (code == 1 and "doctor" in arguments), f"{line}\n{''.join(capfd.readouterr())}"


def run(arguments: list[str], monkeypatch: pytest.MonkeyPatch) -> int:
    """Do what a line says; a command that would go on for ever is only parsed."""
    name, *rest = arguments
    if name == "cd":
        monkeypatch.chdir(rest[0])
        files_of_the_papers(Path())
        return 0
    if ">" in rest:
        return redirected(rest)
    rest = [one for word in rest for one in (sorted(map(str, Path().glob(word))) if "*" in word else [word])]
    if rest[0] in ENDLESS:
        found, left = leaf(rest)
        if "--list" not in left:  # that looks for cameras at once
            found.make_context(rest[0], left)
        return 0
    return marathon(*rest, *WITHOUT_WAITING.get(rest[0], []))


def redirected(rest: list[str]) -> int:
    """What a command prints goes to a file, as the shell does it."""
    at = rest.index(">")
    with Path(rest[at + 1]).open("w", encoding="utf-8") as file, pytest.MonkeyPatch.context() as patch:
        patch.setattr(sys, "stdout", file)
        return marathon(*rest[:at])


@pytest.mark.parametrize("paper", PAPERS, ids=lambda one: str(one.relative_to(ROOT)))
def test_commands_within_sentences_exist_and_have_the_options_that_are_named(paper: Path) -> None:
    for said in inline(paper):
        found, left = leaf(said.replace("...", "").split()[1:])
        assert {one for one in left if one.startswith("--")} <= options(found), said


@pytest.mark.parametrize("language", ["en", "ko"])
def test_every_command_stands_in_the_reference(language: str) -> None:
    told = (ROOT / "docs" / language / "commands.md").read_text(encoding="utf-8")
    assert [
        path for name in COMMANDS for path, _ in leaves(name, command(name)) if f"`marathon {path}" not in told
    ] == []


def test_both_languages_have_the_same_papers_and_the_same_commands() -> None:
    english, korean = (sorted((ROOT / "docs" / one).glob("*.md")) for one in ("en", "ko"))
    assert [one.name for one in english] == [one.name for one in korean]
    for one, other in zip([*english, ROOT / "README.md"], [*korean, ROOT / "README.ko.md"], strict=True):
        assert [list(words(line)) for line in fenced(one)] == [list(words(line)) for line in fenced(other)], one.name


@pytest.mark.parametrize("paper", [*PAPERS, ROOT / "CONTRIBUTING.md"], ids=lambda one: str(one.relative_to(ROOT)))
def test_links_and_pictures_lead_to_files(paper: Path) -> None:
    text = paper.read_text(encoding="utf-8")
    targets = re.findall(r"\]\(([^)#\s]+)[^)]*\)", text) + re.findall(r'src="([^"]+)"', text)
    assert [one for one in targets if "://" not in one and not (paper.parent / one).exists()] == []


@pytest.mark.parametrize("name", ["README.md", "README.ko.md"])
def test_a_readme_is_read_in_one_go(name: str) -> None:
    assert len((ROOT / name).read_text(encoding="utf-8").splitlines()) <= 150


def test_the_facts_page_is_what_the_classes_say() -> None:
    assert facts_page.PAGE.read_text(encoding="utf-8") == facts_page.page(), "run `make papers`"
