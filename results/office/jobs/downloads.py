"""The files that the office gives out: results of now or of an edition, the log, certificates; each is made as a background job."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, NamedTuple

from results.board.board_projection import view_of
from results.board.edition_archive import proven
from results.files.csv_files import misfit_lines
from results.files.result_files import FORMATS, Format, Note, Printer, WantedFiles, result_files
from results.office.jobs.background_jobs import BackgroundJob, Work
from results.office.jobs.publication import edition_called
from results.view.view import View
from timing.folder import OpenRace
from timing.language import Text, _
from timing.log.backup import exported
from timing.log.checkpoint_store import note_covering
from timing.race.events import EditionPublished
from timing.race.fold import fold
from timing.race.records import Recorded

LOG_FILE: Final = "log.jsonl"
STEP: Final = 500
"""Facts of the log between two steps."""


class ResultsWanted(NamedTuple):
    """Which results: of an edition by its number, or (0) of now; in which formats; with full names or masked ones."""

    edition: int = 0
    formats: Sequence[Format] = FORMATS
    cp949: bool = True
    """The CSV files once more, as older spreadsheets read them."""
    full_names: bool = False


class CertificatesWanted(NamedTuple):
    """Whose certificates: of the firm of this id, or (empty) of everybody; a PDF for each firm, or one; `provisional` as the command says."""

    firm: str = ""
    each_firm: bool = False
    provisional: bool = False


MakeCertificates = Callable[[OpenRace, CertificatesWanted, BackgroundJob], Sequence[Text]]
"""Draws certificates into the job; raises RaceError where there is no such edition."""


def results_job(opened: OpenRace, wanted: ResultsWanted, printer: Printer) -> Work:
    """Makes the files of results, as `marathon results --out` does."""

    def work(job: BackgroundJob) -> Sequence[Text]:
        job.expect(len(wanted.formats) + wanted.cp949)
        view, notes = _view(opened, wanted.edition), list[Text]()
        note = note_covering(opened.root, opened.settings.id, view.version)
        for name, data, told in _made(view, wanted, printer, note):
            job.keep(f"edition-{wanted.edition}-{name}" if wanted.edition else name, data)
            notes += told
            job.step()
        if note is None:
            notes.append(_("no signed checkpoint covers these results; make one with `marathon log checkpoint`"))
        return notes

    return work


def log_job(opened: OpenRace) -> Work:
    """Writes the log as `marathon log export` does."""

    def work(job: BackgroundJob) -> Sequence[Text]:
        job.expect(opened.log.head().seq // STEP)
        path = job.folder / LOG_FILE
        with path.open("wb") as file:
            path.chmod(0o600)
            for number, fact in enumerate(opened.log.read(), 1):
                file.write(exported(fact) + b"\n")
                if number % STEP == 0:
                    job.step()
        job.offer(path)
        return [_("`marathon log import` makes a race folder of it")]

    return work


def _made(
    view: View, wanted: ResultsWanted, printer: Printer, note: Note | None
) -> Iterator[tuple[str, bytes, Sequence[Text]]]:
    """Each file: its name, what it holds, and what could not be written in it."""
    for one in wanted.formats:
        made = result_files(view, WantedFiles([one], full_names=wanted.full_names), printer, note)
        lacking = " ".join(f"{sign!r}" for sign in sorted(made.undrawn))
        notes = [_("characters that the fonts lack: {shown}", shown=lacking)] if lacking else []
        yield from ((name, data, notes) for name, data in made.files.items())
    if wanted.cp949:
        made = result_files(view, WantedFiles(["csv"], "cp949", wanted.full_names), printer, note)
        for name, data in made.files.items():
            yield f"cp949-{name}", data, [*misfit_lines(name, made.misfits.get(name, []))]


def _view(opened: OpenRace, number: int) -> View:
    """The results of now, or those of an edition as it was published, with the names of today.

    Raises:
        RaceError: there is no such edition, or made again it differs from what was published.
    """
    if not number:
        return view_of(opened, opened.fold())
    edition = edition_called(opened.fold(), number)
    view = view_of(opened, fold(_until(opened.log.read(), number)))
    proven((view.standings, [*view.rankings]), edition)
    return view


def _until(facts: Iterator[Recorded], number: int) -> Iterator[Recorded]:
    """The facts up to the one that publishes the edition of this number, which tells what the papers are called."""
    for fact in facts:
        yield fact
        if isinstance(fact.event, EditionPublished) and fact.event.number == number:
            return
