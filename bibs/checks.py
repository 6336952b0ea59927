"""What printing needs: the fonts."""

from collections.abc import Iterator

from bibs.drawing.fonts import NoKoreanFont, find_family
from timing.checks import Check, State


def bibs_checks() -> Iterator[Check]:
    """The Korean font that goes into the PDFs."""
    try:
        family = find_family()
    except NoKoreanFont as missing:
        yield Check("글꼴 / font", State.MISSING, missing.korean, missing.english)
        return
    yield Check("글꼴 / font", State.GOOD, family.regular.name, str(family.regular.parent.name))
