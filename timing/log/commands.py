"""The `marathon log` commands: verify, show, export, checkpoints, forked branches."""

from pathlib import Path
from typing import BinaryIO
from zoneinfo import ZoneInfo

import click
import msgspec

from timing.command_line import echo_red, race_option, say
from timing.commands import DEFAULT_EN, DEFAULT_HOST, DEFAULT_KO
from timing.errors import RaceError, WrongUse
from timing.events import RaceOpened
from timing.folder import OpenRace, make_folder, open_race
from timing.instants import wall
from timing.log import merge_branch, waiting_branches
from timing.log.admission import SetAside, set_aside_words, shown
from timing.log.encoding import UnknownEvent, decode
from timing.log.guards import restore_guards
from timing.log.keep import BadCopy, ExportedFact, backup, exported, import_lines, remember_backup, restore
from timing.log.narration import tell
from timing.log.verify_command import show_set_aside, verify_command
from timing.log.witness import witness_of
from timing.store.database import writing


@click.group("log")
def log() -> None:
    """기록: 검증하고, 보고, 내보냅니다. / The log: verify, show, export."""


log.add_command(verify_command())


@log.command("guard")
@race_option
def log_guard(race: Path | None) -> None:
    """지운 보호 장치를 되돌립니다. / Put back the guards that refuse changes to what the log holds."""
    with open_race(race) as opened, writing(opened.engine) as connection:
        restored = restore_guards(connection)
    named = ", ".join(restored) or "-"
    say(f"되돌린 보호 장치: {named}", f"guards put back: {named}")


@log.command("show")
@race_option
@click.option(
    "--after", type=click.IntRange(min=0), default=0, help="이 위치 다음부터 / only what follows this position"
)
def log_show(race: Path | None, after: int) -> None:
    """기록을 사람이 읽게 보여 줍니다. / Show the facts, one line each."""
    with open_race(race) as opened:
        for fact in opened.log.read(after):
            where = f"{fact.pos:>6}  {wall(fact.received_at, opened.zone)}  {fact.lineage[:9]}#{fact.seq:<5}"
            told = fact.admitted
            if isinstance(told, SetAside):
                echo_red(f"{where} ⚠ {' / '.join(told.why)}: {shown(fact.data)}")
            else:
                click.echo(f"{where} {tell(told, opened.zone)}")


@log.command("export")
@race_option
def log_export(race: Path | None) -> None:
    """기록을 JSON 줄로 내보냅니다. / Write the facts with their hashes as JSON lines to stdout."""
    with open_race(race) as opened:
        for fact in opened.log.read():
            click.echo(exported(fact))


@log.command("import")
@click.argument("file", type=click.File("rb"))
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
def log_import(file: BinaryIO, folder: Path) -> None:
    """내보낸 기록으로 새 대회 폴더를 만듭니다. / Make a new race folder from an export, with identical hashes.

    이름은 기록에 없으므로 명단을 다시 들이거나 사본(backup)을 쓰세요. / Names are not in the log: import the rosters again, or
    use a backup.
    """
    lines = file.readlines()
    try:
        first = decode(msgspec.json.decode(lines[0], type=ExportedFact).recorded().data)
    except (IndexError, ValueError, RaceError) as wrong:
        raise BadCopy(f"{file.name}: 내보낸 기록이 아닙니다", f"{file.name}: this is no exported log") from wrong
    if not isinstance(first, RaceOpened):
        raise BadCopy(f"{file.name}: 첫 기록이 대회 시작이 아닙니다", f"{file.name}: it does not begin with the race")

    def fill(opened: OpenRace) -> None:
        checked = import_lines(opened.engine, opened.settings.id, lines, opened.clock)
        say(f"기록 {checked.facts}건을 들였습니다", f"{checked.facts} facts were taken in")

    make_folder(folder, first.race, DEFAULT_KO, DEFAULT_EN, DEFAULT_HOST, fill).close()


