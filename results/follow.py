"""Follows the log and keeps the current snapshot: new facts are folded in as they come, at most one version a moment."""

from collections.abc import Callable
from threading import Event, Thread

from results.display import View
from results.rankings import rankings
from results.snapshot import Snapshot
from results.standings import standings
from timing.folder import OpenRace
from timing.race import Race

LOOK_EVERY_S = 0.3


def view_of(opened: OpenRace, race: Race) -> View:
    """What the pages show, from the folded race, the rules and the names."""
    names = opened.directory.names()
    ranked = standings(race, opened.settings.rules)
    called = {"ko": opened.settings.name, "en": opened.settings.name_en}
    return View(
        race.facts,
        {"ko": called["ko"], "en": called["en"]},
        race.course_m,
        ranked,
        rankings(ranked, names),
        names,
        opened.zone,
    )


class Follower:
    """A thread that folds what follows in the log and swaps in the next snapshot."""

    def __init__(self, opened: OpenRace, complain: Callable[[str], None]) -> None:
        self._opened, self._complain = opened, complain
        self._race = Race()
        self._stop = Event()
        self._thread = Thread(target=self._follow, name="follower", daemon=True)
        self._catch_up()
        self._publish()

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def __enter__(self) -> "Follower":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def firm_of(self, code: str) -> str | None:
        """The firm whose bib carries this code."""
        entrant = self._race.holder(code)
        return entrant.company if entrant else None

    def _follow(self) -> None:
        trouble = ""
        while not self._stop.wait(LOOK_EVERY_S):
            try:
                self._catch_up()
                if self._race.facts > self.snapshot.version:
                    self._publish()
                trouble = ""
            except Exception as failure:  # noqa: BLE001  (whatever it is, the board keeps what it shows and tries again)
                told = f"{type(failure).__name__}: {failure}".splitlines()[0]
                if told != trouble:
                    trouble = told
                    self._complain(
                        f"전광판을 새로 고치지 못해 다시 해 봅니다 / the board stands still, trying again: {told}"
                    )

    def _publish(self) -> None:
        self.snapshot = Snapshot(view_of(self._opened, self._race))
        self.roster = self._race.roster()

    def _catch_up(self) -> None:
        for recorded in self._opened.log.read(self._race.facts):
            self._race.apply(recorded)
