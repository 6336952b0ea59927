"""A rehearsal of a camera: people with bibs walk by for some minutes. Measures what was read and how good the picture was; records nothing."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from math import sqrt
from statistics import median
from typing import Final, Literal

import msgspec

from scanners.cameras.films import Frame, Lull
from scanners.outbox.evidence_files import evidence_beside, find_picture
from scanners.station.assembly import open_station
from scanners.station.observer import Picture, SeenCode
from scanners.station.running_station import RunningStation
from scanners.station.station import KeptScan
from scanners.station.station_options import StationOptions
from scanners.station.station_output import StationOutput
from timing.folder import OpenRace
from timing.language import Text, _, ngettext
from timing.race.events import Crossing, StationFact, Unread
from timing.race.instants import SECOND, Instant, Span
from timing.stations.station_status import StationStatus
from timing.stations.station_warnings import warnings

PICTURES_BYTES: Final = 200_000_000
SAMPLE_EVERY: Final = Span(SECOND)
FEWEST_PASSES: Final = 30
"""With fewer a share of unread people says little."""
MISSED: Final = 0.01
ESTIMATED: Final = 0.1
DROPPED: Final = 0.01
MISCOUNTED: Final = 0.05
"""Shares of people, crossings, frames and again people beyond which something should be changed."""
GOOD_MODULE_PX, GOOD_EDGE, GOOD_SMEAR, GOOD_PAPER = 2.5, 0.30, 0.5, 120
"""What `figures` calls good."""
Z: Final = 1.96  # of 95 %
How = Literal["qr", "mark", "unread"]


@dataclass(frozen=True, slots=True)
class RehearsedPass:
    """Somebody walked by: `at` is the time since the rehearsal began, `module_px` the pixels per module of the QR at its largest."""

    at: Span
    by: How
    bib: int | None
    crossing: Crossing
    sightings: int
    module_px: float | None
    picture: bytes | None
    """A JPEG; None where none could be kept."""


@dataclass(frozen=True, slots=True)
class CameraRehearsal:
    """The result of a rehearsal; `status` has the medians over its duration, `counted` is the number of passes counted by hand."""

    lasted: Span
    width: int
    height: int
    frames: int
    line_px: float | None
    passes: Sequence[RehearsedPass]
    beyond: int
    """People unread of whom no picture was kept, since there were too many in one minute."""
    counted: int | None
    status: StationStatus

    @property
    def read(self) -> list[RehearsedPass]:
        return [one for one in self.passes if one.by != "unread"]

    @property
    def unread(self) -> list[RehearsedPass]:
        return [one for one in self.passes if one.by == "unread"]

    @property
    def passed(self) -> int:
        return len(self.passes) + self.beyond

    @property
    def missed(self) -> int:
        """The number of people who passed unread: as the camera saw them or, if more were counted by hand, by that count."""
        return max(self.passed, self.counted or 0) - len(self.read)

    @property
    def fps(self) -> float:
        """Frames read a second, by the frames' own time."""
        return (self.frames - 1) * SECOND / self.lasted if self.lasted else 0.0


def rehearse_camera(
    options: StationOptions, race: OpenRace | None, output: StationOutput, lasting: Span, counted: int | None = None
) -> CameraRehearsal:
    """Watch for so long, to the end of a film, or until somebody ends it.

    Raises:
        NoPicture: the source gives no picture.
        Refused, Unreachable: the server gives no roster.
    """
    recorder = _Recorder()
    options = replace(options, trial=True, evidence_bytes=PICTURES_BYTES, film_bytes=0)

    def on_scan(kept: KeptScan, bib: int | None) -> None:
        output.on_scan(kept, bib)
        recorder.on_read(kept, bib)

    def on_unread(seq: int, fact: Unread) -> None:
        output.on_unread(seq, fact)
        recorder.unread.append((seq, fact))

    with open_station(options, race, output._replace(on_scan=on_scan, on_unread=on_unread)) as running:
        recorder.running = running
        running.station.observers.append(recorder)
        with suppress(KeyboardInterrupt):
            running.station.run(_until(running.frames, lasting))
        if running.evidence:
            running.evidence.close()  # its pictures are written
        return recorder.found(running, counted)


