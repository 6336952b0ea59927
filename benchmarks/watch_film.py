"""Lets the station of one checkout watch one film from disk: `python -P watch_film.py FOLDER RUN FPS`, the checkout on PYTHONPATH.

Prints JSON: the texts of codes, the bibs by mark, and the milliseconds of the processor for each frame. Stands alone, so that an
earlier checkout can be measured by it too.
"""

import json
import os
import sys
from pathlib import Path
from time import thread_time

os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import cv2
import numpy as np

from benchmarks.engines import Station
from benchmarks.frames.printed import Field


def main(folder: Path, run: int, fps: int) -> None:
    """Watch, and print what was seen."""
    cv2.setNumThreads(1)
    station, taken = Station(Field.of(run).roster), list[float]()
    for file in sorted(folder.glob("*.jpg")):
        picture = np.asarray(cv2.imread(str(file), cv2.IMREAD_GRAYSCALE), np.uint8)
        began = thread_time()
        station.look(picture, fps)
        taken.append(round(1e3 * (thread_time() - began), 2))
    station.close()
    print(json.dumps({"texts": sorted(station.by_code), "marks": sorted(station.by_mark), "ms": taken}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))
