"""One language at a time on the command line: what is said in one has no word of the other."""

import re
from collections.abc import Iterator

import click
import pytest

from marathon import cli
from tests.terminal import marathon
from timing.language import BOTH, language_of, speak

HANGUL = re.compile("[가-힣]")


@pytest.fixture(autouse=True)
def both_again() -> Iterator[None]:
    """`--lang` is for a whole process, which tests share."""
    yield
    speak(BOTH)


@pytest.mark.parametrize(
    "words",
    [
        ("--help",),
        ("rule", "--help"),
        ("log", "--help"),
        ("scan", "--help"),
        ("edition", "reveal", "--help"),
        ("gun", "--bad"),
        ("explain",),
        ("nix",),
    ],
    ids=" ".join,
)
def test_help_and_usage_errors_are_in_the_language_asked_for(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    marathon("--lang", "en", *words)
    english = "".join(capsys.readouterr())
    marathon("--lang=ko", *words)
    korean = "".join(capsys.readouterr())
    assert "Usage: marathon" in english and not HANGUL.search(without_examples(english, "Examples"))
    assert "사용법: marathon" in korean
    assert not re.search(r"Usage|Options:|Commands:|Error|Show|No such|Missing", korean)
    assert re.findall(r"^  (?:--?[a-z-]+|[a-z-]+)(?=  )", english, re.MULTILINE) == re.findall(
        r"^  (?:--?[a-z-]+|[a-z-]+)(?=  )", korean, re.MULTILINE
    )


def without_examples(help_text: str, heading: str) -> str:
    """The examples hold names of people and firms."""
    return help_text.partition(f"\n{heading}:")[0]


@pytest.mark.parametrize(
    ("environment", "language"),
    [
        ({}, "ko"),
        ({"LANG": "C.UTF-8"}, "ko"),
        ({"LC_ALL": "POSIX", "LANG": "en_US.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "en"),
        ({"LC_MESSAGES": "en_US.UTF-8", "LANG": "ko_KR.UTF-8"}, "en"),
        ({"MARATHON_LANG": "ko", "LC_ALL": "en_US.UTF-8"}, "ko"),
        ({"MARATHON_LANG": "en", "LANG": "ko_KR.UTF-8"}, "en"),
    ],
)
def test_the_locale_says_the_language_where_nobody_else_does(environment: dict[str, str], language: str) -> None:
    assert language_of(environment) == language


def test_every_command_and_option_has_its_help_in_korean() -> None:
    """Untranslated are the names of formats and of units alone."""
    speak("ko")
    told = [line for words, command in commands(cli) for line in helped(command, words)]
    assert len(told) > 200
    assert [line for line in told if not HANGUL.search(line)] == []


def commands(group: click.Group, above: str = "marathon") -> Iterator[tuple[str, click.Command]]:
    context = click.Context(group)
    for name in group.list_commands(context):
        found = group.get_command(context, name)
        assert found is not None
        yield f"{above} {name}", found
        if isinstance(found, click.Group):
            yield from commands(found, f"{above} {name}")


def helped(command: click.Command, words: str) -> Iterator[str]:
    """What the help of a command says of it and of each option, each behind the command's name."""
    context = click.Context(command, info_name=words)
    yield f"{words}: {command.get_short_help_str()}"
    page = command.get_help(context)
    for name, line in re.findall(r"^  (-[^\n]*?)  +(\S[^\n]*)$", page.partition("옵션:")[2], re.MULTILINE):
        yield f"{words} {name}: {line}"
