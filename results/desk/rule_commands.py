"""The `marathon rule` commands: what officials decide, each shown before it is recorded, each taken back by one more fact."""

from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import Any, Literal

import click

from results.desk.decide import decide
from results.desk.desk import Desk, at_desk
from results.desk.entered import entry_findings
from results.desk.review import review
from results.desk.told import named, told
from results.messages import both
from timing import events as said
from timing.codes import Code, typed_code
from timing.command_line import Command, echo_red, race_option, say
from timing.errors import RaceError, WrongUse
from timing.events import DeskFact, RuledStatus
from timing.folder import open_race
from timing.instants import MILLISECOND, Span, dated, wall
from timing.log.admission import is_desk
from timing.moments import seconds
from timing.particles import wave_word, with_particle
from timing.passings import Point
from timing.store.inbox import Inbox

Ruling = Callable[..., Sequence[DeskFact]]


class SecondsParam(click.ParamType[Span]):
    """A signed number of seconds."""

    name = "seconds"

    def convert(self, value: str | Span, param: click.Parameter | None, ctx: click.Context | None) -> Span:
        if isinstance(value, int):
            return value
        try:
            return seconds(value)
        except ValueError as wrong:
            self.fail(f"초를 -2.5나 +600처럼 적으세요 / {wrong}", param, ctx)


SECONDS = SecondsParam()
BIBS_SHOWN = 15


@click.group("rule")
def rule() -> None:
    """심판의 판정: 미리 보고, 기록하고, 되돌립니다. / Rulings: previewed, recorded, taken back.

    기록하기 전에 순위가 어떻게 바뀌는지 보여 주고, 무엇이든 되돌릴 수 있습니다. / What officials decide: shown as a rank diff before it is recorded, and taken back by `marathon rule undo`.
    """


def ruling(name: str, examples: str) -> Callable[[Ruling], click.Command]:
    """Declares a ruling: a function from the desk and its arguments to facts, with `by` and `why`."""

    def declare(function: Ruling) -> click.Command:
        def run(race: Path | None, by: str, why: str, preview: bool, yes: bool, **arguments: Any) -> None:
            if not preview and not why:
                raise WrongUse("까닭을 --why로 적으세요", "say why with --why REASON")
            with open_race(race) as opened:
                decide(opened, lambda desk: function(desk, by=by, why=why, **arguments), preview, yes)

        run.__doc__ = function.__doc__
        params = list(getattr(function, "__click_params__", []))
        negative = any(param.type is SECONDS for param in params)  # -2.5 is a number there, and no option
        settings = {"ignore_unknown_options": negative}
        command = click.command(name, cls=Command, examples=examples, context_settings=settings)(_shared(run))
        command.params = list(reversed(params)) + command.params
        rule.add_command(command)
        return command

    return declare


def _shared(function: Callable[..., None]) -> Callable[..., None]:
    """The options that every ruling takes."""
    for option in (
        race_option,
        click.option("--why", default="", help="까닭(기록에 남음) / why; it stays in the log"),
        click.option("--by", default="desk", show_default=True, help="누가 정했는지 / who decides"),
        click.option("--preview", is_flag=True, help="바뀔 것만 보고 기록하지 않음 / only show what would change"),
        click.option("--yes", is_flag=True, help="묻지 않음 / do not ask"),
    ):
        function = option(function)
    return function


