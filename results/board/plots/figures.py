"""What the plots count, gone through once for a whole version: finish times by sex, finishers by the clock, firms. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, Literal

from results.board.plots.bars import Bars
from results.board.plots.bins import CLOCK_WIDTHS, TIME_WIDTHS, Bins, binned
from results.board.plots.spread import Spread, spread_of
from results.ranking.rows import Row
from timing.instants import Span, clock_face

Series = Literal["men", "women", "others"]
SEXES: Final[dict[str, Series]] = {"M": "men", "F": "women"}
FIRMS_MOST: Final = 20
FINISHERS_LEAST: Final = 3
"""Fewer than these and a firm has no spread worth drawing."""


@dataclass(frozen=True)
class Figures:
    """The counts of one version; None where nobody has finished. `firms` are all that have finishers enough, by median."""

    finishers: int
    times: Bins | None
    clock: Bins | None
    firms: tuple[Spread, ...]

    @cached_property
    def time_bars(self) -> Bars | None:
        """Finish times as bars."""
        return Bars(self.times, TIME_WIDTHS, time_face) if self.times else None

    @property
    def shown_firms(self) -> list[Spread]:
        """Those with the most finishers, as many as a picture has room for, by median."""
        chosen = sorted(self.firms, key=lambda one: (-one.finishers, one.median, one.company))[:FIRMS_MOST]
        return [one for one in self.firms if one in chosen]


def time_face(time: int) -> str:
    """A time on an axis or at the edge of a bin."""
    return clock_face(Span(time), "down")


def figures_of(finishers: Sequence[Row]) -> Figures:
    """Count those who have a place. Whoever is withheld counts as everywhere: the figures name nobody, and a firm's do not hold them."""
    by_sex: dict[str, list[int]] = {"men": [], "women": [], "others": []}
    crossed: list[int] = []
    firms: defaultdict[str, list[int]] = defaultdict(list)
    for row in finishers:
        time, entrant, finish = row.time, row.entrant, row.judged.finish
        if time is None:
            continue
        by_sex[SEXES.get(entrant.sex, "others")].append(time)
        if finish:
            crossed.append(finish.at)
        if entrant.company and not row.ruled.withheld:
            firms[entrant.company].append(time)
    known = {name: values for name, values in by_sex.items() if values}
    return Figures(
        len(finishers),
        binned(known, TIME_WIDTHS),
        binned({"all": crossed}, CLOCK_WIDTHS),
        tuple(_spreads(firms.items())),
    )


def _spreads(firms: Iterable[tuple[str, list[int]]]) -> list[Spread]:
    found = [spread_of(company, sorted(times)) for company, times in firms if len(times) >= FINISHERS_LEAST]
    return sorted(found, key=lambda one: (one.median, one.company))
