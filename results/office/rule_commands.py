"""The `marathon rule` commands: what officials decide, each shown before it is recorded, each taken back by one more fact."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import click

from timing.commands.command_line import Command, CommandGroup, echo_red, race_option, say
from timing.errors import RaceError, WrongUse
from timing.language import N_, _, warning
from timing.race import events as said
from timing.race.codes import Code, typed_code
from timing.race.events import DeskFact, RuledStatus
from timing.race.instants import MILLISECOND, Span, dated, wall

if TYPE_CHECKING:  # the database and the rankings are imported by what uses them: help is quick
    from results.office.rulings import Office

Ruling = Callable[..., Sequence[DeskFact]]


class SecondsParam(click.ParamType[Span]):
    """A signed number of seconds."""

    name = "seconds"

    def convert(self, value: str | Span, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        if isinstance(value, int):
            return value
        from timing.race.moments import seconds

        try:
            return seconds(value)
        except ValueError as wrong:
            self.fail(str(_("write seconds as -2.5 or +600 ({wrong})", wrong=wrong)), param, ctx)


SECONDS = SecondsParam()
BIBS_SHOWN = 15


@click.group("rule", cls=CommandGroup)
def rule() -> None:
    """Rulings: previewed, recorded, taken back.

    What officials decide: shown as a rank diff before it is recorded, and taken back by `marathon rule undo`.
    """


def ruling(
    name: str, examples: str, group: click.Group = rule, usual_why: str = ""
) -> Callable[[Ruling], click.Command]:
    """Declares a ruling: a function from the desk and its arguments to facts, with `by` and `why`."""

    def declare(function: Ruling) -> click.Command:
        def run(race: Path | None, by: str, why: str, preview: bool, yes: bool, **arguments: Any) -> None:
            if not preview and not why:
                raise WrongUse(_("say why with --why REASON"))
            from results.office.confirming import decide
            from timing.folder import open_race

            with open_race(race) as opened:
                decide(opened, lambda desk: function(desk, by=by, why=why, **arguments), preview, yes)

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
def void(desk: Office, scan: str, by: str, why: str) -> list[DeskFact]:
    """A scan counts for nothing.

    SCAN is what `marathon explain` calls it.
    """
    found = desk.scan(scan)
    return [said.ScanVoided(found.lineage, found.seq, by, why)]


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
def name_scan(
    desk: Office, scan: str, bib: str, at_point: Literal["start", "finish"] | None, by: str, why: str
) -> list[DeskFact]:
    """An unassigned tap or scan was this person's.

    SCAN is what `marathon rule review` and `rule strays` call it.
    """
    found = desk.scan(scan)
    owner = desk.race.owner(found)
    if (
        owner
        and found.station
        and found.source not in ("tap", "unread")
        and (found.lineage, found.seq) not in desk.race.office.named
    ):
        raise RaceError(
            _(
                "{scan} is a scan of {id}; `rule swap` exchanges bibs, `rule void` voids a scan",
                scan=scan,
                id=desk.label(owner.id),
            ),
        )
    if bool(found.station) == bool(at_point):
        raise WrongUse(
            _("{scan}: say where it was with --point", scan=scan)
            if not found.station
            else _(
                "{scan}: {station} said that it stood at {point}", scan=scan, station=found.station, point=found.point
            )
        )
    return [said.ScanNamed(found.lineage, found.seq, desk.entrant(bib).id, at_point or "", by, why)]


@ruling("restore", "marathon rule restore 3f2a9c1b#12 --why '맞는 스캔이었음'")
@click.argument("scan")
def restore(desk: Office, scan: str, by: str, why: str) -> list[DeskFact]:
    """A voided scan counts again."""
    found = desk.scan(scan)
    return undo_all(
        desk,
        lambda fact: isinstance(fact, said.ScanVoided) and (fact.lineage, fact.seq) == (found.lineage, found.seq),
        by,
        why,
    )


@ruling(
    "finish",
    "marathon rule finish 417 14:17:05.2 --why '영상 판독'\nmarathon rule finish 417 +17:05.2 --why '수기 기록지'",
)
@click.argument("bib")
@click.argument("at")
def finish(desk: Office, bib: str, at: str, by: str, why: str) -> list[DeskFact]:
    """Enter a finish by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(desk, bib, "finish", at, by, why)


