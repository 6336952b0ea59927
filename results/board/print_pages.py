"""Results on paper: pages laid out for A4, and all lists as one self-contained HTML file. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Final

from results.board.hidden import told_standings
from results.board.pages import rendered_page, rule_words
from results.board.site import Site
from results.files.offline import offline_page
from results.files.paper_sheets import result_sheets
from results.view.view import GroupLine, ResultLine, group_lines, lines
from results.view.words import HEADINGS
from results.web.templating import PREFIX, STATIC, static_path
from timing.language import Language, _

PATH: Final = "print.html"
KEPT: Final = "results.html"


@dataclass(frozen=True, slots=True)
class Groups:
    """A ranking of firms or teams on paper."""

    title: str
    group: str
    basis: str
    rows: list[GroupLine]

    @property
    def bibs(self) -> bool:
        """Whether it says who counted."""
        return any(row.counters for row in self.rows)


def print_files(site: Site) -> dict[str, Callable[[], str | bytes]]:
    """The makers of these files, by path."""
    pages = {prefix + PATH: partial(print_page, site, language) for language, prefix in PREFIX.items()}
    ours = {static_path("print.css"): (STATIC / "print.css").read_bytes}
    return {**pages, **ours, KEPT: lambda: kept_page(site)}


def print_page(site: Site, language: Language) -> str:
    """Everybody with a place, then each ranking, each on sheets of its own with a title."""
    view, finishers = site.view, site.view.standings.ranked
    shown: list[ResultLine] = lines(view, finishers, [row.place for row in finishers], language)
    rankings = [one for one in site.group_lists.values() if one.ranking.scores]
    groups = [
        Groups(
            one.title.to(language), HEADINGS[one.ranking.rule.group].to(language),
            rule_words(one.ranking, language), group_lines(view, one.ranking, language),
        )
        for one in rankings
    ]  # fmt: skip
    return rendered_page(
        site, language, PATH, "print.html", "participation.html",
        title=_("Lists to print").to(language), rows=shown, groups=groups,
    )  # fmt: skip


def kept_page(site: Site) -> str:
    """All lists in one file with its own style, without requests and scripts."""
    return offline_page(result_sheets(replace(site.view, standings=told_standings(site.view))))
