"""A station is put together from its options and reports through plain functions: no command line is needed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from scanners.station.assembly import open_station
from scanners.station.running_station import sending
from scanners.station.station_options import StationOptions
from scanners.station.station_output import StationOutput
from tests.builders import GUN, assigned, code_of, entrant, race
from tests.pictures import film, images, scene, url
from tests.terminal import race_folder
from timing.errors import WrongUse
from timing.language import Text
from timing.race.clock import SystemClock


def output(bibs: list[int | None], said: list[str]) -> StationOutput:
    def say(text: Text) -> None:
        said.append(text.to("en"))

    return StationOutput(
        say,
        said.append,
        lambda _, bib: bibs.append(bib),
        lambda _seq, _fact: None,
        lambda _: None,
        lambda _before, _after: None,
    )


def watched(options: StationOptions, folder: Path) -> tuple[list[int | None], list[str]]:
    """The bibs of the scans that were reported, and what was said."""
    bibs, said = list[int | None](), list[str]()
    with race_folder(folder) as opened:
        opened.log.record(race(entrant(417), assigned(417)))
        reports = output(bibs, said)
        with open_station(options, opened, reports) as running, sending(running, reports.say):
            running.watch()
        assert (code_of(417) in opened.fold().scans) != options.trial
    return bibs, said


def test_a_station_in_a_race_folder_reports_each_scan_with_its_bib(tmp_path: Path) -> None:
    source = film(tmp_path / "결승.mp4", [scene(url(417))] * 10 + [scene(url(418))] * 5)
    options = StationOptions(source=str(source), name="finish-1", point="finish", at=GUN, line_px=90)
    assert watched(options, tmp_path / "대회") == ([417, None], [])


def test_a_trial_reports_and_records_nothing(tmp_path: Path) -> None:
    source = images(tmp_path / "사진", [scene(url(417))])
    assert watched(StationOptions(source=str(source), name="시험", trial=True), tmp_path / "대회") == ([417], [])


def test_a_station_is_not_suspect_until_an_alarm_is_raised(tmp_path: Path) -> None:
    source = images(tmp_path / "사진", [scene(url(417))])
    said = list[str]()
    with open_station(StationOptions(source=str(source), name="시험", trial=True), None, output([], said)) as running:
        before = running.suspect
        running.uploads.raise_alarm("damaged", Text("the disk is damaged"))
        assert (before, running.suspect) == (False, True)
    assert said == ["⚠ the disk is damaged"]


@pytest.mark.parametrize(
    "wrong",
    [
        lambda: StationOptions(source="0", name="finish-1"),
        lambda: StationOptions(source="0", name="pen-2", point="pen"),
        lambda: StationOptions(source="0", name="finish-1", point="finish", wave="2"),
        lambda: StationOptions(source="0", name="split-1", point="split"),
        lambda: StationOptions(source="0", name="finish-1", point="finish", metres=2500),
        lambda: StationOptions(source="film.mp4", name="finish-1", point="finish").begins(SystemClock()),
    ],
)
def test_a_station_whose_place_or_time_is_unclear_is_a_wrong_use(wrong: Callable[[], object]) -> None:
    with pytest.raises(WrongUse):
        wrong()
