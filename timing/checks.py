"""What `marathon doctor` finds: one line per part, and for a missing one what it means and how to get it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum
from importlib.util import find_spec
from pathlib import Path

from timing.categories import outdated
from timing.clock import SteadyClock
from timing.codes import for_practice
from timing.errors import RaceError
from timing.folder import OpenRace, find_race, open_race
from timing.instants import SECOND, Span
from timing.log.admission import set_aside_words
from timing.race import Race, jump_words
from timing.timekeeper import set_words

SAFE_SQLITE = (3, 51, 3)  # before it two connections could, very rarely, damage a WAL (SQLite 3.51.3 release notes)
SHOWN = 3  # of what was set aside; `log quarantine` shows all
ROOMS = ("timing", "bibs", "scanners", "results", "marathon")


class State(Enum):
    """How a part is: good, worth knowing, or in the way."""

    GOOD = "✓"
    ADVICE = "!"
    MISSING = "✗"


@dataclass(frozen=True, slots=True)
class Check:
    """One part: its name, its state and a sentence, each in both languages."""

    part: str
    state: State
    korean: str
    english: str

    def __str__(self) -> str:
        return f"{self.state.value} {self.part}: {self.korean} / {self.english}"


def timing_checks(race: Path | None) -> Iterator[Check]:
    """Python, the rooms, SQLite, the race's database and address, and the clock."""
    yield Check("Python", State.GOOD, sys.version.split()[0], sys.version.split()[0])
    yield _rooms()
    yield _sqlite()
    found = _Found()
    yield from _race(race, found)
    yield _clock(found)


def _rooms() -> Check:
    """Public packages of the same names would take our rooms' place without a warning."""
    home = Path(__file__).resolve().parent.parent
    strangers = [room for room in ROOMS if not _lies_in(room, home)]
    if strangers:
        names = ", ".join(strangers)
        return Check(
            "marathon", State.MISSING, f"다른 패키지가 {names}을(를) 가립니다", f"another package hides {names}"
        )
    return Check("marathon", State.GOOD, "제자리에 있습니다", "all rooms are in place")


def _lies_in(room: str, home: Path) -> bool:
    found = find_spec(room)
    return bool(found and found.origin and home in Path(found.origin).resolve().parents)


def _sqlite() -> Check:
    found = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        return Check(
            "SQLite",
            State.ADVICE,
            f"{found}: 쓸 수 있으나 3.51.3부터 더 안전합니다",
            f"{found}: works; 3.51.3 is safer",
        )
    return Check("SQLite", State.GOOD, found, found)


@dataclass(slots=True)
class _Found:
    """What the check of the clock needs of the race."""

    race: Race | None = None
    moved: Span = field(default=Span(0))
    """How far this machine's wall clock is ahead of the race's time."""


def _race(race: Path | None, found: _Found) -> Iterator[Check]:
    try:
        root = find_race(race)
        with open_race(root) as opened:
            folded, host = opened.fold(), opened.settings.host
            found.race, found.moved = folded, _moved(opened)
            stale = list(outdated(folded, folded.rules, opened.settings.date))
    except RaceError as trouble:
        state = State.MISSING if race else State.ADVICE
        yield Check("대회 / race", state, trouble.korean, trouble.english)
        return
    yield Check("대회 / race", State.GOOD, f"{root}, 기록 {folded.facts}건", f"{root}, {folded.facts} facts")
    yield from _set_aside(folded)
    if jumps := folded.open_jumps():
        yield Check("시계 / clock", State.MISSING, *jump_words(jumps))
    yield _address(host)
    for korean, english in stale:
        yield Check("연령대 / age groups", State.ADVICE, korean, english)


def _set_aside(race: Race) -> Iterator[Check]:
    """What stands in the log and counts for nothing."""
    waiting = race.set_aside()
    if waiting:
        first = "; ".join(" ".join(str(one).split()) for one in waiting[:SHOWN])
        korean, english = set_aside_words(len(waiting))
        yield Check("기록 / log", State.MISSING, korean, f"{english}: {first}")


def _address(host: str) -> Check:
    """Where the QR on the bibs leads; whether anybody answers there only a phone can tell."""
    if for_practice(host):
        return Check(
            "배번의 주소 / address",
            State.ADVICE,
            f"{host}은(는) 연습용이라 전화기로 열리지 않습니다. 인쇄 전에 race.toml의 host를 정하세요",
            f"{host} is for practice, no phone opens it; set host in race.toml before printing",
        )
    return Check(
        "배번의 주소 / address",
        State.GOOD,
        f"배번은 https://{host}를 엽니다. 그곳에서 HTTPS로 `marathon serve`가 답해야 합니다(--tls-certificate나 프록시)",
        f"bibs open https://{host}, where `marathon serve` must answer by HTTPS (--tls-certificate, or a proxy)",
    )


def _moved(opened: OpenRace) -> Span:
    return opened.clock.moved() if isinstance(opened.clock, SteadyClock) else Span(0)


def _is_on(race: Race) -> bool:
    """Whether somebody is being timed: setting a clock now is nobody's good idea."""
    return bool(race.stations_at_work()) or (bool(race.guns) and race.book.closed_at is None)


def _clock(found: _Found) -> Check:
    """Before the race, whether the clock is right and what to do; during it, to leave it alone."""
    if found.race is not None and _is_on(found.race):
        korean, english = "경기 중입니다. 지금은 시계를 맞추지 마세요", "a race is on: do not set the clock now"
        if abs(found.moved) > SECOND:
            return Check(
                "시계 / clock",
                State.ADVICE,
                *(f"{one}. {two}" for one, two in zip((korean, english), set_words(found.moved), strict=True)),
            )
        return Check("시계 / clock", State.GOOD, korean, english)
    if abs(found.moved) > SECOND:
        by = f"{found.moved / SECOND:+.1f}"
        return Check(
            "시계 / clock",
            State.ADVICE,
            f"벽시계가 대회 시계와 {by}초 다릅니다. 벽시계가 맞으면 경기 전에 이 컴퓨터를 껐다 켜고 `marathon serve`를 여세요",
            f"the wall clock differs by {by} s from the race's time; if it is right, restart this machine and `marathon serve` before the race",
        )
    tool = shutil.which("timedatectl")
    if not tool:
        return Check(
            "시계 / clock",
            State.ADVICE,
            "맞는지 알 수 없습니다. 시각을 손으로 확인하세요",
            "cannot be told; compare it by hand",
        )
    asked = subprocess.run(
        [tool, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, check=False
    )
    if asked.stdout.strip() == "yes":
        return Check("시계 / clock", State.GOOD, "네트워크 시각에 맞습니다", "synchronised")
    return Check(
        "시계 / clock",
        State.ADVICE,
        "네트워크 시각에 맞추지 않았습니다. 경기 전날까지 timedatectl set-ntp true로 켜고, ✓가 될 때까지 기다린 뒤 `marathon serve`를 여세요."
        " 경기 중에는 하지 마세요",
        "not synchronised: before the race day run timedatectl set-ntp true, wait until this shows ✓, then start `marathon serve`; "
        "never during the race",
    )
