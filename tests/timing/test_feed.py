"""The race's feed: the log read and folded once, told to all who subscribe, whatever becomes of one of them."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.boards import Run, late_finish, race_folder, wait_until
from tests.builders import assigned, entrant, entrant_id, log_of, runner
from tests.rulings import PEOPLE, rulings
from timing.feed import BESIDE_THE_ROSTER, RaceFeed, roster_of
from timing.folder import OpenRace
from timing.race.events import StatusRuled
from timing.race.fold import Race, fold


class Ear(list[list[str]]):
    """A subscriber."""

    def hear(self, concerned: Iterable[str]) -> None:
        self.append(sorted(concerned))


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", [Run(1, "0:10", "17:00"), Run(2, "0:11")]) as made:
        yield made


@pytest.fixture
def feed(opened: OpenRace) -> RaceFeed:
    """One that moves on when it is told to."""
    made = RaceFeed(opened, pytest.fail)
    made.refresh()
    return made


def test_until_the_log_was_read_nobody_knows_a_roster(opened: OpenRace) -> None:
    feed, known = RaceFeed(opened, pytest.fail), list[int | None]()
    for _ in range(2):
        known.append(len(feed.roster.bibs) if feed.roster else None)
        feed.refresh()
    assert known == [None, 2]


def test_subscribers_hear_whom_the_new_facts_concern_and_nothing_when_there_are_none(
    opened: OpenRace, feed: RaceFeed
) -> None:
    ear = Ear()
    feed.subscribe(ear.hear)
    feed.refresh()
    late_finish(opened, 2, "18:00")
    feed.refresh()
    feed.unsubscribe(ear.hear)
    late_finish(opened, 1, "19:00", camera="finish-3")
    feed.refresh()
    assert ear == [[entrant_id(2)]]


def test_a_subscriber_that_fails_keeps_no_other_from_hearing(opened: OpenRace) -> None:
    troubles, ear = list[str](), Ear()
    feed = RaceFeed(opened, troubles.append)
    feed.subscribe(lambda _: 1 / 0)
    feed.subscribe(ear.hear)
    feed.refresh()
    assert len(ear) == len(troubles) == 1 and "ZeroDivisionError" in troubles[0]
    assert feed.race.facts == opened.log.head().seq


def test_the_roster_s_version_changes_with_bibs_and_not_with_other_rulings(opened: OpenRace, feed: RaceFeed) -> None:
    before = feed.roster
    opened.log.record([StatusRuled(entrant_id(1), "dnf", "desk", "")])
    feed.refresh()
    assert feed.roster is before
    opened.log.record([entrant(3), assigned(3)])
    feed.refresh()
    assert before and feed.roster and feed.roster.version != before.version


@pytest.mark.parametrize("kind", [kind.__name__ for kind in BESIDE_THE_ROSTER])
@given(data=st.data())
def test_after_the_rulings_that_make_no_new_roster_it_is_the_same(kind: str, data: st.DataObject) -> None:
    folded = fold(log_of([one for bib in range(1, PEOPLE + 1) for one in runner(bib)]).read())
    supposed, _ = folded.supposing([data.draw(rulings[kind])])
    assert roster_of(supposed) == roster_of(folded)


def test_the_roster_s_version_is_the_same_on_every_server(opened: OpenRace, feed: RaceFeed) -> None:
    again = RaceFeed(opened, pytest.fail)
    again.refresh()
    assert again.roster == feed.roster


def test_a_feed_at_work_follows_by_itself_and_through_troubles(
    opened: OpenRace, monkeypatch: pytest.MonkeyPatch
) -> None:
    troubles = list[str]()
    with RaceFeed(opened, troubles.append) as feed:
        wait_until(lambda: feed.race.facts == opened.log.head().seq)
        with monkeypatch.context() as broken:
            broken.setattr(Race, "apply", lambda *_: 1 / 0)
            opened.log.record([entrant(3), assigned(3)])
            wait_until(lambda: bool(troubles))
        wait_until(lambda: feed.race.facts == opened.log.head().seq)
    assert len(troubles) == 1 and "기록을 이어서 읽을 수 없어" in troubles[0]
