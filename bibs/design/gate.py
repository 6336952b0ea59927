"""The gate for a firm's QR: which designs may be printed, in numbers. Pure.

A design that reads when clean may still fail at the line, so a design is held against plain black under the same damage. The
numbers come from trials of some thirty designs with two decoders.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import msgspec

from timing.errors import RaceError, WrongUse
from timing.firms import LOGO_PERCENT, Design, Scores
from timing.language import Text, _, listed

CONTRAST_LEAST: Final = 4.5
CONTRAST_ADVISED: Final = 7.0
LOGO_LEAST: Final = 5
RATIO_LEAST: Final[Mapping[str, float]] = {"zxing": 0.80, "zbar": 0.75}
"""Of what plain black of the same size and level gives, per decoder."""
SAMPLES: Final = 600
"""With fewer, chance moves the ratio as far as the margin: at 100 by a tenth."""
GATE: Final = 1
"""The version of this gate; a newer one measures every design anew."""

Inks = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing to say about a design."""

    text: Text


class DesignRefused(RaceError):
    """The design would cost runners their times, so it is not printed."""

    def __init__(self, findings: list[Finding]) -> None:
        super().__init__(
            _(
                "this QR design might not be read at the line and was refused: {found}",
                found=listed((one.text for one in findings), "; "),
            ),
        )


def colour_of(text: str) -> str:
    """A colour as `#RRGGBB`.

    Raises:
        WrongUse: it is none.
    """
    if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", text.strip()):
        raise WrongUse(
            _("{text!r} is no colour; write it like '#0B4F8A', quoted because of the #", text=text),
        )
    return "#" + text.strip().lstrip("#").upper()


def channels(colour: str) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1.

    >>> channels("#FF0033")
    (1.0, 0.0, 0.2)
    """
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def inks(light: Sequence[float]) -> Inks:
    """Cyan, magenta, yellow and black for red, green and blue from 0 to 1; grey is black alone and stays in register.

    >>> inks((0, 0, 0)), inks((1, 1, 1)), inks((0, 0.5, 0.5))
    ((0.0, 0.0, 0.0, 1.0), (0.0, 0.0, 0.0, 0.0), (1.0, 0.0, 0.0, 0.5))
    """
    lightest = max(light)
    if not lightest:
        return 0.0, 0.0, 0.0, 1.0
    cyan, magenta, yellow = (round(1 - channel / lightest, 3) for channel in light)
    return cyan, magenta, yellow, round(1.0 - lightest, 3)


def luminance(colour: str) -> float:
    """Relative luminance after WCAG 2, from 0 (black) to 1 (white)."""
    red, green, blue = (
        channel / 12.92 if channel <= 0.04045 else ((channel + 0.055) / 1.055) ** 2.4 for channel in channels(colour)
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """The contrast of two colours after WCAG 2, from 1 to 21.

    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    darker, lighter = sorted((luminance(one), luminance(other)))
    return round((lighter + 0.05) / (darker + 0.05), 2)


def refusals(design: Design) -> Iterator[Finding]:
    """What forbids the design without any measuring."""
    found = contrast(design.colour, design.ground)
    if luminance(design.colour) > luminance(design.ground):
        yield Finding(
            _(
                "light modules on a dark ground ({colour} on {ground}): many readers read none; swap the two",
                colour=design.colour,
                ground=design.ground,
            ),
        )
    if found < CONTRAST_LEAST:
        yield Finding(
            _(
                "the contrast is {found:.1f}, at least {contrast_least} is needed; choose a darker colour",
                found=found,
                contrast_least=CONTRAST_LEAST,
            ),
        )
    if design.logo and not LOGO_LEAST <= design.logo_percent <= LOGO_PERCENT:
        yield Finding(
            _(
                "the logo takes {logo_percent} percent of the QR's width, {logo_least} to {logo_percent2} percent are allowed",
                logo_percent=design.logo_percent,
                logo_least=LOGO_LEAST,
                logo_percent2=LOGO_PERCENT,
            ),
        )


def advice(design: Design) -> Iterator[Finding]:
    """What the organiser should know about a design that may be printed."""
    found = contrast(design.colour, design.ground)
    if CONTRAST_LEAST <= found < CONTRAST_ADVISED:
        yield Finding(
            _(
                "the contrast is {found:.1f}; {contrast_advised:g} or more is advised for rain and shade",
                found=found,
                contrast_advised=CONTRAST_ADVISED,
            ),
        )


def fragile(scores: Scores) -> Iterator[Finding]:
    """Which decoders read too few of the damaged pictures."""
    for decoder, least in RATIO_LEAST.items():
        ratio = scores.ratios[decoder]
        if ratio < least:
            yield Finding(
                _(
                    "in {samples} damaged pictures {decoder} read {ratio:.2f} of what it reads of plain black, at least {least:.2f} is needed",
                    samples=scores.samples,
                    decoder=decoder,
                    ratio=ratio,
                    least=least,
                ),
            )


def told(scores: Scores) -> str:
    """The measured ratios with their limits: `zxing 0.97 (≥ 0.80), zbar 0.88 (≥ 0.75)`."""
    return ", ".join(f"{name} {scores.ratios[name]:.2f} (≥ {least:.2f})" for name, least in RATIO_LEAST.items())


def digest_of(design: Design, logo: bytes, side: int) -> str:
    """What a measurement is good for: this design, this logo by its bytes, a symbol of so many modules, this gate."""
    look = msgspec.json.encode((GATE, side, msgspec.structs.replace(design, scores=None, logo="")))
    return hashlib.sha256(look + hashlib.sha256(logo).digest()).hexdigest()


def passed(design: Design, digest: str) -> bool:
    """Whether the design of this digest was measured, and was good enough."""
    scores = design.scores
    if scores is None or scores.digest != digest or scores.samples < SAMPLES:
        return False
    return not any(refusals(design)) and not any(fragile(scores))
