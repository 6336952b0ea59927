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

from scanners.cameras.films import Frame, Lull
from scanners.cameras.health import FrameCounts
from scanners.cameras.options import camera_options, wish_of
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.sources import is_live, pictures
from scanners.operator.observers import (
    MEGABYTE,
    TIMED,
    PageOptions,
    ServePage,
    StationContext,
    no_room,
    start_observers,
    watch_options,
)
from scanners.operator.station_state import StationPlace
from scanners.operator.upload_status import UploadStatus
from scanners.operator.warnings import NO_LINE
from scanners.outbox import Outbox, outbox_for
from scanners.outbox.uplink import HttpUplink, LogUplink
from scanners.outbox.uploader import Uploader, start
from scanners.protocol import RosterAnswer
from scanners.reading.background_reader import Answer, BackgroundReader, FrameView, InlineReader
from scanners.reading.decoder import second_reader
from scanners.reading.frame_reader import FrameReader
from scanners.reading.regions import on_one_core
from scanners.reading.rescue import read_slowly
from scanners.station.at_home import HomeRoster, RaceRoster
from scanners.station.station import KeptScan, Station, StationCounts
from scanners.station.stopping import stop_asked, until
from scanners.station.uploading import clock_watch, uploader_to, vitals_of
from scanners.station_roster import StationRoster
from timing.commands.command_line import command, race_option, say
from timing.commands.race_commands import InstantParam, StationName
from timing.errors import RaceError, Unreachable, WrongUse
from timing.folder import OpenRace, find_race, open_race
from timing.language import N_, NOTHING, Text, _, listed, ngettext, warning
from timing.race.clock import Clock, SteadyClock, SystemClock
from timing.race.events import FilmJumped, MarkRecorded, PenOpened, SplitOpened, StationClosed, StationOpened
from timing.race.instants import SECOND, Instant, Span, iso, wall
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
@click.option("--station", type=StationName(), required=True, help=N_("the station's name"))
@click.option(
    "--point",
    type=click.Choice(["start", "finish", "split", "pen"]),
    help=N_("where time is taken (split: on the course), or a wave's pen"),
)
@click.option("--wave", help=N_("the wave whose pen it is"))
@click.option(
    "--metres",
    type=click.IntRange(1, 100_000),
    help=N_("how many metres from the start the split stands"),
)
@click.option("--server", help=N_("the server to send to; its token in MARATHON_TOKEN"))
@click.option("--at", type=InstantParam(), help=N_("the instant of a file's first frame"))
@click.option(
    "--line-px",
    type=click.FloatRange(min=1),
    help=N_("side of a bib's QR in pixels when held over the line"),
)
@camera_options
@watch_options
@click.option(
    "--reserve-mb",
    type=click.IntRange(0),
    default=64,
    show_default=True,
    help=N_("room in MB that is kept for when the disk is full"),
)
@click.option("--realtime", is_flag=True, help=N_("read a file at the speed it was filmed"))
@click.option("--jsonl", is_flag=True, help=N_("print a JSON object per scan"))
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
    """Read bibs from a camera, a video file or a folder of images.

    With a full disk it goes on seeing and sending; it beeps then only for what the server has got, and writes
    when there is room. Ctrl-C or SIGTERM ends it: whoever is in view is kept, the station says that it closed;
    exit code 0, or 3 if something could not be sent yet.

    SOURCE is a webcam's index or name, the address of a phone or IP camera, a video file, or a folder of images.
    Without a server, in a race folder, scans go straight into that race's log; --jsonl alone only prints and records
    nothing. Files of a folder that cannot be read (HEIC, damaged pictures ...) are named with the reason and skipped;
    it exits 1 if somebody may be in them. It exits 1, too, if the outbox was damaged (all that can be read goes on),
    or the log keeps something that it cannot count.
    """
    trial = jsonl and not server
    if not trial and not point:
        raise WrongUse(
            _("--point start, finish, split or pen is needed"),
        )
    if (point == "pen") != (wave is not None):
        raise WrongUse(_("--wave goes with --point pen, and the other way round"))
    if (point == "split") != (metres is not None):
        raise WrongUse(_("--metres goes with --point split, and the other way round"))
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
        health = FrameCounts() if is_live(source) else None
        teller = _teller(roster, jsonl, opened.zone if opened else None)
        clocks = clock_watch(outbox) if health and not trial else None
        frame_reader = _lookout(roster, live=health is not None)
        watching = Station(outbox, frame_reader, teller, line_px, health, clock=clock, clocks=clocks, jumped=_say_jump)
        begun = SystemClock().now()
        wish, pace = wish_of(size, exposure), _pace() if realtime else None
        passed_over = PassedOver()
        shots = _delivering(pictures(source, begins, clock, wish, health or FrameCounts(), pace, passed_over))
        shots = until(stack.enter_context(stop_asked()), shots)
        if point and not trial:
            outbox.keep(_opening(station, point, wave, metres, begins))
            if point in TIMED and line_px is None:
                say(warning(NO_LINE))
        contact = _contact(clock, http, outbox)
        place = StationPlace(station, point or "", outbox.lineage, opened.settings.zone if opened else ZONE)
        wanted = PageOptions(watch, 0 if trial else evidence_mb, serve)
        scene = StationContext(place, outbox, roster, clock, watching, contact)
        watching.observers = stack.enter_context(start_observers(wanted, scene))
        if trial:
            _watch(watching, shots, begun, passed_over)
        elif http:
            http.race = outbox.race
            uploader = uploader_to(
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
            _watch_and_send(watching, shots, begun, passed_over, uploader, outbox, contact)
        else:
            assert opened is not None and race_here is not None
            home = HomeRoster(race_here, roster, clock)
            uploader = Uploader(outbox, LogUplink(opened.log), heartbeats=home, set_aside=_not_counted(contact))
            _watch_and_send(watching, shots, begun, passed_over, uploader, outbox, contact)
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


def _lookout(roster: StationRoster, live: bool) -> FrameReader:
    """Who reads the frames: of a film every one as well as it can be read, of a camera as fast as it takes them."""
    on_one_core()
    second = second_reader()

    def slowly(views: Sequence[FrameView]) -> Answer:
        number, found = read_slowly([(view.part, view.corner) for view in views], second)
        return views[number], found

    frame_reader = FrameReader(roster.marks, BackgroundReader(slowly) if live else InlineReader(slowly))

    def learn(before: RosterAnswer, after: RosterAnswer) -> None:
        if list(before.marks.items()) != list(after.marks.items()):
            frame_reader.know(roster.marks)

    roster.listen(learn)
    return frame_reader


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
            _("give the station's token in the environment variable {token}", token=TOKEN),
        )
    enrolment = read_enrolment(os.environ[TOKEN])
    if enrolment and enrolment.name != station:
        raise WrongUse(
            _("this enrolment is for {name}; check --station", name=enrolment.name),
        )
    token, fingerprint = (enrolment.token, enrolment.fingerprint) if enrolment else (os.environ[TOKEN], "")
    uplink = HttpUplink(server, token, fingerprint)
    if in_the_clear(server):
        say(warning(IN_THE_CLEAR))
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
        ngettext(
            "the roster has changed: {n} bib is new ({some}), {gone} are gone",
            "the roster has changed: {n} bibs are new ({some}), {gone} are gone",
            len(new),
            some=some or _("none"),
            gone=gone,
        ),
    )


