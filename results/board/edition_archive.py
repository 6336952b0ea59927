"""The results of editions made again from the log as it stood, and compared with what was published."""

from threading import Lock
from typing import Final

from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from results.view.editions import digest
from timing.errors import RaceError, Unreachable
from timing.folder import OpenRace
from timing.language import _
from timing.race.events import EditionPublished
from timing.race.fold import Race, fold

Results = tuple[Standings, list[Ranking]]
KEPT: Final = 4
PAGE_WAITS_S: Final = 1.0
"""Seconds that a page waits for another thread: of the few that make pages only one may wait for the database long."""


def results_now(opened: OpenRace, race: Race) -> Results:
    """The results of the race as folded."""
    ranked = standings(race)
    return ranked, rankings(ranked, opened.names(race))


def results_of(opened: OpenRace, chosen: EditionPublished) -> Results:
    """The results as the log told them when the edition was given out."""
    return results_now(opened, fold(fact for fact in opened.log.read() if fact.pos <= chosen.facts))


def published_results(opened: OpenRace, chosen: EditionPublished) -> Results:
    """The results of an edition, verified against the digest that was published.

    Raises:
        RaceError: they differ.
    """
    return proven(results_of(opened, chosen), chosen)


def proven(results: Results, edition: EditionPublished) -> Results:
    """These results, verified against the digest of the edition.

    Raises:
        RaceError: they differ.
    """
    if digest(*results) != edition.digest:
        raise RaceError(
            _("edition {number} made again differs from what was published", number=edition.number),
        )
    return results


def editions_that_differ(opened: OpenRace, race: Race) -> list[int]:
    """The numbers of the editions that, made again from the log, are not what was published."""
    return [one.number for one in race.editions if digest(*results_of(opened, one)) != one.digest]


class EditionArchive:
    """The results of editions, each made once however many threads ask; the last few are kept."""

    def __init__(self, opened: OpenRace) -> None:
        self._opened, self._lock = opened, Lock()
        self._made: dict[int, Results] = {}
        self._proven: set[int] = set()

    def results(self, edition: EditionPublished) -> Results:
        """The results as the log told them when the edition was given out."""
        with self._lock:
            made = self._made.pop(edition.number, None) or results_of(self._opened, edition)
            self._made = dict([*self._made.items(), (edition.number, made)][-KEPT:])
            return made

    def row(self, edition: EditionPublished, bib: int) -> Row | None:
        """A runner's row in an edition; None where nobody wore the bib. For pages, which do not wait long.

        Raises:
            Unreachable: another thread has been making an edition for too long.
        """
        if made := self._made.get(edition.number):
            return made[0].by_bib(bib)
        if not self._lock.acquire(timeout=PAGE_WAITS_S):
            raise Unreachable(
                _("edition {number} is being made again; try again in a moment", number=edition.number),
            )
        self._lock.release()
        return self.results(edition)[0].by_bib(bib)

    def published(self, edition: EditionPublished) -> Results:
        """The results, verified against the digest that was published.

        Raises:
            RaceError: they differ.
        """
        results = self.results(edition)
        if edition.number not in self._proven:
            proven(results, edition)
            self._proven.add(edition.number)
        return results
