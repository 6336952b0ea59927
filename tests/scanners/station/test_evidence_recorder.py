"""A picture of each scan: kept at the station within a limit, and fetched by the desk when it asks."""

import errno
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from scanners.intake.requested_pictures import RequestedPictures
from scanners.outbox import Outbox
from scanners.outbox.evidence_files import EVIDENCE, find_picture
from scanners.outbox.uplink import HttpUplink, Refused
from scanners.protocol import PICTURE_MOST
from scanners.station.evidence_recorder import PICTURE_PX, EvidenceRecorder, EvidenceStore, person
from scanners.station.uploading import post_evidence
from tests.builders import GUN, RACE, Station, after_gun, code_of, gun, runner, scan
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.intakes import TOKEN, intake_server
from tests.memory_log import MemoryLog
from tests.operators import LINEAGE, scanned, seen, wall
from tests.terminal import marathon, race_folder
from timing.folder import open_race
from timing.race.events import (
    Scanned,
    SpareDrawn,
)
from timing.race.instants import SECOND, Instant

JPEG = b"\xff\xd8\xff" + bytes(100)
ROOMY = 10**12


def store(folder: Path, most: int = 10**6, free: int = ROOMY) -> EvidenceStore:
    return EvidenceStore(folder, LINEAGE, most, lambda _: free)


def kept(folder: Path) -> list[int]:
    return sorted(int(file.stem) for file in (folder / LINEAGE).glob("*.jpg"))


@given(sizes=st.lists(st.integers(1, 400), max_size=30), most=st.integers(1, 1_000))
def test_the_limit_is_never_passed_and_the_newest_pictures_stay(
    tmp_path_factory: pytest.TempPathFactory, sizes: list[int], most: int
) -> None:
    folder = tmp_path_factory.mktemp("evidence")
    pictures = store(folder, most)
    taken = [seq for seq, size in enumerate(sizes, 1) if pictures.keep(seq, bytes(size))]
    assert sum(file.stat().st_size for file in (folder / LINEAGE).iterdir()) <= most
    left = kept(folder)
    assert left == taken[len(taken) - len(left) :]


def test_pictures_of_an_earlier_run_count_and_are_the_first_to_go(tmp_path: Path) -> None:
    first = store(tmp_path, most=300)
    for seq in (9, 10, 11):
        assert first.keep(seq, bytes(100))
    assert store(tmp_path, most=300).keep(12, bytes(100))
    assert kept(tmp_path) == [10, 11, 12]


def test_pictures_stop_before_the_disk_is_full(tmp_path: Path) -> None:
    assert not store(tmp_path, free=400_000_000).keep(1, JPEG)
    assert kept(tmp_path) == []
    assert store(tmp_path, free=600_000_000).keep(1, JPEG)


def shown(folder: Path, seq: int) -> np.ndarray[tuple[int, int], np.dtype[np.uint8]]:
    file = find_picture(LINEAGE, seq, folder)
    picture = file and file.read_bytes()
    assert picture
    return cv2.imdecode(np.frombuffer(picture, np.uint8), cv2.IMREAD_GRAYSCALE)  # type: ignore[return-value]


def test_of_a_visit_the_best_view_is_kept_with_the_runner_around_the_bib(tmp_path: Path) -> None:
    keeper = EvidenceRecorder(store(tmp_path))
    far, near = np.full((1080, 1920), 60, np.uint8), np.full((1080, 1920), 180, np.uint8)
    keeper.on_frame(Instant(0), far, [seen(417, 900, 40, 500)])
    keeper.on_frame(Instant(40_000), near, [seen(417, 900, 70, 500)])
    keeper.on_frame(Instant(80_000), far, [seen(417, 1850, 70, 1000)])  # leaving: half of the runner is outside
    keeper.on_scan(7, code_of(417), scanned(417, GUN))
    keeper.close()
    picture = shown(tmp_path, 7)
    assert picture.max() - picture.min() < 5
    assert abs(int(picture.mean()) - 180) < 5
    assert max(picture.shape) == PICTURE_PX
    assert picture.shape[0] > 2 * picture.shape[1]  # upright, as runners are
    assert find_picture(LINEAGE, 8, tmp_path) is None


def test_a_tap_has_the_whole_frame(tmp_path: Path) -> None:
    keeper = EvidenceRecorder(store(tmp_path))
    keeper.on_tap(1)
    keeper.on_frame(Instant(0), wall(417), [])
    keeper.on_tap(2)
    keeper.close()
    assert find_picture(LINEAGE, 1, tmp_path) is None
    assert shown(tmp_path, 2).shape[1] > shown(tmp_path, 2).shape[0]