class _Recorder:
    """Observes the frames: samples the station's status each second, and how large each bib's QR became."""

    def __init__(self) -> None:
        self.running: RunningStation | None = None
        self.unread: list[tuple[int, Unread]] = []
        self._read: list[tuple[KeptScan, int | None, float | None]] = []
        self._statuses: list[StationStatus] = []
        self._sampled: Instant | None = None
        self._modules: dict[str, float] = {}
        self._frames = self._width = self._height = 0
        self._first = self._last = Instant(0)

    def on_frame(self, at: Instant, gray: Picture, seen: Sequence[SeenCode]) -> None:
        """A frame was read."""
        self._first, self._last = self._first if self._frames else at, at
        self._height, self._width = gray.shape
        self._frames += 1
        for one in seen:
            if one.source == "qr":
                self._modules[one.code] = max(self._modules.get(one.code, 0.0), one.module_px)
        if self.running and (self._sampled is None or at - self._sampled >= SAMPLE_EVERY):
            self._sampled = at
            self._statuses.append(self.running.metrics.status())

    def on_scan(self, seq: int, code: str, fact: StationFact) -> None:
        """Scans come with their bibs by `on_read`."""

    def on_read(self, kept: KeptScan, bib: int | None) -> None:
        """A bib was read; a foreign QR and a bib in doubt name nobody."""
        if not kept.scan.code.startswith("?"):
            self._read.append((kept, bib, self._modules.pop(kept.scan.code, None)))

    def found(self, running: RunningStation, counted: int | None) -> CameraRehearsal:
        """All of it, when the frames have ended."""
        passes = [*self._passes_read(running), *self._passes_unread(running)]
        watch = running.station.passers
        status = _over_all(self._statuses or [running.metrics.status()])
        of_all = status.drops / max(status.drops + self._frames, 1)
        return CameraRehearsal(
            Span(self._last - self._first),
            self._width,
            self._height,
            self._frames,
            running.station.line_px,
            sorted(passes, key=lambda one: one.at),
            watch.counts.beyond if watch else 0,
            counted,
            msgspec.structs.replace(status, dropped=of_all),
        )

    def _passes_read(self, running: RunningStation) -> Iterator[RehearsedPass]:
        for kept, bib, module_px in self._read:
            scan = kept.scan
            at = Span((scan.crossed_at or scan.first_at) - self._first)
            picture = _picture(running, kept.seq)
            yield RehearsedPass(
                at, "mark" if scan.source == "mark" else "qr", bib, kept.source, scan.sightings, module_px, picture
            )

    def _passes_unread(self, running: RunningStation) -> Iterator[RehearsedPass]:
        for seq, fact in self.unread:
            at = Span((fact.crossed_at or fact.first_at) - self._first)
            yield RehearsedPass(at, "unread", None, fact.crossing, fact.sightings, None, _picture(running, seq))


def share_at_most(missed: int, of: int) -> float:
    """The upper 95 % bound of a share of which a sample was seen (Wilson's interval)."""
    return (missed + Z**2 / 2 + Z * sqrt(missed * (of - missed) / of + Z**2 / 4)) / (of + Z**2)


def verdict(found: CameraRehearsal) -> Text:
    """How many were read, and what that lets expect."""
    of = len(found.read) + found.missed
    if not of:
        return _("nobody with a bib was seen")
    return _(
        "{read} of {passed} passes were read, {missed} were not ({share:.1%}); on another day like this it may be up to {most:.0%}",
        read=len(found.read),
        passed=of,
        missed=found.missed,
        share=found.missed / of,
        most=share_at_most(found.missed, of),
    )


def advice(found: CameraRehearsal) -> list[Text]:
    """What to change, the most important first; empty for a good camera after a long rehearsal."""
    good = _is_good(found.status)
    told = [one.text for one in warnings(_judged(found)) if one.kind != "unread" or not good]
    if found.missed > MISSED * found.passed and (good or not told):
        told.append(
            _("look at the pictures of those who were not read: is the bib covered, folded, blurred, dark or far away?")
        )
    return [*told, *_beyond_the_warnings(found)]


def _is_good(status: StationStatus) -> bool:
    """Whether distance, focus, shutter and light were measured and are what `figures` calls good: then it is not for them."""
    at_least = (status.module_px, GOOD_MODULE_PX), (status.edge, GOOD_EDGE), (status.paper, GOOD_PAPER)
    return all((value or 0) >= least for value, least in at_least) and (status.smear or 0) < GOOD_SMEAR


def _judged(found: CameraRehearsal) -> StationStatus:
    """A status made of the whole rehearsal, as input to the station's warnings."""
    of = len(found.read) + found.missed
    return msgspec.structs.replace(
        found.status,
        fps=found.fps,
        passed_lately=of,
        unread_lately=found.missed,
        moving_s=0.0,
        trial=False,
        lacks_line=found.line_px is None,
    )


