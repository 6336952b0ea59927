"""`make bench-reading`: whom the station reads on synthetic frames of a race, beside what others would use, in one run.

Writes docs/benchmarks/reading.md. Each part keeps its figures in out/reading, so that one part can be run again alone; what is not there stays on the page as it was:
`make bench-reading ARGS="films times"`, `ARGS=live` (on a quiet machine) is the real station before a stream, and `ARGS=page` only writes the page again; `ARGS=--long` draws more passes and the full 100,000 frames of clutter.
`ARGS="film DIR"` writes one film with its truth and `ARGS="look FILE"` a picture of every effect, to look at before trusting
any number. With `MARATHON_BEFORE=CHECKOUT` an earlier station watches the films in many conditions too
(`git worktree add --detach CHECKOUT COMMIT`).
"""

import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import cv2
import msgspec

from benchmarks import (
    reading_clutter,
    reading_conditions,
    reading_films,
    reading_layouts,
    reading_live,
    reading_passes,
    reading_people,
    reading_times,
)
from benchmarks.engines import checked_engines
from benchmarks.frames.conditions import DAY, WIDE
from benchmarks.frames.crowd import Crowd
from benchmarks.reading_page import Figures, page
from benchmarks.reading_work import Scale
from benchmarks.sampler import sampler

WRITE: Final = "page"
ROOT: Final = Path(__file__).parents[1]
PAGE: Final = ROOT / "docs" / "benchmarks" / "reading.md"
KEPT: Final = ROOT / "out" / "reading"

PARTS: Final[dict[str, Callable[[Scale], Any]]] = {
    "live": reading_live.measured,  # these two first: nobody else may be at work
    "times": reading_times.measured,
    "passes": reading_passes.measured,
    "glances": reading_passes.glanced,
    "films": reading_films.measured,
    "conditions": reading_conditions.measured,
    "layouts": reading_layouts.measured,
    "people": reading_people.measured,
    "clutter": reading_clutter.measured,
}


def main(arguments: Sequence[str]) -> None:
    """Measure, print and write the page; or make something to look at."""
    asked = _asked(arguments)
    cv2.setNumThreads(1)
    if asked.parts[:1] == ["film"]:
        Crowd(asked.run, asked.runners, WIDE, DAY).write(Path(asked.parts[1]))
    elif asked.parts[:1] == ["look"]:
        cv2.imwrite(asked.parts[1], sampler(asked.run), [cv2.IMWRITE_JPEG_QUALITY, 70])
    else:
        _measure(asked)


def _measure(asked: Namespace) -> None:
    scale = Scale(asked.run, 4 if asked.long else 1, asked.clutter or (100_000 if asked.long else 5_000))
    KEPT.mkdir(parents=True, exist_ok=True)
    checked_engines(asked.run)
    for name in (name for name in asked.parts or PARTS if name != WRITE):
        found = PARTS[name](scale)
        (KEPT / f"{name}.json").write_bytes(msgspec.json.encode(found))
    text = page(Figures.read(KEPT), PAGE.read_text(encoding="utf-8") if PAGE.exists() else "")
    PAGE.write_text(text, encoding="utf-8")
    print(text)


def _asked(arguments: Sequence[str]) -> Namespace:
    parser = ArgumentParser(prog="make bench-reading", description=__doc__)
    parser.add_argument("parts", nargs="*", help=f"{', '.join(PARTS)}; or film DIR, or look FILE")
    parser.add_argument("--run", type=int, default=1, help="another number draws other runners, wrinkles and frames")
    parser.add_argument("--long", action="store_true", help="four times the passes, and 100,000 frames of clutter")
    parser.add_argument("--clutter", type=int, help="so many frames of clutter")
    parser.add_argument("--runners", type=int, default=30, help="of the film")
    asked = parser.parse_args(arguments)
    if asked.parts[:1] not in (["film"], ["look"]) and not set(asked.parts) <= {*PARTS, WRITE}:
        parser.error(f"parts are {', '.join(PARTS)}")
    return asked


if __name__ == "__main__":
    main(sys.argv[1:])
