"""The page of the reading benchmark: goals first, then every table, then what all of it is worth."""

import platform
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from pathlib import Path
from statistics import fmean, median, pstdev
from typing import Final

import msgspec
import numpy as np

from benchmarks.bounds import bounds
from benchmarks.engines import CODE_AND_MARK, CODE_ONLY, OPENCV, PYZBAR, SINGLES, ZXING
from benchmarks.frames.settings import EVENING
from benchmarks.machine import hardware, versions
from benchmarks.reading_clutter import CLIPS, Heard
from benchmarks.reading_conditions import BEFORE, Watched
from benchmarks.reading_films import CODE_PX, MARK_PX, Film
from benchmarks.reading_layouts import LayoutRead
from benchmarks.reading_live import FRAME_MS, Live
from benchmarks.reading_passes import ALL, CELLS, MAIN, MARK, Glance, Tally
from benchmarks.reading_people import Counted, Peer
from benchmarks.reading_times import BOTH, Times

WATCHERS: Final = (CODE_AND_MARK, BEFORE, ZXING)
COLUMNS: Final = (CODE_AND_MARK, CODE_ONLY, MARK, ZXING, PYZBAR, OPENCV)
STRATIFIED: Final = (MAIN, "9 cm, 1/500 s", "9 cm, 1/120 s")
LEAST: Final = 0.001
LIVE_DROPPED, LIVE_SLOW = 0.01, 0.05
NEITHER, FALSE = 0.005, 0.05
MISSED, ALL_READ, EVENING_READ = 0.01, 0.90, 0.75
CLUTTER_GOAL: Final = 100_000
MET: Final = (" | yes |", " | **no** |")


class Figures(msgspec.Struct, frozen=True):
    """What the parts found; a part that never ran has nothing."""

    times: list[Times] = []
    passes: dict[str, dict[str, Tally]] = {}
    glances: list[Glance] = []
    films: list[Film] = []
    conditions: list[Watched] = []
    layouts: list[LayoutRead] = []
    people: list[Counted] = []
    clutter: dict[str, Heard] = {}
    live: list[Live] = []

    @classmethod
    def read(cls, folder: Path) -> "Figures":
        """As the parts left them."""
        found = {file.stem: msgspec.json.decode(file.read_bytes()) for file in folder.glob("*.json")}
        return msgspec.convert(found, cls)


def page(figures: Figures, before: str = "") -> str:
    """The page, without host names and paths; what was not measured stands as it stood on the page before."""
    parts: Sequence[tuple[Callable[[Figures], Iterator[str]], Collection[object]]] = (
        (_conditions, figures.conditions),
        (_layouts, figures.layouts),
        (_people, figures.people),
        (_live, figures.live),
        (_misses, figures.passes),
        (_strata, figures.passes),
        (_glances, figures.glances),
        (_films, figures.films),
        (_times, figures.times),
        (_false_reads, figures.clutter),
    )
    lines = [TITLE, "", f"- {hardware()}", f"- Python {platform.python_version()}, {versions(*LIBRARIES)}", ""]
    goals = _by_goal(before.splitlines()) | _by_goal(_goals(figures))
    lines += ["| goal | found | met |", "|---|---|---|", *goals.values(), ""]
    stood = {section.partition("\n")[0]: section for section in re.split(r"\n(?=## )", before)}
    for told, found in parts:
        if found:
            lines += [*told(figures), ""]
        elif section := stood.get(next(told(figures))):
            lines += [section.rstrip("\n"), ""]
    return "\n".join([*lines, NOTES])


def _by_goal(lines: Iterable[str]) -> dict[str, str]:
    """The rows of the table of goals, which end in whether each was met."""
    return {line.split(" | ")[0]: line for line in lines if line.endswith(MET)}


