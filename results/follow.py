"""Follows the log and keeps the current snapshot: new facts are taken in as they come, at most one version a look."""

import gc
from collections.abc import Callable
from threading import Event, Thread

from results.display import View
from results.editions import state_of
from results.live import LiveStandings
from results.rankings import Ranking, rankings
from results.snapshot import Snapshot
from results.standings import Standings, standings
from timing.bell import bell_for
from timing.directory import Names
from timing.folder import OpenRace
from timing.race import Race

BETWEEN_VERSIONS_S = 0.3
LOOK_ANYWAY_S = 2.0  # should the bell be out of order


def view_of(opened: OpenRace, race: Race) -> View:
    """What the pages show, computed at once from the folded race, the rules and the names."""
    names = opened.directory.names()
    ranked = standings(race)
    return _view(opened, race, ranked, rankings(ranked, names), names)


def _view(opened: OpenRace, race: Race, ranked: Standings, groups: list[Ranking], names: Names) -> View:
    called = opened.settings
    return View(
        race.facts,
        {"ko": called.name, "en": called.name_en},
        race.course_m,
        ranked,
        groups,
        names,
        opened.zone,
        state_of(race, ranked, groups),
        race.editions[-1] if race.editions else None,
    )


class Follower:
    """The board's current state, from the whole log at first; inside its `with` block a thread keeps it current.

    Nothing of it is stored: after a restart the log says it all again.
    """

    def __init__(self, opened: OpenRace, complain: Callable[[str], None]) -> None:
        self._opened, self._complain = opened, complain
        self._live = LiveStandings()
        self._stop = Event()
        self._bell = bell_for(opened.engine)
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._catch_up()
        self._publish()
        gc.freeze()  # what a whole race is made of stays: the collector need not walk through it again and again

    def __enter__(self) -> "Follower":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()
        self._bell.close()

    def firm_of(self, code: str) -> str | None:
        """The firm whose bib carries this code."""
        entrant = self._live.race.holder(code)
        return entrant.company if entrant else None

    def _follow(self) -> None:
        trouble = ""
        # Never more than a version each moment, however fast the scans come.
        while not self._stop.wait(BETWEEN_VERSIONS_S):
            self._bell.wait(LOOK_ANYWAY_S, self._stop)
            try:
                self._look()
                trouble = ""
            except Exception as failure:  # noqa: BLE001  (whatever it is, the board keeps what it shows and tries again)
                told = f"{type(failure).__name__}: {failure}".splitlines()[0]
                if told != trouble:
                    trouble = told
                    self._complain(
                        f"전광판을 새로 고치지 못해 다시 해 봅니다 / the board stands still, trying again: {told}"
                    )

    def _look(self) -> None:
        self._catch_up()
        if self._live.race.facts > self.snapshot.version:
            self._publish()

    def _catch_up(self) -> None:
        for recorded in self._opened.log.read(self._live.race.facts):
            self._live.apply(recorded)

    def _publish(self) -> None:
        live, names = self._live, self._opened.directory.names()
        self.snapshot = Snapshot(_view(self._opened, live.race, live.standings(), live.rankings(names), names))
        self.roster = live.race.roster()
