"""The `marathon edition` commands: provisional results, the protest window, official results, and what changed between them."""

from collections.abc import Sequence
from pathlib import Path

import click

from results.board.edition_archive import published_results, results_now, results_of
from results.files.terminal_tables import print_changes
from results.office.confirming import ask
from results.ranking.rows import Status
from results.ranking.standings import standings
from results.view.editions import State, canonical, next_edition, why_not_official
from timing.commands.command_line import Command, CommandGroup, race_option, say
from timing.errors import RaceError, Unreachable
from timing.folder import OpenRace, open_race, witness_of
from timing.language import N_, _, ngettext
from timing.log import Moved
from timing.race.events import EditionPublished, ResultsHidden
from timing.race.fold import Race
from timing.race.instants import MINUTE, Instant, dated, wall
from timing.race.passings import StrayReason
from timing.stations.list import holding_back
from timing.stations.registry import lines_now

SHOWN = 20
"""Of people who are named one by one."""


@click.group("edition", cls=CommandGroup)
def edition() -> None:
    """Publishing results: provisional, protests, official.

    Editions of the results: provisional, protest window, official. Each can be made again from the log, byte for
    byte.
    """


@edition.command(
    "provisional",
    cls=Command,
    examples="marathon edition provisional\nmarathon edition provisional --protest-minutes 60",
)
@race_option
@click.option(
    "--protest-minutes",
    type=click.IntRange(0, 10_080),
    default=30,
    show_default=True,
    help=N_("protest window"),
)
@click.option("--by", default="desk", show_default=True, help=N_("who publishes"))
@click.option("--why", default="", help=N_("why"))
def provisional(race: Path | None, protest_minutes: int, by: str, why: str) -> None:
    """Publish provisional results and open the protest window."""
    with open_race(race) as opened:
        now = opened.clock.now()
        until = Instant(now + protest_minutes * MINUTE)
        published = _publish(opened, "provisional", until, (), by, why)
    told = dated(until, now, opened.zone)
    say(
        _("edition {number} is provisional; protests until {told}", number=published.number, told=told),
    )