def _goals(figures: Figures) -> Iterator[str]:
    if main := figures.passes.get(MAIN, {}).get(ALL):
        rates = {name: main.missed.get(name, 0) / main.tries[name] for name in SINGLES}
        best = min(rates, key=lambda name: rates[name])
        ours, most = main.missed.get(CODE_AND_MARK, 0), _most(main, CODE_AND_MARK)
        told = f"{_share(main, CODE_AND_MARK)}; the best alone, {best}: {_share(main, best)}"
        yield _row(
            f"{MAIN}: misses per pass at most a tenth of the best engine's alone", told, most <= rates[best] / 10
        )
        told = f"{ours} of {main.tries[CODE_AND_MARK]:,}, at most {100 * most:.3f} %"
        yield _row(f"{MAIN}, code and mark, all wrinkles: under 0.1 % missed", told, most < LEAST)
    for name, goal in ((CODE_AND_MARK, "reading"), (BOTH, "reading and unpacking the camera's JPEG")):
        found = next((one for one in figures.times if one.name == name and one.height == 1080), None)
        if found:
            p95 = median(found.p95s_ms)
            told = f"{_spread(found.p95s_ms)} of one core's time ({_spread(found.wall_p95s_ms)} by the wall)"
            yield _row(f"{goal} at 1080p, one core: 95 % of frames within {FRAME_MS:.1f} ms", told, p95 <= FRAME_MS)
    if quiet := [one for one in figures.live if not one.others]:
        dropped = max((one.dropped - one.connecting) / one.taken for one in quiet)
        slow = max(one.slow for one in quiet)
        told = f"{100 * dropped:.1f} % dropped once connected, {100 * (1 - slow):.1f} % of looks within {FRAME_MS:.1f} ms (the worse stream)"
        goal = "1080p30 live, 3-6 runners, two cores: under 1 % dropped, 95 % of looks within a frame's time"
        yield _row(goal, told, dropped < LIVE_DROPPED and slow <= LIVE_SLOW)
    if figures.conditions:
        yield from _goals_of_conditions(figures.conditions)
    if figures.people:
        passes, listed, neither, false = (
            sum(getattr(one, of) for one in figures.people) for of in ("passes", "listed", "neither", "false")
        )
        goal = "bodies neither named nor listed: at most 0.5 % of passes; false ones at most 1 in 20 listed"
        told = f"{_missed(neither, passes)}; false {_missed(false, listed + false)}"
        yield _row(goal, told, neither <= NEITHER * passes and false <= FALSE * (listed + false))
    if heard := figures.clutter.get(CODE_AND_MARK):
        told = f"{heard.named} that named a bib, {heard.misread} wrong texts, in {heard.frames:,} frames"
        clean = heard.frames >= CLUTTER_GOAL and not heard.named + heard.misread
        yield _row(f"no false read in {CLUTTER_GOAL:,} frames of clutter", told, clean)


def _goals_of_conditions(films: Sequence[Watched]) -> Iterator[str]:
    everyday = [one for one in films if one.everyday]
    missed, could = sum(one.missed[CODE_AND_MARK] for one in everyday), sum(one.could for one in everyday)
    goal = "everyday conditions: at most 1 % missed of those who could be read"
    yield _row(goal, _missed(missed, could), missed <= MISSED * could)
    for goal, some in (
        ("all conditions: at least 90 % of everybody read", films),
        ("evening, a little of everything: at least 12 of 16", [one for one in films if one.name == EVENING]),
    ):
        read, everybody = sum(one.read[CODE_AND_MARK] for one in some), sum(one.runners for one in some)
        least = ALL_READ if len(some) > 1 else EVENING_READ
        yield _row(goal, f"{read} of {everybody} = {100 * read / everybody:.1f} %", read >= least * everybody)
    wrong = sum(one.wrong[CODE_AND_MARK] for one in films)
    yield _row("no wrong name in any condition", f"{wrong} in {sum(one.films for one in films)} films", not wrong)


def _conditions(figures: Figures) -> Iterator[str]:
    """One row for each film, and the sums of everyday ones and of all."""
    yield "## Whole runners in many conditions"
    yield ""
    yield f"Runners with legs and arms before a street; `could` by geometry: the code once at {CODE_PX} px a module, or the mark twice at"
    yield f"{MARK_PX} px a cell, hidden by no body, arm or dress. Read of all runners (missed of those who could); one film a row, two of what is everyday."
    yield ""
    watchers = [name for name in WATCHERS if any(name in one.read for one in figures.conditions)]
    yield "In an evening there is a little of everything: 1/120 s, dusk, creases of 4 mm, arms, a jacket open to 23 cm, JPEG at quality 55."
    yield ""
    yield from _header("film", ["runners / could", *watchers, "wrong names", "ours, ms a frame (95 %)"])
    for one in figures.conditions:
        read = [f"{one.read[name]} ({one.missed[name]})" if name in one.read else "-" for name in watchers]
        cost = "{:.0f} ({:.0f})".format(*np.percentile(one.ms, (50, 95)))
        name = f"{one.name}, everyday" if one.everyday else one.name
        yield _cells(name, [f"{one.runners} / {one.could}", *read, str(sum(one.wrong.values())), cost])
    for what, films in (("everyday", [one for one in figures.conditions if one.everyday]), ("all", figures.conditions)):
        runners, could = sum(one.runners for one in films), sum(one.could for one in films)
        missed = [_missed_by(name, films) for name in watchers]
        wrong = sum(sum(one.wrong.values()) for one in films)
        yield _cells(f"**{what}: missed of those who could**", [f"{runners} / {could}", *missed, str(wrong), ""])


