"""The commands for a station's outbox as a file: list it, take it along, and take it in."""

from pathlib import Path
from zoneinfo import ZoneInfo

import click

from scanners.outbox.bundle import Bundle, bundle_of, read_bundle_file, take_in, written, zipped
from scanners.outbox.mending import Mended
from scanners.outbox.room import was_unsaved
from scanners.outbox.salvage import Salvaged, read_outbox
from scanners.outbox.station_checkpoints import notes_of
from scanners.outbox.uploader import Forked
from scanners.station.station_options import ZONE
from timing.commands.command_line import Command, CommandGroup, command, race_option
from timing.errors import WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, Text, _, ngettext, warning
from timing.log.narration import describe
from timing.private import write_private
from timing.race.admission import Reason, admitted, set_aside_words, shown
from timing.race.events import Event, OutboxMended, Scanned, TapNamed
from timing.replacing import must_write
from timing.terminal.output import say

NUMBERS_SAID = 10
an_outbox = click.argument("file", type=click.Path(path_type=Path, dir_okay=False, exists=True))


@click.group("outbox", cls=CommandGroup)
def outbox() -> None:
    """A station's outbox file: see it, export it as a bundle."""


@outbox.command("export", cls=Command, examples="marathon outbox export stations/finish-1.db finish-1.zip")
@an_outbox
@click.argument("bundle", type=click.Path(path_type=Path, dir_okay=False))
def export(file: Path, bundle: Path) -> None:
    """An outbox as one file.

    BUNDLE is .json or .zip; any machine imports it with `marathon collect`.
    """
    packed = bundle_of(_salvaged(file))
    data = written(packed)
    _write(bundle, zipped(data) if bundle.suffix.lower() == ".zip" else data)
    say(ngettext("{bundle}: {n} item", "{bundle}: {n} items", len(packed.items), bundle=bundle))


@outbox.command("list", cls=Command, examples="marathon outbox list stations/finish-1.db")
@an_outbox
@click.option("--zone", default=ZONE, show_default=True, help=N_("the time zone of the instants"))
def list_outbox(file: Path, zone: str) -> None:
    """What the station saw, in order; needs no network."""
    opened = _salvaged(file)
    for seq, item in enumerate(opened.items, 1):
        fact = admitted(item.data, opened.lineage)
        told = f"⚠ {fact}: {shown(item.data)}" if isinstance(fact, Text) else describe(fact, ZoneInfo(zone))
        click.echo(f"{seq:>6}  {_bib(fact, opened.roster):>10}  {told}")
    say(_("race {race}, {lineage}", race=opened.race or _("unknown"), lineage=opened.lineage))


@outbox.command("notes", cls=Command, examples="marathon outbox notes stations/finish-1.db --out notes")
@an_outbox
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    help=N_("write each checkpoint into this folder"),
)
def outbox_notes(file: Path, out: Path | None) -> None:
    """The server's signed checkpoints that a station keeps.

    Hold them against the log with `marathon log verify --note FILE --key VERIFIER`.
    """
    notes = notes_of(file)
    for number, note in enumerate(notes, 1):
        click.echo(f"{note.said.size:>8}  {note.verifier}")
        if out:
            out.mkdir(parents=True, exist_ok=True)
            _write(out / f"{note.said.size:08}-{file.stem}-{number}.txt", note.text.encode())
    say(ngettext("{n} checkpoint", "{n} checkpoints", len(notes)))


def _salvaged(file: Path) -> Salvaged:
    """Read as much of an outbox as can be read, and warn about damage; the file is not changed."""
    found = read_outbox(file)
    if not found.sound:
        text = Mended(None, found.damaged, was_unsaved(file)).words()
        say(warning(_("{file}: {text}", file=file, text=text)))
    return found


def _bib(fact: Event | Reason, roster: dict[str, int]) -> str:
    match fact:
        case Scanned(code=code) | TapNamed(code=code) if code:
            return str(roster.get(code, "?"))
        case _:
            return ""


def _write(file: Path, data: bytes) -> None:
    with must_write(file):
        write_private(file, data)


@command(
    "collect",
    examples="marathon collect /media/usb/finish-1.db\nmarathon collect finish-1.zip\n"
    "marathon collect stations/*.db --race gvalley",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path, dir_okay=False, exists=True), nargs=-1, required=True)
def collect(race: Path | None, files: tuple[Path, ...]) -> int:
    """Take outboxes and bundles into the log.

    For stations without a network, and after a lost server; in any order, and doing it again changes nothing. Of a
    damaged outbox everything readable is imported, under a new lineage, and the file stays as it is. Items that are
    kept and count for nothing are named with the reason, and it exits 1.
    """
    grave = False
    with open_race(race) as opened:
        for file in files:
            grave |= _collect(opened, file, _bundle(file))
    return 1 if grave else 0


def _bundle(file: Path) -> Bundle:
    return read_bundle_file(file) if file.suffix.lower() in (".json", ".zip") else bundle_of(_salvaged(file))


def _collect(opened: OpenRace, file: Path, bundle: Bundle) -> bool:
    """Take a bundle in; whether some of it counts for nothing."""
    if bundle.race not in ("", opened.settings.id):
        raise WrongUse(_("{file} belongs to another race ({race})", file=file, race=bundle.race))
    before = opened.log.head().seq
    taken = take_in(opened.log, bundle)
    added = opened.log.head().seq - before
    say(_("{file}: {added} new", file=file, added=added))
    if not taken.whole:
        raise Forked(bundle.lineage)
    if taken.set_aside:
        numbers = ", ".join(map(str, taken.set_aside[:NUMBERS_SAID])) + (
            " …" if len(taken.set_aside) > NUMBERS_SAID else ""
        )
        text = set_aside_words(len(taken.set_aside))
        say(_("{file}: {text} (items {numbers})", file=file, text=text, numbers=numbers))
    return bool(taken.set_aside) or _tells_damage(bundle)


def _tells_damage(bundle: Bundle) -> bool:
    return any(isinstance(admitted(item, bundle.lineage), OutboxMended) for item in bundle.items)
