"""The synthetic film keeps its word: size, speed, seed, and where each bib is when."""

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import ParamSpec, TypeVar

import cv2
import numpy as np
import pytest
import qrcode
import zxingcpp

from demo.film import FilmCamera, Image, RunnerPath, frames, outlines, rehearse, schedule, shoot
from timing.errors import Unreachable

TEXT = "HTTPS://GV.TEST/B/7K3MXQ2WAB1"
PX_PER_MM = 5
QR = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
Asked = ParamSpec("Asked")
Done = TypeVar("Done")
SMALL = FilmCamera(width=640, height=360, fps=10)


def page(text: str = TEXT) -> Image:
    """A bib's page of 240 x 200 mm, blank but for the QR of 90 mm, here in its middle."""
    code = qrcode.QRCode(version=2, error_correction=qrcode.constants.ERROR_CORRECT_Q, border=0)
    code.add_data(text, optimize=0)
    modules = np.where(code.get_matrix(), 0, 255).astype(np.uint8)
    paper = np.full((200 * PX_PER_MM, 240 * PX_PER_MM, 3), 255, np.uint8)
    symbol = cv2.resize(modules, (90 * PX_PER_MM, 90 * PX_PER_MM), interpolation=cv2.INTER_NEAREST)
    paper[55 * PX_PER_MM : 145 * PX_PER_MM, 75 * PX_PER_MM : 165 * PX_PER_MM] = symbol[:, :, None]
    return paper


def codes(frame: Image) -> dict[str, float]:
    """What is read in a frame, with the mean side in pixels."""
    grey = cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY)
    found = zxingcpp.read_barcodes(grey, QR, try_rotate=False, try_downscale=False, try_invert=False)
    return {barcode.text: side(barcode.position) for barcode in found}


def side(where: zxingcpp.Position) -> float:
    corners = (where.top_left, where.top_right, where.bottom_right, where.bottom_left)
    return float(cv2.contourArea(np.array([(corner.x, corner.y) for corner in corners], np.float32)) ** 0.5)


def test_a_film_has_the_frames_it_was_asked_for(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    shoot(tmp_path / "f.mp4", [RunnerPath(page(), 0.5, 0.0)], 1.2, SMALL, progress=lambda *done: told.append(done))
    film = cv2.VideoCapture(str(tmp_path / "f.mp4"))
    shots = []
    while (read := film.read())[0]:
        shots.append(read[1])
    assert len(shots) == 12
    assert shots[0].shape == (360, 640, 3)
    assert film.get(cv2.CAP_PROP_FPS) == 10
    assert (told[0], told[-1]) == ((1, 12), (12, 12))


def test_the_same_seed_gives_the_same_film_and_another_seed_another() -> None:
    walks = [RunnerPath(page(), 0.2, 0.0)]
    once, again, other = (list(frames(walks, 0.3, SMALL, seed=seed)) for seed in (7, 7, 8))
    assert np.array_equal(once, again)
    assert not np.array_equal(once, other)


@pytest.mark.parametrize("lane_m", [-0.25, 0.6])
def test_a_bib_is_at_the_line_when_its_walk_says_so(lane_m: float) -> None:
    camera = FilmCamera()
    walk = RunnerPath(page(), crosses_s=0.4, lane_m=lane_m)
    sizes = {number: codes(frame)[TEXT] for number, frame in enumerate(frames([walk], 0.8, camera)) if codes(frame)}
    assert len(sizes) >= 15  # of 20, on both sides of the line
    assert sizes[10] == pytest.approx(camera.size_px(0.09, camera.line_m), rel=0.03)


def test_a_nearer_runner_hides_the_one_behind() -> None:
    behind, before = RunnerPath(page("BEHIND"), 0.0, 0.0), RunnerPath(page("BEFORE"), -0.4, 0.0)
    (alone,) = frames([behind], 0.04)
    (both,) = frames([before, behind], 0.04)
    assert set(codes(alone)) == {"BEHIND"}
    assert set(codes(both)) == {"BEFORE"}


def test_a_schedule_keeps_the_order_and_lets_no_two_walk_in_one_another_s_way() -> None:
    places = schedule([5.0, 1.0, 1.0, 1.0, 1.0, 1.0])
    times = [place.crosses_s for place in places]
    assert times[0] == 5.0  # nobody near: as wanted
    assert times[1:5] == [1.0] * 4 and len({place.lane_m for place in places[1:5]}) == 4
    assert 2.8 <= times[5] <= 2.9  # a lane is free again after the headway


def test_a_film_that_cannot_be_written_says_so(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="cannot write the film"):
        shoot(tmp_path / "nowhere" / "f.mp4", [], 0.1, SMALL)


def test_ctrl_c_between_the_two_cameras_stops_the_one_that_films_already(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Interrupted(ThreadPoolExecutor):
        """Ctrl-C comes when the second camera is to begin."""

        def submit(self, fn: Callable[Asked, Done], /, *args: Asked.args, **kwargs: Asked.kwargs) -> Future[Done]:
            if args[0] == "finish":
                raise KeyboardInterrupt
            return super().submit(fn, *args, **kwargs)

    monkeypatch.setattr(outlines, "ThreadPoolExecutor", Interrupted)
    bibs, told = range(1, 9), list[int]()
    pages = dict.fromkeys(bibs, page())
    with pytest.raises(KeyboardInterrupt):
        outlines.shoot_lines(tmp_path, rehearse(bibs, 7), pages, (0.24, 0.2), 7, told.append)
    assert max(told, default=0) < 10  # percent
