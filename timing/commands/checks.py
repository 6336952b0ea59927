"""The checks of `marathon doctor`: one line per part, and for a missing one the consequence and how to get it."""

import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib.util import find_spec
from pathlib import Path

from timing.check import Check, CheckState
from timing.errors import RaceError
from timing.folder import OpenRace, find_race, open_race
from timing.language import _, ngettext, verbatim
from timing.race.admission import set_aside_words
from timing.race.categories import outdated
from timing.race.clock import SteadyClock
from timing.race.codes import for_practice
from timing.race.fold import Race, jump_words
from timing.race.instants import SECOND, Span
from timing.timekeeper import set_words

SAFE_SQLITE = (3, 51, 3)  # before it two connections could, very rarely, damage a WAL (SQLite 3.51.3 release notes)
SHOWN = 3  # of what was set aside; `log quarantine` shows all
ROOMS = ("timing", "bibs", "scanners", "results", "server", "demo", "marathon")


def timing_checks(race: Path | None) -> Iterator[Check]:
    """Python, the rooms, SQLite, the race's database and address, and the clock."""
    yield Check("Python", CheckState.GOOD, verbatim(sys.version.split()[0]))
    yield _rooms()
    yield _sqlite()
    found = _Found()
    yield from _race(race, found)
    yield _clock(found)


def _rooms() -> Check:
    """Public packages of the same names would take our rooms' place without a warning."""
    home = Path(__file__).resolve().parents[2]
    strangers = [room for room in ROOMS if not _lies_in(room, home)]
    if strangers:
        names = ", ".join(strangers)
        return Check("marathon", CheckState.MISSING, _("another package hides {names}", names=names))
    return Check("marathon", CheckState.GOOD, _("all parts are installed"))


def _lies_in(room: str, home: Path) -> bool:
    found = find_spec(room)
    return bool(found and found.origin and home in Path(found.origin).resolve().parents)


def _sqlite() -> Check:
    found = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < SAFE_SQLITE:
        return Check(
            "SQLite",
            CheckState.ADVICE,
            _("{found}: works; 3.51.3 is safer", found=found),
        )
    return Check("SQLite", CheckState.GOOD, verbatim(found))


@dataclass(slots=True)
class _Found:
    """The race's data for the check of the clock."""

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
        state = CheckState.MISSING if race else CheckState.ADVICE
        yield Check(str(_("race")), state, trouble.text)
        return
    yield Check(
        str(_("race")), CheckState.GOOD, ngettext("{root}, {n} fact", "{root}, {n} facts", folded.facts, root=root)
    )
    yield from _set_aside(folded)
    if jumps := folded.open_jumps():
        yield Check(str(_("clock")), CheckState.MISSING, jump_words(jumps))
    yield _address(host)
    for text in stale:
        yield Check(str(_("age groups")), CheckState.ADVICE, text)


def _set_aside(race: Race) -> Iterator[Check]:
    """Items of the log that are set aside."""
    waiting = race.set_aside()
    if waiting:
        first = "; ".join(" ".join(str(one).split()) for one in waiting[:SHOWN])
        text = set_aside_words(len(waiting))
        yield Check(str(_("log")), CheckState.MISSING, _("{text}: {first}", text=text, first=first))


def _address(host: str) -> Check:
    """The address in the bibs' QR; only a phone can tell whether it answers."""
    if for_practice(host):
        return Check(
            str(_("address")),
            CheckState.ADVICE,
            _("{host} is for practice, no phone opens it; set host in race.toml before printing", host=host),
        )
    return Check(
        str(_("address")),
        CheckState.GOOD,
        _(
            "bibs open https://{host}, where `marathon serve` must answer by HTTPS (--tls-certificate, or a proxy)",
            host=host,
        ),
    )


def _moved(opened: OpenRace) -> Span:
    return opened.clock.moved() if isinstance(opened.clock, SteadyClock) else Span(0)


def _is_on(race: Race) -> bool:
    """Whether people are being timed, so that clocks must not be set."""
    return bool(race.stations_at_work()) or (bool(race.guns) and race.office.closed_at is None)


def _clock(found: _Found) -> Check:
    """Before the race, whether the clock is right and what to do; during it, to leave it alone."""
    if found.race is not None and _is_on(found.race):
        text = _("a race is on: do not set the clock now")
        if abs(found.moved) > SECOND:
            return Check(
                str(_("clock")),
                CheckState.ADVICE,
                _("{text}. {more}", text=text, more=set_words(found.moved)),
            )
        return Check(str(_("clock")), CheckState.GOOD, text)
    if abs(found.moved) > SECOND:
        by = f"{found.moved / SECOND:+.1f}"
        return Check(
            str(_("clock")),
            CheckState.ADVICE,
            _(
                "the wall clock differs by {by} s from the race's time; if it is right, restart this machine and `marathon serve` before the race",
                by=by,
            ),
        )
    tool = shutil.which("timedatectl")
    if not tool:
        return Check(
            str(_("clock")),
            CheckState.ADVICE,
            _("it cannot be told whether the clock is right; compare it by hand"),
        )
    asked = subprocess.run(
        [tool, "show", "-p", "NTPSynchronized", "--value"], capture_output=True, text=True, check=False
    )
    if asked.stdout.strip() == "yes":
        return Check(str(_("clock")), CheckState.GOOD, _("synchronised"))
    return Check(
        str(_("clock")),
        CheckState.ADVICE,
        _(
            "not synchronised: before the race day run timedatectl set-ntp true, wait until this shows ✓, then start `marathon serve`; never during the race"
        ),
    )
