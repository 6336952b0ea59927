"""The `marathon vote` commands: opening and closing the vote on the firms' QR designs, and how it stands."""

from collections.abc import Mapping
from pathlib import Path

import click

from results.spectators.ballots import Ballots, Origin
from results.spectators.scans import Sieve, Spectators
from timing.command_line import Command, race_option, say
from timing.errors import RaceError
from timing.folder import OpenRace, open_race
from timing.instants import day_of
from timing.store.gathering import crowd_writing

BUSIEST_SHOWN = 5
SUSPECT_VOTES = 50
"""So many for one firm from one network are a crowd behind one carrier, a firm's own office, or one person: look at it."""


@click.group("vote")
def vote() -> None:
    """관중의 투표: 가장 멋진 QR 디자인. / Spectators' vote on the best QR design."""


def _ballots(opened: OpenRace) -> Ballots:
    return Ballots(opened.engine, opened.settings.id)


@vote.command("open", cls=Command, examples="marathon vote open\nmarathon vote open --live")
@race_option
@click.option("--live", is_flag=True, help="끝나기 전에도 득표를 보여 줌 / show the counts while it is open")
def open_(race: Path | None, live: bool) -> None:
    """투표를 엽니다. 득표는 끝난 뒤에 보여 줍니다. / Open the vote; its counts are shown once it is closed.

    자기 QR 디자인이 있는 소속을 모두 후보로 올립니다. 다시 열면 새 디자인을 더합니다.
    It puts up every firm that has a QR design of its own; opened again, it takes in new ones.
    """
    with open_race(race) as opened:
        companies = [company for company, card in opened.directory.cards().items() if not card.design.plain]
        if not companies:
            raise RaceError(
                "자기 QR 디자인이 있는 소속이 없습니다. `marathon firm set`으로 만드세요",
                "no firm has a QR design of its own; make one with `marathon firm set`",
            )
        _ballots(opened).open(companies, live)
    say(f"투표를 열었습니다: 후보 {len(companies)}", f"the vote is open, with {len(companies)} to choose from")


@vote.command("close", cls=Command, examples="marathon vote close")
@race_option
def close(race: Path | None) -> None:
    """투표를 끝내고 득표를 보여 줍니다. / Close the vote; its counts are shown from now on."""
    with open_race(race) as opened:
        if not _ballots(opened).close():
            raise RaceError("열린 투표가 아닙니다", "no vote is open")
    say("투표를 끝냈습니다", "the vote is closed")


@vote.command("show", cls=Command, examples="marathon vote show")
@race_option
def show(race: Path | None) -> None:
    """득표와 어느 네트워크에서 왔는지, QR 응원, 걸러 낸 것. / Counts and where they came from, spectators' scans, what was not taken.

    기기는 스스로 번호를 지으므로 한 사람이 여러 번 투표할 수 있습니다: 상을 주기 전에 ⚠를 살펴보세요. 통신사의 주소 하나 뒤에 수백 명이
    있기도 합니다. / A device draws its own number, so one person may vote often: look at each ⚠ before a prize is given. A carrier may
    also have hundreds of people behind one address.
    """
    with open_race(race) as opened:
        names = opened.directory.names().companies
        _echo_votes(_ballots(opened), names)
        _echo_scans(opened, names)


def _echo_votes(ballots: Ballots, names: Mapping[str, str]) -> None:
    poll, origins = ballots.poll(), ballots.origins()
    if poll is None:
        click.echo("투표를 연 적이 없음 / no vote was opened")
        return
    click.echo(f"QR 디자인 / designs: {'열림 / open' if poll.open else '끝남 / closed'}")
    for company in sorted(poll.candidates, key=lambda one: (-_votes(origins.get(one)), one)):
        click.echo(f"  {_votes(origins.get(company)):>6}  {names.get(company, company)}{_origin(origins.get(company))}")
    busiest = ", ".join(map(str, ballots.busiest(BUSIEST_SHOWN)))
    if busiest:
        click.echo(f"표가 가장 많은 네트워크(IPv4 /24, IPv6 /56) / votes of the busiest networks: {busiest}")


def _votes(origin: Origin | None) -> int:
    return origin.votes if origin else 0


def _origin(origin: Origin | None) -> str:
    if origin is None:
        return ""
    told = f"  네트워크 {origin.networks}, 한 곳에서 최대 {origin.most} / {origin.networks} networks, at most {origin.most} from one"
    return told + ("  ⚠ 살펴보세요 / look at it" if origin.most >= SUSPECT_VOTES else "")


def _echo_scans(opened: OpenRace, names: Mapping[str, str]) -> None:
    spectators, now = Spectators(opened.engine, opened.settings.id), opened.clock.now()
    with crowd_writing(opened.engine) as connection:
        spectators.tidy(connection, day_of(now, opened.zone), now)
    scans = spectators.scans()
    click.echo(f"QR 응원 / scans: {sum(scans.values())}")
    for company, number in sorted(scans.items(), key=lambda one: (-one[1], one[0])):
        click.echo(f"  {number:>6}  {names.get(company, company)}")
    click.echo("세지 않은 것 / not taken:")
    for (what, reason), number in sorted(Sieve(opened.engine, opened.settings.id).noted().items()):
        click.echo(f"  {number:>6}  {what} {reason}")
