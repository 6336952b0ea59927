"""The `marathon rule` commands: what officials decide, each shown before it is recorded, each taken back by one more fact."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from timing.commands.command_line import Command, CommandGroup, race_option
from timing.errors import WrongUse
from timing.language import N_, _
from timing.terminal.output import echo_red

if TYPE_CHECKING:  # the database, the facts and the rankings are imported by what uses them: help is quick
    from timing.race.instants import Span


class SecondsParam(click.ParamType["Span"]):
    """A signed number of seconds."""

    name = "seconds"

    def convert(self, value: str | Span, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        if isinstance(value, int):
            return value
        from timing.race.moments import seconds

        try:
            return seconds(value)
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


SECONDS = SecondsParam()


@click.group("rule", cls=CommandGroup)
def rule() -> None:
    """Rulings: previewed, recorded, taken back.

    What officials decide: shown as a rank diff before it is recorded, and taken back by `marathon rule undo`.
    """


def ruling(
    name: str,
    examples: str,
    group: click.Group = rule,
    usual_why: str = "",
    module: str = "results.office.rulings.decisions",
) -> Callable[[Callable[[], None]], click.Command]:
    """Declares a ruling by its arguments and help; the function of the same name in `module` makes its facts."""

    def declare(function: Callable[[], None]) -> click.Command:
        def run(race: Path | None, by: str, why: str, preview: bool, yes: bool, **arguments: Any) -> None:
            if not preview and not why:
                raise WrongUse(_("say why with --why REASON"))
            from results.office.commands.confirming import decide
            from timing.folder import open_race

            make = getattr(import_module(module), function.__name__)
            with open_race(race) as opened:
                decide(opened, lambda office: make(office, by=by, why=why, **arguments), preview, yes)

        run.__doc__ = function.__doc__
        params = list(getattr(function, "__click_params__", []))
        negative = any(param.type is SECONDS for param in params)  # -2.5 is a number there, and no option
        settings = {"ignore_unknown_options": negative}
        command = click.command(name, cls=Command, examples=examples, context_settings=settings)(
            _shared(run, usual_why)
        )
        command.params = list(reversed(params)) + command.params
        group.add_command(command)
        return command

    return declare


def _shared(function: Callable[..., None], usual_why: str = "") -> Callable[..., None]:
    """The options that every ruling takes."""
    for option in (
        race_option,
        click.option("--why", default=usual_why, show_default=bool(usual_why), help=N_("why; it stays in the log")),
        click.option("--by", default="desk", show_default=True, help=N_("who decides")),
        click.option("--preview", is_flag=True, help=N_("only show what would change")),
        click.option("--yes", is_flag=True, help=N_("do not ask")),
    ):
        function = option(function)
    return function


@ruling("void", "marathon rule void 3f2a9c1b#12 --why '진행 요원이 지나감'\nmarathon rule void 3f2a9c1b#12 --preview")
@click.argument("scan")
def void() -> None:
    """A scan counts for nothing.

    SCAN is what `marathon explain` calls it.
    """


@ruling(
    "name",
    "marathon rule name 3f2a9c1b#12 417 --why '영상 판독'\nmarathon rule name 3f2a9c1b#12 김하늘 --preview",
)
@click.argument("scan")
@click.argument("bib")
@click.option(
    "--point",
    "at_point",
    type=click.Choice(["start", "finish"]),
    help=N_("where a station really stood that reported no point"),
)
def name_scan() -> None:
    """An unassigned tap or scan was this person's.

    SCAN is what `marathon rule review` and `rule strays` call it.
    """


@ruling("restore", "marathon rule restore 3f2a9c1b#12 --why '맞는 스캔이었음'")
@click.argument("scan")
def restore() -> None:
    """A voided scan counts again."""


@ruling(
    "finish",
    "marathon rule finish 417 14:17:05.2 --why '영상 판독'\nmarathon rule finish 417 +17:05.2 --why '수기 기록지'",
)
@click.argument("bib")
@click.argument("at")
def finish() -> None:
    """Enter a finish by hand: a time of day, +time after the gun, or an ISO instant."""


@ruling("start", "marathon rule start 417 14:00:12 --why '출발 영상'")
@click.argument("bib")
@click.argument("at")
def start() -> None:
    """Enter a start by hand: a time of day, +time after the gun, or an ISO instant."""


@ruling("start-offset", "marathon rule start-offset 61 -600 --why '10분 먼저 출발'")
@click.argument("bib")
@click.argument("offset", type=SECONDS)
def start_offset() -> None:
    """Started so many seconds after the gun (negative: before)."""


@ruling(
    "adjust",
    "marathon rule adjust 417 +30 --why '코스 이탈 벌칙'\nmarathon rule adjust 417 -12.5 --why '쓰러진 선수를 도움'",
)
@click.argument("bib")
@click.argument("amount", type=SECONDS)
def adjust() -> None:
    """Add seconds to a time (a penalty), or give some back."""


@ruling("gun", "marathon rule gun 14:00:05 --why '심판 시계 확인'\nmarathon rule gun 14:10:02 --wave 2 --preview")
@click.argument("at")
@click.option("--wave", default="1", show_default=True, help=N_("the wave"))
def move_gun() -> None:
    """Move a gun that was recorded; all times of its wave follow."""


@ruling("wave", "marathon rule wave 417 2 --why '2조와 함께 출발'")
@click.argument("bib")
@click.argument("wave")
def assign_wave() -> None:
    """The wave an entrant starts with."""


@ruling("swap", "marathon rule swap 417 418 --why '서로 바꿔 달았음'")
@click.argument("bib")
@click.argument("other")
def swap() -> None:
    """Two people wore each other's bibs; all scans change hands."""


