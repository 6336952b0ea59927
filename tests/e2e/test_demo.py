"""`marathon demo`: a whole race from roster to board, judged against the film; and the judge himself is judged."""

import csv
import json
import re
import signal
from collections.abc import Callable, Iterator
from pathlib import Path

import click
import httpx2
import pytest

from demo.film import Rehearsal, differences, rehearse
from demo.verdict import FINISH_AFTER_S, judge
from results.ranking.standings import standings
from tests import terminal
from tests.boards import PATIENCE_S, Page, Run, race_folder, said, wait_until
from tests.builders import GUN, Station, assigned, code_of, entrant_id, scan
from tests.faults.soak import SOAK
from tests.programs import fetch, free_port, marathon, members, running, wait_for_board
from timing.commands.command_line import run
from timing.folder import OpenRace
from timing.race.events import BibAssigned, StationFact
from timing.race.instants import SECOND

PEOPLE = 12  # of whom two never start and two give up
FINISHERS = PEOPLE - 4
SEED = 42  # of sixty, the one with the shortest films


def test_a_demonstration_runs_a_whole_race_and_leaves_everything_behind(tmp_path: Path) -> None:
    root = tmp_path / "연습"
    done = marathon("demo", "--once", root, "--people", str(PEOPLE), "--seed", str(SEED))
    assert done.code == 0, done.err
    assert f"결승선을 통과한 {FINISHERS}명이 모두 결과에 있습니다" in done.err
    assert "leaked" not in done.err  # the demonstration ends with its verdict

    sheets = [sheet for sheet in root.glob("bibs/*/*.pdf") if "배번" in sheet.name]
    assert sheets and (root / "bibs" / "index.pdf").is_file()
    assert {"start.mp4", "finish.mp4", "truth.json"} <= {film.name for film in (root / "films").iterdir()}
    assert (root / "race.toml").is_file() and (root / "race.db").is_file()

    with (root / "results.csv").open(encoding="utf-8-sig", newline="") as file:
        results = list(csv.DictReader(file))
    assert [row["status"] for row in results].count("finished") == FINISHERS
    assert [row["status"] for row in results].count("dnf") == 2
    assert [row["status"] for row in results].count("dns") == 2
    assert {row["start_source"] for row in results if row["status"] == "finished"} == {"scan"}
    assert (root / "results.csv").read_bytes().decode() == terminal.said("results", "--race", root, "--csv")
    assert (root / "rankings.csv").read_bytes().startswith("\ufeffranking,division,place,".encode())
    truth = json.loads((root / "films" / "truth.json").read_text(encoding="utf-8"))
    assert {row["bib"] for row in results if row["place"]} == {
        bib for bib, seen in truth.items() if seen["finish_s"] is not None
    }

    front = Page((root / "board" / "index.html").read_text(encoding="utf-8"))
    winner = results[0]["bib"]
    assert winner in front.words
    assert json.loads((root / "board" / "head.json").read_text(encoding="utf-8"))["counts"]["finished"] == FINISHERS

    explained = terminal.said("explain", winner, "--race", root)
    assert f"bib {winner}" in explained and "start-1" in explained and "finish-1" in explained
    assert f"순위 / Place: 1 / {FINISHERS}" in explained
    assert terminal.said("log", "verify", "--race", root)


def test_a_demonstration_does_not_clear_a_folder_that_is_not_its_own(tmp_path: Path) -> None:
    (tmp_path / "사진.jpg").write_text("a memory")
    refused = marathon("demo", "--once", tmp_path)
    assert refused.code == 2
    assert [file.name for file in tmp_path.iterdir()] == ["사진.jpg"]
    assert refused.err.count("\n") == 1


def _opens(told: Path) -> bool:
    """Whether the director's link stands there and lets its bearer in; the office is built beside the board."""
    office = re.search(r"http://\S+/office/enter/\w+\s", told.read_text(encoding="utf-8"))
    return office is not None and httpx2.get(office[0].strip(), timeout=PATIENCE_S).status_code == 200


@pytest.mark.at_length
def test_interrupting_a_demonstration_leaves_no_process_and_no_folder_behind(tmp_path: Path) -> None:
    port, told, scratch = free_port(), tmp_path / "told.txt", tmp_path / "tmp"
    scratch.mkdir()
    with running(told, "demo", "--people", str(PEOPLE), "--port", str(port), TMPDIR=str(scratch)) as demo:
        wait_for_board(port, demo, told)
        wait_until(lambda: _opens(told))
        assert "연습" in fetch(port, "")
        assert [folder.name.startswith("marathon-demo-") for folder in scratch.iterdir()] == [True]
        wait_until(lambda: bool(list(scratch.glob("*/films"))))
        if SOAK:  # the films take their time
            wait_until(lambda: "출발선 스테이션이 영상을 판독합니다" in told.read_text(encoding="utf-8"))
            wait_until(lambda: len(members(demo.pid)) > 1)  # a station looks at its film
        demo.send_signal(signal.SIGINT)
        assert demo.wait(PATIENCE_S) in (0, 130), told.read_text(encoding="utf-8")
        assert members(demo.pid) == []
        assert list(scratch.iterdir()) == []
        assert "Traceback" not in told.read_text(encoding="utf-8")


