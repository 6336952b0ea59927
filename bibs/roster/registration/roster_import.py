"""Takes rosters into a race: files are read, compared with who is entered, and recorded, all of them or none."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from bibs.roster.entries.entry import Entries, Fault
from bibs.roster.entries.read_entries import read_book
from bibs.roster.entries.wishes import NOTHING, Wishes, refuse_unknown_headings
from bibs.roster.files.encodings import known
from bibs.roster.files.isolated import read_sheets
from bibs.roster.registration.entrant_matcher import Answers
from bibs.roster.registration.import_plan import NO_ANSWERS, ImportPlan, register_lists
from bibs.roster.registration.missing_glyphs import unprintable
from bibs.roster.table_rows import SourceSheet
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace
from timing.language import Text, _, ngettext
from timing.log import Moved
from timing.people.office_seats import Official
from timing.race.chance import system_bits
from timing.race.firms import FirmCard
from timing.race.fold import Race
from timing.race.known_names import Names
from timing.race.lookup import entrant_of, replacement_of

if TYPE_CHECKING:  # help is quick
    from sqlalchemy import Connection

    from timing.log.sql import Beside

FAULTS_SHOWN = 200
Books = Sequence[tuple[str, Sequence[SourceSheet]]]
"""The sheets by the file's name."""


class FaultyRoster(RaceError):
    """Rows cannot be taken in, so none was; each stands on a line of its own."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        self.faults = faults
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


@dataclass(frozen=True, slots=True)
class RosterImport:
    """The result of an import, or of a dry run, and the state before it."""

    plan: ImportPlan
    roster: Entries
    before: Names
    cards: Mapping[str, FirmCard]
    """The firms' cards of before."""
    race: Race
    """With what the import says."""
    dry_run: bool
    replaced: Sequence[Text]
    """Of the answers to "is this the same person?": bibs that are not worn any more, and which are worn instead."""


def import_files(
    opened: OpenRace,
    files: Iterable[Path],
    wishes: Wishes = NOTHING,
    dry_run: bool = False,
    same: Iterable[str] = (),
    other: Iterable[str] = (),
) -> RosterImport:
    """Import all files or none; `same` and `other` say who of those entered a row of that name is, or is not.

    Raises:
        FaultyRoster: some rows cannot be imported; nothing was changed.
        Unreachable: a file cannot be read.
        WrongUse: an encoding or a heading that is none of these files'.
    """
    rosters, race = read_rosters(files, wishes), opened.fold()
    same, other = list(same), list(other)
    replaced = [text for who in (*same, *other) if (text := replacement_of(race, who))]
    return import_rosters(opened, rosters, Answers(_ids(race, same), _ids(race, other)), dry_run, replaced)


def import_rosters(
    opened: OpenRace,
    rosters: Sequence[Entries],
    answers: Answers = NO_ANSWERS,
    dry_run: bool = False,
    replaced: Sequence[Text] = (),
) -> RosterImport:
    """Import what was read of files, and say what that did.

    Raises:
        FaultyRoster: as above.
    """
    race = opened.fold()
    before, cards = opened.names(race), opened.directory.cards()
    plan = take_in(opened, rosters, dry_run, answers)
    then = race.supposing(plan.facts)[0] if dry_run else opened.fold()
    return RosterImport(plan, sum(rosters, Entries()), before, cards, then, dry_run, replaced)


def _ids(race: Race, who: Iterable[str]) -> frozenset[str]:
    return frozenset(entrant_of(race, one).id for one in who)


def read_rosters(files: Iterable[Path], wishes: Wishes = NOTHING) -> list[Entries]:
    """The content of each file.

    Raises:
        FaultyRoster, Unreachable: as `import_files`.
        WrongUse: an encoding or a heading that is none of these files'.
    """
    return rosters_of(read_books({file: str(file) for file in files}, wishes.encoding), wishes)


def read_books(files: Mapping[Path, str], encoding: str = "") -> Books:
    """The sheets of each file, by what the file is called.

    Raises:
        Unreachable: a file cannot be read.
        WrongUse: there is no such encoding.
    """
    if encoding and not known(encoding):
        raise WrongUse(
            _("no encoding {encoding!r} (utf-8, cp949, gbk, big5, shift_jis, cp1252, ...)", encoding=encoding),
        )
    return [(name, read_sheets(file, encoding, name)) for file, name in files.items()]


def rosters_of(books: Books, wishes: Wishes = NOTHING) -> list[Entries]:
    """The content of the sheets of each file.

    Raises:
        FaultyRoster: some rows cannot be imported.
        WrongUse: a heading that is none of these files'.
    """
    refuse_unknown_headings(wishes.columns, [sheet for _, sheets in books for sheet in sheets])
    rosters = [read_book(file, sheets, wishes) for file, sheets in books]
    _refuse([fault for roster in rosters for fault in roster.faults])
    return rosters


def take_in(
    opened: OpenRace,
    rosters: Iterable[Entries],
    dry_run: bool = False,
    answers: Answers = NO_ANSWERS,
    beside: Beside | None = None,
) -> ImportPlan:
    """Write into log and directory what the rosters change, and with it what `beside` writes; a dry run only says what that is.

    Raises:
        FaultyRoster: a row contradicts what is in the race already.
        Moved: the office has said more while this was worked out; nothing was written.
    """
    done, seen = planned(opened, rosters, answers)
    if not dry_run:
        record_plan(opened, done, seen, beside)
    return done


def planned(opened: OpenRace, rosters: Iterable[Entries], answers: Answers = NO_ANSWERS) -> tuple[ImportPlan, int]:
    """The plan for the rosters, and the number of office facts that it is based on.

    Raises:
        FaultyRoster: a row contradicts what is in the race already.
    """
    desk = opened.log.lineage_head(opened.log.desk)
    race, cards = opened.fold(), opened.directory.cards()
    lists, day = [roster.entries for roster in rosters], opened.settings.date
    done = register_lists(lists, race, opened.names(race), system_bits, day, cards, answers)
    _refuse(done.faults)
    done.flagged += [fault for entries in lists for fault in unprintable(entries)]
    return done, desk.seq


def take_in_previewed(
    opened: OpenRace,
    rosters: Sequence[Entries],
    answers: Answers,
    digest: str,
    who: Official,
    beside: Callable[[ImportPlan], Beside],
) -> bool:
    """Write what was previewed as the plan of this digest, in the official's name; False where it would be another plan by now.

    Raises:
        FaultyRoster: a row contradicts what is in the race by now.
        AnsweredBefore, FormReused: by `beside`, of a form that was sent again.
    """
    while True:
        done, seen = planned(opened, rosters, answers)
        if done.digest != digest:
            return False
        done.facts[:] = [replace(fact, by=who.name, role=who.role) for fact in done.facts]
        with suppress(Moved):
            record_plan(opened, done, seen, beside(done))
            return True


def record_plan(opened: OpenRace, done: ImportPlan, after: int, beside: Beside | None = None) -> None:
    """Facts, names, cards and consents in one transaction: of two who enter people at once, neither writes over the other's names.

    Raises:
        Moved: the office has said more than the facts that the plan was made from.
    """

    def names(connection: Connection) -> None:
        if beside:
            beside(connection)
        opened.directory.write(connection, done.names)
        for card in done.cards:
            opened.directory.write_card(connection, card)
        opened.directory.write_consents(connection, {key: agreed or None for key, agreed in done.consents.items()})

    opened.log.record(done.facts, after=after, beside=names)


def _refuse(faults: Sequence[Fault]) -> None:
    if faults:
        raise FaultyRoster(faults)