@ruling(
    "replace",
    "marathon rule replace 417 9001 --why '배번 분실, 예비로 바꿈'\n"
    "marathon rule replace 417 9001 7K3MX-Q2WAB-H --anyway --why '다른 곳에서 찍은 예비 배번'",
)
@click.argument("bib")
@click.argument("spare", type=click.IntRange(1, 999_999))
@click.argument("code", required=False)
@click.option("--anyway", is_flag=True, help=N_("even a code that was never printed"))
def replace() -> None:
    """A spare bib for a lost one.

    A printed spare is found by its number; CODE stands under its QR. What cameras saw of the lost bib still
    counts.
    """


@ruling(
    "point",
    "marathon rule point laptop-1 finish --why '출발이라고 잘못 켬'\nmarathon rule point laptop-1 finish --since 14:10:00 --preview",
)
@click.argument("station")
@click.argument("at_point", metavar="POINT", type=click.Choice(["start", "finish"]))
@click.option("--since", help=N_("only scans from then on"))
@click.option("--until", help=N_("only scans until then"))
def point() -> None:
    """A station stood at another point than it said."""


@ruling(
    "give-up",
    "marathon rule give-up finish-2 --why '노트북 고장'\nmarathon rule give-up finish-2 --why '노트북 고장' --preview",
)
@click.argument("station")
def give_up() -> None:
    """Nobody waits any more for what a station that has not closed may still hold; if it comes, it counts."""


@ruling("clock", "marathon rule clock finish-2 +2.35 --why '시계 비교: 2.35초 빠름'")
@click.argument("station")
@click.argument("ahead", type=SECONDS)
@click.option(
    "--uncertainty-ms",
    type=click.IntRange(min=0),
    default=0,
    show_default=True,
    help=N_("how uncertain, ± ms"),
)
def clock() -> None:
    """A station's clock was so many seconds ahead (negative: behind)."""


@ruling(
    "jump",
    "marathon rule jump all server --why '서버의 시계를 누가 고침'\nmarathon rule jump finish-1 station --why '전화기가 잠들었음'\n"
    "marathon rule jump 3f2a9c1b#12 server --preview",
)
@click.argument("which", metavar="WHICH")
@click.argument("whose", type=click.Choice(["server", "station"]))
def jump() -> None:
    """Whose clock it was that jumped.

    WHICH is `all`, a station, or what `rule review` calls the jump. Where several stations saw the same jump at
    the same time it was the server's clock, where one did its own. If it was the server's, look at guns and times
    that were recorded after it, too.
    """


@ruling("dead-heat", "marathon rule dead-heat 417 418 --why '손잡고 도착'")
@click.argument("bibs", nargs=-1, required=True)
def dead_heat() -> None:
    """They share a place, at the best of their times.

    So it stays whatever their times become; dead heats that share somebody are one.
    """