@edition.command(
    "official",
    cls=Command,
    examples="marathon edition official\nmarathon edition official --despite finish-2 --why '고장난 예비 카메라'",
)
@race_option
@click.option(
    "--despite",
    multiple=True,
    metavar="STATION",
    help=N_("a station not waited for"),
)
@click.option("--early", is_flag=True, help=N_("end the protest window now"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
@click.option("--by", default="desk", show_default=True, help=N_("who makes it official"))
@click.option("--why", default="", help=N_("why"))
def official(race: Path | None, despite: tuple[str, ...], early: bool, yes: bool, by: str, why: str) -> None:
    """Make the results official; a later change makes a new edition.

    Refused while a station may still hold scans or the protest window is open. People still on the course, never
    seen or held need a ruling (`marathon rule close` makes all of them DNF and DNS), or a reason with --why.
    """
    with open_race(race) as opened:
        folded, now = opened.fold(), opened.clock.now()
        holding = holding_back(folded, lines_now(opened, folded))
        refused = why_not_official(folded, now, holding, despite, early, lambda at: dated(at, now, opened.zone))
        if refused:
            raise RaceError(refused)
        _settle_who_is_open(opened, folded, why)
        _print_since_last(opened, folded)
        if not yes:
            ask()
        published = _publish(opened, "official", None, [one for one in holding if one in despite], by, why)
    say(_("edition {number} is official", number=published.number))


@edition.command("list", cls=Command, examples="marathon edition list")
@race_option
def edition_list(race: Path | None) -> None:
    """The editions so far, and when their protest windows end."""
    with open_race(race) as opened:
        editions, now = opened.fold().editions, opened.clock.now()
        for one in editions:
            state = str(_("official")) if one.state == "official" else str(_("provisional"))
            until = "" if one.protest_until is None else dated(one.protest_until, now, opened.zone)
            window = str(_("  protests until: {until}", until=until)) if until else ""
            despite = str(_("  not waited for: {despite}", despite=", ".join(one.despite))) if one.despite else ""
            click.echo(f"{one.number:>3}  {state}  #{one.facts}  {one.digest[:16]}{window}{despite}")
    if not editions:
        say(_("no edition has been published yet"))


@edition.command("diff", cls=Command, examples="marathon edition diff\nmarathon edition diff 1 2")
@race_option
@click.argument("old", type=click.IntRange(min=1), required=False)
@click.argument("new", type=click.IntRange(min=1), required=False)
def edition_diff(race: Path | None, old: int | None, new: int | None) -> None:
    """What changed between two editions, or since one (default: the last)."""
    with open_race(race) as opened:
        folded = opened.fold()
        first = results_of(opened, _edition(folded, old or len(folded.editions)))
        second = results_of(opened, _edition(folded, new)) if new else results_now(opened, folded)
        print_changes(first, second, opened.names(folded), folded.rules.rounding)


@edition.command("show", cls=Command, examples="marathon edition show 1 > 1판.jsonl")
@race_option
@click.argument("number", type=click.IntRange(min=1))
def edition_show(race: Path | None, number: int) -> None:
    """Make an edition again from the log, verify it, and print it."""
    with open_race(race) as opened:
        chosen = _edition(opened.fold(), number)
        results = published_results(opened, chosen)
        click.echo(canonical(*results), nl=False)
        say(_("byte for byte as published: {digest}", digest=chosen.digest))


@edition.command(
    "hide",
    cls=Command,
    examples="marathon edition hide --why '시상식까지'\nmarathon edition hide --why '판독 중' --by '심판장'",
)
@race_option
@click.option("--by", default="desk", show_default=True, help=N_("who hides them"))
@click.option("--why", required=True, help=N_("why; it stays in the log"))
def edition_hide(race: Path | None, by: str, why: str) -> None:
    """Hide the results on the board; scans go on being taken.

    The board keeps the counts and a sentence. An edition published meanwhile stays hidden too, until `marathon
    edition reveal`.
    """
    _hide(race, True, by, why)
    say(
        _("results are hidden; `marathon edition reveal` shows them"),
    )


@edition.command("reveal", cls=Command, examples="marathon edition reveal --why '시상식이 끝남'")
@race_option
@click.option("--by", default="desk", show_default=True, help=N_("who shows them"))
@click.option("--why", default="", help=N_("why"))
def edition_reveal(race: Path | None, by: str, why: str) -> None:
    """Show the hidden results again."""
    _hide(race, False, by, why)
    say(_("results are shown again"))


def _hide(race: Path | None, hidden: bool, by: str, why: str) -> None:
    with open_race(race) as opened:
        if opened.fold().office.hidden == hidden:
            text = _("hidden already") if hidden else _("not hidden")
            raise RaceError(_("the results are {text}", text=text))
        opened.log.record([ResultsHidden(hidden, by, why)])


def _publish(
    opened: OpenRace, state: State, until: Instant | None, held_back: Sequence[str], by: str, why: str
) -> EditionPublished:
    """Give out the results as they stand, save their canonical form, and sign what the log then holds."""
    while True:
        seen = opened.log.lineage_head(opened.log.desk).seq
        folded = opened.fold()
        results = results_now(opened, folded)
        published = next_edition(folded, state, results, until, held_back, by, why)
        try:
            opened.log.record([published], after=seen)
            break
        except Moved:  # a ruling came between: it belongs into the edition
            continue
    if folded.office.hidden:
        say(
            _("the board still hides the results; `marathon edition reveal` shows them"),
        )
    _save(opened.root / "editions" / f"{published.number:03}-{state}.jsonl", canonical(*results))
    witness_of(opened).sign(opened.log, f"{state}-{published.number}")
    return published


def _save(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    except OSError as failure:
        raise Unreachable(_("cannot write {file}: {failure}", file=file, failure=failure)) from failure


def _settle_who_is_open(opened: OpenRace, folded: Race, why: str) -> None:
    """Tell who has no final status; without a reason that is for a ruling to settle first.

    Raises:
        RaceError: there are such people, and nobody said why.
    """
    ranked, names = standings(folded), opened.directory.names()
    open_rows = [
        (_("still on the course"), [row for row in ranked.others if row.status is Status.STARTED]),
        (_("never seen"), [row for row in ranked.others if row.status is Status.REGISTERED]),
        (_("held"), [row for row in ranked.others if row.held]),
    ]
    found = [(text, rows) for text, rows in open_rows if rows]
    for text, rows in found:
        people = ", ".join(f"{row.entrant.bib} {names.people.get(row.entrant.id, '')}".strip() for row in rows[:SHOWN])
        more = f" … +{len(rows) - SHOWN}" if len(rows) > SHOWN else ""
        say(
            ngettext(
                "{text}: {n} person: {people}{more}",
                "{text}: {n} people: {people}{more}",
                len(rows),
                text=text,
                people=people,
                more=more,
            )
        )
    if taps := sum(reason is StrayReason.UNNAMED_TAP for _, reason in folded.open_items()):
        say(_("taps without a bib: {taps}", taps=taps))
    if found and not why:
        now = wall(opened.clock.now(), opened.zone)[:-2]
        raise RaceError(
            _(
                "rule first: `marathon rule close {now} --why REASON` makes them DNF and DNS, `marathon rule review` tells about the held; or say --why REASON to make it official as it is",
                now=now,
            ),
        )


def _print_since_last(opened: OpenRace, folded: Race) -> None:
    last = results_of(opened, folded.editions[-1])
    print_changes(last, results_now(opened, folded), opened.names(folded), folded.rules.rounding)


def _edition(race: Race, number: int) -> EditionPublished:
    if not 0 < number <= len(race.editions):
        raise RaceError(_("there is no edition {number}", number=number))
    return race.editions[number - 1]
