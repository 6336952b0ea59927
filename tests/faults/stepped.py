"""The `marathon` program on a machine whose wall clock is set by whoever writes seconds into a file; the machine's count goes on.

The first argument is the file, the others are the program's. Where the second is `--forgetful`, a server knows nothing of the time
before it was started: every test that this is a nemesis for must fail then.
"""

import sys
import time
from contextlib import suppress
from pathlib import Path

from timing import timekeeper
from timing.race.instants import SECOND


def set_by(file: Path) -> int:
    """How far the wall clock stands from the true time, in nanoseconds."""
    with suppress(OSError, ValueError):
        return round(float(file.read_text(encoding="ascii")) * SECOND) * 1_000
    return 0


def main(file: Path) -> None:
    true = time.time_ns
    time.time_ns = lambda: true() + set_by(file)
    if "--forgetful" in sys.argv:
        sys.argv.remove("--forgetful")
        timekeeper.Timekeeper.go_on = lambda _: False  # type: ignore[method-assign,assignment]
    from marathon import main as marathon

    sys.exit(marathon())


if __name__ == "__main__":
    main(Path(sys.argv.pop(1)))
