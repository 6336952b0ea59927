"""Which stations' times are not what they could be: cut off, without a measured crossing, or by a film whose clock jumped. Pure."""

from timing.race.events import FilmJumped
from timing.race.fold import Race
from timing.race.instants import Instant
from timing.race.passings import Point

TIMED = (Point.START, Point.SPLIT, Point.FINISH)


def without_line(race: Race) -> list[tuple[str, int]]:
    """The stations none of whose scans by camera has a measured crossing, and how many scans that are."""
    crossed: dict[str, list[bool]] = {}
    for scans in race.scans.values():
        for scan in scans:
            if scan.source in ("qr", "mark") and scan.point in TIMED:
                crossed.setdefault(scan.station, []).append(not scan.by_sight)
    return sorted((station, len(measured)) for station, measured in crossed.items() if not any(measured))


def cut_off(race: Race) -> list[tuple[str, Instant | None, Instant]]:
    """Each station that was opened again without having closed: what it last saw before that, and when it was opened again."""
    found = []
    for lineage, at in race.cut_off:
        seen = [scan.last_at for (of, _), scans in race.seen_by.items() if of == lineage for scan in scans]
        found.append((race.placements[lineage][-1].station, max((one for one in seen if one < at), default=None), at))
    return sorted(found, key=lambda one: (one[0], one[2]))


def jumped_films(race: Race) -> list[tuple[str, list[FilmJumped]]]:
    """Each run of a station whose film's clock jumped, and the jumps; not where an official has said what the clock was."""
    told = [(race.placements[lineage][-1].station, jumps) for (lineage, _), jumps in race.jumps.items()]
    return sorted((one for one in told if one[0] not in race.office.clocks), key=lambda one: (one[0], one[1][0].at))
