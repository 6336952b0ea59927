"""Remarks for the organiser about a list that was read. Pure."""

from collections.abc import Iterable, Mapping, Sequence

from bibs.roster.entries.doubts import odd_cells
from bibs.roster.entries.entry import Fault
from bibs.roster.entries.one_person import undecided
from bibs.roster.entries.ragged import short, without_heading
from bibs.roster.headings import columns_of, near_consent, personal, unused
from bibs.roster.table_rows import SourceSheet, TableRow, ranges
from timing.language import Text, _, ngettext
from timing.race.spelling import clean


def seen(place: str, sheet: SourceSheet) -> Iterable[Fault]:
    """Remarks about the formatting of a sheet."""
    if sheet.plain:
        text = _("this kind of file does not tell what is hidden, struck through or shown beside numbers (`1km`)")
        yield Fault(place, _("{text}; if there is any, save it as .xlsx", text=text))
    if sheet.hidden_rows:
        rows = ranges(sheet.hidden_rows)
        yield Fault(place, _("hidden rows were read too: {rows}", rows=rows))


def unread_sheet(place: str, sheet: SourceSheet) -> Fault:
    count = len(sheet.lines)
    if sheet.hidden:
        return Fault(
            place,
            ngettext("a hidden sheet; its one row was not read", "a hidden sheet; its {n} rows were not read", count),
        )
    return Fault(
        place,
        ngettext(
            "no columns `company` and `name`; its one row was not read",
            "no columns `company` and `name`; its {n} rows were not read",
            count,
        ),
    )


def read_past(file: str, header: TableRow) -> Iterable[Fault]:
    columns = columns_of(header)
    headings = [clean(header.cells[columns["born"]])] if "born" in columns else []
    if headings := [*headings, *personal(header)]:
        shown = ", ".join(headings)
        yield Fault(file, _("read past and not stored: {shown}", shown=shown))
    if headings := unused(header):
        shown = ", ".join(headings)
        yield Fault(file, _("unused columns: {shown}", shown=shown))
    if near := [heading for heading in headings if near_consent(heading)]:
        shown = ", ".join(near)
        text = _(
            "{shown}: not taken for the consent to a public name (if it is, call the column `consent`)", shown=shown
        )
        yield Fault(file, text)


def taken_all_the_same(file: str, gone: Mapping[Text, Sequence[int]]) -> Iterable[Fault]:
    for text, numbers in gone.items():
        rows = ranges(numbers)
        yield Fault(
            file,
            _("{text}: rows {rows} imported all the same (--skip-cancelled leaves them out)", text=text, rows=rows),
        )


def odd_rows(
    file: str, header: TableRow, people: Sequence[TableRow], columns: Mapping[str, int], encoding: str
) -> Iterable[Fault]:
    """Remarks about rows that are imported and look odd."""
    if rows := without_heading(header, people):
        where = ranges(rows)
        yield Fault(file, _("rows {where} hold something where no heading stands; not read", where=where))
    if header.width and (rows := short(header, people)):
        where = ranges(rows)
        yield Fault(file, _("rows {where} have fewer cells than columns", where=where))
    if rows := undecided(people, columns.get("name")):
        where = ranges(rows)
        text = _(
            "rows {where}: a name that is none yet, taken in all the same; then `marathon people rename`", where=where
        )
        yield Fault(file, text)
    places = [columns[column] for column in ("company", "name", "team") if column in columns]
    if encoding and (rows := odd_cells(people, places)):
        where = ranges(rows)
        yield Fault(file, _("rows {where}: letters look broken (saved in another encoding?)", where=where))