def _missed_by(name: str, films: Sequence[Watched]) -> str:
    """Of the films that this reader watched."""
    watched = [one for one in films if name in one.missed]
    could = sum(one.could for one in watched)
    return _missed(sum(one.missed[name] for one in watched), could) if could else "-"


def _layouts(figures: Figures) -> Iterator[str]:
    """The same runners in the same dress, with each layout."""
    yield "## Bibs under dress"
    yield ""
    yield "The same runners, ways, creases and dress before the same camera, with two layouts of the bib: the default (code 8 cm, the mark of"
    yield "6.1 cm twice, in the middle and at the side) and the one of one mark (code 9 cm, mark 8 cm at the side), the default before it."
    yield "Read of all runners (by the code, by a mark). A necktie hides the middle 9 cm, a jacket shows so much of the bib's 24 cm."
    yield ""
    names = list(dict.fromkeys(one.layout for one in figures.layouts))
    yield from _header("film", ["runners", *names, "wrong names"])
    for setting in dict.fromkeys(one.setting for one in figures.layouts):
        rows = {one.layout: one for one in figures.layouts if one.setting == setting}
        read = [f"{rows[name].read} ({rows[name].by_code}, {rows[name].by_mark})" for name in names]
        first = rows[names[0]]
        yield _cells(setting, [str(first.runners), *read, str(sum(one.wrong for one in rows.values()))])


def _people(figures: Figures) -> Iterator[str]:
    """Films with runners without a bib: who was named, listed, or neither."""
    yield "## Who crosses unread"
    yield ""
    yield "Every fifth runner wears no bib; nobody runs through anybody near the line. `listed`: an unread fact within a second of the crossing"
    yield "of somebody who was not named, one for one; `false`: a fact that is left over, in the sums of all facts. `shown`: pictures of the listed that hold the person"
    yield "from head to knees. Instants by the body's width, which are always marked as estimated, in seconds after the true crossing."
    yield ""
    yield from _header("film", ["passes", "named", "listed", "neither", "false", "shown", "late: mean, sd, worst"])
    for one in figures.people:
        counts = [one.passes, one.named, one.listed, one.neither, one.false, one.shown]
        yield _cells(one.name + ", everyday" * one.everyday, [*map(str, counts), _late(one.late_s)])
    for what, films in (("everyday", [one for one in figures.people if one.everyday]), ("all", figures.people)):
        passes, named, listed, neither, false, shown = (
            sum(getattr(one, of) for one in films) for of in ("passes", "named", "listed", "neither", "false", "shown")
        )
        counted = [
            str(passes),
            str(named),
            str(listed),
            _missed(neither, passes),
            _missed(false, listed + false),
            str(shown),
        ]
        yield _cells(f"**{what}**", [*counted, _late([late for one in films for late in one.late_s])])
    yield from _peers(figures.people)


def _peers(people: Sequence[Counted]) -> Iterator[str]:
    """Ways to tell people from the street, over all films."""
    found: dict[str, Peer] = {}
    for name, peer in (pair for one in people for pair in one.peers.items()):
        found[name] = found[name].plus(peer) if name in found else peer
    if not found:
        return
    yield ""
    yield "Who stands before the street, told in other ways, all of them in one run; figures are parted at the heads and followed alike. Time is that of one"
    yield "thread for a frame, finding and following together."
    yield ""
    yield from _header("people found by", ["listed", "neither", "false", "ms a frame"])
    for name, peer in found.items():
        counts = [peer.listed, peer.neither, peer.false]
        yield _cells(name, [*map(str, counts), f"{peer.ms / peer.frames:.1f}"])


def _late(late_s: Sequence[float]) -> str:
    return f"{fmean(late_s):+.2f}, {pstdev(late_s):.2f}, {max(late_s, key=abs):+.2f}" if late_s else "-"


