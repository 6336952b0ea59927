"""From measurements to warnings: what is wrong at a station, how bad it is, and what to do about it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

from scanners.station.station_options import NO_LINE
from timing.language import NOTHING, Text, _, ngettext

Level = Literal["alarm", "notice"]
"""An alarm means that runners are being missed or soon will be; a notice that something is less good than it could be."""

DARK: Final = 70
"""Grey of 255 that white paper reaches at least, seen as the brightest twentieth of the picture."""
GLARING: Final = 0.4
"""Share of the picture that is plain white; there nothing can be told apart."""
BLUNT: Final = 0.12
"""The sharpest edges' step from one pixel to the next, as a share of the contrast; a clean lens has 0.3 and more."""
SMEARED: Final = 0.5
"""How far movement draws a code out, in modules; at 1.3 hardly one is read any more."""
FAR_PX: Final = 2.5
"""Pixels per module at a runner's nearest; below 2 most frames are lost."""
UNREAD_S: Final = 15
MOVED: Final = 0.6
"""Share of the still parts of the picture that look different from before."""
STILL_S: Final = 2.0  # without a frame
SLOW_FPS: Final = 12
LATE_MS: Final = 700
DROPPED: Final = 0.3
DISK_LOW, DISK_FULL = 500_000_000, 100_000_000
AWAY_S, LONG_AWAY_S = 10, 30
CLOCK_MS: Final = 100


class Measurements(Struct, frozen=True):
    """What is known of a station at one moment; None is for what cannot be told."""

    paper: float | None = None
    """Grey of the picture's brightest twentieth, 0 to 255."""
    glare: float = 0.0
    edge: float | None = None
    smear: float | None = None
    module_px: float | None = None
    moving_s: float = 0.0
    """So many of the last seconds something large moved, and nothing was read."""
    changed: float = 0.0
    frame_age_s: float | None = None
    """Since the last frame; None for a source that is not live, or before the first."""
    camera: Text | None = None
    """What the camera complains of, in both languages."""
    fps: float | None = None
    latency_ms: float | None = None
    dropped: float = 0.0
    """Share of the frames of the last seconds that nobody had time for."""
    line: bool = True
    """Whether the station knows how large a bib is over the line, and so when it is crossed."""
    conflicts: int = 0
    """Of the last minute: a bib whose QR and mark name two runners."""
    disk_free: int | None = None
    evidence_stopped: bool = False
    outbox: Sequence[Text] = ()
    """What is wrong with the keeping itself, each in both languages."""
    away_s: float | None = None
    """Since the server last answered; None when all is well or none is used."""
    unsent: int = 0
    refused: Text | None = None
    """Why the server will not take what is sent, in both languages."""
    clock_moved_ms: float = 0.0
    """How far the machine's wall clock ran away from the station's own count."""


class StationWarning(Struct, frozen=True):
    """One thing that is wrong: `kind` names it for the page, the words say what it is and what to do."""

    kind: str
    level: Level
    text: Text


def troubles(m: Measurements) -> list[StationWarning]:
    """All that is wrong, the worst first; a camera that gives nothing leaves nothing to say of its picture."""
    camera = list(_camera_gone(m))
    picture = [] if camera else [*_light(m), *_reading(m), *_place(m), *_speed(m)]
    found = [*camera, *_safety(m), *picture, *_line(m), *_clock(m)]
    return sorted(found, key=lambda trouble: trouble.level != "alarm")


def _camera_gone(m: Measurements) -> Iterator[StationWarning]:
    if m.camera or (m.frame_age_s or 0) > STILL_S:
        text = m.camera or _("no frames arrive from the camera")
        yield StationWarning(
            "camera", "alarm",
            _("the camera is gone: {text}; plug it in again, and press space for each runner meanwhile", text=text),
        )  # fmt: skip


