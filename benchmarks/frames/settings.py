"""The films of the reading benchmark by name: a camera, what is worn, the weather, and whether such a day is an everyday one."""

from dataclasses import asdict, dataclass, replace
from typing import Final

from benchmarks.frames.conditions import WIDE, WIDE_720, Conditions
from benchmarks.frames.placed_camera import PlacedCamera
from demo.film import FilmCamera

EVENING: Final = "evening"
"""A little of everything that is wrong."""

BASE: Final = Conditions(crease_mm=2.5, walking=True)
DIM: Final = replace(BASE, light=0.12, noise=9.0)


@dataclass(frozen=True, slots=True)
class FilmSetting:
    """One kind of film."""

    conditions: Conditions = BASE
    camera: FilmCamera = WIDE
    runners: int = 8
    everyday: bool = True
    per_s: float = 2.2


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
    EVENING: FilmSetting(
        replace(DIM, crease_mm=4.0, arms=0.6, jacket_m=0.23, jpeg=55),
        camera=_shutter(120),
        runners=16,
        everyday=False,
    ),
    "focus hunting": FilmSetting(replace(BASE, hunting_px=3.8)),
    "corner of 5 cm folded": FilmSetting(replace(BASE, folded_m=0.05)),
    "corner of 8 cm folded": FilmSetting(replace(BASE, folded_m=0.08), everyday=False),
    "torn": FilmSetting(replace(BASE, torn=True)),
    "wet and muddy, 30 %": FilmSetting(replace(BASE, soaked=0.3)),
    "wet and muddy, 60 %": FilmSetting(replace(BASE, soaked=0.6), everyday=False),
    "glossy under a lamp": FilmSetting(replace(BASE, glossy=True)),
    "against the sun": FilmSetting(replace(BASE, backlit=True)),
    "exposure pumping": FilmSetting(replace(BASE, backlit=True, pumping=1.1)),
    "flickering lamps": FilmSetting(replace(DIM, light=0.5, noise=5.0, lamps=True), _shutter(1_000), everyday=False),
    "rolling shutter": FilmSetting(camera=PlacedCamera(**asdict(WIDE), rows_s=0.033)),
    "swaying mast": FilmSetting(replace(BASE, shaken=1.0), PlacedCamera(**asdict(WIDE), rows_s=0.016)),
    "drops on the lens": FilmSetting(replace(BASE, drops=60)),
    "H.264 at 2 Mbit/s": FilmSetting(replace(BASE, h264_kbps=2_000)),
    "pack of 14": FilmSetting(runners=14, per_s=5.0),
    "5.5-7.5 m/s": FilmSetting(replace(BASE, speed_mps=(5.5, 7.5))),
    "1-1.8 m/s": FilmSetting(replace(BASE, speed_mps=(1.0, 1.8))),
    "barrel, 110 degrees": FilmSetting(replace(BASE, barrel=0.15), replace(WIDE, hfov_deg=110), everyday=False),
    "from 35 degrees aside": FilmSetting(
        camera=PlacedCamera(**asdict(WIDE), aside_m=1.7, turned_deg=35), everyday=False
    ),
    "from 2 m above": FilmSetting(camera=PlacedCamera(**asdict(WIDE), above_m=2.0, down_deg=29), everyday=False),
    "640 x 480": FilmSetting(camera=replace(WIDE, width=640, height=480, hfov_deg=60), everyday=False),
}
"""Of what is everyday the goal is one in a hundred missed; the rest says where it ends."""
