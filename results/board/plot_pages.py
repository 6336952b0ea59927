"""The page of plots, in words and as tables; the same figures for programs and spreadsheets. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from functools import partial
from typing import Any, Final
from zoneinfo import ZoneInfo

from results.board.pages import PREFIX, STATIC, rendered_page, static_path
from results.board.plots.bars import Bars
from results.board.plots.bins import CLOCK_WIDTHS
from results.board.plots.figures import FINISHERS_LEAST, FIRMS_MOST
from results.board.plots.spread import Spread, spread_row, spread_scale
from results.board.site import Site
from results.board.twins import as_json
from results.display import View
from results.files.csv_files import csv_text
from results.messages import Language, message
from timing.instants import MINUTE, SECOND, Instant, Span, clock_face, iso, milliseconds, wall

PATH: Final = "plots.html"
HOUR: Final = 60 * MINUTE
SERIES: Final = {"men": "men", "women": "women", "others": "other_sexes", "all": "finished"}
"""What each series is called."""


@dataclass(frozen=True, slots=True)
class TimeBin:
    """Finishers with a time from `from_ms` up to, not including, `to_ms`; the last may be open."""

    from_ms: str
    to_ms: str | None
    men: int
    women: int
    others: int


@dataclass(frozen=True, slots=True)
class ClockBin:
    """How many crossed the finish from one instant up to, not including, another."""

    begin: str
    end: str
    finishers: int


@dataclass(frozen=True, slots=True)
class FirmSpread:
    """A firm's finishers by time."""

    company_id: str
    company: str
    finishers: int
    fastest_ms: str
    quarter_ms: str
    median_ms: str
    three_quarters_ms: str
    slowest_ms: str


@dataclass(frozen=True, slots=True)
class Plots:
    """What the plots are drawn from; firms by their median."""

    state: str
    edition: int | None
    finishers: int
    times: list[TimeBin]
    clock: list[ClockBin]
    firms: list[FirmSpread]


def plot_files(site: Site) -> dict[str, Callable[[], str | bytes]]:
    """Every file of the plots, by path."""
    pages = {prefix + PATH: partial(plots_page, site, language) for language, prefix in PREFIX.items()}
    tables = {f"plots-{which}.csv": partial(plots_csv, site, which) for which in ("times", "clock", "firms")}
    return {
        **pages,
        **tables,
        "plots.json": lambda: as_json(plots_of(site)),
        static_path("plots.css"): (STATIC / "plots.css").read_bytes,
    }


def plots_page(site: Site, language: Language) -> str:
    """The page: each plot with its figures as a table."""
    figures = site.figures
    drawn = [_times(site, language), _clock(site, language)] if figures.times and figures.clock else []
    return rendered_page(
        site, language, PATH, "plots.html", PATH,
        title=message("plots", language), plots=drawn, firms=_firms(site, language), twin="plots",
    )  # fmt: skip


def plots_of(site: Site) -> Plots:
    """The figures of a version."""
    view, figures = site.view, site.figures
    edition = view.edition.number if view.edition else None
    return Plots(
        view.state, edition, figures.finishers, _time_bins(site), _clock_bins(site), _firm_spreads(view, figures.firms)
    )


def plots_csv(site: Site, which: str) -> str:
    """One plot's figures for a spreadsheet: `times`, `clock` or `firms`."""
    kinds: dict[str, tuple[type, Sequence[TimeBin | ClockBin | FirmSpread]]] = {
        "times": (TimeBin, _time_bins(site)),
        "clock": (ClockBin, _clock_bins(site)),
        "firms": (FirmSpread, _firm_spreads(site.view, site.figures.firms)),
    }
    kind, rows = kinds[which]
    columns = [field.name for field in fields(kind)]
    return csv_text(columns, [{name: _cell(getattr(row, name)) for name in columns} for row in rows])


def _cell(value: object) -> str:
    return "" if value is None else str(value)


