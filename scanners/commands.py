"""The command that runs a station."""

import os
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import ExitStack, closing, nullcontext, suppress
from datetime import tzinfo
from fractions import Fraction
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event

import click
import msgspec

from scanners.at_home import HomeRoster, RaceRoster
from scanners.cameras.films import Frame, Lull
from scanners.cameras.options import camera_options, wish_of
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.sources import is_live, pictures
from scanners.health import Health
from scanners.operator.beside import MEGABYTE, TIMED, Scene, ServePage, Wanted, looking_on, no_room, watch_options
from scanners.operator.contact import Contact
from scanners.operator.state import Place
from scanners.operator.troubles import NO_LINE
from scanners.outbox import Outbox, outbox_for
from scanners.outbox.courier import Courier, start
from scanners.outbox.dispatch import clock_watch, courier_to, vitals_of
from scanners.outbox.protocol import RosterAnswer
from scanners.outbox.uplink import HttpUplink, LogUplink
from scanners.reading.decoder import second_reader
from scanners.reading.lookout import Lookout
from scanners.reading.regions import on_one_core
from scanners.reading.rescue import read_slowly
from scanners.reading.slow import Answer, AtOnce, Beside, View
from scanners.roster import StationRoster
from scanners.station import Kept, Station, Tally
from scanners.stopping import stop_asked, until
from timing.clock import Clock, SteadyClock, SystemClock
from timing.command_line import command, race_option, say
from timing.commands import InstantParam, StationName
from timing.errors import RaceError, Unreachable, WrongUse
from timing.events import FilmJumped, MarkRecorded, PenOpened, SplitOpened, StationClosed, StationOpened
from timing.folder import OpenRace, find_race, open_race
from timing.instants import SECOND, Instant, Span, iso, wall
from timing.stations.enrolment import IN_THE_CLEAR, in_the_clear, read_enrolment
from timing.timekeeper import keep_time

TOKEN = "MARATHON_TOKEN"
HOLD_OUT_S = 1.0
BIBS_SAID = 10  # of a roster's new ones
SOMETHING_WRONG = 1  # the exit code when pictures were passed over in which somebody may be
ZONE = "Asia/Seoul"  # of a station that has no race folder to ask


