"""From measurements to warnings: what is wrong at a station, how bad it is, and what to do about it. Pure."""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

from msgspec import Struct

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


NO_LINE: Final = (
    "선을 모릅니다. 시각은 선을 지난 순간이 아니라 처음(출발에서는 마지막) 보인 순간입니다. "
    "배번을 선 위에 들고 QR의 크기를 재서 --line-px로 다시 켜세요",
    "the line is not known: times are first sights (at the start last ones), not crossings; "
    "hold a bib over the line, measure its QR and start again with --line-px",
)


class Measured(Struct, frozen=True):
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
    camera: tuple[str, str] | None = None
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
    outbox: Sequence[tuple[str, str]] = ()
    """What is wrong with the keeping itself, each in both languages."""
    away_s: float | None = None
    """Since the server last answered; None when all is well or none is used."""
    unsent: int = 0
    refused: tuple[str, str] | None = None
    """Why the server will not take what is sent, in both languages."""
    clock_moved_ms: float = 0.0
    """How far the machine's wall clock ran away from the station's own count."""


class Trouble(Struct, frozen=True):
    """One thing that is wrong: `kind` names it for the page, the words say what it is and what to do."""

    kind: str
    level: Level
    korean: str
    english: str


def troubles(m: Measured) -> list[Trouble]:
    """All that is wrong, the worst first; a camera that gives nothing leaves nothing to say of its picture."""
    camera = list(_camera_gone(m))
    picture = [] if camera else [*_light(m), *_reading(m), *_place(m), *_speed(m)]
    found = [*camera, *_safety(m), *picture, *_line(m), *_clock(m)]
    return sorted(found, key=lambda trouble: trouble.level != "alarm")


def _camera_gone(m: Measured) -> Iterator[Trouble]:
    if m.camera or (m.frame_age_s or 0) > STILL_S:
        korean, english = m.camera or ("장면이 오지 않습니다", "no frames arrive")
        yield Trouble(
            "camera", "alarm",
            f"카메라가 끊겼습니다: {korean}. 선을 다시 꽂으세요. 그동안 스페이스로 시각을 누르세요",
            f"the camera is gone: {english}; plug it in again, and press space for each runner meanwhile",
        )  # fmt: skip


def _light(m: Measured) -> Iterator[Trouble]:
    if m.paper is not None and m.paper < DARK:
        yield Trouble(
            "dark", "alarm", "너무 어둡습니다. 조명을 더하거나 렌즈 덮개를 보세요", "too dark: add light, or look at the lens cap"
        )  # fmt: skip
    elif m.glare > GLARING:
        yield Trouble(
            "bright", "alarm",
            "너무 밝습니다. 해를 등지게 돌리거나 노출을 줄이세요",
            "too bright: turn the camera away from the sun, or shorten the exposure",
        )  # fmt: skip
    elif m.edge is not None and m.edge < BLUNT:
        yield Trouble(
            "blurred", "alarm",
            "초점이 흐립니다. 렌즈를 닦고 초점을 선에 맞추세요",
            "the picture is blurred: wipe the lens, and focus on the line",
        )  # fmt: skip


def _reading(m: Measured) -> Iterator[Trouble]:
    if m.conflicts:
        yield Trouble(
            "conflict", "alarm",
            f"QR과 표식이 서로 다른 배번입니다({m.conflicts}건). 겹쳐 달리는 사람을 눈으로 보고 배번을 치세요",
            f"QR and mark name different bibs ({m.conflicts}): look who it is and type the bib",
        )  # fmt: skip
    if m.moving_s >= UNREAD_S:
        yield Trouble(
            "unread", "alarm",
            "움직임은 있는데 읽은 것이 없습니다. 거리, 초점, 셔터(1/250초보다 짧게)를 보세요",
            "something moves and nothing is read: check distance, focus and shutter (1/250 s or shorter)",
        )  # fmt: skip
    if m.smear is not None and m.smear > SMEARED:
        yield Trouble(
            "slow-shutter", "notice",
            "코드가 번집니다. 셔터를 1/250초보다 짧게 하고 빛을 더하세요",
            "codes are smeared: set the shutter to 1/250 s or shorter, and add light",
        )  # fmt: skip
    if m.module_px is not None and m.module_px < FAR_PX:
        yield Trouble(
            "far", "notice",
            f"배번이 너무 작게 보입니다(한 칸 {m.module_px:.1f}픽셀). 카메라를 가까이하거나 당겨 찍으세요",
            f"bibs are too small ({m.module_px:.1f} px per module): come closer, or zoom in",
        )  # fmt: skip


def _place(m: Measured) -> Iterator[Trouble]:
    if m.changed > MOVED:
        yield Trouble(
            "moved", "alarm",
            "카메라가 움직인 것 같습니다. 선이 보이는지 확인하세요",
            "the camera seems to have moved: make sure that it sees the line",
        )  # fmt: skip


def _line(m: Measured) -> Iterator[Trouble]:
    if not m.line:
        yield Trouble("no-line", "notice", *NO_LINE)


def _speed(m: Measured) -> Iterator[Trouble]:
    slow = m.fps is not None and m.fps < SLOW_FPS
    if slow or (m.latency_ms or 0) > LATE_MS or m.dropped > DROPPED:
        yield Trouble(
            "slow", "notice",
            "컴퓨터가 카메라를 따라가지 못합니다. 다른 프로그램을 닫고 전원을 꽂으세요",
            "this computer cannot keep up with the camera: close other programs, and plug in the power",
        )  # fmt: skip


def _safety(m: Measured) -> Iterator[Trouble]:
    yield from (Trouble("outbox", "alarm", korean, english) for korean, english in m.outbox)
    if m.disk_free is not None and m.disk_free < DISK_LOW:
        level: Level = "alarm" if m.disk_free < DISK_FULL else "notice"
        stopped = (
            (" 증거 사진은 멈췄습니다.", "; pictures of evidence have stopped") if m.evidence_stopped else ("", "")
        )
        yield Trouble(
            "disk", level,
            f"디스크가 거의 찼습니다({m.disk_free // 1_000_000} MB).{stopped[0]} 자리를 비우세요",
            f"the disk is nearly full ({m.disk_free // 1_000_000} MB){stopped[1]}: free some space",
        )  # fmt: skip
    if m.refused:
        yield Trouble(
            "refused", "alarm", f"본부가 받지 않습니다: {m.refused[0]}", f"the server refuses: {m.refused[1]}"
        )
    elif m.away_s is not None and m.away_s > AWAY_S:
        yield Trouble(
            "away", "alarm" if m.away_s > LONG_AWAY_S else "notice",
            f"{m.away_s:.0f}초째 본부와 닿지 않습니다. 스캔 {m.unsent}건은 여기 {'있으니' if m.outbox else '안전하니'} 계속하세요",
            f"no contact with the server for {m.away_s:.0f} s; {m.unsent} items are {'' if m.outbox else 'safe '}here: carry on",
        )  # fmt: skip


def _clock(m: Measured) -> Iterator[Trouble]:
    if abs(m.clock_moved_ms) > CLOCK_MS:
        yield Trouble(
            "clock", "notice",
            f"누가 컴퓨터 시계를 {m.clock_moved_ms / 1000:+.1f}초 옮겼습니다. 기록은 그대로이니 그냥 두세요",
            f"the computer's clock was moved by {m.clock_moved_ms / 1000:+.1f} s; times here are not affected: leave it",
        )  # fmt: skip
