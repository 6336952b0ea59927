"""Which stations took times without measuring when the line was crossed: first or last sights are later or earlier than that. Pure."""

from timing.passings import Point
from timing.race import Race

TIMED = (Point.START, Point.SPLIT, Point.FINISH)


def without_line(race: Race) -> list[tuple[str, int]]:
    """The stations none of whose scans by camera has a measured crossing, and how many scans that are."""
    crossed: dict[str, list[bool]] = {}
    for scans in race.scans.values():
        for scan in scans:
            if scan.source in ("qr", "mark") and scan.point in TIMED:
                crossed.setdefault(scan.station, []).append(scan.crossed_at is not None)
    return sorted((station, len(measured)) for station, measured in crossed.items() if not any(measured))
