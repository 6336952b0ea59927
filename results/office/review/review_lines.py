"""Which stations' times are not what they could be: without a measured crossing, or by a film whose clock jumped. Pure."""

from timing.race.events import FilmJumped
from timing.race.fold import Race
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


def jumped_films(race: Race) -> list[tuple[str, list[FilmJumped]]]:
    """Each run of a station whose film's clock jumped, and the jumps; not where an official has said what the clock was."""
    told = [(race.placements[lineage][-1].station, jumps) for (lineage, _), jumps in race.jumps.items()]
    return sorted((one for one in told if one[0] not in race.office.clocks), key=lambda one: (one[0], one[1][0].at))
