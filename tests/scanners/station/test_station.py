"""The station: frames in, one scan for each visit kept before anybody is told, and nothing that was seen is lost."""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import chain
from pathlib import Path

import pytest

from scanners.cameras.films import Frame
from scanners.cameras.stills import NoPicture
from scanners.outbox import Outbox
from scanners.reading.frame_reader import FrameReader
from scanners.station.station import KeptScan, Station, code_of
from tests import builders
from tests.builders import GUN
from tests.clock_and_chance import seeded_bits
from tests.pictures import FPS, frames, scene, url
from timing.language import pair
from timing.race.codes import read_code
from timing.race.encoding import decode
from timing.race.events import (
    Scanned,
)
from timing.race.instants import SECOND, Instant

CARD = "https://가산정밀.test/명함/김하늘"


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as opened:
        yield opened


def watched(outbox: Outbox, pictures: Iterable[Frame], line_px: float | None = None) -> list[KeptScan]:
    """What a station tells of these frames."""
    told: list[KeptScan] = []
    Station(outbox, FrameReader(), told.append, line_px).run(pictures)
    return told


def stored(outbox: Outbox) -> list[Scanned]:
    facts = [decode(item) for item in outbox.batch(0, 10**6, 10**6).items]
    return [fact for fact in facts if isinstance(fact, Scanned)]


def test_one_scan_for_one_visit(outbox: Outbox) -> None:
    (kept,) = watched(outbox, frames((0.2, []), (1.0, [url(417)]), (2.0, []), begins=GUN))
    assert (kept.seq, kept.text) == (1, url(417))
    assert kept.scan == stored(outbox)[0]
    assert kept.scan.code == read_code(url(417)) == builders.code_of(417)
    assert (kept.scan.first_at - GUN, kept.scan.last_at - GUN) == (5 * SECOND // FPS, 29 * SECOND // FPS)
    assert (kept.scan.sightings, kept.scan.crossed_at) == (25, None)
    assert 5 <= kept.scan.frame < 30


def test_a_short_gap_is_the_same_visit_and_a_long_one_another(outbox: Outbox) -> None:
    day = frames((0.2, [url(417)]), (1.4, []), (0.2, [url(417)]), (1.6, []), (0.2, [url(417)]))
    assert [kept.scan.sightings for kept in watched(outbox, day)] == [10, 5]


def test_several_runners_at_once_have_a_scan_each(outbox: Outbox) -> None:
    day = frames((0.4, [url(417), url(418)]), (0.4, [url(418), url(419)]))
    assert {kept.text: kept.scan.sightings for kept in watched(outbox, day)} == {
        url(417): 10,
        url(418): 20,
        url(419): 10,
    }
    assert [kept.seq for kept in watched(outbox, [])] == []


def test_whoever_is_in_view_when_the_frames_end_is_kept(outbox: Outbox) -> None:
    assert [kept.text for kept in watched(outbox, frames((0.2, [url(417)])))] == [url(417)]


def test_whoever_is_in_view_when_the_camera_fails_is_kept(outbox: Outbox) -> None:
    def pulled_out() -> Iterator[Frame]:
        yield from ()
        raise NoPicture("카메라 0", pair("신호가 끊겼습니다", "camera 0 was lost"))

    told: list[KeptScan] = []
    station = Station(outbox, FrameReader(), told.append, None)
    with pytest.raises(NoPicture):
        station.run(chain(frames((0.2, [url(417)])), pulled_out()))
    assert [kept.text for kept in told] == [url(417)]
    assert len(stored(outbox)) == station.tally.scans == 1


def test_a_foreign_text_stays_at_the_station_and_the_fact_bears_a_hash_of_it(outbox: Outbox, tmp_path: Path) -> None:
    (kept,) = watched(outbox, frames((0.2, [CARD])))
    (fact,) = stored(outbox)
    assert kept.text == CARD
    assert fact.code == code_of(CARD)
    assert fact.code.startswith("?")
    assert len(fact.code) == 17
    sent = b"".join(outbox.batch(0, 10**6, 10**6).items)
    assert "김하늘".encode() not in sent
    with closing(sqlite3.connect(tmp_path / "finish-1.db")) as disk:
        assert disk.execute("SELECT text FROM item").fetchall() == [(CARD,)]


def test_a_code_of_ours_with_a_wrong_check_character_is_foreign() -> None:
    ours = url(417)
    wrong = ours[:-1] + ("0" if ours[-1] != "0" else "1")
    assert code_of(ours) == builders.code_of(417)
    assert code_of(wrong).startswith("?")
    assert code_of(wrong) != code_of(wrong + "x")


def test_a_scan_is_told_only_when_it_is_on_the_disk(outbox: Outbox, tmp_path: Path) -> None:
    on_disk: list[list[tuple[str]]] = []

    def tell(kept: KeptScan) -> None:
        with closing(sqlite3.connect(tmp_path / "finish-1.db")) as disk:
            on_disk.append(disk.execute("SELECT text FROM item WHERE seq = ?", (kept.seq,)).fetchall())

    Station(outbox, FrameReader(), tell, None).run(frames((0.2, [url(417), url(418)])))
    assert on_disk == [[(url(417),)], [(url(418),)]] or on_disk == [[(url(418),)], [(url(417),)]]


def test_the_tally_counts_frames_scans_and_different_codes(outbox: Outbox) -> None:
    station = Station(outbox, FrameReader(), lambda _: None, None)
    station.run(frames((0.2, [url(417)]), (1.6, []), (0.2, [url(417), CARD])))
    assert (station.tally.frames, station.tally.scans, station.tally.codes) == (
        50,
        3,
        {code_of(url(417)), code_of(CARD)},
    )


def approach(crosses_s: float, line_px: float, begins: int) -> Iterator[Frame]:
    """A runner who walks up evenly; the code is `line_px` wide at the line, two metres away."""
    for index in range(40):
        distance_m = 2 + 1.5 * (crosses_s - index / FPS)
        at = Instant(begins + index * SECOND // FPS)
        yield Frame(index, at, scene(url(417), side_px=round(2 * line_px / distance_m), height=400))


def test_with_the_line_s_size_given_the_crossing_is_measured(outbox: Outbox) -> None:
    (kept,) = watched(outbox, approach(0.8, 120.0, GUN), line_px=120.0)
    assert kept.scan.crossed_at
    assert kept.scan.crossed_at - GUN == pytest.approx(0.8 * SECOND, abs=0.04 * SECOND)
    assert kept.scan.frame == 39  # the nearest
