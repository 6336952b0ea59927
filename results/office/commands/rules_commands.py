"""The `marathon rules` commands: the rules in force, ready-made ones, and new ones linted and previewed before they hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from results.office.commands.confirming import decide
from results.office.rulings.decisions import rules_set
from results.office.rulings.rules_draft import draft_findings, draft_text, says
from timing.commands.command_line import Command, CommandGroup, race_option
from timing.errors import Unreachable, WrongUse
from timing.folder import RULES, OpenRace, find_race, open_race
from timing.language import N_, _, ngettext, pair
from timing.race.lint import findings
from timing.race.rules import Rules, draft_of
from timing.race.rules.presets import described, merged, names
from timing.race.rules.text import as_toml
from timing.terminal.output import say

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)


@click.group("rules", cls=CommandGroup)
def rules() -> None:
    """Rules: the log's are in force, rules.toml is a draft."""


@rules.command("show", cls=Command, examples="marathon rules show\nmarathon rules show > rules.toml")
@race_option
def show(race: Path | None) -> None:
    """The rules in force, as TOML."""
    with open_race(race) as opened:
        in_force = opened.fold().rules
        click.echo(as_toml(in_force), nl=False)
        _point_to_draft(opened, in_force)


def _point_to_draft(opened: OpenRace, in_force: Rules) -> None:
    """Say so where the folder's draft is not what holds."""
    draft = opened.root / RULES
    text = draft_text(draft) if draft.is_file() else ""
    if text and not says(text, RULES, in_force):  # an empty one is being written: `show > rules.toml`
        say(
            _(
                "{draft} differs from these; `marathon rules set --why REASON` puts it in force",
                draft=draft,
            ),
        )


@rules.command(
    "preset",
    cls=Command,
    examples="marathon rules preset\nmarathon rules preset gvalley necktie-10-together gvalley-individual > rules.toml",
)
@click.argument("chosen", metavar="[NAME]...", nargs=-1)
def preset_command(chosen: tuple[str, ...]) -> None:
    """The ready-made rules; with names their TOML, merged."""
    if not chosen:
        for name in names():
            click.echo(f"{name:<20} {pair(*described(name))}")
        return
    for name in set(chosen) - set(names()):
        raise WrongUse(
            _("there is no preset {name!r}; presets: {names}", name=name, names=", ".join(names())),
        )
    toml = merged(chosen)
    click.echo(toml, nl=False)
    for finding in findings(draft_of(toml, ", ".join(chosen))):
        click.echo(str(finding), err=True)


@rules.command("lint", cls=Command, examples="marathon rules lint\nmarathon rules lint 새규칙.toml")
@race_option
@FILE
def lint(race: Path | None, file: Path | None) -> int:
    """Check rules: gaps, overlaps, unknown names, unused keys.

    Without FILE the race folder's rules.toml; exit code 1 if there are errors.
    """
    with _perhaps_open(race, file) as opened:
        draft = file or _draft_of(opened)
        found = draft_findings(draft_text(draft), str(draft), opened)
    for finding in found:
        click.echo(str(finding))
    grave = sum(finding.grave for finding in found)
    say(
        ngettext(
            "{draft}: {n} error, {count} warnings",
            "{draft}: {n} errors, {count} warnings",
            grave,
            draft=draft,
            count=len(found) - grave,
        )
    )
    return int(grave > 0)


@rules.command(
    "set",
    cls=Command,
    examples="marathon rules set --preview\nmarathon rules set --why '단체상 추가'\nmarathon rules set 새규칙.toml --why '건타임으로' --yes",
)
@race_option
@FILE
@click.option("--why", default="", help=N_("why; it stays in the log"))
@click.option("--by", default="desk", show_default=True, help=N_("who decides"))
@click.option("--preview", is_flag=True, help=N_("only show what would change"))
@click.option("--yes", is_flag=True, help=N_("do not ask"))
def set_(race: Path | None, file: Path | None, why: str, by: str, preview: bool, yes: bool) -> None:
    """Put rules in force, linted and previewed first.

    Without FILE the race folder's rules.toml. Everything ever seen is judged anew.
    """
    if not preview and not why:
        raise WrongUse(_("say why with --why REASON"))
    with open_race(race) as opened:
        draft = file or _draft_of(opened)
        text = draft_text(draft)
        if draft_of(text, str(draft)) == opened.fold().rules:
            say(_("these rules are in force already"))
            return
        decide(opened, lambda office: rules_set(office, str(draft), text, by, why), preview, yes)


@contextmanager
def _perhaps_open(race: Path | None, file: Path | None) -> Iterator[OpenRace | None]:
    """The race, to hold the rules against its entries; a file of its own may be looked over without any."""
    try:
        root = find_race(race)
    except Unreachable:
        if race is not None or file is None:
            raise
        yield None
        return
    with open_race(root) as opened:
        yield opened


def _draft_of(opened: OpenRace | None) -> Path:
    assert opened  # without a race there is a file
    return opened.root / RULES
