"""The `marathon log verify` command: what is proved of the log, and how far."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from timing.commands.command_line import Command, race_option
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, checkpoints_of, open_race
from timing.language import N_, Text, _, listed, ngettext
from timing.log import waiting_branches
from timing.log.checkpoint_store import CheckedLog, CheckpointStore
from timing.log.notes import strange_files
from timing.log.side_tables import Delta
from timing.log.verify import Verified, verify
from timing.race.admission import SET_ASIDE_CODE, set_aside_words
from timing.race.events import LogRestored
from timing.race.fold import Race
from timing.store.write_guards import missing_guards
from timing.terminal.output import echo_red, say

NO_NOTE_CODE = 4
"""The exit code of `log verify` where nothing outside the database says what the log held."""
WATCHED = ("person", "consent", "firm", "station", "private_link", "quarantine")
"""The tables whose changes are told note by note; the others change all day."""
ROWS_SHOWN, KEY_SHOWN = 5, 24
Editions = Callable[[OpenRace, Race], Sequence[int]]
"""Which editions, made again from the log, are not what was published."""

EXAMPLES = """\
marathon log verify
marathon log verify --note mailed-note.txt --key marathon-2f0c8a6e5d4b3a19+1f2e3d4c+AX…
"""


def verify_command(editions: Editions = lambda opened, race: ()) -> click.Command:
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
            checked, checkpoints = _walked(opened), checkpoints_of(opened)
            held = checkpoints.check(opened.log, [checkpoints.bring(note, key) for note in notes])
            click.echo(f"{checked.facts} {checked.head.hash.hex()}")
            tell_coverage(held)
            _tell_key(checkpoints, key)
            _tell_strangers(opened.root)
            tell_beside(held, checkpoints.changed_beside(held))
            folded = opened.fold()
            faults = _lost_quarantine(held, checkpoints.changed_beside(held), folded)
            _refuse_faults([*faults, *_guards(opened), *_editions(editions(opened, folded)), *_quarantine(opened)])
            aside = show_set_aside(folded)
        return SET_ASIDE_CODE if aside else 0 if held.notes else NO_NOTE_CODE

    return log_verify


def _walked(opened: OpenRace) -> Verified:
    checked = verify(opened.log)
    if checked.damage:
        d = checked.damage
        raise RaceError(_("position {pos}: {text}", pos=d.pos, text=d.text))
    return checked


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


def _tell_key(checkpoints: CheckpointStore, given: str) -> None:
    if given and given != checkpoints.verifier:
        say(
            _(
                "⚠ this folder's key is not the one that was written down ({verifier}): it was replaced or made anew",
                verifier=checkpoints.verifier or _("none"),
            ),
        )
    elif not checkpoints.verifier:
        say(_("⚠ there is no key that signs for this race"))
    else:
        say(
            _(
                "verifier of the checkpoints: {verifier}; compare it with the one that was written down",
                verifier=checkpoints.verifier,
            )
        )


def tell_beside(held: CheckedLog, since: Delta) -> None:
    """What changed beside the log, note by note; only the organiser knows whether it was the office that did it."""
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


def _lost_quarantine(held: CheckedLog, since: Delta, race: Race) -> list[Text]:
    """Nothing ever leaves the quarantine, but with a database that was put back from a backup."""
    lost = {key for delta in (*held.deltas, since) for key, now in delta.get("quarantine", {}).items() if now is None}
    if not lost or any(isinstance(said, LogRestored) for said in race.said.values()):
        return []
    return [ngettext("{n} item vanished from quarantine", "{n} items vanished from quarantine", len(lost))]


def _tell_strangers(root: Path) -> None:
    if strange := strange_files(root):
        say(_("files that are not signed checkpoints: {strange}", strange=", ".join(strange)))


def _guards(opened: OpenRace) -> list[Text]:
    with opened.engine.connect() as connection:
        missing = ", ".join(missing_guards(connection))
    if not missing:
        return []
    return [_("the guards {missing} were removed; `marathon log guard` restores them", missing=missing)]


def _editions(differing: Sequence[int]) -> list[Text]:
    return [_("edition {one} made again differs from what was published", one=one) for one in differing]


def _quarantine(opened: OpenRace) -> list[Text]:
    waiting = sum(len(branch.items) for branch in waiting_branches(opened.log))
    if not waiting:
        return []
    return [ngettext("{n} forked item waits in quarantine", "{n} forked items wait in quarantine", waiting)]


def _refuse_faults(faults: Sequence[Text]) -> None:
    if faults:
        raise RaceError(listed(faults, "; "))


def show_set_aside(race: Race) -> bool:
    """Show in red what counts for nothing and waits to be looked at; whether there is any."""
    waiting = race.set_aside()
    for one in waiting:
        echo_red(str(one))
    if waiting:
        say(set_aside_words(len(waiting)))
    return bool(waiting)
