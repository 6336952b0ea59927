"""The films of the reading benchmark by name: a camera, what is worn, the weather, and whether such a day is an everyday one."""

from dataclasses import dataclass, replace
from typing import Final

from benchmarks.frames.conditions import WIDE, WIDE_720, Conditions
from demo.film import FilmCamera

BASE: Final = Conditions(crease_mm=2.5, walking=True)
DIM: Final = replace(BASE, light=0.12, noise=9.0)


@dataclass(frozen=True, slots=True)
class FilmSetting:
    """One kind of film."""

    conditions: Conditions = BASE
    camera: FilmCamera = WIDE
    runners: int = 8
    everyday: bool = True


def _shutter(part: int) -> FilmCamera:
    return replace(WIDE, exposure_s=1 / part)


SETTINGS: Final[dict[str, FilmSetting]] = {
    "base": FilmSetting(),
    "1/120 s": FilmSetting(camera=_shutter(120)),
    "1/60 s": FilmSetting(camera=_shutter(60), everyday=False),
    "1/30 s": FilmSetting(camera=_shutter(30), everyday=False),
    "defocus, 2 px": FilmSetting(replace(BASE, lens_px=2.0), everyday=False),
    "defocus, 3 px": FilmSetting(replace(BASE, lens_px=3.0), everyday=False),
    "creases, 6 mm": FilmSetting(replace(BASE, crease_mm=6.0)),
    "creases, 12 mm": FilmSetting(replace(BASE, crease_mm=12.0), everyday=False),
    "flapping": FilmSetting(replace(BASE, flapping=True), everyday=False),
    "curled": FilmSetting(replace(BASE, curled=True), everyday=False),
    "arms": FilmSetting(replace(BASE, arms=1.0)),
    "tie": FilmSetting(replace(BASE, tied=True), everyday=False),
    "jacket, 20 cm shown": FilmSetting(replace(BASE, jacket_m=0.20), everyday=False),
    "jacket, 12 cm shown": FilmSetting(replace(BASE, jacket_m=0.12), everyday=False),
    "dusk": FilmSetting(DIM, everyday=False),
    "night": FilmSetting(replace(BASE, light=0.05, noise=14.0), everyday=False),
    "JPEG, quality 50": FilmSetting(replace(BASE, jpeg=50)),
    "rows of three": FilmSetting(replace(BASE, abreast=3), runners=12),
    "rows of six": FilmSetting(replace(BASE, abreast=6), runners=12, everyday=False),
    "mirrored": FilmSetting(replace(BASE, mirrored=True), everyday=False),
    "tilted by 30 degrees": FilmSetting(replace(BASE, turned_deg=30), everyday=False),
    "upside down": FilmSetting(replace(BASE, turned_deg=180), everyday=False),
    "110 degrees wide": FilmSetting(camera=replace(WIDE, hfov_deg=110), everyday=False),
    "720p": FilmSetting(camera=WIDE_720),
    "12 frames a second": FilmSetting(camera=replace(WIDE, fps=12)),
    "evening": FilmSetting(
        replace(DIM, crease_mm=4.0, arms=0.6, jacket_m=0.23, jpeg=55), camera=_shutter(120), everyday=False
    ),
}
"""Of what is everyday the goal is one in a hundred missed; the rest says where it ends."""
