"""From a station's status to warnings: what is wrong, how bad it is, and what to do about it. Pure."""

from collections.abc import Iterator
from typing import Final, Literal

from msgspec import Struct

from timing.language import NOTHING, Text, _, ngettext
from timing.race.instants import MILLISECOND, SECOND
from timing.stations.station_status import StationStatus

Level = Literal["alarm", "notice"]
"""An alarm means that runners are being missed or soon will be; a notice that something is less good than it could be."""

DARK: Final = 70
"""Grey of 255 that white paper reaches at least."""
GLARING: Final = 0.4
"""Share of the picture that is plain white; there nothing can be told apart."""
BLUNT: Final = 0.12
"""The sharpest edges' step from one pixel to the next, as a share of the contrast; a clean lens has 0.3 and more."""
SMEARED: Final = 0.5
"""How far movement draws a code out, in modules; at 1.3 hardly one is read any more."""
FAR_PX: Final = 2.5
"""Pixels per module at a runner's nearest; below 2 most frames are lost."""
UNREAD_S: Final = 15
"""Of movement without a reading, where nobody counts the people."""
UNREAD_SHARE: Final = 0.25
FEWEST_PASSED: Final = 4
"""People of the last minutes before their share that is unread says anything."""
MOVED: Final = 0.6
"""Share of the still parts of the picture that look different from before."""
STILL_S: Final = 2.0  # without a frame
FROZEN_S: Final = 30
"""With the same picture to the last pixel; an H.264 camera repeats one for some seconds where nothing moves."""
SLOW_FPS: Final = 12
LATE_MS: Final = 700
DROPPED: Final = 0.3
DISK_LOW, DISK_FULL = 500_000_000, 100_000_000
"""Bytes; a disk that is low takes no more pictures, for scans come first."""
AWAY_S, LONG_AWAY_S = 10, 30
CLOCK_MOVED: Final = 100 * MILLISECOND
CLOCK_SET: Final = SECOND
"""A wall clock that went so far away was set by somebody."""
NO_LINE: Final = _(
    "the line is not known: times are moments of sight, not crossings; hold a bib over the line and set it (--calibrate, or L on the operator's page)"
)
DISK: Final = _("disk nearly full")
SET: Final = _("computer clock was changed")


class StationWarning(Struct, frozen=True):
    """One thing that is wrong: `kind` names it for programs, `text` says what it is and what to do.

    `short` says it in a word or two in the office's list of stations, which leaves out what only the operator can mend.
    """

    kind: str
    level: Level
    text: Text
    short: Text | None = None


def warnings(status: StationStatus) -> list[StationWarning]:
    """All that is wrong, the worst first; a camera that gives nothing leaves nothing to say of its picture."""
    camera = list(_camera_gone(status))
    picture = [] if camera else [*_frozen(status), *_light(status), *_reading(status), *_place(status), *_speed(status)]
    found = [*camera, *_safety(status), *picture, *_line(status), *_clock(status)]
    return sorted(found, key=lambda one: one.level != "alarm")


def _camera_gone(status: StationStatus) -> Iterator[StationWarning]:
    if status.camera_lost or (status.frame_age_s or 0) > STILL_S:
        text = _("no signal") if status.camera_lost else _("no frames arrive from the camera")
        yield StationWarning(
            "camera", "alarm",
            _("the camera is gone: {text}; plug it in again, and press space for each runner meanwhile", text=text),
        )  # fmt: skip


def _light(status: StationStatus) -> Iterator[StationWarning]:
    if status.paper is not None and status.paper < DARK:
        yield StationWarning(
            "dark", "alarm", _("too dark: add light, or look at the lens cap")
        )  # fmt: skip
    elif status.glare > GLARING:
        yield StationWarning(
            "bright", "alarm",
            _("too bright: turn the camera away from the sun, or shorten the exposure"),
        )  # fmt: skip
    elif _blunt(status):
        yield StationWarning(
            "blurred", "alarm",
            _("the picture is blurred: wipe the lens, and focus on the line"),
        )  # fmt: skip


def _blunt(status: StationStatus) -> bool:
    """Whether the lens draws no sharp edges; then nothing can be said of the shutter."""
    return status.edge is not None and status.edge < BLUNT


