"""Audits a race's log: its chains, the checkpoints about it, editions, guards and quarantine."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from timing.errors import RaceError
from timing.folder import OpenRace, checkpoints_of
from timing.language import Text, _, ngettext
from timing.log import waiting_branches
from timing.log.checkpoint_store import CheckedLog
from timing.log.notes import strange_files
from timing.log.side_tables import Delta
from timing.log.verify import Verified, verify
from timing.race.events import LogRestored
from timing.race.fold import Race
from timing.store.write_guards import missing_guards

Editions = Callable[[OpenRace, Race], Sequence[int]]
"""Which editions, made again from the log, are not what was published."""


@dataclass(frozen=True, slots=True)
class LogAudit:
    """The result of an audit of a log whose chains are intact."""

    checked: Verified
    held: CheckedLog
    """The log with the checkpoints that it agrees with."""
    verifier: str
    """The public key of the race's checkpoints; empty while there is none."""
    strangers: Sequence[str]
    """Files among the checkpoints that are none."""
    since: Delta
    """Changes outside the log since the last checkpoint."""
    race: Race
    faults: Sequence[Text]
    """Problems that must be solved."""


def no_editions(opened: OpenRace, race: Race) -> Sequence[int]:
    """For an audit without the editions."""
    return ()


def audit(opened: OpenRace, notes: Iterable[Path], key: str, editions: Editions) -> LogAudit:
    """Recompute the chains and compare the log with all checkpoints; `notes` are further ones, signed by the holder of `key`.

    Raises:
        RaceError: the log was changed (names the first position), or a checkpoint contradicts it.
    """
    checked, checkpoints = _verified(opened), checkpoints_of(opened)
    held = checkpoints.check(opened.log, [checkpoints.bring(note, key) for note in notes])
    since, race = checkpoints.changed_beside(held), opened.fold()
    faults = [
        *_lost_quarantine(held, since, race),
        *_guards(opened),
        *_editions(editions(opened, race)),
        *_quarantine(opened),
    ]
    return LogAudit(checked, held, checkpoints.verifier, strange_files(opened.root), since, race, faults)


def _verified(opened: OpenRace) -> Verified:
    checked = verify(opened.log)
    if checked.damage:
        d = checked.damage
        raise RaceError(_("position {pos}: {text}", pos=d.pos, text=d.text))
    return checked


def _lost_quarantine(held: CheckedLog, since: Delta, race: Race) -> list[Text]:
    """Nothing ever leaves the quarantine, but with a database that was put back from a backup."""
    lost = {key for delta in (*held.deltas, since) for key, now in delta.get("quarantine", {}).items() if now is None}
    if not lost or any(isinstance(said, LogRestored) for said in race.said.values()):
        return []
    return [ngettext("{n} item vanished from quarantine", "{n} items vanished from quarantine", len(lost))]


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
