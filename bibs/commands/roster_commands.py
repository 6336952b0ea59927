"""The command that takes rosters into the race, all files or none."""

from pathlib import Path

import click

from bibs.roster.entries.wishes import Wishes, mapping_of
from bibs.roster.registration.import_report import import_counts, import_remarks
from bibs.roster.registration.preview import preview
from bibs.roster.registration.roster_import import import_files
from timing.commands.command_line import command, race_option
from timing.folder import open_race
from timing.language import N_
from timing.race.spelling import clean
from timing.terminal.output import say


@command(
    "import",
    examples="marathon import 명단.xlsx --dry-run\nmarathon import 한빛테크.csv 두리산업.xlsx",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help=N_("only show a table of what would change"))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="HEADING=COLUMN",
    help=N_("the column that a heading means; repeatable (`-`: none)"),
)
@click.option("--firm", default="", metavar="NAME", help=N_("the firm of a list without that column"))
@click.option("--encoding", default="", metavar="NAME", help=N_("of text files, where the import asks"))
@click.option("--skip-cancelled", is_flag=True, help=N_("leave out rows that look cancelled"))
@click.option(
    "--keep-dates",
    is_flag=True,
    help=N_("take a date for the name of a team or category"),
)
@click.option(
    "--same",
    multiple=True,
    metavar="WHO",
    help=N_("the row of that name is this person"),
)
@click.option(
    "--other",
    multiple=True,
    metavar="WHO",
    help=N_("the row of that name is somebody else"),
)
def import_(
    race: Path | None,
    files: tuple[Path, ...],
    dry_run: bool,
    same: tuple[str, ...],
    other: tuple[str, ...],
    columns: tuple[str, ...],
    firm: str,
    encoding: str,
    skip_cancelled: bool,
    keep_dates: bool,
) -> None:
    """Import rosters (XLSX, XLS, ODS, CSV).

    Columns: company and name (needed), team, sex, category, bib, wave, date of birth, employees, building, floor, consent. Importing again
    changes only what changed. A date of birth gives the age group; like phones it is kept nowhere. A file with resident
    registration numbers is refused.
    """
    wishes = Wishes(mapping_of(columns), clean(firm), keep_dates, skip_cancelled, encoding)
    with open_race(race) as opened:
        done = import_files(opened, files, wishes, dry_run, same, other)
    say(import_counts(done))
    if dry_run:
        for line in preview(done.plan, done.before, done.cards):
            click.echo(line)
    for remark in import_remarks(done):
        say(remark)
