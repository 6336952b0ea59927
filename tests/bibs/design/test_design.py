"""A firm's own QR: what is refused and why, what is drawn, and that what is drawn is read."""

import io
import re
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageDraw

from bibs.design.colours import channels, colour_of, contrast, inks
from bibs.design.logo import read_logo
from bibs.design.outline import hole_of, outline, without_middle
from bibs.design.qr_style import LOGOS, QrStyle, look_of
from bibs.design.symbol import QUIET_MODULES, modules
from bibs.drawing.layout import DEFAULT_LAYOUT
from bibs.drawing.pdf_pages import Picture, render_pages
from bibs.drawing.sheet import BibFace, FirmPacket, RaceHeader, draw_bibs, draw_mixed
from bibs.firms.qr_acceptance import CONTRAST_LEAST, advice, code_pictures, refusals, trial_texts, unreadable
from scanners.reading.decoder import both_decoders, decode_texts
from tests.clock_and_chance import seeded_bits
from tests.system import libzbar
from timing.errors import Unreachable, WrongUse
from timing.race.codes import bib_url, new_code
from timing.race.firms import Design, Shape

NAVY, RED, YELLOW = "#0B4F8A", "#B3261E", "#F4D03F"
HOST = "GV.TEST"
TEXTS = trial_texts(HOST)
Rows = list[list[bool]]
grids = st.integers(1, 9).flatmap(
    lambda side: st.lists(st.lists(st.booleans(), min_size=side, max_size=side), min_size=side, max_size=side)
)


