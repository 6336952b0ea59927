"""The results as sheets for people: the published columns in words, made from a view. Pure."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from results.ranking.rankings import GroupScore, Ranking
from results.ranking.rows import Row, Status, fields_of
from results.view.editions import digest
from results.view.names import public_name
from results.view.view import View, group_name, lines, score_face, sex_label, state_words
from results.view.words import BASES, HEADINGS, SEXES, SOURCES, STATUSES, TIES
from timing.language import NOTHING, Text, _, listed, pair
from timing.printed.sheets import Cell, Clocked, Column, Sheets, Table
from timing.race.instants import MILLISECOND, SECOND, Rounding, Span, clock_face
from timing.race.passings import Source
from timing.race.rules import HEADS, Basis

Cells = dict[str, Cell]
"""A row by its columns' keys."""
BY: Final[dict[Source, Text]] = {"scan": SOURCES["scan"], "gun": _("Gun"), "ruling": SOURCES["ruling"]}
ROUNDED: Final[dict[Rounding, Text]] = {
    "up": _("shown to the next whole second"),
    "down": _("shown in whole seconds, rounded down"),
    "none": _("shown to the millisecond"),
}
COLUMNS: Final = {  # how wide each is, in millimetres of a sheet of A4 across; `>`: figures, set to the right
    "place": ">11",
    "bib": ">13",
    "person": "27",
    "company": "58",
    "team": "30",
    "sex": "10",
    "place_in_sex": ">15",
    "category": "15",
    "place_in_category": ">19",
    "net_time": ">15",
    "gun_time": ">15",
    "pace": ">13",
    "status": "14",
    "evidence_source": "32",
}
"""Scoring facts, section 6: what a published list shows."""
HELD: Final = _("start in question, held until officials rule")
RANKED: Final = ">27"
"""The width of the time that ranks, with the exact one beside it."""
WHERE_KNOWN: Final = {"team", "sex", "place_in_sex", "category", "place_in_category"}
"""Columns that are left out of a race in which nobody fills them."""


def result_sheets(view: View, full_names: bool = False, note: str = "", covered: int = 0) -> Sheets:
    """Everybody, then each ranking of groups; names are public ones unless officials ask for them in full.

    `note` is a signed checkpoint of `covered` facts, these results among them.
    """
    race = pair(view.race_name["ko"], view.race_name["en"])
    rankings = [ranking for ranking in view.rankings if ranking.scores]
    tables = _individuals(view, full_names), *(_groups(view, ranking, full_names) for ranking in rankings)
    legend = tuple(_legend(view))
    return Sheets(race, _state(view), tuple(_facts(view)), tables, legend, note, covered)


def _state(view: View) -> Text:
    """How final they are, as on every page; with a provisional edition's number where it published just these results."""
    state = state_words(view)
    edition = view.edition
    if edition is None or edition.state == "official" or edition.digest != digest(view.standings, view.rankings):
        return state
    return _("{state}, edition {number}", state=state, number=edition.number)


def _facts(view: View) -> Iterator[Text]:
    """What must stand on the paper besides the times: position, basis, ties, course, rounding."""
    rules = view.standings.rules
    yield _("log position {version}", version=view.version)
    yield BASES[rules.basis]
    yield TIES[rules.ties]
    if view.course_m:
        yield _("Course {km:g} km", km=view.course_m / 1000)
    yield _("uncertified course and times")
    yield ROUNDED[rules.rounding]


def _legend(view: View) -> Iterator[Text]:
    """Korean words of the cells, with their English."""
    found = {row.status for row in view.standings.rows}
    yield from (STATUSES[status] for status in Status if status in found)
    if any(row.ruled.withheld for row in view.standings.rows):
        yield _("Withheld")
    if any(row.held for row in view.standings.rows):
        yield HELD
    if any(row.judged.finish and row.start_source == "gun" for row in view.standings.rows):
        yield _("start: the gun stands in, no start was seen or counts")


def _individuals(view: View, full_names: bool) -> Table:
    standings = view.standings
    placed = standings.finished
    rows = [*placed, *(row for row in standings.rows if row.place is None and row.status is not Status.FINISHED)]
    of_category = Counter(_category(view, row) for row in standings.ranked)
    shown_as = lines(view, rows, [row.place for row in rows], "ko")
    cells: list[Cells] = [
        {
            "place": line.place,
            "bib": line.bib,
            "person": _person(view, row, full_names),
            "company": line.company,
            "team": line.team,
            "net_time": _time(view, row, "net", line.exact),
            "gun_time": _time(view, row, "gun", line.exact),
            "pace": _pace(line.pace, row.net_time, view.course_m),
            "status": line.status,
            **_in_fields(row, of_category[_category(view, row)]),
            "evidence_source": _evidence(row),
        }
        for row, line in zip(rows, shown_as, strict=True)
    ]
    return _table(_("Runners"), COLUMNS | {f"{standings.rules.basis}_time": RANKED}, cells)