def _begins(source: str, at: Instant | None, trial: bool, clock: Clock) -> Instant:
    if at is not None:
        return at
    if is_live(source):
        return clock.now()
    if not trial:
        raise WrongUse(
            _("say with --at when the file's first frame was taken, for instance --at 2026-09-03T14:15:00+09:00"),
        )
    return Instant(0)


def _pace() -> Callable[[Span], None]:
    """Holds each frame back until its time since the first one has passed."""
    clock, idle = SystemClock(), Event()
    begun = clock.now()

    def wait(passed: Span) -> None:
        idle.wait(max(0, begun + passed - clock.now()) / SECOND)

    return wait


def _teller(roster: StationRoster, jsonl: bool, zone: tzinfo | None) -> Callable[[KeptScan], None]:
    def tell(kept: KeptScan) -> None:
        bib = roster.bib(kept.scan.code)
        if jsonl:
            click.echo(msgspec.json.encode(_line(kept, bib)).decode())
        else:
            click.echo(f"\a{kept.seq:>5}  {wall(kept.scan.first_at, zone)}  {_named(kept, bib)}", err=True)

    return tell


def _named(kept: KeptScan, bib: int | None) -> str:
    """Whom a scan is of, and what is odd about it."""
    if kept.doubt == "disputed":
        return str(_("⚠ QR and mark differ: no time, type the bib"))
    if kept.doubt == "revoked":
        return str(_("⚠ a bib that was replaced: no time, type the bib"))
    named = str(_("bib {bib}", bib=bib) if bib else _("unknown code"))
    marked = str(_(" (mark)")) if isinstance(kept.scan, MarkRecorded) else ""
    jumped = str(_(" (film clock jumped)")) if kept.jumped else ""
    return f"{named}{marked}{jumped}"


def _line(kept: KeptScan, bib: int | None) -> dict[str, object]:
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
        text = _("the film says neither times nor a frame rate: 30 frames a second are assumed")
    elif jump.lasts:
        text = _(
            "the film's clock jumps by {by} s at frame {frame}; time goes on, scans from there on are for review",
            by=by,
            frame=jump.frame,
        )
    else:
        text = _(
            "the film's clock is off by {by} s at frame {frame} alone; scans of that moment are for review",
            by=by,
            frame=jump.frame,
        )
    say(warning(text))


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