def _live(figures: Figures) -> Iterator[str]:
    """The real station before a stream."""
    yield "## Live"
    yield ""
    yield "`marathon scan` before a camera on loopback, 1920 x 1080 at 30 frames a second, two cores: outbox, film, evidence and the search for"
    yield "unread people at work. Dropped are frames that were never read, also while connecting, when the stream's clock is not known yet. A look is all of the"
    yield "station's work on a frame, by the wall's clock. Stamps are held against the instants at which the camera sent its pictures."
    yield ""
    columns = (
        "load before",
        "in view",
        "taken",
        "dropped, of these while connecting",
        "look, ms (95 %)",
        "over 33 ms",
        "cores",
        "stamp late, ms (sd, least to most)",
    )
    yield from _header("stream, other programs at work", [*columns, "named of runners, wrong, unread"])
    for one in figures.live:
        median_ms, sd_ms, least_ms, most_ms = one.late_ms
        cells = [
            f"{one.load:.1f}",
            "{:.0f}-{:.0f}-{:.0f}".format(*one.in_view),
            f"{one.taken:,}",
            f"{one.dropped} = {100 * one.dropped / one.taken:.1f} %, {one.connecting}",
            "{:.0f} ({:.0f})".format(*one.work_ms),
            f"{100 * one.slow:.1f} %",
            f"{one.cores:.2f}",
            f"{median_ms:+.0f} ({sd_ms:.0f}, {least_ms:+.0f} to {most_ms:+.0f})",
            f"{one.named} of {one.runners}, {one.wrong}, {one.unread}",
        ]
        yield _cells(f"{one.kind}, {one.others}", cells)
    yield ""
    yield "In view: least, median and most. MJPEG is stamped by the arrival of its last byte, RTSP by its own timestamps; there FFmpeg hands a"
    yield "picture on when the next one begins, so that it is a frame later. A camera's own delay (exposure, encoding) is in no stamp."


def _misses(figures: Figures) -> Iterator[str]:
    yield "## Passes missed"
    yield ""
    yield from _header("pass", COLUMNS)
    for cell in CELLS:
        if cell.name in figures.passes:
            tally = figures.passes[cell.name][ALL]
            yield _cells(cell.name, [_share(tally, name) for name in COLUMNS])
    misread = {name: sum(one[ALL].misread.get(name, 0) for one in figures.passes.values()) for name in COLUMNS}
    yield ""
    wrong = ", ".join(f"{name} {count}" for name, count in misread.items() if name != CODE_AND_MARK)
    yield f"Passes with a wrong text, or the mark of another: {wrong}."


def _strata(figures: Figures) -> Iterator[str]:
    yield "## The same by wrinkle and arm"
    yield ""
    yield from _header("pass", COLUMNS)
    for name in STRATIFIED:
        for stratum, tally in figures.passes.get(name, {}).items():
            if stratum != ALL:
                yield _cells(f"{name}: {stratum}", [_count(tally, column) for column in COLUMNS])


def _glances(figures: Figures) -> Iterator[str]:
    yield "## Single frames"
    yield ""
    yield "The share of frames read, a bib with one mark (code 9 cm, mark 8 cm), 1080p; columns are metres (pixels per module)."
    yield ""
    distances = {one.distance_m: one.px_per_module for one in figures.glances}
    yield from _header("exposure, reader", [f"{far:g} ({px})" for far, px in distances.items()])
    for exposure in sorted({one.exposure for one in figures.glances}, reverse=True):
        row = [one for one in figures.glances if one.exposure == exposure]
        for name in COLUMNS:
            shares = [one.read.get(name, 0) / one.frames if one.frames else 0.0 for one in row]
            yield _cells(f"1/{exposure} s, {name}", [f"{share:.2f}" for share in shares])
    if figures.glances:
        frames = [one.frames for one in figures.glances]
        yield ""
        yield f"{min(frames)}-{max(frames)} frames a point, those in which no arm hides code or mark."


def _films(figures: Figures) -> Iterator[str]:
    yield "## Whole films"
    yield ""
    yield f"`could`: whose code was whole once at {CODE_PX} px a module, or whose mark twice at {MARK_PX} px a cell."
    yield ""
    columns = (CODE_AND_MARK, CODE_ONLY, ZXING, PYZBAR, OPENCV)
    yield from _header("film, 1080p, 1/500 s, bib with one mark", ["runners / could / frames", *columns])
    for film in figures.films:
        sizes = f"{film.runners} / {film.could} / {film.frames:,}"
        shares = [_missed(film.missed[name], film.could) if name in film.missed else "-" for name in columns]
        which = "the film that all saw" if OPENCV in film.missed else "all films"
        yield _cells(f"{film.per_s:g} runners a second, {which}: missed of those who could", [sizes, *shares])
    if figures.films:
        wrong = sum(sum(film.misread.values()) for film in figures.films)
        yield ""
        yield f"Wrong texts and names of people who were not there, all readers together: {wrong}."


