"""A station is one program: a second one of its name is told so, and a place without room stops nobody."""

from pathlib import Path

import pytest

from scanners.station.only_one import alone
from timing.errors import WrongUse


def test_a_second_program_of_the_same_name_is_refused_until_the_first_has_ended(tmp_path: Path) -> None:
    lock = tmp_path / "stations" / "finish-1.lock"
    with (
        alone(lock, "finish-1"),
        pytest.raises(WrongUse, match="finish-1 is at work here already"),
        alone(lock, "finish-1"),
    ):
        raise AssertionError("both are at work")
    with alone(lock, "finish-1"), alone(lock.with_name("finish-2.lock"), "finish-2"):
        assert lock.exists()


def test_where_no_lock_can_be_kept_the_station_works_all_the_same(tmp_path: Path) -> None:
    (tmp_path / "stations").write_text("no folder")
    with alone(tmp_path / "stations" / "finish-1.lock", "finish-1"):
        assert (tmp_path / "stations").is_file()