@ruling("void", "marathon rule void 3f2a9c1b#12 --why '진행 요원이 지나감'\nmarathon rule void 3f2a9c1b#12 --preview")
@click.argument("scan")
def void(desk: Desk, scan: str, by: str, why: str) -> list[DeskFact]:
    """스캔 하나를 무효로 합니다. / A scan counts for nothing.

    SCAN은 `marathon explain`이 보여 주는 이름(3f2a9c1b#12) / SCAN is what `marathon explain` calls it.
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
    help="말하지 않은 스테이션이 있던 곳 / where a station stood that never said so",
)
def name_scan(
    desk: Desk, scan: str, bib: str, at_point: Literal["start", "finish"] | None, by: str, why: str
) -> list[DeskFact]:
    """누구의 것도 아닌 누름이나 스캔이 이 사람의 것입니다. / A tap or a scan of nobody's was this person's.

    SCAN은 `marathon rule review`와 `rule strays`가 보여 주는 이름(3f2a9c1b#12) / SCAN is what `marathon rule review` and `rule strays`
    call it.
    """
    found = desk.scan(scan)
    owner = desk.race.owner(found)
    if owner and found.station and found.source != "tap" and (found.lineage, found.seq) not in desk.race.book.named:
        raise RaceError(
            f"{scan}은(는) {desk.label(owner.id)}의 스캔입니다. 배번이 바뀌었으면 rule swap, 잘못된 스캔이면 rule void",
            f"{scan} is a scan of bib {owner.bib}; `rule swap` exchanges bibs, `rule void` strikes a scan",
        )
    if bool(found.station) == bool(at_point):
        raise WrongUse(
            f"{scan}: 어디였는지 --point로 적으세요"
            if not found.station
            else f"{scan}: {found.station}은(는) {found.point}",
            "say where it was with --point"
            if not found.station
            else f"{found.station} said that it stood at {found.point}",
        )
    return [said.ScanNamed(found.lineage, found.seq, desk.entrant(bib).id, at_point or "", by, why)]


@ruling("restore", "marathon rule restore 3f2a9c1b#12 --why '맞는 스캔이었음'")
@click.argument("scan")
def restore(desk: Desk, scan: str, by: str, why: str) -> list[DeskFact]:
    """무효로 한 스캔을 되살립니다. / A voided scan counts again."""
    found = desk.scan(scan)
    return _undo_all(
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
def finish(desk: Desk, bib: str, at: str, by: str, why: str) -> list[DeskFact]:
    """도착을 손으로 적습니다. / Enter a finish by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(desk, bib, "finish", at, by, why)


@ruling("start", "marathon rule start 417 14:00:12 --why '출발 영상'")
@click.argument("bib")
@click.argument("at")
def start(desk: Desk, bib: str, at: str, by: str, why: str) -> list[DeskFact]:
    """출발을 손으로 적습니다. / Enter a start by hand: a time of day, +time after the gun, or an ISO instant."""
    return _passing(desk, bib, "start", at, by, why)


def _passing(desk: Desk, bib: str, point: Literal["start", "finish"], at: str, by: str, why: str) -> list[DeskFact]:
    entrant = desk.entrant(bib)
    return [said.PassingEntered(entrant.id, point, desk.moment(at, entrant, may_precede=point == "start"), by, why)]


@ruling("start-offset", "marathon rule start-offset 61 -600 --why '10분 먼저 출발'")
@click.argument("bib")
@click.argument("offset", type=SECONDS)
def start_offset(desk: Desk, bib: str, offset: Span, by: str, why: str) -> list[DeskFact]:
    """총성에서 이만큼(초) 뒤에 출발했습니다. 음수는 먼저. / Started so many seconds after the gun (negative: before)."""
    return [said.StartOffsetGiven(desk.entrant(bib).id, offset, by, why)]


@ruling(
    "adjust",
    "marathon rule adjust 417 +30 --why '코스 이탈 벌칙'\nmarathon rule adjust 417 -12.5 --why '쓰러진 선수를 도움'",
)
@click.argument("bib")
@click.argument("amount", type=SECONDS)
def adjust(desk: Desk, bib: str, amount: Span, by: str, why: str) -> list[DeskFact]:
    """기록에 초를 더하거나(벌칙) 뺍니다. / Add seconds to a time (a penalty), or give some back."""
    return [said.TimeAdjusted(desk.entrant(bib).id, amount, by, why)]


@ruling("gun", "marathon rule gun 14:00:05 --why '심판 시계 확인'\nmarathon rule gun 14:10:02 --wave 2 --preview")
@click.argument("at")
@click.option("--wave", default="1", show_default=True, help="출발 조 / the wave")
def move_gun(desk: Desk, at: str, wave: str, by: str, why: str) -> list[DeskFact]:
    """이미 울린 총성의 시각을 고칩니다. / Move a gun that was recorded; all times of its wave follow."""
    wave = desk.wave(wave)
    if wave not in desk.race.guns:
        raise RaceError(
            f"{wave_word(wave)} 총성이 아직 없습니다. `marathon gun`으로 기록하세요",
            f"wave {wave} has no gun yet; record it with `marathon gun`",
        )
    return [said.GunMoved(wave, desk.moment(at, wave=wave, may_precede=True), by, why)]


@ruling("wave", "marathon rule wave 417 2 --why '2조와 함께 출발'")
@click.argument("bib")
@click.argument("wave")
def assign_wave(desk: Desk, bib: str, wave: str, by: str, why: str) -> list[DeskFact]:
    """참가자의 출발 조를 정합니다. / The wave an entrant starts with."""
    wave, known = desk.wave(wave), sorted(set(desk.race.book.waves.values()))
    if wave not in known:
        korean = f"⚠ {with_particle(wave_word(wave), '은/는')} 새 조입니다. 총성이 있어야 기록이 나옵니다. 있는 조: {', '.join(known)}"
        say(korean, f"wave {wave} is new, and without a gun nobody in it has a time; waves: {', '.join(known)}")
    return [said.WaveAssigned(desk.entrant(bib).id, wave, by, why)]


@ruling("swap", "marathon rule swap 417 418 --why '서로 바꿔 닮'")
@click.argument("bib")
@click.argument("other")
def swap(desk: Desk, bib: str, other: str, by: str, why: str) -> list[DeskFact]:
    """두 사람이 배번을 바꿔 달았습니다. 스캔도 모두 바뀝니다. / Two people wore each other's bibs; all scans change hands."""
    one, two = desk.entrant(bib), desk.entrant(other)
    if one == two:
        raise WrongUse("서로 다른 두 배번이 필요합니다", "two different bibs are needed")
    return [said.BibsSwapped(one.id, two.id, by, why)]


@ruling(
    "replace",
    "marathon rule replace 417 9001 --why '배번 분실, 예비로 바꿈'\n"
    "marathon rule replace 417 9001 7K3MX-Q2WAB-H --anyway --why '다른 곳에서 찍은 예비 배번'",
)
@click.argument("bib")
@click.argument("spare", type=click.IntRange(1, 999_999))
@click.argument("code", required=False)
@click.option("--anyway", is_flag=True, help="인쇄한 적 없는 코드라도 / even a code that was never printed")
def replace(desk: Desk, bib: str, spare: int, code: str | None, anyway: bool, by: str, why: str) -> list[DeskFact]:
    """잃은 배번 대신 예비 배번을 줍니다. / A spare bib for a lost one.

    인쇄한 예비 배번은 번호만으로 찾습니다. CODE는 QR 아래 글자. 잃은 배번이 찍힌 스캔도 그대로 그 사람의 것입니다.
    A printed spare is found by its number; CODE stands under its QR. What cameras saw of the lost bib still counts.
    """
    entrant = desk.entrant(bib)
    desk.refuse_another_s(spare, entrant.id)
    return [said.BibReplaced(entrant.id, spare, _spare_code(desk, entrant.id, spare, code, anyway), by, why)]


def _spare_code(desk: Desk, entrant: str, spare: int, typed: str | None, anyway: bool) -> Code:
    """The code of the bib that is given out.

    Raises:
        WrongUse: what was typed is no code, or none was typed and no such spare was printed.
        RaceError: the code is somebody else's, or none that was printed with this number.
    """
    printed, read = desk.race.book.spares.get(spare), typed_code(typed) if typed else None
    if typed and read is None:
        raise WrongUse(
            f"{typed}은(는) 배번 코드가 아닙니다", f"{typed} is no bib's code; type what stands under the QR"
        )
    code = read or printed
    if code is None:
        raise WrongUse(
            f"{spare}은(는) 인쇄한 예비 배번이 아닙니다. QR 아래 글자를 함께 적으세요",
            f"no spare bib {spare} was printed; type also the code under its QR",
        )
    if desk.race.holders.get(code, entrant) != entrant:
        raise RaceError(f"{code}은(는) 다른 참가자의 코드입니다", f"the code {code} belongs to somebody else")
    if code not in (printed, *desk.race.book.codes.get(entrant, ())) and not anyway:
        raise RaceError(
            f"배번 {spare}에 코드 {code}을(를) 인쇄한 적이 없습니다. 그래도 주려면 --anyway",
            f"no bib {spare} with the code {code} was ever printed; --anyway gives it all the same",
        )
    return code


@ruling(
    "point",
    "marathon rule point laptop-1 finish --why '출발이라고 잘못 켬'\nmarathon rule point laptop-1 finish --since 14:10:00 --preview",
)
@click.argument("station")
@click.argument("at_point", metavar="POINT", type=click.Choice(["start", "finish"]))
@click.option("--since", help="이때부터의 스캔만 / only scans from then on")
@click.option("--until", help="이때까지의 스캔만 / only scans until then")
def point(
    desk: Desk,
    station: str,
    at_point: Literal["start", "finish"],
    since: str | None,
    until: str | None,
    by: str,
    why: str,
) -> list[DeskFact]:
    """스테이션이 다른 곳에 있었습니다. / A station stood at another point than it said."""
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
    help="그 시계의 오차 ±ms / how uncertain, ± ms",
)
def clock(desk: Desk, station: str, ahead: Span, uncertainty_ms: int, by: str, why: str) -> list[DeskFact]:
    """스테이션 시계가 이만큼(초) 빨랐습니다. 음수는 느림. / A station's clock was so many seconds ahead (negative: behind)."""
    return [said.ClockRuled(desk.station(station), ahead, uncertainty_ms * MILLISECOND, by, why)]


