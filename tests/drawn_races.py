"""Races that Hypothesis draws, for laws: what the desk and the cameras say, in the order in which it arrives.

Few people and few instants, so that equal times, moved bibs and scans that nobody owns are common. Which corrections there
are, and the rules of judgement, stand in `rulings`.
"""

from collections.abc import Callable
from functools import cache
from random import Random
from typing import Final, NamedTuple

from hypothesis import strategies as st
from msgspec.structs import replace

from tests.boards import TEAMS, said
from tests.builders import (
    FIRMS,
    GUN,
    RACE,
    Station,
    after_gun,
    assigned,
    code_of,
    entrant,
    entrant_id,
    gun,
    scan,
)
from tests.clock_and_chance import ManualClock
from tests.memory_log import MemoryLog
from tests.rulings import PEOPLE, corrections
from timing.race.events import (
    BibAssigned,
    EntrantRegistered,
    Event,
    FactUndone,
    GunMoved,
    Scanned,
    StationClosed,
    StationFact,
    StationOpened,
)
from timing.race.instants import SECOND, Span
from timing.race.known_names import Names

DESK: Final = "desk"
LOST: Final = "lost"
"""A lineage that never says where it stands."""
PEN: Final = "pen-1"
CAMERAS: Final = ("start-1", "start-2", "finish-1", "finish-2", LOST)
NAMES: Final = Names({}, dict(FIRMS), dict(TEAMS))
UNREADABLE: Final = "?" + "0" * 16


class Said(NamedTuple):
    """A fact, and who says it."""

    by: str
    fact: Event


DrawnRace = list[Said]


def told(drawn: DrawnRace, resent_from: Callable[[int], int] = lambda new: new) -> MemoryLog:
    """The log when all this has arrived, one fact a second.

    `resent_from` says from which item on a camera sends what it has, given the number of the one that the log lacks.
    """
    clock = ManualClock(GUN)
    log, cameras, desk = MemoryLog(RACE, clock), dict[str, Station](), list[int]()
    for by, fact in drawn:
        if isinstance(fact, StationFact):
            camera = cameras.setdefault(by, _camera(by)).says(fact)
            log.receive(camera.batch(resent_from(log.lineage_head(camera.lineage).seq + 1)))
        else:
            log.record([_placed(fact, desk)])
            desk.append(log.head().seq)
        clock.tick(Span(SECOND))
    return log


def _placed(fact: Event, desk: list[int]) -> Event:
    """In a drawn race an undo names the desk's n-th fact; where that stands in the log depends on who else spoke before."""
    if isinstance(fact, FactUndone):
        return replace(fact, pos=desk[fact.pos % len(desk)] if desk else 0)
    return fact


def _camera(name: str) -> Station:
    """Of two outboxes of one station, the second is called `finish-1/b`."""
    station, _, second = name.partition("/")
    lineage = Station(name).lineage if second else ""
    camera = Station(station, "start" if "start" in name else "finish", lineage)
    if name == LOST:
        camera.items.clear()
    if name == PEN:
        camera.items.clear()
        camera.says(StationOpened(PEN, "pen", after_gun("-30:00"), "2"))
    return camera


def interleaved(drawn: DrawnRace, chance: Random) -> DrawnRace:
    """The same facts in another order of arrival; what one lineage says stays in its order."""
    queues = {by: iter([one for one in drawn if one.by == by]) for by, _ in drawn}
    turns = [by for by, _ in drawn]
    chance.shuffle(turns)
    return [next(queues[by]) for by in turns]


people, waves = st.integers(1, PEOPLE), st.sampled_from("112")
entries = st.builds(
    entrant,
    people,
    st.sampled_from(["c0001", "c0002", "c0001", "c0002", "c0003", ""]),
    st.sampled_from(["t0001", "t0002", ""]),
    st.sampled_from("FM") | st.just(""),
    st.sampled_from(["30대", "40대", ""]),
    waves,
)
given_bibs = st.builds(
    lambda who, bib: BibAssigned(bib, entrant_id(who), code_of(bib)), people, st.integers(1, PEOPLE + 1)
)
guns = st.builds(gun, st.sampled_from(["0:00", "0:03"]), waves)
moved_guns = st.builds(
    lambda wave, at: GunMoved(wave, after_gun(at), "desk", "심판 시계 확인"), waves, st.sampled_from(["0:01", "0:08"])
)
undos = st.builds(lambda at: FactUndone(at, "director", "잘못 적음"), st.integers(0, 40))
desk_words: st.SearchStrategy[Event] = st.one_of(entries, given_bibs, guns, moved_guns)
ruled_words: st.SearchStrategy[Event] = st.one_of(corrections, corrections, corrections, undos)

