"""The `marathon rules` commands: the rules in force, ready-made ones, and new ones linted and previewed before they hold."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from results.desk.decide import decide
from results.desk.desk import Desk
from timing.command_line import Command, race_option, say
from timing.errors import Unreachable, WrongUse
from timing.events import DeskFact, RulesSet
from timing.folder import RULES, OpenRace, find_race, open_race
from timing.rules import Rules, draft_of, rules_of
from timing.rules.lint import Finding, findings
from timing.rules.presets import described, merged, names
from timing.rules.text import as_toml

FILE = click.argument("file", type=click.Path(path_type=Path, dir_okay=False), required=False)


class FaultyRules(WrongUse):
    """Rules with errors are not put in force."""

    def __init__(self, where: Path, errors: int) -> None:
        super().__init__(
            f"{where}: 오류 {errors}개를 고친 뒤에 효력을 줄 수 있습니다. 아무것도 기록하지 않았습니다",
            f"{errors} errors keep these rules from being put in force; nothing was recorded",
        )


@click.group("rules")
def rules() -> None:
    """판정과 순위의 규칙: 기록(log)에 있는 것이 효력이 있고 rules.toml은 초안. / Rules: the log's are in force, rules.toml is a draft."""


@rules.command("show", cls=Command, examples="marathon rules show\nmarathon rules show > rules.toml")
@race_option
def show(race: Path | None) -> None:
    """효력이 있는 규칙을 TOML로. / The rules in force, as TOML."""
    with open_race(race) as opened:
        in_force = opened.fold().rules
        click.echo(as_toml(in_force), nl=False)
        _point_to_draft(opened, in_force)


def _point_to_draft(opened: OpenRace, in_force: Rules) -> None:
    """Say so where the folder's draft is not what holds."""
    draft = opened.root / RULES
    text = _text(draft) if draft.is_file() else ""
    if text and not _says(text, in_force):  # an empty one is being written: `show > rules.toml`
        say(
            f"{draft}은(는) 이와 다릅니다. 효력을 주려면 `marathon rules set --why '까닭'`",
            f"{RULES} differs from these; `marathon rules set --why REASON` puts it in force",
        )


def _says(text: str, in_force: Rules) -> bool:
    try:
        return draft_of(text, RULES) == in_force
    except WrongUse:  # whatever is wrong with it, the linter says
        return False


@rules.command(
    "preset",
    cls=Command,
    examples="marathon rules preset\nmarathon rules preset gvalley necktie-10-together gvalley-individual > rules.toml",
)
@click.argument("chosen", metavar="[NAME]...", nargs=-1)
def preset_command(chosen: tuple[str, ...]) -> None:
    """준비된 규칙의 목록. 이름을 주면 하나로 합친 TOML. / The ready-made rules; with names their TOML, merged."""
    if not chosen:
        for name in names():
            korean, english = described(name)
            click.echo(f"{name:<20} {korean}\n{'':<20} {english}")
        return
    for name in set(chosen) - set(names()):
        raise WrongUse(
            f"{name!r} 프리셋은 없습니다. 있는 것: {', '.join(names())}",
            f"there is no preset {name!r}; presets: {', '.join(names())}",
        )
    text = merged(chosen)
    click.echo(text, nl=False)
    _tell_on_stderr(findings(draft_of(text, ", ".join(chosen))))


@rules.command("lint", cls=Command, examples="marathon rules lint\nmarathon rules lint 새규칙.toml")
@race_option
@FILE
def lint(race: Path | None, file: Path | None) -> int:
    """규칙을 살핍니다: 빈틈, 겹침, 없는 이름, 쓰이지 않는 키. / Look rules over: gaps, overlaps, unknown names, idle keys.

    FILE이 없으면 대회 폴더의 rules.toml. 오류가 있으면 1로 끝납니다. / Without FILE the race folder's rules.toml; exit code 1
    if there are errors.
    """
    with _perhaps_open(race, file) as opened:
        draft = file or _draft_of(opened)
        read = draft_of(_text(draft), str(draft))
        found = _findings_in(read, opened) if opened else findings(read)
    for finding in found:
        click.echo(str(finding))
    grave = sum(finding.grave for finding in found)
    say(f"{draft}: 오류 {grave}개, 주의 {len(found) - grave}개", f"{grave} errors, {len(found) - grave} warnings")
    return int(grave > 0)


@rules.command(
    "set",
    cls=Command,
    examples="marathon rules set --preview\nmarathon rules set --why '단체상 추가'\nmarathon rules set 새규칙.toml --why '건타임으로' --yes",
)
@race_option
@FILE
@click.option("--why", default="", help="까닭(기록에 남음) / why; it stays in the log")
@click.option("--by", default="desk", show_default=True, help="누가 정했는지 / who decides")
@click.option("--preview", is_flag=True, help="바뀔 것만 보고 기록하지 않음 / only show what would change")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
def set_(race: Path | None, file: Path | None, why: str, by: str, preview: bool, yes: bool) -> None:
    """규칙에 효력을 줍니다. 그 전에 살피고 순위가 어떻게 바뀌는지 보여 줍니다. / Put rules in force, linted and previewed first.

    FILE이 없으면 대회 폴더의 rules.toml. 지금까지 본 모든 것을 새 규칙으로 다시 판정합니다. / Without FILE the race folder's
    rules.toml. Everything ever seen is judged anew.
    """
    if not preview and not why:
        raise WrongUse("까닭을 --why로 적으세요", "say why with --why REASON")
    with open_race(race) as opened:
        draft = file or _draft_of(opened)
        text = _text(draft)
        if draft_of(text, str(draft)) == opened.fold().rules:
            say("이미 효력이 있는 규칙과 같습니다", "these rules are in force already")
            return
        decide(opened, lambda desk: _ruled(desk, draft, text, by, why), preview, yes)


def _ruled(desk: Desk, draft: Path, text: str, by: str, why: str) -> list[DeskFact]:
    """The fact that puts the draft in force.

    Raises:
        FaultyRules: the linter finds errors.
    """
    found = findings(draft_of(text, str(draft)), desk.race, desk.names, desk.opened.settings.date)
    _tell_on_stderr(found)
    if grave := sum(finding.grave for finding in found):
        raise FaultyRules(draft, grave)
    return [RulesSet(rules_of(text, str(draft)), by, why)]


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


def _text(file: Path) -> str:
    """The text of a rules file.

    Raises:
        Unreachable: it is not there, or no text.
    """
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as failure:
        raise Unreachable(f"{file}: 읽을 수 없습니다: {failure}", f"cannot be read: {failure}") from failure


def _tell_on_stderr(found: list[Finding]) -> None:
    for finding in found:
        click.echo(str(finding), err=True)


def _findings_in(rules: Rules, opened: OpenRace) -> list[Finding]:
    """What the linter says of these rules for this race."""
    race = opened.fold()
    return findings(rules, race, opened.names(race), opened.settings.date)