@ruling(
    "jump",
    "marathon rule jump all server --why '서버의 시계를 누가 고침'\nmarathon rule jump finish-1 station --why '전화기가 잠들었음'\n"
    "marathon rule jump 3f2a9c1b#12 server --preview",
)
@click.argument("which", metavar="WHICH")
@click.argument("whose", type=click.Choice(["server", "station"]))
def jump(desk: Desk, which: str, whose: Literal["server", "station"], by: str, why: str) -> list[DeskFact]:
    """뛴 시계가 서버의 것인지 스테이션의 것인지 정합니다. / Whose clock it was that jumped.

    WHICH는 all, 스테이션 이름, 또는 `rule review`가 보여 주는 이름(3f2a9c1b#12). 여러 스테이션이 같은 때 같은 만큼 뛰었으면 서버의 시계,
    한 스테이션만이면 그 스테이션의 시계입니다. 서버의 시계였으면 그 뒤에 누른 총성과 손으로 적은 시각도 확인하세요.
    WHICH is `all`, a station, or what `rule review` calls the jump. Where several stations saw the same jump at the same time it was the
    server's clock, where one did its own. If it was the server's, look at guns and times that were recorded after it, too.
    """
    found = [
        one
        for one in desk.race.open_jumps()
        if which in ("all", one.station)
        or (f"{one.lineage}#{one.jump.seq}".startswith(which.partition("#")[0]) and which.endswith(f"#{one.jump.seq}"))
    ]
    if not found:
        raise RaceError(
            f"{which}: 누구의 시계인지 정하지 않은 것이 없습니다. `marathon rule review`를 보세요",
            f"no jump of a clock is open at {which}; see `marathon rule review`",
        )
    return [said.ClockJumpRuled(one.lineage, one.jump.seq, whose, by, why) for one in found]


