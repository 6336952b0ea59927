"""The decoder: every QR in the picture and nothing else, each with its size."""

import cv2
import numpy as np
import pytest
import zxingcpp

from scanners.decoder import SECOND_OPINION_EVERY, Decoder, Picture, Sighting, decode_texts, read_zxing, second_reader
from tests.pictures import Grey, scene, symbol, url
from tests.system import libzbar

WALL = scene()


def test_every_runner_in_the_picture_is_read() -> None:
    picture = scene(url(417), url(418), url(419))
    assert {sighting.text for sighting in read_zxing(picture)} == {url(417), url(418), url(419)}
    assert set(decode_texts(picture)) == {url(417), url(418), url(419)}


@pytest.mark.parametrize("text", ["안녕하세요", "http://가산정밀.test/?이름=김하늘", "7K3MX", b"\xff\xfe\x00\x80"])
def test_a_code_that_is_not_ours_is_read_too(text: str | bytes) -> None:
    (sighting,) = read_zxing(scene(text))
    assert sighting.text.encode()
    assert isinstance(text, bytes) or sighting.text == text


def test_a_code_without_any_text_is_none() -> None:
    assert read_zxing(scene("")) == []


@pytest.mark.parametrize(
    ("kind", "text"),
    [(zxingcpp.BarcodeFormat.EAN13, "8801234567893"), (zxingcpp.BarcodeFormat.DataMatrix, "GV"), (zxingcpp.BarcodeFormat.Code128, "GV")],
)  # fmt: skip
def test_the_barcode_of_a_bottle_is_not_read(kind: zxingcpp.BarcodeFormat, text: str) -> None:
    drawn = np.asarray(zxingcpp.create_barcode(text, kind).to_image(scale=4, add_quiet_zones=True))
    bottle = np.pad(drawn, 40, constant_values=255)
    assert [code.text for code in zxingcpp.read_barcodes(bottle)] == [text]
    assert read_zxing(bottle) == []


@pytest.mark.parametrize("seed", range(5))
def test_nothing_is_read_in_noise(seed: int) -> None:
    noise = np.random.default_rng(seed).integers(0, 256, (360, 640), np.uint8)
    assert read_zxing(noise) == []


def on_wall(paper: Grey) -> Grey:
    wall = np.full((700, 700), 170, np.uint8)
    height, width = paper.shape
    wall[50 : 50 + height, 50 : 50 + width] = paper
    return wall


@pytest.mark.parametrize("side_px", [60, 80, 117, 160, 233, 400])
def test_the_size_is_right_within_three_per_cent(side_px: int) -> None:
    (sighting,) = read_zxing(on_wall(symbol(url(417), side_px)))
    assert sighting.size_px == pytest.approx(side_px, rel=0.03)


def test_turning_sideways_does_not_make_a_code_smaller() -> None:
    paper = symbol(url(417), 200)
    turned = np.asarray(cv2.resize(paper, (len(paper) * 7 // 10, len(paper)), interpolation=cv2.INTER_AREA), np.uint8)
    (sighting,) = read_zxing(on_wall(turned))
    assert sighting.size_px == pytest.approx(200, rel=0.03)


class Reader:
    """A second reader that sees a bib in everything, and counts how often it was asked."""

    def __init__(self) -> None:
        self.asked = 0

    def __call__(self, gray: Picture) -> list[Sighting]:
        self.asked += 1
        return [Sighting(url(7), 50.0)]


def test_the_second_reader_is_asked_about_the_first_empty_frame_and_then_now_and_again() -> None:
    second = Reader()
    decoder = Decoder(second)
    found = [bool(decoder.read(WALL)) for _ in range(2 * SECOND_OPINION_EVERY + 1)]
    assert second.asked == 3
    assert [number for number, read in enumerate(found) if read] == [0, SECOND_OPINION_EVERY, 2 * SECOND_OPINION_EVERY]


def test_what_the_first_reader_reads_needs_no_second_opinion() -> None:
    second = Reader()
    decoder = Decoder(second)
    for _ in range(30):
        assert [sighting.text for sighting in decoder.read(scene(url(417)))] == [url(417)]
    assert second.asked == 0


def test_without_a_second_reader_the_first_reads_alone() -> None:
    assert Decoder(None).read(WALL) == []
    assert len(Decoder(None).read(scene(url(417)))) == 1


def test_the_real_second_reader_reads_text_and_size() -> None:
    libzbar()
    read = second_reader()
    assert read
    assert read(WALL) == []
    (sighting,) = read(on_wall(symbol(url(417), 200)))
    assert sighting.text == url(417)
    assert sighting.size_px == pytest.approx(200, rel=0.03)