def test_whoever_left_without_a_scan_is_forgotten_and_a_full_disk_costs_pictures_only(tmp_path: Path) -> None:
    keeper = EvidenceRecorder(store(tmp_path, free=0))
    keeper.on_frame(Instant(0), wall(417), [seen(417)])
    keeper.on_frame(Instant(60 * SECOND), wall(418), [seen(418)])
    keeper.on_scan(1, code_of(417), scanned(417, GUN))
    keeper.on_scan(2, code_of(418), scanned(418, GUN))
    keeper.close()
    assert (keeper.lost, keeper.keeping, kept(tmp_path)) == (1, False, [])


@given(left=st.floats(-50, 700), top=st.floats(-50, 300), side=st.floats(0.1, 900))
def test_a_cut_never_leaves_the_frame(left: float, top: float, side: float) -> None:
    worth, part = person(np.zeros((200, 600), np.uint8), seen(417, left, side, top))
    assert worth >= 0
    assert part.shape[0] <= 200 and part.shape[1] <= 600


def test_the_album_takes_what_was_asked_for_and_nothing_else(tmp_path: Path) -> None:
    pictures = RequestedPictures(tmp_path)
    assert not pictures.accept(LINEAGE, 5, JPEG)
    for seq in (12, 5, 9):
        pictures.ask(LINEAGE, seq)
    assert pictures.wanted(LINEAGE) == [5, 9, 12]
    assert not pictures.accept(LINEAGE, 5, b"MZ" + JPEG)
    assert not pictures.accept(LINEAGE, 5, JPEG + bytes(PICTURE_MOST))
    assert pictures.accept(LINEAGE, 5, JPEG)
    assert pictures.accept(LINEAGE, 9, b"")
    assert pictures.wanted(LINEAGE) == [12]
    file = pictures.find(LINEAGE, 5)
    assert file and file.read_bytes() == JPEG
    assert (pictures.find(LINEAGE, 9), pictures.has_none(LINEAGE, 9)) == (None, True)


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    opened = Outbox(tmp_path / "away" / "finish-1.db", seeded_bits(1))
    yield opened
    opened.close()


def test_a_station_sends_the_pictures_that_the_desk_asks_for(tmp_path: Path, outbox: Outbox) -> None:
    pictures = RequestedPictures(tmp_path / "race")
    kept = EvidenceStore(outbox.path.parent / EVIDENCE, outbox.lineage, 10**6, lambda _: ROOMY)
    kept.keep(3, JPEG)
    for seq in (3, 4):
        pictures.ask(outbox.lineage, seq)
    with intake_server(MemoryLog(RACE, ManualClock(GUN)), pictures=pictures) as server:
        post_evidence(HttpUplink(server, TOKEN), outbox)(pictures.wanted(outbox.lineage))
        with pytest.raises(Refused, match="nobody asked"):
            HttpUplink(server, TOKEN).picture(outbox.lineage, 3, JPEG)
    file = pictures.find(outbox.lineage, 3)
    assert file and file.read_bytes() == JPEG
    assert pictures.has_none(outbox.lineage, 4)


def test_pictures_wait_while_the_server_is_away(tmp_path: Path, outbox: Outbox) -> None:
    with intake_server(MemoryLog(RACE, ManualClock(GUN))) as server:
        pass
    post_evidence(HttpUplink(server, TOKEN), outbox)([1, 2])  # no error: they are asked for again


def test_the_desk_finds_a_picture_or_asks_for_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    station = Station().says(scan(417, "17:05"))
    with race_folder(tmp_path / "race") as opened:
        opened.log.record(runner(417))
        opened.log.receive(station.batch())
    at_race = "--race", tmp_path / "race"
    assert marathon("evidence", "417", "--wait", 0, *at_race) == 3
    assert "아직 도착하지 않은 사진" in capsys.readouterr().err
    pictures = RequestedPictures(tmp_path / "race" / EVIDENCE)
    assert pictures.wanted(station.lineage) == [2]
    pictures.accept(station.lineage, 2, JPEG)
    assert marathon("evidence", f"{station.lineage[:8]}#2", *at_race) == 0
    assert Path(capsys.readouterr().out.strip()).read_bytes() == JPEG
    assert marathon("evidence", "999", *at_race) == 1


def test_a_picture_of_a_station_on_this_machine_is_found_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    station = Station().says(scan(417, "17:05"))
    with race_folder(tmp_path / "race") as opened:
        opened.log.record(runner(417))
        opened.log.receive(station.batch())
    EvidenceStore(tmp_path / "race" / "stations" / EVIDENCE, station.lineage, 10**6, lambda _: ROOMY).keep(2, JPEG)
    assert marathon("evidence", "417", "--race", tmp_path / "race") == 0
    assert Path(capsys.readouterr().out.strip()).read_bytes() == JPEG