@ruling("start", "marathon rule start 417 14:00:12 --why '출발 영상'")
@click.argument("bib")
@click.argument("at")
def start(desk: Office, bib: str, at: str, by: str, why: str) -> list[DeskFact]:
    """Enter a start by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(desk, bib, "start", at, by, why)


def _passing(desk: Office, bib: str, point: Literal["start", "finish"], at: str, by: str, why: str) -> list[DeskFact]:
    entrant = desk.entrant(bib)
    return [said.PassingEntered(entrant.id, point, desk.moment(at, entrant, may_precede=point == "start"), by, why)]


@ruling("start-offset", "marathon rule start-offset 61 -600 --why '10분 먼저 출발'")
@click.argument("bib")
@click.argument("offset", type=SECONDS)
def start_offset(desk: Office, bib: str, offset: Span, by: str, why: str) -> list[DeskFact]:
    """Started so many seconds after the gun (negative: before)."""
    return [said.StartOffsetGiven(desk.entrant(bib).id, offset, by, why)]


@ruling(
    "adjust",
    "marathon rule adjust 417 +30 --why '코스 이탈 벌칙'\nmarathon rule adjust 417 -12.5 --why '쓰러진 선수를 도움'",
)
@click.argument("bib")
@click.argument("amount", type=SECONDS)
def adjust(desk: Office, bib: str, amount: Span, by: str, why: str) -> list[DeskFact]:
    """Add seconds to a time (a penalty), or give some back."""
    return [said.TimeAdjusted(desk.entrant(bib).id, amount, by, why)]


@ruling("gun", "marathon rule gun 14:00:05 --why '심판 시계 확인'\nmarathon rule gun 14:10:02 --wave 2 --preview")
@click.argument("at")
@click.option("--wave", default="1", show_default=True, help=N_("the wave"))
def move_gun(desk: Office, at: str, wave: str, by: str, why: str) -> list[DeskFact]:
    """Move a gun that was recorded; all times of its wave follow."""
    wave = desk.wave(wave)
    if wave not in desk.race.guns:
        raise RaceError(
            _("wave {wave} has no gun yet; record it with `marathon gun`", wave=wave),
        )
    return [said.GunMoved(wave, desk.moment(at, wave=wave, may_precede=True), by, why)]


@ruling("wave", "marathon rule wave 417 2 --why '2조와 함께 출발'")
@click.argument("bib")
@click.argument("wave")
def assign_wave(desk: Office, bib: str, wave: str, by: str, why: str) -> list[DeskFact]:
    """The wave an entrant starts with."""
    wave, known = desk.wave(wave), sorted(set(desk.race.office.waves.values()))
    if wave not in known:
        say(
            warning(
                _(
                    "wave {wave} is new, and without a gun nobody in it has a time; waves: {known}",
                    wave=wave,
                    known=", ".join(known),
                )
            )
        )
    return [said.WaveAssigned(desk.entrant(bib).id, wave, by, why)]


@ruling("swap", "marathon rule swap 417 418 --why '서로 바꿔 닮'")
@click.argument("bib")
@click.argument("other")
def swap(desk: Office, bib: str, other: str, by: str, why: str) -> list[DeskFact]:
    """Two people wore each other's bibs; all scans change hands."""
    one, two = desk.entrant(bib), desk.entrant(other)
    if one == two:
        raise WrongUse(_("two different bibs are needed"))
    return [said.BibsSwapped(one.id, two.id, by, why)]


@ruling(
    "replace",
    "marathon rule replace 417 9001 --why '배번 분실, 예비로 바꿈'\n"
    "marathon rule replace 417 9001 7K3MX-Q2WAB-H --anyway --why '다른 곳에서 찍은 예비 배번'",
)
@click.argument("bib")
@click.argument("spare", type=click.IntRange(1, 999_999))
@click.argument("code", required=False)
@click.option("--anyway", is_flag=True, help=N_("even a code that was never printed"))
def replace(desk: Office, bib: str, spare: int, code: str | None, anyway: bool, by: str, why: str) -> list[DeskFact]:
    """A spare bib for a lost one.

    A printed spare is found by its number; CODE stands under its QR. What cameras saw of the lost bib still
    counts.
    """
    entrant = desk.entrant(bib)
    desk.refuse_another_s(spare, entrant.id)
    return [said.BibReplaced(entrant.id, spare, _spare_code(desk, entrant.id, spare, code, anyway), by, why)]


