"""Synthetic race films, rendered from the very bib sheets that go to print: to try the stations without a race."""

from demo.film.lanes import LanePlace, schedule
from demo.film.outlines import line_px, shoot_lines
from demo.film.rehearsal import Rehearsal, differences, film_seconds, rehearse
from demo.film.shooting import frames, shoot
from demo.film.walk import FilmCamera, Image, RunnerPath

__all__ = [
    "FilmCamera",
    "Image",
    "LanePlace",
    "Rehearsal",
    "RunnerPath",
    "differences",
    "film_seconds",
    "frames",
    "line_px",
    "rehearse",
    "schedule",
    "shoot",
    "shoot_lines",
]
