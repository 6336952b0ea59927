"""The output of `marathon scan`: a line for each scan on stdout or stderr, changes of the roster, and a summary at the end."""

from collections.abc import Callable, Iterator
from datetime import tzinfo
from functools import partial
from typing import Final

import click
import msgspec

from scanners.cameras.health import FrameCounts
from scanners.protocol import RosterAnswer
from scanners.station.passer_watch import PasserCounts
from scanners.station.running_station import RunningStation
from scanners.station.station import KeptScan, StationCounts
from scanners.station.station_output import StationOutput
from timing.language import NOTHING, Text, _, listed, ngettext, warning
from timing.race.events import FilmJumped, Unread
from timing.race.instants import MILLISECOND, SECOND, Instant, iso, wall
from timing.terminal.output import beep, complain, say

BIBS_SAID: Final = 10  # of a roster's new ones


def terminal_output(jsonl: bool, zone: tzinfo) -> StationOutput:
    """Scans as JSON lines on stdout, or in words on stderr; all else on stderr."""
    on_scan: Callable[[KeptScan, int | None], None] = _print_json if jsonl else partial(_print_line, zone=zone)
    return StationOutput(say, complain, on_scan, partial(_print_unread, zone=zone), _say_jump, _say_roster_change)


def _print_json(kept: KeptScan, bib: int | None) -> None:
    """A scan for a program to read: instants in UTC, of the crossing its standard error, of the mark its lead over the next best."""
    scan, doubt = kept.scan, kept.crossing and kept.crossing.doubt
    line: dict[str, object] = {
        "seq": kept.seq,
        "text": kept.text,
        "bib": bib,
        "first_at": iso(scan.first_at),
        "last_at": iso(scan.last_at),
        "sightings": scan.sightings,
        "frame": scan.frame,
        "by": scan.source,
        "margin": round(kept.margin, 3) if kept.margin else None,
        "crossed_at": None if scan.crossed_at is None else iso(scan.crossed_at),
        "source": kept.source,
        "doubt_ms": doubt and round(doubt / MILLISECOND),
    }
    line |= {"doubt": "film-clock"} if kept.jumped else {}
    click.echo(msgspec.json.encode(line).decode())


def _print_line(kept: KeptScan, bib: int | None, zone: tzinfo) -> None:
    beep()
    click.echo(
        f"{kept.seq:>5}  {wall(kept.scan.crossed_at or kept.scan.first_at, zone)}  {_named(kept, bib)}", err=True
    )


def _print_unread(seq: int, fact: Unread, zone: tzinfo) -> None:
    """Without a beep: nobody was read."""
    click.echo(f"{seq:>5}  {wall(fact.crossed_at or fact.first_at, zone)}  {_('unread: somebody passed')}", err=True)


def _named(kept: KeptScan, bib: int | None) -> str:
    """The bib of a scan, with remarks."""
    if kept.doubt == "disputed":
        return str(_("⚠ QR and mark differ: no time, type the bib"))
    if kept.doubt == "revoked":
        return str(_("⚠ a bib that was replaced: no time, type the bib"))
    named = str(_("bib {bib}", bib=bib) if bib else _("unknown code"))
    marked = str(_(" (mark)")) if kept.scan.source == "mark" else ""
    jumped = str(_(" (the pictures' clock jumped)")) if kept.jumped else ""
    return f"{named}{marked}{jumped}"


def _say_jump(jump: FilmJumped) -> None:
    by = f"{jump.shift / SECOND:+.3f}"
    if not jump.shift:
        text = _("the film says neither times nor a frame rate: 30 frames a second are assumed")
    elif jump.lasts:
        text = _(
            "the pictures' clock jumps by {by} s at frame {frame}; time goes on, scans from there on are for review",
            by=by,
            frame=jump.frame,
        )
    else:
        text = _(
            "the pictures' clock is off by {by} s at frame {frame} alone; scans of that moment are for review",
            by=by,
            frame=jump.frame,
        )
    say(warning(text))


def _say_roster_change(before: RosterAnswer, after: RosterAnswer) -> None:
    """Report a changed roster, so that the operator sees when late entries are known."""
    new = sorted(set(after.bibs.values()) - set(before.bibs.values()))
    gone = len(set(before.bibs.values()) - set(after.bibs.values()))
    some = ", ".join(map(str, new[:BIBS_SAID])) + (" …" if len(new) > BIBS_SAID else "")
    say(
        ngettext(
            "the roster has changed: {n} bib is new ({some}), {gone} are gone",
            "the roster has changed: {n} bibs are new ({some}), {gone} are gone",
            len(new),
            some=some or _("none"),
            gone=gone,
        ),
    )


def summary(running: RunningStation, began_at: Instant, now: Instant) -> Iterator[Text]:
    """A summary of the station's work so far; empty before its first frame."""
    counts, seconds = running.station.tally, max(now - began_at, 1) / SECOND
    if counts.frames:
        if running.station.passers:
            yield _passers_summary(running.station.passers.counts)
        yield from _camera_summary(running.station.health)
        yield _counts_summary(counts, seconds, running.passed_over.count)


def _camera_summary(health: FrameCounts | None) -> Iterator[Text]:
    """The delay of a live camera's frames, and how many were dropped."""
    delays = health.delay_ms() if health else None
    if health and delays:
        text = _(
            "{taken} frames taken, {dropped} dropped, read after {median:.0f} ms (95%: {slow:.0f} ms)",
            taken=health.taken,
            dropped=health.dropped,
            median=delays[0],
            slow=delays[1],
        )
        yield ngettext("{text}, {n} reconnection", "{text}, {n} reconnections", health.reopened, text=text)


def _passers_summary(counts: PasserCounts) -> Text:
    return _(
        "people who passed: {named} named by their bib, {unread} unread (marathon unread list)",
        named=counts.named,
        unread=counts.all_unread,
    )


def _counts_summary(counts: StationCounts, seconds: float, passed_over: int) -> Text:
    text = ngettext(
        "{frames} frames, {rate} frames per second, {count} codes, {n} scan",
        "{frames} frames, {rate} frames per second, {count} codes, {n} scans",
        counts.scans,
        frames=counts.frames,
        rate=f"{counts.frames / seconds:.1f}",
        count=len(counts.codes),
    )
    over = ngettext(", {n} file skipped", ", {n} files skipped", passed_over) if passed_over else NOTHING
    return listed([text, over], "")