@command(
    "scan",
    examples="marathon scan 0 --station finish-1 --point finish\n"
    "marathon scan finish.mp4 --station finish-1 --point finish --at 2026-09-03T14:15:00+09:00\n"
    "MARATHON_TOKEN=... marathon scan 0 --station start-1 --point start --server http://192.0.2.7:8000\n"
    "marathon scan photos/ --station test --jsonl\n"
    "marathon scan rtsp://192.0.2.30/live --station finish-2 --point finish\n"
    "marathon scan --list\n"
    "marathon scan 0 --station finish-1 --point finish --watch\n"
    "marathon scan 0 --station split-1 --point split --metres 2500",
)
@race_option
@click.argument("source")
@click.option("--station", type=StationName(), required=True, help="스테이션 이름 / the station's name")
@click.option(
    "--point",
    type=click.Choice(["start", "finish", "split", "pen"]),
    help="시간을 재는 곳(split은 코스 중간), 또는 출발 대기 구역 / where time is taken (split: on the course), or a wave's pen",
)
@click.option("--wave", help="대기 구역(pen)의 출발 조 / the wave whose pen it is")
@click.option(
    "--metres",
    type=click.IntRange(1, 100_000),
    help="split이 출발에서 몇 m인지 / how many metres from the start the split stands",
)
@click.option(
    "--server", help="기록을 보낼 서버(토큰은 MARATHON_TOKEN) / the server to send to; its token in MARATHON_TOKEN"
)
@click.option("--at", type=InstantParam(), help="파일의 첫 장면의 시각 / the instant of a file's first frame")
@click.option(
    "--line-px",
    type=click.FloatRange(min=1),
    help="배번을 선 위에 들었을 때 QR 한 변의 픽셀 수 / side of a bib's QR in pixels when held over the line",
)
@camera_options
@watch_options
@click.option(
    "--reserve-mb",
    type=click.IntRange(0),
    default=64,
    show_default=True,
    help="디스크가 찼을 때 쓸 예비 자리 MB / room in MB that is kept for when the disk is full",
)
@click.option("--realtime", is_flag=True, help="파일을 찍힌 속도로 읽음 / read a file at the speed it was filmed")
@click.option("--jsonl", is_flag=True, help="스캔마다 JSON 한 줄을 출력 / print a JSON object per scan")
@click.pass_obj
def scan(
    serve: ServePage | None,
    race: Path | None,
    source: str,
    station: str,
    point: str | None,
    wave: str | None,
    metres: int | None,
    server: str | None,
    at: Instant | None,
    line_px: float | None,
    size: tuple[int, int],
    exposure: Fraction | None,
    watch: int | None,
    evidence_mb: int,
    reserve_mb: int,
    realtime: bool,
    jsonl: bool,
) -> int:
    """카메라, 영상 파일, 그림 폴더에서 배번을 읽습니다. / Read bibs from a camera, a video file or a folder of images.

    디스크가 가득 차도 보고 보냅니다. 그동안은 서버가 받은 스캔만 소리로 알리고, 자리가 나면 적습니다. / With a full disk it goes on
    seeing and sending; it beeps then only for what the server has got, and writes when there is room.
    Ctrl-C나 SIGTERM(systemd가 멈출 때)이면 보이던 사람까지 적고 끝냅니다. 다 보냈으면 0, 못 보낸 것이 있으면 3. / Ctrl-C or SIGTERM ends it:
    whoever is in view is kept, the station says that it closed; exit code 0, or 3 if something could not be sent yet.

    SOURCE: 웹캠 번호(0)나 이름, 전화기나 IP 카메라의 주소(rtsp, http), 영상 파일, 그림 폴더 / a webcam's index or name, the address of
    a phone or IP camera, a video file, a folder of images.
    서버 없이 대회 폴더에서 돌리면 그 대회의 기록에 바로 들어갑니다. --jsonl만 주면 시험: 출력만 하고 기록하지 않습니다.
    Without a server, in a race folder, scans go straight into that race's log; --jsonl alone only prints and records nothing.
    폴더에서 읽지 못한 파일(HEIC, 상한 그림 등)은 이름과 까닭을 말하고 넘기며, 그 안에 사람이 있을 수 있으면 1로 끝납니다. / Files of a folder that
    cannot be read (HEIC, damaged pictures ...) are named with the reason and passed over; it exits 1 if somebody may be in them.
    보관함이 상했거나 본부의 기록이 세지 못하는 것이 있어도 1로 끝납니다. / It exits 1, too, if the outbox was damaged (all that can be read
    goes on), or the log keeps something that it cannot count.
    """
    trial = jsonl and not server
    if not trial and not point:
        raise WrongUse(
            "--point start, finish, split, pen 가운데 하나가 필요합니다",
            "--point start, finish, split or pen is needed",
        )
    if (point == "pen") != (wave is not None):
        raise WrongUse("--wave는 --point pen과 함께 씁니다", "--wave goes with --point pen, and the other way round")
    if (point == "split") != (metres is not None):
        raise WrongUse(
            "--metres는 --point split과 함께 씁니다", "--metres goes with --point split, and the other way round"
        )
    with ExitStack() as stack:
        opened = _race_here(race, needed=not (jsonl or server))
        stack.enter_context(opened or nullcontext())
        folder = Path(stack.enter_context(TemporaryDirectory())) if trial else _outbox_folder(opened)
        clock = _clock(opened if not (trial or server) else None)
        begins = _begins(source, at, trial, clock)
        http = _uplink(server, station) if server else None
        heard = _ask(http) if http else None
        race_id = heard.race if heard else opened.settings.id if opened and not trial else ""
        outbox = stack.enter_context(
            closing(outbox_for(folder / f"{station}.db", race_id, 0 if trial else reserve_mb * MEGABYTE))
        )
        race_here = RaceRoster(opened, _complain) if opened and not heard else None
        roster = _roster(outbox, heard or (race_here.now() if race_here else None))
        health = Health() if is_live(source) else None
        teller = _teller(roster, jsonl, opened.zone if opened else None)
        clocks = clock_watch(outbox) if health and not trial else None
        lookout = _lookout(roster, live=health is not None)
        watching = Station(outbox, lookout, teller, line_px, health, clock=clock, clocks=clocks, jumped=_say_jump)
        begun = SystemClock().now()
        wish, pace = wish_of(size, exposure), _pace() if realtime else None
        passed_over = PassedOver()
        shots = _delivering(pictures(source, begins, clock, wish, health or Health(), pace, passed_over))
        shots = until(stack.enter_context(stop_asked()), shots)
        if point and not trial:
            outbox.keep(_opening(station, point, wave, metres, begins))
            if point in TIMED and line_px is None:
                say(f"⚠ {NO_LINE[0]}", NO_LINE[1])
        contact = _contact(clock, http, outbox)
        place = Place(station, point or "", outbox.lineage, opened.settings.zone if opened else ZONE)
        wanted = Wanted(watch, 0 if trial else evidence_mb, serve)
        scene = Scene(place, outbox, roster, clock, watching, contact)
        watching.onlookers = stack.enter_context(looking_on(wanted, scene))
        if trial:
            _watch(watching, shots, begun, passed_over)
        elif http:
            http.race = outbox.race
            courier = courier_to(
                http,
                outbox,
                roster,
                clock,
                vitals_of(watching, clock),
                health is not None,
                _not_counted(contact),
                _rewritten(contact),
                _jumped(contact),
            )
            _watch_and_send(watching, shots, begun, passed_over, courier, outbox, contact)
        else:
            assert opened is not None and race_here is not None
            home = HomeRoster(race_here, roster, clock)
            courier = Courier(outbox, LogUplink(opened.log), heart=home, set_aside=_not_counted(contact))
            _watch_and_send(watching, shots, begun, passed_over, courier, outbox, contact)
    return SOMETHING_WRONG if passed_over.grave or contact.alarms else 0


