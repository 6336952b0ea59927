"""The fonts: a whole Korean family, or a line that says how to get one."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from bibs.commands.font_checks import bibs_checks
from bibs.drawing import fonts
from bibs.drawing.canvas import missing_glyphs
from bibs.drawing.fonts import NoKoreanFont, find_family
from timing.check import CheckState


@pytest.fixture
def only_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A machine whose only folder of fonts is this one."""
    monkeypatch.setattr(fonts, "_folders", lambda: [tmp_path])
    find_family.cache_clear()
    yield tmp_path
    find_family.cache_clear()


def outlines(folder: Path, name: str, begin: bytes = b"\x00\x01\x00\x00") -> None:
    (folder / name).write_bytes(begin + bytes(20))


def test_this_machine_has_a_family() -> None:
    family = find_family()
    assert all(file.is_file() for file in (family.regular, family.bold, family.heavy))
    assert [check.state for check in bibs_checks()] == [CheckState.GOOD]


@pytest.mark.usefixtures("only_folder")
def test_without_a_korean_font_the_error_says_how_to_get_one() -> None:
    with pytest.raises(NoKoreanFont, match="apt install fonts-nanum") as missing:
        find_family()
    assert "pip install --no-deps koreanize-matplotlib" in missing.value.text.to("en")
    assert missing.value.exit_code == 3
    (check,) = bibs_checks()
    assert (check.state, check.text.to("en")) == (CheckState.MISSING, missing.value.text.to("en"))


def test_half_a_family_is_none(only_folder: Path) -> None:
    outlines(only_folder, "NanumGothic.ttf")
    with pytest.raises(NoKoreanFont):
        find_family()


def test_without_the_heaviest_face_the_bold_one_stands_in(only_folder: Path) -> None:
    outlines(only_folder, "NanumGothic.ttf")
    outlines(only_folder, "NanumGothicBold.ttf")
    assert find_family().heavy == find_family().bold == only_folder / "NanumGothicBold.ttf"


def test_postscript_outlines_cannot_be_embedded_and_are_not_taken(only_folder: Path) -> None:
    outlines(only_folder, "NanumGothic.ttf", b"OTTO")
    outlines(only_folder, "NanumGothicBold.ttf", b"OTTO")
    with pytest.raises(NoKoreanFont):
        find_family()


def test_every_syllable_of_hangul_can_be_drawn() -> None:
    assert missing_glyphs("".join(map(chr, range(0xAC00, 0xD7A4)))) == set()


def test_what_cannot_be_drawn_is_known() -> None:
    assert missing_glyphs("김하늘 🏃") == {"🏃"}
