"""A ruling from its preview to the log: shown, asked, recorded; shown again where somebody else ruled meanwhile."""

from collections.abc import Iterable, Sequence

from results.files.terminal_tables import print_changes
from results.office.rulings.fact_index import named
from results.office.rulings.ruling_preview import Preview, Ruling, preview_of, record
from results.office.rulings.rulings import Office, at_desk
from results.office.rulings.telling import told
from results.ranking.difference import Difference
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import _, verbatim, warning
from timing.log import Moved
from timing.race.events import DeskFact, FactUndone
from timing.race.instants import day_of, wall
from timing.terminal.output import confirm, say


def decide(opened: OpenRace, ruling: Ruling, only_preview: bool, yes: bool) -> Difference:
    """Show what a ruling changes, ask, and record it; with `only_preview` nothing is recorded.

    Where somebody else ruled, or cameras saw more, before the answer came, it is previewed again and recorded if it essentially changes
    the very same; else it is asked again.

    Raises:
        RaceError: a time that cannot be, or somebody else's ruling about the same people while nobody is there to be asked.
        WrongUse: nobody is there to ask, and `yes` was not given.
    """
    shown, since = "", 0
    while True:
        seen = opened.log.lineage_head(opened.log.desk).seq
        office = at_desk(opened)
        preview = preview_of(office, ruling, seen)
        decision, last, since = preview.decision, since, office.race.facts
        if preview.digest != shown:
            if shown:
                _tell_conflict(office, decision.facts, last, yes)
            _show(office, preview)
            if only_preview:
                say(_("nothing was recorded"))
                return preview.changes
            shown = preview.digest
            if not yes:
                ask()
                if opened.log.head().seq > since:
                    continue
        try:
            record(opened, decision, seen)
        except Moved:
            continue
        _say_recorded(opened, since, len(decision.facts))
        return preview.changes


def _show(office: Office, preview: Preview) -> None:
    """What the official should know, what changes, the instants that are meant, and what is odd about it."""
    zone = office.opened.zone
    for remark in preview.decision.remarks:
        say(remark)
    for fact in preview.facts:
        if isinstance(fact, FactUndone):
            say(verbatim(told(office, fact)))
    print_changes(*preview.results, preview.names, office.race.rules.rounding, preview.changes)
    for at in preview.instants:
        say(_("the instant meant: {told}", told=f"{day_of(at, zone)} {wall(at, zone)}"))
    for text in preview.doubts:
        say(warning(text))


def _tell_conflict(office: Office, facts: Sequence[DeskFact], since: int, yes: bool) -> None:
    """Somebody else's rulings have changed what this one does.

    Raises:
        RaceError: they are about the same, and `yes` said that nobody is to be asked.
    """
    others = [fact for pos, fact in office.race.said.items() if pos > since]
    same = _all_named(office, facts) & _all_named(office, others)
    for fact in others:
        say(_("somebody else ruled meanwhile: {desk}", desk=told(office, fact)))
    if same and yes:
        raise RaceError(
            _("somebody else has just ruled about the same; nothing was recorded: look again and repeat"),
        )


def _all_named(office: Office, facts: Iterable[DeskFact]) -> set[str]:
    return {name for fact in facts for name in named(fact, office.race)}


def ask() -> None:
    """Ask whether to record, as `confirm` does."""
    confirm(_("record it?"), _("nobody to ask, --preview only shows it"), yes=False)


def _say_recorded(opened: OpenRace, after: int, facts: int) -> None:
    """Where the facts stand now, and how each is taken back."""
    desk = opened.log.desk
    for recorded in [fact for fact in opened.log.read(after) if fact.lineage == desk][:facts]:
        say(
            _("recorded at position {pos}; `marathon rule undo {pos} --why REASON` takes it back", pos=recorded.pos),
        )
