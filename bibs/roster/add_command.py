"""The command `marathon people add`: somebody who stands at the counter and is in no list."""

from dataclasses import replace
from difflib import get_close_matches
from pathlib import Path

import click

from bibs.roster.acquaintance import Answers
from bibs.roster.commands import FaultyRoster, take_in
from bibs.roster.entries import Entry, Fault, Roster, entry_of
from bibs.roster.preview import preview
from bibs.roster.rows import Line
from timing.command_line import Command, race_option, say
from timing.errors import RaceError
from timing.folder import open_race
from timing.particles import wave_word, with_particle
from timing.race import Race
from timing.spelling import company_key, name_key
from timing.store.directory import Names

PLACE = "people add"


@click.command(
    "add",
    cls=Command,
    examples="marathon people add 이서연 --firm 가람전자 --sex F --born 1990-01-31 --bib 1250\n"
    "marathon people add 박새로 --firm 새솔정밀 --new-firm --sex M --team 1팀 --preview",
)
@race_option
@click.argument("name")
@click.option("--firm", "company", required=True, help="소속 / the firm")
@click.option("--new-firm", is_flag=True, help="처음 오는 소속 / a firm of which nobody is entered yet")
@click.option("--team", default="", help="그 소속의 팀 / a team inside the firm")
@click.option("--joint-team", "joint_team", default="", help="연합팀 / a team across firms")
@click.option("--sex", default="", help="성별 / the sex")
@click.option("--category", default="", help="부문 / the category")
@click.option(
    "--born", default="", help="생년월일(연령대를 정할 뿐 남기지 않음) / gives the age group, and is not kept"
)
@click.option("--wave", default="", help="출발조(기본: 1) / the wave (default: 1)")
@click.option("--bib", default="", help="손에 든 예비 배번, 또는 새 번호 / a printed spare, or another free number")
@click.option("--consent", is_flag=True, help="이름을 온전히 보여도 된다고 함 / agrees to the full name in public")
@click.option("--namesake", is_flag=True, help="이름이 같은 다른 사람 / another person of the same name")
@click.option("--preview", "only_preview", is_flag=True, help="보기만 함 / only show what would be entered")
def people_add(
    race: Path | None, new_firm: bool, consent: bool, namesake: bool, only_preview: bool, **said: str
) -> None:
    """명단에 없는 사람을 그 자리에서 등록합니다. / Enter somebody who is in no list, on the spot.

    --bib에 예비 배번을 주면 인쇄할 것이 없습니다. 없으면 `marathon bibs --only-new --output office`로 인쇄하세요.
    With the number of a printed spare there is nothing to print; else `marathon bibs --only-new --output office` prints the bib.
    """
    with open_race(race) as opened:
        columns = {column: text for column, text in said.items() if text}
        entry = _entry(columns | ({"consent": "yes"} if consent else {}))
        folded = opened.fold()
        before, cards = opened.names(folded), opened.directory.cards()
        _refuse_unknown_firm(before, entry.company, new_firm)
        entry = _in_wave(folded, entry)
        others = _refuse_namesake(folded, before, entry, namesake)
        done = take_in(opened, [Roster((entry,))], only_preview, Answers(other=others))
        done.missing.clear()  # nobody is missing from a list of one
        for line in preview(done, before, cards):
            click.echo(line)
        for fault in done.flagged:
            click.echo(f"  {fault}", err=True)
        if only_preview:
            say("아무것도 기록하지 않았습니다", "nothing was recorded")
            return
        entered = done.people[0].after
        _say_entered(entered.id, entered.bib, entered.bib in folded.book.spares)


def _entry(columns: dict[str, str]) -> Entry:
    """What was said as a row of a list would say it.

    Raises:
        FaultyRoster: a value that no list may hold either.
    """
    read = entry_of(PLACE, {column: at for at, column in enumerate(columns)}, Line(1, list(columns.values())))
    if isinstance(read, Fault):
        raise FaultyRoster([read])
    return read


def _in_wave(race: Race, entry: Entry) -> Entry:
    """In the wave that people mean; one of which nobody has heard is told."""
    if not entry.wave:
        return entry
    wave, known = race.book.wave_called(entry.wave), sorted(set(race.book.waves.values()))
    if known and wave not in known:
        korean = f"⚠ {with_particle(wave_word(wave), '은/는')} 새 조입니다. 있는 조: {', '.join(known)}"
        say(korean, f"wave {wave} is new; waves: {', '.join(known)}")
    return replace(entry, wave=wave)


def _refuse_unknown_firm(names: Names, company: str, new: bool) -> None:
    called = [*names.companies.values(), *names.former]
    if new or company_key(company) in map(company_key, called):
        return
    near = ", ".join(get_close_matches(company, called, 3, 0.4))
    raise RaceError(
        f"{company} 소속은 아직 없습니다{'. 비슷한 소속: ' + near if near else ''}. 처음 오는 소속이면 --new-firm",
        f"there is no firm {company} yet{'; close: ' + near if near else ''}; for a new one say --new-firm",
    )


def _refuse_namesake(race: Race, names: Names, entry: Entry, meant: bool) -> list[str]:
    """The ids of those of the same firm and name; nobody is entered twice by a slip."""
    found = [
        one
        for one in race.entrants.values()
        if name_key(names.people.get(one.id, "")) == name_key(entry.name)
        and company_key(names.companies.get(one.company, "")) == company_key(entry.company)
    ]
    if found and not meant:
        shown = ", ".join(str(one.bib or one.id) for one in found)
        raise RaceError(
            f"{entry.company} {entry.name}은(는) 이미 등록되어 있습니다({shown}). 이름이 같은 다른 사람이면 --namesake",
            f"{entry.company} {entry.name} is entered already ({shown}); for another person of that name say --namesake",
        )
    return [one.id for one in found]


def _say_entered(entrant: str, bib: int | None, spare: bool) -> None:
    undo = f"marathon rule status withdrawn {bib or entrant} --why '잘못 등록'"
    say(f"등록했습니다. 거두려면: {undo}", f"entered; `{undo}` takes it out")
    if not spare:
        say(
            "인쇄한 배번이 없습니다: marathon bibs --only-new --output office",
            "there is no printed bib yet: `marathon bibs --only-new --output office`",
        )