def scan_command(serve: ServePage) -> click.Command:
    """The command, with a way to serve the operator's page."""
    scan.context_settings = {"obj": serve}
    return scan


def _clock(at_home: OpenRace | None) -> SteadyClock:
    """A station in the race folder goes by the race's time: nobody compares its clock later."""
    if at_home is None or not isinstance(at_home.clock, SteadyClock):
        return SteadyClock()
    keep_time(at_home.log, at_home.settings.id, at_home.clock)
    return at_home.clock


def _opening(
    station: str, point: str, wave: str | None, metres: int | None, at: Instant
) -> StationOpened | PenOpened | SplitOpened:
    """Where this station stands."""
    if wave is not None:
        return PenOpened(station, wave, at)
    if metres is not None:
        return SplitOpened(station, metres, at)
    return StationOpened(station, "start" if point == "start" else "finish", at)


def _lookout(roster: StationRoster, live: bool) -> Lookout:
    """Who reads the frames: of a film every one as well as it can be read, of a camera as fast as it takes them."""
    on_one_core()
    second = second_reader()

    def slowly(views: Sequence[View]) -> Answer:
        number, found = read_slowly([(view.part, view.corner) for view in views], second)
        return views[number], found

    lookout = Lookout(roster.marks, Beside(slowly) if live else AtOnce(slowly))

    def learn(before: RosterAnswer, after: RosterAnswer) -> None:
        if list(before.marks.items()) != list(after.marks.items()):
            lookout.know(roster.marks)

    roster.listen(learn)
    return lookout


def _delivering(shots: Iterator[Frame | Lull]) -> Iterator[Frame | Lull]:
    """The same pictures, once the first has come: a source that gives none is no station."""
    return chain([next(shots)], shots)


def _race_here(given: Path | None, needed: bool) -> OpenRace | None:
    try:
        find_race(given)
    except Unreachable:
        if needed or given:
            raise
        return None
    return open_race(given)


def _outbox_folder(opened: OpenRace | None) -> Path:
    if opened:
        return opened.root / "stations"
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "marathon"


