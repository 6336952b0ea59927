"""Layouts: ours may all be printed, an organiser's own is looked over, and an error names the box."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from bibs.drawing.layout import DEFAULT_LAYOUT, SHIPPED, Area, layout_named, shipped, widened
from bibs.drawing.layout_checks import advice, checked, digits_mm, faults, quiet_mm, ring_mm
from tests.terminal import marathon
from timing.errors import Unreachable, WrongUse

SWAY = 6.0
SYLLABLE = 0.85  # of a name's box: a syllable's height without its white
V2, V3 = 25, 29  # modules of a QR of versions 2 and 3


@pytest.mark.parametrize("name", shipped())
@pytest.mark.parametrize("modules", [V2, V3])
def test_every_layout_of_ours_may_be_printed(name: str, modules: int) -> None:
    assert list(faults(layout_named(name, Path()), modules)) == []


def test_the_default_and_the_whole_sheet_need_no_advice() -> None:
    for name in ("240x200", "a4"):
        layout = layout_named(name, Path())
        assert list(advice(layout, V2)) == []
        assert digits_mm(layout) >= 50 and layout.code.width >= 80 and layout.mark and layout.mark.width >= 60


@pytest.mark.parametrize("shown", [(0, 75 - SWAY), (60 + SWAY, 180 - SWAY)], ids=["a necktie", "an open jacket"])
def test_the_default_s_mark_stands_twice_so_that_dress_leaves_one(shown: tuple[float, float]) -> None:
    """A tie hides the middle of the bib, of which the sides are left; a jacket shows 12 cm of its 24."""
    left, right = shown
    sides = [(left, right), (240 - right, 240 - left)]
    marks = [(box.x, box.right) for box in DEFAULT_LAYOUT.marks]
    assert any(begin <= x and end <= until for begin, until in sides for x, end in marks)


def test_the_default_s_name_has_a_fifth_of_the_number_s_height() -> None:
    assert DEFAULT_LAYOUT.name.height * SYLLABLE >= digits_mm(DEFAULT_LAYOUT) / 5


def test_small_layouts_say_what_they_cost() -> None:
    told = " ".join(finding.text.to("en") for finding in advice(layout_named("a5", Path()), V2))
    assert "a number of 4 digits is 36 mm high" in told
    assert "no mark" in " ".join(finding.text.to("en") for finding in advice(layout_named("a5-plain", Path()), V2))


@pytest.mark.parametrize(
    ("box", "moved", "english"),
    [
        ("name", Area(200, 80, 80, 10), "name reaches out of the page"),
        ("name", Area(150, 100, 80, 10), "name stands in the white around mark"),
        ("number", Area(10, 30, 220, 56), "number stands in the white around code"),
        ("code", Area(5, 95.5, 80, 80), "the white around code reaches out of the page"),
        ("mark", Area(100, 114.5, 61, 61), "mark stands in the white around code"),
        ("second_mark", Area(168, 114.5, 61, 61), "second_mark stands in the white around mark"),
        ("mark", None, "a second_mark stands beside a mark, not alone"),
        ("code", Area(12.8, 95.5, 80, 70), "code must be square"),
        ("team", Area(105, 184, 80, 7), "team lies half on foot"),
        ("typed", Area(150, 191, 85, 6), "holes[3] goes through typed"),
        ("host", Area(12.8, 191, 80, 4), "invitation and host overlap"),
        ("team", Area(105, 178, 0, 7), "team has no size"),
    ],
)
def test_a_layout_that_cannot_be_used_is_refused_by_its_box(box: str, moved: Area | None, english: str) -> None:
    with pytest.raises(WrongUse) as refused:
        checked(replace(DEFAULT_LAYOUT, **{box: moved}), V2)
    assert english in refused.value.text.to("en")


@given(st.sampled_from(["name", "team", "number", "typed"]), st.floats(-30, 240), st.floats(-30, 200))
def test_no_text_ever_stands_in_the_white_of_a_layout_that_passed(box: str, x: float, y: float) -> None:
    layout = replace(DEFAULT_LAYOUT, **{box: Area(x, y, 40, 8)})
    if not list(faults(layout, V2)):
        moved = layout.boxes()[box]
        assert layout.page.holds(moved)
        assert not widened(layout.code, quiet_mm(layout, V2)).meets(moved)
        assert not any(widened(mark, ring_mm(mark)).meets(moved) for mark in layout.marks)


def own(folder: Path, change: tuple[str, str] = ("", "")) -> Path:
    """An organiser's own layout: ours with a line changed."""
    path = folder / "우리도안.toml"
    path.write_text((SHIPPED / "a5.toml").read_text(encoding="utf-8").replace(*change), encoding="utf-8")
    return path


def test_an_own_layout_is_found_beside_the_race(tmp_path: Path) -> None:
    own(tmp_path)
    assert layout_named("우리도안.toml", tmp_path) == layout_named("a5", Path())


@pytest.mark.parametrize(
    ("change", "named"),
    [
        (("code = [13.5, 34, 80, 80]", "code = [13.5, 34, 80]"), "$.code"),
        (("number = [", "nummer = ["), "nummer"),
        (("width = 210", 'width = "A5"'), "$.width"),
        (("width = 210", "width = "), "line"),
    ],
)
def test_a_file_that_is_no_layout_says_where(tmp_path: Path, change: tuple[str, str], named: str) -> None:
    with pytest.raises(WrongUse, match="no layout") as refused:
        layout_named(str(own(tmp_path, change)), tmp_path)
    assert named in refused.value.text.to("en")


def test_a_name_that_is_no_layout_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(WrongUse, match="240x200-one-mark, 240x200, a4"):
        layout_named("a3", tmp_path)
    with pytest.raises(WrongUse):
        layout_named("../a4", tmp_path)
    with pytest.raises(Unreachable):
        layout_named("없음.toml", tmp_path)


def test_the_layouts_are_listed_and_shown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert marathon("bibs", "layouts", "--preview", tmp_path) == 0
    told = capsys.readouterr().out
    assert "240x200  240x200 mm" in told and "module 3.20 mm" in told
    assert {file.name for file in tmp_path.iterdir()} == {f"{name}.png" for name in shipped()}
    assert all(file.read_bytes().startswith(b"\x89PNG") for file in tmp_path.iterdir())


def test_an_own_layout_that_cannot_be_used_is_told_and_exits_1(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = own(tmp_path, ("mark = [132,", "mark = [100,"))
    assert marathon("bibs", "layouts", file, "--preview", tmp_path) == 1
    assert "mark stands in the white around code" in capsys.readouterr().out
    assert list(tmp_path.glob("*.png")) == []
