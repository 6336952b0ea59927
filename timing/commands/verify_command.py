"""The `marathon log verify` command: what is proved of the log, and how far."""

from collections.abc import Sequence
from pathlib import Path

import click

from timing.audit import Editions, audit, no_editions
from timing.commands.command_line import Command, race_option
from timing.errors import RaceError, WrongUse
from timing.folder import open_race
from timing.language import N_, _, listed, ngettext
from timing.log.checkpoint_store import CheckedLog
from timing.log.side_tables import Delta
from timing.race.admission import SET_ASIDE_CODE, set_aside_words
from timing.race.fold import Race
from timing.terminal.output import echo_red, say

NO_NOTE_CODE = 4
"""The exit code of `log verify` where nothing outside the database says what the log held."""
WATCHED = ("person", "consent", "firm", "station", "private_link", "quarantine")
"""The tables whose changes are told note by note; the others change all day."""
ROWS_SHOWN, KEY_SHOWN = 5, 24

EXAMPLES = """\
marathon log verify
marathon log verify --note mailed-note.txt --key marathon-2f0c8a6e5d4b3a19+1f2e3d4c+AX…
"""


def verify_command(editions: Editions = no_editions) -> click.Command:
    """The command; `editions` checks those given out."""

    @click.command("verify", cls=Command, examples=EXAMPLES)
    @race_option
    @click.option(
        "--note",
        "notes",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help=N_("a checkpoint kept outside: by a station, on a print, in a mail"),
    )
    @click.option(
        "--key",
        default="",
        metavar="VERIFIER",
        help=N_("the verifier that was written down, for --note"),
    )
    def log_verify(race: Path | None, notes: tuple[Path, ...], key: str) -> int:
        """Recompute both hash chains; check checkpoints, editions, guards.

        Exit code 1 names what was changed, the first position first. Exit code 4: there is no checkpoint at all; the chains fit, and yet nobody can tell a log that was written anew as a whole. Exit code 5: all is as it was
        written, and the facts shown in red count for nothing; `rule set-aside` settles each. What it cannot know
        stands in docs/insider.md.
        """
        if key and not notes:
            raise WrongUse(_("--key goes with --note FILE"))
        with open_race(race) as opened:
            found = audit(opened, notes, key, editions)
        click.echo(f"{found.checked.facts} {found.checked.head.hash.hex()}")
        tell_coverage(found.held)
        _tell_key(found.verifier, key)
        if found.strangers:
            say(_("files that are not signed checkpoints: {strange}", strange=", ".join(found.strangers)))
        tell_beside(found.held, found.since)
        if found.faults:
            raise RaceError(listed(found.faults, "; "))
        aside = show_set_aside(found.race)
        return SET_ASIDE_CODE if aside else 0 if found.held.notes else NO_NOTE_CODE

    return log_verify


def tell_coverage(held: CheckedLog) -> None:
    """How far notes prove the log, and how much of it only its own chain holds together."""
    facts, notes, covered = held.tree.size, len(held.notes), held.covered
    if not notes:
        say(
            ngettext(
                "⚠ the chain of {n} fact fits, but there is no checkpoint: a log that was written anew would look the same; hold one that was kept outside against it with --note, and sign from now on with `marathon log checkpoint`",
                "⚠ the chains of all {n} facts fit, but there is no checkpoint: a log that was written anew would look the same; hold one that was kept outside against it with --note, and sign from now on with `marathon log checkpoint`",
                facts,
            ),
        )
        return
    say(
        ngettext(
            "the chains of all {facts} facts fit, against {n} checkpoint: the first {covered} facts are as they were written, {facts2} came after the last checkpoint",
            "the chains of all {facts} facts fit, against {n} checkpoints: the first {covered} facts are as they were written, {facts2} came after the last checkpoint",
            notes,
            facts=facts,
            covered=covered,
            facts2=facts - covered,
        ),
    )


def _tell_key(verifier: str, given: str) -> None:
    if given and given != verifier:
        say(
            _(
                "⚠ this folder's key is not the one that was written down ({verifier}): it was replaced or made anew",
                verifier=verifier or _("none"),
            ),
        )
    elif not verifier:
        say(_("⚠ there is no key that signs for this race"))
    else:
        say(
            _(
                "verifier of the checkpoints: {verifier}; compare it with the one that was written down",
                verifier=verifier,
            )
        )


def tell_beside(held: CheckedLog, since: Delta) -> None:
    """Print what changed outside the log, note by note; only the organiser knows whether the office did it."""
    counted = sorted(note.said.number for note in held.notes if note.said.number)
    for number, delta in list(zip(counted, held.deltas, strict=False))[1:]:
        if told := _changes({name: rows for name, rows in delta.items() if name in WATCHED}):
            say(_("changed outside the log up to checkpoint {number}: {told}", number=number, told=told))
    if told := _changes(since):
        say(
            _(
                "⚠ changed outside the log since the last checkpoint: {told}; make sure that the office did it",
                told=told,
            ),
        )


def _changes(delta: Delta) -> str:
    """`person ~2 (e00012, e00044), vote +500`: added, changed and gone are not told apart but by their keys."""
    return ", ".join(f"{name} {len(rows)} ({_few(sorted(rows))})" for name, rows in delta.items())


def _few(keys: Sequence[str]) -> str:
    return ", ".join(key[:KEY_SHOWN] for key in keys[:ROWS_SHOWN]) + (" …" if len(keys) > ROWS_SHOWN else "")


def show_set_aside(race: Race) -> bool:
    """Show in red what counts for nothing and waits to be looked at; whether there is any."""
    waiting = race.set_aside()
    for one in waiting:
        echo_red(str(one))
    if waiting:
        say(set_aside_words(len(waiting)))
    return bool(waiting)
