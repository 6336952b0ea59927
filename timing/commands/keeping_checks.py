"""The checks of `marathon doctor` on how a race is stored: signed checkpoints and their key, files' modes, backups, disk, certificates."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from timing.check import Check, CheckState
from timing.disk import free_bytes
from timing.errors import RaceError
from timing.folder import open_race
from timing.language import Text, _, ngettext
from timing.log.backup import BACKED_UP
from timing.log.note_key import KEY_ELSEWHERE, key_file
from timing.log.notes import note_files
from timing.race.instants import SECOND, Instant, Span, between
from timing.stations.tls_certificate import FILE as OWN_CERTIFICATE

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


def _ago(age: Span) -> Text:
    if age < HOUR:
        return ngettext("{n} minute ago", "{n} minutes ago", max(age, 0) // (60 * SECOND))
    return _("{age} h ago", age=age // HOUR) if age < 2 * DAY else ngettext("{n} day ago", "{n} days ago", age // DAY)


def _notes(root: Path, now: Instant) -> Check:
    part, files = str(_("checkpoints")), note_files(root)
    if not files:
        return Check(
            part,
            CheckState.ADVICE,
            _("no signed checkpoint: a later change could not be told; run `marathon log checkpoint`"),
        )
    age = _age(files[-1], now)
    text = _ago(age)
    state = CheckState.ADVICE if age > NOTE_OLD else CheckState.GOOD
    more = _("; `marathon log checkpoint` signs up to now")
    old = more if state is CheckState.ADVICE else ("", "")
    return Check(part, state, _("{count}, the last {text}{old}", count=len(files), text=text, old=old))


def _key(root: Path) -> Iterator[Check]:
    part, file = str(_("key of checkpoints")), key_file(root)
    if not file.is_file():
        if note_files(root):
            yield Check(
                part,
                CheckState.MISSING,
                _("{file} is gone; put it back, or name it by {key_elsewhere}", file=file, key_elsewhere=KEY_ELSEWHERE),
            )
    elif file.resolve().is_relative_to(root.resolve()):
        yield Check(
            part,
            CheckState.ADVICE,
            _(
                "lies beside the database: who rewrites the folder can sign as well; keep it elsewhere and set {key_elsewhere}",
                key_elsewhere=KEY_ELSEWHERE,
            ),
        )
    else:
        yield Check(part, CheckState.GOOD, _("outside the race folder"))


def _modes(root: Path) -> Iterator[Check]:
    """Files with names, tokens or codes that everybody on this machine may read."""
    if os.name != "posix":
        return
    copies = [Path(line) for line in _told(root)]
    open_to_all = [file for file in (*_secret(root), *copies) if file.exists() and file.stat().st_mode & OTHERS]
    if open_to_all:
        named = " ".join(f"'{file}'" for file in open_to_all[:NAMED]) + (" …" if len(open_to_all) > NAMED else "")
        yield Check(
            str(_("file modes")),
            CheckState.MISSING,
            _("everybody on this machine may read them: chmod o= {named}", named=named),
        )
    else:
        yield Check(str(_("file modes")), CheckState.GOOD, _("readable by owner and group alone"))


def _secret(root: Path) -> list[Path]:
    return sorted(file for pattern in SECRET for file in root.glob(pattern) if not file.is_symlink())


def _told(root: Path) -> list[str]:
    with suppress(OSError, UnicodeError):
        return (root / BACKED_UP).read_text(encoding="utf-8").splitlines()[:1]
    return []


def _backup(root: Path, now: Instant) -> Check:
    part, copies = str(_("backup")), _told(root)
    if not copies:
        return Check(
            part,
            CheckState.ADVICE,
            _("none yet; make one on another disk: marathon log backup FILE"),
        )
    age = _age(root / BACKED_UP, now)
    text = _ago(age)
    if not Path(copies[0]).exists():
        return Check(
            part,
            CheckState.ADVICE,
            _("{copies}, made {text}, is not here now", copies=copies[0], text=text),
        )
    state = CheckState.ADVICE if age > BACKUP_OLD else CheckState.GOOD
    return Check(part, state, _("{text}: {copies}", text=text, copies=copies[0]))


def _disk(root: Path) -> Check:
    free = free_bytes(root)
    state = (
        CheckState.MISSING if free < TOO_LITTLE_BYTES else CheckState.ADVICE if free < LITTLE_BYTES else CheckState.GOOD
    )
    room = f"{free / 1e9:.1f} GB"
    return Check(str(_("disk")), state, _("{room} free", room=room))


def _certificate(file: Path, now: Instant) -> Iterator[Check]:
    """Until when phones and stations trust it."""
    part = str(_("certificate {name}", name=file.name))
    try:
        ends = x509.load_pem_x509_certificate(file.read_bytes()).not_valid_after_utc
    except FileNotFoundError:
        if file.name != Path(OWN_CERTIFICATE).name:
            yield Check(part, CheckState.MISSING, _("{file} is not there", file=file))
        return
    except (OSError, ValueError) as failure:
        yield Check(part, CheckState.MISSING, _("{file} cannot be read: {failure}", file=file, failure=failure))
        return
    yield _ending(part, ends, now)


def _ending(part: str, ends: datetime, now: Instant) -> Check:
    left, day = Span(round(ends.timestamp() * SECOND) - now), f"{ends:%Y-%m-%d}"
    if left <= 0:
        return Check(part, CheckState.MISSING, _("ended on {day}", day=day))
    state = CheckState.ADVICE if left < ENDS_SOON else CheckState.GOOD
    return Check(part, state, _("valid until {day}", day=day))