def _spare_code(desk: Office, entrant: str, spare: int, typed: str | None, anyway: bool) -> Code:
    """The code of the bib that is given out.

    Raises:
        WrongUse: what was typed is no code, or none was typed and no such spare was printed.
        RaceError: the code is somebody else's, or none that was printed with this number.
    """
    printed, read = desk.race.office.spares.get(spare), typed_code(typed) if typed else None
    if typed and read is None:
        raise WrongUse(_("{typed} is no bib's code; type the code printed under the QR", typed=typed))
    code = read or printed
    if code is None:
        raise WrongUse(
            _("no spare bib {spare} was printed; type also the code under its QR", spare=spare),
        )
    if desk.race.holders.get(code, entrant) != entrant:
        raise RaceError(_("the code {code} belongs to somebody else", code=code))
    if code not in (printed, *desk.race.office.codes.get(entrant, ())) and not anyway:
        raise RaceError(
            _(
                "no bib {spare} with the code {code} was ever printed; --anyway gives it all the same",
                spare=spare,
                code=code,
            ),
        )
    return code


@ruling(
    "point",
    "marathon rule point laptop-1 finish --why '출발이라고 잘못 켬'\nmarathon rule point laptop-1 finish --since 14:10:00 --preview",
)
@click.argument("station")
@click.argument("at_point", metavar="POINT", type=click.Choice(["start", "finish"]))
@click.option("--since", help=N_("only scans from then on"))
@click.option("--until", help=N_("only scans until then"))
def point(
    desk: Office,
    station: str,
    at_point: Literal["start", "finish"],
    since: str | None,
    until: str | None,
    by: str,
    why: str,
) -> list[DeskFact]:
    """A station stood at another point than it said."""
    begins, ends = (None if text is None else desk.moment(text, may_precede=True) for text in (since, until))
    return [said.StationRepointed(desk.station(station), at_point, begins, ends, by, why)]


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
def clock(desk: Office, station: str, ahead: Span, uncertainty_ms: int, by: str, why: str) -> list[DeskFact]:
    """A station's clock was so many seconds ahead (negative: behind)."""
    return [said.ClockRuled(desk.station(station), ahead, uncertainty_ms * MILLISECOND, by, why)]


@ruling(
    "jump",
    "marathon rule jump all server --why '서버의 시계를 누가 고침'\nmarathon rule jump finish-1 station --why '전화기가 잠들었음'\n"
    "marathon rule jump 3f2a9c1b#12 server --preview",
)
@click.argument("which", metavar="WHICH")
@click.argument("whose", type=click.Choice(["server", "station"]))
def jump(desk: Office, which: str, whose: Literal["server", "station"], by: str, why: str) -> list[DeskFact]:
    """Whose clock it was that jumped.

    WHICH is `all`, a station, or what `rule review` calls the jump. Where several stations saw the same jump at
    the same time it was the server's clock, where one did its own. If it was the server's, look at guns and times
    that were recorded after it, too.
    """
    found = [
        one
        for one in desk.race.open_jumps()
        if which in ("all", one.station)
        or (f"{one.lineage}#{one.jump.seq}".startswith(which.partition("#")[0]) and which.endswith(f"#{one.jump.seq}"))
    ]
    if not found:
        raise RaceError(
            _("no jump of a clock is open at {which}; see `marathon rule review`", which=which),
        )
    return [said.ClockJumpRuled(one.lineage, one.jump.seq, whose, by, why) for one in found]


@ruling("dead-heat", "marathon rule dead-heat 417 418 --why '손잡고 도착'")
@click.argument("bibs", nargs=-1, required=True)
def dead_heat(desk: Office, bibs: tuple[str, ...], by: str, why: str) -> list[DeskFact]:
    """They share a place, at the best of their times.

    So it stays whatever their times become; dead heats that share somebody are one.
    """
    entrants = [desk.entrant(bib) for bib in bibs]
    rows = [desk.live.standings().by_id[entrant.id] for entrant in entrants]
    if len({entrant.id for entrant in entrants}) < 2 or any(row.time is None for row in rows):
        raise WrongUse(_("two or more people with a time are needed"))
    ids = tuple(dict.fromkeys(entrant.id for entrant in entrants))
    return [said.DeadHeatRuled(ids, desk.live.standings().rules.basis, None, by, why)]


