"""`marathon film`: pictures of a moment, from film that a station kept."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.builders import GUN, race
from tests.pictures import film, scene, url
from tests.terminal import marathon, race_folder
from timing.folder import OpenRace
from timing.race.instants import SECOND, Instant, Span, iso, later, wall

ONE = "--for", "0.1"


@pytest.fixture
def gvalley(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[OpenRace]:
    """A race folder whose finish station kept film of the gun."""
    monkeypatch.chdir(tmp_path)
    film(tmp_path / "결승.mp4", [scene(url(417))] * 10)
    with race_folder(tmp_path / "대회") as made:
        made.log.record(race())
        assert replayed(made, GUN) == 0
        yield made


def replayed(race: OpenRace, at: Instant) -> int:
    where = ("--station", "finish-1", "--point", "finish", "--no-line", "--race", race.root)
    return marathon("scan", "결승.mp4", *where, "--film-mb", 10, "--at", iso(at))


def test_a_replay_with_a_mistyped_year_deletes_no_film_of_the_station(
    gvalley: OpenRace,
) -> None:
    kept = set((gvalley.root / "stations" / "film").rglob("*.mp4"))
    assert kept and replayed(gvalley, later(GUN, Span(365 * 24 * 3_600 * SECOND))) == 0
    assert kept < set((gvalley.root / "stations" / "film").rglob("*.mp4"))


@pytest.mark.parametrize("how", [(), ("--strip",)])
def test_pictures_of_a_moment_that_cannot_be_written_are_refused_in_one_line(
    gvalley: OpenRace, tmp_path: Path, capsys: pytest.CaptureFixture[str], how: tuple[str, ...]
) -> None:
    (tmp_path / "메모").write_text("결승 카메라", encoding="utf-8")
    moment = ("film", "--at", wall(GUN, gvalley.zone)[:8], *ONE, *how, "--race", gvalley.root)
    assert marathon(*moment, "--out", "사진/결승") == 0
    assert list((tmp_path / "사진" / "결승").glob("finish-1-*.png"))
    capsys.readouterr()
    assert marathon(*moment, "--out", "메모/결승") == 3
    printed = capsys.readouterr()
    assert printed.out == "" and len(printed.err.splitlines()) == 1 and "cannot write" in printed.err
