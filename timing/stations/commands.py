"""The commands that let stations in, shut them out, and tell how they are."""

from collections.abc import Callable, Sequence
from pathlib import Path

import click
import msgspec

from timing.blocks import blocks
from timing.chance import new_token
from timing.command_line import Command, echo_drawn, race_option, say
from timing.commands import StationName
from timing.errors import RaceError, WrongUse
from timing.folder import OpenRace, open_race
from timing.stations.book import lines_now
from timing.stations.certificate import fingerprint, own_certificate
from timing.stations.enrolment import IN_THE_CLEAR, Enrolment, enrolment_text, in_the_clear
from timing.stations.list import FORKED
from timing.stations.table import print_stations

Symbol = Callable[[str], Sequence[Sequence[bool]]]
"""Draws a text as a QR: its dark modules, row by row."""
ENROL_EXAMPLES = """marathon station finish-1
marathon station finish-1 --server http://192.0.2.7:8000
marathon station finish-1 --server https://192.0.2.7:8443 --own-certificate
marathon station finish-1 --again
marathon station finish-1 --revoke
marathon station list"""


class StationGroup(click.Group):
    """`marathon station NAME` lets a station in, as if it said `add`."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        known = any(arg in self.commands for arg in args)
        asks = not args or args[0] in ctx.help_option_names
        return super().parse_args(ctx, args if known or asks else ["add", *args])


def station_command(symbol: Symbol) -> click.Command:
    """The commands, with a skill of another room: `symbol` draws the enrolment."""

    @click.group("station", cls=StationGroup)
    def station() -> None:
        """스테이션을 들이고 내보내고 살펴봅니다. / Let stations in and out, and see how they are."""

    @station.command("add", cls=Command, examples=ENROL_EXAMPLES)
    @race_option
    @click.argument("name", type=StationName())
    @click.option(
        "--again", is_flag=True, help="이미 있는 스테이션에 새 토큰(옛 토큰은 막힘) / a new token; the old one is void"
    )
    @click.option("--revoke", is_flag=True, help="토큰을 막음 / make its token void")
    @click.option(
        "--server", help="스테이션이 보낼 주소: 등록 QR도 보여 줌 / the address it sends to: shows an enrolment QR too"
    )
    @click.option(
        "--own-certificate",
        "pinned",
        is_flag=True,
        help="등록에 대회가 만든 인증서의 지문을 넣음(`marathon serve --own-certificate`와 짝) / the enrolment names the race's own "
        "certificate (`marathon serve --own-certificate` shows it)",
    )
    def add(race: Path | None, name: str, again: bool, revoke: bool, server: str | None, pinned: bool) -> None:
        """스테이션을 등록하고 토큰을 한 번만 보여 줍니다. / Let a station in; its token is shown once.

        `marathon station 이름`과 같습니다. / The same as `marathon station NAME`.
        """
        if pinned and not (server or "").startswith("https://"):
            raise WrongUse(
                "--own-certificate는 --server https://...와 함께 씁니다",
                "--own-certificate goes with --server https://...",
            )
        if revoke and (again or server):
            raise WrongUse("--revoke는 홀로 씁니다", "--revoke goes alone")
        with open_race(race) as opened:
            if revoke:
                _revoke(opened, name)
            else:
                _enrol(opened, name, again, server, symbol, pinned)

    station.add_command(list_stations)
    return station


def _revoke(opened: OpenRace, name: str) -> None:
    if not opened.directory.revoke(name):
        raise WrongUse(f"{name}은(는) 토큰이 없습니다", f"{name} holds no token")
    say(
        f"{name}의 토큰을 막았습니다. 이미 받은 기록은 그대로이고, 보관함은 `marathon collect`로 모을 수 있습니다",
        f"the token of {name} is void within a second; what it sent stays, and its outbox can still be collected",
    )


def _enrol(opened: OpenRace, name: str, again: bool, server: str | None, symbol: Symbol, pinned: bool) -> None:
    if opened.directory.enrolled(name) and not again:
        raise WrongUse(
            f"{name}은(는) 이미 토큰이 있습니다. 새로 만들면 지금 돌고 있는 스테이션이 막힙니다. 그래도 만들려면 --again",
            f"{name} has a token already, and a new one shuts out the station that uses it; say --again to do so",
        )
    token = new_token()
    known_by = fingerprint(own_certificate(opened.root, opened.clock.now())) if pinned else ""
    word = enrolment_text(Enrolment(server, name, token, known_by)) if server else ""
    picture = blocks(symbol(word)) if word else ""  # before the token counts: without a picture nothing has changed
    opened.directory.enrol(name, token)
    click.echo(token)
    if word:
        echo_drawn(picture, err=True)
        click.echo(word, err=True)
    if server and in_the_clear(server):
        say(f"⚠ {IN_THE_CLEAR[0]}", IN_THE_CLEAR[1])
    if pinned:
        say(
            "토큰만으로는 서버를 알아보지 못합니다. 위의 등록 글(marathon-station:...)을 통째로 MARATHON_TOKEN에 주세요",
            "the token alone does not know the server: give the whole enrolment above as MARATHON_TOKEN",
        )
    say(
        "이 토큰은 다시 볼 수 없습니다. 스테이션에서 MARATHON_TOKEN으로 주세요",
        "this token is shown only now; give it to the station as MARATHON_TOKEN",
    )


@click.command("list", cls=Command, examples="marathon station list\nmarathon station list --json")
@race_option
@click.option("--json", "as_json", is_flag=True, help="JSON으로 / as JSON")
def list_stations(race: Path | None, as_json: bool) -> None:
    """스테이션마다 받은 것, 남은 것, 시계, 카메라, 디스크. / Each station: received, pending, clock, camera, disk.

    역사가 다른 스테이션이 있으면 1로 끝납니다. / Exit code 1 if a station's history is another than the log's.
    """
    with open_race(race) as opened:
        now = opened.clock.now()
        lines = lines_now(opened, opened.fold())
        if as_json:
            click.echo(msgspec.json.encode(lines))
        else:
            print_stations(lines, opened.zone, now)
    forked = sorted({line.station for line in lines if FORKED in line.warnings})
    if forked:
        raise RaceError(
            f"역사가 다른 스테이션: {', '.join(forked)}. `marathon log quarantine`을 보세요",
            f"another history at {', '.join(forked)}; see `marathon log quarantine`",
        )