def _uplink(server: str, station: str) -> HttpUplink:
    """To the server, with the token: bare, or in the enrolment that `marathon station NAME --server URL` showed as a QR.

    Over plain HTTP this warns and goes on: on race morning a station that times is worth more than a token that nobody read, and
    what a thief of it sends stands under that station's name, where it can be voided.
    """
    if TOKEN not in os.environ:
        raise WrongUse(
            f"환경 변수 {TOKEN}에 스테이션 토큰을 주세요",
            f"give the station's token in the environment variable {TOKEN}",
        )
    enrolment = read_enrolment(os.environ[TOKEN])
    if enrolment and enrolment.name != station:
        raise WrongUse(
            f"이 등록은 {enrolment.name}의 것입니다. --station을 확인하세요",
            f"this enrolment is for {enrolment.name}; check --station",
        )
    token, fingerprint = (enrolment.token, enrolment.fingerprint) if enrolment else (os.environ[TOKEN], "")
    uplink = HttpUplink(server, token, fingerprint)
    if in_the_clear(server):
        say(f"⚠ {IN_THE_CLEAR[0]}", IN_THE_CLEAR[1])
    return uplink


def _ask(server: HttpUplink) -> RosterAnswer | None:
    """What the server says of its race. A wrong token is found here, before the race; a server that is away is no reason to wait."""
    try:
        return server.roster()
    except Unreachable as away:
        _complain(str(away))
        return None


def _complain(trouble: str) -> None:
    click.echo(f"marathon: {trouble}", err=True)


def _roster(outbox: Outbox, told: RosterAnswer | None) -> StationRoster:
    """Whom this station knows: from the server or the race folder, else as last heard."""

    def keep(now: RosterAnswer) -> None:
        try:
            outbox.keep_roster(now.bibs, now.marks, now.firms)
        except Unreachable as full:  # it is known all the same, until this station is switched off
            click.echo(f"marathon: {full}", err=True)

    if told:
        keep(told)
    marks: dict[str, str] = dict(outbox.marks())
    roster = StationRoster(told or RosterAnswer(outbox.race, outbox.roster(), marks, outbox.firms()), keep)
    roster.listen(_say_changes)
    return roster


def _say_changes(before: RosterAnswer, after: RosterAnswer) -> None:
    """Who stands at the line with a list of late entries sees when the station knows them."""
    new = sorted(set(after.bibs.values()) - set(before.bibs.values()))
    gone = len(set(before.bibs.values()) - set(after.bibs.values()))
    some = ", ".join(map(str, new[:BIBS_SAID])) + (" …" if len(new) > BIBS_SAID else "")
    say(
        f"명단이 바뀌었습니다: 새 배번 {len(new)}개({some or '없음'}), 없어진 배번 {gone}개",
        f"the roster has changed: {len(new)} bibs are new ({some or 'none'}), {gone} are gone",
    )


def _begins(source: str, at: Instant | None, trial: bool, clock: Clock) -> Instant:
    if at is not None:
        return at
    if is_live(source):
        return clock.now()
    if not trial:
        raise WrongUse(
            "파일이 언제 찍혔는지 --at으로 알려 주세요(예: --at 2026-09-03T14:15:00+09:00)",
            "say with --at when the file's first frame was taken, for instance --at 2026-09-03T14:15:00+09:00",
        )
    return Instant(0)


def _pace() -> Callable[[Span], None]:
    """Holds each frame back until its time since the first one has passed."""
    clock, idle = SystemClock(), Event()
    begun = clock.now()

    def wait(passed: Span) -> None:
        idle.wait(max(0, begun + passed - clock.now()) / SECOND)

    return wait


def _teller(roster: StationRoster, jsonl: bool, zone: tzinfo | None) -> Callable[[Kept], None]:
    def tell(kept: Kept) -> None:
        bib = roster.bib(kept.scan.code)
        if jsonl:
            click.echo(msgspec.json.encode(_line(kept, bib)).decode())
        else:
            click.echo(f"\a{kept.seq:>5}  {wall(kept.scan.first_at, zone)}  {_named(kept, bib)}", err=True)

    return tell


