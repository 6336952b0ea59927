"""What stands beside the log has a number of its own: a name that is taken back leaves every page, address and folder."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from results.board.board_directory import DirectorySnapshot, revision_of
from results.board.board_projection import BoardProjection
from results.board.publishing import Publisher
from results.board.snapshot import Snapshot
from results.spectators.ballots import Ballots, Poll
from results.spectators.plug import SpectatorSection
from results.spectators.promotion import READ_AGAIN_AFTER, Promotion
from tests.boards import Run, followed, late_finish, race_folder, text, view_of_runs, written
from tests.builders import GUN, code_of, entrant_id
from tests.clock_and_chance import ManualClock
from tests.spectators import plugged
from tests.terminal import marathon
from timing.folder import OpenRace, open_race
from timing.race.events import BibReplaced, EntrantMoved, ResultWithheld
from timing.race.firms import FirmCard
from timing.race.instants import Span
from timing.race.known_names import Names

RUNS = [
    Run(417, "0:10", "17:03.2", team="t0001", name="김하늘"),
    Run(12, "0:11", "18:21", company="c0002", team="t0003", name="박솔잎"),
]
FULL = "김하늘"
CHANGES: dict[str, Callable[[OpenRace], object]] = {
    "a name is erased": lambda opened: marathon("people", "erase", 417, "--yes", "--race", opened.root),
    "a consent is withdrawn": lambda opened: marathon("people", "consent", 417, "--withdraw", "--race", opened.root),
    "a result is withheld": lambda opened: opened.log.record([ResultWithheld(entrant_id(417), "심판", "본인의 뜻")]),
}


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        made.directory.keep_consents({entrant_id(417): True})
        yield made


@pytest.fixture
def follower(opened: OpenRace) -> BoardProjection:
    return followed(opened, pytest.fail, plugs=plugged(opened))


def looks(follower: BoardProjection, opened: OpenRace) -> Snapshot:
    """The board as it is when it has looked once more."""
    follower.refresh()
    return follower.snapshot


def head(board: Snapshot) -> dict[str, object]:
    told: dict[str, object] = json.loads(text(board, "head.json"))
    return told


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_no_older_version_tells_what_was_taken_back(
    opened: OpenRace, follower: BoardProjection, change: Callable[[OpenRace], object]
) -> None:
    late_finish(opened, 12, "17:00", camera="finish-2")
    before = [follower.snapshot.view.stamp, looks(follower, opened).view.stamp]
    assert len(set(before)) == 2 and all(follower.at(stamp) for stamp in before)
    change(opened)
    now = looks(follower, opened)
    assert [follower.at(stamp) for stamp in before] == [None, None]
    assert follower.at(now.view.stamp) is now and FULL not in text(now, "index.json")


@pytest.mark.parametrize("change", CHANGES.values(), ids=list(CHANGES))
def test_no_file_of_a_published_board_does_either(
    opened: OpenRace, follower: BoardProjection, change: Callable[[OpenRace], object], tmp_path: Path
) -> None:
    publisher, folder = Publisher(tmp_path / "out", ManualClock(GUN)), tmp_path / "out"
    publisher.publish(follower.snapshot, whole=True)
    late_finish(opened, 12, "17:00", camera="finish-2")
    publisher.publish(looks(follower, opened), whole=True)
    assert len(list((folder / "s").iterdir())) == 2
    change(opened)
    publisher.publish(looks(follower, opened), whole=True)
    assert [one.name for one in (folder / "s").iterdir()] == [follower.snapshot.view.stamp]
    assert not [file for file in folder.rglob("*") if file.is_file() and FULL in file.read_text(encoding="utf-8")]


def test_a_publisher_that_was_away_meanwhile_leaves_nothing_older(
    opened: OpenRace, follower: BoardProjection, tmp_path: Path
) -> None:
    folder = tmp_path / "out"
    written(follower.snapshot, folder)
    (folder / "s" / "1").mkdir()
    (folder / "s" / "1" / "index.json").write_text(FULL, encoding="utf-8")  # by a program that knew no revisions
    CHANGES["a name is erased"](opened)
    written(looks(follower, opened), folder)
    assert [one.name for one in (folder / "s").iterdir()] == [follower.snapshot.view.stamp]


@pytest.mark.parametrize(
    "change",
    [
        CHANGES["a name is erased"],
        CHANGES["a consent is withdrawn"],
        lambda opened: opened.directory.keep(Names({entrant_id(12): "박솔입"})),  # masked alike, read out in full
        lambda opened: opened.directory.keep(Names(companies={"c0001": "가산정밀공업"})),
        lambda opened: opened.directory.keep_card(FirmCard("c0001", link="https://gasan.example", approved=True)),
        lambda opened: Ballots(opened.engine, opened.settings.id).open(["c0001"], live=False),
    ],
)
def test_what_changes_beside_the_log_moves_the_revision_and_every_address(
    opened: OpenRace, follower: BoardProjection, change: Callable[[OpenRace], object]
) -> None:
    before = follower.snapshot
    change(opened)
    assert isinstance(opened.clock, ManualClock)
    opened.clock.tick(Span(READ_AGAIN_AFTER))  # of the vote
    now = looks(follower, opened)
    assert now.version == before.version and head(now)["version"] == head(before)["version"]
    assert head(now)["revision"] == json.loads(text(now, "index.json"))["revision"] != head(before)["revision"]
    assert now.view.stamp != before.view.stamp


def test_the_revision_is_the_same_on_every_server_and_after_a_restart(
    opened: OpenRace, follower: BoardProjection
) -> None:
    with open_race(opened.root) as again:
        assert followed(again, pytest.fail, plugs=plugged(again)).snapshot.view.stamp == follower.snapshot.view.stamp
    opened.directory.keep(opened.directory.names())
    assert looks(follower, opened) is follower.snapshot


def test_a_change_that_is_taken_back_leads_to_the_address_of_before(
    opened: OpenRace, follower: BoardProjection
) -> None:
    before = follower.snapshot.view.stamp
    opened.directory.keep_consents({entrant_id(417): False})
    assert looks(follower, opened).view.stamp != before
    opened.directory.keep_consents({entrant_id(417): True})
    assert looks(follower, opened).view.stamp == before


POLL = Poll(True, ("c0001",), {"c0001": 5})


def test_counts_move_no_revision_and_what_is_shown_does() -> None:
    def revision(promotion: Promotion) -> int:
        return revision_of(b"k" * 32, DirectorySnapshot(), [SpectatorSection(promotion)])

    voted = Promotion({"c0001": 7}, replace(POLL, votes={"c0001": 6}))
    assert revision(Promotion(poll=POLL)) == revision(voted)
    assert revision(voted) != revision(Promotion(poll=replace(POLL, candidates=()))) != revision(Promotion())


def test_without_the_race_s_key_nobody_can_try_names_against_it() -> None:
    around = DirectorySnapshot(Names({"e00417": FULL}))
    assert revision_of(b"k" * 32, around) != revision_of(b"l" * 32, around)


def test_a_captain_s_preview_swallows_no_change_of_names(opened: OpenRace, follower: BoardProjection) -> None:
    opened.directory.keep_consents({entrant_id(417): False})
    follower.supposing([EntrantMoved(entrant_id(417), "c0001", "t0003", "captain c0001", "선수를 바꿈")])
    assert FULL not in text(looks(follower, opened), "index.html")


def test_a_bib_that_is_replaced_takes_nobody_off_the_board(opened: OpenRace, follower: BoardProjection) -> None:
    before = follower.snapshot.view.stamp
    opened.log.record([BibReplaced(entrant_id(12), 900, code_of(900), "desk", "잃어버림")])
    looks(follower, opened)
    assert follower.at(before) is not None


def test_a_head_of_before_reads_as_one_of_revision_nought() -> None:
    assert head(Snapshot(view_of_runs(RUNS)))["revision"] == 0