def _beyond_the_warnings(found: CameraRehearsal) -> Iterator[Text]:
    """Advice that needs the whole rehearsal."""
    of = len(found.read) + found.missed
    if strangers := sum(one.bib is None for one in found.read):
        yield _(
            "{n} of the {read} that were read are not in the roster, and of such bibs no mark is read: take bibs of this race, and start this in its folder or with --server",
            n=strangers,
            read=len(found.read),
        )
    if not of:
        yield _("nobody passed: let people with bibs walk towards the camera and over the line")
    elif of < FEWEST_PASSES:
        yield ngettext(
            "only {n} pass was seen: let ten people walk by six times, which says more",
            "only {n} passes were seen: let ten people walk by six times, which says more",
            of,
        )
    estimated = sum(one.crossing == "estimated" for one in found.read)
    if found.line_px and estimated > ESTIMATED * len(found.read):
        yield _(
            "{estimated} of {read} crossings are estimates, for the bib was not read on both sides of the line: turn the camera so that runners are in the picture from 3 m before the line to 1 m behind it",
            estimated=estimated,
            read=len(found.read),
        )
    if found.status.dropped > DROPPED:
        yield _(
            "{share:.0%} of the frames were dropped: close other programs, plug in the power, or take --size 1280x720",
            share=found.status.dropped,
        )
    if found.counted is not None and abs(found.counted - found.passed) > MISCOUNTED * found.counted:
        yield _(
            "by hand {counted} passes were counted, and the camera noticed {passed}: look at the pictures for who is missing or there twice",
            counted=found.counted,
            passed=found.passed,
        )


def figures(found: CameraRehearsal) -> list[tuple[Text, Text]]:
    """The measurements: a name and the figure in words each."""
    status, read = found.status, found.read
    by_mark = sum(one.by == "mark" for one in read)
    crossings = {how: sum(one.crossing == how for one in read) for how in ("line", "estimated", "seen")}
    line = (
        _("a bib's QR is {px:.1f} px wide there", px=found.line_px)
        if found.line_px
        else _("not known: hold a bib over it, with --calibrate")
    )
    of = len(read) + found.missed
    return [
        (_("time"), _("{minutes}:{seconds:02} min", minutes=found.lasted // SECOND // 60, seconds=found.lasted // SECOND % 60)),
        (_("picture"), _("{width} x {height}, {fps:.1f} frames/s read", width=found.width, height=found.height, fps=found.fps)),
        (_("frames dropped"), _("{n} ({share:.1%})", n=status.drops, share=status.dropped)),
        (_("read"), _("{n}: {by_qr} by the QR, {by_mark} by the mark alone", n=len(read), by_qr=len(read) - by_mark, by_mark=by_mark)),
        (_("unread"), _("{n} ({share:.1%})", n=found.missed, share=found.missed / of if of else 0.0)),
        (_("line"), line),
        (_("crossings"), _("{line} measured at the line, {estimated} estimated, {seen} a moment of sight", **crossings)),
        (_("bib at its nearest"), _figure(status.module_px, _("{x:.1f} px per module of the QR (2.5 or more is good)"))),
        (_("sharpness"), _figure(status.edge, _("{x:.2f} (0.30 or more is good, below 0.12 is blurred)"))),
        (_("blur by movement"), _figure(status.smear, _("{x:.2f} modules (below 0.5 is good)"))),
        (_("light"), _figure(status.paper, _("white is {x:.0f} of 255 (above 120 is good, below 70 is dark)"))),
    ]  # fmt: skip


def _figure(value: float | None, text: Text) -> Text:
    return _("not measured") if value is None else text.filled(x=value)


def _over_all(statuses: Sequence[StationStatus]) -> StationStatus:
    """The last status, with the medians of all for what changes from moment to moment."""

    def usual(values: Iterable[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return median(known) if known else None

    return msgspec.structs.replace(
        statuses[-1],
        paper=usual(one.paper for one in statuses),
        glare=usual(one.glare for one in statuses) or 0.0,
        edge=usual(one.edge for one in statuses),
        smear=usual(one.smear for one in statuses),
        module_px=usual(one.module_px for one in statuses),
        latency_ms=usual(one.latency_ms for one in statuses),
        frame_age_s=None,
    )


def _until(frames: Iterable[Frame | Lull], lasting: Span) -> Iterator[Frame | Lull]:
    """The frames of so long a time."""
    begun: Instant | None = None
    for frame in frames:
        begun = frame.at if begun is None else begun
        if frame.at - begun > lasting:
            return
        yield frame


def _picture(running: RunningStation, seq: int) -> bytes | None:
    file = find_picture(running.outbox.lineage, seq, evidence_beside(running.outbox.path))
    return file.read_bytes() if file else None
