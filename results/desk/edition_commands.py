"""The `marathon edition` commands: provisional results, the protest window, official results, and what changed between them."""

from collections.abc import Sequence
from pathlib import Path

import click

from results.desk.decide import ask
from results.editions import State, canonical, next_edition, why_not_official
from results.published import published_results, results_now, results_of
from results.ranking.rows import Status
from results.ranking.standings import standings
from results.table import print_changes
from timing.command_line import Command, race_option, say
from timing.errors import RaceError, Unreachable
from timing.events import EditionPublished, ResultsHidden
from timing.folder import OpenRace, open_race
from timing.instants import MINUTE, Instant, dated, wall
from timing.log import Moved
from timing.log.witness import witness_of
from timing.passings import StrayReason
from timing.race import Race
from timing.stations.book import lines_now
from timing.stations.list import holding_back

SHOWN = 20
"""Of people who are named one by one."""


@click.group("edition")
def edition() -> None:
    """결과의 발표: 잠정, 이의 신청, 확정. / Publishing results: provisional, protests, official.

    발표한 판은 언제든 그대로 다시 만들 수 있습니다. / Editions of the results: provisional, protest window, official. Each can be made again from the log, byte for byte.
    """


@edition.command(
    "provisional",
    cls=Command,
    examples="marathon edition provisional\nmarathon edition provisional --protest-minutes 60",
)
@race_option
@click.option(
    "--protest-minutes",
    type=click.IntRange(0, 10_080),
    default=30,
    show_default=True,
    help="이의 신청 시간 / protest window",
)
@click.option("--by", default="desk", show_default=True, help="누가 발표하는지 / who publishes")
@click.option("--why", default="", help="까닭 / why")
def provisional(race: Path | None, protest_minutes: int, by: str, why: str) -> None:
    """잠정 기록을 발표하고 이의 신청 시간을 엽니다. / Publish provisional results and open the protest window."""
    with open_race(race) as opened:
        now = opened.clock.now()
        until = Instant(now + protest_minutes * MINUTE)
        published = _publish(opened, "provisional", until, (), by, why)
    told = dated(until, now, opened.zone)
    say(
        f"{published.number}판 잠정 기록을 발표했습니다. 이의 신청은 {told}까지",
        f"edition {published.number} is provisional; protests until {told}",
    )


@edition.command(
    "official",
    cls=Command,
    examples="marathon edition official\nmarathon edition official --despite finish-2 --why '고장난 예비 카메라'",
)
@race_option
@click.option(
    "--despite",
    multiple=True,
    metavar="STATION",
    help="끝나지 않았어도 기다리지 않을 스테이션 / a station not waited for",
)
@click.option("--early", is_flag=True, help="이의 신청 시간을 지금 끝냄 / end the protest window now")
@click.option("--yes", is_flag=True, help="묻지 않음 / do not ask")
@click.option("--by", default="desk", show_default=True, help="누가 확정하는지 / who makes it official")
@click.option("--why", default="", help="까닭 / why")
def official(race: Path | None, despite: tuple[str, ...], early: bool, yes: bool, by: str, why: str) -> None:
    """기록을 확정합니다. 확정한 뒤에 바뀌면 다시 확정하여 새 판을 냅니다. / Make the results official; a later change makes a new edition.

    스캔을 더 가지고 있을 수 있는 스테이션이 있거나 이의 신청 시간이 남았으면 거절합니다. 코스에 남은 사람, 보이지 않은 사람, 보류한 결과가 있으면
    판정(`marathon rule close`는 모두를 미완주, 미출발로)이나 --why가 있어야 합니다. / Refused while a station may still hold scans or the
    protest window is open. People still on the course, never seen or held need a ruling (`marathon rule close` makes all of them DNF and
    DNS), or a reason with --why.
    """
    with open_race(race) as opened:
        folded, now = opened.fold(), opened.clock.now()
        holding = holding_back(folded, lines_now(opened, folded))
        refused = why_not_official(folded, now, holding, despite, early, lambda at: dated(at, now, opened.zone))
        if refused:
            raise RaceError(refused.korean, refused.english)
        _settle_who_is_open(opened, folded, why)
        _print_since_last(opened, folded)
        if not yes:
            ask()
        published = _publish(opened, "official", None, [one for one in holding if one in despite], by, why)
    say(f"{published.number}판으로 확정했습니다", f"edition {published.number} is official")


