"""The `marathon vote` commands: photos to vote on, opening and closing, and how it stands."""

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory

import click

from results.board.qrpr.promotion import PHOTOS
from timing.command_line import Command, command, race_option, say
from timing.errors import RaceError, Unreachable, WrongUse
from timing.firms import FirmCard, checked_text
from timing.folder import OpenRace, open_race
from timing.instants import day_of
from timing.store.ballots import BALLOTS, CANDIDATES_MOST, BallotName, Ballots, Candidate
from timing.store.gathering import crowd_writing
from timing.store.spectators import Sieve, Spectators

CAPTION_MOST = 100
FindFirm = Callable[[dict[str, str], str], str]
"""The id of a firm that somebody names; raises WrongUse."""
DrawDesign = Callable[[OpenRace, FirmCard, Path], None]
"""Draws a firm's QR as a PNG file."""
which = click.argument("ballot", type=click.Choice(BALLOTS))


def vote_command(find_firm: FindFirm, draw: DrawDesign) -> click.Group:
    """The commands, with the printer's way to find a firm and to draw its QR."""

    @click.group("vote")
    def vote() -> None:
        """관중의 투표: 가장 멋진 QR 디자인과 사진. / Spectators' votes: the best QR design and the best photo."""

    @click.group("photo")
    def photo() -> None:
        """투표할 사진. / The photos to vote on."""

    for one in (_add(find_firm), _list, _remove):
        photo.add_command(one)
    commands: tuple[click.Command, ...] = (photo, _open(draw), _close, _show)
    for command_ in commands:
        vote.add_command(command_)
    return vote


def _ballots(opened: OpenRace) -> Ballots:
    return Ballots(opened.engine, opened.settings.id)


def _add(find_firm: FindFirm) -> Command:
    @command("add", examples="marathon vote photo add 결승선.jpg --firm 한빛테크 --caption '다섯이 함께 결승선에'")
    @race_option
    @click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
    @click.option(
        "--firm", required=True, help="누구의 사진인지: 소속의 이름이나 id / whose photo: a firm's name or id"
    )
    @click.option(
        "--caption", default="", help=f"설명, {CAPTION_MOST}자까지 / what it shows, at most {CAPTION_MOST} characters"
    )
    def add(race: Path | None, file: Path, firm: str, caption: str) -> None:
        """사진을 넣습니다. / Add a photo.

        사진은 새로 그려 대회 폴더의 photos에 둡니다: 긴 쪽 1600점까지, 찍은 곳과 때 같은 정보 없이. JPEG, PNG, WebP를 받습니다.
        It is drawn anew into the race folder's photos: at most 1600 pixels, without place, time or anything else that a camera
        wrote into it. JPEG, PNG and WebP are taken.
        """
        words = checked_text("설명", "caption", caption, CAPTION_MOST)
        with open_race(race) as opened:
            company, ballots = find_firm(opened.directory.names().companies, firm), _ballots(opened)
            if len(ballots.candidates("photo")) >= CANDIDATES_MOST:
                raise WrongUse(f"사진은 {CANDIDATES_MOST}장까지 됩니다", f"at most {CANDIDATES_MOST} photos")
            added = ballots.add("photo", _kept(opened, file, company, words))
        say(f"사진 {added.number}번을 넣었습니다", f"photo no. {added.number} was added")

    return add


def _kept(opened: OpenRace, file: Path, company: str, caption: str) -> Candidate:
    try:
        from results.board.qrpr.pictures import keep_picture
    except ModuleNotFoundError as lacking:
        raise Unreachable(
            f"필요한 패키지 {lacking.name}이(가) 없습니다", f"{lacking.name} is needed: install the extra `bibs`"
        ) from lacking
    kept = keep_picture(file, opened.root / PHOTOS)
    return Candidate(0, company, caption, kept.picture, kept.small, kept.width, kept.height)


@command("list", examples="marathon vote photo list")
@race_option
def _list(race: Path | None) -> None:
    """사진을 모두 보여 줍니다. / All photos: number, firm, caption, file."""
    with open_race(race) as opened:
        names = opened.directory.names().companies
        for one in _ballots(opened).candidates("photo"):
            click.echo(f"{one.number:>4}  {names.get(one.company, one.company)}\t{one.caption}\t{PHOTOS}/{one.picture}")


