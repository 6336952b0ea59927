"""What `marathon doctor` says of how a race is kept: signed notes and their key, files' modes, backups, disk, certificates."""

import os
import shutil
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from timing.checks import Check, State
from timing.errors import RaceError
from timing.folder import open_race
from timing.instants import SECOND, Instant, Span, between
from timing.log.keep import BACKED_UP
from timing.log.note_key import KEY_ELSEWHERE, key_file
from timing.log.notes import note_files
from timing.stations.certificate import FILE as OWN_CERTIFICATE

HOUR: Final = Span(3_600 * SECOND)
DAY: Final = Span(24 * HOUR)
NOTE_OLD: Final = HOUR
BACKUP_OLD: Final = DAY
ENDS_SOON: Final = Span(14 * DAY)
LITTLE_BYTES, TOO_LITTLE_BYTES = 2_000_000_000, 200_000_000
SECRET: Final = ("race.db*", "bibs", "bibs/**/*", "keys/*")
NAMED: Final = 3
OTHERS: Final = stat.S_IRWXO


def keeping_checks(race: Path | None, tls_certificate: Path | None = None) -> Iterator[Check]:
    """Of the race, where it can be read; `tls_certificate` is what `serve` shows to phones, where it is known."""
    try:
        with open_race(race) as opened:
            root, now, facts = opened.root, opened.clock.now(), opened.log.head().seq
    except RaceError:
        return  # `timing_checks` says why
    if facts:
        yield _notes(root, now)
        yield _backup(root, now)
    yield from _key(root)
    yield from _modes(root)
    yield _disk(root)
    for file in filter(None, (tls_certificate, root / OWN_CERTIFICATE)):
        yield from _certificate(file, now)


def _age(file: Path, now: Instant) -> Span:
    return between(Instant(file.stat().st_mtime_ns // 1_000), now)


def _ago(age: Span) -> tuple[str, str]:
    if age < HOUR:
        return f"{max(age, 0) // (60 * SECOND)}분 전", f"{max(age, 0) // (60 * SECOND)} minutes ago"
    return (
        (f"{age // HOUR}시간 전", f"{age // HOUR} h ago")
        if age < 2 * DAY
        else (f"{age // DAY}일 전", f"{age // DAY} days ago")
    )


def _notes(root: Path, now: Instant) -> Check:
    part, files = "점검표 / notes", note_files(root)
    if not files:
        return Check(
            part,
            State.ADVICE,
            "서명한 점검표가 없어 나중에 바꾼 것을 알 수 없습니다: marathon log checkpoint",
            "no signed note: a later change could not be told; run `marathon log checkpoint`",
        )
    age = _age(files[-1], now)
    korean, english = _ago(age)
    state = State.ADVICE if age > NOTE_OLD else State.GOOD
    more = (". marathon log checkpoint로 지금까지를 서명하세요", "; `marathon log checkpoint` signs up to now")
    old = more if state is State.ADVICE else ("", "")
    return Check(part, state, f"{len(files)}장, 마지막 {korean}{old[0]}", f"{len(files)}, the last {english}{old[1]}")


def _key(root: Path) -> Iterator[Check]:
    part, file = "점검표의 열쇠 / key of notes", key_file(root)
    if not file.is_file():
        if note_files(root):
            korean = f"{file}: 점검표에 서명한 열쇠가 없습니다. 되돌려 놓거나 {KEY_ELSEWHERE}로 알려 주세요"
            yield Check(part, State.MISSING, korean, f"{file} is gone; put it back, or name it by {KEY_ELSEWHERE}")
    elif file.resolve().is_relative_to(root.resolve()):
        yield Check(
            part,
            State.ADVICE,
            f"데이터베이스 옆에 있어, 폴더를 고치는 사람이 서명도 할 수 있습니다. 다른 곳에 두고 {KEY_ELSEWHERE}로 알려 주세요",
            f"lies beside the database: who rewrites the folder can sign as well; keep it elsewhere and set {KEY_ELSEWHERE}",
        )
    else:
        yield Check(part, State.GOOD, "대회 폴더 밖에 있습니다", "outside the race folder")


def _modes(root: Path) -> Iterator[Check]:
    """Files with names, tokens or codes that everybody on this machine may read."""
    if os.name != "posix":
        return
    copies = [Path(line) for line in _told(root)]
    open_to_all = [file for file in (*_secret(root), *copies) if file.exists() and file.stat().st_mode & OTHERS]
    if open_to_all:
        named = " ".join(f"'{file}'" for file in open_to_all[:NAMED]) + (" …" if len(open_to_all) > NAMED else "")
        yield Check(
            "파일 권한 / file modes",
            State.MISSING,
            f"이 컴퓨터의 누구나 읽습니다: chmod o= {named}",
            f"everybody on this machine may read them: chmod o= {named}",
        )
    else:
        yield Check(
            "파일 권한 / file modes", State.GOOD, "주인과 그 그룹만 읽습니다", "readable by owner and group alone"
        )


def _secret(root: Path) -> list[Path]:
    return sorted(file for pattern in SECRET for file in root.glob(pattern) if not file.is_symlink())


def _told(root: Path) -> list[str]:
    with suppress(OSError, UnicodeError):
        return (root / BACKED_UP).read_text(encoding="utf-8").splitlines()[:1]
    return []


def _backup(root: Path, now: Instant) -> Check:
    part, copies = "사본 / backup", _told(root)
    if not copies:
        return Check(
            part,
            State.ADVICE,
            "아직 없습니다. 다른 디스크에 만드세요: marathon log backup FILE",
            "none yet; make one on another disk: marathon log backup FILE",
        )
    age = _age(root / BACKED_UP, now)
    korean, english = _ago(age)
    if not Path(copies[0]).exists():
        return Check(
            part,
            State.ADVICE,
            f"{korean} 만든 {copies[0]}이 지금은 없습니다",
            f"{copies[0]}, made {english}, is not here now",
        )
    state = State.ADVICE if age > BACKUP_OLD else State.GOOD
    return Check(part, state, f"{korean}: {copies[0]}", f"{english}: {copies[0]}")


def _disk(root: Path) -> Check:
    free = shutil.disk_usage(root).free
    state = State.MISSING if free < TOO_LITTLE_BYTES else State.ADVICE if free < LITTLE_BYTES else State.GOOD
    room = f"{free / 1e9:.1f} GB"
    return Check("디스크 / disk", state, f"{room} 남음", f"{room} free")


def _certificate(file: Path, now: Instant) -> Iterator[Check]:
    """Until when phones and stations trust it."""
    part = f"인증서 / certificate {file.name}"
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except FileNotFoundError:
        if file.name != Path(OWN_CERTIFICATE).name:
            yield Check(part, State.MISSING, f"{file}이 없습니다", f"{file} is not there")
        return
    except (OSError, ValueError) as failure:
        yield Check(part, State.MISSING, f"{file}: 읽을 수 없습니다: {failure}", f"{file} cannot be read: {failure}")
        return
    yield _ending(part, ends, now)


def _ending(part: str, ends: datetime, now: Instant) -> Check:
    left, day = Span(round(ends.timestamp() * SECOND) - now), f"{ends:%Y-%m-%d}"
    if left <= 0:
        return Check(part, State.MISSING, f"{day}에 끝났습니다", f"ended on {day}")
    state = State.ADVICE if left < ENDS_SOON else State.GOOD
    return Check(part, state, f"{day}까지", f"valid until {day}")
