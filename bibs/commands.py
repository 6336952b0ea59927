"""The commands of this room: import rosters, print bibs."""

import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import click

from bibs.numbers import assign_numbers
from bibs.packet import Decode, Eyes, ReadMarks, firms_of, refuse_unprintable, unprintable, write_packet
from bibs.registration import Registration, register
from bibs.roster import SEXES, Fault, read_roster
from bibs.sheet import Occasion, draw_index
from bibs.spreadsheet import read_rows
from bibs.symbol import LONGEST_V2
from timing.chance import system_bits
from timing.codes import Code, bib_url, new_code
from timing.command_line import command, race_option, say
from timing.errors import RaceError, WrongUse
from timing.events import BibAssigned, EntrantRegistered, MarkDrawn
from timing.folder import OpenRace, open_race
from timing.marks import draw_marks
from timing.race import Race

FAULTS_SHOWN = 20
PEOPLE_SHOWN = 10


class FaultyRoster(RaceError):
    """Rows cannot be taken in, so none was."""

    def __init__(self, faults: list[Fault]) -> None:
        shown = faults[:FAULTS_SHOWN]
        more = f" (+{len(faults) - len(shown)})" if len(faults) > len(shown) else ""
        korean = "; ".join(f"{fault.where}: {fault.korean}" for fault in shown)
        english = "; ".join(f"{fault.where.split('/')[-1]}: {fault.english}" for fault in shown)
        super().__init__(f"아무것도 들이지 않았습니다. {korean}{more}", f"nothing was imported: {english}{more}")


@command(
    "import",
    examples="marathon import 명단.xlsx\nmarathon import 한빛테크.csv 두리산업.csv --dry-run",
)
@race_option
@click.argument("files", type=click.Path(path_type=Path), nargs=-1, required=True)
@click.option("--dry-run", is_flag=True, help="바뀔 것만 보여 주고 들이지 않음 / only say what would change")
def import_(race: Path | None, files: tuple[Path, ...], dry_run: bool) -> None:
    """참가자 명단(CSV, XLSX)을 들입니다. / Import rosters.

    열: 소속·성명(필수), 팀, 성별, 부문, 배번, 조, 생년월일. 다시 들이면 바뀐 것만 바뀝니다. 생년월일은 연령대를 정할 뿐 남기지 않습니다.
    Columns: company and name (needed), team, sex, category, bib, wave, date of birth. Importing again changes only what changed.
    A date of birth gives the age group and is kept nowhere.
    """
    with open_race(race) as opened:
        done = import_rosters(opened, files, dry_run)
        korean = f"새로 {done.new}명, 바뀜 {done.changed}명, 그대로 {done.unchanged}명"
        english = f"{done.new} new, {done.changed} changed, {done.unchanged} unchanged"
        say(korean + (" (들이지 않음)" if dry_run else ""), english + (" (dry run)" if dry_run else ""))
        _point_out(opened, done)


def _point_out(opened: OpenRace, done: Registration) -> None:
    """What an organiser would want to look at, and what is no fault."""
    names = opened.directory.names().people
    if done.missing:
        shown = ", ".join(f"{e.bib or '-'} {names.get(e.id, '')}" for e in done.missing[:PEOPLE_SHOWN])
        more = " ..." if len(done.missing) > PEOPLE_SHOWN else ""
        count = len(done.missing)
        say(
            f"등록된 사람 가운데 {count}명은 이 명단에 없습니다(그대로 둡니다): {shown}{more}",
            f"{count} people of these firms are entered but not in this roster; they stay",
        )
    if done.undated:
        say(
            f"생년월일이 있는 {done.undated}명에게 연령대를 매기지 않았습니다. race.toml에 대회 날(date = 2026-09-03)을 적고 다시 들이세요",
            f"{done.undated} people with a date of birth got no age group; say `date` in race.toml and import again",
        )
    if done.flagged:
        count = len(done.flagged)
        say(f"{count}명은 들였지만 연령대가 없습니다", f"{count} people are entered without an age group")
        for fault in done.flagged[:PEOPLE_SHOWN]:
            click.echo(f"  {fault}", err=True)
        if count > PEOPLE_SHOWN:
            click.echo(f"  … +{count - PEOPLE_SHOWN}", err=True)
    entered = [fact for fact in done.facts if isinstance(fact, EntrantRegistered)]
    odd = sorted({fact.sex for fact in entered} - {"", *SEXES})
    if odd:
        say(f"성별에 낯선 값이 있습니다: {', '.join(odd)}", f"unusual entries in column `sex`: {', '.join(odd)}")


