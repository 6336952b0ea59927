"""Long work of the office, beside the server: one piece at a time on a thread of its own, with a page that says how far it is.

A page begins it and sends its visitor on to the job's own page, where progress, notes and files stand for a day::

    def work(job: BackgroundJob) -> Sequence[Text]:
        job.expect(len(people))
        for one in people:
            draw(one)
            job.step()                      # ends the work here if somebody has stopped it
        job.keep("배번.pdf", pdf)            # or job.offer(path) for a file that stands in job.folder
        return [_("...")]                   # what to read beside the files

    return go_to(service.jobs.begin("bibs", _("Bibs"), "/office/bibs", language, work).page)

A `RaceError` of the work is shown on the job's page. Jobs end with the server; what they made is fetched while it runs.
"""

from collections.abc import Callable, Sequence
from contextvars import copy_context
from pathlib import Path
from threading import Lock
from typing import Final, Literal

from results.office.jobs.day_folders import DayFolders
from timing.bounded_threads import BoundedThreads, NoAnswerInTime
from timing.complaints import Complaints
from timing.errors import RaceError
from timing.language import Language, Text, _, speaking, verbatim
from timing.private import write_private
from timing.race.clock import Clock
from timing.race.instants import Instant

WAITING_MOST: Final = 5
State = Literal["waiting", "running", "done", "failed", "stopped"]


class _Stopped(Exception):
    """Somebody has stopped the job."""


class BackgroundJob:
    """One piece of work: how far it is, and what it made; it was begun `at` this instant. Its work may write into `folder`, which lasts a day."""

    def __init__(self, key: str, title: Text, back: str, folder: Path, at: Instant) -> None:
        self.key, self.title, self.back, self.folder, self.at = key, title, back, folder, at
        self.state: State = "waiting"
        self.total = self.done = 0
        self.notes: Sequence[Text] = ()
        self.files: list[tuple[str, Path]] = []
        """By the name under which each is downloaded."""
        self._stopping = False

    @property
    def number(self) -> str:
        return self.folder.name

    @property
    def page(self) -> str:
        """The address of its page."""
        return f"/office/jobs/{self.number}"

    @property
    def over(self) -> bool:
        return self.state not in ("waiting", "running")

    def expect(self, steps: int) -> None:
        """So many steps there are in all; 0 where nobody knows."""
        self.total = steps

    def step(self) -> None:
        """One more is done; the work ends here where somebody has stopped it."""
        if self._stopping:
            raise _Stopped
        self.done += 1

    def keep(self, name: str, data: bytes) -> None:
        """A file to be downloaded under this name."""
        path = self.folder / f"{len(self.files)}.kept"  # a name may hold what no file's name does
        write_private(path, data)
        self.files.append((name, path))

    def offer(self, path: Path) -> None:
        """A file that the work wrote into the folder, to be downloaded under its own name."""
        self.files.append((path.name, path))

    def stop(self) -> None:
        """End the work at its next step."""
        self._stopping = True

    def run(self, work: "Work", complaints: Complaints) -> None:
        """Do the work, whatever becomes of it."""
        if self._stopping:
            self.state = "stopped"
            return
        self.state = "running"
        try:
            self.notes = work(self)
            self.state = "done"
        except _Stopped:
            self.state = "stopped"
        except RaceError as wrong:
            self.notes, self.state = [wrong.text, *map(verbatim, wrong.details)], "failed"
        except Exception as failure:  # noqa: BLE001  (nobody else would hear of it)
            complaints.about(failure)
            self.notes, self.state = [_("it failed; the server's messages say why")], "failed"


Work = Callable[[BackgroundJob], Sequence[Text]]
"""Makes the job's files, and gives what to read beside them."""


class BackgroundJobs:
    """The jobs of an office, the last one first; any number of threads may use it."""

    def __init__(self, race_folder: Path, clock: Clock, complain: Callable[[str], object]) -> None:
        self.folders, self._clock = DayFolders(race_folder, "jobs", clock), clock
        self._complaints = Complaints(complain, _("a file for the office was not made"))
        self._threads, self._lock = BoundedThreads("office jobs", 1, waiting_most=WAITING_MOST), Lock()
        self._jobs: dict[str, BackgroundJob] = {}

    def begin(self, key: str, title: Text, back: str, language: Language, work: Work) -> BackgroundJob:
        """Begin work that says its texts in this language; one of the same `key` that goes on is not begun again but given.

        `back` is the page that it was begun from.

        Raises:
            RaceError: too many wait already, or the disk takes no files.
        """

        context = copy_context()

        def run() -> None:
            with speaking(language):
                job.run(work, self._complaints)

        with self._lock:
            for one in self.recent():
                if one.key == key and not one.over:
                    return one
            try:
                job = BackgroundJob(key, title, back, self.folders.new(), self._clock.now())
                self._threads.begin(lambda: context.run(run))
            except NoAnswerInTime as late:
                raise RaceError(_("too much is being made already; come again when it is done")) from late
            except OSError as failure:
                raise RaceError(_("cannot be written: {failure}", failure=failure)) from failure
            self._jobs = {one.number: one for one in (*reversed(self.recent()), job)}
            return job

    def find(self, number: str) -> BackgroundJob | None:
        """The job of this number, while it lasts."""
        return self._jobs.get(number) if self.folders.find(number) else None

    def recent(self) -> list[BackgroundJob]:
        """Those of the last day, the last one first."""
        return [one for number, one in reversed([*self._jobs.items()]) if self.folders.find(number)]

    def leave(self) -> None:
        """Stop all of them."""
        for one in self._jobs.values():
            one.stop()
