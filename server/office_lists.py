"""The importer of lists as the office's page needs it: the functions of `marathon import`, told in rows of a table."""

from __future__ import annotations

from threading import Lock
from typing import TYPE_CHECKING, Final

from timing.language import Text, _

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from bibs.roster.entries.entry import Fault
    from bibs.roster.entries.wishes import Wishes
    from bibs.roster.registration.entrant_matcher import Answers
    from bibs.roster.registration.roster_import import RosterImport
    from bibs.roster.table_rows import SourceSheet
    from results.office.jobs.list_importing import Files, ListAnswers, ListHeading, ListImporter, ListPreview, ListRow
    from timing.folder import OpenRace
    from timing.log.sql import Beside
    from timing.people.office_seats import Official
    from timing.race.fold import Race
    from timing.race.known_names import Names

COLUMNS: Final[Mapping[str, Text]] = {
    "company": _("firm"),
    "name": _("name"),
    "team": _("team"),
    "joint_team": _("team across firms"),
    "sex": _("sex"),
    "category": _("category"),
    "bib": _("bib"),
    "wave": _("wave"),
    "born": _("date of birth"),
    "employees": _("number of employees"),
    "building": _("building"),
    "floor": _("floor"),
    "consent": _("consent to the full name in public"),
}
READING: Final = Lock()
"""One list is read at a time: each may take half a gigabyte in its child process."""


def list_importer() -> ListImporter:
    """What looks at lists and takes them in."""
    from results.office.jobs.list_importing import ListImporter

    return ListImporter([*COLUMNS.items()], look_at_lists, take_in_lists)


def look_at_lists(opened: OpenRace, files: Files, answers: ListAnswers) -> ListPreview:
    """What an import would do, as `marathon import --dry-run` tells it; what cannot be taken in is a row of the preview."""
    from bibs.roster.registration.roster_import import FaultyRoster, import_rosters, read_books, rosters_of
    from results.office.jobs.list_importing import ListPreview

    with READING:
        books = read_books(files, answers.encoding)
    wishes, people = _read(answers)
    headings = _headings([sheet for _, sheets in books for sheet in sheets], wishes)
    race = opened.fold()
    told = _RowWords([*files.values()], race, opened.names(race))
    try:
        done = import_rosters(opened, rosters_of(books, wishes), people, dry_run=True)
    except FaultyRoster as faulty:
        return ListPreview(refused=[*map(told.row, faulty.faults)], headings=headings)
    return _preview(done, headings, told)


def take_in_lists(
    opened: OpenRace,
    files: Files,
    answers: ListAnswers,
    digest: str,
    who: Official,
    beside: Callable[[int, int], Beside],
) -> bool:
    """Write what was previewed; False where it would be something else by now."""
    from bibs.roster.registration.roster_import import read_books, rosters_of, take_in_previewed

    with READING:
        books = read_books(files, answers.encoding)
    wishes, people = _read(answers)
    return take_in_previewed(
        opened, rosters_of(books, wishes), people, digest, who, lambda plan: beside(plan.new, plan.changed)
    )


def _read(answers: ListAnswers) -> tuple[Wishes, Answers]:
    from bibs.roster.entries.wishes import Wishes
    from bibs.roster.registration.entrant_matcher import Answers

    wishes = Wishes(answers.columns, answers.firm, answers.keep_dates, answers.skip_cancelled, answers.encoding)
    return wishes, Answers(answers.same, answers.other)


def _headings(sheets: Sequence[SourceSheet], wishes: Wishes) -> list[ListHeading]:
    from bibs.roster.entries.found_headings import found_headings
    from results.office.jobs.list_importing import ListHeading

    return [ListHeading(one.text, one.example, one.column, one.said) for one in found_headings(sheets, wishes)]


def _preview(done: RosterImport, headings: Sequence[ListHeading], told: _RowWords) -> ListPreview:
    from bibs.roster.registration.import_report import look_at
    from bibs.roster.registration.preview import change_rows, count_table
    from results.office.jobs.list_importing import ListPreview, ListRow

    plan = done.plan
    places = {taken.after.id: entry.where for entry, taken in zip(done.roster.entries, plan.people, strict=True)}
    kinds: dict[str, list[ListRow]] = {}
    for row in change_rows(plan, done.before, done.cards):
        where = told.place(places.get(row.entrant, ""))
        kinds.setdefault(str(row.kind), []).append(ListRow(where, row.bib, row.name, row.firm, row.told))
    changes = bool(plan.facts or plan.cards or plan.consents or plan.names.people)
    return ListPreview(
        (),
        [*map(told.row, plan.flagged)],
        [*kinds.items()],
        count_table(plan, done.before),
        [str(text).strip() for text in look_at(done)],
        headings,
        plan.digest if changes else "",
    )


class _RowWords:
    """What rows and people are called on the page: of a single file its name need not be said, and people by their bibs."""

    def __init__(self, files: Sequence[str], race: Race, names: Names) -> None:
        self._file, self._race, self._names = files[0] if len(files) == 1 else "", race, names

    def place(self, where: str) -> str:
        return where.removeprefix(self._file).lstrip(", ") if self._file else where

    def row(self, fault: Fault) -> ListRow:
        from results.office.jobs.list_importing import ListRow

        asks = [(one, self._called(one)) for one in fault.asks]
        return ListRow(self.place(fault.where), "", "", "", str(fault.text), asks)

    def _called(self, entrant: str) -> str:
        known = self._race.entrants.get(entrant)  # None: somebody of another of these files
        return f"{(known and known.bib) or entrant} {self._names.people.get(entrant, '')}".strip()
