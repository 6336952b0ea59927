"""The command `marathon people add`: somebody who stands at the counter and is in no list."""

from pathlib import Path

import click

from bibs.roster.registration.preview import preview
from bibs.roster.registration.walk_in import enter_walk_in
from timing.commands.command_line import Command, race_option
from timing.folder import open_race
from timing.language import N_, _
from timing.terminal.output import say


@click.command(
    "add",
    cls=Command,
    examples="marathon people add 이서연 --firm 가람전자 --sex F --born 1990-01-31 --bib 1250\n"
    "marathon people add 박새로 --firm 새솔정밀 --new-firm --sex M --team 1팀 --preview",
)
@race_option
@click.argument("name")
@click.option("--firm", "company", required=True, help=N_("the firm"))
@click.option("--new-firm", is_flag=True, help=N_("a firm of which nobody is entered yet"))
@click.option("--team", default="", help=N_("a team inside the firm"))
@click.option("--joint-team", "joint_team", default="", help=N_("a team across firms"))
@click.option("--sex", default="", help=N_("the sex"))
@click.option("--category", default="", help=N_("the category"))
@click.option("--born", default="", help=N_("gives the age group, and is not kept"))
@click.option("--wave", default="", help=N_("the wave (default: 1)"))
@click.option("--bib", default="", help=N_("a printed spare, or another free number"))
@click.option("--consent", is_flag=True, help=N_("agrees to the full name in public"))
@click.option("--namesake", is_flag=True, help=N_("another person of the same name"))
@click.option("--preview", "only_preview", is_flag=True, help=N_("only show what would be entered"))
def people_add(
    race: Path | None, new_firm: bool, consent: bool, namesake: bool, only_preview: bool, **said: str
) -> None:
    """Enter somebody who is in no list, on the spot.

    With the number of a printed spare there is nothing to print; else `marathon bibs --only-new --output office`
    prints the bib.
    """
    columns = {column: text for column, text in said.items() if text} | ({"consent": "yes"} if consent else {})
    with open_race(race) as opened:
        done = enter_walk_in(opened, columns, new_firm, namesake, only_preview)
    for remark in done.remarks:
        say(remark)
    for line in preview(done.plan, done.before, done.cards):
        click.echo(line)
    for fault in done.plan.flagged:
        click.echo(f"  {fault}", err=True)
    if only_preview:
        say(_("nothing was recorded"))
        return
    undo = f"marathon rule status withdrawn {done.entrant.bib or done.entrant.id} --why '잘못 등록'"
    say(_("entered; `{undo}` takes it out", undo=undo))
    if not done.printed:
        say(
            _("there is no printed bib yet: `marathon bibs --only-new --output office`"),
        )
