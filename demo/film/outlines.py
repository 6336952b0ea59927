"""Films both lines of a rehearsal at once: `start.mp4` and `finish.mp4`."""

from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Event

from demo.film.lanes import LanePlace
from demo.film.rehearsal import Rehearsal, film_seconds
from demo.film.shooting import shoot
from demo.film.walk import FilmCamera, Image, RunnerPath

LINES = ("start", "finish")


def line_px(camera: FilmCamera, code_m: float) -> float:
    """How large a bib's code of this side is in the picture when it is held over the line."""
    return camera.size_px(code_m, camera.line_m)


def shoot_lines(
    folder: Path,
    rehearsal: Rehearsal,
    pages: Mapping[int, Image],
    page_m: tuple[float, float],
    seed: int,
    progress: Callable[[int], None],
) -> None:
    """Write both films; the pages have this width and height in metres, and `progress` is called with the percentage done."""
    done = dict.fromkeys(LINES, 0.0)
    given_up = Event()

    def film(line: str, places: Mapping[int, LanePlace], others_share: float) -> None:
        def told(frame: int, of: int) -> None:
            if given_up.is_set():
                raise KeyboardInterrupt
            done[line] = (1 - others_share) * frame / of
            progress(int(100 * sum(done.values())))

        walks = [RunnerPath(pages[bib], place.crosses_s, place.lane_m) for bib, place in places.items()]
        shoot(folder / f"{line}.mp4", walks, film_seconds(places.values()), page_m=page_m, seed=seed, progress=told)

    lengths = film_seconds(rehearsal.start.values()), film_seconds(rehearsal.finish.values())
    with ThreadPoolExecutor(2) as cameras:
        try:
            films = [
                cameras.submit(film, "start", rehearsal.start, lengths[1] / sum(lengths)),
                cameras.submit(film, "finish", rehearsal.finish, lengths[0] / sum(lengths)),
            ]
            for finished in films:
                finished.result()
        except BaseException:
            given_up.set()  # Ctrl-C reaches this thread alone; the cameras hear it at their next frame
            raise