def _say_health(health: FrameCounts | None) -> None:
    """Of a live camera, how long its frames waited and how many were dropped."""
    delays = health.delay_ms() if health else None
    if health and delays:
        text = _(
            "{taken} frames taken, {dropped} dropped, read after {median:.0f} ms (95%: {slow:.0f} ms)",
            taken=health.taken,
            dropped=health.dropped,
            median=delays[0],
            slow=delays[1],
        )
        say(ngettext("{text}, {n} reconnection", "{text}, {n} reconnections", health.reopened, text=text))


def _say_tally(tally: StationCounts, seconds: float, passed_over: int) -> None:
    rate = f"{tally.frames / seconds:.1f}"
    text = ngettext(
        "{frames} frames, {rate} frames per second, {count} codes, {n} scan",
        "{frames} frames, {rate} frames per second, {count} codes, {n} scans",
        tally.scans,
        frames=tally.frames,
        rate=rate,
        count=len(tally.texts),
    )
    over = ngettext(", {n} file skipped", ", {n} files skipped", passed_over) if passed_over else NOTHING
    say(listed([text, over], ""))


def _watch_and_send(
    station: Station,
    shots: Iterable[Frame | Lull],
    begun: Instant,
    passed_over: PassedOver,
    uploader: Uploader,
    outbox: Outbox,
    contact: UploadStatus,
) -> None:
    """Send beside the watching, and once more at the end; what cannot be sent stays in the outbox for the next run.

    The last item says that the station has closed: whoever holds it knows that nothing is left here.
    """

    def tell(trouble: RaceError | None) -> None:
        contact.tell(trouble)
        if trouble:
            kept = _("scans are kept safely in {path}; sending is tried again", path=outbox.path)
            if outbox.unsaved:
                kept = _("scans are in memory alone: do not switch off")
            say(warning(_("{text}; {kept}", text=trouble.text, kept=kept)))
        else:
            say(_("sending again"))

    contact.unsent = uploader.unsent
    thread, stop = start(uploader, tell)
    try:
        _watch(station, shots, begun, passed_over)
        uploader.flush()
        contact.closed = True
        outbox.keep(StationClosed(SystemClock().now()))
    finally:
        stop.set()
        thread.join()
        _hold_out(uploader, outbox)
        station.tell_safe()
        _send_the_rest(uploader, outbox.path)


def _contact(clock: Clock, http: HttpUplink | None, outbox: Outbox) -> UploadStatus:
    """How it stands with the server; a damaged outbox is told at once."""
    contact = UploadStatus(clock, direct=http is None)
    if outbox.mended:
        text = contact.alarms["damaged"] = outbox.mended.words()
        say(warning(text))

    def tell() -> None:
        for text in no_room(outbox):
            say(warning(text))
        if not outbox.unsaved:
            say(_("the disk can be written to again; everything is saved"))

    outbox.told = tell
    return contact


def _rewritten(contact: UploadStatus) -> Callable[[Text], None]:
    """Says aloud, and on the operator's page, that the server's log is another than it was."""

    def tell(words: Text) -> None:
        contact.alarms["rewritten"] = words
        say(warning(words))

    return tell


def _jumped(contact: UploadStatus) -> Callable[[Text], None]:
    """Says aloud, and on the operator's page, that this clock and the server's have come apart at once."""

    def tell(words: Text) -> None:
        contact.alarms["jumped"] = words
        say(warning(words))

    return tell


def _not_counted(contact: UploadStatus) -> Callable[[Sequence[int]], None]:
    """Says aloud, and on the operator's page, which items the log keeps and does not count."""

    def tell(items: Sequence[int]) -> None:
        numbers = ", ".join(map(str, items[:BIBS_SAID])) + (" …" if len(items) > BIBS_SAID else "")
        text = _(
            "the log keeps items {numbers} and cannot count them (an older server, or a damaged disk here); tell the office",
            numbers=numbers,
        )
        contact.alarms["set aside"] = text
        say(warning(text))

    return tell


def _hold_out(uploader: Uploader, outbox: Outbox) -> None:
    """While something is in memory alone, this program does not end: it goes with it."""
    idle, said = Event(), False
    while outbox.safe < outbox.head().seq:
        with suppress(RaceError):
            uploader.drain()
        if not said:
            said = True
            for text in no_room(outbox):
                say(warning(text))
                say(
                    _("so it waits; pressing Ctrl-C twice loses them"),
                )
        if outbox.safe < outbox.head().seq:
            idle.wait(HOLD_OUT_S)


def _send_the_rest(uploader: Uploader, outbox: Path) -> None:
    uploader.look_again()  # the server may have been restored since; a station that is switched off can't notice later
    try:
        uploader.drain()
    except RaceError as trouble:
        unsent = uploader.unsent()
        text = ngettext(
            "{text}; {n} item is safe in {outbox} and goes out at this station's next run, or by `marathon collect`",
            "{text}; {n} items are safe in {outbox} and go out at this station's next run, or by `marathon collect`",
            unsent,
            text=trouble.text,
            outbox=outbox,
        )
        raise Unreachable(text) from trouble
