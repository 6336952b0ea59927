"""Films as they come from recorders, telephones and cutters: what is gone is told, and no instant is shifted for it in silence."""

from collections.abc import Sequence
from contextlib import ExitStack
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from scanners.cameras.stills import NoPicture
from tests.pictures import encoded
from tests.scanners.cameras.test_video import SHADES, ms, read

CHANCE = np.random.default_rng(7)
PICTURES = [CHANCE.integers(0, 255, (120, 160)).astype(np.uint8) for _ in range(48)]  # which leave some bytes behind
GROUP = 12


def whole(path: Path) -> Path:
    """Four groups of twelve pictures, 40 ms each, that need no others, each a cluster of its own in Matroska."""
    coding = {"g": str(GROUP), "bf": "0", "sc_threshold": "0"}
    return encoded(path, PICTURES, options={"cluster_time_limit": "400"}, coding=coding)


def silence(path: Path, lasts_s: int) -> Path:
    """Sound alone."""
    with av.open(str(path), "w") as film:
        sound = film.add_stream("aac", rate=48_000)
        assert isinstance(sound, av.AudioStream)
        for number in range(lasts_s * 48_000 // 1_024):
            quiet = av.AudioFrame.from_ndarray(np.zeros((1, 1_024), np.float32), format="fltp", layout="mono")
            quiet.sample_rate, quiet.pts, quiet.time_base = 48_000, 1_024 * number, Fraction(1, 48_000)
            film.mux(sound.encode(quiet))
        film.mux(sound.encode(None))
    return path


def copied(films: Sequence[Path], to: Path, first: int = 0, earlier_ms: int = 0, **options: str) -> Path:
    """The packets of films from the first one on, each film a stream; their times as they were, or so much earlier."""
    with ExitStack() as stack:
        target = stack.enter_context(av.open(str(to), "w", options=options))
        sources = [stack.enter_context(av.open(str(film))) for film in films]
        streams = [target.add_stream_from_template(source.streams[0]) for source in sources]
        for source, stream in zip(sources, streams, strict=True):
            for number, packet in enumerate(source.demux(source.streams[0])):
                if packet.size and number >= first and packet.pts is not None and packet.dts is not None:
                    assert packet.time_base
                    off = round(earlier_ms / 1_000 / packet.time_base)
                    packet.pts, packet.dts, packet.stream = packet.pts - off, packet.dts - off, stream
                    target.mux(packet)
    return to


def blotted(film: Path, first: int, end: int) -> Path:
    """With zeros in the place of the packets from one to before another, and of what is between them."""
    with av.open(str(film)) as container:
        places = [(packet.pos or 0, packet.size) for packet in container.demux() if packet.size]
    data = bytearray(film.read_bytes())
    since, until = places[first][0], sum(places[end - 1])
    data[since:until] = bytes(until - since)
    film.write_bytes(bytes(data))
    return film


@pytest.mark.parametrize("name", ["f.mp4", "f.mkv", "f.ts"])
def test_a_film_cut_within_a_group_counts_from_its_own_beginning_and_says_what_cannot_be_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shots, passed_over = read(copied([whole(tmp_path / f"w{name[1:]}")], tmp_path / name, first=7))
    assert [shot.index for shot in shots] == [*range(5, 41)] and ms(shots) == [*range(200, 1_640, 40)]
    assert passed_over.grave
    assert "the first 0.20 s" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["f.mp4", "f.mkv"])
def test_a_film_whose_beginning_is_damaged_still_counts_from_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    shots, passed_over = read(blotted(whole(tmp_path / name), 0, GROUP))
    assert ms(shots) == [*range(480, 1_920, 40)] and passed_over.grave
    told = capsys.readouterr().err
    assert "the first 0.48 s" in told and "more than it holds" not in told


def test_bytes_that_are_no_pictures_any_more_are_missing_pictures_and_no_pause(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    shots, passed_over = read(blotted(whole(tmp_path / "f.mkv"), GROUP, 2 * GROUP))
    assert len(shots) == 36 and ms(shots)[GROUP] == 960 and passed_over.grave
    assert "12 frames before frame 24 cannot be read" in capsys.readouterr().err


def test_a_camera_that_pauses_has_lost_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = [*range(0, 800, 40), *range(5_000, 5_800, 40)]
    shots, passed_over = read(encoded(tmp_path / "f.mkv", PICTURES[:40], "mjpeg", at))
    assert ms(shots) == at and not passed_over.grave
    assert "instants go on rightly" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["f.mp4", "f.mkv"])
def test_of_several_streams_the_largest_is_read_and_it_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    preview = encoded(tmp_path / f"p{name[1:]}", [np.full((60, 80), 9, np.uint8)] * 48)
    shots, _ = read(copied([preview, whole(tmp_path / f"w{name[1:]}")], tmp_path / name))
    assert shots[0].gray.shape == PICTURES[0].shape and len(shots) == 48
    assert "2 streams of pictures; the largest is read: 160x120" in capsys.readouterr().err


def test_a_picture_beside_the_film_is_not_the_film(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    cover = encoded(tmp_path / "c.mkv", [np.full((600, 800), 9, np.uint8)], "mjpeg")
    shots, passed_over = read(copied([cover, whole(tmp_path / "w.mkv")], tmp_path / "f.mkv"))
    assert len(shots) == 48 and not passed_over.grave and capsys.readouterr().err == ""


def test_what_was_trimmed_away_and_is_still_in_the_file_is_not_missing(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    film = copied([whole(tmp_path / "w.mp4")], tmp_path / "f.mp4", earlier_ms=200, avoid_negative_ts="disabled")
    shots, passed_over = read(film)
    assert len(shots) == 43 and ms(shots)[0] == 0 and not passed_over.grave and capsys.readouterr().err == ""


@pytest.mark.parametrize("name", ["f.mkv", "f.ts", "f.mp4"])
def test_sound_that_goes_on_after_the_last_picture_is_no_missing_film(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    film = whole(tmp_path / f"w{name[1:]}")
    shots, passed_over = read(copied([film, silence(tmp_path / "s.mp4", 8)], tmp_path / name))
    assert len(shots) == 48 and not passed_over.grave and capsys.readouterr().err == ""


def test_a_slow_motion_film_is_refused_with_what_to_do(tmp_path: Path) -> None:
    options, metadata = {"movflags": "use_metadata_tags"}, {"com.android.capture.fps": "240.000000"}
    film = encoded(tmp_path / "f.mp4", PICTURES[:3], options=options, metadata=metadata)
    with pytest.raises(NoPicture, match="slow-motion film: 240 pictures a second, shown as 25"):
        read(film)


def test_a_colon_in_a_name_is_no_protocol(tmp_path: Path) -> None:
    assert len(read(whole(tmp_path / "12:30.mp4"))[0]) == 48
    assert len(read(whole(tmp_path / "http:출발.mp4"))[0]) == 48


def test_a_gif_keeps_the_times_of_its_pictures(tmp_path: Path) -> None:
    film = encoded(tmp_path / "f.gif", SHADES[:5], "gif", [0, 100, 200, 300, 400])
    assert ms(read(film)[0]) == [0, 100, 200, 300, 400]
