"""The command that takes rosters into the race, all files or none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bibs.roster.entries.entry import Entries, Fault
from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import NOTHING, Wishes, mapping_of, refuse_unknown_headings
from bibs.roster.files.encodings import known
from bibs.roster.files.isolated import read_sheets
from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.import_plan import NO_ANSWERS, ImportPlan, register_lists
from bibs.roster.registration.missing_glyphs import unprintable
from bibs.roster.registration.preview import changed_people, preview
from bibs.roster.registration.spellings import alike
from bibs.roster.table_rows import ranges
from timing.commands.command_line import command, race_option, say
from timing.commands.lookup import entrant_of
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.language import N_, Text, _, ngettext
from timing.race.chance import system_bits
from timing.race.events import EntrantRegistered
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.spelling import SEXES, clean

FAULTS_SHOWN = 200
REMARKS_SHOWN = 10


class FaultyRoster(RaceError):
    """Rows cannot be taken in, so none was; each stands on a line of its own."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        more = len(faults) - FAULTS_SHOWN
        details = [*faults[:FAULTS_SHOWN], *([f"… +{more}"] if more > 0 else [])]
        super().__init__(
            ngettext(
                "nothing was imported, {n} thing to correct:",
                "nothing was imported, {n} things to correct:",
                len(faults),
            ),
            details,
        )


@command(
    "import",
    examples="marathon import 명단.xlsx --dry-run\nmarathon import 한빛테크.csv 두리산업.xlsx",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help=N_("only show a table of what would change"))
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="HEADING=COLUMN",
    help=N_("the column that a heading means; repeatable (`-`: none)"),
)
@click.option("--firm", default="", metavar="NAME", help=N_("the firm of a list without that column"))
@click.option("--encoding", default="", metavar="NAME", help=N_("of text files, where the import asks"))
@click.option("--skip-cancelled", is_flag=True, help=N_("leave out rows that look cancelled"))
@click.option(
    "--keep-dates",
    is_flag=True,
    help=N_("take a date for the name of a team or category"),
)
@click.option(
    "--same",
    multiple=True,
    metavar="WHO",
    help=N_("the row of that name is this person"),
)
@click.option(
    "--other",
    multiple=True,
    metavar="WHO",
    help=N_("the row of that name is somebody else"),
)
def import_(
    race: Path | None,
    files: tuple[Path, ...],
    dry_run: bool,
    same: tuple[str, ...],
    other: tuple[str, ...],
    columns: tuple[str, ...],
    firm: str,
    encoding: str,
    skip_cancelled: bool,
    keep_dates: bool,
) -> None:
    """Import rosters (XLSX, XLS, ODS, CSV).

    Columns: company and name (needed), team, sex, category, bib, wave, date of birth, employees, building, floor, consent. Importing again
    changes only what changed. A date of birth gives the age group; like phones it is kept nowhere. A file with resident
    registration numbers is refused.
    """
    wishes = Wishes(mapping_of(columns), clean(firm), keep_dates, skip_cancelled, encoding)
    with open_race(race) as opened:
        rosters, folded = read_rosters(files, wishes), opened.fold()
        answers = Answers(_ids(folded, same), _ids(folded, other))
        before, cards = opened.names(folded), opened.directory.cards()
        done = take_in(opened, rosters, dry_run, answers)
        text = _(
            "{new} new, {changed} changed, {unchanged} unchanged",
            new=done.new,
            changed=done.changed,
            unchanged=done.unchanged,
        )
        say(_("{text} (dry run)", text=text) if dry_run else text)
        if dry_run:
            for line in preview(done, before, cards):
                click.echo(line)
        else:
            _tell_changes(done, before)
            if done.missing:
                _point_out_missing(done, before.people)
        _ask_whether_renamed(done, before, dry_run)
        _tell_consents(done)
        roster = sum(rosters, Entries())
        _point_out(roster, done)
        _tell_groups(roster, folded.supposing(done.facts)[0] if dry_run else opened.fold(), done, before)


def _ids(race: Race, who: Iterable[str]) -> frozenset[str]:
    return frozenset(entrant_of(race, one).id for one in who)


def _tell_changes(done: ImportPlan, known: Names) -> None:
    """Name by name what a list changes of people who were entered before."""
    lines = list(changed_people(done, known))
    for line in lines[:FAULTS_SHOWN]:
        click.echo(f"  {line}", err=True)
    if len(lines) > FAULTS_SHOWN:
        click.echo(f"  … +{len(lines) - FAULTS_SHOWN}", err=True)


def _tell_groups(roster: Entries, race: Race, done: ImportPlan, known: Names) -> None:
    """Ask about groups that look alike; nobody joins them."""
    names = known.with_(done.names, race.office.merged)
    firms = {firm: names.companies[firm] for firm in done.firms}
    found = alike(roster.entries, race.entrants.values(), firms, names)
    for fault in found[:REMARKS_SHOWN]:
        click.echo(f"  ? {fault}", err=True)
    if len(found) > REMARKS_SHOWN:
        click.echo(f"  … +{len(found) - REMARKS_SHOWN}", err=True)


def import_rosters(opened: OpenRace, files: Iterable[Path]) -> ImportPlan:
    """Take in all files or none.

    Raises:
        FaultyRoster: some rows cannot be taken in; nothing was changed.
        Unreachable: a file cannot be read.
    """
    return take_in(opened, read_rosters(files))


