"""The work of the reading benchmark in portions, on all cores, each with one thread."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from typing import TypeVar

import cv2

Portion = TypeVar("Portion")
Found = TypeVar("Found")


@dataclass(frozen=True, slots=True)
class Scale:
    """Which chances are drawn, how many times the usual passes, and how many frames of clutter."""

    run: int
    times: int
    clutter: int


def shared_out(work: Callable[[Portion], Found], portions: Iterable[Portion], what: str) -> Iterator[Found]:
    """What each portion brought, as they are done; how far it is stands on stderr."""
    with ProcessPoolExecutor(os.cpu_count(), initializer=cv2.setNumThreads, initargs=(1,)) as pool:
        asked = [pool.submit(work, portion) for portion in portions]
        for number, done in enumerate(as_completed(asked), start=1):
            print(f"\r{what}: {number}/{len(asked)} ", end="", file=sys.stderr, flush=True)
            yield done.result()
    print(file=sys.stderr)