@edition.command("list", cls=Command, examples="marathon edition list")
@race_option
def edition_list(race: Path | None) -> None:
    """발표한 판들과 이의 신청이 끝나는 때. / The editions so far, and when their protest windows end."""
    with open_race(race) as opened:
        editions, now = opened.fold().editions, opened.clock.now()
        for one in editions:
            state = "확정 / official" if one.state == "official" else "잠정 / provisional"
            until = "" if one.protest_until is None else dated(one.protest_until, now, opened.zone)
            window = f"  이의 신청 / protests until: {until}" if until else ""
            despite = f"  기다리지 않음 / not waited for: {', '.join(one.despite)}" if one.despite else ""
            click.echo(f"{one.number:>3}  {state}  #{one.facts}  {one.digest[:16]}{window}{despite}")
    if not editions:
        say("아직 발표한 판이 없습니다", "no edition has been published yet")


@edition.command("diff", cls=Command, examples="marathon edition diff\nmarathon edition diff 1 2")
@race_option
@click.argument("old", type=click.IntRange(min=1), required=False)
@click.argument("new", type=click.IntRange(min=1), required=False)
def edition_diff(race: Path | None, old: int | None, new: int | None) -> None:
    """두 판 사이에 바뀐 것. 하나만 적으면 지금과 견줍니다. / What changed between two editions, or since one (default: the last)."""
    with open_race(race) as opened:
        folded = opened.fold()
        first = results_of(opened, _edition(folded, old or len(folded.editions)))
        second = results_of(opened, _edition(folded, new)) if new else results_now(opened, folded)
        print_changes(first, second, opened.names(folded), folded.rules.rounding)


@edition.command("show", cls=Command, examples="marathon edition show 1 > 1판.jsonl")
@race_option
@click.argument("number", type=click.IntRange(min=1))
def edition_show(race: Path | None, number: int) -> None:
    """한 판을 기록에서 다시 만들어 그대로인지 확인하고 출력합니다. / Make an edition again from the log, verify it, and print it."""
    with open_race(race) as opened:
        chosen = _edition(opened.fold(), number)
        results = published_results(opened, chosen)
        click.echo(canonical(*results), nl=False)
        say(f"발표한 그대로입니다: {chosen.digest}", "byte for byte as published")


@edition.command(
    "hide",
    cls=Command,
    examples="marathon edition hide --why '시상식까지'\nmarathon edition hide --why '판독 중' --by '심판장'",
)
@race_option
@click.option("--by", default="desk", show_default=True, help="누가 가리는지 / who hides them")
@click.option("--why", required=True, help="까닭(기록에 남음) / why; it stays in the log")
def edition_hide(race: Path | None, by: str, why: str) -> None:
    """전광판의 결과를 가립니다. 스캔은 그대로 받습니다. / Hide the results on the board; scans go on being taken.

    전광판에는 인원수와 "나중에 보여 드립니다"만 남습니다. 판을 발표해도 그대로 가려져 있고, `marathon edition reveal`로 다시 보입니다.
    The board keeps the counts and a sentence. An edition published meanwhile stays hidden too, until `marathon edition reveal`.
    """
    _hide(race, True, by, why)
    say(
        "결과를 가렸습니다. 다시 보이기: marathon edition reveal",
        "results are hidden; `marathon edition reveal` shows them",
    )


@edition.command("reveal", cls=Command, examples="marathon edition reveal --why '시상식이 끝남'")
@race_option
@click.option("--by", default="desk", show_default=True, help="누가 보이는지 / who shows them")
@click.option("--why", default="", help="까닭 / why")
def edition_reveal(race: Path | None, by: str, why: str) -> None:
    """가린 결과를 다시 보입니다. / Show the hidden results again."""
    _hide(race, False, by, why)
    say("결과를 다시 보입니다", "results are shown again")