@pytest.fixture(scope="module")
def root(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A race folder with two logos."""
    folder = tmp_path_factory.mktemp("대회")
    (folder / LOGOS).mkdir()
    (folder / LOGOS / "logo.png").write_bytes(png())
    (folder / LOGOS / "logo.svg").write_text(svg('<path fill="#B3261E" d="M60 5 L115 95 H5 Z"/>'), encoding="utf-8")
    return folder


def png(width: int = 200, height: int = 200) -> bytes:
    """A red disk with a white bar, clear around."""
    picture = Image.new("RGBA", (width, height))
    pencil = ImageDraw.Draw(picture)
    pencil.ellipse((5, 5, width - 5, height - 5), fill=(200, 30, 40, 255))
    pencil.rectangle((width // 4, height * 2 // 5, width * 3 // 4, height * 3 // 5), fill="white")
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def svg(inside: str) -> str:
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 120 100">{inside}</svg>'


def verdict(design: Design) -> str:
    """What the gate says of a design before anything is measured, in English."""
    return "; ".join(one.to("en") for one in refusals(design))


def unread(look: QrStyle) -> str:
    """What both decoders miss of a look, in English."""
    libzbar()
    return "; ".join(one.to("en") for one in unreadable(look, HOST, both_decoders()))


def test_the_contrast_is_that_of_the_web_s_rule() -> None:
    assert contrast("#000000", "#FFFFFF") == 21
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48)
    assert contrast(NAVY, "#FFFFFF") == contrast("#FFFFFF", NAVY) == pytest.approx(8.4, abs=0.1)


@pytest.mark.parametrize(("typed", "colour"), [("#0b4f8a", NAVY), ("0B4F8A", NAVY), (" #B3261E ", RED)])
def test_a_colour_is_six_hexadecimal_digits(typed: str, colour: str) -> None:
    assert colour_of(typed) == colour


@pytest.mark.parametrize("typed", ["", "navy", "#0B4", "#0B4F8A80", "#0B4F8G"])
def test_anything_else_is_no_colour(typed: str) -> None:
    with pytest.raises(WrongUse, match="is no colour"):
        colour_of(typed)


@given(st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06X}"))
def test_inks_put_on_paper_give_the_colour_back(colour: str) -> None:
    cyan, magenta, yellow, black = inks(channels(colour))
    assert min(cyan, magenta, yellow) == 0 or colour == "#000000"
    back = [(1 - ink) * (1 - black) for ink in (cyan, magenta, yellow)]
    assert back == pytest.approx(channels(colour), abs=0.002)


@pytest.mark.parametrize("colour", [YELLOW, "#F28C28", "#9A9A9A"])
def test_a_pale_colour_is_refused_with_its_contrast(colour: str) -> None:
    said = verdict(Design(colour))
    assert f"the contrast is {contrast(colour, '#FFFFFF'):.1f}, at least 4.5 is needed" in said


def test_white_on_navy_is_refused_for_all_its_contrast() -> None:
    assert "light modules on a dark ground" in verdict(Design("#FFFFFF", NAVY))
    assert "contrast" not in verdict(Design("#FFFFFF", NAVY))


@pytest.mark.parametrize("percent", [25, 30, 100, 4, -20])
def test_a_logo_of_more_than_a_fifth_of_the_width_is_refused(percent: int) -> None:
    assert f"the logo takes {percent} percent of the QR's width" in verdict(
        Design(logo="logo.svg", logo_percent=percent)
    )


def test_a_colour_that_just_passes_is_advised_against() -> None:
    assert not verdict(Design(RED))
    assert ["7 or more is advised" in one.to("en") for one in advice(Design(RED))] == [True]
    assert not list(advice(Design(NAVY)))


@given(st.integers(0, 0xFFFFFF), st.integers(0, 0xFFFFFF))
def test_no_two_colours_pass_unless_the_modules_are_the_darker_by_far(dark: int, light: int) -> None:
    design = Design(f"#{dark:06X}", f"#{light:06X}")
    if not verdict(design):
        assert contrast(design.colour, design.ground) >= CONTRAST_LEAST
        assert contrast(design.colour, "#FFFFFF") >= contrast(design.ground, "#FFFFFF")


@pytest.mark.parametrize(
    "design",
    [
        Design(),
        Design(NAVY),
        Design(RED),
        Design(shape="rounded"),
        Design(shape="circle"),
        Design(NAVY, logo="logo.svg"),
        Design(NAVY, shape="circle", logo="logo.png"),
        Design(NAVY, shape="rounded", logo="logo.png"),
    ],
    ids=lambda design: f"{design.colour} {design.shape} {design.logo}",
)
def test_a_design_that_is_dark_on_light_is_read_as_the_line_sees_it(root: Path, design: Design) -> None:
    assert not verdict(design)
    assert not unread(look_of(design, root))


@pytest.mark.parametrize("design", [Design(YELLOW), Design("#9A9A9A"), Design("#FFFFFF", NAVY)], ids=str)
def test_a_pale_or_inverted_design_is_lost_by_a_decoder(design: Design) -> None:
    assert re.search(r"zbar reads \d+ of 72 pictures .* at least 65", unread(QrStyle(design)))


def test_yellow_is_read_when_clean_and_lost_when_a_camera_sees_it() -> None:
    look = QrStyle(Design(YELLOW))
    (clean,) = code_pictures(look, TEXTS[:1], 12)
    assert decode_texts(np.ascontiguousarray(clean[..., 1])) == TEXTS[:1]
    assert "zxing" in unread(look)


def test_the_same_look_meets_the_same_damage() -> None:
    seen: list[bytes] = []

    def decode(picture: Picture) -> list[str]:
        seen.append(picture.tobytes())
        return []

    for _ in range(2):
        list(unreadable(QrStyle(), HOST, {"none": decode}))
    assert seen[: len(seen) // 2] == seen[len(seen) // 2 :]


def test_what_was_accepted_holds_for_that_design_alone(root: Path) -> None:
    look = look_of(Design(NAVY, logo="logo.svg"), root)
    text = TEXTS[0]
    kept = replace(look, design=msgspec.structs.replace(look.design, accepted=look.digest(text)))
    assert kept.accepted(text) and not look.accepted(text)
    assert not kept.accepted(text + "0" * 30)
    other = look_of(Design(NAVY, logo="logo.png"), root)
    assert not replace(other, design=msgspec.structs.replace(other.design, accepted=look.digest(text))).accepted(text)
    assert not QrStyle(Design(RED, accepted=QrStyle(Design(NAVY)).digest(text))).accepted(text)


def test_black_needs_no_trial() -> None:
    assert QrStyle().accepted(TEXTS[0])


def test_a_symbol_with_a_logo_is_of_the_strongest_level_and_free_in_its_middle(root: Path) -> None:
    rows = look_of(Design(logo="logo.svg"), root).modules(TEXTS[0])
    strong = modules(TEXTS[0], strong=True)
    assert len(rows) == len(strong) == 29
    assert rows == without_middle(strong, 5)
    assert not any(rows[y][x] for y in range(12, 17) for x in range(12, 17))


@given(st.integers(21, 60), st.integers(5, 20))
def test_a_logo_stands_in_the_middle_and_takes_no_more_than_its_share(side: int, percent: int) -> None:
    side += (side + 1) % 2
    hole = hole_of(side, percent)
    assert hole % 2 == 1
    assert hole == 1 or hole / side <= percent / 100


@given(grids)
def test_rounded_modules_close_and_stay_within_their_squares(rows: Rows) -> None:
    steps = list(
        outline([[False] * 30 for _ in range(10)] + [[False] * 10 + row + [False] * 20 for row in rows], "rounded")
    )
    assert sum(kind == "close" for kind, _ in steps) == sum(map(sum, rows))
    at = (0.0, 0.0)
    for kind, numbers in steps:
        if kind == "move":
            at = (numbers[0], numbers[1] - 0.5)
        for x, y in zip(numbers[::2], numbers[1::2], strict=True):
            assert 0 <= x - at[0] <= 1 and 0 <= y - at[1] <= 1


@pytest.mark.parametrize("shape", ["square", "rounded", "circle"])
@pytest.mark.parametrize("logo", ["", "logo.svg", "logo.png"])
def test_a_designed_code_is_read_by_both_decoders(root: Path, shape: Shape, logo: str) -> None:
    libzbar()
    look = look_of(Design(NAVY, "#F3F8FD", shape, logo), root)
    for text, picture in zip(TEXTS[:3], code_pictures(look, TEXTS[:3], 8), strict=True):
        gray = np.asarray(Image.fromarray(picture).convert("L"))
        assert [decode(gray) for decode in both_decoders().values()] == [[text], [text]]


@pytest.mark.parametrize("shape", ["square", "rounded", "circle"])
def test_finder_patterns_keep_their_corners_and_the_margin_its_white(shape: Shape) -> None:
    look = QrStyle(Design(NAVY, "#D6E6F5", shape))
    (picture,) = code_pictures(look, TEXTS[:1], 10)
    gray = picture.mean(axis=2)
    first, last = QUIET_MODULES * 10, len(gray) - QUIET_MODULES * 10
    margin = gray.copy()
    margin[first:last, first:last] = 255
    assert margin.min() == 255
    for y, x in ((first, first), (first, last - 1), (last - 1, first)):
        assert gray[y, x] < 130


def bibs_of(folder: Path, look: QrStyle, people: int) -> Path:
    bits = seeded_bits(1)
    bibs = tuple(BibFace(1001 + n, new_code(bits), f"e{n}", f"선수{n}", "") for n in range(people))
    file = folder / f"{people}.pdf"
    draw_bibs(file, FirmPacket("c0001", "가산정밀", bibs, look), RaceHeader("연습 마라톤", "GV.TEST", 4_500))
    return file


def streams(file: Path) -> Iterator[tuple[bytes, bytes]]:
    """The dictionary and the unpacked content of every stream of a PDF."""
    for part in file.read_bytes().split(b"endstream")[:-1]:
        about, _, data = part.partition(b"stream")
        about = about.rpartition(b" obj")[2]
        yield about, zlib.decompressobj().decompress(data.lstrip(b"\r\n")) if b"FlateDecode" in about else data


@pytest.mark.parametrize("logo", ["logo.svg", "logo.png"])
def test_a_designed_bib_is_printed_in_inks_alone(root: Path, tmp_path: Path, logo: str) -> None:
    file = bibs_of(tmp_path, look_of(Design(NAVY, "#F3F8FD", "rounded", logo), root), 1)
    drawn = [content for about, content in streams(file) if b"/Length1" not in about and b"/Image" not in about]
    assert any(re.search(rb"\.92 \.428 0 \.459 k", content) for content in drawn)
    assert not any(re.search(rb"[\d.] (?:rg|RG|g|G)\b", content) for content in drawn)
    assert b"DeviceRGB" not in file.read_bytes()


@pytest.mark.parametrize("logo", ["logo.svg", "logo.png"])
def test_a_logo_is_in_a_file_once(root: Path, tmp_path: Path, logo: str) -> None:
    look = look_of(Design(logo=logo), root)
    sizes = [bibs_of(tmp_path, look, people).stat().st_size for people in (1, 2, 12)]
    assert (sizes[2] - sizes[1]) / 10 < 3_500
    wanted = b"/Subtype /Form" if logo.endswith("svg") else b"/Subtype /Image"
    ours, black = (
        sum(wanted in about for about, _ in streams(bibs_of(tmp_path, which, 12))) for which in (look, QrStyle())
    )
    assert ours == black + 1


def test_the_same_design_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    for logo in ("logo.svg", "logo.png"):
        look = Design(NAVY, shape="circle", logo=logo)
        files = [bibs_of(tmp_path, look_of(look, root), 2).read_bytes() for _ in range(2)]
        assert files[0] == files[1]


def test_a_black_code_is_drawn_as_ever_and_the_others_on_the_same_place(tmp_path: Path) -> None:
    """Between band and foot, which bear the firm's colour, the look changes nothing on the page but the code."""
    pages = []
    for look in (QrStyle(), QrStyle(Design(NAVY, shape="circle"))):
        (page,) = render_pages(bibs_of(tmp_path, look, 1), 2)
        pages.append(page[33:377].astype(int))
    rows, columns = np.nonzero(abs(pages[0] - pages[1]).max(axis=2) > 8)
    at = DEFAULT_LAYOUT.code
    assert columns.min() >= at.x * 2 - 1 and columns.max() <= at.right * 2 + 1
    assert rows.min() + 33 >= at.y * 2 - 1 and rows.max() + 33 <= at.bottom * 2 + 1


def test_two_firms_logos_in_one_file_are_each_firm_s_own(root: Path, tmp_path: Path) -> None:
    """As in a reprint at the counter."""
    (root / LOGOS / "green.svg").write_text(svg('<path fill="#00A040" d="M0 0H120V100H0Z"/>'), encoding="utf-8")
    looks = [look_of(Design(logo=logo, logo_percent=0), root) for logo in ("logo.svg", "green.svg")]
    bits = seeded_bits(1)
    firms = [
        FirmPacket(f"c{at}", "가산정밀", (BibFace(1 + at, new_code(bits), "e", "선수", ""),), look)
        for at, look in enumerate(looks)
    ]
    draw_mixed(
        tmp_path / "둘.pdf", [(firm, firm.bibs[0]) for firm in firms], "둘", RaceHeader("연습", "GV.TEST", 4_500)
    )
    box = DEFAULT_LAYOUT.logo
    assert box
    first, second = (
        page[int(3 * box.y) : int(3 * box.bottom), int(3 * box.x) : int(3 * box.x) + 39].astype(int)
        for page in render_pages(tmp_path / "둘.pdf", 3)
    )
    assert (first[..., 2] - first[..., 1]).max() > 60 and (second[..., 2] - second[..., 1]).max() < 60
    assert (second[..., 1] - second[..., 2]).max() > 60


@pytest.mark.parametrize(
    "inside",
    [
        '<script>alert(1)</script><path d="M0 0h9v9z"/>',
        '<image href="https://tracker.example/x.png" width="9" height="9"/>',
        '<use href="file:///other.svg#a"/>',
        "<text>가산</text>",
        '<path style="fill:url(https://x.example/)" d="M0 0h9v9z"/>',
        "<style>@import 'x.css';</style>",
        '<linearGradient id="a"/><path fill="url(#a)" d="M0 0h9v9z"/>',
        "",
        "<path d='M0 0",
        '<g transform="scale(nan)"/>',
    ],
)
def test_an_svg_that_is_more_than_plain_shapes_is_refused(tmp_path: Path, inside: str) -> None:
    file = tmp_path / "logo.svg"
    file.write_text(svg(inside), encoding="utf-8")
    with pytest.raises(WrongUse):
        read_logo(file)


def test_an_svg_that_expands_or_hides_behind_another_encoding_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "logo.svg"
    for data in (
        b'<!DOCTYPE svg [<!ENTITY a "aaaa">]>' + svg("<path d='M0 0h9v9z'/>").encode(),
        svg("<path d='M0 0h9v9z'/>").encode("utf-16"),
        b'<?xml version="1.0" encoding="utf-7"?>' + svg("<path d='M0 0h9v9z'/>").encode(),
    ):
        file.write_bytes(data)
        with pytest.raises(WrongUse):
            read_logo(file)


def test_a_picture_too_small_too_large_or_broken_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "logo.png"
    for data in (png(99, 300), png()[:200], b"\x89PNG\r\n\x1a\n", b"GIF89a", b"\x89PNG" + bytes(2_000_001)):
        file.write_bytes(data)
        with pytest.raises(WrongUse, match="logo"):
            read_logo(file)
    with pytest.raises(Unreachable):
        read_logo(tmp_path / "missing.png")


def test_without_a_second_decoder_no_design_is_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("scanners.reading.decoder.second_reader", lambda: None)
    with pytest.raises(Unreachable, match="libzbar0"):
        both_decoders()


def test_a_trial_s_codes_are_as_long_as_a_bib_s() -> None:
    assert {len(text) for text in TEXTS} == {len(bib_url("GV.TEST", new_code(seeded_bits(1))))}
    assert len(set(TEXTS)) == len(TEXTS)
