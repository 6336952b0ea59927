"""A picture of every effect alone, of all together at growing distances and exposures, and of a whole frame: look before you count."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

import cv2
import numpy as np

from benchmarks.frames.clutter import clutter
from benchmarks.frames.conditions import DAY, DUSK, FLAT, WIDE, Conditions, Grey
from benchmarks.frames.crowd import Crowd
from benchmarks.frames.passes import Pass
from benchmarks.frames.printed import LARGE, Field
from benchmarks.frames.settings import SETTINGS, FilmSetting

TILE: Final = (176, 156)
DISTANCES_M: Final = (1.0, 1.5, 2.0, 2.5, 3.0, 4.0, 5.0, 6.0)
LINE_M: Final = 2.5
ABREAST: Final = 6
"""Films in many conditions, of which one frame each stands in a row."""
SEEN: Final = replace(FLAT, lens_px=0.65, noise=3, jpeg=85)
STEPS: Final[dict[str, Conditions]] = {
    "flat": FLAT,
    "lens": replace(FLAT, lens_px=0.65),
    "noise, JPEG": SEEN,
    "chest": replace(SEEN, round_body=True),
    "bounce": replace(SEEN, round_body=True, bounce=True),
    "wrinkle": replace(DAY, arms=0, wrinkle_mm=3),
    "arm": replace(DAY, arms=1),
    "low light": DUSK,
}


def sampler(run: int) -> Grey:
    """Rows of tiles: a frame of a busy film and three of clutter, and one of each film in many conditions."""
    field = Field.of(run)
    worn, large = field.wear([1, 2, 3, 4]), field.wear([5], LARGE)[0]
    rows = [
        [_tile(Pass(worn[at], run, at + 1, WIDE, conditions), 1.6, name) for name, conditions in STEPS.items()]
        for at in (2, 3)
    ]
    for exposure in (500, 250, 120):
        camera = replace(WIDE, exposure_s=1 / exposure)
        rows.append(
            [_tile(Pass(worn[2], run, 3, camera, DAY), far, f"1/{exposure} s, {far:g} m") for far in DISTANCES_M]
        )
    rows.append([_tile(Pass(large, run, 5, WIDE, DAY), far, f"12 cm, {far:g} m") for far in DISTANCES_M])
    width = TILE[0] * len(DISTANCES_M)
    return np.vstack([*(np.hstack(row) for row in rows), _frames(run, width), *_conditions(run, width)])


def _tile(one: Pass, distance_m: float, name: str) -> Grey:
    picture = one.at_distance(distance_m).picture
    smaller = picture.shape[1] > TILE[0]
    tile = cv2.resize(picture, TILE, interpolation=cv2.INTER_AREA if smaller else cv2.INTER_NEAREST)
    return _named(np.asarray(tile, np.uint8), name)


def _frames(run: int, width: int) -> Grey:
    """A crowd on the left, clutter on the right, `width` pixels in all."""
    crowd = Crowd(run + 100, 30, WIDE, DAY, per_s=6.0)
    middle = crowd.frame_count // 2
    left = next(picture for picture, _ in crowd.frames(middle, middle + 1))
    right = np.vstack([_named(clutter(run, number).picture, "clutter") for number in range(3)])
    height = round(width / (WIDE.width / WIDE.height + right.shape[1] / right.shape[0]))
    wide = round(height * WIDE.width / WIDE.height)
    both = [cv2.resize(left, (wide, height), interpolation=cv2.INTER_AREA)]
    both.append(cv2.resize(right, (width - wide, height), interpolation=cv2.INTER_AREA))
    return np.asarray(np.hstack(both), np.uint8)


def _conditions(run: int, width: int) -> Iterator[Grey]:
    """Rows of one frame of each setting, around the second runner, who is at the line."""
    tiles = [_named(_at_the_line(run, setting, width // ABREAST), name) for name, setting in SETTINGS.items()]
    tiles += [np.zeros_like(tiles[0])] * (-len(tiles) % ABREAST)
    for first in range(0, len(tiles), ABREAST):
        row = np.hstack(tiles[first : first + ABREAST])
        yield np.pad(row, ((0, 0), (0, width - row.shape[1])))


def _at_the_line(run: int, setting: FilmSetting, width: int) -> Grey:
    """A half of the picture each way, or the whole of one that is turned or mirrored, where the truth's places are others."""
    camera, height = setting.camera, width * 9 // 16
    crowd = Crowd(run, setting.runners, camera, setting.conditions, per_s=setting.per_s)
    person = crowd.people[1]
    frame = round(person.motion.at_distance_s(LINE_M) * camera.fps)
    picture = next(picture for picture, _ in crowd.frames(frame, frame + 1))
    if not (setting.conditions.mirrored or setting.conditions.turned_deg):
        x, y = person.quad(camera, frame / camera.fps, person.worn.layout.page).mean(0).tolist()
        left = int(min(max(0.0, x - camera.width / 4), camera.width / 2))
        top = int(min(max(0.0, y - camera.height / 4), camera.height / 2))
        picture = picture[top : top + camera.height // 2, left : left + camera.width // 2]
    return np.asarray(cv2.resize(picture, (width, height), interpolation=cv2.INTER_AREA), np.uint8)


def _named(tile: Grey, name: str) -> Grey:
    (wide, _), _ = cv2.getTextSize(name, cv2.FONT_HERSHEY_SIMPLEX, 0.4, 1)
    cv2.rectangle(tile, (0, 0), (wide + 8, 18), 0, -1)
    cv2.putText(tile, name, (4, 13), cv2.FONT_HERSHEY_SIMPLEX, 0.4, 255, 1, cv2.LINE_AA)
    return tile
