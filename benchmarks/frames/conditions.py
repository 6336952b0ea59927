"""What can be turned: the camera and the weather of a run, and the streams of chance."""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
import numpy.typing as npt

from demo.film import FilmCamera

Grey = npt.NDArray[np.uint8]
"""A picture as a grey camera gives it."""

Light = npt.NDArray[np.float32]
"""Linear light: the reflectance of what is seen, from 0 to 1."""

Effect = Literal[
    "bib",
    "path",
    "gait",
    "wrinkle",
    "arm",
    "body",
    "background",
    "noise",
    "cut",
    "crease",
    "bend",
    "dress",
    "bare",
    "spoilt",
    "lens",
]
EFFECTS: Final = get_args(Effect)

WIDE: Final = FilmCamera(width=1920, height=1080, fps=30, hfov_deg=78, exposure_s=1 / 500)
"""A common webcam at 1080p."""

WIDE_720: Final = FilmCamera(width=1280, height=720, fps=30, hfov_deg=78, exposure_s=1 / 500)


SPEED_MPS: Final = (3.0, 5.0)
"""The slowest and the fastest of those who run."""


@dataclass(frozen=True, slots=True)
class Conditions:
    """Everything but the camera; each default is our judgement, none was measured on a course.

    `wrinkle_mm` is the sigma of a bib's greatest displacement in its plane, `arms` the share of runners who swing a forearm
    over the bib, `lens_px` the sigma of the lens's point spread, `noise` the sensor's in counts of 255, `light` the exposure
    relative to a bright day, `jpeg` the quality (0: none).

    `crease_mm` is the sigma of the height of sharp creases, `flapping` a lower half that swings loose in the wind, `curled` a lower
    edge that rolls up, `tied` a necktie over the bib, `jacket_m` how much of the bib's width an open jacket shows (0: no jacket).
    `bare` is the share of runners without a bib; `apart` lets nobody run through anybody near the line. `walking` draws legs, arms and a street. `abreast` runners side by side make a row (0: everybody alone). `mirrored` and
    `turned_deg` are the camera's. `speed_mps` are the slowest and the fastest runner's.

    A bib may have a corner `folded_m` over, be `torn`, `soaked` to a share, or `glossy`. The light may come from behind (`backlit`),
    the exposure change by a power of e (`pumping`), the `lamps` flicker. The lens may bend straight lines (`barrel`: by so much at half
    the width), have `drops` on it, or hunt for its focus up to `hunting_px`; the mast may be `shaken` (1: by about 10 px). `h264_kbps`
    is the rate of a film that the camera compresses (0: none).
    """

    wrinkle_mm: float = 0.8
    arms: float = 0.25
    lens_px: float = 0.65
    noise: float = 3.0
    light: float = 1.0
    jpeg: int = 85
    bounce: bool = True
    round_body: bool = True
    crease_mm: float = 0.0
    flapping: bool = False
    curled: bool = False
    tied: bool = False
    jacket_m: float = 0.0
    walking: bool = False
    abreast: int = 0
    mirrored: bool = False
    turned_deg: float = 0.0
    bare: float = 0.0
    apart: bool = False
    speed_mps: tuple[float, float] = SPEED_MPS
    folded_m: float = 0.0
    torn: bool = False
    soaked: float = 0.0
    glossy: bool = False
    backlit: bool = False
    pumping: float = 0.0
    lamps: bool = False
    barrel: float = 0.0
    drops: int = 0
    hunting_px: float = 0.0
    shaken: float = 0.0
    h264_kbps: int = 0


DAY: Final = Conditions()
DUSK: Final = Conditions(light=0.12, noise=9.0)
"""An eighth of the light, and the gain's noise with it."""

FLAT: Final = Conditions(wrinkle_mm=0, arms=0, lens_px=0, noise=0, jpeg=0, bounce=False, round_body=False)
"""Every effect off, the beginning of a look at each of them alone."""


def stream(run: int, runner: int, effect: Effect, frame: int = 0) -> np.random.Generator:
    """The chance of one effect for one runner of one run; what differs from frame to frame takes the frame's number too."""
    return np.random.default_rng([run, runner, EFFECTS.index(effect), frame])