@ruling("status", "marathon rule status dsq 417 --why '대리 참가'\nmarathon rule status dnf 12 13 --why '구급차'")
@click.argument("status", type=click.Choice(["dns", "dnf", "dsq", "withdrawn"]))
@click.argument("bibs", nargs=-1, required=True)
def status() -> None:
    """Disqualify, or rule DNF, DNS, withdrawn."""


@ruling("reinstate", "marathon rule reinstate 417 --why '이의 신청 인정'")
@click.argument("bib")
def reinstate() -> None:
    """Take back every status that was ruled."""


@ruling("withhold", "marathon rule withhold 417 --why '공개 동의 철회'")
@click.argument("bib")
def withhold() -> None:
    """Keep the result and its place; nobody is told whose it is."""


@ruling(
    "move",
    "marathon rule move 417 구로소프트 --why '이직'\nmarathon rule move 417 구로소프트 --team 개발팀 --why '팀 변경'",
)
@click.argument("bib")
@click.argument("company")
@click.option("--team", default="", help=N_("the team (default: none)"))
def move() -> None:
    """An entrant runs for another company or team."""


@ruling("merge", "marathon rule merge '가산 정밀' 가산정밀 --why '같은 회사'")
@click.argument("company")
@click.argument("into")
def merge() -> None:
    """Two companies are one: everybody of the first runs for the second.

    Teams of the same name in both become one too. Undone, all are two again.
    """


@ruling("employees", "marathon rule employees 가산정밀 320 --why '회사 신고'")
@click.argument("company")
@click.argument("count", type=click.IntRange(min=0))
def employees() -> None:
    """How many employees a company has."""


@ruling("course", "marathon rule course 4.5 --why '다시 잼'")
@click.argument("km", type=click.FloatRange(0.1, 100))
def course() -> None:
    """The course's length; pace and donations follow."""


@ruling("close", "marathon rule close 17:00:00 --why '제한 시간'")
@click.argument("at")
def close() -> None:
    """Close the finish: who is out is DNF, who never came DNS."""


@ruling("undo", "marathon rule undo 5312 --why '잘못 누름'")
@click.argument("position", type=click.IntRange(min=1))
def undo() -> None:
    """Take back a ruling, or an undo, by its position in the log."""


@rule.command("list", cls=Command, examples="marathon rule list\nmarathon rule list --all")
@race_option
@click.option("--all", "everything", is_flag=True, help=N_("also what was taken back"))
def rule_list(race: Path | None, everything: bool) -> None:
    """The rulings in force: the positions that `undo` takes, when each was recorded, whom it is about."""
    from results.office.commands.review_lists import rulings_of
    from timing.folder import open_race

    with open_race(race) as opened:
        for line in rulings_of(opened, everything):
            undone = "" if line.in_force else str(_("(undone) "))
            click.echo(f"{line.position:>6}  {line.recorded}  {undone}{line.sentence}")


@rule.command("review", cls=Command, examples="marathon rule review")
@race_option
def rule_review(race: Path | None) -> None:
    """What to check: doubtful results, close finishes, who is still out."""
    from results.office.commands.review_lists import everything_to_review
    from timing.folder import open_race

    with open_race(race) as opened:
        for finding in everything_to_review(opened):
            (echo_red if finding.grave else click.echo)(f"• {finding.line}")


@ruling("set-aside", "marathon rule set-aside 5312 --why '상한 기록, 영상으로 확인함'")
@click.argument("position", type=click.IntRange(min=1))
def set_aside() -> None:
    """Settle an item that counts for nothing: it has been looked at.

    The position that `rule review` or `log verify` shows in red; nobody needs to be able to read it, and it will
    not count in a later version.
    """


@rule.command("strays", cls=Command, examples="marathon rule strays")
@race_option
def rule_strays(race: Path | None) -> None:
    """Scans and taps that count for nobody, and why.

    `marathon rule name` says whose one is, `marathon rule void` sets it aside.
    """
    from results.office.commands.review_lists import unassigned_scans
    from timing.folder import open_race

    with open_race(race) as opened:
        for line in unassigned_scans(opened):
            click.echo(line)
