"""From a person's options to a station that is ready to watch: outbox, roster, camera, reader, evidence and uploader."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from functools import partial
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Event
from typing import Final

from scanners.cameras.films import Frame, Lull
from scanners.cameras.health import FrameCounts
from scanners.cameras.passed_over import PassedOver
from scanners.cameras.sources import pictures
from scanners.outbox import Outbox, outbox_for
from scanners.outbox.evidence_files import evidence_beside
from scanners.protocol import RosterAnswer
from scanners.reading.background_reader import Answer, BackgroundReader, FrameView, InlineReader
from scanners.reading.decoder import second_reader
from scanners.reading.frame_reader import FrameReader
from scanners.reading.look_pace import LookPace
from scanners.reading.quads import on_one_core
from scanners.reading.rescue import read_slowly
from scanners.station.at_home import HomeRoster, RaceRoster
from scanners.station.basic_status import basic_status
from scanners.station.evidence_recorder import EvidenceRecorder, EvidenceStore
from scanners.station.film_recorder import FilmRecorder
from scanners.station.film_ring import FILM, FilmRing
from scanners.station.line_control import LineControl
from scanners.station.line_setting import LineSetting, LineStore, line_for
from scanners.station.only_one import alone
from scanners.station.opening_words import opening_words
from scanners.station.passer_watch import MOST_A_MINUTE, PasserWatch
from scanners.station.running_station import RunningStation
from scanners.station.server_uplink import ask_roster, server_uplink
from scanners.station.station import KeptScan, Station
from scanners.station.station_metrics import StationMetrics
from scanners.station.station_options import ZONE, StationOptions
from scanners.station.station_output import Say, StationOutput
from scanners.station.stopping import stop_asked, until
from scanners.station.upload_status import UploadStatus, unsaved_warnings
from scanners.station.uploading import clock_watch, home_uploader, server_uploader
from scanners.station_roster import StationRoster
from timing.errors import Unreachable
from timing.folder import OpenRace
from timing.language import _, warning
from timing.race.clock import SteadyClock, SystemClock
from timing.race.instants import SECOND, Instant, Span
from timing.timekeeper import keep_time


@contextmanager
def open_station(options: StationOptions, race: OpenRace | None, output: StationOutput) -> Iterator[RunningStation]:
    """A station that is ready to watch: its source gives pictures, and its outbox says where it stands.

    `race` is the race folder on this machine; it may be None in a trial, and with a server.

    Raises:
        WrongUse: the instant of a film is not known, or the token is missing or another station's.
        NoPicture: the source gives no picture.
        Refused: the server does not let this station in.
        Unreachable: the outbox or the folder of evidence cannot be used.
    """
    with ExitStack() as stack:
        clock = _clock(race if not (options.trial or options.server) else None)
        begins, live = options.begins(clock), options.live
        http = server_uplink(options.server, options.token, options.name, output.say) if options.server else None
        told = ask_roster(http, output.complain) if http else None
        outbox = stack.enter_context(_outbox(options, race, told))
        race_roster = RaceRoster(race, output.complain) if race and not told else None
        roster = _roster(outbox, told or (race_roster.now() if race_roster else None), output)
        zone = race.settings.zone if race else ZONE
        store = line_store(options, race)
        setting = line_for(options, store)
        station = _station(options, outbox, roster, clock, live, output)
        passed_over = PassedOver()
        first, rest = _frames(options, begins, clock, station.health, passed_over, lambda: line.forget())
        frames = until(stack.enter_context(stop_asked()), chain([first], rest))
        station.set_line(_line_px(setting, first))
        if not options.trial:
            for text in opening_words(options, setting, begins, race.settings if race else None, outbox):
                output.say(text)
            outbox.keep(options.opened(begins))
        uploads = _upload_status(outbox, clock, output.say)
        evidence = stack.enter_context(_evidence(outbox, options.evidence_bytes))
        if options.looks_for_unread:
            station.passers = _passer_watch(outbox, evidence, output)
        film = stack.enter_context(_film(outbox, options, output.say))
        line = LineControl(station, options.point, setting, None if options.trial else store)
        others = partial(
            basic_status, outbox, station, clock, uploads, evidence, film, line, http is None, options.trial
        )
        metrics = StationMetrics(clock, others, examines=live or options.trial)
        station.observers += [one for one in (metrics, evidence, film) if one]
        uploader = None
        if http and not options.trial:
            uploader = server_uploader(http, outbox, roster, clock, metrics.status, live, uploads, film)
        elif race and race_roster and not options.trial:
            uploader = home_uploader(race.log, outbox, HomeRoster(race_roster, roster, clock), uploads)
        yield RunningStation(
            options,
            outbox,
            roster,
            clock,
            station,
            line,
            metrics,
            uploads,
            frames,
            passed_over,
            zone,
            uploader,
            evidence,
        )


def _clock(at_home: OpenRace | None) -> SteadyClock:
    """A station in the race folder goes by the race's time: nobody compares its clock later."""
    if at_home is None or not isinstance(at_home.clock, SteadyClock):
        return SteadyClock()
    keep_time(at_home.log, at_home.settings.id, at_home.clock)
    return at_home.clock