@ruling("status", "marathon rule status dsq 417 --why '대리 참가'\nmarathon rule status dnf 12 13 --why '구급차'")
@click.argument("status", type=click.Choice(["dns", "dnf", "dsq", "withdrawn"]))
@click.argument("bibs", nargs=-1, required=True)
def status(desk: Office, status: RuledStatus, bibs: tuple[str, ...], by: str, why: str) -> list[DeskFact]:
    """Disqualify, or rule DNF, DNS, withdrawn."""
    return [said.StatusRuled(desk.entrant(bib).id, status, by, why) for bib in bibs]


@ruling("reinstate", "marathon rule reinstate 417 --why '이의 신청 인정'")
@click.argument("bib")
def reinstate(desk: Office, bib: str, by: str, why: str) -> list[DeskFact]:
    """Take back every status that was ruled."""
    entrant = desk.entrant(bib).id
    return undo_all(desk, lambda fact: isinstance(fact, said.StatusRuled) and fact.entrant == entrant, by, why)


@ruling("withhold", "marathon rule withhold 417 --why '공개 동의 철회'")
@click.argument("bib")
def withhold(desk: Office, bib: str, by: str, why: str) -> list[DeskFact]:
    """Keep the result and its place; nobody is told whose it is."""
    return [said.ResultWithheld(desk.entrant(bib).id, by, why)]


@ruling(
    "move",
    "marathon rule move 417 구로소프트 --why '이직'\nmarathon rule move 417 구로소프트 --team 개발팀 --why '팀 변경'",
)
@click.argument("bib")
@click.argument("company")
@click.option("--team", default="", help=N_("the team (default: none)"))
def move(desk: Office, bib: str, company: str, team: str, by: str, why: str) -> list[DeskFact]:
    """An entrant runs for another company or team."""
    firm = desk.company(company)
    return [said.EntrantMoved(desk.entrant(bib).id, firm, desk.team(firm, team), by, why)]


@ruling("merge", "marathon rule merge '가산 정밀' 가산정밀 --why '같은 회사'")
@click.argument("company")
@click.argument("into")
def merge(desk: Office, company: str, into: str, by: str, why: str) -> list[DeskFact]:
    """Two companies are one: everybody of the first runs for the second.

    Teams of the same name in both become one too. Undone, all are two again.
    """
    gone, kept = desk.company(company), desk.company(into)
    if gone == kept:
        raise WrongUse(_("they are one company already"))
    teams = tuple(desk.same_teams(gone, kept))
    for team in (desk.names.own_team(one) for one, _other in teams):
        say(_("the teams of this name become one too: {team}", team=team))
    return [said.CompaniesMerged(gone, kept, by, why, teams)]


@ruling("employees", "marathon rule employees 가산정밀 320 --why '회사 신고'")
@click.argument("company")
@click.argument("count", type=click.IntRange(min=0))
def employees(desk: Office, company: str, count: int, by: str, why: str) -> list[DeskFact]:
    """How many employees a company has."""
    return [said.HeadcountDeclared(desk.company(company), count, by, why)]


@ruling("course", "marathon rule course 4.5 --why '다시 잼'")
@click.argument("km", type=click.FloatRange(0.1, 100))
def course(desk: Office, km: float, by: str, why: str) -> list[DeskFact]:
    """The course's length; pace and donations follow."""
    return [said.CourseOpened(round(km * 1_000), by, why)]


@ruling("close", "marathon rule close 17:00:00 --why '제한 시간'")
@click.argument("at")
def close(desk: Office, at: str, by: str, why: str) -> list[DeskFact]:
    """Close the finish: who is out is DNF, who never came DNS."""
    return [said.CourseClosed(desk.moment(at), by, why)]


@ruling("undo", "marathon rule undo 5312 --why '잘못 누름'")
@click.argument("position", type=click.IntRange(min=1))
def undo(desk: Office, position: int, by: str, why: str) -> list[DeskFact]:
    """Take back a ruling, or an undo, by its position in the log."""
    if not desk.race.holds(position):
        raise RaceError(
            _("position {position} is no ruling in force; see `marathon rule list`", position=position),
        )
    from results.office.telling import told

    for pos, fact in _later(desk, position):
        click.echo(f"  {pos:>6}  {told(desk, fact)}", err=True)
    return [said.FactUndone(position, by, why)]