def _times(figures: Figures) -> Iterator[str]:
    yield "## Time for a frame"
    yield ""
    yield from _header("reader, frame", ["median", "95th percentile", "95th by the wall", "frames x rounds"])
    for one in figures.times:
        ms = [_spread(found) for found in (one.medians_ms, one.p95s_ms, one.wall_p95s_ms)]
        yield _cells(f"{one.name}, {one.height}p", [*ms, f"{one.frames} x {len(one.medians_ms)}"])


def _spread(milliseconds: Sequence[float]) -> str:
    return f"{median(milliseconds):.1f} ms ({min(milliseconds):.1f}-{max(milliseconds):.1f})"


def _false_reads(figures: Figures) -> Iterator[str]:
    yield "## Clutter"
    yield ""
    yield from _header("reader", ["frames or clips", "a true text read", "wrong texts", "named a bib of the race"])
    for name in (CODE_AND_MARK, CLIPS, *SINGLES):
        if name in figures.clutter:
            one = figures.clutter[name]
            most = f"{one.named} (at most {100 * bounds(one.named, one.frames).most:.3f} %)"
            yield _cells(name, [f"{one.frames:,}", f"{one.right:,}", str(one.misread), most])


def _share(tally: Tally, name: str) -> str:
    """`6 of 789 = 0.76 % (0.28-1.65)`, as short as it goes."""
    return _missed(tally.missed.get(name, 0), tally.tries[name])


def _missed(missed: int, tries: int) -> str:
    if not tries:
        return "-"
    least, most = bounds(missed, tries)
    return f"{missed}/{tries:,} = {100 * missed / tries:.2f} % ({100 * least:.2f}-{100 * most:.2f})"


def _count(tally: Tally, name: str) -> str:
    return f"{tally.missed.get(name, 0)}/{tally.tries.get(name, 0):,}"


def _most(tally: Tally, name: str) -> float:
    return bounds(tally.missed.get(name, 0), tally.tries[name]).most


def _row(goal: str, found: str, met: bool) -> str:
    return _cells(goal, [found, "yes" if met else "**no**"])


def _header(first: str, columns: Sequence[str]) -> Iterator[str]:
    yield _cells(first, columns)
    yield "|---" * (len(columns) + 1) + "|"


def _cells(first: str, more: Sequence[str]) -> str:
    return "| " + " | ".join([first, *more]) + " |"


LIBRARIES: Final = ("zxing-cpp", "opencv-python", "pyzbar", "numpy")
TITLE: Final = """\
# 판독 / Reading

`make bench-reading`이 이 쪽을 씁니다. 우리 배번 PDF로 만든 모의 화면이며, 실제 촬영이 아닙니다. /
Written by `make bench-reading` from synthetic frames of our own bib PDFs; **no real bib, runner or camera was filmed**, see below.
Rates stand with their exact 95 % bounds, times as the median of the rounds with (least-most)."""

