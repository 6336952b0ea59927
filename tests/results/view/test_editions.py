"""Editions: provisional, protests, official; each can be made again to the byte."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from results.board.board_projection import view_of
from results.files.exports import results_rows
from results.files.paper_sheets import result_sheets
from results.ranking.rows import Status
from results.ranking.standings import standings
from results.view.view import lines
from results.view.words import STATUSES
from tests.boards import Run, late_finish, net, race_folder
from tests.builders import GUN, Station, after_gun
from tests.terminal import Typist, marathon
from timing.folder import OpenRace
from timing.race.events import EditionPublished, StationClosed
from timing.race.instants import Instant, Span, day_of, wall
from timing.race.known_names import Names
from timing.stations.registry import StationTable
from timing.stations.station_status import StationStatus

FIELD = [net(1, 1000, name="김하늘"), net(2, 1010, name="이솔"), net(3, 1020, company="c0002", name="박바다")]
Said = Callable[..., tuple[int, str]]


@pytest.fixture
def gvalley(tmp_path: Path) -> Iterator[OpenRace]:
    with race_folder(tmp_path / "gvalley", FIELD) as opened:
        yield opened


@pytest.fixture
def edition(gvalley: OpenRace, capsys: pytest.CaptureFixture[str]) -> Said:
    return Typist(gvalley, capsys, "edition").ends


def close_stations(gvalley: OpenRace) -> None:
    """Both cameras say that they have ended their work."""
    for station in (Station("start-1", "start"), Station("finish-1")):
        head = gvalley.log.lineage_head(station.lineage)
        facts = [fact for fact in gvalley.log.read() if fact.lineage == station.lineage]
        station.items = [fact.data for fact in facts]
        station.says(StationClosed(after_gun("3:00:00")))
        gvalley.log.receive(station.batch(head.seq + 1))


def published(gvalley: OpenRace) -> list[EditionPublished]:
    return gvalley.fold().editions


def test_official_comes_after_provisional_and_after_the_protests(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    code, said = edition("official", "--yes")
    assert code == 1 and "provisional" in said
    assert edition("provisional", "--protest-minutes", 60)[0] == 0
    code, said = edition("official", "--yes")
    assert code == 1 and "--early" in said
    assert edition("official", "--early", "--yes")[0] == 0
    assert [one.state for one in published(gvalley)] == ["provisional", "official"]


def test_while_a_station_may_hold_scans_the_director_must_name_it(gvalley: OpenRace, edition: Said) -> None:
    edition("provisional", "--protest-minutes", 0)
    code, said = edition("official", "--early", "--yes")
    assert code == 1 and "finish-1" in said and "start-1" in said
    waived = ("--despite", "finish-1", "--despite", "start-1")
    assert edition("official", "--early", "--yes", *waived, "--why", "카메라 고장")[0] == 0
    assert published(gvalley)[-1].despite == ("finish-1", "start-1")


def test_a_station_that_said_it_holds_more_than_came_is_waited_for(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    edition("provisional", "--protest-minutes", 0)
    book = StationTable(gvalley.engine, gvalley.settings.id, gvalley.clock)
    book.record_heartbeat("5" * 32, "finish-2", StationStatus(12, "", 12, 29.7, 0, 10**11, Span(0)))
    code, said = edition("official", "--early", "--yes")
    assert code == 1 and "finish-2" in said and "finish-1" not in said
    assert edition("official", "--early", "--yes", "--despite", "finish-2", "--why", "깨진 노트북")[0] == 0
    assert published(gvalley)[-1].despite == ("finish-2",)


def test_the_board_says_official_only_while_nothing_has_changed_since(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    edition("provisional", "--protest-minutes", 0)
    assert view_of(gvalley, gvalley.fold()).state == "provisional"
    edition("official", "--early", "--yes")
    assert view_of(gvalley, gvalley.fold()).state == "official"
    late_finish(gvalley, 9, "18:00")
    assert view_of(gvalley, gvalley.fold()).state == "official"  # a code of nobody here
    marathon("rule", "status", "dsq", 1, "--why", "대리 참가", "--yes", "--race", gvalley.root)
    assert view_of(gvalley, gvalley.fold()).state == "provisional"


def test_a_change_after_the_official_edition_makes_a_new_one_with_a_diff(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    edition("provisional", "--protest-minutes", 0)
    edition("official", "--early", "--yes")
    marathon("rule", "finish", 3, "+16:00", "--why", "늦게 온 영상", "--yes", "--race", gvalley.root)
    assert "3 → 1" in edition("diff")[1]
    assert edition("official", "--early", "--yes", "--why", "정정")[0] == 0
    assert [one.number for one in published(gvalley)] == [1, 2, 3]
    assert "3 → 1" in edition("diff", 2, 3)[1]
    assert "3 → 1" not in edition("diff", 3)[1]


def test_an_old_edition_is_made_again_byte_for_byte_whatever_came_after(gvalley: OpenRace, edition: Said) -> None:
    edition("provisional", "--protest-minutes", 0)
    kept = (gvalley.root / "editions" / "001-provisional.jsonl").read_text(encoding="utf-8")
    marathon("rule", "status", "dsq", 1, "--why", "대리 참가", "--yes", "--race", gvalley.root)
    gvalley.directory.keep(Names({"e00002": "이솔아"}, {"c0001": "가산정밀(주)"}))
    code, said = edition("show", 1)
    assert code == 0 and kept in said
    assert "byte for byte" in said
    assert "이솔" not in kept and "가산정밀" not in kept


def test_each_edition_is_signed_into_a_checkpoint(gvalley: OpenRace, edition: Said) -> None:
    edition("provisional", "--protest-minutes", 0)
    (note,) = (gvalley.root / "checkpoints").glob("*-provisional-1.txt")
    assert note.name.startswith(f"{gvalley.log.head().seq:08}")
    assert marathon("log", "verify", "--race", gvalley.root) == 0


def test_the_list_shows_them_and_an_edition_nobody_published_is_refused(gvalley: OpenRace, edition: Said) -> None:
    edition("provisional")
    assert edition("list")[1].count("\n") == 1
    assert edition("show", 2)[0] == 1
    assert edition("diff", 7)[0] == 1
    assert published(gvalley)[0].protest_until == GUN + 30 * 60_000_000 or published(gvalley)[0].protest_until


def test_the_last_provisional_edition_says_how_long_protests_are_heard(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    edition("provisional", "--protest-minutes", 60)
    edition("provisional", "--protest-minutes", 0)
    assert edition("official", "--yes")[0] == 0


def test_a_refusal_says_until_when_protests_are_heard_and_so_does_the_list(gvalley: OpenRace, edition: Said) -> None:
    close_stations(gvalley)
    edition("provisional", "--protest-minutes", 0)
    edition("provisional", "--protest-minutes", 10_080)
    until = [one.protest_until for one in published(gvalley)]
    faces = [f"{wall(at, gvalley.zone)}" for at in until if at is not None]
    code, said = edition("official", "--yes")
    assert code == 1 and faces[1] in said and day_of(Instant(until[1] or 0), gvalley.zone) in said
    assert all(face in line for face, line in zip(faces, edition("list")[1].splitlines(), strict=True))


def test_before_the_first_edition_the_list_says_that_there_is_none(edition: Said) -> None:
    assert edition("list") == (0, "아직 발표한 판이 없습니다 / no edition has been published yet\n")


# Who is still open.

UNSETTLED = [
    net(1, 1000, name="김하늘"),
    Run(2, "0:10", name="이솔"),
    Run(3, name="박바다"),
    Run(4, "16:00", "40:00", name="최늦음"),
]


@pytest.fixture
def unsettled(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Iterator[tuple[OpenRace, Said]]:
    """One finisher, one still on the course, one who was never seen, one held; the stations are closed."""
    with race_folder(tmp_path / "gvalley", UNSETTLED) as opened:
        close_stations(opened)
        typed = Typist(opened, capsys).ends
        typed("edition", "provisional", "--protest-minutes", 0)
        yield opened, typed


def test_official_tells_who_is_open_and_takes_rulings(unsettled: tuple[OpenRace, Said]) -> None:
    opened, typed = unsettled
    code, said = typed("edition", "official", "--early", "--yes")
    assert code == 1 and "marathon rule close" in said
    assert "still on the course" in said and "2 이솔" in said
    assert "never seen" in said and "3 박바다" in said
    assert "held: 1" in said and "4 최늦음" in said
    typed("rule", "close", "16:00:00", "--why", "제한 시간", "--yes")
    typed("rule", "start-offset", 4, 0, "--why", "총성부터", "--yes")
    assert typed("edition", "official", "--early", "--yes")[0] == 0
    statuses = {row.entrant.bib: row.status for row in standings(opened.fold()).rows}
    assert statuses == {1: "finished", 2: "dnf", 3: "dns", 4: "finished"}


def test_official_takes_a_reason_for_whoever_is_open(unsettled: tuple[OpenRace, Said]) -> None:
    opened, typed = unsettled
    code, said = typed("edition", "official", "--early", "--yes", "--why", "2번은 집에 있음")
    assert code == 0 and "2 이솔" in said
    assert published(opened)[-1].why == "2번은 집에 있음"


@pytest.mark.parametrize("closed", [False, True])
def test_csv_table_board_and_workbook_say_one_status_of_everybody(
    unsettled: tuple[OpenRace, Said], closed: bool
) -> None:
    opened, typed = unsettled
    if closed:
        typed("rule", "close", "16:00:00", "--why", "제한 시간", "--yes")
    typed("edition", "official", "--early", "--yes", "--why", "시험")
    view = view_of(opened, opened.fold())
    in_csv = {row["bib"]: STATUSES[Status(row["status"])].to("ko") for row in results_rows(view.standings, view.names)}
    rows = view.standings.rows
    on_the_board = {str(line.bib): line.status for line in lines(view, rows, [row.place for row in rows], "ko")}
    table = result_sheets(view).tables[0]
    bib, status = ([column.title.to("ko") for column in table.columns].index(name) for name in ("배번", "상태"))
    in_workbook = {str(row[bib]): row[status] for row in table.rows}
    assert in_csv == on_the_board == in_workbook
    assert list(in_csv.values()).count("미완주") == closed and list(in_csv.values()).count("미출발") == closed
