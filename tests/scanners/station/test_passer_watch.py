"""The station's count of people: whoever passes unread is a fact with a picture, and a flood is told instead of kept."""

from collections.abc import Iterator

import numpy as np
import pytest

from scanners.cameras.films import Frame
from scanners.reading.frame_reader import Reading
from scanners.station import passer_watch
from scanners.station.observer import Picture
from scanners.station.passer_watch import PasserWatch
from timing.race.events import Unread
from timing.race.instants import SECOND, Instant

FPS, HEIGHT, WIDTH, LINE_PX = 30, 360, 640, 12.0
CODE = "SV0Z3FPVAH9"
LEAD = 2.0


def shoot(frame: int, crossings: list[float]) -> tuple[Picture, list[tuple[float, float]]]:
    """A street, and whoever is on it: the picture, and each one's middle and distance (the line's is 1)."""
    picture = np.random.default_rng(frame).integers(90, 110, (HEIGHT, WIDTH)).astype(np.uint8)
    there = []
    for crosses in crossings:
        far = 1 + 1.4 * (crosses - frame / FPS)
        if 0.4 < far < 3.5:
            wide, middle = LINE_PX * 5.85 / far, WIDTH / 2 + 30 / far
            left, right = int(middle - wide / 2), int(middle + wide / 2)
            head, chin = int(180 - 100 / far), int(180 - 70 / far)
            picture[max(0, head) : max(0, chin), int(middle - wide / 6) : int(middle + wide / 6)] = 30
            picture[max(0, chin) : int(180 + 260 / far), left:right] = 40
            there.append((middle, far))
    return picture, there


class Seen:
    """What a watch kept and told."""

    def __init__(self) -> None:
        self.facts: list[Unread] = []
        self.pictures: dict[int, Picture] = {}
        self.floods = 0

    def keep(self, fact: Unread) -> int:
        self.facts.append(fact)
        return len(self.facts)

    def flood(self) -> None:
        self.floods += 1

    def watch(self) -> PasserWatch:
        return PasserWatch(self.keep, self.pictures.__setitem__, flooded=self.flood)


def watched(crossings: list[float], named: int = 0) -> tuple[Seen, PasserWatch]:
    """A film of people one after another; the bibs of so many of the first are read."""
    seen = Seen()
    watch = seen.watch()
    for frame in range(round((crossings[-1] + 4) * FPS)):
        picture, there = shoot(frame, crossings)
        at = Instant(frame * SECOND // FPS)
        reads = list(_reads(frame, at, there)) if named and frame / FPS < crossings[named - 1] + 0.4 else []
        watch.look(Frame(frame, at, picture), reads, LINE_PX)
    watch.close([])
    return seen, watch


def _reads(frame: int, at: Instant, there: list[tuple[float, float]]) -> Iterator[Reading]:
    for middle, far in there[:1]:
        x, y, half = middle, 180.0, LINE_PX / far / 2
        corners = ((x - half, y - half), (x + half, y - half), (x + half, y + half), (x - half, y + half))
        yield Reading(frame, at, "mark", 2 * half * 61 / 80, corners, code=CODE, mark="0" * 16)  # type: ignore[arg-type]


def test_whoever_passes_unread_is_a_fact_with_a_picture_from_head_to_knees() -> None:
    seen, watch = watched([LEAD + 1, LEAD + 4])
    assert [round((fact.crossed_at or 0) / SECOND) for fact in seen.facts] == [3, 6]
    assert {fact.crossing for fact in seen.facts} == {"estimated"}
    assert seen.pictures.keys() == {1, 2}
    for fact, picture in zip(seen.facts, seen.pictures.values(), strict=True):
        assert fact.box and abs(fact.box[2] - picture.shape[1]) <= 2 and abs(fact.box[3] - picture.shape[0]) <= 2
        assert picture.shape[0] > 1.2 * picture.shape[1]
        head, knees = picture[: picture.shape[0] // 4], picture[-picture.shape[0] // 4 :]
        assert head.min() < 60 and head[0].min() > 60 and knees.min() < 60
    assert (watch.counts.named, watch.counts.unread, watch.share()) == (0, 2, (2, 2))


def test_whoever_was_read_is_no_unread_fact() -> None:
    seen, watch = watched([LEAD + 1, LEAD + 4], named=1)
    assert [round((fact.crossed_at or 0) / SECOND) for fact in seen.facts] == [6]
    assert (watch.counts.named, watch.share()) == (1, (1, 2))


def test_beyond_a_minute_s_limit_people_are_counted_and_it_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(passer_watch, "MOST_A_MINUTE", 1)
    seen, watch = watched([LEAD + 1, LEAD + 4, LEAD + 7])
    assert (len(seen.facts), watch.counts.beyond, watch.counts.all_unread, seen.floods) == (1, 2, 3, 1)


def test_a_picture_that_is_turned_round_leaves_nobody_out_and_counts_nobody_twice() -> None:
    seen = Seen()
    watch, turned_at, crossings = seen.watch(), round(2.6 * FPS), [2.0, 3.2, 5.5, 8.0]
    for frame in range(round((crossings[-1] + 4) * FPS)):
        picture, _ = shoot(frame, crossings)
        if frame < turned_at:  # a street that differs left from right
            picture = np.ascontiguousarray(picture[:, ::-1])
        if frame == turned_at:
            watch.turn_round()
        watch.look(Frame(frame, Instant(frame * SECOND // FPS), picture), [], LINE_PX)
    watch.close([])
    assert [(one.crossed_at or 0) / SECOND for one in seen.facts] == pytest.approx(crossings, abs=0.3)
