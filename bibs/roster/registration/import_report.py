"""The report after an import: the counts, changes of people, and remarks."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

from bibs.roster.entries.entry import SkippedRow
from bibs.roster.registration.import_plan import ImportPlan
from bibs.roster.registration.preview import changed_people
from bibs.roster.registration.roster_import import FAULTS_SHOWN, RosterImport
from bibs.roster.registration.spellings import alike
from bibs.roster.table_rows import ranges
from timing.language import Text, _, ngettext, verbatim
from timing.race.events import EntrantRegistered
from timing.race.spelling import SEXES

REMARKS_SHOWN = 10


def import_counts(done: RosterImport) -> Text:
    """How many are new, changed and unchanged."""
    plan = done.plan
    text = _(
        "{new} new, {changed} changed, {unchanged} unchanged",
        new=plan.new,
        changed=plan.changed,
        unchanged=plan.unchanged,
    )
    return _("{text} (dry run)", text=text) if done.dry_run else text


def import_remarks(done: RosterImport) -> Iterator[Text]:
    """Remarks, a line each; without changes and missing people in a dry run, whose table shows them."""
    plan = done.plan
    yield from map(_indented, done.replaced)
    if not done.dry_run:
        yield from shortened(list(changed_people(plan, done.before)), FAULTS_SHOWN)
        yield from _missing(plan, done.before.people)
    yield from _perhaps_renamed(done)
    yield from _consents(plan)
    yield from _of_the_files(done)
    yield from _undated(plan)
    yield from _flagged(plan)
    yield from _odd_sexes(plan)
    yield from _groups_alike(done)


def look_at(done: RosterImport) -> Iterator[Text]:
    """What to look at beside the rows that are flagged, a line each."""
    yield from _perhaps_renamed(done)
    yield from _of_the_files(done)
    yield from _undated(done.plan)
    yield from _odd_sexes(done.plan)
    yield from _groups_alike(done)


def _of_the_files(done: RosterImport) -> Iterator[Text]:
    yield from (_indented(remark) for remark in done.roster.remarks)
    yield from _skipped(done.roster.skipped_rows)


def shortened(lines: Sequence[object], most: int, sign: str = "") -> Iterator[Text]:
    """The first lines, indented, and how many more there are."""
    yield from (_indented(f"{sign}{line}") for line in lines[:most])
    if len(lines) > most:
        yield _indented(f"… +{len(lines) - most}")


def _indented(line: object) -> Text:
    return verbatim(f"  {line}")


def _groups_alike(done: RosterImport) -> Iterator[Text]:
    """Groups that look alike and may be one: only the organiser joins them."""
    names = done.before.with_(done.plan.names, done.race.office.merged)
    firms = {firm: names.companies[firm] for firm in done.plan.firms}
    yield from shortened(alike(done.roster.entries, done.race.entrants.values(), firms, names), REMARKS_SHOWN, "? ")


def _missing(plan: ImportPlan, names: dict[str, str]) -> Iterator[Text]:
    if plan.missing:
        shown = ", ".join(f"{e.bib or '-'} {names.get(e.id, '')}" for e in plan.missing[:REMARKS_SHOWN])
        yield ngettext(
            "{n} person of these firms is entered but not in this roster and stays: {shown}{more}",
            "{n} people of these firms are entered but not in this roster; they stay: {shown}{more}",
            len(plan.missing),
            shown=shown,
            more=" ..." if len(plan.missing) > REMARKS_SHOWN else "",
        )


def _perhaps_renamed(done: RosterImport) -> Iterator[Text]:
    """A person whose name was corrected is somebody new to an older roster; only the firm knows."""
    plan, firms = done.plan, done.before.companies | done.plan.names.companies
    for one, new in plan.renamed[:REMARKS_SHOWN]:
        before, now = done.before.people.get(one.id, ""), plan.names.people[new.id]
        then = (
            _("mend the roster first")
            if done.dry_run
            else _("`marathon rule status withdrawn {who}` takes the second out", who=new.id)
        )
        yield _(
            "one person under a new name? {pair}. If so: {then}",
            pair=f"{one.bib or one.id} {before} ↔ {now} ({firms[one.company]})",
            then=then,
        )
    if len(plan.renamed) > REMARKS_SHOWN:
        yield _indented(f"… +{len(plan.renamed) - REMARKS_SHOWN}")


def _consents(plan: ImportPlan) -> Iterator[Text]:
    if plan.consents:
        agreed = sum(plan.consents.values())
        withdrew = len(plan.consents) - agreed
        yield _(
            "{agreed} agree to their full name in public, {withdrew} no longer do", agreed=agreed, withdrew=withdrew
        )


def _skipped(skipped_rows: Iterable[SkippedRow]) -> Iterator[Text]:
    """The rows that were skipped, by file and reason."""
    rows: dict[tuple[str, Text], list[int]] = defaultdict(list)
    for row in skipped_rows:
        rows[row.file, row.text].append(row.row)
    for (file, text), numbers in rows.items():
        yield _("  {file}: {text}, skipped: rows {rows}", file=file, text=text, rows=ranges(numbers))


def _undated(plan: ImportPlan) -> Iterator[Text]:
    if plan.undated:
        yield ngettext(
            "{n} person with a date of birth got no age group; say `date` in race.toml and import again",
            "{n} people with a date of birth got no age group; say `date` in race.toml and import again",
            plan.undated,
        )


def _flagged(plan: ImportPlan) -> Iterator[Text]:
    if plan.flagged:
        count = len(plan.flagged)
        head = ngettext(
            "{n} row was imported and should be checked", "{n} rows were imported and should be checked", count
        )
        yield from chain([head], shortened(plan.flagged, FAULTS_SHOWN))


def _odd_sexes(plan: ImportPlan) -> Iterator[Text]:
    entered = [fact for fact in plan.facts if isinstance(fact, EntrantRegistered)]
    if odd := sorted({fact.sex for fact in entered} - {"", *SEXES}):
        yield _("unusual entries in column `sex`: {odd}", odd=", ".join(odd))