@contextmanager
def _outbox(options: StationOptions, race: OpenRace | None, told: RosterAnswer | None) -> Iterator[Outbox]:
    """The station's outbox for the race that it serves, as far as that is known; in a trial one that is thrown away."""
    with ExitStack() as stack:
        folder = Path(stack.enter_context(TemporaryDirectory())) if options.trial else _outbox_folder(race)
        race_id = told.race if told else race.settings.id if race and not options.trial else ""
        reserve = 0 if options.trial else options.reserve_bytes
        stack.enter_context(alone(folder / f"{options.name}.lock", options.name))
        yield stack.enter_context(closing(outbox_for(folder / f"{options.name}.db", race_id, reserve)))


def line_store(options: StationOptions, race: OpenRace | None) -> LineStore:
    """The store of the station's line, beside its outbox."""
    return LineStore(_outbox_folder(race) / f"{options.name}.db")


def _line_px(setting: LineSetting | None, first: Frame | Lull) -> float | None:
    """The line's setting in pixels of pictures of the first one's size.

    Raises:
        WrongUse: it was set in pictures that show something else.
    """
    if setting is None:
        return None
    if not isinstance(first, Frame):
        return setting.px
    height, width = first.gray.shape
    return setting.px_in(width, height)


def _outbox_folder(race: OpenRace | None) -> Path:
    if race:
        return race.root / "stations"
    state = os.environ.get("XDG_STATE_HOME") or Path.home() / ".local" / "state"
    return Path(state) / "marathon"


def _roster(outbox: Outbox, told: RosterAnswer | None, output: StationOutput) -> StationRoster:
    """The roster as the server or the race folder tells it, else as it was last told."""

    def keep(now: RosterAnswer) -> None:
        try:
            outbox.keep_roster(now.bibs, now.marks, now.firms)
        except Unreachable as full:  # it is known all the same, until this station is switched off
            output.complain(str(full))

    if told:
        keep(told)
    marks: dict[str, str] = dict(outbox.marks())
    roster = StationRoster(told or RosterAnswer(outbox.race, outbox.roster(), marks, outbox.firms()), keep)
    roster.listen(output.on_roster)
    return roster


def _station(
    options: StationOptions,
    outbox: Outbox,
    roster: StationRoster,
    clock: SteadyClock,
    live: bool,
    output: StationOutput,
) -> Station:
    def on_scan(kept: KeptScan) -> None:
        output.on_scan(kept, roster.bib(kept.scan.code))

    return Station(
        outbox,
        _frame_reader(roster, live, clock, output.say),
        on_scan,
        None,
        FrameCounts() if live else None,
        clock=clock,
        clocks=clock_watch(outbox, output.say) if live and not options.trial else None,
        jumped=output.on_jump,
        point=options.point,
    )


def _passer_watch(outbox: Outbox, evidence: EvidenceRecorder | None, output: StationOutput) -> PasserWatch:
    def on_flood() -> None:
        output.say(
            warning(
                _(
                    "more than {most} people a minute pass unread: the rest of this minute is only counted; look at the camera, or count by hand",
                    most=MOST_A_MINUTE,
                )
            )
        )

    keep_picture = evidence.hand_over if evidence else lambda _seq, _picture: None
    return PasserWatch(outbox.keep, keep_picture, output.on_unread, on_flood)