def _in_fields(row: Row, in_category: int) -> Cells:
    """The places beside the overall one; empty for a withheld runner."""
    if row.ruled.withheld:
        return dict.fromkeys(("sex", "place_in_sex", "category", "place_in_category"))
    return {
        "sex": sex_label(row.entrant.sex, "ko"),
        "place_in_sex": row.sex_place,
        "category": row.entrant.category,
        "place_in_category": "" if row.category_place is None else f"{row.category_place}/{in_category}",
    }


def _groups(view: View, ranking: Ranking, full_names: bool) -> Table:
    called = view.names.companies if ranking.rule.group == "company" else view.names.teams
    columns = {"place": ">11", ranking.rule.group: "90", "score": ">30", "counted": "140"}
    cells: list[Cells] = [
        {
            "place": score.place,
            ranking.rule.group: group_name(called, score),
            "score": score_face(ranking.rule, score.score, "ko"),
            "counted": "" if ranking.rule.combine in HEADS else _counted(view, score, full_names),
        }
        for score in ranking.scores
    ]
    division = _division(ranking)
    return _table(listed([pair(ranking.rule.name, ranking.rule.name_en), division], " · "), columns, cells)


def _table(title: Text, columns: dict[str, str], rows: Sequence[Cells]) -> Table:
    """The columns in their order, without those that nobody fills where they may be missing."""
    optional = WHERE_KNOWN | {"counted"}
    kept = [key for key in columns if key not in optional or any(row[key] for row in rows)]
    heads = [_column(key, columns[key]) for key in kept]
    return Table(title, tuple(heads), tuple(tuple(row[key] for key in kept) for row in rows))


def _column(key: str, share: str) -> Column:
    return Column(HEADINGS[key], float(share.lstrip(">")), "right" if share.startswith(">") else "left")


def _division(ranking: Ranking) -> Text:
    """The list's name, in both languages where it is a sex."""
    if ranking.division == "all":
        return NOTHING
    return SEXES.get(ranking.division) or pair(ranking.division, "")


def _counted(view: View, score: GroupScore, full_names: bool) -> str:
    """The runners who made up the score, without bib and name of withheld ones."""
    named = (
        _("Withheld").to("ko") if row.ruled.withheld else f"{row.entrant.bib} {_person(view, row, full_names)}"
        for row in score.counters
    )
    return ", ".join(one.strip() for one in named)


def _person(view: View, row: Row, full_names: bool) -> str:
    if row.ruled.withheld:
        return _("Withheld").to("ko")
    return view.names.people.get(row.entrant.id, "") if full_names else public_name(view.names, row.entrant.id)


def _time(view: View, row: Row, of: Basis, exact: str) -> Clocked | None:
    """A time as published; the one that ranks also exactly, where two look equal and are not."""
    rules = view.standings.rules
    measured = row.net_time if of == "net" else row.gun_time
    time = row.time if of == rules.basis and row.time is not None else measured
    if time is None:
        return None
    told = exact if of == rules.basis and rules.rounding != "none" else ""
    return Clocked(clock_face(time, rules.rounding), _rounded(time, rules.rounding), time, told)


def _pace(face: str, time: Span | None, course_m: int) -> Clocked | None:
    """Minutes and seconds per kilometre: a length of time like the others, so that a spreadsheet sorts it."""
    if not face or time is None:
        return None
    measured = Span(time * 1_000 // course_m)
    return Clocked(face, _rounded(measured, "down"), measured)


def _rounded(time: Span, rounding: Rounding) -> Span:
    """The time that `clock_face` writes."""
    if rounding == "none":
        return Span(time // MILLISECOND * MILLISECOND)
    return Span((-(-time // SECOND) if rounding == "up" else time // SECOND) * SECOND)


def _evidence(row: Row) -> str:
    """The source of the time: the camera where no passing has another."""
    if row.status is not Status.FINISHED:
        return ""
    if row.held:
        return HELD.to("ko")
    lines: dict[Source, list[str]] = {}
    for line, passing in ((_("Start"), row.judged.start), (_("Finish"), row.judged.finish)):
        if passing and passing.source != "scan":
            lines.setdefault(passing.source, []).append(line.to("ko"))
    told = [f"{'·'.join(seen)} {BY[source].to('ko')}" for source, seen in lines.items()]
    if row.judged.adjusted or row.ruled.dead_heat:
        told.append(_("adjusted").to("ko"))
    return " · ".join(told) or _("camera").to("ko")


def _category(view: View, row: Row) -> str:
    """The field in which the category's places are given."""
    return fields_of(row.entrant, view.standings.rules)[2]
