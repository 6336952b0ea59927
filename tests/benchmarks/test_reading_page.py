"""The page of the reading benchmark: one part can be measured anew alone."""

from benchmarks.reading_page import Figures, page
from benchmarks.reading_people import Counted


def figures(neither: int) -> Figures:
    return Figures(people=[Counted("base", True, 24, 20, 4 - neither, neither, 0, 4, [0.1])])


def test_what_was_not_measured_stands_as_it_stood() -> None:
    written = page(figures(1)).replace(
        "## Who crosses unread", "## Whole films\n\nof last week\n\n## Who crosses unread"
    )
    anew = page(figures(0), written)
    assert anew.count("## Whole films\n\nof last week\n\n") == 1
    assert anew.count("## Who crosses unread") == anew.count("nor listed: at most 0.5 % of passes") == 1
    assert "1/24 = 4.17 %" in written and "1/24 = 4.17 %" not in anew