@ruling("dead-heat", "marathon rule dead-heat 417 418 --why '손잡고 도착'")
@click.argument("bibs", nargs=-1, required=True)
def dead_heat(desk: Desk, bibs: tuple[str, ...], by: str, why: str) -> list[DeskFact]:
    """함께 들어온 것으로 판정합니다. 그 가운데 가장 빠른 기록으로 순위를 나눕니다. / They share a place, at the best of their times.

    기록이 나중에 바뀌어도 그렇습니다. 한 사람이 겹치는 판정은 하나가 됩니다. / So it stays whatever their times become; dead heats that
    share somebody are one.
    """
    entrants = [desk.entrant(bib) for bib in bibs]
    rows = [desk.live.standings().by_id[entrant.id] for entrant in entrants]
    if len({entrant.id for entrant in entrants}) < 2 or any(row.time is None for row in rows):
        raise WrongUse("순위가 있는 두 사람 이상이 필요합니다", "two or more people with a time are needed")
    ids = tuple(dict.fromkeys(entrant.id for entrant in entrants))
    return [said.DeadHeatRuled(ids, desk.live.standings().rules.basis, None, by, why)]


@ruling("status", "marathon rule status dsq 417 --why '대리 참가'\nmarathon rule status dnf 12 13 --why '구급차'")
@click.argument("status", type=click.Choice(["dns", "dnf", "dsq", "withdrawn"]))
@click.argument("bibs", nargs=-1, required=True)
def status(desk: Desk, status: RuledStatus, bibs: tuple[str, ...], by: str, why: str) -> list[DeskFact]:
    """실격(dsq), 미완주(dnf), 미출발(dns), 참가 취소(withdrawn). / Disqualify, or rule DNF, DNS, withdrawn."""
    return [said.StatusRuled(desk.entrant(bib).id, status, by, why) for bib in bibs]