def read_rosters(files: Iterable[Path], wishes: Wishes = NOTHING) -> list[Entries]:
    """What the files hold, one by one.

    Raises:
        FaultyRoster, Unreachable: as `import_rosters`.
        WrongUse: an encoding or a heading that is none of these files'.
    """
    if wishes.encoding and not known(wishes.encoding):
        raise WrongUse(
            _("no encoding {encoding!r} (utf-8, cp949, gbk, big5, shift_jis, cp1252, ...)", encoding=wishes.encoding),
        )
    books = [(str(file), read_sheets(file, wishes.encoding)) for file in files]
    refuse_unknown_headings(wishes.columns, [sheet for _, sheets in books for sheet in sheets])
    rosters = [read_book(file, sheets, wishes) for file, sheets in books]
    _refuse([fault for roster in rosters for fault in roster.faults])
    return rosters


def take_in(
    opened: OpenRace, rosters: Iterable[Entries], dry_run: bool = False, answers: Answers = NO_ANSWERS
) -> ImportPlan:
    """Write into log and directory what the rosters change; a dry run only says what that is.

    Raises:
        FaultyRoster: a row contradicts what is in the race already.
    """
    desk = opened.log.lineage_head(opened.log.desk)
    race, cards = opened.fold(), opened.directory.cards()
    lists, day = [roster.entries for roster in rosters], opened.settings.date
    done = register_lists(lists, race, opened.names(race), system_bits, day, cards, answers)
    _refuse(done.faults)
    done.flagged += [fault for entries in lists for fault in unprintable(entries)]
    if not dry_run:
        # Names first: should we stop between the two, a name nobody refers to does no harm, and importing again mends it.
        opened.directory.keep(done.names)
        for card in done.cards:
            opened.directory.keep_card(card)
        opened.directory.keep_consents({key: agreed or None for key, agreed in done.consents.items()})
        if done.facts:
            opened.log.record(done.facts, after=desk.seq)
    return done


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise FaultyRoster(faults)


def _point_out_missing(done: ImportPlan, names: dict[str, str]) -> None:
    shown = ", ".join(f"{e.bib or '-'} {names.get(e.id, '')}" for e in done.missing[:REMARKS_SHOWN])
    more = " ..." if len(done.missing) > REMARKS_SHOWN else ""
    count = len(done.missing)
    say(
        ngettext(
            "{n} person of these firms is entered but not in this roster and stays: {shown}{more}",
            "{n} people of these firms are entered but not in this roster; they stay: {shown}{more}",
            count,
            shown=shown,
            more=more,
        ),
    )


def _ask_whether_renamed(done: ImportPlan, known: Names, dry_run: bool) -> None:
    """A person whose name was mended is somebody new to a roster of before; only the firm knows."""
    firms = known.companies | done.names.companies
    for one, new in done.renamed[:REMARKS_SHOWN]:
        pair = (
            f"{one.bib or one.id} {known.people.get(one.id, '')} ↔ {done.names.people[new.id]} ({firms[one.company]})"
        )
        then = (
            _("mend the roster first")
            if dry_run
            else _("`marathon rule status withdrawn {who}` takes the second out", who=new.id)
        )
        say(_("one person under a new name? {pair}. If so: {then}", pair=pair, then=then))
    if len(done.renamed) > REMARKS_SHOWN:
        click.echo(f"  … +{len(done.renamed) - REMARKS_SHOWN}", err=True)


def _tell_consents(done: ImportPlan) -> None:
    if done.consents:
        agreed = sum(done.consents.values())
        withdrew = len(done.consents) - agreed
        say(
            _("{agreed} agree to their full name in public, {withdrew} no longer do", agreed=agreed, withdrew=withdrew),
        )


def _point_out(roster: Entries, done: ImportPlan) -> None:
    """What an organiser would want to look at, and what is no fault."""
    for remark in roster.remarks:
        click.echo(f"  {remark}", err=True)
    for file, text, rows in _grouped(roster.asides):
        click.echo(_("  {file}: {text}, skipped: rows {rows}", file=file, text=text, rows=rows), err=True)
    if done.undated:
        say(
            ngettext(
                "{n} person with a date of birth got no age group; say `date` in race.toml and import again",
                "{n} people with a date of birth got no age group; say `date` in race.toml and import again",
                done.undated,
            ),
        )
    if done.flagged:
        count = len(done.flagged)
        say(
            ngettext(
                "{n} row was imported and should be checked", "{n} rows were imported and should be checked", count
            )
        )
        for fault in done.flagged[:FAULTS_SHOWN]:
            click.echo(f"  {fault}", err=True)
        if count > FAULTS_SHOWN:
            click.echo(f"  … +{count - FAULTS_SHOWN}", err=True)
    entered = [fact for fact in done.facts if isinstance(fact, EntrantRegistered)]
    odd = sorted({fact.sex for fact in entered} - {"", *SEXES})
    if odd:
        say(_("unusual entries in column `sex`: {odd}", odd=", ".join(odd)))


def _grouped(asides: Iterable[Fault]) -> list[tuple[str, Text, str]]:
    """The rows that were passed over, by file and reason."""
    rows: dict[tuple[str, Text], list[int]] = defaultdict(list)
    for aside in asides:
        file, _, place = aside.where.rpartition(", ")
        rows[file, aside.text].append(int(place.rpartition(" ")[2]))
    return [(*reason, ranges(numbers)) for reason, numbers in rows.items()]
