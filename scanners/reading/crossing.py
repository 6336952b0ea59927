"""When a bib reached the line, from how its code grew as it came nearer. Pure.

A code's size in the picture is inversely proportional to its distance, so for somebody who walks evenly 1/size falls in a
straight line over time. The line's place is given as the size that a bib's code has when it is held over the line.
"""

from collections.abc import Sequence

from timing.race.instants import SECOND, Instant

FIT_WITHIN = SECOND // 2
"""Sightings so near to the crossing take part in the fit."""
REACH = SECOND // 2
"""The fit may lead so far beyond the first or last sighting, and no farther."""
FEWEST = 3


def crossing(sizes: Sequence[tuple[Instant, float]], line_px: float) -> Instant | None:
    """The instant at which the code last grew past `line_px`; None where the sightings do not tell."""
    near = _near_the_line(sizes, line_px)
    if len(near) < FEWEST:
        return None
    at = _solve(near, line_px)
    if at is None or not near[0][0] - REACH <= at <= near[-1][0] + REACH:
        return None
    return Instant(round(at))


def _near_the_line(sizes: Sequence[tuple[Instant, float]], line_px: float) -> list[tuple[Instant, float]]:
    """The sightings around the last growth past the line, or the ones nearest to it where none was seen on one side."""
    before = [at for at, size in sizes if size < line_px]
    middle = before[-1] if before else sizes[0][0]
    return [(at, size) for at, size in sizes if abs(at - middle) <= FIT_WITHIN]


def _solve(near: Sequence[tuple[Instant, float]], line_px: float) -> float | None:
    """Least squares of 1/size over time, solved for the line; None where the code does not come nearer."""
    origin = near[0][0]
    times = [float(at - origin) for at, _ in near]
    farness = [1 / size for _, size in near]
    mean_time, mean_farness = sum(times) / len(times), sum(farness) / len(farness)
    spread = sum((time - mean_time) ** 2 for time in times)
    slope = (
        sum((t - mean_time) * (f - mean_farness) for t, f in zip(times, farness, strict=True)) / spread
        if spread
        else 0.0
    )
    if slope >= 0:
        return None
    return origin + mean_time + (1 / line_px - mean_farness) / slope
