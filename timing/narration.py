"""Says a fact in one line, Korean first and English beside it, for people who read the log."""

from typing import assert_never
from zoneinfo import ZoneInfo

from timing.events import (
    BibAssigned,
    BranchMerged,
    EntrantRegistered,
    Event,
    GunMoved,
    LogRestored,
    RaceOpened,
    ScanRecorded,
    StationOpened,
    WaveStarted,
)
from timing.instants import wall


def tell(fact: Event, zone: ZoneInfo) -> str:
    """The fact as a sentence; times of day are in the race's zone."""
    match fact:
        case RaceOpened(race=race, course_m=metres):
            return f"대회 시작 {race}, 코스 {metres} m / race opened, course {metres} m"
        case EntrantRegistered(entrant=entrant, company=company, team=team):
            return f"참가 등록 {entrant} ({company}{', ' + team if team else ''}) / entrant registered"
        case BibAssigned(bib=bib, entrant=entrant, code=code):
            return f"배번 {bib} → {entrant}, 코드 {code} / bib and code assigned"
        case WaveStarted(wave=wave, at=at):
            return f"{wave}조 총성 {wall(at, zone)} / gun of wave {wave}"
        case GunMoved(wave=wave, at=at, by=by, why=why):
            return f"{wave}조 총성을 {wall(at, zone)}(으)로 고침({by}: {why}) / gun of wave {wave} moved"
        case StationOpened(station=station, point=point):
            return f"스테이션 {station} → {point} / station opened"
        case ScanRecorded(code=code, first_at=first, last_at=last, sightings=sightings):
            return (
                f"스캔 {code} {wall(first, zone)}~{wall(last, zone)}, {sightings}번 보임 / scan, {sightings} sightings"
            )
        case BranchMerged(lineage=lineage, branch=branch, first=first, by=by, why=why):
            return (
                f"갈라진 기록 {lineage[:8]}#{first}~을(를) {branch[:8]}로 받아들임({by}: {why}) / forked branch merged"
            )
        case LogRestored(facts=facts, by=by, why=why):
            return f"사본에서 {facts}건을 되살림({by}: {why}) / log restored from a copy of {facts} facts"
        case never:
            assert_never(never)
