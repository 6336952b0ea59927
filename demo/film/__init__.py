"""Synthetic race films, rendered from the very bib sheets that go to print: to try the stations without a race."""

from demo.film.lanes import Place, schedule
from demo.film.outlines import line_px, shoot_lines
from demo.film.rehearsal import Rehearsal, differences, film_seconds, rehearse
from demo.film.shooting import frames, shoot
from demo.film.walk import Camera, Image, Walk

__all__ = [
    "Camera",
    "Image",
    "Place",
    "Rehearsal",
    "Walk",
    "differences",
    "film_seconds",
    "frames",
    "line_px",
    "rehearse",
    "schedule",
    "shoot",
    "shoot_lines",
]
