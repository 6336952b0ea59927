"""The command that takes rosters into the race, all files or none."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import click

from bibs.roster.acquaintance import Answers
from bibs.roster.encodings import known
from bibs.roster.entries import Fault, Roster
from bibs.roster.isolated import read_sheets
from bibs.roster.letters import unprintable
from bibs.roster.preview import changed_people, preview
from bibs.roster.reading import read_book
from bibs.roster.registration import NO_ANSWERS, Registration, register_lists
from bibs.roster.rows import ranges
from bibs.roster.spellings import alike
from bibs.roster.wishes import NOTHING, Wishes, mapping_of, refuse_unknown_headings
from timing.chance import system_bits
from timing.command_line import command, race_option, say
from timing.errors import RaceError, WrongUse
from timing.events import EntrantRegistered
from timing.folder import OpenRace, open_race
from timing.lookup import entrant_of
from timing.race import Race
from timing.spelling import SEXES, clean
from timing.store.directory import Names

FAULTS_SHOWN = 200
REMARKS_SHOWN = 10


class FaultyRoster(RaceError):
    """Rows cannot be taken in, so none was; each stands on a line of its own."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        lines = [f"\n  {fault}" for fault in faults[:FAULTS_SHOWN]]
        more = f"\n  … +{len(faults) - len(lines)}" if len(faults) > len(lines) else ""
        count = len(faults)
        super().__init__(
            f"아무것도 들이지 않았습니다. 고칠 곳 {count}개",
            f"nothing was imported, {count} things to mend:{''.join(lines)}{more}",
        )


