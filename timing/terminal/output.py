"""Output to a person at the terminal, and questions: lines on stderr, drawings, progress, yes or no."""

import sys
from typing import Any

import click

from timing.errors import WrongUse
from timing.language import Text, _
from timing.terminal.shield import bare, one_line, printable


def confirm(question: Text, refused: Text, yes: bool) -> None:
    """Ask before what is rarely meant; `refused` says why nothing goes on where nobody can answer.

    Raises:
        WrongUse: there is no terminal to answer at, and `yes` was not given.
        click.Abort: the answer is no.
    """
    if yes:
        return
    if not sys.stdin.isatty():
        raise WrongUse(_("{refused}; say --yes to go on", refused=refused))
    click.confirm(str(question), abort=True, err=True)


def say(text: Text) -> None:
    """Talk to the person at the terminal: on stderr, so that results on stdout stay clean."""
    click.echo(one_line(f"{text}"), err=True)


def beep() -> None:
    """Ring the terminal's bell; nothing where stderr goes elsewhere."""
    terminal = bare(sys.stderr)
    if terminal.isatty():
        terminal.write("\a")
        terminal.flush()


def complain(trouble: str) -> None:
    """Tell on stderr what went wrong while the work goes on."""
    click.echo(f"marathon: {trouble}", err=True)


def echo_red(text: str) -> None:
    """A line that must not be overlooked, on stdout; in red where that is a terminal."""
    click.secho(printable(text), fg="red", file=bare(sys.stdout))


def echo_drawn(drawing: str, err: bool = False, nl: bool = True) -> None:
    """A drawing of our own, such as a QR with its colours; no text from outside."""
    click.echo(drawing, file=bare(sys.stderr if err else sys.stdout), nl=nl)


def progress_bar(length: int, label: str, **how: Any) -> Any:
    """A progress bar on stderr."""
    return click.progressbar(length=length, label=label, file=bare(sys.stderr), **how)
