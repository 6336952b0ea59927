"""The board in a folder: only what changed, the head last, and nothing left of what is no longer shown."""

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.board.large_pages import LARGE
from results.board.publishing import TABLES_KEPT, Published, Publisher, keep_publishing
from results.board.snapshot import Snapshot
from tests.boards import Run, late_finish, net, race_folder, view_of_runs, written
from tests.builders import GUN, entrant_id
from tests.clock_and_chance import ManualClock
from tests.terminal import marathon
from timing.errors import RaceError
from timing.folder import OpenRace
from timing.race.events import ResultWithheld
from timing.race.instants import SECOND, Instant, Span

RUNS = [net(bib, 1_000 + bib, company=f"c000{bib % 3 + 1}", name="김하늘") for bib in range(1, 8)]


def board_of(runs: list[Run]) -> Snapshot:
    return Snapshot(view_of_runs(runs))


def files(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def test_a_second_publish_of_the_same_writes_nothing(tmp_path: Path, clock: ManualClock) -> None:
    publisher = Publisher(tmp_path, clock)
    first, second = publisher.publish(board_of(RUNS), whole=True), publisher.publish(board_of(RUNS), whole=True)
    assert first.written == len(files(tmp_path))
    assert (second.written, second.removed) == (0, 0)
    assert written(board_of(RUNS), tmp_path).written == 0  # also by a publisher that has never seen the folder


def test_one_more_finisher_leaves_other_firms_alone(tmp_path: Path, clock: ManualClock) -> None:
    publisher = Publisher(tmp_path, clock)
    publisher.publish(board_of([*RUNS, Run(9, "10", company="c0001")]), whole=True)
    before = {path: (tmp_path / path).stat().st_mtime_ns for path in files(tmp_path)}
    publisher.publish(board_of([*RUNS, net(9, 2_000, company="c0001")]), whole=True)
    changed = {path for path, at in before.items() if (tmp_path / path).stat().st_mtime_ns != at}
    assert {"head.json", "index.html", "r/9.html", "c/c0001.html", "overall.csv"} <= changed
    assert not {"c/c0002.html", "r/1.json", "missing.html", "robots.txt", "404.html"} & changed


def test_every_file_has_its_compressed_twins_where_they_are_wanted(tmp_path: Path, clock: ManualClock) -> None:
    board = board_of(RUNS)
    Publisher(tmp_path, clock, compressed=True).publish(board, whole=True)
    for path in board.paths():
        asset = board.get(path)
        assert asset
        assert (tmp_path / f"{path}.br").read_bytes() == asset.body("br")
        assert (tmp_path / f"{path}.gz").read_bytes() == asset.body("gzip")


def test_the_last_versions_tables_stay_and_older_ones_go(tmp_path: Path, clock: ManualClock) -> None:
    publisher = Publisher(tmp_path, clock)
    versions = []
    for more in range(TABLES_KEPT + 3):
        board = board_of([*RUNS, *(Run(20 + one) for one in range(more))])
        publisher.publish(board)
        versions.append(board.view.stamp)
    assert {path.name for path in (tmp_path / "s").iterdir()} == set(versions[-TABLES_KEPT:])


def test_a_runner_whose_result_is_withheld_leaves_the_folder(tmp_path: Path) -> None:
    with race_folder(tmp_path / "race", RUNS) as opened:
        assert publish(opened, tmp_path / "out") == 0
        assert (tmp_path / "out" / "r" / "3.html").exists()
        opened.log.record([ResultWithheld(entrant_id(3), "심판", "공개 동의 철회")])
        assert publish(opened, tmp_path / "out") == 0
    assert not [
        path for path in files(tmp_path / "out") if path.rpartition("/")[2].partition(".")[0] == "3" and "r/" in path
    ]


def test_a_file_of_somebody_else_s_stays(tmp_path: Path) -> None:
    (tmp_path / "favicon.ico").write_bytes(b"theirs")
    written(board_of(RUNS), tmp_path)
    assert (tmp_path / "favicon.ico").read_bytes() == b"theirs"


def test_runners_pages_that_take_too_long_follow_with_the_next_publish(tmp_path: Path) -> None:
    class Busy(ManualClock):
        """Every look at it costs a quarter of a second."""

        def now(self) -> Instant:
            return self.tick(Span(SECOND // 4))

    publisher, board = Publisher(tmp_path, Busy(GUN)), board_of([*RUNS, *(Run(bib) for bib in range(50, 90))])
    first = publisher.publish(board)
    assert first.waiting
    assert (tmp_path / "head.json").exists() and (tmp_path / "r" / "7.html").exists()
    for _ in range(300):
        if not publisher.publish(board).waiting:
            break
    assert {path for path in board.paths() if not (tmp_path / path).exists()} == set()


def publish(opened: OpenRace, folder: Path) -> int:
    return marathon("board", "publish", folder, "--race", opened.root)


def test_published_for_a_web_server_the_form_sends_people_to_the_desk(tmp_path: Path) -> None:
    with race_folder(tmp_path / "race", RUNS) as opened:
        late_finish(opened, 1, "30:00")
        assert publish(opened, tmp_path / "out") == 0
    page = (tmp_path / "out" / "missing.html").read_text(encoding="utf-8")
    assert "<textarea" not in page and "기록 안내소" in page


def test_a_folder_that_cannot_be_written_is_one_clear_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").write_text("")
    with race_folder(tmp_path / "race", RUNS) as opened:
        assert publish(opened, tmp_path / "file" / "out") == 3
    assert "쓸 수 없습니다" in capsys.readouterr().err


def test_a_folder_that_is_away_for_a_while_is_complained_about_and_whole_again_afterwards(
    tmp_path: Path, clock: ManualClock
) -> None:
    folder, troubles, published = tmp_path / "out", list[str](), list[Published]()
    boards = [Snapshot(view_of_runs([net(417, 1000 + late)])) for late in range(4)]

    def is_replaced_by_a_file() -> None:
        shutil.rmtree(folder)
        folder.write_text("")

    days: Iterator[Callable[[], object]] = iter([is_replaced_by_a_file, list, folder.unlink])

    def wait() -> bool:
        day = next(days, None)
        if day:
            day()
        return day is None

    now = iter(boards)
    keep_publishing(
        Publisher(folder, clock), lambda: next(now), lambda _, done: published.append(done), wait, troubles.append
    )
    assert len(troubles) == 1 and "전광판 파일을 쓸 수 없어" in troubles[0]
    assert len(published) == 2
    assert {path for path in boards[-1].paths() if not (folder / path).is_file()} <= set(LARGE)  # these follow


def test_a_folder_that_somebody_emptied_is_filled_again(tmp_path: Path, clock: ManualClock) -> None:
    publisher, board = Publisher(tmp_path / "out", clock), Snapshot(view_of_runs([net(417, 1000)]))
    publisher.publish(board, whole=True)
    shutil.rmtree(tmp_path / "out")
    publisher.publish(board, whole=True)
    assert all((tmp_path / "out" / path).is_file() for path in board.paths())


@pytest.mark.parametrize(
    "company", ["../../밖", "..", ".", "a/../../b", "c0001/", "/tmp/x", "\\..\\x", "x\0y", "가" * 80]
)
def test_an_id_from_elsewhere_that_can_be_no_file_s_name_is_refused_and_nothing_is_written(
    tmp_path: Path, clock: ManualClock, company: str
) -> None:
    folder = tmp_path / "a" / "board"
    with pytest.raises(RaceError, match="no file's name"):
        Publisher(folder, clock).publish(board_of([net(1, 1_000, company=company, name="김하늘")]), whole=True)
    assert files(tmp_path) == set()
