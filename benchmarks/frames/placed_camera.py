"""Cameras that stand aside or above, and those whose rows are exposed one after another."""

from dataclasses import dataclass
from math import cos, radians, sin

import numpy as np

from demo.film import FilmCamera
from demo.film.walk import Points


@dataclass(frozen=True, slots=True)
class PlacedCamera(FilmCamera):
    """A camera so many metres aside and above the common one, turned back by angles; `rows_s` is from its first row to its last."""

    aside_m: float = 0.0
    above_m: float = 0.0
    turned_deg: float = 0.0
    down_deg: float = 0.0
    rows_s: float = 0.0

    def project(self, points: Points) -> Points:
        """Pixels of points in the common camera's space."""
        x, y, z = (points + np.array([self.aside_m, self.above_m, 0.0])).T
        turn, down = radians(self.turned_deg), radians(self.down_deg)
        x, z = x * cos(turn) - z * sin(turn), x * sin(turn) + z * cos(turn)
        y, z = y * cos(down) - z * sin(down), y * sin(down) + z * cos(down)
        return FilmCamera.project(self, np.column_stack([x, y, np.maximum(z, 0.05)]))


def rows_s(camera: FilmCamera) -> float:
    """How long a picture takes from its first row to its last; 0 for one that is exposed at once."""
    return camera.rows_s if isinstance(camera, PlacedCamera) else 0.0
