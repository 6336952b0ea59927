"""A rehearsal of a camera says what was read, what was not, and what to change; it records nothing."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest

from demo.film import FilmCamera, RunnerPath, shoot
from scanners.station.camera_rehearsal import CameraRehearsal, How, RehearsedPass, advice, share_at_most, verdict
from tests.pictures import film, scene, url
from tests.terminal import marathon
from timing.race.events import Crossing
from timing.race.instants import SECOND, Span
from timing.stations.station_status import StationStatus

GOOD = StationStatus(0, "", 0, live=True, paper=180.0, edge=0.4, smear=0.1, module_px=3.5, latency_ms=40.0)


def passes(count: int, by: How, crossing: Crossing = "line") -> list[RehearsedPass]:
    return [RehearsedPass(Span(number * SECOND), by, 1001, crossing, 9, 3.5, None) for number in range(count)]


def rehearsed(
    seen: Sequence[RehearsedPass], status: StationStatus = GOOD, counted: int | None = None
) -> CameraRehearsal:
    """Ten minutes of 30 frames a second."""
    return CameraRehearsal(Span(600 * SECOND), 1920, 1080, 18_001, 60.0, seen, 0, counted, status)


def told(found: CameraRehearsal) -> str:
    return " | ".join(text.to("en") for text in advice(found))


@pytest.fixture(autouse=True)
def away_from_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "state"))


def test_a_good_camera_needs_no_change_and_its_luck_is_put_in_bounds() -> None:
    found = rehearsed(passes(60, "qr"))
    assert advice(found) == []
    assert verdict(found).to("en").startswith("60 of 60 passes were read, 0 were not (0.0%)")
    assert "up to 6%" in verdict(found).to("en")


@pytest.mark.parametrize(
    ("status", "says"),
    [
        ({"paper": 50.0}, "too dark"),
        ({"edge": 0.08}, "blurred"),
        ({"smear": 0.9}, "set the shutter"),
        ({"module_px": 1.8}, "come closer"),
        ({"dropped": 0.04}, "4% of the frames were dropped"),
    ],
)
def test_what_is_wrong_is_said_in_the_words_of_the_operator_s_page(status: dict[str, float], says: str) -> None:
    assert says in told(rehearsed(passes(60, "qr"), msgspec.structs.replace(GOOD, **status)))


def test_whoever_was_not_read_is_to_be_looked_at_and_many_are_an_alarm() -> None:
    assert told(rehearsed([*passes(57, "qr"), *passes(3, "unread")])).startswith("look at the pictures")
    far = msgspec.structs.replace(GOOD, module_px=2.2)
    assert told(rehearsed([*passes(30, "qr"), *passes(30, "unread")], far)).startswith(
        "of the last 60 people who passed, 30"
    )


def test_of_a_picture_that_is_good_nothing_is_blamed_but_the_bibs() -> None:
    assert told(rehearsed([*passes(30, "qr"), *passes(30, "unread")])).startswith("look at the pictures")
    nothing_measured = msgspec.structs.replace(GOOD, module_px=None, smear=None)
    assert "check distance, focus and shutter" in told(rehearsed(passes(60, "unread"), nothing_measured))


def test_bibs_that_nobody_here_wears_are_told_since_their_marks_are_unknown() -> None:
    strange = [replace(one, bib=None) for one in passes(7, "qr")]
    assert "7 of the 60 that were read are not in the roster" in told(rehearsed([*passes(53, "qr"), *strange]))


def test_crossings_that_are_estimates_few_passes_and_a_missing_line_are_told() -> None:
    assert "20 of 60 crossings are estimates" in told(
        rehearsed([*passes(40, "qr"), *passes(20, "mark", crossing="estimated")])
    )
    assert "only 5 passes" in told(rehearsed(passes(5, "qr")))
    assert "the line is not known" in told(replace(rehearsed(passes(60, "qr")), line_px=None))
    assert told(rehearsed([])) == "nobody passed: let people with bibs walk towards the camera and over the line"


def test_who_was_counted_by_hand_and_never_noticed_is_missed_too() -> None:
    found = rehearsed(passes(50, "qr"), counted=60)
    assert verdict(found).to("en").startswith("50 of 60 passes were read, 10 were not")
    assert "by hand 60 passes were counted, and the camera noticed 50" in told(found)


def test_the_bound_shrinks_with_more_passes() -> None:
    assert share_at_most(0, 30) == pytest.approx(0.114, abs=0.001)
    assert share_at_most(0, 600) == pytest.approx(0.0064, abs=0.0001)


def test_the_command_prints_what_was_read_writes_one_page_and_keeps_nothing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    walk = film(tmp_path / "걷기.mp4", [scene(url(417))] * 10 + [scene()] * 60 + [scene(url(417))] * 10)
    assert marathon("rehearse-camera", walk, "--line-px", 120) == 0
    said = capsys.readouterr().out
    assert "2 of 2 passes were read" in said
    assert "only 2 passes were seen" in said
    page = (tmp_path / "rehearsal.html").read_text(encoding="utf-8")
    assert page.count("data:image/jpeg") == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["rehearsal.html", "걷기.mp4"]


def test_the_page_s_folder_is_made_before_anybody_walks(tmp_path: Path) -> None:
    assert marathon("rehearse-camera", "no-camera.mp4", "--out", "시험/카메라/걷기.html") != 0
    assert list((tmp_path / "시험" / "카메라").iterdir()) == []
    walk = film(tmp_path / "걷기.mp4", [scene(url(417))] * 10)
    assert marathon("rehearse-camera", walk, "--line-px", 120, "--out", "시험/카메라/걷기.html") == 0
    assert [page.name for page in (tmp_path / "시험" / "카메라").iterdir()] == ["걷기.html"]


def test_a_page_that_cannot_be_written_is_refused_in_one_line_before_anybody_walks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "메모").write_text("카메라는 탁자 위", encoding="utf-8")
    walk = film(tmp_path / "걷기.mp4", [scene(url(417))] * 10)
    assert marathon("rehearse-camera", walk, "--line-px", 120, "--out", "메모/걷기.html") == 3
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1 and "cannot write" in printed.err


def test_a_disk_that_fails_at_the_end_still_leaves_what_was_printed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object) -> None:
        raise OSError(28, "no room")

    monkeypatch.setattr("scanners.commands.rehearsal_command.write_private", fails)
    walk = film(tmp_path / "걷기.mp4", [scene(url(417))] * 10)
    assert marathon("rehearse-camera", walk, "--line-px", 120) == 3
    printed = capsys.readouterr()
    assert "passes were read" in printed.out and "no room" in printed.err.splitlines()[-1]


def test_it_ends_after_the_minutes_that_were_asked_for(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walk = film(tmp_path / "걷기.mp4", [scene()] * 170 + [scene(url(417))] * 30)
    assert marathon("rehearse-camera", walk, "--line-px", 120, "--minutes", 0.1) == 0
    assert "nobody passed" in capsys.readouterr().out


def test_somebody_with_a_covered_bib_is_shown_with_a_picture(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    camera = FilmCamera(width=640, height=360, fps=20, line_m=2.5, hfov_deg=70)
    covered = np.full((20, 24, 3), (120, 90, 60), np.uint8)
    shoot(tmp_path / "walk.mp4", [RunnerPath(covered, 5.0, 0.2, 3.0)], 7.5, camera, (0.24, 0.20), seed=4)
    assert marathon("rehearse-camera", "walk.mp4", "--line-px", camera.size_px(0.09, camera.line_m)) == 0
    assert "0 of 1 passes were read, 1 were not" in capsys.readouterr().out
    assert (tmp_path / "rehearsal.html").read_text(encoding="utf-8").count("data:image/jpeg") == 1
