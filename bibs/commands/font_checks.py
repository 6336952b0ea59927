"""What printing needs: the fonts."""

from collections.abc import Iterator

from bibs.drawing.fonts import NoKoreanFont, find_family
from timing.check import Check, CheckState
from timing.language import _, verbatim


def bibs_checks() -> Iterator[Check]:
    """The Korean font that goes into the PDFs."""
    try:
        family = find_family()
    except NoKoreanFont as missing:
        yield Check(str(_("font")), CheckState.MISSING, missing.text)
        return
    yield Check(str(_("font")), CheckState.GOOD, verbatim(family.regular.name))