def _named(kept: Kept, bib: int | None) -> str:
    """Whom a scan is of, and what is odd about it."""
    if kept.doubt == "disputed":
        return "⚠ QR과 표식이 서로 다른 배번입니다. 기록하지 않으니 배번을 보고 입력하세요 / QR and mark differ: no time, type the bib"
    if kept.doubt == "revoked":
        return "⚠ 다시 인쇄되어 쓰지 않는 배번입니다. 배번을 보고 입력하세요 / a bib that was replaced: no time, type the bib"
    named = f"배번 {bib}" if bib else "모르는 코드 / unknown code"
    marked = " (표식 / mark)" if isinstance(kept.scan, MarkRecorded) else ""
    return f"{named}{marked}{' (영상 시계가 뜀 / film clock jumped)' if kept.jumped else ''}"


def _line(kept: Kept, bib: int | None) -> dict[str, object]:
    scan = kept.scan
    line: dict[str, object] = {
        "seq": kept.seq,
        "text": kept.text,
        "bib": bib,
        "first_at": iso(scan.first_at),
        "last_at": iso(scan.last_at),
        "sightings": scan.sightings,
        "frame": scan.frame,
    }
    return line | {"doubt": "film-clock"} if kept.jumped else line


def _say_jump(jump: FilmJumped) -> None:
    by = f"{jump.shift / SECOND:+.3f}"
    if not jump.shift:
        korean = "영상에 시각도 초당 장면 수도 없어 1초에 30장으로 셉니다"
        english = "the film says neither times nor a frame rate: 30 frames a second are assumed"
    elif jump.lasts:
        korean = (
            f"영상의 시계가 장면 {jump.frame}에서 {by}초 뛰었습니다. 시간은 이어서 세고, 이 뒤의 스캔은 검토에 나옵니다"
        )
        english = (
            f"the film's clock jumps by {by} s at frame {jump.frame}; time goes on, scans from there on are for review"
        )
    else:
        korean = f"영상의 시계가 장면 {jump.frame}에서만 {by}초 어긋났습니다. 그때 보인 스캔은 검토에 나옵니다"
        english = f"the film's clock is off by {by} s at frame {jump.frame} alone; scans of that moment are for review"
    say(f"⚠ {korean}", english)


def _watch(station: Station, shots: Iterable[Frame | Lull], begun: Instant, passed_over: PassedOver) -> None:
    """Watch to the end and say on stderr what was seen; an interrupt ends the watching, not the keeping."""
    try:
        station.run(shots)
    except KeyboardInterrupt:
        pass
    finally:
        seconds = max(SystemClock().now() - begun, 1) / SECOND
        tally = station.tally
        if tally.frames:
            _say_health(station.health)
            _say_tally(tally, seconds, passed_over.count)


def _say_health(health: Health | None) -> None:
    """Of a live camera, how long its frames waited and how many were dropped."""
    delays = health.delay_ms() if health else None
    if health and delays:
        korean = (
            f"카메라 장면 {health.taken}, 버림 {health.dropped}, 판독까지 {delays[0]:.0f} ms(95%: {delays[1]:.0f} ms)"
        )
        english = f"{health.taken} frames taken, {health.dropped} dropped, read after {delays[0]:.0f} ms (95%: {delays[1]:.0f} ms)"
        say(f"{korean}, 다시 연결 {health.reopened}", f"{english}, {health.reopened} reconnections")


def _say_tally(tally: Tally, seconds: float, passed_over: int) -> None:
    rate = f"{tally.frames / seconds:.1f}"
    korean = f"장면 {tally.frames}, 초당 {rate}, 코드 {len(tally.texts)}, 스캔 {tally.scans}"
    english = f"{tally.frames} frames, {rate} frames per second, {len(tally.texts)} codes, {tally.scans} scans"
    over = (f", 넘긴 파일 {passed_over}", f", {passed_over} files passed over") if passed_over else ("", "")
    say(korean + over[0], english + over[1])


