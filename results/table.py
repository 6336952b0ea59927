"""Draws results as a table on the terminal, where a Hangul syllable takes two columns; Rich is used here alone."""

import sys

from rich.console import Console
from rich.table import Table

from results.display import View, group_lines, lines
from results.messages import both

PIPED_WIDTH = 160  # columns, where there is no terminal to ask


def print_results(view: View, top: int | None) -> None:
    """Everybody's places and times, then each group ranking."""
    # Without markup: a firm may be called [한빛] or :star:, and is shown so.
    console = Console(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False, emoji=False)
    table = _table(
        both("individuals"), [">place", ">bib", "name", "company", "category", ">gun_time", ">net", "status"]
    )
    rows = view.standings.rows[:top]
    for line, row in zip(lines(view, rows, [row.place for row in rows], "ko"), rows, strict=True):
        name = view.names.people.get(row.entrant.id, "")
        time = line.exact or line.time
        table.add_row(
            _number(line.place), _number(line.bib), name, line.company, line.category, line.gun, time, line.status
        )
    console.print(table)
    for ranking in view.rankings:
        title = ranking.rule.name if ranking.division == "all" else f"{ranking.rule.name} ({ranking.division})"
        groups = _table(title, [">place", ranking.rule.group, ">score", "counted"])
        for group in group_lines(view, ranking, "ko")[:top]:
            groups.add_row(str(group.place), group.name, group.score, group.counters)
        console.print(groups)


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        right = column.startswith(">")
        heading = both(column.lstrip(">")).replace(" / ", "\n")
        table.add_column(heading, justify="right" if right else "left", no_wrap=right)
    return table


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
