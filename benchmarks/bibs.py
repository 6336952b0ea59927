"""`make bench-bibs`: the same bibs by ours, typst and fpdf2; the proof, the bytes, and the memory of a large field.

Writes docs/benchmarks/bibs.md. Nothing here judges a test: machines differ, and so do their quiet hours.
"""

import gc
import platform
import subprocess
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final
from unittest.mock import patch

import bibs.design.qr_style
from benchmarks import by_fpdf2, by_typst
from benchmarks.machine import hardware, versions
from benchmarks.many_bibs import prove_people
from benchmarks.measure import Line, alternate, as_times, ratios, spread, table, taken_s
from benchmarks.printed import OCCASION, PlainPage, encoded, firms, in_order, plain_pages
from bibs.drawing.sheet import FirmPacket, draw_mixed

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "bibs.md"
PEOPLE: Final = 2_500
MANY: Final = 20_000
ROUNDS: Final = 5
TYPST_GOAL, FPDF2_GOAL, PROOF_GOAL = 1.0, 0.6, 1.0
BYTES_GOAL, MIB_GOAL = 2_000, 300


@dataclass(slots=True)
class Contest:
    """The engines on fields of the same size; each round prints other people, so that no engine lives on what it remembers."""

    folder: Path
    sizes: dict[str, int] = field(default_factory=dict)
    _fields: dict[int, list[FirmPacket]] = field(default_factory=dict)
    _pages: dict[int, list[PlainPage]] = field(default_factory=dict)
    _turns: dict[str, int] = field(default_factory=dict)

    def ours(self) -> float:
        seed = self._turn("ours")
        return self._timed("ours", lambda file: self._draw(file, seed))

    def typst(self) -> float:
        pages = self._pages[self._turn("typst")]
        return self._timed("typst", lambda file: by_typst.draw(file, pages))

    def fpdf2(self) -> float:
        pages = self._pages[self._turn("fpdf2")]
        return self._timed("fpdf2", lambda file: by_fpdf2.draw(file, pages))

    def proof(self) -> float:
        """Every page of ours read back: by the station's decoder, the second one where it is installed, and the reader of marks."""
        return self._proved("proof", second=True)

    def proof_by_one(self) -> float:
        """The same without the second decoder."""
        return self._proved("proof_by_one", second=False)

    def _proved(self, name: str, second: bool) -> float:
        seed = self._turn(name)
        file = self.folder / f"proved-{seed}.pdf"
        if not file.exists():
            self._draw(file, seed)
        people = in_order(self._fields[seed])
        return taken_s(lambda: prove_people(file, people, second))

    def _draw(self, file: Path, seed: int) -> None:
        draw_mixed(file, in_order(self._fields[seed]), "bench", OCCASION)

    def _timed(self, name: str, draw: Callable[[Path], None]) -> float:
        file = self.folder / f"{name}.pdf"
        found = taken_s(lambda: draw(file))
        self.sizes[name] = file.stat().st_size
        return found

    def _turn(self, name: str) -> int:
        """The next field for this engine; made, and its codes encoded, when the first of them comes to it."""
        seed = self._turns[name] = self._turns.get(name, 0) + 1
        if seed not in self._fields:
            encoded.cache_clear()
            self._fields = {seed: firms(PEOPLE, seed)}
            self._pages = {seed: plain_pages(self._fields[seed])}
        gc.collect()
        gc.freeze()  # what waits for its turn is no work of the engine that has it
        return seed


