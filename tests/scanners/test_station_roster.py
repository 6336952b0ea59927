"""Whom a station knows: one roster, which may change while cameras, pages and terminals ask it."""

from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanners.outbox import Outbox
from scanners.protocol import RosterAnswer
from scanners.station.at_home import LOOK_EVERY, HomeRoster, RaceRoster
from scanners.station_roster import BibHolder, StationRoster
from tests.builders import GUN, assigned, code_of, entrant, entrant_id, race
from tests.clock_and_chance import ManualClock, seeded_bits
from tests.terminal import race_folder
from timing.folder import OpenRace
from timing.race.events import BibReplaced, FactUndone, SpareDrawn, StatusRuled
from timing.race.fold import Race

BEFORE = RosterAnswer("", {code_of(417): 417}, {}, {code_of(417): "한빛테크"})
AFTER = RosterAnswer("", {code_of(417): 417, code_of(1251): 1251}, {}, {code_of(417): "한빛테크"})


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "대회") as made:
        made.log.record(race(entrant(417), assigned(417), SpareDrawn(1250, code_of(1250))))
        yield made


def at_home(
    opened: OpenRace, clock: ManualClock, complain: Callable[[str], object]
) -> tuple[StationRoster, HomeRoster]:
    """A station's roster as the race folder tells it at the start, and what keeps it current."""
    race_here = RaceRoster(opened, complain)
    told = race_here.now()
    assert told
    roster = StationRoster(told)
    return roster, HomeRoster(race_here, roster, clock)


def test_everybody_who_asks_hears_of_a_change_at_once() -> None:
    roster, told = StationRoster(BEFORE), list[tuple[int, int]]()
    roster.listen(lambda before, after: told.append((len(before.bibs), len(after.bibs))))
    assert (roster.bib(code_of(1251)), roster.code(1251), roster.bearer(code_of(1251))) == (None, None, BibHolder())
    roster.replace(AFTER)
    assert (roster.bib(code_of(1251)), roster.code(1251)) == (1251, code_of(1251))
    assert roster.bearer(code_of(417)) == BibHolder(417, "한빛테크")
    assert told == [(1, 2)]


def test_the_same_again_is_no_change_and_marks_in_another_order_are_one() -> None:
    drawn: dict[str, str] = {"0" * 16: code_of(417), "1" * 16: code_of(417)}
    roster, told = StationRoster(RosterAnswer("", BEFORE.bibs, drawn)), list[RosterAnswer]()
    roster.listen(lambda _, after: told.append(after))
    roster.replace(RosterAnswer("", dict(BEFORE.bibs), dict(drawn)))
    assert told == []
    roster.replace(RosterAnswer("", BEFORE.bibs, dict(reversed(drawn.items()))))
    assert list(roster.marks) == ["1" * 16, "0" * 16]
    assert len(told) == 1


def test_a_new_roster_is_there_at_the_next_start_though_no_server_answers(tmp_path: Path) -> None:
    with closing(Outbox(tmp_path / "finish-1.db", seeded_bits(1))) as outbox:
        roster = StationRoster(BEFORE, lambda now: outbox.keep_roster(now.bibs, now.marks, now.firms))
        roster.replace(AFTER)
    with closing(Outbox(tmp_path / "finish-1.db")) as outbox:
        assert outbox.roster() == AFTER.bibs


def test_a_station_in_the_race_folder_hears_of_a_late_bib_within_five_seconds(gvalley: OpenRace) -> None:
    clock = ManualClock(GUN)
    roster, home = at_home(gvalley, clock, pytest.fail)
    home.run_if_due()
    gvalley.log.record([entrant(1251), assigned(1251)])
    home.run_if_due()
    assert roster.code(1251) is None  # it does not look all the time
    clock.tick(LOOK_EVERY)
    home.run_if_due()
    assert roster.code(1251) == code_of(1251)


def test_a_spare_can_be_typed_before_the_desk_says_who_wears_it_and_a_lost_bib_no_more(gvalley: OpenRace) -> None:
    clock = ManualClock(GUN)
    roster, home = at_home(gvalley, clock, pytest.fail)
    assert roster.code(1250) == code_of(1250)
    given = gvalley.log.record([BibReplaced(entrant_id(417), 1250, code_of(1250), "desk", "잃음")])
    home.run_if_due()
    assert (roster.code(417), roster.bib(code_of(1250))) == (None, 1250)
    gvalley.log.record([FactUndone(given.seq, "desk", ""), StatusRuled(entrant_id(417), "dns", "desk", "")])
    clock.tick(LOOK_EVERY)
    home.run_if_due()
    assert roster.code(417) == code_of(417)


def test_a_log_that_cannot_be_folded_is_complained_about_once_and_the_station_goes_on_with_whom_it_knows(
    gvalley: OpenRace, monkeypatch: pytest.MonkeyPatch
) -> None:
    clock, heard = ManualClock(GUN), list[str]()
    roster, home = at_home(gvalley, clock, heard.append)
    gvalley.log.record([entrant(1251), assigned(1251)])
    with monkeypatch.context() as broken:
        broken.setattr(Race, "apply", lambda *_: 1 / 0)
        for _ in range(3):
            home.run_if_due()
            clock.tick(LOOK_EVERY)
    assert (roster.code(417), roster.code(1251)) == (code_of(417), None)
    (trouble,) = heard
    assert "ZeroDivisionError" in trouble
    home.run_if_due()
    assert roster.code(1251) == code_of(1251)
