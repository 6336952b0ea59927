"""When the films of a demonstration are said to have been taken, and whether the results agree with them."""

from demo.film import Rehearsal, differences
from results.ranking.standings import standings
from timing.errors import RaceError
from timing.folder import OpenRace, checkpoints_of
from timing.language import ngettext
from timing.race.events import WaveStarted
from timing.race.instants import Instant, later, span
from timing.terminal.output import say

FINISH_AFTER_S = 15 * 60  # from the gun to the first frame at the finish


def fire_gun(opened: OpenRace) -> Instant:
    """The gun went long enough ago for both films to lie in the past."""
    gun = later(opened.clock.now(), span(-FINISH_AFTER_S - 300))
    opened.log.record([WaveStarted("1", gun)])
    checkpoints_of(opened).sign(opened.log, "gun-1")
    return gun


def film_instants(gun: Instant) -> dict[str, Instant]:
    """When each film begins: at the gun, and when the first runners come in."""
    return {"start": gun, "finish": later(gun, span(FINISH_AFTER_S))}


def judge(opened: OpenRace, rehearsal: Rehearsal, gun: Instant) -> None:
    """Compare the results with what was filmed.

    Raises:
        RaceError: somebody is missing or too many, or a time is off.
    """
    begins = film_instants(gun)
    truth = rehearsal.net_times(begins["start"], begins["finish"])
    rows = standings(opened.fold()).ranked
    measured = {
        row.entrant.bib: row.net_time for row in rows if row.entrant.bib is not None and row.net_time is not None
    }
    wrong = differences(truth, measured)
    if wrong:
        raise RaceError(
            ngettext(
                "{n} result differs from the film: {wrong}",
                "{n} results differ from the film: {wrong}",
                len(wrong),
                wrong="; ".join(wrong),
            )
        )
    worst = max(abs(measured[bib] - truth[bib]) for bib in truth) / 1000
    say(
        ngettext(
            "the {n} who crossed the line is in the results; largest error {worst:.0f} ms",
            "all {n} who crossed the line are in the results; largest error {worst:.0f} ms",
            len(truth),
            worst=worst,
        )
    )
