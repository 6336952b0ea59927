"""Which station filmed what: in this folder, or held by stations elsewhere that are asked for it."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from threading import Event
from typing import Final

from scanners.cameras.films import frames
from scanners.cameras.stills import NoPicture, Picture
from scanners.intake.requested_films import RequestedFilms
from scanners.outbox.evidence_files import EVIDENCE
from scanners.station.film_ring import FILM, delete_film, name_of, overlapping, segments
from timing.errors import RaceError
from timing.language import _
from timing.race.clock import SystemClock
from timing.race.fold import Race
from timing.race.instants import SECOND, Instant, Span, later
from timing.stations.station_status import FilmSegment

LOOK_EVERY_S: Final = 0.3


@dataclass(frozen=True, slots=True)
class FilmedTime:
    """A segment by the race's time."""

    first_at: Instant
    last_at: Instant


@dataclass(frozen=True, slots=True)
class StationFilm:
    """The film of one lineage; `offset` is what is to be added to its instants."""

    station: str
    lineage: str
    offset: Span
    here: Path
    """The lineage's folder on this machine, where the station runs here."""
    office: RequestedFilms

    def held(self) -> list[FilmSegment]:
        """The segments here or at the station, the oldest first."""
        either = {one.start: one for one in [*self.office.held(self.lineage), *segments(self.here)]}
        return sorted(either.values(), key=lambda one: one.start)

    def times(self) -> Iterator[FilmedTime]:
        """When it was filmed, by the race's time."""
        return (FilmedTime(later(one.start, self.offset), later(one.end, self.offset)) for one in self.held())

    def of(self, since: Instant, until: Instant) -> list[FilmSegment]:
        """The segments that hold anything of a time."""
        return overlapping(self.held(), Instant(since - self.offset), Instant(until - self.offset))

    def file(self, segment: FilmSegment) -> Path | None:
        """The segment's file, if it is on this machine."""
        at_home = self.here / name_of(segment)
        return at_home if at_home.is_file() else self.office.find(self.lineage, segment.start)

    def lacking(self, wanted: Iterable[FilmSegment]) -> list[FilmSegment]:
        """Those that are still at the station, which is asked for them; not those that it says are gone."""
        away = [one for one in wanted if not self.file(one) and not self.office.has_none(self.lineage, one.start)]
        for one in away:
            self.office.ask(self.lineage, one.start)
        return away

    def frames(self, since: Instant, until: Instant) -> Iterator[tuple[Instant, Picture]]:
        """The frames of a time that are on this machine, with their instants by the race's time; what is damaged is passed over."""
        files = ((one, self.file(one)) for one in self.of(since, until))
        every = chain.from_iterable(_frames(later(one.start, self.offset), file) for one, file in files if file)
        return ((at, gray) for at, gray in every if since <= at <= until)


def station_films(race: Race, root: Path, station: str | None) -> list[StationFilm]:
    """The films of all stations of a race, or of one, that were kept."""
    office = RequestedFilms(root / EVIDENCE / FILM)
    placed = ((lineage, places[-1]) for lineage, places in race.placements.items() if places)
    films = (
        StationFilm(
            place.station,
            lineage,
            _offset(race, lineage, place.station, place.run),
            root / "stations" / FILM / lineage,
            office,
        )
        for lineage, place in placed
        if station in (None, place.station)
    )
    return sorted((film for film in films if film.held()), key=lambda film: (film.station, film.held()[0].start))


def films_of(race: Race, root: Path, station: str | None) -> list[StationFilm]:
    """As `station_films`.

    Raises:
        RaceError: there are none.
    """
    films = station_films(race, root, station)
    if not films:
        raise RaceError(
            _(
                "{station}: no film is known; the stations are {known}",
                station=station or _("any station"),
                known=", ".join(race.station_names()) or "–",
            )
        )
    return films


def delete_films(root: Path, until: Instant) -> int:
    """Delete the segments on this machine that began before `until`; returns how many."""
    here = (root / "stations" / FILM).glob("*")
    own = sum(delete_film(folder, until) for folder in here if folder.is_dir())
    return own + RequestedFilms(root / EVIDENCE / FILM).delete(until)


def fetched(films: list[StationFilm], since: Instant, until: Instant, wait_s: float) -> list[str]:
    """Wait until everything of a time is on this machine; the stations whose film did not come in time."""
    clock, idle = SystemClock(), Event()
    over = later(clock.now(), Span(round(wait_s * SECOND)))
    while True:
        lacking = [film.station for film in films if film.lacking(film.of(since, until))]
        if not lacking or clock.now() >= over:
            return lacking
        idle.wait(LOOK_EVERY_S)


def _frames(begins: Instant, file: Path) -> Iterator[tuple[Instant, Picture]]:
    try:
        for frame in frames(str(file), begins):
            yield frame.at, frame.gray
    except NoPicture:
        return


def _offset(race: Race, lineage: str, station: str, run: int) -> Span:
    """The offset that officials ruled for the station's clock, else the measured one."""
    if ruled := race.office.clocks.get(station):
        return Span(-ruled.ahead)
    measured = race.offset_now(lineage, run)
    return measured.offset if measured else Span(0)
