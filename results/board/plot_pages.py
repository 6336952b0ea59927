"""The page of charts, each with its figures as a table and a sentence."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from results.board.pages import rendered_page
from results.board.plots import FINISHERS_LEAST, FIRMS_MOST, Histogram
from results.board.site import Site
from results.web.templating import PREFIX, STATIC, static_path
from timing.language import Language, Text, _
from timing.race.instants import MINUTE, SECOND, Instant, Span, clock_face, wall

PATH: Final = "plots.html"
HOUR: Final = 60 * MINUTE
SPREAD_PX: Final = 300
"""How wide a firm's spread is drawn, from the fastest of all to the slowest."""
WORDS: Final = {
    "times": (
        _("Finish times"),
        _("Times of {finishers} finishers, from {first} to {last}; most of them, {most}, between {begin} and {end}."),
    ),
    "clock": (
        _("Finishers by the clock"),
        _("{finishers} came in from {first} to {last}; busiest, with {most}, between {begin} and {end}."),
    ),
}
"""A chart's title, and the sentence for those who do not see it."""
EACH_BAR: Final = _("each bar: {width}")
OPEN_ENDED: Final = _("each bar: {width}; the last one holds all later ones")


def plot_files(site: Site) -> dict[str, Callable[[], str | bytes]]:
    """Every file of the charts, by path."""
    pages = {prefix + PATH: partial(plots_page, site, language) for language, prefix in PREFIX.items()}
    return {**pages, static_path("plots.css"): (STATIC / "plots.css").read_bytes}


def plots_page(site: Site, language: Language) -> str:
    """The page of charts."""
    figures = site.figures
    clock = Histogram(figures.clock, lambda at: wall(Instant(at), site.view.zone)[:5]) if figures.clock else None
    drawn = [("times", figures.times), ("clock", clock)]
    return rendered_page(
        site, language, PATH, "plots.html", PATH,
        title=_("Charts").to(language), plots=[_plot(name, one, language) for name, one in drawn if one],
        firms=_firms(site, language),
    )  # fmt: skip


def _plot(name: str, histogram: Histogram, language: Language) -> dict[str, Any]:
    """What the template shows of a histogram: title, sentence, bars, and the figures row by row."""
    bins, face = histogram.bins, histogram.face
    title, told = WORDS[name]
    most = max(bins.counts)
    begin = bins.start + bins.counts.index(most) * bins.width
    return {
        "name": name,
        "title": title.to(language),
        "told": told.filled(
            finishers=sum(bins.counts), first=face(bins.start), last=face(bins.start + len(bins.counts) * bins.width),
            most=most, begin=face(begin), end=face(begin + bins.width),
        ).to(language),
        "width": (OPEN_ENDED if bins.open_ended else EACH_BAR).filled(width=_length(bins.width)).to(language),
        "histogram": histogram,
        "rows": [
            (f"{face(begin)}–{face(end) if end is not None else ''}", number)
            for (begin, end), number in zip(bins.edges(), bins.counts, strict=True)
        ],
    }  # fmt: skip


def _firms(site: Site, language: Language) -> dict[str, Any] | None:
    """The firms' table; None while no firm has finishers enough."""
    view, firms = site.view, site.figures.firms
    if not firms:
        return None
    low, high = min(one.fastest for one in firms), max(one.slowest for one in firms)
    rounding = view.standings.rules.rounding
    rows = [
        {
            "company": view.names.company(one.company),
            "link": f"c/{one.company}.html",
            "finishers": one.finishers,
            "times": [clock_face(Span(time), rounding) for time in (one.fastest, one.median, one.slowest)],
            "at": [round((time - low) / max(high - low, 1) * SPREAD_PX, 1) for time in one[2:]],
        }
        for one in firms
    ]
    return {
        "rows": rows,
        "how": _(
            "up to {most} firms with the most finishers (at least {least}), by median: thin line fastest to slowest, thick line the middle half, stroke the median",
            least=FINISHERS_LEAST,
            most=FIRMS_MOST,
        ).to(language),
        "low": clock_face(Span(low), rounding),
        "high": clock_face(Span(high), rounding),
    }


def _length(width: int) -> Text:
    """How long a bin is, in the largest unit that leaves nothing over."""
    if not width % HOUR:
        return _("{n} h", n=width // HOUR)
    return _("{n} min", n=width // MINUTE) if not width % MINUTE else _("{n} s", n=width // SECOND)