def measured(folder: Path) -> list[Line]:
    """Every row."""
    contest = Contest(folder)
    engines = (contest.ours, contest.typst, contest.fpdf2, contest.proof, contest.proof_by_one)
    with patch.object(bibs.design.qr_style, "modules", encoded):
        found = alternate({one.__name__: one for one in engines}, ROUNDS)
    ours, pages = found["ours"], f"{PEOPLE:,} pages"
    lines = [
        _against(f"drawing {pages}; beside it typst", ours, found["typst"], TYPST_GOAL),
        _against(f"drawing {pages}; beside it fpdf2", ours, found["fpdf2"], FPDF2_GOAL),
        _against(f"the proof of {pages}, two decoders; beside it their drawing", found["proof"], ours, PROOF_GOAL),
        _against(
            f"the proof of {pages}, one decoder; beside it their drawing", found["proof_by_one"], ours, PROOF_GOAL
        ),
    ]
    mine = contest.sizes["ours"] / PEOPLE
    for other in ("typst", "fpdf2"):
        theirs = contest.sizes[other] / PEOPLE
        lines.append(
            Line(
                f"bytes a bib; beside it {other}",
                f"{mine:,.0f} B",
                f"{theirs:,.0f} B",
                f"{mine / theirs:.2f} x",
                f"at most {BYTES_GOAL:,} B",
                mine <= BYTES_GOAL,
            )
        )
    return [*lines, *_memory()]


def _against(work: str, mine: Sequence[float], other: Sequence[float], goal: float) -> Line:
    ratio = ratios(mine, other)
    return Line(
        work,
        as_times(spread(mine)),
        as_times(spread(other)),
        f"{ratio.said()} x",
        f"at most {goal:g}x",
        ratio.middle <= goal,
    )


def _memory() -> list[Line]:
    """What a process of its own took at most."""
    command = [sys.executable, "-m", "benchmarks.many_bibs", str(MANY)]
    told = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    before, drawing, proof = (float(figure) for figure in told)
    works = (("drawn into one file", drawing), ("drawn and proved", proof))
    return [
        Line(
            f"peak memory, {MANY:,} bibs {work}; beside it before drawing",
            f"{mib:,.0f} MiB",
            f"{before:,.0f} MiB",
            f"{mib / before:.2f} x",
            f"under {MIB_GOAL} MiB",
            mib < MIB_GOAL,
        )
        for work, mib in works
    ]


def page(lines: Sequence[Line]) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 배번 인쇄의 속도 / The bibs' speed",
            "",
            "`make bench-bibs`가 이 쪽을 씁니다. 모두 같은 실행에서 번갈아 재고, 가운데값과 (가장 작은 값-가장 큰 값)을 적습니다. /",
            "Written by `make bench-bibs`. Contenders take turns in one run; a figure is the median of its rounds with",
            "(least-most), a ratio the median of the ratios round by round.",
            "",
            f"- {hardware()}",
            f"- Python {platform.python_version()}",
            f"- {versions('reportlab', 'typst', 'fpdf2', 'qrcode', 'pypdfium2', 'zxing-cpp', 'pyzbar')}",
            "",
            *table(lines),
            "",
            NOTES,
        ]
    )


NOTES = """\
## How to read it

- **The same pages.** The default layout of 240 x 200 mm: band, foot and holes, firm, race, number, name, team, typed code, the QR
  and the mark as vectors, in the same Korean faces, embedded and cut down to what is used; 100 firms of 25 people in one file.
  QR symbols are encoded beforehand for all; from there to the finished file is timed, for typst the JSON included. Each round
  prints other people: typst remembers what it has set before, and no race prints the same bibs five times.
- **Ours** also fits every text to its box, looks for characters that the fonts lack, and stores a firm's artwork once for its 25
  bibs. The others were given sizes and places worked out beforehand.
- **The proof** renders every page and holds the QR, the mark and the text in five boxes against the data. `marathon bibs` uses two
  decoders where the second is installed.
- **Memory** is the most that a process of its own held, with all bibs in one file; `marathon bibs` writes a file for each firm
  and needs less.
"""


def main() -> None:
    """Measure, print and write the page."""
    with TemporaryDirectory(prefix="bench-bibs-") as folder:
        text = page(measured(Path(folder)))
    gc.unfreeze()  # or the decoder's binding complains at the end of what is left
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
