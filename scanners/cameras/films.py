"""Frames from a video file or a folder of images, every one of them, and what of a film is missing."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from scanners.cameras.film_clock import USUAL_FPS, FilmClock, FilmClockJump
from scanners.cameras.film_gaps import FilmGap, FilmGaps
from scanners.cameras.passed_over import HEIC, IMAGES, IS_PDF, IS_RAW, PassedOver, none_read, unread
from scanners.cameras.stills import NoPicture, Picture, read_images, stills, unopened
from timing.language import _, ngettext
from timing.race.instants import SECOND, Instant, Span, later

MOVING: Final = {".gif", ".apng"}
"""Pictures that keep times as films do."""

FOLDER_FPS = USUAL_FPS  # images in a folder are taken as frames of a 30 fps camera
END_MOST: Final = Span(2 * SECOND)
"""So much longer a film may say it is than its pictures: its sound may go on."""


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture in grey, its number from 0 and the instant at which it was taken; of a film or stream, whether its clock jumped there."""

    index: int
    at: Instant
    gray: Picture
    jump: FilmClockJump | None = None


@dataclass(frozen=True, slots=True)
class Lull:
    """No picture has come for a while, and now it is this instant."""

    at: Instant


def frames(
    source: str,
    begins: Instant,
    pace: Callable[[Span], None] | None = None,
    passed_over: PassedOver | None = None,
) -> Iterator[Frame]:
    """Every frame of a video file, an image or a folder of images; files of a folder that are no images are added to `passed_over`.

    Instants count from `begins`; `pace` is called with the time since the first frame before each frame is handed on, so that
    a replay can keep the film's speed.

    Raises:
        NoPicture: the file holds no pictures.
    """
    path = Path(source)
    if path.is_dir():
        shots = _folder(path, passed_over or PassedOver())
    elif path.is_file():
        shots = _file(path, passed_over or PassedOver())
    else:
        raise NoPicture(source, _("no such camera, video file or folder of images"))
    for index, passed, gray, jump in shots:
        if pace:
            pace(passed)
        yield Frame(index, later(begins, passed), gray, jump)


Shot = tuple[int, Span, Picture, FilmClockJump | None]
"""A picture's number, the time since the first one, the picture, and a jump of the film's clock."""


def _file(path: Path, passed_over: PassedOver) -> Iterator[Shot]:
    if path.suffix.lower() in IMAGES | HEIC and path.suffix.lower() not in MOVING:
        return ((number, _of_folder(number), picture, None) for number, picture in enumerate(read_images(path)))
    why = unread(path)
    why = why if why in (IS_RAW, IS_PDF) else unopened(path)
    if why:
        raise NoPicture(str(path), why.text)
    return _film(path, passed_over)


def _film(path: Path, passed_over: PassedOver) -> Iterator[Shot]:
    from scanners.cameras.video import Video  # FFmpeg is loaded by whoever has a film

    with Video(path) as video:
        shots = video.pictures()
        shot = next(shots, None)
        if shot is None:
            raise NoPicture(str(path), _("the video holds no pictures"))
        if video.views > 1:
            height, width = shot.gray.shape
            largest = _("the film has {n} streams of pictures; the largest is read: {size}", n=video.views, size=f"{width}x{height}")  # fmt: skip
            passed_over.mention(largest)
        clock, gaps, number = FilmClock(video.fps, video.begins_ms), FilmGaps(), -1
        while shot:
            following = next(shots, None)
            number += 1 + shot.unread
            passed, jump = clock.tick(shot.said_ms, following.said_ms if following else None)
            if gap := gaps.before(passed, shot.unread):
                _tell_gap(gap, number, passed_over)
            yield number, passed, shot.gray, jump
            shot = following
        _tell_lacking(path, *video.lacking(), passed_over)


def _tell_gap(gap: FilmGap, number: int, passed_over: PassedOver) -> None:
    """The gaps of the film; where pictures could not be read somebody may have passed unseen."""
    since, lasting = gap.since / SECOND, gap.lasting / SECOND
    if not gap.since:
        text = _(
            "the first {lasting:.2f} s of the film cannot be read: it was cut or damaged there; instants count from the beginning of the file",
            lasting=lasting,
        )
        passed_over.lack(text)
    elif gap.unread:
        text = ngettext(
            "{n} frame before frame {number} cannot be read: {lasting:.2f} s of the film are missing, {since:.2f} s after its beginning",
            "{n} frames before frame {number} cannot be read: {lasting:.2f} s of the film are missing, {since:.2f} s after its beginning",
            gap.unread,
            number=number,
            lasting=lasting,
            since=since,
        )
        passed_over.lack(text)
    else:
        passed_over.mention(
            _(
                "the film has no picture for {lasting:.2f} s, {since:.2f} s after its beginning; instants go on rightly",
                lasting=lasting,
                since=since,
            )
        )


def _tell_lacking(path: Path, frames: int, end: Span, passed_over: PassedOver) -> None:
    """Report the frames that the header promises and the file lacks."""
    if frames:
        passed_over.lack(
            ngettext(
                "{film}: {n} frame that the file promises cannot be read; look for the original, or copy it again",
                "{film}: {n} frames that the file promises cannot be read; look for the original, or copy it again",
                frames,
                film=path.name,
            )
        )
    elif end > END_MOST:
        passed_over.lack(
            _(
                "{film}: the file promises {seconds:.1f} s more than it holds; look for the original, or copy it again",
                film=path.name,
                seconds=end / SECOND,
            )
        )


def _folder(path: Path, passed_over: PassedOver) -> Iterator[Shot]:
    place = None
    for place, picture in stills(path, passed_over):
        yield place, _of_folder(place), picture, None
    if place is None:
        raise NoPicture(str(path), none_read(passed_over))


def _of_folder(place: int) -> Span:
    return Span(place * SECOND // FOLDER_FPS)
