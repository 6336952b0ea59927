"""The frame_reader: who is missed by a glance at the whole picture is read by a closer look, and nobody is read who is not there."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from random import Random

import cv2
import numpy as np
import pytest

from scanners.cameras.films import Frame
from scanners.outbox import Outbox
from scanners.reading.background_reader import Answer, BackgroundReader, FrameView, InlineReader
from scanners.reading.boxes import moved
from scanners.reading.decoder import read_zxing
from scanners.reading.frame_reader import FrameReader, Reading
from scanners.reading.rescue import read_flat, read_slowly, rescue
from scanners.station.station import KeptScan, Station
from tests.builders import code_of
from tests.clock_and_chance import seeded_bits
from tests.pictures import FPS, Grey, symbol, url
from timing.race.codes import Code
from timing.race.events import (
    Scanned,
)
from timing.race.instants import SECOND, Instant
from timing.race.marks import PREFERRED, Mark, dark_modules, mark_book

BIBS = range(1001, 1101)
MARKS = dict(zip(BIBS, Random(7).sample(mark_book()[:PREFERRED], len(BIBS)), strict=True))
ROSTER: dict[str, Code] = {mark: code_of(bib) for bib, mark in MARKS.items()}
OLD = mark_book()[PREFERRED]
STREET = cv2.resize(
    np.random.default_rng(3).integers(60, 180, (36, 64)).astype(np.uint8), (960, 540), interpolation=cv2.INTER_CUBIC
)
NOISE = [np.rint(np.random.default_rng(turn).normal(0, 2, STREET.shape)).astype(np.int16) for turn in range(5)]
"""Of a sensor, another in each of five frames that follow each other."""


def sheet(text: str | None, mark: Mark | None, mm: int = 4) -> Grey:
    """A bib with one mark: code of 90 mm, mark of 80 mm, so many pixels a millimetre."""
    paper = np.full((200 * mm, 240 * mm), 235, np.uint8)
    if text:
        code = symbol(text, 90 * mm)
        rim = (len(code) - 90 * mm) // 2
        paper[84 * mm - rim : 84 * mm - rim + len(code), 34 * mm - rim : 34 * mm - rim + len(code)] = code
    if mark:
        cells = np.where(np.array(dark_modules(mark)), 20, 235).astype(np.uint8)
        paper[89 * mm : 169 * mm, 150 * mm : 230 * mm] = np.kron(cells, np.ones((8 * mm, 8 * mm), np.uint8))
    return paper


def runner(paper: Grey, widths: Iterable[int], blur: float = 0.6, begins: int = 0, left: int = 200) -> Iterator[Frame]:
    """Frames of a street in which somebody comes nearer with this bib, which is so many pixels wide."""
    for index, width in enumerate(widths, start=begins):
        picture = STREET.copy()
        bib = cv2.resize(paper, (width, width * 200 // 240), interpolation=cv2.INTER_AREA)
        top, x = 200 - index % 3, left + 2 * index
        cv2.rectangle(picture, (x - 20, top - 40), (x + width + 20, top + 3 * width), 90, -1)
        picture[top : top + bib.shape[0], x : x + width] = bib
        seen = cv2.add(cv2.GaussianBlur(picture, (0, 0), blur), NOISE[index % len(NOISE)], dtype=cv2.CV_8U)
        yield Frame(index, Instant(index * SECOND // FPS), np.asarray(seen, np.uint8))


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as opened:
        yield opened


def watched(
    outbox: Outbox, frames: Iterable[Frame], frame_reader: FrameReader, line_px: float | None = None
) -> list[KeptScan]:
    told: list[KeptScan] = []
    Station(outbox, frame_reader, told.append, line_px).run(frames)
    return told


FAR = range(84, 124, 2)


def test_whom_a_glance_misses_a_closer_look_reads(outbox: Outbox) -> None:
    film = list(runner(sheet(url(1001), None), FAR))
    glances = sum(bool(read_zxing(frame.gray)) for frame in film)
    (kept,) = watched(outbox, film, FrameReader())
    assert kept.text == url(1001)
    assert kept.scan.sightings > glances


def test_a_mark_that_is_drawn_while_the_camera_runs_is_read_from_then_on(outbox: Outbox) -> None:
    frame_reader, late = (
        FrameReader({mark: code for mark, code in ROSTER.items() if code != code_of(1007)}),
        MARKS[1007],
    )
    film = list(runner(sheet(None, late), range(80, 200, 4)))
    assert watched(outbox, film, frame_reader) == []
    frame_reader.know(ROSTER)
    (kept,) = watched(outbox, film, frame_reader)
    assert kept.scan.source == "mark"
    assert (kept.scan.code, kept.text) == (code_of(1007), late)


def test_a_rescue_tells_where_in_the_frame_the_code_is() -> None:
    (frame,) = runner(sheet(url(1001), None), [300])
    (whole,) = read_zxing(frame.gray)
    (saved,) = rescue(frame.gray[180:500, 190:520], (190.0, 180.0))
    assert saved.size_px == pytest.approx(whole.size_px, rel=0.03)
    assert np.array(saved.corners) == pytest.approx(np.array(whole.corners), abs=2)


def test_who_comes_where_another_was_just_read_is_looked_at_closely_too() -> None:
    film = [
        *runner(sheet(url(1001), None), [96] * 3),
        *runner(sheet(url(1002), None), [96] * 3, begins=3),
    ]
    assert not any(read_zxing(frame.gray) for frame in film)
    frame_reader = FrameReader()
    read = [{one.text for one in frame_reader.look(frame).reads} for frame in film]
    assert read == [{url(1001)}] * 3 + [{url(1002)}] * 3


def test_a_code_laid_flat_is_where_it_was_found_and_nothing_is_read_beside_it() -> None:
    (frame,) = runner(sheet(url(1001), None), [300])
    (whole,) = read_zxing(frame.gray)
    (flat,) = read_flat(frame.gray, whole.corners)
    assert (flat.text, flat.corners) == (url(1001), whole.corners)
    assert read_flat(frame.gray, moved(whole.corners, (0, 1.5 * whole.size_px))) == []


def test_one_frame_is_enough_that_shows_a_mark_and_faintly_its_twin() -> None:
    paper = sheet(None, MARKS[1007])
    mark = cv2.resize(paper[89 * 4 : 169 * 4, 150 * 4 : 230 * 4], (244, 244), interpolation=cv2.INTER_AREA)
    paper[:] = 235
    for left in (300, 300 + 268):
        paper[400:644, left : left + 244] = mark
    once, faint = paper.copy(), paper.copy()
    once[:, 560:] = 235
    cv2.ellipse(faint, (300 + 268 + 122, 522), (60, 60), 0, 0, 360, 235, -1)
    for bib, names in ((once, set()), (faint, {MARKS[1007]}), (paper, {MARKS[1007]})):
        (frame,) = runner(bib, [200])
        assert {one.mark for one in FrameReader(ROSTER).look(frame).reads} == names


def test_code_and_mark_on_one_bib_are_one_scan_by_the_code(outbox: Outbox) -> None:
    (kept,) = watched(outbox, runner(sheet(url(1001), MARKS[1001]), range(60, 240, 6)), FrameReader(ROSTER))
    assert isinstance(kept.scan, Scanned)
    assert (kept.scan.code, kept.doubt) == (code_of(1001), "")


def test_whose_code_cannot_be_read_is_known_by_the_mark(outbox: Outbox) -> None:
    (kept,) = watched(outbox, runner(sheet(None, MARKS[1007]), range(80, 200, 4), blur=1.5), FrameReader(ROSTER))
    assert kept.scan.source == "mark"
    assert (kept.scan.code, kept.text, kept.doubt) == (code_of(1007), MARKS[1007], "")
    assert 250 <= kept.scan.margin <= 800
    assert kept.scan.sightings >= 10


def test_the_mark_s_growth_times_the_crossing_too(outbox: Outbox) -> None:
    """At 4 m a bib of 240 mm is 120 px wide; it comes at 2 m a second and reaches the line, 2.5 m away, after 0.75 s.

    No code tells how large it is beside the mark: it is taken to be as on the default bib.
    """
    widths = [round(480 / (4 - 2 * n / FPS)) for n in range(30)]
    film = runner(sheet(None, MARKS[1007]), widths, blur=1.2)
    (kept,) = watched(outbox, film, FrameReader(ROSTER), line_px=480 / 2.5 * 80 / 240 * 80 / 61)
    assert kept.scan.crossed_at == pytest.approx(0.75 * SECOND, abs=0.06 * SECOND)


@pytest.mark.parametrize("left", [60, 260, 460, 620])
def test_whoever_follows_a_read_runner_is_read_wherever_that_one_was(outbox: Outbox, left: int) -> None:
    """The first leaves the picture; a quarter of a second later another comes, at the same place or beside it."""
    first = list(runner(sheet(url(1001), MARKS[1001]), range(180, 300, 10), left=200))
    second = runner(sheet(None, MARKS[1002]), range(80, 160, 4), blur=1.2, begins=len(first) + 7, left=left)
    kept = watched(outbox, [*first, *second], FrameReader(ROSTER))
    assert {one.scan.code for one in kept} == {code_of(1001), code_of(1002)}


def test_six_abreast_are_all_read_by_their_marks(outbox: Outbox) -> None:
    bibs = range(1001, 1007)
    lanes = [list(runner(sheet(None, MARKS[bib]), range(90, 130, 4), left=20)) for bib in bibs]
    row = [
        Frame(a.index, a.at, np.hstack([one.gray[:, :170] for one in (a, *others)]))
        for a, *others in zip(*lanes, strict=True)
    ]
    kept = watched(outbox, row, FrameReader(ROSTER))
    assert {one.scan.code for one in kept} == {code_of(bib) for bib in bibs}


def mirrored(frames: Iterable[Frame]) -> Iterator[Frame]:
    return (Frame(one.index, one.at, np.ascontiguousarray(one.gray[:, ::-1])) for one in frames)


def test_a_camera_that_mirrors_is_found_out_told_once_and_turned_round(outbox: Outbox) -> None:
    told: list[str] = []
    frame_reader = FrameReader(ROSTER, mirrored=lambda: told.append("mirrored"))
    film = [
        *runner(sheet(None, MARKS[1007]), range(80, 200, 4)),
        *runner(sheet(None, MARKS[1008]), range(80, 200, 4), begins=60),
    ]
    kept = watched(outbox, mirrored(film), frame_reader)
    assert [one.scan.code for one in kept] == [code_of(1007), code_of(1008)]
    assert told == ["mirrored"]
    seen = frame_reader.look(next(mirrored(film))).picture
    assert seen is not None
    assert np.array_equal(seen, film[0].gray)


def test_a_camera_that_reads_marks_is_not_taken_for_a_mirror_whatever_comes_before_it_later(outbox: Outbox) -> None:
    told: list[str] = []
    film = [
        *runner(sheet(None, MARKS[1007]), range(80, 200, 4)),
        *mirrored(runner(sheet(None, MARKS[1008]), range(80, 200, 4), begins=60)),
    ]
    kept = watched(outbox, film, FrameReader(ROSTER, mirrored=lambda: told.append("mirrored")))
    assert ([one.scan.code for one in kept], told) == ([code_of(1007)], [])


def test_in_the_dark_and_out_of_focus_the_mark_is_read(outbox: Outbox) -> None:
    def dark(frame: Frame) -> Frame:
        noise = np.random.default_rng(frame.index).normal(0, 10, frame.gray.shape)
        return Frame(frame.index, frame.at, np.clip(frame.gray * 0.3 + noise, 0, 255).astype(np.uint8))

    film = list(runner(sheet(None, MARKS[1007]), range(120, 220, 4)))
    (kept,) = watched(outbox, map(dark, film), FrameReader(ROSTER))
    assert kept.scan.code == code_of(1007)
    (kept,) = watched(outbox, runner(sheet(None, MARKS[1007]), range(120, 220, 4), blur=2.5), FrameReader(ROSTER))
    assert kept.scan.code == code_of(1007)


def test_a_bib_that_is_held_quite_still_is_seen_every_second_of_it(outbox: Outbox) -> None:
    (held,) = runner(sheet(None, MARKS[1007]), [160])
    film = [Frame(index, Instant(index * SECOND // FPS), held.gray) for index in range(4 * FPS)]
    (kept,) = watched(outbox, film, FrameReader(ROSTER))
    assert kept.scan.code == code_of(1007)
    assert kept.scan.last_at - kept.scan.first_at >= 3 * SECOND


def test_one_frame_with_a_mark_is_no_scan(outbox: Outbox) -> None:
    film = [*runner(sheet(None, MARKS[1007]), [160]), *runner(sheet(None, None), [160] * 20, begins=1)]
    assert watched(outbox, film, FrameReader(ROSTER)) == []


@pytest.mark.parametrize(("beside_mm", "scans"), [(67, 1), (100, 0)])
def test_one_frame_that_shows_the_mark_at_both_its_places_is_a_scan(outbox: Outbox, beside_mm: int, scans: int) -> None:
    one, paper = sheet(None, MARKS[1001])[89 * 4 : 169 * 4, 150 * 4 : 230 * 4], np.full((800, 960), 235, np.uint8)
    for left_mm in (20, 20 + beside_mm):
        paper[440:684, left_mm * 4 : left_mm * 4 + 244] = cv2.resize(one, (244, 244), interpolation=cv2.INTER_AREA)
    kept = watched(outbox, runner(paper, [200]), FrameReader(ROSTER))
    assert [one.scan.code for one in kept] == scans * [code_of(1001)]


def test_nobody_is_at_two_places_of_one_frame() -> None:
    one, paper = sheet(None, MARKS[1001])[89 * 4 : 169 * 4, 150 * 4 : 230 * 4], np.full((800, 960), 235, np.uint8)
    for left, side in ((40, 244), (420, 480)):
        paper[200 : 200 + side, left : left + side] = cv2.resize(one, (side, side), interpolation=cv2.INTER_AREA)
    reader = FrameReader(ROSTER)
    reads = [read for frame in runner(paper, [300, 304, 308]) for read in reader.look(frame).reads]
    assert sorted(read.frame for read in reads) == [0, 1, 2]


def test_a_mark_of_no_race_is_nobody_s_and_without_a_roster_there_are_no_marks(outbox: Outbox) -> None:
    film = list(runner(sheet(None, OLD), range(80, 200, 4)))
    assert watched(outbox, film, FrameReader(ROSTER)) == []
    assert watched(outbox, runner(sheet(None, MARKS[1007]), range(80, 200, 4)), FrameReader()) == []


def test_a_mark_that_was_replaced_is_told_and_gives_nobody_a_time(outbox: Outbox) -> None:
    roster = {OLD: code_of(1007), **ROSTER}
    (kept,) = watched(outbox, runner(sheet(None, OLD), range(80, 200, 4)), FrameReader(roster))
    assert (kept.doubt, kept.text, kept.scan.code[0]) == ("revoked", OLD, "?")
    (kept,) = watched(outbox, runner(sheet(None, MARKS[1007]), range(80, 200, 4)), FrameReader(roster))
    assert (kept.doubt, kept.scan.code) == ("", code_of(1007))


def test_a_code_and_a_mark_of_two_bibs_on_one_are_both_kept_and_give_nobody_a_time(outbox: Outbox) -> None:
    kept = watched(outbox, runner(sheet(url(1001), MARKS[1002]), range(150, 300, 5)), FrameReader(ROSTER))
    assert {(one.text, one.doubt) for one in kept} == {(url(1001), "disputed"), (MARKS[1002], "disputed")}
    assert all(one.scan.code.startswith("?") for one in kept)


def test_two_runners_side_by_side_are_not_in_dispute(outbox: Outbox) -> None:
    one = list(runner(sheet(url(1001), MARKS[1001]), range(150, 240, 3), left=100))
    both = []
    for frame, other in zip(one, runner(sheet(url(1002), MARKS[1002]), range(150, 240, 3), left=480), strict=True):
        both.append(Frame(frame.index, frame.at, np.hstack([frame.gray[:, :460], other.gray[:, 460:]])))
    kept = watched(outbox, both, FrameReader(ROSTER))
    assert {(k.scan.code, k.doubt) for k in kept} == {(code_of(1001), ""), (code_of(1002), "")}


def test_the_same_film_is_read_the_same_every_time(outbox: Outbox) -> None:
    film = list(runner(sheet(url(1001), MARKS[1001]), range(40, 240, 5), blur=1.2))

    def reads() -> list[Reading]:
        frame_reader = FrameReader(ROSTER, InlineReader(slowly))
        return [read for frame in film for read in frame_reader.look(frame).reads] + list(frame_reader.close().reads)

    assert reads() == reads()


def slowly(views: Sequence[FrameView]) -> Answer:
    number, found = read_slowly([(view.part, view.corner) for view in views], None)
    return views[number], found


def test_what_only_a_slow_look_can_read_is_read_of_the_frame_it_was_in(outbox: Outbox) -> None:
    negative = np.asarray(255 - sheet(url(1001), None), np.uint8)
    film = list(runner(negative, range(150, 220, 5)))
    assert watched(outbox, film, FrameReader()) == []
    (kept,) = watched(outbox, film, FrameReader(slow=InlineReader(slowly)))
    assert kept.text == url(1001)
    assert 0 <= kept.scan.frame < len(film)


def test_beside_a_camera_the_slow_reader_never_holds_up_and_drops_what_it_cannot_do() -> None:
    (frame,) = runner(sheet(url(1001), None), [300])
    view = FrameView(frame.gray, (0.0, 0.0), 7, frame.at)
    beside = BackgroundReader(slowly)
    for _ in range(20):
        beside.ask([view])
    assert beside.dropped > 0
    answers = beside.last_answers()
    assert len(answers) + beside.dropped == 20
    assert {(one.frame, found[0].text) for one, found in answers} == {(7, url(1001))}


@pytest.mark.parametrize("shape", [(1, 1), (16, 16), (64, 8), (40, 2000), (2000, 40)])
def test_a_picture_of_any_shape_may_be_looked_at(shape: tuple[int, int]) -> None:
    frame_reader = FrameReader(ROSTER, InlineReader(slowly))
    noise = np.random.default_rng(1).integers(0, 256, shape).astype(np.uint8)
    for index in range(3):
        assert frame_reader.look(Frame(index, Instant(index), noise)).reads == []
    assert (
        frame_reader.look(Frame(3, Instant(3), noise[: shape[0] // 2 + 1])).reads == []
    )  # a folder of other photographs
