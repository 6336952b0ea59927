"""The big screen, in Korean and English: the last finishers, the counts, and lists page by page. Pure."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from results.board.head import gun_ms
from results.board.site import GroupList, RunnerList, Site
from results.ranking.rankings import Ranking
from results.ranking.rows import Row
from results.view.view import FirmLine, View, counted, group_lines, lines, state_words
from results.view.words import COUNTED
from results.web.templating import STATIC, policy, rendered, static_path
from timing.language import BOTH, Text, _, pair

PATH: Final = "screen.html"
PANEL_ROWS: Final = 8
PANELS_MOST: Final = 16
LATEST: Final = 7
LONG: Final = 12
"""A name of more letters is set smaller, in two lines."""
PAGE_MS: Final = 10_000
"""How long each list stays."""


@dataclass(frozen=True, slots=True)
class PanelLine:
    """A row of a list: `more` is said smaller."""

    place: int | None
    name: str
    more: str
    value: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The first of a list."""

    title: Text
    rows: Sequence[PanelLine]


def screen_files(site: Site) -> dict[str, Callable[[], str | bytes]]:
    """Every file of the big screen, by path."""
    ours = {static_path(name): (STATIC / name).read_bytes for name in ("screen.css", "screen.js")}
    return {PATH: lambda: screen_page(site), **ours}


def screen_page(site: Site) -> str:
    """The page; a script pages through the lists and shows new finishers, without it the page reloads itself."""
    view = site.view
    latest = site.view.standings.latest[:LATEST]
    return rendered(
        "screen.html",
        BOTH,
        race=pair(view.race_name["ko"], view.race_name["en"]),
        state=state_words(view),
        official=view.state == "official",
        stamp=view.stamp,
        gun_ms=gun_ms(view),
        counts=[(COUNTED[key], number) for key, number in counted(view).items()],
        latest=lines(view, latest, [row.place for row in latest], "ko"),
        panels=list(panels(site)),
        page_ms=PAGE_MS,
        long=LONG,
        listens=view.takes_messages,
        policy=policy(),
        static=static_path,
    )


def panels(site: Site) -> Iterator[Panel]:
    """The lists in turn: firms and teams, then runners, then participation."""
    found = [
        *(_groups(site.view, one) for one in site.group_lists.values()),
        *(_runners(site, one) for one in site.runner_lists.values()),
    ]
    yield from [panel for panel in found if panel.rows][: PANELS_MOST - 1]
    firms = site.firms[:PANEL_ROWS]
    if firms:
        yield Panel(
            _("Participation"),
            [PanelLine(None, one.name, "", _share(one)) for one in firms],
        )


def _share(firm: FirmLine) -> str:
    """How many of a firm are in, out of how many."""
    return f"{firm.registered}" if firm.finished is None else f"{firm.finished} / {firm.registered}"


def _groups(view: View, one: GroupList) -> Panel:
    ranking = Ranking(one.ranking.rule, one.ranking.division, one.ranking.scores[:PANEL_ROWS])
    return Panel(
        one.title, [PanelLine(line.place, line.name, "", line.score) for line in group_lines(view, ranking, "ko")]
    )


def _runners(site: Site, one: RunnerList) -> Panel:
    rows: Sequence[Row] = site.rows_of(one)[:PANEL_ROWS]
    shown = lines(site.view, rows, [one.place(row) for row in rows], "ko")
    return Panel(
        one.title,
        [
            PanelLine(line.place, f"{line.bib or ''} {line.name}".strip(), line.company, line.exact or line.time)
            for line in shown
        ],
    )
