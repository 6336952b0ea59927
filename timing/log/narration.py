"""Says a fact in one line, Korean first and English beside it, for people who read the log."""

from typing import assert_never
from zoneinfo import ZoneInfo

from timing import events as said
from timing.instants import MILLISECOND, SECOND, Instant, Span, wall
from timing.particles import wave_word


def tell(fact: said.Event, zone: ZoneInfo) -> str:
    """The fact as a sentence; times of day are in the race's zone."""
    sentence = _tell(fact, zone)
    by, why = getattr(fact, "by", ""), getattr(fact, "why", "")
    return f"{sentence} ({': '.join(filter(None, (by, why)))})" if by else sentence


def _tell(fact: said.Event, zone: ZoneInfo) -> str:
    match fact:
        case (
            said.StationOpened()
            | said.PenOpened()
            | said.SplitOpened()
            | said.StationClosed()
            | said.ScanRecorded()
            | said.MarkRecorded()
            | said.BibTyped()
            | said.TapRecorded()
            | said.TapNamed()
            | said.ClockSampled()
            | said.ClockSeen()
            | said.FilmJumped()
            | said.OutboxMended()
        ):
            return _station(fact, zone)
        case said.ServerClockRead(at=at, wall=on_the_wall):
            apart = _seconds(Span(on_the_wall - at))
            return f"서버 시계 {wall(at, zone)}, 벽시계와 {apart} / the server's clock read, its wall clock {apart}"
        case said.RaceOpened(race=race, course_m=metres):
            return f"대회 시작 {race}, 코스 {metres} m / race opened, course {metres} m"
        case said.EntrantRegistered(entrant=entrant, company=company, team=team):
            return f"참가 등록 {entrant} ({company}{', ' + team if team else ''}) / entrant registered"
        case said.BibAssigned() | said.MarkDrawn() | said.SpareDrawn():
            return _bib(fact)
        case said.WaveStarted(wave=wave, at=at):
            return f"{wave_word(wave)} 총성 {wall(at, zone)} / gun of wave {wave}"
        case said.LogRestored(facts=facts):
            return f"사본에서 {facts}건을 되살림 / log restored from a copy of {facts} facts"
        case said.BranchMerged(lineage=lineage, branch=branch, first=first):
            return f"갈라진 기록 {lineage[:8]}#{first}~을(를) {branch[:8]}로 받아들임 / forked branch merged"
        case said.EditionPublished(number=number, state=state, facts=facts):
            return f"{number}판 {'확정' if state == 'official' else '잠정'}, 기록 {facts}번까지 / edition {number}, {state}"
        case _:
            return _correction(fact, zone)


def _bib(fact: said.BibAssigned | said.MarkDrawn | said.SpareDrawn) -> str:
    match fact:
        case said.BibAssigned(bib=bib, entrant=entrant, code=code):
            return f"배번 {bib} → {entrant}, 코드 {code} / bib and code assigned"
        case said.MarkDrawn(code=code, mark=mark):
            return f"코드 {code}의 배번에 표식 {mark} / mark of a bib"
        case said.SpareDrawn(bib=bib, code=code):
            return f"예비 배번 {bib}, 코드 {code} / spare bib"
        case never:
            assert_never(never)


def _station(fact: said.StationFact, zone: ZoneInfo) -> str:
    match fact:
        case said.MarkRecorded(code=code, first_at=first, last_at=last, sightings=seen):
            return f"표식 {code} {wall(first, zone)}~{wall(last, zone)}, {seen}번 보임 / mark, {seen} sightings"
        case said.BibTyped(code=code, at=at):
            return f"손으로 친 배번 {code} {wall(at, zone)} / bib typed"
        case said.TapRecorded(at=at):
            return f"누른 순간 {wall(at, zone)} / tap"
        case said.TapNamed(tap=tap, code=code):
            return f"{tap}번에 누른 사람은 {code} / tap {tap} named"
        case said.ClockSampled() | said.ClockSeen():
            return _clock(fact)
        case said.FilmJumped(at=at, shift=by, frame=frame):
            return f"영상의 시계가 장면 {frame}({wall(at, zone)})에서 {by / SECOND:+.3f}초 뜀 / the film's clock jumped at frame {frame}"
        case said.OutboxMended(of=of):
            return f"보관함 {of[:8]}의 상한 기록 자리 / a damaged item of the outbox {of[:8]}, which goes on here"
        case said.StationOpened() | said.PenOpened() | said.SplitOpened() | said.StationClosed():
            return _stand(fact, zone)
        case said.ScanRecorded(code=code, first_at=first, last_at=last, sightings=seen):
            return f"스캔 {code} {wall(first, zone)}~{wall(last, zone)}, {seen}번 보임 / scan, {seen} sightings"
        case never:
            assert_never(never)


def _stand(fact: said.StationOpened | said.PenOpened | said.SplitOpened | said.StationClosed, zone: ZoneInfo) -> str:
    match fact:
        case said.StationOpened(station=station, point=point):
            return f"스테이션 {station} → {point} / station opened"
        case said.PenOpened(station=station, wave=wave):
            return f"스테이션 {station} → {wave_word(wave)} 대기 구역 / station opened in the pen of wave {wave}"
        case said.SplitOpened(station=station, metres=metres):
            return f"스테이션 {station} → 코스 {metres} m / station opened {metres} m along the course"
        case said.StationClosed(at=at):
            return f"스테이션이 {wall(at, zone)}에 끝냄 / station closed"


