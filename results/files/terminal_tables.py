"""Results as tables on the terminal, where a Hangul syllable takes two columns; in this room Rich is used here alone."""

import sys
from collections.abc import Sequence

from rich.table import Table

from results.ranking.difference import Change, Difference, Results, difference
from results.view.prize_list import prize_change_row, prize_changes, prize_rows
from results.view.view import View, group_lines, lines, ranking_title
from results.view.words import HEADINGS, STATUSES
from timing.language import _, one_language
from timing.race.instants import Rounding, clock_face
from timing.race.known_names import Names
from timing.race.rules import GroupRule
from timing.terminal.console import ShieldedConsole

PIPED_WIDTH = 160  # columns, where there is no terminal to ask
DIFFERENCES_SHOWN = 30
MOVED_SHOWN = 8  # of those whose place alone changes, because of others


def print_results(view: View, top: int | None) -> None:
    """Everybody's places and times, then each group ranking."""
    console, language = _console(), one_language()
    table = _table(str(_("Runners")), [">place", ">bib", "name", "company", "category", ">gun_time", ">net", "status"])
    rows = view.standings.rows[:top]
    for line, row in zip(lines(view, rows, [row.place for row in rows], language), rows, strict=True):
        name = line.name if row.ruled.withheld else view.names.people.get(row.entrant.id, "")
        time = line.exact or line.time
        table.add_row(
            _number(line.place), _number(line.bib), name, line.company, line.category, line.gun, time, line.status
        )
    console.print(table)
    for ranking in view.rankings:
        title = ranking_title(ranking.rule, ranking.division)
        groups = _table(title.to(language), [">place", ranking.rule.group, ">score", "counted"])
        for group in group_lines(view, ranking, language)[:top]:
            groups.add_row(str(group.place), group.name, group.score, group.counters)
        console.print(groups)


def print_prizes(view: View) -> None:
    """The winners of each prize, and those passed over."""
    table = _table(str(_("Prizes")), ["prize", "list", ">place", "winner", "company", ">score", "notes"])
    for row in prize_rows(view):
        table.add_row(*row)
    _console().print(table if table.rows else str(_("The rules name no prizes.")))


def print_changes(
    before: Results, after: Results, names: Names, rounding: Rounding, changes: Difference | None = None
) -> None:
    """The differences between two states of the results, prizes included."""
    changes = changes or difference(before, after)
    _print_difference(changes, names, rounding, [*before[0].rules.ranking, *after[0].rules.ranking])
    moved = prize_changes(before, after)
    if moved:
        table = _table(str(_("Prizes that go to somebody else")), ["prize", "list", ">place", "winner"])
        for change in moved:
            table.add_row(*prize_change_row(change, names))
        _console().print(table)


def _print_difference(changes: Difference, names: Names, rounding: Rounding, rules: Sequence[GroupRule]) -> None:
    """The counts in one line, then runners whose own result changes, those who only move, and groups."""
    console = _console()
    counted = [
        (str(_("runners with another place")), changes.places),
        (str(_("among the first three, overall or of a sex")), changes.podiums),
    ]
    counted += [
        (str(_("groups with another place")), len(changes.groups)),
        (str(_("of them in the first three")), changes.prizes),
    ]
    console.print("; ".join(f"{text}: {number}" for text, number in counted))
    shown = [change for change in changes.runners if change.in_itself][:DIFFERENCES_SHOWN]
    shown += [change for change in changes.runners if not change.in_itself][:MOVED_SHOWN]
    if shown:
        table = _table(str(_("Runners that change")), [">place", ">bib", "name", "company", ">net", "status"])
        for change in shown:
            table.add_row(*_change(change, names, rounding))
        console.print(table)
    if len(changes.runners) > len(shown):
        console.print(f"… +{len(changes.runners) - len(shown)}")
    if changes.groups:
        groups = _table(str(_("groups with another place")), ["ranking", "group", ">place"])
        called = {rule.name: rule for rule in rules}
        for one in changes.groups[:DIFFERENCES_SHOWN]:
            name = names.companies.get(one.group) or names.teams.get(one.group, one.group)
            title = ranking_title(called[one.ranking], one.division).to(one_language())
            groups.add_row(title, name, _was(one.before, one.after))
        console.print(groups)


def _change(change: Change, names: Names, rounding: Rounding) -> tuple[str, ...]:
    """One entrant before → after; what stays is written once."""
    entrant, before, after = change.row.entrant, change.before, change.after
    times = [row and row.time is not None and clock_face(row.time, rounding) for row in (before, after)]
    statuses = [row and STATUSES[row.status].to(one_language()) for row in (before, after)]
    company = names.companies.get(entrant.company, entrant.company)
    return (
        _was(before and before.place, after and after.place),
        _number(entrant.bib),
        names.people.get(entrant.id, ""),
        company,
        _was(*times),
        _was(*statuses),
    )


def _was(before: object, after: object) -> str:
    return f"{after or '–'}" if before == after else f"{before or '–'} → {after or '–'}"


def _console() -> ShieldedConsole:
    """Without markup: a firm may be called [한빛] or :star:, and is shown so."""
    return ShieldedConsole(width=None if sys.stdout.isatty() else PIPED_WIDTH, markup=False, emoji=False)


def _table(title: str, columns: list[str]) -> Table:
    table = Table(title=title, title_justify="left", header_style="bold")
    for column in columns:
        right = column.startswith(">")
        heading = str(HEADINGS[column.lstrip(">")]).replace(" / ", "\n")
        table.add_column(heading, justify="right" if right else "left", no_wrap=right)
    return table


def _number(value: int | None) -> str:
    return "" if value is None else str(value)
