"""The `marathon log` commands: verify, show, export, checkpoints, forked branches."""

from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click
import msgspec

from timing.commands.command_line import CommandGroup, race_option
from timing.commands.race_commands import DEFAULT_EN, DEFAULT_HOST, DEFAULT_KO
from timing.commands.verify_command import show_set_aside, verify_command
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, checkpoints_of, make_folder, open_race
from timing.language import N_, _, ngettext
from timing.log import merge_branch, waiting_branches
from timing.log.backup import BadCopy, ExportedFact, backup, exported, import_lines, remember_backup, restore
from timing.log.narration import describe
from timing.race.admission import SetAside, set_aside_words, shown
from timing.race.encoding import UnknownEvent, decode
from timing.race.events import RaceOpened
from timing.race.instants import wall
from timing.store.database import writing
from timing.store.write_guards import restore_guards
from timing.terminal.output import echo_red, say


@click.group("log", cls=CommandGroup)
def log() -> None:
    """The log: verify, show, export."""


log.add_command(verify_command())


@log.command("guard")
@race_option
def log_guard(race: Path | None) -> None:
    """Restore the guards that refuse changes to what the log holds."""
    with open_race(race) as opened, writing(opened.engine) as connection:
        restored = restore_guards(connection)
    named = ", ".join(restored) or "-"
    say(_("guards restored: {named}", named=named))


@log.command("show")
@race_option
@click.option("--after", type=click.IntRange(min=0), default=0, help=N_("only what follows this position"))
def log_show(race: Path | None, after: int) -> None:
    """Show the facts, one line each."""
    with open_race(race) as opened:
        for fact in opened.log.read(after):
            where = f"{fact.pos:>6}  {wall(fact.received_at, opened.zone)}  {fact.lineage[:9]}#{fact.seq:<5}"
            told = fact.admitted
            if isinstance(told, SetAside):
                echo_red(f"{where} ⚠ {told.why}: {shown(fact.data)}")
            else:
                click.echo(f"{where} {describe(told, opened.zone)}")


@log.command("export")
@race_option
def log_export(race: Path | None) -> None:
    """Write the facts with their hashes as JSON lines to stdout."""
    with open_race(race) as opened:
        for fact in opened.log.read():
            click.echo(exported(fact))


@log.command("import")
@click.argument("file", type=click.File("rb"))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def log_import(file: BinaryIO, folder: Path) -> None:
    """Make a new race folder from an export, with identical hashes.

    Names are not in the log: import the rosters again, or use a backup.
    """
    lines = file.readlines()
    try:
        first = decode(msgspec.json.decode(lines[0], type=ExportedFact).recorded().data)
    except (IndexError, ValueError, RaceError) as wrong:
        raise BadCopy(_("{name}: this is no exported log", name=file.name)) from wrong
    if not isinstance(first, RaceOpened):
        raise BadCopy(_("{name}: it does not begin with the race", name=file.name))

    def fill(opened: OpenRace) -> None:
        checked = import_lines(opened.engine, opened.settings.id, lines, opened.clock)
        say(ngettext("{n} fact was imported", "{n} facts were imported", checked.facts))

    make_folder(folder, first.race, DEFAULT_KO, DEFAULT_EN, DEFAULT_HOST, fill).close()


@log.command("backup")
@race_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def log_backup(race: Path | None, file: Path) -> None:
    """Copy the race while it runs, names included, and verify the copy."""
    with open_race(race) as opened:
        checked = backup(opened.engine, opened.settings.id, file, opened.clock)
        remember_backup(opened.root, file)
    say(ngettext("a copy of {n} fact: {file}", "a copy of {n} facts: {file}", checked.facts, file=file))


@log.command("restore")
@race_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--why", required=True, help=N_("why it is put back"))
def log_restore(race: Path | None, file: Path, why: str) -> None:
    """Put a backup back where the database was lost.

    What came after it the stations send again by themselves; outboxes without a network come by `marathon
    collect`.
    """
    with open_race(race, lost=True) as opened:
        checked = restore(opened.engine, opened.settings.id, file, why, opened.clock)
        superseded = checkpoints_of(opened).archive_after(checked.facts)
    say(ngettext("{n} fact was put back", "{n} facts were put back", checked.facts))
    if superseded:
        say(
            ngettext(
                "{n} later checkpoint was moved to checkpoints/before-restore",
                "{n} later checkpoints were moved to checkpoints/before-restore",
                superseded,
            ),
        )


@log.command("checkpoint")
@race_option
@click.option("--label", default="desk", show_default=True, help=N_("what it is for"))
def log_checkpoint(race: Path | None, label: str) -> None:
    """Sign what the log holds now; the checkpoint fits a QR on a printed sheet.

    Kept elsewhere, it proves later what was held.
    """
    with open_race(race) as opened:
        checkpoints = checkpoints_of(opened)
        click.echo(checkpoints.sign(opened.log, label), nl=False)
        say(_("it is verified with {verifier}", verifier=checkpoints.verifier))


@log.command("quarantine")
@race_option
def log_quarantine(race: Path | None) -> None:
    """The forked branches that wait for a decision, and what counts for nothing."""
    with open_race(race) as opened:
        for branch in waiting_branches(opened.log):
            first = branch.items[0].seq
            click.echo(f"{branch.id}  {branch.lineage[:9]}#{first}~{branch.items[-1].seq}  {len(branch.items)}")
            for item in branch.items:
                click.echo(f"    {item.seq:>6}  {_told(item.data, opened.zone)}")
        show_set_aside(opened.fold())


@log.command("merge")
@race_option
@click.argument("branch")
@click.option("--why", required=True, help=N_("why it is merged"))
def log_merge(race: Path | None, branch: str, why: str) -> None:
    """Merge a forked branch into the log, under a lineage of its own.

    BRANCH as `marathon log quarantine` shows it, or its beginning. Scans that stand on both sides are sorted out
    by judgement.
    """
    with open_race(race) as opened:
        found = [waiting for waiting in waiting_branches(opened.log) if waiting.id.startswith(branch)]
        if len(found) != 1:
            raise WrongUse(
                ngettext(
                    "{n} branch is called {branch!r}", "{n} branches are called {branch!r}", len(found), branch=branch
                )
            )
        aside = merge_branch(opened.log, found[0], "desk", why).set_aside
    say(ngettext("{n} item was imported", "{n} items were imported", len(found[0].items)))
    if aside:
        say(set_aside_words(len(aside)))


def _told(data: bytes, zone: ZoneInfo) -> str:
    try:
        return describe(decode(data), zone)
    except UnknownEvent as unknown:
        return f"{unknown}: {shown(data)}"
