"""The shape of the house, held by tests: rooms, docstrings, pins, commands."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import click
import pytest

from marathon import COMMANDS, cli
from timing.commands.command_line import paragraphs
from timing.language import _

ROOT = Path(__file__).parents[1]
ROOMS = ("timing", "bibs", "scanners", "results", "server", "demo")
MODULES = [ROOT / "marathon.py", *sorted(path for room in ROOMS for path in (ROOT / room).rglob("*.py"))]


def leaves(name: str, command: click.Command) -> list[tuple[str, click.Command]]:
    """A command and, where it is a group, those inside."""
    inside = command.commands if isinstance(command, click.Group) else {}
    return [(name, command), *(leaf for key, sub in inside.items() for leaf in leaves(f"{name} {key}", sub))]


def command(name: str) -> click.Command:
    found = cli.get_command(click.Context(cli), name)
    assert found
    return found


def test_the_house_was_found() -> None:
    assert len(MODULES) > 20


def test_every_module_opens_with_its_purpose() -> None:
    assert [str(path.relative_to(ROOT)) for path in MODULES if not tells_its_purpose(path)] == []


def tells_its_purpose(path: Path) -> bool:
    purpose = ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))) or " "
    first = purpose.splitlines()[0]
    return first.endswith((".", "?", "!")) and first[0].isupper()


def test_each_room_is_ours_and_not_a_stranger_s_package() -> None:
    for name in [*ROOMS, "marathon"]:
        room = import_module(name).__file__
        assert room and Path(room).is_relative_to(ROOT), name
        assert ".venv" not in Path(room).parts, name


def test_pins_hold_no_address() -> None:
    for path in ROOT.glob("requirements*.txt"):
        text = path.read_text(encoding="utf-8")
        assert "://" not in text and "index-url" not in text, path.name


def test_there_are_pins() -> None:
    assert {"requirements.txt", "requirements-dev.txt"} <= {path.name for path in ROOT.glob("requirements*.txt")}


def test_no_lock_file_with_addresses_is_committed() -> None:
    assert "uv.lock" in (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    if (ROOT / ".git").exists():
        kept = subprocess.run(["git", "ls-files", "uv.lock"], cwd=ROOT, capture_output=True, text=True, check=True)
        assert kept.stdout == ""


def everything() -> Iterator[tuple[str, click.Command]]:
    """Each command and all inside it."""
    for name in COMMANDS:
        yield from leaves(name, command(name))


def test_every_command_has_help_in_korean_and_english() -> None:
    for path, leaf in everything():
        assert leaf.help, path
        for english in paragraphs(leaf.help):
            assert any("가" <= letter <= "힣" for letter in _(english).to("ko")), f"{path}: {english}"
    for name, (_where, line) in COMMANDS.items():
        assert line.to("ko") != line.to("en"), name


def test_every_option_says_what_it_does_in_both_languages() -> None:
    for path, leaf in everything():
        for option in leaf.params:
            if isinstance(option, click.Option) and not option.hidden:
                told = _(option.help or "")
                assert told.to("ko") != told.to("en"), f"marathon {path} {option.opts[0]}"


@pytest.mark.parametrize("asked", [["--help"], ["rule", "--help"], ["rule", "void", "--help"]])
def test_help_is_told_without_loading_the_database_or_the_rankings(asked: list[str]) -> None:
    heavy = {"sqlalchemy", "rich", "fastapi", "jinja2", "numpy", "results.ranking", "timing.folder"}
    told = f"import sys, marathon; sys.argv[1:] = {asked}; marathon.main(); print(*({heavy} & sys.modules.keys()))"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "--help" in done.stdout
    assert done.stdout.splitlines()[-1] == "", done.stdout.splitlines()[-1]
