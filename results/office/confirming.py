"""A ruling from its preview to the log: shown, asked, recorded; shown again where somebody else ruled meanwhile."""

from collections.abc import Callable, Iterable, Sequence

from results.files.terminal_tables import print_changes
from results.office.plausibility import doubts, refuse_impossible
from results.office.rulings import Office, at_desk
from results.office.telling import named, told
from results.ranking.difference import Difference, Results, difference, supposed
from timing.commands.command_line import confirm, say
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.language import _, warning
from timing.log import Moved
from timing.race.events import DeskFact, GunMoved
from timing.race.gun import dropped
from timing.race.instants import dated, day_of, wall


def _nothing_else(_opened: OpenRace) -> None:
    """Most rulings are facts alone."""


def decide(
    opened: OpenRace,
    ruling: Callable[[Office], Sequence[DeskFact]],
    only_preview: bool,
    yes: bool,
    first: Callable[[OpenRace], None] = _nothing_else,
) -> Difference:
    """Show what a ruling changes, ask, and record it; with `only_preview` nothing is recorded.

    `first` writes down, before the facts, what stands beside the log: the name of somebody new.

    Where somebody else ruled meanwhile, it is previewed again and recorded if it changes the very same; else it is asked again.

    Raises:
        RaceError: a time that cannot be, or somebody else's ruling about the same people while nobody is there to be asked.
        WrongUse: nobody is there to ask, and `yes` was not given.
    """
    shown: Difference | None = None
    since = 0
    while True:
        seen = opened.log.lineage_head(opened.log.desk).seq
        desk = at_desk(opened)
        facts = ruling(desk)
        results = _results(desk, facts)
        changes = difference(*results)
        if changes != shown:
            if shown is not None:
                _tell_conflict(desk, facts, since, yes)
            _preview(desk, facts, results)
            if only_preview:
                say(_("nothing was recorded"))
                return changes
            if not yes:
                ask()
        shown, since = changes, desk.race.facts
        first(opened)
        try:
            opened.log.record(facts, after=seen)
        except Moved:
            continue
        _say_recorded(opened, since, len(facts))
        return changes


def _results(desk: Office, facts: Sequence[DeskFact]) -> tuple[Results, Results]:
    """The results before and after.

    Raises:
        RaceError: the facts make a time that cannot be.
    """
    opened = desk.opened
    now, (then, _) = opened.clock.now(), desk.race.supposing(facts)
    refuse_impossible(then, desk.live.standings().rules, facts, now, lambda at: dated(at, now, opened.zone))
    return supposed(desk.live, facts, desk.names)


def _preview(desk: Office, facts: Sequence[DeskFact], results: tuple[Results, Results]) -> None:
    """What changes, the instants that are meant, and what is odd about it."""
    zone = desk.opened.zone
    print_changes(*results, desk.names, desk.race.rules.rounding)
    for at in dict.fromkeys(at for fact in facts if (at := getattr(fact, "at", None)) is not None):
        told = f"{day_of(at, zone)} {wall(at, zone)}"
        say(_("the instant meant: {told}", told=told))
    for fact in facts:
        if isinstance(fact, GunMoved) and (left_out := dropped(desk.race, fact.wave, fact.at)):
            text = left_out.told(zone)
            say(warning(text))
    for text in doubts(desk.race.supposing(facts)[0], results[0][0], results[1][0], facts):
        say(warning(text))


def _tell_conflict(desk: Office, facts: Sequence[DeskFact], since: int, yes: bool) -> None:
    """Somebody else's rulings have changed what this one does.

    Raises:
        RaceError: they are about the same, and `yes` said that nobody is to be asked.
    """
    others = [fact for pos, fact in desk.race.said.items() if pos > since]
    same = _all_named(desk, facts) & _all_named(desk, others)
    for fact in others:
        say(_("somebody else ruled meanwhile: {desk}", desk=told(desk, fact)))
    if same and yes:
        raise RaceError(
            _("somebody else has just ruled about the same; nothing was recorded: look again and repeat"),
        )


def _all_named(desk: Office, facts: Iterable[DeskFact]) -> set[str]:
    return {name for fact in facts for name in named(fact, desk.race)}


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
