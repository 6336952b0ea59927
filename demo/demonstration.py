"""A made-up race from roster to board: once into a folder, or live with a board to look at."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket
from threading import Event

from bibs.commands.print_commands import print_at_terminal
from bibs.drawing.layout import DEFAULT_LAYOUT
from bibs.printing.packet import pages_by_number
from bibs.roster.registration.roster_import import import_files
from demo.film import Rehearsal, rehearse, shoot_lines
from demo.madeup import write_madeup_roster
from demo.stations import start_station, wait_for
from demo.verdict import film_instants, fire_gun, judge
from results.board.board_projection import view_of
from results.board.publishing import Publisher
from results.board.snapshot import Snapshot
from results.files.result_files import WantedFiles, result_files
from results.files.writing import write_results
from results.web.http_server import bind, serving
from server.features import plugs_of
from server.printer import codes_of, print_results, readers
from server.race_server import race_app
from timing.errors import WrongUse
from timing.folder import OpenRace, create_race, open_race
from timing.language import _
from timing.people.office_seats import OfficeSeats, Official
from timing.race.events import CourseClosed
from timing.terminal.output import progress_bar, say

ROSTER = "명단.csv"


def clear(root: Path) -> None:
    """Make room for a new demonstration; a folder with anything else in it is left alone."""
    if root.exists() and any(root.iterdir()):
        if not (root / ROSTER).is_file():
            raise WrongUse(_("{root} is not empty; name a new folder", root=root))
        shutil.rmtree(root)
    root.mkdir(parents=True, exist_ok=True)


def demonstrate_live(root: Path, seed: int, people: int, port: int) -> None:
    """Serve the board and run the stations at the films' own speed; ends with Ctrl-C."""
    listening = bind("127.0.0.1", port)
    with _made_up_race(root, seed, people) as opened, _serving_beside(opened, listening):
        say(_("the board is open: http://127.0.0.1:{port}", port=port))
        director = Official(str(_("director")), "director")
        secret = OfficeSeats(opened.engine, opened.settings.id).give(director, opened.clock.now())
        say(
            _(
                "the race office, for a director: http://127.0.0.1:{port}/office/enter/{secret}",
                port=port,
                secret=secret,
            )
        )
        rehearsal = _film(opened, seed)
        gun = fire_gun(opened)
        for point, begins in film_instants(gun).items():
            line = _("start") if point == "start" else _("finish")
            say(_("the {line} station looks at its film", line=line))
            wait_for([start_station(opened, point, begins, port, realtime=True)])
        judge(opened, rehearsal, gun)
        say(_("Ctrl-C ends it"))
        Event().wait()


def demonstrate_once(root: Path, seed: int, people: int) -> None:
    """Run it as fast as it goes, and leave race, films, results and board in the folder."""
    listening = bind("127.0.0.1", 0)
    with _made_up_race(root, seed, people) as opened:
        rehearsal = _film(opened, seed)
        gun = fire_gun(opened)
        with _serving_beside(opened, listening):
            port = int(listening.getsockname()[1])
            films = film_instants(gun).items()
            wait_for([start_station(opened, point, begins, port, realtime=False) for point, begins in films])
        opened.log.record([CourseClosed(opened.clock.now(), "demo", "")])
        _leave_results(opened, root)
        judge(opened, rehearsal, gun)


def _leave_results(opened: OpenRace, root: Path) -> None:
    sections = [plug.now() for plug in plugs_of(opened)]
    view = view_of(opened, opened.fold(), draw=codes_of(opened), sections=sections)
    write_results(root, result_files(view, WantedFiles(), print_results).files)
    Publisher(root / "board", opened.clock).publish(Snapshot(view, sections=sections), whole=True)


@contextmanager
def _serving_beside(opened: OpenRace, listening: socket) -> Iterator[None]:
    """The race's server, running while the stations look at their films."""
    with open_race(opened.root) as stations, race_app(opened, stations) as app, serving(app, listening):
        yield


def _made_up_race(root: Path, seed: int, people: int) -> OpenRace:
    """A race folder with a made-up roster and its bibs printed."""
    write_madeup_roster(root / ROSTER, people, seed)
    opened = create_race(root, "G밸리 스마트 마라톤 (연습)", "G Valley Smart Marathon (rehearsal)", "GV.TEST", 4500)
    import_files(opened, (root / ROSTER,))
    print_at_terminal(opened, readers())
    return opened


def _film(opened: OpenRace, seed: int) -> Rehearsal:
    """Film both lines from the printed PDF pages, side by side; the truth is written beside the films."""
    pages = pages_by_number(opened.root / "bibs")
    rehearsal = rehearse(sorted(pages), seed)
    films = opened.root / "films"
    films.mkdir(exist_ok=True)
    (films / "truth.json").write_text(rehearsal.told(), encoding="utf-8")
    with progress_bar(length=100, label=str(_("filming both lines"))) as bar:
        page_m = DEFAULT_LAYOUT.width / 1000, DEFAULT_LAYOUT.height / 1000
        shoot_lines(films, rehearsal, pages, page_m, seed, lambda percent: bar.update(percent - bar.pos))
    return rehearsal