@ruling("reinstate", "marathon rule reinstate 417 --why '이의 신청 인정'")
@click.argument("bib")
def reinstate(desk: Desk, bib: str, by: str, why: str) -> list[DeskFact]:
    """실격 등의 판정을 거둡니다. / Take back every status that was ruled."""
    entrant = desk.entrant(bib).id
    return _undo_all(desk, lambda fact: isinstance(fact, said.StatusRuled) and fact.entrant == entrant, by, why)


@ruling("withhold", "marathon rule withhold 417 --why '공개 동의 철회'")
@click.argument("bib")
def withhold(desk: Desk, bib: str, by: str, why: str) -> list[DeskFact]:
    """결과와 순위는 두고 누구인지 보이지 않습니다. / Keep the result and its place; nobody is told whose it is."""
    return [said.ResultWithheld(desk.entrant(bib).id, by, why)]


@ruling(
    "move",
    "marathon rule move 417 구로소프트 --why '이직'\nmarathon rule move 417 구로소프트 --team 개발팀 --why '팀 변경'",
)
@click.argument("bib")
@click.argument("company")
@click.option("--team", default="", help="팀(없으면 팀 없음) / the team (default: none)")
def move(desk: Desk, bib: str, company: str, team: str, by: str, why: str) -> list[DeskFact]:
    """참가자의 소속이나 팀을 바꿉니다. / An entrant runs for another company or team."""
    firm = desk.company(company)
    return [said.EntrantMoved(desk.entrant(bib).id, firm, desk.team(firm, team), by, why)]


@ruling("merge", "marathon rule merge '가산 정밀' 가산정밀 --why '같은 회사'")
@click.argument("company")
@click.argument("into")
def merge(desk: Desk, company: str, into: str, by: str, why: str) -> list[DeskFact]:
    """두 소속이 한 회사입니다. 이름이 같은 팀도 하나가 됩니다. / Two companies are one: everybody of the first runs for the second.

    Teams of the same name in both become one too. 되돌리면 모두 다시 나뉩니다. / Undone, all are two again.
    """
    gone, kept = desk.company(company), desk.company(into)
    if gone == kept:
        raise WrongUse("이미 한 소속입니다", "they are one company already")
    teams = tuple(desk.same_teams(gone, kept))
    for team in (desk.names.own_team(one) for one, _ in teams):
        say(f"같은 이름의 팀도 하나가 됩니다: {team}", f"the teams of this name become one too: {team}")
    return [said.CompaniesMerged(gone, kept, by, why, teams)]


@ruling("employees", "marathon rule employees 가산정밀 320 --why '회사 신고'")
@click.argument("company")
@click.argument("count", type=click.IntRange(min=0))
def employees(desk: Desk, company: str, count: int, by: str, why: str) -> list[DeskFact]:
    """회사의 임직원 수. / How many employees a company has."""
    return [said.HeadcountDeclared(desk.company(company), count, by, why)]


@ruling("course", "marathon rule course 4.5 --why '다시 잼'")
@click.argument("km", type=click.FloatRange(0.1, 100))
def course(desk: Desk, km: float, by: str, why: str) -> list[DeskFact]:
    """코스 길이(km). 페이스와 기부금이 따릅니다. / The course's length; pace and donations follow."""
    return [said.CourseMeasured(round(km * 1_000), by, why)]


@ruling("close", "marathon rule close 17:00:00 --why '제한 시간'")
@click.argument("at")
def close(desk: Desk, at: str, by: str, why: str) -> list[DeskFact]:
    """결승선을 닫습니다. 들어오지 않은 사람은 미완주, 나오지 않은 사람은 미출발. / Close the finish: who is out is DNF, who never came DNS."""
    return [said.CourseClosed(desk.moment(at), by, why)]


@ruling("undo", "marathon rule undo 5312 --why '잘못 누름'")
@click.argument("position", type=click.IntRange(min=1))
def undo(desk: Desk, position: int, by: str, why: str) -> list[DeskFact]:
    """판정 하나를 되돌립니다. 되돌린 것도 되돌릴 수 있습니다. / Take back a ruling, or an undo, by its position in the log."""
    if not desk.race.holds(position):
        raise RaceError(
            f"{position}번은 되돌릴 수 있는 판정이 아니거나 이미 되돌렸습니다. `marathon rule list`를 보세요",
            f"position {position} is no ruling in force; see `marathon rule list`",
        )
    for pos, fact in _later(desk, position):
        click.echo(f"  {pos:>6}  {told(desk, fact)}", err=True)
    return [said.FactUndone(position, by, why)]