# --- the judge: the same race without a film, every scan at its true instant, and then something goes wrong

BIBS = range(1, PEOPLE + 1)


@pytest.fixture
def rehearsal() -> Rehearsal:
    return rehearse(BIBS, seed=3)


@pytest.fixture
def opened(tmp_path: Path, rehearsal: Rehearsal) -> Iterator[OpenRace]:
    """The race as it was rehearsed."""
    start = {bib: said(round(place.crosses_s * SECOND)) for bib, place in rehearsal.start.items()}
    finish = {bib: finish_at(place.crosses_s) for bib, place in rehearsal.finish.items()}
    runs = [Run(bib, start.get(bib), finish.get(bib)) for bib in BIBS]
    with race_folder(tmp_path / "race", runs) as made:
        yield made


def finish_at(film_s: float) -> str:
    return said(round((FINISH_AFTER_S + film_s) * SECOND))


def verdict(opened: OpenRace, rehearsal: Rehearsal) -> int:
    """The exit code with which the demonstration would end."""
    return run(click.Command("judge", callback=lambda: judge(opened, rehearsal, GUN)), [])


def another_camera(opened: OpenRace, point: str, *facts: StationFact) -> None:
    station = Station(f"{point}-2", "start" if point == "start" else "finish")
    opened.log.receive(station.says(*facts).batch())


def test_the_judge_is_content_with_the_truth(
    opened: OpenRace, rehearsal: Rehearsal, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verdict(opened, rehearsal) == 0
    assert f"결승선을 통과한 {FINISHERS}명" in capsys.readouterr().err


def test_the_judge_overlooks_a_tenth_of_a_second(opened: OpenRace, rehearsal: Rehearsal) -> None:
    bib, place = next(iter(rehearsal.finish.items()))
    another_camera(opened, "finish", scan(bib, finish_at(place.crosses_s - 0.1)))
    assert verdict(opened, rehearsal) == 0


def lose_a_runner(opened: OpenRace, bib: int, rehearsal: Rehearsal) -> None:
    opened.log.record([BibAssigned(bib, entrant_id(bib), code_of(999))])  # another code: the scans belong to nobody


def see_a_finish_too_early(opened: OpenRace, bib: int, rehearsal: Rehearsal) -> None:
    another_camera(opened, "finish", scan(bib, finish_at(rehearsal.finish[bib].crosses_s - 0.3)))


def see_a_start_too_late(opened: OpenRace, bib: int, rehearsal: Rehearsal) -> None:
    another_camera(opened, "start", scan(bib, said(round((rehearsal.start[bib].crosses_s + 0.3) * SECOND))))


def invent_a_finisher(opened: OpenRace, bib: int, rehearsal: Rehearsal) -> None:
    given_up = next(iter(rehearsal.start.keys() - rehearsal.finish.keys()))
    another_camera(opened, "finish", scan(given_up, finish_at(40)))


def swap_two_bibs(opened: OpenRace, bib: int, rehearsal: Rehearsal) -> None:
    other = max(rehearsal.finish.keys() - {bib})
    one, two = assigned(bib), assigned(other)
    opened.log.record([BibAssigned(bib, one.entrant, two.code), BibAssigned(other, two.entrant, one.code)])


@pytest.mark.parametrize(
    "wrong", [lose_a_runner, see_a_finish_too_early, see_a_start_too_late, invent_a_finisher, swap_two_bibs]
)
def test_the_judge_finds(
    wrong: Callable[[OpenRace, int, Rehearsal], None],
    opened: OpenRace,
    rehearsal: Rehearsal,
    capsys: pytest.CaptureFixture[str],
) -> None:
    bib = min(rehearsal.finish)
    wrong(opened, bib, rehearsal)
    assert verdict(opened, rehearsal) == 1
    told = capsys.readouterr().err
    assert "영상과 다릅니다" in told and told.count("\n") == 1
    assert wrong is invent_a_finisher or f"배번 {bib}:" in told


def test_the_judge_names_every_difference(opened: OpenRace, rehearsal: Rehearsal) -> None:
    truth = {bib: row.net_time for bib in BIBS if (row := standings(opened.fold()).by_bib(bib))}
    times = {bib: time for bib, time in truth.items() if time is not None}
    assert differences(times, times) == []
    assert len(differences(times, {})) == len(differences({}, times)) == FINISHERS
