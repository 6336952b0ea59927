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

    korean: str
    english: str


class DesignRefused(RaceError):
    """The design would cost runners their times, so it is not printed."""

    def __init__(self, findings: list[Finding]) -> None:
        korean = "; ".join(finding.korean for finding in findings)
        english = "; ".join(finding.english for finding in findings)
        super().__init__(
            f"이 QR 디자인은 결승선에서 읽히지 않을 수 있어 받지 않았습니다. {korean}",
            f"this QR design might not be read at the line and was refused: {english}",
        )


def colour_of(text: str) -> str:
    """A colour as `#RRGGBB`.

    Raises:
        WrongUse: it is none.
    """
    if not re.fullmatch(r"#?[0-9A-Fa-f]{6}", text.strip()):
        raise WrongUse(
            f"{text!r}은(는) 색이 아닙니다. '#0B4F8A'처럼 적으세요(#이 있으면 따옴표로 묶으세요)",
            f"{text!r} is no colour; write it like '#0B4F8A', quoted because of the #",
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
            f"밝은 무늬를 어두운 바탕에 두었습니다({design.colour} / {design.ground}): 많은 판독기가 전혀 읽지 못합니다. 두 색을 바꾸세요",
            f"light modules on a dark ground ({design.colour} on {design.ground}): many readers read none; swap the two",
        )
    if found < CONTRAST_LEAST:
        yield Finding(
            f"색의 대비가 {found:.1f}입니다. {CONTRAST_LEAST} 이상이어야 합니다. 더 어두운 색을 고르세요",
            f"the contrast is {found:.1f}, at least {CONTRAST_LEAST} is needed; choose a darker colour",
        )
    if design.logo and not LOGO_LEAST <= design.logo_percent <= LOGO_PERCENT:
        yield Finding(
            f"로고가 QR 너비의 {design.logo_percent}%입니다. {LOGO_LEAST}~{LOGO_PERCENT}%여야 합니다",
            f"the logo takes {design.logo_percent} % of the QR's width, {LOGO_LEAST} to {LOGO_PERCENT} % are allowed",
        )


def advice(design: Design) -> Iterator[Finding]:
    """What the organiser should know about a design that may be printed."""
    found = contrast(design.colour, design.ground)
    if CONTRAST_LEAST <= found < CONTRAST_ADVISED:
        yield Finding(
            f"색의 대비가 {found:.1f}입니다. 비와 그늘에도 잘 읽히려면 {CONTRAST_ADVISED:g} 이상을 권합니다",
            f"the contrast is {found:.1f}; {CONTRAST_ADVISED:g} or more is advised for rain and shade",
        )


def fragile(scores: Scores) -> Iterator[Finding]:
    """Which decoders read too few of the damaged pictures."""
    for decoder, least in RATIO_LEAST.items():
        ratio = scores.ratios[decoder]
        if ratio < least:
            yield Finding(
                f"상한 사진 {scores.samples}장에서 {decoder} 판독기가 까만 QR의 {ratio:.2f}배만 읽었습니다. {least:.2f} 이상이어야 합니다",
                f"in {scores.samples} damaged pictures {decoder} read {ratio:.2f} of what it reads of plain black, "
                f"at least {least:.2f} is needed",
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