seen_codes: st.SearchStrategy[int | str] = st.one_of(
    people, people, st.sampled_from([PEOPLE + 1, PEOPLE + 2, UNREADABLE])
)


def _visits(codes: st.SearchStrategy[int | str], first_s: int, last_s: int) -> st.SearchStrategy[Scanned]:
    """Scans within these seconds; some last, some were measured at the line."""
    return st.builds(_visit, codes, st.integers(first_s, last_s), st.sampled_from([0, 0, 4]), st.booleans())


def _visit(code: int | str, at_s: int, stay_s: int, measured: bool) -> Scanned:
    crossed = said((at_s * 2 + stay_s) * SECOND // 2) if measured else None
    return scan(code, said(at_s * SECOND), said((at_s + stay_s) * SECOND), crossed)


@cache
def _moves(camera: str) -> st.SearchStrategy[Said]:
    """Somebody carries a camera to the other line or a pen, only starts it again, or ends its work."""
    moves: tuple[StationFact, ...] = (
        StationOpened(camera, "start", after_gun("0:00")),
        StationOpened(camera, "finish", after_gun("0:00")),
        StationOpened(camera, "pen", after_gun("0:00"), "1"),
        StationOpened(camera, "split", after_gun("0:00"), metres=2_500),
        StationClosed(after_gun("20:00")),
    )
    return st.sampled_from(moves).map(lambda fact: Said(camera, fact))


@cache
def _crossings(camera: str, codes: st.SearchStrategy[int | str]) -> st.SearchStrategy[Said]:
    visits = _visits(codes, 599, 604) if "finish" in camera or camera == LOST else _visits(codes, -2, 6)
    return visits.map(lambda fact: Said(camera, fact))


@cache
def _run_of(bib: int) -> st.SearchStrategy[DrawnRace]:
    """Somebody enters, gets a bib and is seen at both lines, but for those whom a camera misses."""
    own: st.SearchStrategy[int | str] = st.just(bib)
    start = st.sampled_from(CAMERAS[:2]).flatmap(lambda camera: _crossings(camera, own))
    finish = st.sampled_from(CAMERAS[2:4]).flatmap(lambda camera: _crossings(camera, own))
    entry = entries.map(lambda known: Said(DESK, _entered_as(known, bib)))
    bibbed = st.just(Said(DESK, assigned(bib)))
    seen_twice, seen_once = st.tuples(entry, bibbed, start, finish), st.tuples(entry, bibbed, start | finish)
    return st.one_of(seen_twice, seen_twice, seen_once).map(list)


def _entered_as(known: EntrantRegistered, bib: int) -> EntrantRegistered:
    return entrant(bib, known.company, known.team, known.sex, known.category, known.wave)


# Made once: to make a strategy anew for each race takes Hypothesis longer than to draw from it.
shot_off = st.lists(guns, min_size=1, max_size=2)
said_at_desk = st.lists(desk_words, max_size=4)
ruled_upon = st.lists(ruled_words, max_size=6)
strays = {
    ruled: st.lists(st.sampled_from(seeing).flatmap(lambda camera: _crossings(camera, seen_codes)), max_size=6)
    for ruled, seeing in ((True, (*CAMERAS, PEN)), (False, CAMERAS))
}
moved = st.lists(st.sampled_from(CAMERAS[:4]).flatmap(_moves), max_size=1)
numbers = st.integers(3, PEOPLE)
chances = st.randoms(use_true_random=False)


@st.composite
def drawn_races(draw: st.DrawFn, ruled: bool = True) -> DrawnRace:
    """A race with everything that may happen to one, in any order of arrival; `ruled`: officials correct it, and pens see."""
    drawn = [one for bib in range(1, draw(numbers) + 1) for one in draw(_run_of(bib))]
    drawn += [Said(DESK, fact) for fact in draw(shot_off) + draw(said_at_desk)]
    drawn += [Said(DESK, fact) for fact in draw(ruled_upon)] if ruled else []
    drawn += draw(strays[ruled])
    drawn += draw(moved)
    return interleaved(_possible(drawn), draw(chances))


def _possible(drawn: DrawnRace) -> DrawnRace:
    """Without bibs for people who have not entered: the desk's commands never record such a thing."""
    entered: set[str] = set()
    kept: DrawnRace = []
    for one in drawn:
        if isinstance(one.fact, EntrantRegistered):
            entered.add(one.fact.entrant)
        if not isinstance(one.fact, BibAssigned) or one.fact.entrant in entered:
            kept.append(one)
    return kept