@rule.command("list", cls=Command, examples="marathon rule list\nmarathon rule list --all")
@race_option
@click.option("--all", "everything", is_flag=True, help=N_("also what was taken back"))
def rule_list(race: Path | None, everything: bool) -> None:
    """The rulings in force: the positions that `undo` takes, when each was recorded, whom it is about."""
    from results.office.rulings import at_desk
    from results.office.telling import told
    from timing.folder import open_race

    with open_race(race) as opened:
        desk, now = at_desk(opened), opened.clock.now()
        recorded = {fact.pos: dated(fact.received_at, now, opened.zone) for fact in opened.log.read()}
        for pos, fact in desk.race.said.items():
            held = desk.race.holds(pos)
            if isinstance(fact, said.Correction) and (held or everything):
                undone = "" if held else str(_("(undone) "))
                click.echo(f"{pos:>6}  {recorded[pos][:-2]}  {undone}{told(desk, fact)}")


@rule.command("review", cls=Command, examples="marathon rule review")
@race_option
def rule_review(race: Path | None) -> None:
    """What to check: doubtful results, close finishes, who is still out."""
    from results.office.entered_late import entry_findings
    from results.office.review import review
    from results.office.rulings import at_desk
    from timing.folder import open_race
    from timing.people.inbox import Inbox

    with open_race(race) as opened:
        desk = at_desk(opened)
        if reports := Inbox(opened.engine, opened.settings.id).messages():
            click.echo(
                f"• {_('reports of missing times (`marathon board inbox`)')}: {len(reports)}  [{' '.join(one.written or '–' for one in reports[:BIBS_SHOWN])}]"
            )
        entered = entry_findings(desk.race, opened.settings.date)
        found = review(desk.race, desk.live.standings(), desk.names, lambda at: wall(at, opened.zone))
        for finding in chain(found, entered):
            shown = " ".join(str(bib or "–") for bib in finding.bibs[:BIBS_SHOWN])
            more = f" … +{len(finding.bibs) - BIBS_SHOWN}" if len(finding.bibs) > BIBS_SHOWN else ""
            text = f"• {finding.text}{'  [' + shown + more + ']' if shown else ''}"
            (echo_red if finding.grave else click.echo)(text)


@ruling("set-aside", "marathon rule set-aside 5312 --why '상한 기록, 영상으로 확인함'")
@click.argument("position", type=click.IntRange(min=1))
def set_aside(desk: Office, position: int, by: str, why: str) -> list[DeskFact]:
    """Settle an item that counts for nothing: it has been looked at.

    The position that `rule review` or `log verify` shows in red; nobody needs to be able to read it, and it will
    not count in a later version.
    """
    from timing.race.admission import is_desk

    found = desk.race.aside.get(position)
    if found is None:
        raise RaceError(_("position {position} is no item that was set aside", position=position))
    if is_desk(found.lineage):
        return [said.FactUndone(position, by, why)]
    return [said.ScanVoided(found.lineage, found.seq, by, why)]


@rule.command("strays", cls=Command, examples="marathon rule strays")
@race_option
def rule_strays(race: Path | None) -> None:
    """Scans and taps that count for nobody, and why.

    `marathon rule name` says whose one is, `marathon rule void` sets it aside.
    """
    from results.view.evidence import nobody_s, scan_words
    from timing.folder import open_race
    from timing.race.passings import Point

    with open_race(race) as opened:
        folded = opened.fold()
        for scan, _ in sorted(folded.open_items(), key=lambda item: item[0].order):
            where = "" if scan.point is Point.PEN or not scan.station else f" {scan.point}"
            seen = f"{scan_words(scan, opened.zone)}{where}  {scan.code}".strip()
            click.echo(f"{scan.lineage[:8]}#{scan.seq}  {seen}  {nobody_s(folded, scan)}")


def undo_all(desk: Office, meant: Callable[[DeskFact], bool], by: str, why: str) -> list[DeskFact]:
    """Take back every ruling in force that is meant.

    Raises:
        RaceError: there is none.
    """
    found = [pos for pos, fact in desk.race.said.items() if meant(fact) and desk.race.holds(pos)]
    if not found:
        raise RaceError(_("there is no such ruling in force"))
    return [said.FactUndone(pos, by, why) for pos in found]


def _later(desk: Office, position: int) -> list[tuple[int, DeskFact]]:
    """Rulings in force that came later and name somebody whom this one names: they may rest on it."""
    from results.office.telling import named

    about = named(desk.race.said[position], desk.race)
    later = [(pos, fact) for pos, fact in desk.race.said.items() if pos > position and desk.race.holds(pos)]
    return [(pos, fact) for pos, fact in later if about & named(fact, desk.race)]
