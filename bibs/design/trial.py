"""Measures how well a firm's QR is read under damage, against plain black of the same size and level.

The damage is that of a line on a poor day: few pixels a module, blur, noise, a bib turned away, dull light. Each sample draws its
damage from its own number, so every design meets the same; a ratio then compares designs and no luck.
"""

import math
import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from PIL import Image, ImageFilter

from bibs.design.gate import SAMPLES
from bibs.design.look import Look
from bibs.design.picture import code_pictures
from bibs.drawing.pages import Picture
from timing.codes import bib_url, new_code
from timing.firms import Scores

Decode = Callable[[Picture], Sequence[str]]
Readers = Mapping[str, Decode]
"""Decoders by name, as in `bibs.design.gate.RATIO_LEAST`."""

TEXTS: Final = 20
DOTS_PER_MODULE: Final = 12
FINER: Final = 3  # a pixel of the camera is the mean of so many squared
TURN: Final = math.radians(25)
FAR: Final = 5.0  # from the camera to the code, in widths of the code
AROUND: Final = 1.3  # the picture's side, in widths of the code and its quiet zone
GREY: Final = 128  # of what surrounds the code
SQUARE: Final = ((-1, -1), (1, -1), (1, 1), (-1, 1))
DULL, LIFT = 0.62, 45  # the light of a dull day: what is left of the contrast, and the darkest grey


@dataclass(frozen=True, slots=True)
class Damage:
    """What happens to one picture; lengths in pixels of the camera."""

    module: float
    blur: float
    noise: float
    turn: float
    shift: tuple[float, float]
    grain: int


def damage(number: int) -> Damage:
    """The damage of one sample, the same whenever it is asked for."""
    chance = np.random.default_rng([20_260_903, number])
    module = math.exp(chance.uniform(math.log(1.6), math.log(4)))  # as a code grows on its way to the camera
    return Damage(
        module,
        float(chance.uniform(0, 0.65)) * module,
        float(chance.choice([4, 12])),
        float(chance.choice([-TURN, 0, 0, TURN])),
        (float(chance.uniform()), float(chance.uniform())),
        int(chance.integers(1 << 31)),
    )


def trial_texts(host: str) -> list[str]:
    """What the codes of a trial say: as long as a bib's, and always the same."""
    chance = np.random.default_rng(20_260_903)
    return [bib_url(host, new_code(lambda bits: int(chance.integers(1 << bits)))) for _ in range(TEXTS)]


def measure(
    look: Look, texts: Sequence[str], readers: Readers, step: Callable[[int], object], samples: int = SAMPLES
) -> Scores:
    """How many damaged pictures of the texts' codes each reader reads, as a share of what it reads of plain black.

    `step` is told how many of the `2 * samples` pictures have been looked at since it was told last.
    """
    side = len(look.modules(texts[0]))
    ours = reads(code_pictures(look, texts, DOTS_PER_MODULE), texts, readers, step, samples)
    plain = Look(level_h=look.strong)
    black = reads(code_pictures(plain, texts, DOTS_PER_MODULE), texts, readers, step, samples)
    ratios = {name: round(ours[name] / max(black[name], 1), 3) for name in readers}
    return Scores(ratios, samples, look.digest(side))


def reads(
    codes: Iterable[Picture], texts: Sequence[str], readers: Readers, step: Callable[[int], object], samples: int
) -> dict[str, int]:
    """In how many samples each reader finds the right text; `codes` are the texts' pictures in blue, green and red."""
    clean = [Image.fromarray(code[..., ::-1]).convert("L") for code in codes]

    def look_at(number: int) -> list[bool]:
        at = number % len(texts)
        seen = damaged(clean[at], damage(number))
        return [texts[at] in decode(seen) for decode in readers.values()]

    right = dict.fromkeys(readers, 0)
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(look_at, range(samples)):
            step(1)
            for name, hit in zip(readers, found, strict=True):
                right[name] += hit
    return right


def damaged(code: Image.Image, harm: Damage) -> Picture:
    """What a camera sees of a code in grey."""
    wide = code.width / DOTS_PER_MODULE * harm.module
    side = math.ceil(wide * AROUND) + 1
    corners = [_seen(across * wide / 2, down * wide / 2, wide, harm.turn) for across, down in SQUARE]
    middle = side / 2
    spots = [((x + middle + harm.shift[0]) * FINER, (y + middle + harm.shift[1]) * FINER) for x, y in corners]
    fine = code.transform(
        (side * FINER, side * FINER),
        Image.Transform.PERSPECTIVE,
        _plane(spots, code.width),
        Image.Resampling.BILINEAR,
        fillcolor=GREY,
    )
    soft = fine.reduce(FINER).filter(ImageFilter.GaussianBlur(harm.blur))
    grain = np.random.default_rng(harm.grain).normal(0, harm.noise, (side, side))
    return np.clip(np.asarray(soft, np.float32) * DULL + LIFT + grain, 0, 255).astype(np.uint8)


def _seen(x: float, y: float, wide: float, turn: float) -> tuple[float, float]:
    """Where a spot of a code that is turned about its upright axis appears; its middle keeps its size."""
    depth = FAR * wide
    nearer = depth / (depth + x * math.sin(turn))
    return x * math.cos(turn) * nearer, y * nearer


def _plane(spots: Sequence[tuple[float, float]], side: int) -> list[float]:
    """The eight numbers by which Pillow finds, for a spot of the new picture, where it lies in the old one."""
    rows, wanted = [], []
    for (x, y), (across, down) in zip(spots, SQUARE, strict=True):
        u, v = (across + 1) / 2 * side, (down + 1) / 2 * side
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        wanted += [u, v]
    return [float(number) for number in np.linalg.solve(np.array(rows), np.array(wanted))]