def _reading(status: StationStatus) -> Iterator[StationWarning]:
    if status.conflicts:
        yield StationWarning(
            "conflict", "alarm",
            _("QR and mark name different bibs ({conflicts}): look who it is and type the bib", conflicts=status.conflicts),
        )  # fmt: skip
    passed, unread = status.passed_lately, status.unread_lately
    if passed is not None and passed >= FEWEST_PASSED and unread > UNREAD_SHARE * passed:
        yield StationWarning(
            "unread", "alarm",
            _("of the last {passed} people who passed, {unread} were not read: check distance, focus and shutter (1/250 s or shorter)", passed=passed, unread=unread),
        )  # fmt: skip
    elif passed is None and status.moving_s >= UNREAD_S:
        yield StationWarning(
            "unread", "alarm",
            _("something moves and nothing is read: check distance, focus and shutter (1/250 s or shorter)"),
        )  # fmt: skip
    if status.smear is not None and status.smear > SMEARED and not _blunt(status):
        yield StationWarning(
            "slow-shutter", "notice",
            _("codes are smeared: set the shutter to 1/250 s or shorter, and add light"),
        )  # fmt: skip
    if status.module_px is not None and status.module_px < FAR_PX:
        yield StationWarning(
            "far", "notice",
            _("bibs are too small ({module_px:.1f} px per module): come closer, or zoom in", module_px=status.module_px),
        )  # fmt: skip


def _frozen(status: StationStatus) -> Iterator[StationWarning]:
    if status.live and status.frozen_s >= FROZEN_S:
        yield StationWarning(
            "frozen", "alarm",
            _("the picture has stood still for {frozen_s:.0f} s, to the last pixel: the camera hangs; switch it off and on, and press space for each runner meanwhile", frozen_s=status.frozen_s),
        )  # fmt: skip


def _place(status: StationStatus) -> Iterator[StationWarning]:
    if status.changed > MOVED:
        yield StationWarning(
            "moved", "alarm",
            _("the camera seems to have moved: make sure that it sees the line"),
        )  # fmt: skip


def _line(status: StationStatus) -> Iterator[StationWarning]:
    if status.lacks_line:
        yield StationWarning("no-line", "notice", NO_LINE)


def _speed(status: StationStatus) -> Iterator[StationWarning]:
    if status.dropped > DROPPED:
        yield StationWarning(
            "slow", "notice",
            _("this computer cannot keep up with the camera: close other programs, and plug in the power"),
        )  # fmt: skip
    elif (status.latency_ms or 0) > LATE_MS:
        yield StationWarning(
            "late", "notice",
            _("pictures come {late_s:.1f} s after they were taken: the camera or its network holds them up; use a cable, or come nearer to the router", late_s=(status.latency_ms or 0) / 1000),
        )  # fmt: skip
    elif status.live and status.fps is not None and status.fps < SLOW_FPS:
        yield StationWarning(
            "few", "notice",
            _("only {fps:.0f} pictures a second come: set the camera to 25 or more, and add light", fps=status.fps),
        )  # fmt: skip


def _safety(status: StationStatus) -> Iterator[StationWarning]:
    if status.trial:
        yield StationWarning(
            "trial",
            "alarm",
            _(
                "this is a trial: nothing is recorded; for the race start the station in the race's folder, or with a server"
            ),
        )
    yield from (StationWarning("outbox", "alarm", alarm.text) for alarm in status.alarms)
    if status.disk_free is not None and status.disk_free < DISK_LOW:
        level: Level = "alarm" if status.disk_free < DISK_FULL else "notice"
        stopped = _("; pictures of evidence have stopped") if status.evidence_stopped else NOTHING
        yield StationWarning(
            "disk", level,
            _("the disk is nearly full ({disk_free} MB){stopped}: free some space", disk_free=status.disk_free // 1_000_000, stopped=stopped), DISK,
        )  # fmt: skip
    if status.film_stopped:
        yield StationWarning("film", "notice", _("no room for film on the disk: free some space; scans go on"), DISK)
    if status.refused:
        yield StationWarning("refused", "alarm", _("the server refuses: {refused}", refused=status.refused.text))
    elif status.away_s is not None and status.away_s > AWAY_S:
        yield StationWarning(
            "away", "alarm" if status.away_s > LONG_AWAY_S else "notice",
            (ngettext("no contact with the server for {away_s:.0f} s; {n} item is here: carry on", "no contact with the server for {away_s:.0f} s; {n} items are here: carry on", status.unsent, away_s=status.away_s)
            if status.alarms
            else ngettext("no contact with the server for {away_s:.0f} s; {n} item is safe here: carry on", "no contact with the server for {away_s:.0f} s; {n} items are safe here: carry on", status.unsent, away_s=status.away_s)),
        )  # fmt: skip


def _clock(status: StationStatus) -> Iterator[StationWarning]:
    if abs(status.wall_moved) > CLOCK_MOVED:
        yield StationWarning(
            "clock", "notice",
            _("the computer's clock was moved by {clock_moved_ms:+.1f} s; times here are not affected: leave it", clock_moved_ms=status.wall_moved / SECOND),
            SET if abs(status.wall_moved) > CLOCK_SET else None,
        )  # fmt: skip
