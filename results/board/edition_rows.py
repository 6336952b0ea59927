"""What the last edition says of a runner, who may have another result by now: made again from the log, once, when first asked for."""

from collections.abc import Mapping
from threading import Lock

from results.ranking.lazy import LazyDict
from results.ranking.rows import Row
from results.ranking.standings import standings
from timing.events import EditionPublished
from timing.folder import OpenRace
from timing.race import fold


class EditionRows:
    """The rows of one edition by bib. Rankings and names are not needed for them, and nothing is written."""

    def __init__(self, opened: OpenRace) -> None:
        self._opened = opened
        self._made: tuple[int, Mapping[int, Row]] | None = None
        self._lock = Lock()

    def row(self, edition: EditionPublished, bib: int) -> Row | None:
        """The runner's row in this edition; None where nobody wore the bib."""
        with self._lock:  # however many pages ask at once, one makes it and the others wait
            if self._made is None or self._made[0] != edition.number:
                self._made = edition.number, self._rows(edition)
            return self._made[1].get(bib)

    def _rows(self, edition: EditionPublished) -> Mapping[int, Row]:
        made = standings(fold(fact for fact in self._opened.log.read() if fact.pos <= edition.facts))
        return LazyDict({row.entrant.bib: row for row in made.judged if row.entrant.bib is not None}, made.placed)