def _watch_and_send(
    station: Station,
    shots: Iterable[Frame | Lull],
    begun: Instant,
    passed_over: PassedOver,
    courier: Courier,
    outbox: Outbox,
    contact: Contact,
) -> None:
    """Send beside the watching, and once more at the end; what cannot be sent stays in the outbox for the next run.

    The last item says that the station has closed: whoever holds it knows that nothing is left here.
    """

    def tell(trouble: RaceError | None) -> None:
        contact.tell(trouble)
        if trouble:
            kept = f"스캔은 {outbox.path}에 안전하게 쌓입니다", "scans are safe in the outbox, and it goes on trying"
            if outbox.unsaved:
                kept = "스캔이 메모리에만 있습니다. 끄지 마세요", "scans are in memory alone: do not switch off"
            say(f"⚠ {trouble.korean}. {kept[0]}", f"{trouble.english}; {kept[1]}")
        else:
            say("다시 보내고 있습니다", "sending again")

    contact.unsent = courier.unsent
    thread, stop = start(courier, tell)
    try:
        _watch(station, shots, begun, passed_over)
        courier.last_words()
        contact.closed = True
        outbox.keep(StationClosed(SystemClock().now()))
    finally:
        stop.set()
        thread.join()
        _hold_out(courier, outbox)
        station.tell_safe()
        _send_the_rest(courier, outbox.path)


def _contact(clock: Clock, http: HttpUplink | None, outbox: Outbox) -> Contact:
    """How it stands with the server; a damaged outbox is told at once."""
    contact = Contact(clock, direct=http is None)
    if outbox.mended:
        korean, english = contact.alarms["damaged"] = outbox.mended.words()
        say(f"⚠ {korean}", english)

    def tell() -> None:
        for korean, english in no_room(outbox):
            say(f"⚠ {korean}", english)
        if not outbox.unsaved:
            say("디스크에 다시 씁니다. 모두 적혔습니다", "the disk takes everything again; all is written")

    outbox.told = tell
    return contact


def _rewritten(contact: Contact) -> Callable[[tuple[str, str]], None]:
    """Says aloud, and on the operator's page, that the server's log is another than it was."""

    def tell(words: tuple[str, str]) -> None:
        contact.alarms["rewritten"] = words
        say(f"⚠ {words[0]}", words[1])

    return tell


def _jumped(contact: Contact) -> Callable[[tuple[str, str]], None]:
    """Says aloud, and on the operator's page, that this clock and the server's have come apart at once."""

    def tell(words: tuple[str, str]) -> None:
        contact.alarms["jumped"] = words
        say(f"⚠ {words[0]}", words[1])

    return tell


def _not_counted(contact: Contact) -> Callable[[Sequence[int]], None]:
    """Says aloud, and on the operator's page, which items the log keeps and does not count."""

    def tell(items: Sequence[int]) -> None:
        numbers = ", ".join(map(str, items[:BIBS_SAID])) + (" …" if len(items) > BIBS_SAID else "")
        korean = (
            f"기록 {numbers}번이 본부에 갔지만 세지 못합니다. 본부에 알리세요(서버가 오래되었거나 이 디스크가 상함)"
        )
        english = f"the log keeps items {numbers} and cannot count them (an older server, or a damaged disk here); tell the office"
        contact.alarms["set aside"] = korean, english
        say(f"⚠ {korean}", english)

    return tell


def _hold_out(courier: Courier, outbox: Outbox) -> None:
    """While something is in memory alone, this program does not end: it goes with it."""
    idle, said = Event(), False
    while outbox.safe < outbox.head().seq:
        with suppress(RaceError):
            courier.drain()
        if not said:
            said = True
            for korean, english in no_room(outbox):
                say(f"⚠ {korean}", english)
                say(
                    "그래서 끝내지 않고 기다립니다(Ctrl-C를 두 번 누르면 잃습니다)",
                    "so it waits; Ctrl-C twice loses them",
                )
        if outbox.safe < outbox.head().seq:
            idle.wait(HOLD_OUT_S)


def _send_the_rest(courier: Courier, outbox: Path) -> None:
    courier.look_again()  # the server may have been restored since; a station that is switched off can't notice later
    try:
        courier.drain()
    except RaceError as trouble:
        unsent = courier.unsent()
        korean = f"{trouble.korean}. 스캔 {unsent}건은 {outbox}에 있고, 같은 스테이션을 다시 켜거나 `marathon collect`로 보냅니다"
        english = f"{trouble.english}; {unsent} items are safe in {outbox} and go out at this station's next run, or by `marathon collect`"
        raise Unreachable(korean, english) from trouble