def import_rosters(opened: OpenRace, files: tuple[Path, ...], dry_run: bool = False) -> Registration:
    """Take in all files or none.

    Raises:
        FaultyRoster: some rows cannot be taken in; nothing was changed.
    """
    rosters = [read_roster(str(file), read_rows(file)) for file in files]
    _refuse([fault for roster in rosters for fault in (*roster.faults, *unprintable(roster.entries))])
    desk = opened.log.lineage_head(opened.log.desk)
    entries = [entry for roster in rosters for entry in roster.entries]
    done = register(entries, opened.fold(), opened.directory.names(), system_bits, opened.settings.date)
    _refuse(done.faults)
    if not dry_run and done.facts:
        # Names first: should we stop between the two, a name nobody refers to does no harm, and importing again mends it.
        opened.directory.keep(done.names)
        opened.log.record(done.facts, after=desk.seq)
    return done


def _refuse(faults: list[Fault]) -> None:
    if faults:
        raise FaultyRoster(faults)


MarksOf = Callable[[Mapping[str, Code]], ReadMarks]
"""Makes a reader of the marks of one race, given whose bib bears which."""


def bibs_command(decode: Decode, marks_of: MarksOf) -> click.Command:
    """The command that prints, with the station's own decoder and reader of marks to prove what it printed."""

    @command("bibs", examples="marathon bibs\nmarathon bibs --race gvalley")
    @race_option
    def bibs(race: Path | None) -> None:
        """번호와 코드를 매기고 소속별 배번 PDF를 만듭니다. / Number everybody and print a PDF per firm.

        모든 쪽의 QR과 표식을 스테이션의 판독기로 다시 읽어 확인합니다. / Every page's QR and mark are read back by the station's
        own readers.
        """
        with open_race(race) as opened:
            print_bibs(opened, decode, marks_of)

    return bibs


def print_bibs(opened: OpenRace, decode: Decode, marks_of: MarksOf) -> list[Path]:
    """Number, mark, draw and prove the bibs of every firm; return the packets' folders."""
    names = opened.directory.names()
    refuse_unprintable(names, opened.settings.name)
    desk = opened.log.lineage_head(opened.log.desk)
    before = opened.fold()
    numbers = assign_numbers(before, system_bits)
    facts: list[BibAssigned | MarkDrawn] = [*numbers, *_marks(before, numbers)]
    if facts:
        opened.log.record(facts, after=desk.seq)
    race = opened.fold()
    firms = firms_of(race, names)
    if not firms:
        raise WrongUse(
            "참가자가 없습니다. 먼저 `marathon import 명단`", "no entrants yet; first `marathon import FILE`"
        )
    _advise(opened.settings.host)
    occasion = Occasion(opened.settings.name, opened.settings.host, race.course_m)
    root = opened.root / "bibs"
    with click.progressbar(firms, label="배번 / bibs", file=sys.stderr) as shown:
        eyes = Eyes(decode, marks_of(race.book.marks))
        folders = [write_packet(root, firm, occasion, eyes) for firm in shown]
    draw_index(root / "index.pdf", firms, occasion)
    people = sum(len(firm.bibs) for firm in firms)
    say(f"{len(firms)}개 소속 {people}명의 배번: {root}", f"bibs of {people} people in {len(firms)} firms: {root}")
    return folders


def _marks(race: Race, numbers: Sequence[BibAssigned]) -> list[MarkDrawn]:
    """A mark for every code that will be printed and has none."""
    codes = [entrant.code for entrant in race.entrants.values() if entrant.code]
    codes += [Code(fact.code) for fact in numbers]
    marked = set(race.book.marks.values())
    return draw_marks([code for code in codes if code not in marked], race.book.marks, system_bits)


def _advise(host: str) -> None:
    length = len(bib_url(host, new_code()))
    if length > LONGEST_V2:
        say(
            f"QR 글이 {length}자입니다. {LONGEST_V2}자까지면 더 멀리서 읽힙니다(race.toml의 host)",
            f"the QR's text has {length} characters; with at most {LONGEST_V2} it reads from farther (host in race.toml)",
        )
    if host.upper().endswith((".TEST", ".INVALID", ".EXAMPLE")):
        say(
            f"{host}은(는) 연습용 주소라 관중의 전화로는 열리지 않습니다. 인쇄 전에 race.toml의 host를 정하세요",
            f"{host} is a practice host that no phone can open; set host in race.toml before printing",
        )
