"""Shared by all commands: the `--race` option, help with examples, one clear line for an error."""

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from inspect import cleandoc
from pathlib import Path
from typing import Any, TypeVar

import click

from timing.errors import RaceError
from timing.language import LANGUAGES, N_, _, speak, speak_through_click
from timing.terminal.shield import one_line, shielded

F = TypeVar("F", bound=Callable[..., Any])


class Translated(click.Command):
    """A command whose help, written in English, is shown in the language spoken."""

    def format_help_text(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with _shown(self, "help", in_paragraphs(self.help or "")):
            super().format_help_text(ctx, formatter)

    def get_short_help_str(self, limit: int = 45) -> str:
        first = next(iter(paragraphs(self.help or "")), "")
        return str(_(first))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option:
            option.help = str(_("show this help"))
        return option

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with ExitStack() as stack:
            for option in self.params:
                if isinstance(option, click.Option) and option.help:
                    stack.enter_context(_shown(option, "help", str(_(option.help))))
            super().format_options(ctx, formatter)


class Command(Translated):
    """A command whose help ends in examples."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section(str(_("Examples"))):
                for line in self.examples.strip().splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")


class CommandGroup(Translated, click.Group):
    """A command of commands."""

    command_class = Command


class RootGroup(CommandGroup):
    """The root group. `--lang` is parsed first, so that errors in the other arguments are shown in that language."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.params.append(
            click.Option(
                ["--lang"],
                type=click.Choice(LANGUAGES),
                expose_value=False,
                help=N_("the language of messages (default: MARATHON_LANG, else the locale)"),
            )
        )

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        asked = _language_asked(args)
        if asked in LANGUAGES:
            speak(asked)
        return super().parse_args(ctx, args)


def _language_asked(args: list[str]) -> str:
    """The value of `--lang` before the command."""
    for word, following in zip(args, [*args[1:], ""], strict=True):
        if word == "--lang":
            return following
        if word.startswith("--lang="):
            return word.removeprefix("--lang=")
        if not word.startswith("-"):
            break
    return ""


@contextmanager
def _shown(of: object, name: str, value: str) -> Iterator[None]:
    """Another value of an attribute while a help text is written."""
    before = getattr(of, name)
    setattr(of, name, value)
    try:
        yield
    finally:
        setattr(of, name, before)


def in_paragraphs(help_text: str) -> str:
    """A command's help in the language spoken; the catalogue holds it by paragraphs."""
    return "\n\n".join(str(_(one)) for one in paragraphs(help_text))


def paragraphs(help_text: str) -> list[str]:
    """The paragraphs of a help text in one line each; one that begins with `\\b` keeps its lines, as click does."""
    return [one if one.startswith("\b") else " ".join(one.split()) for one in cleandoc(help_text).split("\n\n") if one]


def race_option(command: F) -> F:
    """Adds `--race DIR`."""
    option = click.option(
        "--race",
        type=click.Path(path_type=Path, file_okay=False),
        help=N_("the race folder (default: searched upwards)"),
    )
    return option(command)


def command(name: str, examples: str) -> Callable[[Callable[..., Any]], Command]:
    """Declares a command with examples under its help."""

    def declare(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, examples=examples)(function)

    return declare


def run(command: click.Command, arguments: list[str] | None = None) -> int:
    """Run a command and turn what went wrong into one line and an exit code; nothing that is printed steers the terminal."""
    speak_through_click()
    with shielded():
        return _run(command, arguments)


def _run(command: click.Command, arguments: list[str] | None) -> int:
    try:
        code = command.main(args=arguments, prog_name="marathon", standalone_mode=False)
    except RaceError as error:
        click.echo(one_line(f"marathon: {error.text}"), err=True)
        for detail in error.details:
            click.echo(f"  {one_line(str(detail))}", err=True)
        return error.exit_code
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except (KeyboardInterrupt, click.Abort):
        return 130
    except BrokenPipeError:  # `marathon results | head`
        sys.stderr.close()
        return 0
    return code if isinstance(code, int) else 0