MIRRORED: Final = _(
    "the camera's picture is mirrored: it is turned round from now on; switch mirroring off in the camera's settings"
)


def _frame_reader(roster: StationRoster, live: bool, clock: SteadyClock, say: Say) -> FrameReader:
    """Reads every frame of a film as well as it can be read, and a camera's as fast as they come; follows the roster's marks."""
    on_one_core()
    second = second_reader()

    def slowly(views: Sequence[FrameView]) -> Answer:
        number, found = read_slowly([(view.part, view.corner) for view in views], second)
        return views[number], found

    slow = BackgroundReader(slowly) if live else InlineReader(slowly)
    frame_reader = FrameReader(roster.marks, slow, lambda: say(warning(MIRRORED)), LookPace(clock) if live else None)

    def learn(before: RosterAnswer, after: RosterAnswer) -> None:
        if list(before.marks.items()) != list(after.marks.items()):
            frame_reader.know(roster.marks)

    roster.listen(learn)
    return frame_reader


def _frames(
    options: StationOptions,
    begins: Instant,
    clock: SteadyClock,
    health: FrameCounts | None,
    passed_over: PassedOver,
    other_view: Callable[[], object],
) -> tuple[Frame | Lull, Iterator[Frame | Lull]]:
    """The source's first picture and the others: a source that gives none is no station."""
    pace, health = _pace() if options.realtime else None, health or FrameCounts()
    shots = pictures(options.source, begins, clock, options.camera, health, pace, passed_over, other_view)
    return next(shots), shots


def _pace() -> Callable[[Span], None]:
    """Holds each frame back until its time since the first one has passed; that is taken when the second is asked for."""
    clock, idle = SystemClock(), Event()
    begun: Instant | None = None

    def wait(passed: Span) -> None:
        nonlocal begun
        if begun is None and passed:  # the first is looked at while the station is put together
            begun = clock.now()
        if begun is not None:
            idle.wait(max(0, begun + passed - clock.now()) / SECOND)

    return wait


def _upload_status(outbox: Outbox, clock: SteadyClock, say: Say) -> UploadStatus:
    """How it stands with the server; a damaged outbox is told at once, a full disk when it is found to be."""
    status = UploadStatus(clock, say)
    if outbox.mended:
        status.raise_alarm("damaged", outbox.mended.words())

    def on_change() -> None:
        for text in unsaved_warnings(outbox):
            say(warning(text))
        if not outbox.unsaved:
            say(_("the disk can be written to again; everything is saved"))

    outbox.on_change = on_change
    return status


@contextmanager
def _evidence(outbox: Outbox, most_bytes: int) -> Iterator[EvidenceRecorder | None]:
    """Keeps a picture of each scan beside the outbox; None where no room is given for them."""
    if not most_bytes:
        yield None
        return
    try:
        store = EvidenceStore(evidence_beside(outbox.path), outbox.lineage, most_bytes)
    except OSError as failure:
        raise Unreachable(_("the folder of evidence cannot be used: {failure}", failure=failure)) from failure
    with closing(EvidenceRecorder(store)) as recorder:
        yield recorder


@contextmanager
def _film(outbox: Outbox, options: StationOptions, say: Say) -> Iterator[FilmRecorder | None]:
    """Keeps the film beside the outbox; None where no room is given for it."""
    if not options.film_bytes:
        yield None
        return
    try:
        ring = FilmRing(outbox.path.parent / FILM, outbox.lineage, options.film_bytes, options.film_hours)
        ring.room()
    except OSError as failure:
        raise Unreachable(_("the folder of film cannot be used: {failure}", failure=failure)) from failure

    def on_room(there: bool) -> None:
        if there:
            say(_("there is room for film again"))
        else:
            say(warning(_("the disk has no room for film, which pauses; scans go on")))

    with closing(FilmRecorder(ring, on_room)) as recorder:
        yield recorder
