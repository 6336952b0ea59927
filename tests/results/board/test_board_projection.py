"""Following the log: what the stations send is on the board a moment later, and after trouble too."""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from results.board.board_projection import VERSIONS_KEPT, BoardProjection, following, view_of
from results.board.site import Section
from results.board.snapshot import Snapshot
from results.ranking.rows import Row
from results.view.view import View
from tests.boards import Run, followed, late_finish, race_folder, wait_until
from tests.builders import assigned, code_of, entrant, entrant_id
from timing.folder import OpenRace, open_race
from timing.race.events import ResultWithheld

RUNS = [
    Run(1, "0:10", "17:00", name="김하늘"),
    Run(2, "0:11", company="c0002", name="이보람"),
    Run(3, "0:12", company="c0003", name="박솔"),
]


class Ear(list[str]):
    """Hears the complaints."""

    def complain(self, trouble: str) -> None:
        self.append(trouble)


@pytest.fixture
def opened(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "race", RUNS) as made:
        yield made


@pytest.fixture
def ear() -> Ear:
    return Ear()


@contextmanager
def without(table: str, opened: OpenRace) -> Iterator[None]:
    """Trouble with the database: for a while a table is away."""
    with closing(sqlite3.connect(opened.root / "race.db", isolation_level=None)) as database:
        database.execute(f"ALTER TABLE {table} RENAME TO away")
        try:
            yield
        finally:
            database.execute(f"ALTER TABLE away RENAME TO {table}")


def body(follower: BoardProjection, path: str) -> str:
    asset = follower.snapshot.get(path)
    assert asset
    return asset.plain.decode()


def front_page(follower: BoardProjection) -> str:
    return body(follower, "index.html")


