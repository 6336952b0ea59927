"""A rehearsal: who starts and finishes when in the demonstration's films, and so what the results must be. Pure."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from demo.film.lanes import LanePlace, schedule
from timing.language import _
from timing.race.instants import MILLISECOND, Instant, Span, between, later, span

LEAD_S = 3.0  # film before the first and after the last runner
START_GAP_S = 0.45
FINISH_GAP_S = 1.0
ABSENT = 2  # who never start
GIVE_UP = 2  # who start and are not seen at the finish
TOLERANCE = Span(200 * MILLISECOND)


@dataclass(frozen=True, slots=True)
class Rehearsal:
    """Where and when each bib crosses, in seconds of the start film and of the finish film."""

    start: Mapping[int, LanePlace]
    finish: Mapping[int, LanePlace]

    def net_times(self, start_begins: Instant, finish_begins: Instant) -> dict[int, Span]:
        """The true net time of every bib that crosses the finish."""
        return {
            bib: between(_crossed(start_begins, self.start[bib]), _crossed(finish_begins, place))
            for bib, place in self.finish.items()
        }

    def told(self) -> str:
        """The truth as JSON: each bib's crossings in seconds of the two films."""
        crossings = {
            bib: {"start_s": place.crosses_s, "finish_s": self.finish[bib].crosses_s if bib in self.finish else None}
            for bib, place in sorted(self.start.items())
        }
        return json.dumps(crossings, indent=1)


def rehearse(bibs: Sequence[int], seed: int) -> Rehearsal:
    """Draw a race: nearly everybody starts, nearly all of those finish, faster ones mostly earlier."""
    chance = np.random.default_rng(seed)
    starters = [int(bib) for bib in chance.permutation(np.array(bibs))][ABSENT:]
    strength = {bib: float(chance.normal()) for bib in starters}
    finishers = sorted(starters[GIVE_UP:], key=lambda bib: strength[bib])
    return Rehearsal(_places(starters, START_GAP_S, chance), _places(finishers, FINISH_GAP_S, chance))


def film_seconds(places: Iterable[LanePlace]) -> float:
    """How long a film must be to show all of these crossings."""
    return max(place.crosses_s for place in places) + LEAD_S


def _places(bibs: Sequence[int], gap_s: float, chance: np.random.Generator) -> dict[int, LanePlace]:
    wanted = LEAD_S + np.cumsum(chance.exponential(gap_s, len(bibs)))
    return dict(zip(bibs, schedule([float(at) for at in wanted]), strict=True))


def _crossed(begins: Instant, place: LanePlace) -> Instant:
    return later(begins, span(place.crosses_s))


def differences(truth: Mapping[int, Span], measured: Mapping[int, Span]) -> list[str]:
    """The errors of measured net times: a bib missing, one too many, or a time off by more than the tolerance."""
    found = [str(_("bib {bib} is missing", bib=bib)) for bib in truth.keys() - measured.keys()]
    found += [str(_("bib {bib} never finished", bib=bib)) for bib in measured.keys() - truth.keys()]
    for bib in truth.keys() & measured.keys():
        error = measured[bib] - truth[bib]
        if abs(error) > TOLERANCE:
            found.append(str(_("bib {bib} is off by {error:+.0f} ms", bib=bib, error=error / 1_000)))
    return sorted(found)