@pytest.fixture
def at_finish(tmp_path: Path) -> Iterator[Path]:
    """A race whose finish saw 417 at 14:17:05, a tap two seconds later, a spare, and 418 a minute later."""
    station = Station().says(
        scan(417, "17:05", "17:06"),
        Scanned("tap", "", after_gun("17:07"), after_gun("17:07")),
        scan(1250, "17:08"),
        scan(418, "18:10"),
    )
    with race_folder(tmp_path / "race") as opened:
        opened.log.record([*runner(417), *runner(418), SpareDrawn(1250, code_of(1250)), gun()])
        opened.log.receive(station.batch())
    EvidenceStore(tmp_path / "race" / "stations" / EVIDENCE, station.lineage, 10**6, lambda _: ROOMY).keep(2, JPEG)
    yield tmp_path / "race"


def asked(race: Path, *arguments: object) -> int:
    return marathon("evidence", "--wait", 0, "--race", race, *arguments)


def test_the_desk_sees_what_a_station_saw_around_a_time_of_day_and_what_became_of_it(
    at_finish: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert asked(at_finish, "--station", "finish-1", "--at", "14:17:06.5", "--around", 2) == 0
    said = capsys.readouterr()
    first, tap, spare, picture = said.out.splitlines()
    lineage = Station().lineage[:8]
    assert first.startswith(f"finish-1 finish  2026-09-03 14:17:05.0~14:17:06.0  {lineage}#2  qr  배번 / Bib 417: ")
    assert "counts as the finish" in first
    assert f"14:17:07.0  {lineage}#3  tap  배번 없는 탭 / a tap without a bib" in tap
    assert "a spare, given to nobody yet: 1250" in spare
    assert Path(picture).read_bytes() == JPEG
    assert f"finish-1 {lineage}#3, finish-1 {lineage}#4" in said.err  # their pictures are asked for


@pytest.mark.parametrize("at", ["14:18:10", "14:18", "2026-09-03 14:18:10", "2026-09-03T14:18:10+09:00"])
def test_the_time_may_be_said_with_its_day_and_without_its_seconds(
    at_finish: Path, capsys: pytest.CaptureFixture[str], at: str
) -> None:
    assert asked(at_finish, "--at", at, "--around", 10) == 0
    assert "Bib 418" in capsys.readouterr().out


def test_where_nothing_was_seen_the_nearest_is_named(at_finish: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert asked(at_finish, "--station", "finish-1", "--at", "14:17:40") == 1
    assert f"the nearest is finish-1 2026-09-03 14:18:10.0 {Station().lineage[:8]}#5" in capsys.readouterr().err
    assert asked(at_finish, "--station", "finish-9", "--at", "14:17:40") == 1
    assert "the stations are finish-1" in capsys.readouterr().err


@pytest.mark.parametrize("at", ["25:00:00", "열두 시", "14:61:00", "2026-02-30 14:00:00", "17"])
def test_what_is_no_time_is_said(at_finish: Path, capsys: pytest.CaptureFixture[str], at: str) -> None:
    assert asked(at_finish, "--at", at) in (1, 2)
    assert at in capsys.readouterr().err


def test_a_bib_or_a_moment_is_asked_for_not_both(at_finish: Path) -> None:
    assert asked(at_finish) == 2
    assert asked(at_finish, "417", "--at", "14:17:05") == 2
    assert asked(at_finish, "417", "--station", "finish-1") == 2


def test_a_race_over_midnight_and_one_over_two_days(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    day = 24 * 60
    night = Station().says(scan(417, f"{9 * 60 + 59}:58"), scan(418, f"{10 * 60}:02"), scan(419, f"{day + 18}:00"))
    with race_folder(tmp_path / "race") as opened:
        opened.log.record([*runner(417), *runner(418), *runner(419)])
        opened.log.receive(night.batch())
    assert asked(tmp_path / "race", "--at", "23:59:59") == 0
    lines = capsys.readouterr().out.splitlines()
    assert ["2026-09-03 23:59:58.0" in lines[0], "2026-09-04 00:00:02.0" in lines[1]] == [True, True]
    with open_race(tmp_path / "race") as opened:
        opened.log.receive(Station("finish-2").says(scan(418, "18:00")).batch())
    assert asked(tmp_path / "race", "--at", "14:18:00") == 2
    assert "is on several days (2026-09-03, 2026-09-04)" in capsys.readouterr().err
    assert asked(tmp_path / "race", "--at", "2026-09-04 14:18:00") == 0


def test_a_folder_for_which_there_is_no_room_yet_is_made_with_the_first_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(Path, "mkdir", full)
        store = EvidenceStore(tmp_path / "evidence", "a1", 1_000_000, spare=0)
    assert store.keep(1, b"picture")
    assert (tmp_path / "evidence" / "a1" / "1.jpg").read_bytes() == b"picture"
