"""The decoder: every QR in the picture and nothing else, each with its size."""

import cv2
import numpy as np
import pytest
import zxingcpp

from scanners.reading.decoder import decode_texts, read_thoroughly, read_zxing, second_reader
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
    [(zxingcpp.BarcodeFormat.EAN13, "8801234567893"), (zxingcpp.BarcodeFormat.DataMatrix, "GV"), (zxingcpp.BarcodeFormat.Code128, "GV"),
     (zxingcpp.BarcodeFormat.MicroQRCode, "7395"), (zxingcpp.BarcodeFormat.RMQRCode, "7395")],
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


@pytest.mark.parametrize("turned_deg", range(0, 360, 30))
def test_a_code_is_read_however_it_is_turned_and_its_corners_begin_at_its_own_upper_left(turned_deg: int) -> None:
    wall = on_wall(symbol(url(417), 200))
    warp = cv2.getRotationMatrix2D((180, 180), turned_deg, 1)
    turned = np.asarray(cv2.warpAffine(wall, warp, (360, 360), borderValue=170), np.uint8)
    (sighting,) = read_zxing(turned)
    assert sighting.text == url(417)
    assert sighting.size_px == pytest.approx(200, rel=0.04)
    (x, y), (right_x, right_y) = sighting.corners[:2]
    angle = np.degrees(np.arctan2(y - right_y, right_x - x))
    assert (angle - turned_deg + 180) % 360 - 180 == pytest.approx(0, abs=4)


def test_a_thorough_look_reads_white_on_black_too() -> None:
    negative = np.asarray(255 - scene(url(417)), np.uint8)
    assert read_zxing(negative) == []
    assert [sighting.text for sighting in read_thoroughly(negative)] == [url(417)]


def test_the_real_second_reader_reads_text_and_size() -> None:
    libzbar()
    read = second_reader()
    assert read
    assert read(WALL) == []
    (sighting,) = read(on_wall(symbol(url(417), 200)))
    assert sighting.text == url(417)
    assert sighting.size_px == pytest.approx(200, rel=0.03)
