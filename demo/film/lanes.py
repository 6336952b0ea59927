"""Assigns lanes in a synthetic film, so that nobody hides another's bib near the line."""

from collections.abc import Sequence
from typing import Final, NamedTuple

LANES_M: Final = (-0.25, 0.25, -0.75, 0.75)
"""Four lanes side by side."""

HEADWAY_S: Final = 1.8
"""The time between two walks of one lane that keeps the first out of the second's way."""

HIDING_S: Final = (0.25, 1.25)
"""An inner runner so much ahead stands before the bib of the lane outwards when that bib is near the line."""

STEP_S: Final = 0.05


class LanePlace(NamedTuple):
    """When and in which lane one runner crosses the line."""

    crosses_s: float
    lane_m: float


def schedule(wanted_s: Sequence[float]) -> list[LanePlace]:
    """A place for each wanted crossing, in the order given; one that would be hidden is put off until a lane is free.

    The order of crossing is that of the wanted times. Four lanes let about two runners a second through. It counts on
    walks of the usual speed.
    """
    places: list[LanePlace] = []
    order = sorted(range(len(wanted_s)), key=lambda index: wanted_s[index])
    for index in order:
        places.append(_next_place(max([wanted_s[index], *(place.crosses_s for place in places[-1:])]), places))
    return [place for _, place in sorted(zip(order, places, strict=True))]


def _next_place(from_s: float, before: Sequence[LanePlace]) -> LanePlace:
    at_s, tries = from_s, 0
    while not (free := [lane for lane in LANES_M if not _hidden(LanePlace(at_s, lane), before)]):
        tries += 1  # ends: nobody is in the way of a crossing a headway later
        at_s = from_s + tries * STEP_S
    return LanePlace(at_s, min(free, key=lambda lane: _last_used(lane, before)))


def _hidden(place: LanePlace, before: Sequence[LanePlace]) -> bool:
    return any(_hides(other, place) for other in before)


def _hides(ahead: LanePlace, behind: LanePlace) -> bool:
    lead_s = behind.crosses_s - ahead.crosses_s
    if ahead.lane_m == behind.lane_m:
        return lead_s < HEADWAY_S
    inner = 0 < ahead.lane_m / behind.lane_m < 1  # on the same side, nearer to the camera's axis
    return inner and HIDING_S[0] < lead_s < HIDING_S[1]


def _last_used(lane_m: float, before: Sequence[LanePlace]) -> float:
    return max((place.crosses_s for place in before if place.lane_m == lane_m), default=float("-inf"))
