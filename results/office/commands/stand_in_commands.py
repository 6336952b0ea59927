"""The command `marathon people stand-in`: somebody new runs with the bib of somebody who does not come."""

from pathlib import Path

import click

from results.office.commands.confirming import decide
from results.office.rulings.substitution import Substitute, substitution
from timing.commands.command_line import Command, race_option
from timing.folder import open_race
from timing.language import N_
from timing.race.spelling import clean, sex_of


@click.command(
    "stand-in",
    cls=Command,
    examples="marathon people stand-in 417 이서연 --sex F --born 1990-01-31 --why '출장'\n"
    "marathon people stand-in 417 이서연 --sex 여 --category 10K --preview",
)
@race_option
@click.argument("who", metavar="BIB")
@click.argument("name")
@click.option("--sex", default="", help=N_("the new person's sex"))
@click.option("--category", default="", help=N_("the new person's category"))
@click.option("--born", default="", help=N_("gives the age group, and is not kept"))
@click.option("--team", help=N_("the team (default: the absent one's)"))
@click.option(
    "--bib",
    type=click.IntRange(1, 999_999),
    help=N_("wears this printed spare instead of the absent one's bib"),
)
@click.option("--why", default="대신 뜀", show_default=True, help=N_("why; it stays in the log"))
@click.option("--by", default="desk", show_default=True, help=N_("who decides"))
@click.option("--preview", is_flag=True, help=N_("only show what would change"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def stand_in(
    race: Path | None,
    who: str,
    name: str,
    sex: str,
    category: str,
    born: str,
    team: str | None,
    bib: int | None,
    why: str,
    by: str,
    preview: bool,
    yes: bool,
) -> None:
    """Somebody else runs instead.

    A new person with an own sex and category wears the same bib; the absent one is withdrawn. Consent to a full
    name does not go over.
    """
    with open_race(race) as opened:
        person = Substitute(clean(name), sex_of(sex), category, born, team, bib)
        decide(opened, lambda office: substitution(office, who, person, by, why), preview, yes)
