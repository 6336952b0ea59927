"""The `marathon edition` commands: provisional results, the protest window, official results, and what changed between them."""

from pathlib import Path

import click

from results.files.terminal_tables import print_changes
from results.office.commands.confirming import ask
from results.office.jobs.publication import (
    OpenAnswers,
    canonical_edition,
    compared,
    hide_results,
    open_items,
    open_lines,
    publish_official,
    publish_provisional,
    refuse_unready,
    refuse_unsettled,
)
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.folder import OpenRace, open_race
from timing.language import N_, _
from timing.people.office_seats import Official
from timing.race.fold import Race
from timing.race.instants import dated
from timing.terminal.output import say


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
        published = publish_provisional(opened, protest_minutes, Official(by, "director"), why)
        _say_if_hidden(opened)
        assert published.protest_until is not None
        told = dated(published.protest_until, opened.clock.now(), opened.zone)
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
        folded = opened.fold()
        items = open_items(opened, folded)
        refuse_unready(opened, folded, items, OpenAnswers(despite, early))
        for line in open_lines(opened, items):
            say(line)
        refuse_unsettled(opened, items, why)
        _print_changes(opened, folded)
        if not yes:
            ask()
        held_back = [one for one in items.holding if one in despite]
        published = publish_official(opened, held_back, Official(by, "director"), why)
        _say_if_hidden(opened)
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
        _print_changes(opened, opened.fold(), old, new)


@edition.command("show", cls=Command, examples="marathon edition show 1 > 1판.jsonl")
@race_option
@click.argument("number", type=click.IntRange(min=1))
def edition_show(race: Path | None, number: int) -> None:
    """Make an edition again from the log, verify it, and print it."""
    with open_race(race) as opened:
        chosen, told = canonical_edition(opened, number)
        click.echo(told, nl=False)
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
    with open_race(race) as opened:
        hide_results(opened, True, Official(by, "director"), why)
    say(
        _("results are hidden; `marathon edition reveal` shows them"),
    )


@edition.command("reveal", cls=Command, examples="marathon edition reveal --why '시상식이 끝남'")
@race_option
@click.option("--by", default="desk", show_default=True, help=N_("who shows them"))
@click.option("--why", default="", help=N_("why"))
def edition_reveal(race: Path | None, by: str, why: str) -> None:
    """Show the hidden results again."""
    with open_race(race) as opened:
        hide_results(opened, False, Official(by, "director"), why)
    say(_("results are shown again"))


def _print_changes(opened: OpenRace, folded: Race, old: int | None = None, new: int | None = None) -> None:
    print_changes(*compared(opened, folded, old, new), opened.names(folded), folded.rules.rounding)


def _say_if_hidden(opened: OpenRace) -> None:
    if opened.fold().office.hidden:
        say(_("the board still hides the results; `marathon edition reveal` shows them"))