@command("remove", examples="marathon vote photo remove 3")
@race_option
@click.argument("number", type=click.IntRange(min=1))
def _remove(race: Path | None, number: int) -> None:
    """사진과 그 표를 뺍니다. / Take a photo away, and its votes.

    그 사진에 투표한 사람은 다시 투표할 수 있습니다. / Those who voted for it may vote again.
    """
    with open_race(race) as opened:
        ballots = _ballots(opened)
        gone = [one for one in ballots.candidates("photo") if one.number == number]
        if not ballots.remove("photo", number):
            raise RaceError(f"{number}번 사진은 없습니다", f"there is no photo no. {number}")
        used = {name for one in ballots.candidates("photo") for name in (one.picture, one.small)}
        for name in {name for one in gone for name in (one.picture, one.small)} - used:
            (opened.root / PHOTOS / name).unlink(missing_ok=True)
    say(f"사진 {number}번을 뺐습니다", f"photo no. {number} was taken away")


def _open(draw: DrawDesign) -> Command:
    @command("open", examples="marathon vote open photo\nmarathon vote open design --live")
    @race_option
    @which
    @click.option("--live", is_flag=True, help="끝나기 전에도 득표를 보여 줌 / show the counts while it is open")
    def open_(race: Path | None, ballot: BallotName, live: bool) -> None:
        """투표를 엽니다. 득표는 끝난 뒤에 보여 줍니다. / Open a vote; its counts are shown once it is closed.

        design은 자기 QR 디자인이 있는 소속을 모두 후보로 올립니다. 다시 열면 새 디자인을 더합니다.
        `design` puts up every firm that has a QR design of its own; opened again, it takes in new ones.
        """
        with open_race(race) as opened:
            ballots = _ballots(opened)
            if ballot == "design":
                _put_up_designs(opened, ballots, draw)
            number = len(ballots.candidates(ballot))
            if not number:
                raise RaceError(
                    "사진이 없습니다. `marathon vote photo add`로 넣으세요", "there are no photos; add some with `marathon vote photo add`"
                )  # fmt: skip
            ballots.open(ballot, live)
        say(f"투표를 열었습니다: 후보 {number}", f"the vote is open, with {number} to choose from")

    return open_


def _put_up_designs(opened: OpenRace, ballots: Ballots, draw: DrawDesign) -> None:
    cards = {company: card for company, card in opened.directory.cards().items() if not card.design.plain}
    if not cards:
        raise RaceError(
            "자기 QR 디자인이 있는 소속이 없습니다. `marathon firm set`으로 만드세요",
            "no firm has a QR design of its own; make one with `marathon firm set`",
        )
    found: list[Candidate] = []
    with TemporaryDirectory(prefix="marathon-designs-") as folder:
        for company, card in cards.items():
            drawn = Path(folder) / f"{len(found)}.png"
            draw(opened, card, drawn)
            found.append(_kept(opened, drawn, company, ""))
    ballots.renew("design", found)


@command("close", examples="marathon vote close photo")
@race_option
@which
def _close(race: Path | None, ballot: BallotName) -> None:
    """투표를 끝내고 득표를 보여 줍니다. / Close a vote; its counts are shown from now on."""
    with open_race(race) as opened:
        if not _ballots(opened).close(ballot):
            raise RaceError("열린 투표가 아닙니다", "this vote is not open")
    say("투표를 끝냈습니다", "the vote is closed")


@command("show", examples="marathon vote show")
@race_option
def _show(race: Path | None) -> None:
    """득표와 QR 응원, 걸러 낸 것. / Counts, spectators' scans, and what was not taken."""
    with open_race(race) as opened:
        names, ballots = opened.directory.names().companies, _ballots(opened)
        for ballot in ballots.ballots():
            click.echo(f"{ballot.name}: {'열림 / open' if ballot.open else '끝남 / closed'}")
            _echo_votes(ballots, ballot.name, names)
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


def _echo_votes(ballots: Ballots, name: BallotName, names: Mapping[str, str]) -> None:
    votes = ballots.counts(name)
    for one in sorted(ballots.candidates(name), key=lambda one: (-votes.get(one.number, 0), one.number)):
        click.echo(
            f"  {votes.get(one.number, 0):>6}  {one.number}. {names.get(one.company, one.company)} {one.caption}"
        )
