"""Clothing and appearance of the people in a synthetic film."""

from dataclasses import dataclass
from typing import Final

import numpy as np

Colour = tuple[float, float, float]
"""Blue, green, red."""

SHIRTS: Final[tuple[Colour, ...]] = (
    (150, 74, 36), (60, 60, 190), (70, 140, 60), (40, 150, 226), (140, 60, 120),
    (150, 140, 40), (70, 70, 76), (110, 90, 220), (180, 130, 70), (50, 110, 150),
)  # fmt: skip
SHORTS: Final[tuple[Colour, ...]] = ((60, 52, 48), (96, 66, 44), (70, 70, 74), (44, 44, 60))
SHOES: Final[tuple[Colour, ...]] = ((60, 60, 220), (210, 210, 214), (60, 200, 230), (190, 110, 50), (60, 60, 64))
SKINS: Final[tuple[Colour, ...]] = ((150, 182, 222), (130, 164, 208), (112, 146, 190), (84, 116, 164))
HAIRS: Final[tuple[Colour, ...]] = ((30, 30, 34), (38, 46, 62), (60, 66, 74), (24, 28, 44))
CAPS: Final[tuple[Colour, ...]] = ((228, 228, 230), (150, 74, 36), (50, 50, 180))


@dataclass(frozen=True, slots=True)
class Clothing:
    """A person's clothing and appearance."""

    shirt: Colour
    shorts: Colour
    shoes: Colour
    skin: Colour
    hair: Colour
    cap: Colour | None
    long_hair: bool

    @classmethod
    def of(cls, rng: np.random.Generator) -> "Clothing":
        tones = [tones[rng.integers(len(tones))] for tones in (SHIRTS, SHORTS, SHOES, SKINS, HAIRS, CAPS)]
        shirt, shorts, shoes, skin, hair, cap = tones
        return cls(shirt, shorts, shoes, skin, hair, cap if rng.random() < 0.3 else None, bool(rng.random() < 0.4))


def shade(colour: Colour, factor: float) -> Colour:
    return colour[0] * factor, colour[1] * factor, colour[2] * factor