def _hide(race: Path | None, hidden: bool, by: str, why: str) -> None:
    with open_race(race) as opened:
        if opened.fold().book.hidden == hidden:
            korean, english = (
                ("이미 가려져 있습니다", "hidden already") if hidden else ("가려져 있지 않습니다", "not hidden")
            )
            raise RaceError(f"결과가 {korean}", f"the results are {english}")
        opened.log.record([ResultsHidden(hidden, by, why)])


def _publish(
    opened: OpenRace, state: State, until: Instant | None, held_back: Sequence[str], by: str, why: str
) -> EditionPublished:
    """Give out the results as they stand, save their canonical form, and sign what the log then holds."""
    while True:
        seen = opened.log.lineage_head(opened.log.desk).seq
        folded = opened.fold()
        results = results_now(opened, folded)
        published = next_edition(folded, state, results, until, held_back, by, why)
        try:
            opened.log.record([published], after=seen)
            break
        except Moved:  # a ruling came between: it belongs into the edition
            continue
    if folded.book.hidden:
        say(
            "전광판은 아직 결과를 가리고 있습니다. 보이기: marathon edition reveal",
            "the board still hides the results; `marathon edition reveal` shows them",
        )
    _save(opened.root / "editions" / f"{published.number:03}-{state}.jsonl", canonical(*results))
    witness_of(opened).sign(opened.log, f"{state}-{published.number}")
    return published


def _save(file: Path, data: bytes) -> None:
    try:
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(data)
    except OSError as failure:
        raise Unreachable(f"{file}에 쓸 수 없습니다: {failure}", f"cannot write {file}: {failure}") from failure


def _settle_who_is_open(opened: OpenRace, folded: Race, why: str) -> None:
    """Tell who has no final status; without a reason that is for a ruling to settle first.

    Raises:
        RaceError: there are such people, and nobody said why.
    """
    ranked, names = standings(folded), opened.directory.names()
    open_rows = [
        ("코스에 남은 사람", "still on the course", [row for row in ranked.others if row.status is Status.STARTED]),
        ("보이지 않은 사람", "never seen", [row for row in ranked.others if row.status is Status.REGISTERED]),
        ("보류한 결과", "held", [row for row in ranked.others if row.held]),
    ]
    found = [(korean, english, rows) for korean, english, rows in open_rows if rows]
    for korean, english, rows in found:
        people = ", ".join(f"{row.entrant.bib} {names.people.get(row.entrant.id, '')}".strip() for row in rows[:SHOWN])
        more = f" … +{len(rows) - SHOWN}" if len(rows) > SHOWN else ""
        say(f"{korean} {len(rows)}명: {people}{more}", f"{english}: {len(rows)}")
    if taps := sum(reason is StrayReason.UNNAMED_TAP for _, reason in folded.open_items()):
        say(f"배번 없는 탭 {taps}건: marathon rule review", f"taps without a bib: {taps}")
    if found and not why:
        now = wall(opened.clock.now(), opened.zone)[:-2]
        raise RaceError(
            f"먼저 판정하세요: marathon rule close {now} --why '까닭'(코스에 남은 사람은 모두 미완주, 보이지 않은 사람은 미출발), "
            "marathon rule status dnf 배번, marathon rule review(보류). 그대로 확정하려면 --why '까닭'",
            f"rule first: `marathon rule close {now} --why REASON` makes them DNF and DNS, `marathon rule review` tells about the held; "
            "or say --why REASON to make it official as it is",
        )


def _print_since_last(opened: OpenRace, folded: Race) -> None:
    last = results_of(opened, folded.editions[-1])
    print_changes(last, results_now(opened, folded), opened.names(folded), folded.rules.rounding)


def _edition(race: Race, number: int) -> EditionPublished:
    if not 0 < number <= len(race.editions):
        raise RaceError(f"{number}판은 없습니다", f"there is no edition {number}")
    return race.editions[number - 1]