def _light(m: Measurements) -> Iterator[StationWarning]:
    if m.paper is not None and m.paper < DARK:
        yield StationWarning(
            "dark", "alarm", _("too dark: add light, or look at the lens cap")
        )  # fmt: skip
    elif m.glare > GLARING:
        yield StationWarning(
            "bright", "alarm",
            _("too bright: turn the camera away from the sun, or shorten the exposure"),
        )  # fmt: skip
    elif m.edge is not None and m.edge < BLUNT:
        yield StationWarning(
            "blurred", "alarm",
            _("the picture is blurred: wipe the lens, and focus on the line"),
        )  # fmt: skip


def _reading(m: Measurements) -> Iterator[StationWarning]:
    if m.conflicts:
        yield StationWarning(
            "conflict", "alarm",
            _("QR and mark name different bibs ({conflicts}): look who it is and type the bib", conflicts=m.conflicts),
        )  # fmt: skip
    if m.moving_s >= UNREAD_S:
        yield StationWarning(
            "unread", "alarm",
            _("something moves and nothing is read: check distance, focus and shutter (1/250 s or shorter)"),
        )  # fmt: skip
    if m.smear is not None and m.smear > SMEARED:
        yield StationWarning(
            "slow-shutter", "notice",
            _("codes are smeared: set the shutter to 1/250 s or shorter, and add light"),
        )  # fmt: skip
    if m.module_px is not None and m.module_px < FAR_PX:
        yield StationWarning(
            "far", "notice",
            _("bibs are too small ({module_px:.1f} px per module): come closer, or zoom in", module_px=m.module_px),
        )  # fmt: skip


def _place(m: Measurements) -> Iterator[StationWarning]:
    if m.changed > MOVED:
        yield StationWarning(
            "moved", "alarm",
            _("the camera seems to have moved: make sure that it sees the line"),
        )  # fmt: skip


def _line(m: Measurements) -> Iterator[StationWarning]:
    if not m.line:
        yield StationWarning("no-line", "notice", NO_LINE)


def _speed(m: Measurements) -> Iterator[StationWarning]:
    slow = m.fps is not None and m.fps < SLOW_FPS
    if slow or (m.latency_ms or 0) > LATE_MS or m.dropped > DROPPED:
        yield StationWarning(
            "slow", "notice",
            _("this computer cannot keep up with the camera: close other programs, and plug in the power"),
        )  # fmt: skip


def _safety(m: Measurements) -> Iterator[StationWarning]:
    yield from (StationWarning("outbox", "alarm", text) for text in m.outbox)
    if m.disk_free is not None and m.disk_free < DISK_LOW:
        level: Level = "alarm" if m.disk_free < DISK_FULL else "notice"
        stopped = _("; pictures of evidence have stopped") if m.evidence_stopped else NOTHING
        yield StationWarning(
            "disk", level,
            _("the disk is nearly full ({disk_free} MB){stopped}: free some space", disk_free=m.disk_free // 1_000_000, stopped=stopped),
        )  # fmt: skip
    if m.refused:
        yield StationWarning("refused", "alarm", _("the server refuses: {refused}", refused=m.refused))
    elif m.away_s is not None and m.away_s > AWAY_S:
        yield StationWarning(
            "away", "alarm" if m.away_s > LONG_AWAY_S else "notice",
            (ngettext("no contact with the server for {away_s:.0f} s; {n} item is here: carry on", "no contact with the server for {away_s:.0f} s; {n} items are here: carry on", m.unsent, away_s=m.away_s)
            if m.outbox
            else ngettext("no contact with the server for {away_s:.0f} s; {n} item is safe here: carry on", "no contact with the server for {away_s:.0f} s; {n} items are safe here: carry on", m.unsent, away_s=m.away_s)),
        )  # fmt: skip


def _clock(m: Measurements) -> Iterator[StationWarning]:
    if abs(m.clock_moved_ms) > CLOCK_MS:
        yield StationWarning(
            "clock", "notice",
            _("the computer's clock was moved by {clock_moved_ms:+.1f} s; times here are not affected: leave it", clock_moved_ms=m.clock_moved_ms / 1_000),
        )  # fmt: skip