def _time_bins(site: Site) -> list[TimeBin]:
    bins = site.figures.times
    if bins is None:
        return []
    nobody = (0,) * len(bins)
    counts = zip(*(bins.series.get(name, nobody) for name in ("men", "women", "others")), strict=True)
    return [
        TimeBin(milliseconds(Span(begin)), None if end is None else milliseconds(Span(end)), *counted)
        for (begin, end), counted in zip(bins.edges(), counts, strict=True)
    ]


def _clock_bins(site: Site) -> list[ClockBin]:
    bins = site.figures.clock
    if bins is None:
        return []
    edges = ((begin, begin + bins.width) for begin, _ in bins.edges())
    return [
        ClockBin(iso(Instant(begin)), iso(Instant(end)), count)
        for (begin, end), count in zip(edges, bins.totals, strict=True)
    ]


def _firm_spreads(view: View, spreads: Sequence[Spread]) -> list[FirmSpread]:
    return [
        FirmSpread(
            one.company,
            view.names.companies.get(one.company) or one.company,
            one.finishers,
            *(
                milliseconds(Span(time))
                for time in (one.fastest, one.quarter, one.median, one.three_quarters, one.slowest)
            ),
        )
        for one in spreads
    ]


def _times(site: Site, language: Language) -> dict[str, Any]:
    bars = site.figures.time_bars
    assert bars
    return _plot(bars, "times", ("plot_times", "plot_times_told"), language)


def _clock(site: Site, language: Language) -> dict[str, Any]:
    assert site.figures.clock
    bars = Bars(site.figures.clock, CLOCK_WIDTHS, partial(_hour, zone=site.view.zone))
    return _plot(bars, "clock", ("plot_clock", "plot_clock_told"), language)


def _plot(bars: Bars, name: str, keys: tuple[str, str], language: Language) -> dict[str, Any]:
    """A plot, its words (a title, and a sentence for those who do not see it), and its figures row by row."""
    bins, face = bars.bins, bars.face
    title = message(keys[0], language)
    counts = zip(*bins.series.values(), strict=True)
    return {
        "name": name,
        "title": title,
        "width": message("plot_width_open" if bins.open_ended else "plot_width", language).format(
            width=_length(bins.width, language)
        ),
        "drawing": bars.drawing(name, title, _told(keys[1], bars, language)),
        "series": [(one, message(SERIES[one], language), sum(of)) for one, of in bins.series.items()],
        "rows": [
            (f"{face(begin)}–{face(end) if end is not None else ''}", counted)
            for (begin, end), counted in zip(bins.edges(), counts, strict=True)
        ],
    }


def _told(key: str, bars: Bars, language: Language) -> str:
    bins, face = bars.bins, bars.face
    begin = bins.start + bins.totals.index(bins.most) * bins.width
    return message(key, language).format(
        finishers=sum(bins.totals), first=face(bins.start), last=face(bins.end), most=bins.most,
        begin=face(begin), end=face(begin + bins.width),
    )  # fmt: skip


def _firms(site: Site, language: Language) -> dict[str, Any] | None:
    """The firms' table; None while no firm has finishers enough."""
    view, shown = site.view, site.figures.shown_firms
    if not shown:
        return None
    scale = spread_scale(shown)
    rounding = view.standings.rules.rounding
    rows = [
        {
            "company": view.names.companies.get(one.company) or one.company,
            "link": f"c/{one.company}.html",
            "finishers": one.finishers,
            "times": [clock_face(Span(time), rounding) for time in (one.fastest, one.median, one.slowest)],
            "drawing": spread_row(one, scale),
        }
        for one in shown
    ]
    return {
        "rows": rows,
        "how": message("plot_firms_how", language).format(least=FINISHERS_LEAST, most=FIRMS_MOST),
        "low": clock_face(Span(scale.low), rounding),
        "high": clock_face(Span(scale.high), rounding),
    }


def _hour(at: int, zone: ZoneInfo) -> str:
    """The hour and minute on the wall."""
    return wall(Instant(at), zone)[:5]


def _length(width: int, language: Language) -> str:
    """How long a bin is, in the largest unit that leaves nothing over."""
    unit, size = next(
        (unit, size) for unit, size in (("hours", HOUR), ("minutes", MINUTE), ("seconds", SECOND)) if not width % size
    )
    return f"{width // size}{message(unit, language)}"