def test_the_first_board_is_there_before_anybody_follows(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    assert follower.snapshot.version == opened.log.head().seq
    assert "김*늘" in front_page(follower)


def test_however_much_has_arrived_a_look_makes_one_version_and_without_news_none(
    opened: OpenRace, ear: Ear, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[int] = []

    def noted(view: View, since: int, changed: Sequence[Row], sections: Sequence[Section]) -> Snapshot:
        made.append(view.version)
        return Snapshot(view, since, changed, sections)

    monkeypatch.setattr("results.board.board_projection.Snapshot", noted)
    follower = followed(opened, ear.complain)
    late_finish(opened, 2, "18:00")
    late_finish(opened, 3, "18:30", camera="finish-3")
    before = made.copy()
    follower.refresh()
    follower.refresh()
    assert made == [*before, opened.log.head().seq]


def test_a_board_that_was_down_shows_what_arrived_meanwhile_as_soon_as_it_is_up(opened: OpenRace, ear: Ear) -> None:
    with following(opened, ear.complain) as follower:
        assert "이*람" not in front_page(follower)
    late_finish(opened, 2, "18:00")
    with following(opened, ear.complain) as again:
        assert again.snapshot.version == opened.log.head().seq
        assert "이*람" in front_page(again)


def test_a_finish_is_on_the_board_a_moment_after_it_is_in_the_log(opened: OpenRace, ear: Ear) -> None:
    with following(opened, ear.complain) as follower:
        assert "이*람" not in front_page(follower)
        late_finish(opened, 2, "18:00")
        wait_until(lambda: follower.snapshot.version == opened.log.head().seq)
        assert "이*람" in front_page(follower)
    assert ear == []


def test_a_late_entry_gets_its_bib_and_its_firm(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    assert follower.firm_of(code_of(9)) is None
    opened.log.record([entrant(9, company="c0003"), assigned(9)])
    follower.refresh()
    assert follower.bib_of(code_of(9)) == 9
    assert follower.firm_of(code_of(9)) == "c0003"


def test_what_is_followed_equals_what_is_computed_at_once(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    for bib, at in ((2, "18:00"), (3, "18:00.5")):
        late_finish(opened, bib, at, camera=f"finish-{bib}")
        follower.refresh()
    at_once = Snapshot(view_of(opened, opened.fold()))
    paths = [path for path in at_once.paths() if path != "head.json"]  # which also says what changed
    assert [follower.snapshot.get(path) for path in paths] == [at_once.get(path) for path in paths]


def test_the_head_says_what_changed_so_that_no_phone_need_fetch_the_whole_index(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    index = json.loads(body(follower, "index.json"))
    for bib, at in ((2, "18:00"), (3, "18:00.5")):
        late_finish(opened, bib, at, camera=f"finish-{bib}")
        follower.refresh()
    opened.log.record([ResultWithheld(entrant_id(1), "심판", "공개 동의 철회")])
    follower.refresh()
    head = json.loads(body(follower, "head.json"))
    assert head["since"] <= index["version"] < head["version"]
    assert [found[0] for found in head["finishers"]] == [3, 2]
    assert head["changed"] == [[1, "", "", ""]]
    firms = [firm[0] for firm in index["companies"]]
    merged = {bib: [name, firms[firm], time] for bib, name, firm, time in index["runners"]}
    merged |= {bib: rest for bib, *rest in (*head["finishers"], *head["changed"])}
    now = json.loads(body(follower, "index.json"))
    firms = [firm[0] for firm in now["companies"]]
    assert {bib: rest for bib, rest in merged.items() if rest != ["", "", ""]} == {
        bib: [name, firms[firm], time] for bib, name, firm, time in now["runners"]
    }


def test_the_last_ten_versions_stay_for_phones_that_are_slow(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    stamps = [follower.snapshot.view.stamp]
    for bib in range(20, 20 + VERSIONS_KEPT + 2):
        opened.log.record([entrant(bib, company="c0003")])
        follower.refresh()
        stamps.append(follower.snapshot.view.stamp)
    assert [stamp for stamp in stamps if follower.at(stamp)] == stamps[-VERSIONS_KEPT:]


def test_two_boards_on_one_log_show_the_same(opened: OpenRace, ear: Ear) -> None:
    with open_race(opened.root) as again:
        one, other = followed(opened, ear.complain), followed(again, ear.complain)
        late_finish(opened, 2, "18:00")
        late_finish(opened, 3, "18:30", camera="finish-3")
        one.refresh()
        other.refresh()
        paths = [path for path in one.snapshot.paths() if path != "head.json"]  # they may have looked at other moments
        assert [one.snapshot.get(path) for path in paths] == [other.snapshot.get(path) for path in paths]


def test_without_news_the_board_stays_the_very_same(opened: OpenRace, ear: Ear) -> None:
    follower = followed(opened, ear.complain)
    before = follower.snapshot
    opened.directory.keep(opened.directory.names())  # something happens, but no fact
    follower.refresh()
    assert follower.snapshot is before


def test_a_log_that_cannot_be_read_is_complained_about_once_and_followed_again(opened: OpenRace, ear: Ear) -> None:
    with following(opened, ear.complain) as follower:
        with without("event", opened):
            wait_until(lambda: bool(ear))
            assert "김*늘" in front_page(follower)  # the board keeps what it shows
        late_finish(opened, 2, "18:00")
        wait_until(lambda: follower.snapshot.version == opened.log.head().seq)
    (trouble,) = ear
    assert "기록을 이어서 읽을 수 없어" in trouble and "no such table: event" in trouble
    assert "\n" not in trouble


def test_while_the_names_are_away_a_finish_is_shown_with_those_that_are_known(opened: OpenRace, ear: Ear) -> None:
    with following(opened, ear.complain) as follower, without("person", opened):
        late_finish(opened, 2, "18:00")
        wait_until(lambda: "이*람" in front_page(follower))
    assert not ear


def test_what_the_office_says_while_the_names_are_away_is_shown_when_they_are_back(opened: OpenRace, ear: Ear) -> None:
    with following(opened, ear.complain) as follower:
        with without("directory_edits", opened):
            opened.log.record([entrant(9, company="c0003")])
            late_finish(opened, 2, "18:00")
            wait_until(lambda: bool(ear))
            assert "이*람" not in front_page(follower)
        wait_until(lambda: follower.snapshot.version == opened.log.head().seq)
        assert "이*람" in front_page(follower)
    assert len(ear) == 1