@command(
    "import",
    examples="marathon import 명단.xlsx --dry-run\nmarathon import 한빛테크.csv 두리산업.xlsx",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option(
    "--dry-run", is_flag=True, help="바뀔 것을 표로 보여 주고 들이지 않음 / only show a table of what would change"
)
@click.option(
    "--map",
    "columns",
    multiple=True,
    metavar="HEADING=COLUMN",
    help="머리글이 뜻하는 열, 여러 번 쓸 수 있음 / the column that a heading means; repeatable (`-`: none)",
)
@click.option(
    "--firm", default="", metavar="NAME", help="소속 열이 없는 명단의 소속 / the firm of a list without that column"
)
@click.option(
    "--encoding", default="", metavar="NAME", help="글자 코드(gbk, cp949 등) / of text files, where the import asks"
)
@click.option("--skip-cancelled", is_flag=True, help="취소로 보이는 행을 뺌 / leave out rows that look cancelled")
@click.option(
    "--keep-dates",
    is_flag=True,
    help="날짜 같은 팀·부문 이름을 그대로 / take a date for the name of a team or category",
)
@click.option(
    "--same",
    multiple=True,
    metavar="WHO",
    help="명단의 같은 이름은 이 사람(배번이나 e00012) / the row of that name is this person",
)
@click.option(
    "--other",
    multiple=True,
    metavar="WHO",
    help="명단의 같은 이름은 이 사람이 아님 / the row of that name is somebody else",
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
    """참가자 명단(XLSX, XLS, ODS, CSV)을 들입니다. / Import rosters.

    열: 소속·성명(필수), 팀, 성별, 부문, 배번, 조, 생년월일, 임직원수, 건물, 층, 공개 동의. 다시 들이면 바뀐 것만 바뀝니다. 생년월일은 연령대를
    정할 뿐이고 연락처와 함께 남기지 않습니다. 주민등록번호가 있는 파일은 들이지 않습니다.

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
        korean = f"새로 {done.new}명, 바뀜 {done.changed}명, 그대로 {done.unchanged}명"
        english = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
        say(korean + (" (들이지 않음)" if dry_run else ""), english + (" (dry run)" if dry_run else ""))
        if dry_run:
            for line in preview(done, before, cards):
                click.echo(line)
        else:
            _tell_changes(done, before)
            if done.missing:
                _point_out_missing(done, before.people)
        _ask_whether_renamed(done, before, dry_run)
        _tell_consents(done)
        roster = sum(rosters, Roster())
        _point_out(roster, done)
        _tell_groups(roster, folded.supposing(done.facts)[0] if dry_run else opened.fold(), done, before)


def _ids(race: Race, who: Iterable[str]) -> frozenset[str]:
    return frozenset(entrant_of(race, one).id for one in who)


def _tell_changes(done: Registration, known: Names) -> None:
    """Name by name what a list changes of people who were entered before."""
    lines = list(changed_people(done, known))
    for line in lines[:FAULTS_SHOWN]:
        click.echo(f"  {line}", err=True)
    if len(lines) > FAULTS_SHOWN:
        click.echo(f"  … +{len(lines) - FAULTS_SHOWN}", err=True)


def _tell_groups(roster: Roster, race: Race, done: Registration, known: Names) -> None:
    """Ask about groups that look alike; nobody joins them."""
    names = known.with_(done.names, race.book.merged)
    firms = {firm: names.companies[firm] for firm in done.firms}
    found = alike(roster.entries, race.entrants.values(), firms, names)
    for fault in found[:REMARKS_SHOWN]:
        click.echo(f"  ? {fault}", err=True)
    if len(found) > REMARKS_SHOWN:
        click.echo(f"  … +{len(found) - REMARKS_SHOWN}", err=True)


def import_rosters(opened: OpenRace, files: Iterable[Path]) -> Registration:
    """Take in all files or none.

    Raises:
        FaultyRoster: some rows cannot be taken in; nothing was changed.
        Unreachable: a file cannot be read.
    """
    return take_in(opened, read_rosters(files))


def read_rosters(files: Iterable[Path], wishes: Wishes = NOTHING) -> list[Roster]:
    """What the files hold, one by one.

    Raises:
        FaultyRoster, Unreachable: as `import_rosters`.
        WrongUse: an encoding or a heading that is none of these files'.
    """
    if wishes.encoding and not known(wishes.encoding):
        raise WrongUse(
            f"글자 코드 {wishes.encoding!r}을(를) 모릅니다(utf-8, cp949, gbk, big5, shift_jis, cp1252 등)",
            f"no encoding {wishes.encoding!r} (utf-8, cp949, gbk, big5, shift_jis, cp1252, ...)",
        )
    books = [(str(file), read_sheets(file, wishes.encoding)) for file in files]
    refuse_unknown_headings(wishes.columns, [sheet for _, sheets in books for sheet in sheets])
    rosters = [read_book(file, sheets, wishes) for file, sheets in books]
    _refuse([fault for roster in rosters for fault in roster.faults])
    return rosters


def take_in(
    opened: OpenRace, rosters: Iterable[Roster], dry_run: bool = False, answers: Answers = NO_ANSWERS
) -> Registration:
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


def _point_out_missing(done: Registration, names: dict[str, str]) -> None:
    shown = ", ".join(f"{e.bib or '-'} {names.get(e.id, '')}" for e in done.missing[:REMARKS_SHOWN])
    more = " ..." if len(done.missing) > REMARKS_SHOWN else ""
    count = len(done.missing)
    say(
        f"등록된 사람 가운데 {count}명은 이 명단에 없습니다(그대로 둡니다): {shown}{more}",
        f"{count} people of these firms are entered but not in this roster; they stay",
    )


def _ask_whether_renamed(done: Registration, known: Names, dry_run: bool) -> None:
    """A person whose name was mended is somebody new to a roster of before; only the firm knows."""
    firms = known.companies | done.names.companies
    for one, new in done.renamed[:REMARKS_SHOWN]:
        pair = (
            f"{one.bib or one.id} {known.people.get(one.id, '')} ↔ {done.names.people[new.id]} ({firms[one.company]})"
        )
        once = (
            "명단의 이름을 고친 뒤 들이세요"
            if dry_run
            else f"marathon rule status withdrawn {new.id} --why '두 번 들어옴'"
        )
        english = (
            "mend the roster first" if dry_run else f"`marathon rule status withdrawn {new.id}` takes the second out"
        )
        say(f"이름이 바뀐 같은 사람인가요? {pair}. 그렇다면: {once}", f"renamed? if it is one person: {english}")
    if len(done.renamed) > REMARKS_SHOWN:
        click.echo(f"  … +{len(done.renamed) - REMARKS_SHOWN}", err=True)


def _tell_consents(done: Registration) -> None:
    if done.consents:
        agreed = sum(done.consents.values())
        withdrew = len(done.consents) - agreed
        say(
            f"이름 공개에 동의 {agreed}명, 거둠 {withdrew}명",
            f"{agreed} agree to their full name in public, {withdrew} no longer do",
        )


def _point_out(roster: Roster, done: Registration) -> None:
    """What an organiser would want to look at, and what is no fault."""
    for remark in roster.remarks:
        click.echo(f"  {remark}", err=True)
    for file, korean, english, rows in _grouped(roster.asides):
        click.echo(f"  {file}: {korean}이라 건너뜀: {rows}행 / {english}, passed over: rows {rows}", err=True)
    if done.undated:
        say(
            f"생년월일이 있는 {done.undated}명에게 연령대를 매기지 않았습니다. race.toml에 대회 날(date = 2026-09-03)을 적고 다시 들이세요",
            f"{done.undated} people with a date of birth got no age group; say `date` in race.toml and import again",
        )
    if done.flagged:
        count = len(done.flagged)
        say(f"들였지만 살펴볼 행이 {count}개 있습니다", f"{count} rows were taken in and should be looked at")
        for fault in done.flagged[:FAULTS_SHOWN]:
            click.echo(f"  {fault}", err=True)
        if count > FAULTS_SHOWN:
            click.echo(f"  … +{count - FAULTS_SHOWN}", err=True)
    entered = [fact for fact in done.facts if isinstance(fact, EntrantRegistered)]
    odd = sorted({fact.sex for fact in entered} - {"", *SEXES})
    if odd:
        say(f"성별에 낯선 값이 있습니다: {', '.join(odd)}", f"unusual entries in column `sex`: {', '.join(odd)}")


def _grouped(asides: Iterable[Fault]) -> list[tuple[str, str, str, str]]:
    """The rows that were passed over, by file and reason."""
    rows: dict[tuple[str, str, str], list[int]] = defaultdict(list)
    for aside in asides:
        file, _, place = aside.where.rpartition(", ")
        rows[file, aside.korean, aside.english].append(int(place.rpartition(" ")[2]))
    return [(*reason, ranges(numbers)) for reason, numbers in rows.items()]
