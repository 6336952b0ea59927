"""How much the fault tests do: little in `make test`, much in `make soak`, and with which seeds."""

import os
from typing import Final

SOAK: Final = int(os.environ.get("MARATHON_SOAK") or 0)
"""`make soak` sets it to 1; 10 does ten times as much again."""
SEED: Final = int(os.environ.get("MARATHON_SEED") or 20)
"""Every fault test draws its chance from here, so that a failure can be had again."""


def scaled(quick: int, soak: int) -> int:
    return soak * SOAK or quick
