"""The command that runs a made-up race."""

from pathlib import Path
from tempfile import TemporaryDirectory

import click

from demo.demonstration import clear, demonstrate_live, demonstrate_once
from server.serving import tidy_up_when_stopped
from timing.commands.command_line import command
from timing.language import N_

STOPPED = 143  # the exit code of what SIGTERM ends


@command("demo", examples="marathon demo\nmarathon demo --once out --seed 7")
@click.option(
    "--once",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="DIR",
    help=N_("run once without serving and leave everything in DIR"),
)
@click.option(
    "--seed",
    default=1,
    show_default=True,
    type=click.IntRange(min=0),
    help=N_("the same number makes the same race"),
)
@click.option("--people", default=60, show_default=True, type=click.IntRange(12, 300), help=N_("how many runners"))
@click.option("--port", default=8000, show_default=True, type=click.IntRange(1, 65535), help=N_("the board's port"))
def demo(once: Path | None, seed: int, people: int, port: int) -> None:
    """Run a made-up race from roster to board.

    Prints bibs, films both lines from those very PDFs, reads the films with real stations and fills the board.
    --once exits 0 only if everybody in the film is in the results with a time within 0.2 s of the truth.
    """
    tidy_up_when_stopped(STOPPED)
    if once:
        clear(once)
        demonstrate_once(once, seed, people)
    else:
        with TemporaryDirectory(prefix="marathon-demo-") as folder:
            demonstrate_live(Path(folder), seed, people, port)
