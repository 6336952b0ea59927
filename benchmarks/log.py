"""`make bench-log`: how quick the log and its projections are, beside what others would use, in one run on this machine.

Writes docs/benchmarks/log.md. Nothing here judges a test: machines differ, and so do their quiet hours.
"""

import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from benchmarks import append, postgres, rebuild
from benchmarks.machine import described
from benchmarks.measure import Line, table

PAGE = Path(__file__).parents[1] / "docs" / "benchmarks" / "log.md"
SIZES = (2_500, 150_000)
MILLION = 999_999
"""As many as there are bib numbers."""


def measured(million: bool) -> tuple[list[Line], list[str]]:
    """Every row, and the machine."""
    with TemporaryDirectory() as folder:
        lines = [*append.over_http(Path(folder)), *append.chain_shares(Path(folder))]
        on_postgres, version = postgres.four_writers()
        machine = described(Path(folder), version)
    lines.append(on_postgres)
    sizes = (*SIZES, MILLION) if million else SIZES
    return [*lines, *map(rebuild.rebuilt, sizes)], machine


def page(lines: Sequence[Line], machine: Sequence[str]) -> str:
    """The page, without host names and paths."""
    return "\n".join(
        [
            "# 기록의 속도 / The log's speed",
            "",
            "`make bench-log`이 이 쪽을 씁니다. 두 쪽을 같은 실행에서 번갈아 재고, 가운데값과 (가장 작은 값-가장 큰 값)을 적습니다. /",
            "Written by `make bench-log` (`ARGS=--million` adds the largest field). Contenders take turns in one run; a figure is the",
            "median of its rounds with (least-most), a ratio the median of the ratios round by round.",
            "",
            *(f"- {line}" for line in machine),
            "",
            *table(lines),
            "",
            NOTES,
        ]
    )


NOTES = """\
## How to read it

- **HTTP.** One station, a process of its own for the server with the product's whole app (board, follower, intake). The client
  is the product's uplink; like the uploader it sends the next batch only after the answer to the one before. The naive server
  is the same app, but a request carries one scan and commits it where it arrives.
- **The eventsourcing library** gets the same bytes and is called directly: no HTTP, no judgement of resent or forked items, no
  hash chain, no check of what is sent. The PostgreSQL server flushes every commit for both.
- **Rebuild.** Ours begins with bytes in SQLite and ends with every judged row, place and group ranking, a reason for each scan
  included. polars begins with columns of numbers in memory, whose making is not timed, and knows no reasons. Both tables were
  compared and are equal. The parts are medians of their own runs and need not sum up.
- **Chain.** Appends with the real hashes and with hashing replaced by a constant take turns one by one. Flushes vary by more
  than hashing costs: a share whose spread reaches below zero only says that the share is small.

## Where a goal is missed, and why

- **HTTP against a direct call**: one sequential station pays a whole round trip through a web server, two threads and a client,
  all in Python, for each 20 scans; the library pays one flush. Batches of 500, which the uploader sends when scans have piled
  up, share that round trip.
- **Rebuild against polars**: SQLite's rows become Python objects and JSON becomes facts before the first scan is judged; these
  two steps alone take longer than polars' whole work, and each runner is then judged in Python with a reason for every scan.
  The board does not wait for it: it rebuilds once when it starts, and judges again only whom a later
  fact concerns (`docs/benchmarks/board.md`).
- **PostgreSQL**: positions without gaps want one lock for each race, held to the commit; the other recorder locks its table
  likewise. While ours holds it, the lineages are checked, the facts chained in Python, and facts and heads written.
"""


def main(arguments: Sequence[str]) -> None:
    """Measure, print and write the page."""
    text = page(*measured("--million" in arguments))
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(text, encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main(sys.argv[1:])