def _clock(fact: said.ClockSampled | said.ClockSeen) -> str:
    if isinstance(fact, said.ClockSeen):
        apart = _ms(Span(fact.other_at - fact.seen_at))
        return f"시계 {fact.other}의 코드를 봄, {apart} 차이 / the code of another clock seen"
    return f"서버 시각을 물음, {_ms(Span(fact.received - fact.sent))} 걸림 / clock sampled"


def _correction(fact: said.Correction, zone: ZoneInfo) -> str:  # noqa: C901  (a table: a sentence for each fact)
    match fact:
        case said.PassingEntered() | said.StartOffsetGiven() | said.TimeAdjusted() | said.StatusRuled():
            return _ruling(fact, zone)
        case said.WaveStarted(wave=wave, at=at):
            return f"{wave_word(wave)} 총성 {wall(at, zone)} / gun of wave {wave}"
        case said.GunMoved(wave=wave, at=at):
            return f"{wave_word(wave)} 총성을 {wall(at, zone)}(으)로 고침 / gun of wave {wave} moved"
        case said.RulesSet(rules=rules):
            return f"규칙을 정함, 단체 순위 {len(rules.ranking)}가지 / rules set, {len(rules.ranking)} group rankings"
        case said.CourseMeasured(course_m=metres):
            return f"코스 길이 {metres} m / course length {metres} m"
        case said.WaveAssigned(entrant=entrant, wave=wave):
            return f"{entrant}은(는) {wave_word(wave)} / assigned to wave {wave}"
        case said.EntrantMoved(entrant=entrant, company=company, team=team):
            return f"{entrant} 소속을 {company}{', ' + team if team else ''}(으)로 / moved to another company or team"
        case said.CompaniesMerged(company=company, into=into):
            return f"소속 {company}을(를) {into}에 합침 / companies merged"
        case said.HeadcountDeclared(company=company, employees=employees):
            return f"{company} 임직원 {employees}명 / {employees} employees declared"
        case said.BibReplaced(entrant=entrant, bib=bib, code=code):
            return f"{entrant}의 배번을 {bib}(코드 {code})(으)로 바꿈 / bib replaced"
        case said.StandInEntered(entrant=entrant, stand_in=stand_in):
            return f"{entrant} 대신 {stand_in}이(가) 뜀 / {stand_in} runs instead of {entrant}"
        case said.BibsSwapped(one=one, other=other):
            return f"{one}와(과) {other}의 배번을 맞바꿈 / bibs swapped"
        case said.ScanVoided(lineage=lineage, seq=seq):
            return f"스캔 {lineage[:8]}#{seq} 무효 / scan voided"
        case said.ScanNamed(lineage=lineage, seq=seq, entrant=entrant):
            return f"{lineage[:8]}#{seq}은(는) {entrant} / a tap or scan named"
        case said.ResultWithheld(entrant=entrant):
            return f"{entrant}의 결과를 이름 없이 / result withheld"
        case said.DeadHeatRuled(entrants=entrants):
            return f"{', '.join(entrants)} 동시 도착 / dead heat"
        case said.StationRepointed(station=station, point=point, since=since, until=until):
            return f"스테이션 {station}은(는) {point}{_while(since, until, zone)} / station stood at {point}"
        case said.ClockRuled(station=station, ahead=ahead, uncertainty=uncertainty):
            return f"{station} 시계가 {_ms(ahead)} 빨랐음(±{_ms(Span(uncertainty))}) / clock was ahead"
        case said.ClockJumpRuled(lineage=lineage, seq=seq, whose=whose):
            korean = "서버" if whose == "server" else "스테이션"
            return f"{lineage[:8]}#{seq}의 시계 차이가 뛴 것은 {korean} 쪽 / the jump was the {whose}'s clock"
        case said.CourseClosed(at=at):
            return f"코스를 {wall(at, zone)}에 닫음 / course closed"
        case said.ResultsHidden(hidden=hidden):
            return "결과를 가림 / results hidden" if hidden else "결과를 다시 보임 / results shown again"
        case said.FactUndone(pos=pos):
            return f"{pos}번 기록을 되돌림 / fact {pos} undone"
        case never:
            assert_never(never)


def _ruling(
    fact: said.PassingEntered | said.StartOffsetGiven | said.TimeAdjusted | said.StatusRuled, zone: ZoneInfo
) -> str:
    match fact:
        case said.PassingEntered(entrant=entrant, point=point, at=at):
            return f"{entrant} {point} {wall(at, zone)}을(를) 손으로 적음 / passing entered by hand"
        case said.StartOffsetGiven(entrant=entrant, offset=offset):
            return f"{entrant} 출발은 총성 {_seconds(offset)} 뒤 / started {_seconds(offset)} after the gun"
        case said.TimeAdjusted(entrant=entrant, amount=amount):
            return f"{entrant} 기록에 {_seconds(amount)} / time adjusted"
        case said.StatusRuled(entrant=entrant, status=status):
            return f"{entrant} 판정 {status.upper()} / ruled {status.upper()}"
        case never:
            assert_never(never)


def _while(since: Instant | None, until: Instant | None, zone: ZoneInfo) -> str:
    if since is None and until is None:
        return ""
    return f", {'' if since is None else wall(since, zone)}~{'' if until is None else wall(until, zone)}"


def _ms(time: Span) -> str:
    return f"{time / MILLISECOND:,.3f}".rstrip("0").rstrip(".") + " ms"


def _seconds(time: Span) -> str:
    return f"{time / SECOND:+,.6f}".rstrip("0").rstrip(".") + " s"
