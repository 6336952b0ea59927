"""A runner's own page: figures, the time within the field, its evidence, and the link to the certificate."""

from dataclasses import dataclass

from results.board.pages import rendered_page
from results.board.plots import Histogram
from results.board.site import Site
from results.ranking.rows import Row
from results.view.eligibility import TITLES, kind_for, why_none
from results.view.evidence import evidence_lines, result_facts
from results.view.view import lines
from timing.language import Language, Text, _
from timing.race.instants import clock_face


@dataclass(frozen=True, slots=True)
class InField:
    """A runner among all finishers: title, sentence, and the histogram with the runner's mark."""

    title: str
    told: str
    histogram: Histogram
    mark: tuple[float, str]
    """The x coordinate of the mark, and its text."""


def runner_page(site: Site, language: Language, row: Row) -> str:
    view = site.view
    (line,) = lines(view, [row], [row.place], language)
    return rendered_page(
        site, language, f"r/{row.entrant.bib}.html", "runner.html", "index.html",
        title=f"{line.bib} {line.name}", row=line, facts=result_facts(view, row, language),
        evidence=evidence_lines(view, row, language), field=in_field(site, row, language), certificate=_certificate(site, row), twin=f"r/{row.entrant.bib}",
    )  # fmt: skip


def in_field(site: Site, row: Row, language: Language) -> InField | None:
    """Where a runner stands in the field; None without a place. The bars are placed once for everybody, the mark for this one."""
    figures = site.figures
    if row.place is None or row.time is None or figures.times is None:
        return None
    face = clock_face(row.time, site.view.standings.rules.rounding)
    title = _("Times of {finishers} finishers", finishers=figures.finishers).to(language)
    told = _faster(row.place - 1, figures.finishers, language)
    mark = round(figures.times.x(row.time), 1), f"{row.entrant.bib} · {face}"
    return InField(title, told, figures.times, mark)


def _certificate(site: Site, row: Row) -> tuple[Text | None, str]:
    """The title and the address of the certificate that the last edition gives this runner; None where it gives none.

    The edition counts, not the current result.
    """
    view, bib = site.view, row.entrant.bib or 0
    published = view.in_edition(bib) if view.edition else None
    if published is None or published.entrant.id != row.entrant.id or why_none(published, view.names):
        return None, ""
    return TITLES[kind_for(published, view.certificate)], f"https://{view.host.lower()}/certificate/{bib}"


def _faster(faster: int, finishers: int, language: Language) -> str:
    if not faster:
        return _("The fastest of {finishers} finishers", finishers=finishers).to(language)
    percent = faster * 100 // finishers
    return _(
        "{percent} percent of the finishers were faster ({faster} of {finishers})",
        percent=percent,
        faster=faster,
        finishers=finishers,
    ).to(language)
