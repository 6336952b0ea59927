"""What every command shares: the `--race` option, help with examples, one clear line for an error."""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

from timing.errors import RaceError, WrongUse
from timing.terminal import bare, one_line, printable, shielded

F = TypeVar("F", bound=Callable[..., Any])


class Command(click.Command):
    """A command whose help ends in examples."""

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.examples:
            with formatter.section("예 / Examples"):
                for line in self.examples.strip().splitlines():
                    formatter.write(f"{'':>{formatter.current_indent}}{line.strip()}\n")


def race_option(command: F) -> F:
    """Adds `--race DIR`."""
    option = click.option(
        "--race",
        type=click.Path(path_type=Path, file_okay=False),
        help="대회 폴더(기본: 현재 폴더에서 위로 찾음) / the race folder (default: searched upwards)",
    )
    return option(command)


def command(name: str, examples: str) -> Callable[[Callable[..., Any]], Command]:
    """Declares a command with examples under its help."""

    def declare(function: Callable[..., Any]) -> Command:
        return click.command(name, cls=Command, examples=examples)(function)

    return declare


def confirm(question: str, refused: tuple[str, str], yes: bool) -> None:
    """Ask before what is rarely meant; `refused` says in both languages why nothing goes on where nobody can answer.

    Raises:
        WrongUse: there is no terminal to answer at, and `yes` was not given.
        click.Abort: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise WrongUse(f"{refused[0]}. 그래도 하려면 --yes를 주세요", f"{refused[1]}; say --yes to go on")
    click.confirm(question, abort=True, err=True)


def say(korean: str, english: str) -> None:
    """Talk to the person at the terminal: on stderr, so that results on stdout stay clean."""
    click.echo(one_line(f"{korean} / {english}"), err=True)


def echo_red(text: str) -> None:
    """A line that must not be overlooked, on stdout; in red where that is a terminal."""
    click.secho(printable(text), fg="red", file=bare(sys.stdout))


def echo_drawn(drawing: str, err: bool = False, nl: bool = True) -> None:
    """A drawing of our own, such as a QR with its colours; no text from outside."""
    click.echo(drawing, file=bare(sys.stderr if err else sys.stdout), nl=nl)


def progress_bar(length: int, label: str, **how: Any) -> Any:
    """A progress bar on stderr."""
    return click.progressbar(length=length, label=label, file=bare(sys.stderr), **how)


def run(command: click.Command, arguments: list[str] | None = None) -> int:
    """Run a command and turn what went wrong into one line and an exit code; nothing that is printed steers the terminal."""
    with shielded():
        return _run(command, arguments)


def _run(command: click.Command, arguments: list[str] | None) -> int:
    try:
        code = command.main(args=arguments, prog_name="marathon", standalone_mode=False)
    except RaceError as error:
        click.echo(one_line(f"marathon: {error}"), err=True)
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
