"""The `marathon log verify` command: what is proved of the log, and how far."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click

from timing.command_line import Command, echo_red, race_option, say
from timing.errors import RaceError, WrongUse
from timing.events import LogRestored
from timing.folder import OpenRace, open_race
from timing.log import waiting_branches
from timing.log.admission import SET_ASIDE_CODE, set_aside_words
from timing.log.beside import Delta
from timing.log.guards import missing_guards
from timing.log.notes import strange_files
from timing.log.verify import Verified, verify
from timing.log.witness import Held, Witness, witness_of
from timing.race import Race

NO_NOTE_CODE = 4
"""The exit code of `log verify` where nothing outside the database says what the log held."""
WATCHED = ("person", "consent", "firm", "station", "private_link", "quarantine")
"""The tables whose changes are told note by note; the others change all day."""
ROWS_SHOWN, KEY_SHOWN = 5, 24
Editions = Callable[[OpenRace, Race], Sequence[int]]
"""Which editions, made again from the log, are not what was published."""

EXAMPLES = """\
marathon log verify
marathon log verify --note mailed-note.txt --key marathon-2f0c8a6e5d4b3a19+1f2e3d4c+AX…
"""


def verify_command(editions: Editions = lambda opened, race: ()) -> click.Command:
    """The command; `editions` checks those given out."""

    @click.command("verify", cls=Command, examples=EXAMPLES)
    @race_option
    @click.option(
        "--note",
        "notes",
        multiple=True,
        type=click.Path(path_type=Path, dir_okay=False),
        metavar="FILE",
        help="밖에 두었던 점검표(스테이션, 인쇄물, 메일) / a note that was kept outside: by a station, on a print, in a mail",
    )
    @click.option(
        "--key",
        default="",
        metavar="VERIFIER",
        help="--note를 확인할 열쇠(적어 둔 것) / the verifier that was written down, for --note",
    )
    def log_verify(race: Path | None, notes: tuple[Path, ...], key: str) -> int:
        """두 해시 사슬을 다시 계산하고 서명한 점검표, 판, 보호 장치를 확인합니다. / Recompute both hash chains; check notes, editions, guards.

        바뀐 곳이 있으면 1로 끝나고 첫 위치를 말합니다. / Exit code 1 names what was changed, the first position first.
        점검표가 한 장도 없으면 4: 사슬이 맞아도 통째로 다시 쓴 기록인지 알 수 없습니다. / Exit code 4: there is no note at all; the
        chains fit, and yet nobody can tell a log that was written anew as a whole.
        그대로이지만 세지 않는 기록이 있으면 그것을 보이고 5로 끝납니다(`rule set-aside`로 정리). / Exit code 5: all is as it was written, and
        the facts shown in red count for nothing; `rule set-aside` settles each.
        무엇을 알 수 없는지는 docs/insider.md에 있습니다. / What it cannot know stands in docs/insider.md.
        """
        if key and not notes:
            raise WrongUse("--key는 --note와 함께 씁니다", "--key goes with --note FILE")
        with open_race(race) as opened:
            checked, witness = _walked(opened), witness_of(opened)
            held = witness.check(opened.log, [witness.bring(note, key) for note in notes])
            click.echo(f"{checked.facts} {checked.head.hash.hex()}")
            tell_coverage(held)
            _tell_key(witness, key)
            _tell_strangers(opened.root)
            tell_beside(held, witness.changed_beside(held))
            folded = opened.fold()
            faults = _lost_quarantine(held, witness.changed_beside(held), folded)
            _refuse_faults([*faults, *_guards(opened), *_editions(editions(opened, folded)), *_quarantine(opened)])
            aside = show_set_aside(folded)
        return SET_ASIDE_CODE if aside else 0 if held.notes else NO_NOTE_CODE

    return log_verify


def _walked(opened: OpenRace) -> Verified:
    checked = verify(opened.log)
    if checked.damage:
        d = checked.damage
        raise RaceError(f"{d.pos}번 기록: {d.korean}", f"position {d.pos}: {d.english}")
    return checked


def tell_coverage(held: Held) -> None:
    """How far notes prove the log, and how much of it only its own chain holds together."""
    facts, notes, covered = held.tree.size, len(held.notes), held.covered
    if not notes:
        say(
            f"⚠ 기록 {facts}건의 사슬은 맞지만 점검표가 한 장도 없어, 통째로 다시 쓴 것인지 알 수 없습니다. 점검표를 두었다면 없어진 "
            "것입니다: 밖에 둔 것을 --note로 대 보세요. 지금부터는 `marathon log checkpoint`",
            f"the chains of all {facts} facts fit, but there is no note: a log that was written anew would look the same; hold one "
            "that was kept outside against it with --note, and sign from now on with `marathon log checkpoint`",
        )
        return
    say(
        f"기록 {facts}건의 사슬이 맞고, 점검표 {notes}장과 같습니다: 처음 {covered}건은 모두 그대로이고, 그 뒤의 {facts - covered}건은 사슬만 "
        "확인했습니다",
        f"the chains of all {facts} facts fit, against {notes} notes: the first {covered} facts are as they were written, "
        f"{facts - covered} came after the last note",
    )


def _tell_key(witness: Witness, given: str) -> None:
    if given and given != witness.verifier:
        say(
            f"⚠ 이 폴더의 열쇠가 적어 둔 것과 다릅니다({witness.verifier or '없음'}): 바꾸었거나 새로 만든 것입니다",
            f"this folder's key is not the one that was written down ({witness.verifier or 'none'}): it was replaced or made anew",
        )
    elif not witness.verifier:
        say("⚠ 서명할 열쇠가 없습니다", "there is no key that signs for this race")
    else:
        say(f"점검표의 열쇠: {witness.verifier}", "the notes' verifier; hold it against the one that was written down")


def tell_beside(held: Held, since: Delta) -> None:
    """What changed beside the log, note by note; only the organiser knows whether it was the office that did it."""
    counted = sorted(note.said.number for note in held.notes if note.said.number)
    for number, delta in list(zip(counted, held.deltas, strict=False))[1:]:
        if told := _changes({name: rows for name, rows in delta.items() if name in WATCHED}):
            say(f"{number}번째 점검표까지 기록 밖에서 바뀐 것: {told}", f"changed beside the log by note {number}")
    if told := _changes(since):
        say(
            f"⚠ 마지막 점검표 뒤에 기록 밖에서 바뀐 것: {told}. 본부에서 한 일인지 확인하세요",
            "changed beside the log since the last note; make sure that the office did it",
        )


def _changes(delta: Delta) -> str:
    """`person ~2 (e00012, e00044), vote +500`: added, changed and gone are not told apart but by their keys."""
    return ", ".join(f"{name} {len(rows)} ({_few(sorted(rows))})" for name, rows in delta.items())


def _few(keys: Sequence[str]) -> str:
    return ", ".join(key[:KEY_SHOWN] for key in keys[:ROWS_SHOWN]) + (" …" if len(keys) > ROWS_SHOWN else "")


def _lost_quarantine(held: Held, since: Delta, race: Race) -> list[tuple[str, str]]:
    """Nothing ever leaves the quarantine, but with a database that was put back from a backup."""
    lost = {key for delta in (*held.deltas, since) for key, now in delta.get("quarantine", {}).items() if now is None}
    if not lost or any(isinstance(said, LogRestored) for said in race.said.values()):
        return []
    return [(f"격리된 기록 {len(lost)}건이 없어졌습니다", f"{len(lost)} items vanished from quarantine")]


def _tell_strangers(root: Path) -> None:
    if strange := strange_files(root):
        say(f"점검표가 아닌 파일: {', '.join(strange)}", "files among the notes that are none; they say nothing")


def _guards(opened: OpenRace) -> list[tuple[str, str]]:
    with opened.engine.connect() as connection:
        missing = ", ".join(missing_guards(connection))
    if not missing:
        return []
    return [
        (
            f"보호 장치가 없어졌습니다({missing}). 되돌리기: `marathon log guard`",
            f"the guards {missing} were taken away; `marathon log guard` puts them back",
        )
    ]


def _editions(differing: Sequence[int]) -> list[tuple[str, str]]:
    return [
        (f"{one}판을 다시 만들었더니 발표한 것과 다릅니다", f"edition {one} made again differs from what was published")
        for one in differing
    ]


def _quarantine(opened: OpenRace) -> list[tuple[str, str]]:
    waiting = sum(len(branch.items) for branch in waiting_branches(opened.log))
    if not waiting:
        return []
    return [(f"격리된 기록 {waiting}건을 확인해야 합니다", f"{waiting} forked items wait in quarantine")]


def _refuse_faults(faults: Sequence[tuple[str, str]]) -> None:
    if faults:
        korean, english = zip(*faults, strict=True)
        raise RaceError("; ".join(korean), "; ".join(english))


def show_set_aside(race: Race) -> bool:
    """Show in red what counts for nothing and waits to be looked at; whether there is any."""
    waiting = race.set_aside()
    for one in waiting:
        echo_red(str(one))
    if waiting:
        say(*set_aside_words(len(waiting)))
    return bool(waiting)
