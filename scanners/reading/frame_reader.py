"""Reads one frame after another: the whole of it, then closely where a code or mark was found and not read.

Every frame: the whole picture by the first reader of codes; for marks all that moves in it, and where something like a mark was
before. What is found leads to the rest: a mark to the code beside it, a code to its mark, one that was not read to another try.
Slow readers see only runners who leave unread.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal, NamedTuple

from scanners.cameras.films import Frame
from scanners.reading.background_reader import FrameView, SlowReader
from scanners.reading.boxes import (
    BIB_FROM_CODE,
    BIB_FROM_MARK,
    CODE_FROM_MARK,
    MARK_FROM_CODE,
    Corners,
    PixelBox,
    Plan,
    Point,
    inside,
    middle_of,
    moved,
    on_one_bib,
    placed,
)
from scanners.reading.decoder import Sighting, search_zxing
from scanners.reading.look_pace import LookPace
from scanners.reading.mark_follower import MarkFollower
from scanners.reading.mark_reader import MarkReader, MarkSighting, of_one_bib
from scanners.reading.mirroring import MirrorWatch
from scanners.reading.moving_parts import MovingParts, StirWatch
from scanners.reading.pixels import Picture
from scanners.reading.rescue import read_flat, rescue
from scanners.reading.tracks import Track, Tracks
from timing.race.codes import Code, read_code
from timing.race.instants import Instant
from timing.race.marks import marks_in_force

SMALL_LOOKS: Final = 4
"""So many looks a frame at places beside a code, where its mark must be."""

MARKS_TRIED: Final = 8
"""A mark beside a code that was read is looked for so often, then no more."""

RESCUES: Final = 1  # a frame, of codes beside a mark and of those that were found and not read
LAID_FLAT: Final = 3  # a frame, of the latter
SURE: Final = 0.33
"""Of the frames that agree upon a mark one must lead by so much, unless one shows it on the bib twice: letters on a dark sign led by 0.30,
in one frame after another, at one place."""

RESCUED_AGAIN: Final = 1.3
"""Of somebody whose name is known the code is looked for enlarged once more when it has become so much larger."""

RESCUED_PX: Final = 28  # beside a smaller mark the code has too few pixels for any reader
DISPUTED: Final = 2  # frames in which code and mark of one bib must differ
VIEWS: Final = 2
LEAST_FRAMES: Final = 2  # of a track worth a slow reader's time
SLOW_EVERY: Final = 8
EMPTY_EVERY: Final = 15
"""Frames without a code between two whole ones for the slow readers."""

CODE: Final[Plan] = (-0.8, -0.8, 0.8, 0.8)
"""A code with its quiet zone, and room for a lead that is not exact."""

ORIGIN: Final[Point] = (0.0, 0.0)

How = Literal["whole", "rescue", "slow", "mark"]


@dataclass(frozen=True, slots=True)
class Reading:
    """One code or mark in one frame; `text` is a code's, `mark` and `code` are a mark's."""

    frame: int
    at: Instant
    how: How
    size_px: float
    corners: Corners
    text: str = ""
    code: Code | None = None
    mark: str = ""
    margin: float = 0.0
    revoked: bool = False


@dataclass(frozen=True, slots=True)
class Dispute:
    """A bib whose code says one thing and whose mark another."""

    text: str
    mark: str
    code: Code


@dataclass(slots=True)
class FrameResult:
    """What one look brought; a read may be of an earlier frame. `picture` is the frame as it was read, to which corners belong.

    `mirrored` in the frame in which the camera is found to mirror: those after it are turned round.
    """

    reads: list[Reading] = field(default_factory=list)
    disputes: list[Dispute] = field(default_factory=list)
    picture: Picture | None = None
    mirrored: bool = False


class _Marks(NamedTuple):
    """The marks of a race: who reads them, and which of them were replaced by others."""

    reader: MarkReader
    follower: MarkFollower
    revoked: set[str]

    @staticmethod
    def of(marks: Mapping[str, Code]) -> "_Marks | None":
        """None where there are no marks to be read."""
        in_force = {str(mark) for mark in marks_in_force(marks).values()}
        reader = MarkReader(marks)
        return _Marks(reader, MarkFollower(reader), set(marks) - in_force) if marks else None


class FrameReader:
    """Keeps an eye on everybody in view. It knows the marks of one race, in the order in which they were drawn, and reads none
    without them. `mirrored` hears once if the camera's picture is found to be mirrored; it is turned round from then on. With a `pace`
    looks are shorter while pictures come faster than they can be read; a film's are not.
    """

    def __init__(
        self,
        marks: Mapping[str, Code] | None = None,
        slow: SlowReader | None = None,
        mirrored: Callable[[], object] = lambda: None,
        pace: LookPace | None = None,
    ) -> None:
        self._marks, self._mirror = _Marks.of(marks or {}), MirrorWatch(mirrored)
        self._slow, self._tracks = slow, Tracks[Reading]()
        self._views: dict[int, list[FrameView]] = {}
        self._differing: Counter[tuple[str, str]] = Counter()
        self._empty, self._asked_at, self._rescues = 0, -SLOW_EVERY, RESCUES
        self._moving, self._stir, self._pace = MovingParts(), StirWatch(), pace

    def know(self, marks: Mapping[str, Code]) -> None:
        """Read these marks from now on; another thread may say so while frames are looked at."""
        self._marks = _Marks.of(marks)

    @property
    def slow_dropped(self) -> int:
        """Questions for which the slow readers had no time."""
        return self._slow.dropped if self._slow else 0

    def look(self, frame: Frame) -> FrameResult:
        """Everything that this frame shows, and what slow readers found in earlier ones meanwhile."""
        if self._pace:
            self._moving.ways_most = self._pace.begin(frame.index, frame.at)
        frame = self._mirror.straight(frame)
        looked = FrameResult(picture=frame.gray)
        codes, unread = search_zxing(frame.gray)
        self._rescues = RESCUES
        self._codes(frame, codes, "whole", looked)
        self._try_again(frame, unread, codes, looked)
        self._search(frame, codes, looked)
        self._look_where_marks_are(frame, codes, looked)
        self._let_go(self._tracks.ended(frame.at), frame.index)
        self._ask_about_all(frame, looked)
        looked.reads += self._slow_reads(self._slow.answers() if self._slow else ())
        if self._pace:
            self._pace.end()
        return looked

    def close(self) -> FrameResult:
        """What slow readers still find when the pictures have ended."""
        self._let_go(self._tracks.close(), self._asked_at + SLOW_EVERY)
        return FrameResult(self._slow_reads(self._slow.last_answers() if self._slow else ()))

    def _codes(self, frame: Frame, codes: Iterable[Sighting], how: How, looked: FrameResult) -> None:
        for one in codes:
            self._tracks.named(read_code(one.text) or one.text, placed(one.corners, BIB_FROM_CODE), frame.at)
            looked.reads.append(Reading(frame.index, frame.at, how, one.size_px, one.corners, one.text))

    def _try_again(self, frame: Frame, unread: list[Corners], codes: list[Sighting], looked: FrameResult) -> None:
        """Where codes were found and not read, those of unknown runners first; whoever seems known may be somebody else at that place."""
        tracks = [(self._tracks.unread(placed(corners, BIB_FROM_CODE), frame.at), corners) for corners in unread]
        for turn, (track, corners) in enumerate(sorted(tracks, key=lambda one: (one[0].read, one[0].looked))):
            track.looked = frame.index
            flat = read_flat(frame.gray, corners) if turn < LAID_FLAT else []
            self._saved(frame, flat, codes, looked)
            if flat:
                continue
            if not track.names:
                self._keep_view(track, frame)
            self._rescue(frame, track, placed(corners, CODE), codes, looked)

    def _search(self, frame: Frame, codes: list[Sighting], looked: FrameResult) -> None:
        """Search the whole frame for marks."""
        if not self._marks:
            return
        found = self._marks.follower.read(frame.gray, self._moving)
        self._take_marks(frame, found, ORIGIN, codes, looked)
        looked.mirrored = self._mirror.saw(frame, found, self._marks.reader.read)

    def _look_where_marks_are(self, frame: Frame, codes: list[Sighting], looked: FrameResult) -> None:
        """At the mark beside each code, as long as it may say something new."""
        if not self._marks:
            return
        places: list[tuple[int, Track[Reading], PixelBox]] = []
        beside = {read_code(one.text) or one.text: one for one in codes}
        for track in self._tracks.going():
            if track.looked == frame.index:
                continue  # its mark was found in this frame already
            one = next((beside[name] for name in track.names if name in beside), None)
            if one and not track.agreed and track.tried < MARKS_TRIED:
                places.append((track.looked, track, placed(one.corners, MARK_FROM_CODE)))
        for _, track, place in sorted(places, key=lambda one: one[0])[:SMALL_LOOKS]:
            track.looked, track.tried = frame.index, track.tried + 1
            self._look_for_marks(frame, place, codes, looked)

    def _look_for_marks(self, frame: Frame, place: PixelBox, codes: list[Sighting], looked: FrameResult) -> None:
        """Read the marks at a place."""
        area = place.cut(frame.gray.shape[1], frame.gray.shape[0])
        if area and self._marks:
            found = self._marks.reader.read(frame.gray[area])
            self._take_marks(frame, found, (float(area[1].start), float(area[0].start)), codes, looked)

    def _take_marks(
        self, frame: Frame, marks: Sequence[MarkSighting], corner: Point, codes: list[Sighting], looked: FrameResult
    ) -> None:
        """Keep what was found; beside a mark where no code was read, look for that once more."""
        revoked = self._marks.revoked if self._marks else set()
        for found in of_one_bib(marks):
            corners = moved(found.corners, corner)
            if any(inside(one.corners, middle_of(corners)) for one in codes):
                continue  # a code's own squares
            twice = any(found.twin(other) for other in marks)
            track = self._mark(frame, found, corners, found.mark in revoked, looked, twice=twice)
            beside = any(on_one_bib(one.corners, one.size_px, corners, found.size_px) for one in codes)
            if not beside and found.size_px >= RESCUED_PX:
                self._rescue(frame, track, placed(corners, CODE_FROM_MARK), codes, looked)
            self._compare(found, corners, codes, looked)
            track.looked = frame.index

    def _mark(
        self, frame: Frame, found: MarkSighting, corners: Corners, revoked: bool, looked: FrameResult, *, twice: bool
    ) -> Track[Reading]:
        track = self._tracks.named(found.code, placed(corners, BIB_FROM_MARK), frame.at)
        read = Reading(
            frame.index,
            frame.at,
            "mark",
            found.size_px,
            corners,
            code=found.code,
            mark=found.mark,
            margin=found.margin,
            revoked=revoked,
        )
        if self._marks and found.mark not in track.agreed:
            twice = twice or self._marks.reader.twin_beside(frame.gray, found.mark, corners)
        looked.reads += track.glimpse(found.mark, frame.at, read, sure=found.margin >= SURE, twice=twice)
        return track

    def _compare(self, found: MarkSighting, corners: Corners, codes: list[Sighting], looked: FrameResult) -> None:
        """Whether the code on the mark's own bib says another name."""
        for one in codes:
            code = read_code(one.text)
            if code and code != found.code and on_one_bib(one.corners, one.size_px, corners, found.size_px):
                self._differing[one.text, found.mark] += 1
                if self._differing[one.text, found.mark] >= DISPUTED:
                    looked.disputes.append(Dispute(one.text, found.mark, found.code))

    def _rescue(
        self, frame: Frame, track: Track[Reading], place: PixelBox, codes: list[Sighting], looked: FrameResult
    ) -> None:
        """Look for somebody's code enlarged."""
        area = place.cut(frame.gray.shape[1], frame.gray.shape[0])
        worth = not track.read or place.width >= RESCUED_AGAIN * track.rescued_px
        if area and worth and self._rescues:
            self._rescues -= 1
            track.rescued_px = place.width
            found = rescue(frame.gray[area], (float(area[1].start), float(area[0].start)))
            self._saved(frame, found, codes, looked)

    def _saved(self, frame: Frame, found: Iterable[Sighting], codes: list[Sighting], looked: FrameResult) -> None:
        """Keep the codes that a closer look has read."""
        known = {one.text for one in codes}
        new = [one for one in found if one.text not in known]
        codes += new
        self._codes(frame, new, "rescue", looked)

    def _keep_view(self, track: Track[Reading], frame: Frame) -> None:
        """Hold on to the largest views of somebody unread."""
        area = track.box.cut(frame.gray.shape[1], frame.gray.shape[0])
        views = self._views.setdefault(track.number, [])
        if not area or not self._slow:
            return
        part = frame.gray[area]
        if len(views) < VIEWS or part.size > views[-1].part.size:
            views.append(FrameView(part.copy(), (float(area[1].start), float(area[0].start)), frame.index, frame.at))
            views.sort(key=lambda view: -view.part.size)
            del views[VIEWS:]

    def _let_go(self, tracks: list[Track[Reading]], index: int) -> None:
        """Ask the slow readers about whoever has left unread."""
        for track in sorted(tracks, key=lambda track: -track.frames):
            views = self._views.pop(track.number, [])
            worth = views and not track.names and track.frames >= LEAST_FRAMES and index - self._asked_at >= SLOW_EVERY
            if worth and self._slow:
                self._asked_at = index
                self._slow.ask(views)

    def _ask_about_all(self, frame: Frame, looked: FrameResult) -> None:
        """Now and then a frame in which something is, and nobody could read anything."""
        self._empty = 0 if looked.reads else self._empty + 1
        if self._slow and self._empty % EMPTY_EVERY == 1 and self._stir.stirs(frame.gray):
            self._slow.ask([FrameView(frame.gray, (0.0, 0.0), frame.index, frame.at)])

    def _slow_reads(self, answers: Iterable[tuple[FrameView, list[Sighting]]]) -> list[Reading]:
        return [
            Reading(view.frame, view.at, "slow", one.size_px, one.corners, one.text)
            for view, found in answers
            for one in found
        ]