@log.command("backup")
@race_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
def log_backup(race: Path | None, file: Path) -> None:
    """돌아가는 중에도 온전한 사본을 만들고 확인합니다. / Copy the race while it runs, names included, and verify the copy."""
    with open_race(race) as opened:
        checked = backup(opened.engine, opened.settings.id, file, opened.clock)
        remember_backup(opened.root, file)
    say(f"기록 {checked.facts}건의 사본: {file}", f"a copy of {checked.facts} facts: {file}")


@log.command("restore")
@race_option
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@click.option("--why", required=True, help="되살리는 까닭 / why it is put back")
def log_restore(race: Path | None, file: Path, why: str) -> None:
    """잃어버린 데이터베이스 자리에 사본을 되살립니다. / Put a backup back where the database was lost.

    그 뒤의 스캔은 스테이션이 스스로 다시 보냅니다. 네트워크가 없던 보관함은 `marathon collect`로 모으세요.
    What came after it the stations send again by themselves; outboxes without a network come by `marathon collect`.
    """
    with open_race(race, lost=True) as opened:
        checked = restore(opened.engine, opened.settings.id, file, why, opened.clock)
        superseded = witness_of(opened).put_aside_beyond(checked.facts)
    say(f"기록 {checked.facts}건을 되살렸습니다", f"{checked.facts} facts were put back")
    if superseded:
        say(
            f"그보다 나중의 점검표 {superseded}장은 checkpoints/before-restore에 두었습니다",
            f"{superseded} later checkpoints were put into checkpoints/before-restore",
        )


@log.command("checkpoint")
@race_option
@click.option("--label", default="desk", show_default=True, help="무엇의 점검표인지 / what it is for")
def log_checkpoint(race: Path | None, label: str) -> None:
    """지금의 기록에 서명한 점검표를 냅니다. / Sign what the log holds now; the note fits a QR on a printed sheet.

    이 쪽지를 대회 밖에 두면, 누가 기록을 바꾸었는지 언제든 알 수 있습니다. / Kept elsewhere, it proves later what was held.
    """
    with open_race(race) as opened:
        witness = witness_of(opened)
        click.echo(witness.sign(opened.log, label), nl=False)
        say(f"확인할 열쇠: {witness.verifier}", f"it is verified with {witness.verifier}")


@log.command("quarantine")
@race_option
def log_quarantine(race: Path | None) -> None:
    """격리된 갈래와, 기록에 있으나 세지 않는 것. / The forked branches that wait for a decision, and what counts for nothing."""
    with open_race(race) as opened:
        for branch in waiting_branches(opened.log):
            first = branch.items[0].seq
            click.echo(f"{branch.id}  {branch.lineage[:9]}#{first}~{branch.items[-1].seq}  {len(branch.items)}")
            for item in branch.items:
                click.echo(f"    {item.seq:>6}  {_told(item.data, opened.zone)}")
        show_set_aside(opened.fold())


@log.command("merge")
@race_option
@click.argument("branch")
@click.option("--why", required=True, help="받아들이는 까닭 / why it is taken in")
def log_merge(race: Path | None, branch: str, why: str) -> None:
    """격리된 갈래를 기록에 받아들입니다. / Take a forked branch into the log, under a lineage of its own.

    BRANCH는 `marathon log quarantine`이 보여 주는 이름(앞부분만 써도 됩니다). / BRANCH as `marathon log quarantine` shows it,
    or its beginning. 겹치는 스캔은 판정이 가려냅니다. / Scans that stand on both sides are sorted out by judgement.
    """
    with open_race(race) as opened:
        found = [waiting for waiting in waiting_branches(opened.log) if waiting.id.startswith(branch)]
        if len(found) != 1:
            raise WrongUse(f"{branch!r}인 갈래가 {len(found)}개입니다", f"{len(found)} branches are called {branch!r}")
        aside = merge_branch(opened.log, found[0], "desk", why).set_aside
    say(f"{len(found[0].items)}건을 받아들였습니다", f"{len(found[0].items)} items were taken in")
    if aside:
        say(*set_aside_words(len(aside)))


def _told(data: bytes, zone: ZoneInfo) -> str:
    try:
        return tell(decode(data), zone)
    except UnknownEvent as unknown:
        return f"{unknown}: {shown(data)}"