NOTES: Final = """\
## What is synthetic, and was never calibrated

![Each effect alone, all together, a frame of a busy film, clutter, a frame in each condition](../images/frames.jpg)

Everything. The bib's page comes from the PDF that we print; all else is our judgement in metres, seconds and reflectance, and no
number of it was fitted to a real bib, runner, lens or sensor: wrinkles (half-normal, sigma 0.8 mm in the bib's plane, frozen for
a pass), a chest of 18 cm radius, 3-5 m/s from 6 m on within 0.85 m of the camera's axis, a bounce of 3.5 cm at 2.5-3 steps a
second, sway and turns, a forearm over the bib's edge for a quarter of the runners, 78 degrees across, a lens of 0.65 px, noise of
3 counts, JPEG at quality 85. Light comes free: 1/1000 s is as bright as 1/120 s, but for the row in low light (an eighth of the
light, noise of 9 counts). Bodies are flat ovals without legs but in the films of many conditions, which have limbs, a street, and what
their rows say; only the bib is blurred by its motion. Missing are colour, falling rain, hair and bottles, and whoever crosses sideways.
The wrinkles' sigma alone decides much. Tried once with 50 passes each (9 cm, 1/500 s): at
2.5 mm instead of 0.8 zxing-cpp missed 16, code and mark none; at 5 mm 37 and 4. So the tables rank readers and catch regressions; **they promise no recall on a course**. The first real step is ten people
with printed bibs before a webcam (`marathon rehearse-camera`; [how](../en/before.md)), and wrinkle, blur and noise fitted to them.

A film of real people would still have to show: how bibs hang, crease and flap on running chests, and how often arms, hair, jackets and bottles hide
them; what the shutter of a cheap webcam really is, its rolling rows and its focus; low sun, wet paper and shine; two hundred a minute. Sixty passes
without an unread one allow 6 %, six hundred 0.6 %.

## How to read it

- **Ours.** *Code only* is the station's first reader on every frame, its rescue (enlarged and sharpened) where that reads nothing,
  and its slow readers on the two largest views of whoever leaves unread. *Mark alone* counts when two frames within a second agree,
  as at the station. *Code and mark* misses a pass only when both do. The list holds 2,500 bibs.
- **Alone** is an engine on the same pictures with all its tries switched on, QR codes only. pyzbar and OpenCV see the first 150
  passes of a setting, for they try every frame of a pass that they miss.
- **A pass** is one runner going by, drawn as crops around the bib in which code or mark is wholly in the picture, 30 a second at a
  phase of chance. Nobody has to find the bib: this flatters everybody alike. Codes are asked for from 1.2 px a module on.
- **Many conditions** are films of seeds that tuning never drew (it uses runs from 7000 on): differences of one or two
  runners in a row mean nothing, the sums do. Of 513 who could be read in sixty more everyday films for tuning, 44 of them of the hardest
  settings and drawn when the reading was done, three were not, none of them in those 44; all three were
  hidden by others until the last metre: one mark of two, creased, led by 0.29 and 0.28 in two frames, where one must lead by 0.33; one mark under
  a lamp's shine, as pale as the paper; one code that was whole for one frame. *The station before*, where it stands, is of a checkout named in `MARATHON_BEFORE`.
  Milliseconds are one thread's time of a film read as a file, slow readers included, on a machine at half its usual speed.
- **Films** are whole frames through the station's own frame_reader, so bibs must be found, and runners hide each other. `could` leaves
  out whoever was hidden all the way; the rest of a film's runners no single camera could have read.
- **Who crosses unread** was tuned on films of other seeds: 51 drawn at a third of the size, 72 of 23 settings, 47 and 31 of full size. On the last ones
  figures that go steadily on a way of their own, with the head of a taller runner who follows, became somebody: of 720 passes 9 were neither
  instead of 13, with 8 false facts beside 141 before and after; on 20 films drawn afterwards 2 of 472, 2 false beside 87. Tuned figures
  flatter: the table's are those to hold against. What remains: whoever is hidden behind another until both are past the line, or runs
  right before another of the same lane; a camera 2 m above, before which heads stand one below another (9 of 48 neither), one 35 degrees
  aside until it knows where people come from (6 false), crowds of walkers, and the dark.
- **OpenCV** reads the same bibs when they are flat; the chest's round defeats it, a larger code more than a smaller one.
- **12 cm** is a bib of 264 x 240 mm made for this table (code 120 mm, mark 80 mm); it fits no A4 sheet.
- **Times** are one thread's share of a core, and beside it what the wall's clock says: a machine on which others work adds their
  turns, and their traffic in the caches adds to both. Trust the ratios. The station's slow readers have a thread of their own and are
  not counted; the camera's pictures must be unpacked besides, at a live station by the capture's thread. Times and live are of an AMD EPYC.
- **Clutter** (800 x 450): facades, checkers, letters, QR codes of others and of another race of ours, squares with a dark border,
  bibs of another race, blur, noise, dark. *Ours* is every code and every single mark that is sure enough in one frame, though a
  station wants two frames, outlines sought in another of the station's ways in each; *clips* go through the frame_reader while the camera pans. Marks that the other race shares with this one are
  left out: both draw from the same 10,000, so **one bib in four of last year's bears somebody's mark** of a race of 2,500. Its
  code then differs and the station disputes it, but a mark without its code would name the wrong runner.
- **Misread.** The few wrong texts in the passes are Micro QR: zxing-cpp's `QRCode` stands for the whole family, and round a
  corner of a creased code it then finds a Micro QR of some digits. Asked for `QRCodeModel2` alone it read none of them.
- **The goals.** Without a miss in n tries the rate may still be 3/n: 3,000 passes just show 0.1 %, the smaller settings only their
  bound. 100,000 frames of clutter take `ARGS=--long`; the table says how many were looked at.
- Other chances: `ARGS="--run 2"`. The passes, films and clutter of a run are the same whenever they are drawn.
"""