@rule.command("list", cls=Command, examples="marathon rule list\nmarathon rule list --all")
@race_option
@click.option("--all", "everything", is_flag=True, help="되돌린 것까지 / also what was taken back")
def rule_list(race: Path | None, everything: bool) -> None:
    """지금 효력이 있는 판정들: 번호, 적은 시각, 누구. / The rulings in force: the positions that `undo` takes, when each was recorded, whom it is about."""
    with open_race(race) as opened:
        desk, now = at_desk(opened), opened.clock.now()
        recorded = {fact.pos: dated(fact.received_at, now, opened.zone) for fact in opened.log.read()}
        for pos, fact in desk.race.said.items():
            held = desk.race.holds(pos)
            if isinstance(fact, said.Correction) and (held or everything):
                click.echo(f"{pos:>6}  {recorded[pos][:-2]}  {'' if held else '(되돌림 / undone) '}{told(desk, fact)}")


@rule.command("review", cls=Command, examples="marathon rule review")
@race_option
def rule_review(race: Path | None) -> None:
    """살펴볼 것: 의심스러운 결과, 빠진 출발, 사진 판정, 코스 위의 사람. / What to look at: doubtful results, close finishes, who is out."""
    with open_race(race) as opened:
        desk = at_desk(opened)
        if reports := Inbox(opened.engine, opened.settings.id).messages():
            click.echo(
                f"• {both('review_messages')}: {len(reports)}  [{' '.join(one.written or '–' for one in reports[:BIBS_SHOWN])}]"
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
def set_aside(desk: Desk, position: int, by: str, why: str) -> list[DeskFact]:
    """세지 않는 기록을 확인했음을 적어 목록에서 뺍니다. / Settle an item that counts for nothing: it has been looked at.

    POSITION은 `rule review`나 `log verify`가 빨갛게 보이는 위치. 읽지 못하는 기록도 됩니다. 나중 버전이 읽더라도 세지 않습니다. / The position
    that `rule review` or `log verify` shows in red; nobody needs to be able to read it, and it will not count in a later version.
    """
    found = desk.race.aside.get(position)
    if found is None:
        raise RaceError(
            f"{position}번은 세지 않는 기록이 아닙니다", f"position {position} is no item that was set aside"
        )
    if is_desk(found.lineage):
        return [said.FactUndone(position, by, why)]
    return [said.ScanVoided(found.lineage, found.seq, by, why)]


@rule.command("strays", cls=Command, examples="marathon rule strays")
@race_option
def rule_strays(race: Path | None) -> None:
    """누구의 것도 아닌 스캔과 누름, 그 까닭. / Scans and taps that count for nobody, and why.

    누구의 것인지는 `marathon rule name`으로, 볼 것이 아니면 `marathon rule void`로 적습니다. / `marathon rule name` says whose one is,
    `marathon rule void` sets it aside.
    """
    from results.evidence import nobody_s, scan_words

    with open_race(race) as opened:
        folded = opened.fold()
        for scan, _ in sorted(folded.open_items(), key=lambda item: item[0].order):
            where = "" if scan.point is Point.PEN or not scan.station else f" {scan.point}"
            seen = f"{scan_words(scan, opened.zone)}{where}  {scan.code}".strip()
            click.echo(f"{scan.lineage[:8]}#{scan.seq}  {seen}  {nobody_s(folded, scan)}")


def _undo_all(desk: Desk, meant: Callable[[DeskFact], bool], by: str, why: str) -> list[DeskFact]:
    """Take back every ruling in force that is meant.

    Raises:
        RaceError: there is none.
    """
    found = [pos for pos, fact in desk.race.said.items() if meant(fact) and desk.race.holds(pos)]
    if not found:
        raise RaceError("되돌릴 판정이 없습니다", "there is no such ruling in force")
    return [said.FactUndone(pos, by, why) for pos in found]


def _later(desk: Desk, position: int) -> list[tuple[int, DeskFact]]:
    """Rulings in force that came later and name somebody whom this one names: they may rest on it."""
    about = named(desk.race.said[position], desk.race)
    later = [(pos, fact) for pos, fact in desk.race.said.items() if pos > position and desk.race.holds(pos)]
    return [(pos, fact) for pos, fact in later if about & named(fact, desk.race)]
