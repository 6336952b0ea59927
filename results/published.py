"""An edition's results made again from the log as it stood, and held against what was published."""

from collections.abc import Callable, Sequence
from threading import Lock

from results.certificates.verdict import Verdict, unsigned, verdict_on
from results.editions import digest
from results.ranking.rankings import Ranking, rankings
from results.ranking.rows import Row
from results.ranking.standings import Standings, standings
from timing.claims import read_claim
from timing.errors import RaceError
from timing.events import EditionPublished
from timing.folder import OpenRace
from timing.log.checkpoint import BadNote
from timing.log.witness import Witness
from timing.race import Race, fold

Results = tuple[Standings, list[Ranking]]


def results_now(opened: OpenRace, race: Race) -> Results:
    """The results of the race as folded."""
    ranked = standings(race)
    return ranked, rankings(ranked, opened.names(race))


def results_of(opened: OpenRace, chosen: EditionPublished) -> Results:
    """The results as the log told them when the edition was given out."""
    return results_now(opened, fold(fact for fact in opened.log.read() if fact.pos <= chosen.facts))


def published_results(opened: OpenRace, chosen: EditionPublished) -> Results:
    """The same, only if they are what was published.

    Raises:
        RaceError: they differ.
    """
    results = results_of(opened, chosen)
    if digest(*results) != chosen.digest:
        raise RaceError(
            f"{chosen.number}판을 다시 만들었더니 발표한 것과 다릅니다",
            f"edition {chosen.number} made again differs from what was published",
        )
    return results


def editions_that_differ(opened: OpenRace, race: Race) -> list[int]:
    """The numbers of the editions that, made again from the log, are not what was published."""
    return [one.number for one in race.editions if digest(*results_of(opened, one)) != one.digest]


class Examiner:
    """Judges signed results of one race; each edition is made again once. `editions` are those given out by now."""

    def __init__(self, opened: OpenRace, editions: Callable[[], Sequence[EditionPublished]]) -> None:
        self._opened, self._editions = opened, editions
        self._verifier = Witness(opened.root, opened.settings.id).verifier
        self._rows: dict[int, dict[int, Row]] = {}
        self._lock = Lock()

    def verdict(self, text: str) -> Verdict:
        """How the result in a QR's text stands now."""
        try:
            claim = read_claim(text, self._verifier)
        except BadNote:
            return unsigned()
        return verdict_on(claim, self._editions(), self._row_in)

    def _row_in(self, edition: EditionPublished, bib: int) -> Row | None:
        with self._lock:  # however many ask at once, one makes it again and the others wait
            if edition.number not in self._rows:
                ranked, _ = published_results(self._opened, edition)
                rows = {row.entrant.bib: row for row in ranked.rows if row.entrant.bib is not None}
                self._rows[edition.number] = rows
        return self._rows[edition.number].get(bib)


VerdictOf = Callable[[str], Verdict]
