"""What `marathon doctor` says of a race."""

from pathlib import Path

import pytest

from tests.clock_and_chance import ManualClock
from timing.check import CheckState
from timing.commands.checks import timing_checks
from timing.folder import create_race


def told(root: Path, part: str) -> tuple[CheckState, str]:
    (found,) = (check for check in timing_checks(root) if part in check.part)
    return found.state, found.text.to("en")


@pytest.mark.parametrize(
    ("host", "state", "says"),
    [
        ("GV.TEST", CheckState.ADVICE, "for practice"),
        ("RUN.GASAN.KR", CheckState.GOOD, "bibs open https://RUN.GASAN.KR"),
    ],
)
def test_the_bibs_address_is_told(tmp_path: Path, clock: ManualClock, host: str, state: CheckState, says: str) -> None:
    create_race(tmp_path, "연습", "rehearsal", host, 4_500, clock).close()
    found, english = told(tmp_path, "address")
    assert found is state and says in english
    assert told(tmp_path, "race")[0] is CheckState.GOOD


def test_without_a_race_there_is_no_address(tmp_path: Path) -> None:
    checks = list(timing_checks(tmp_path))
    assert [check.state for check in checks if "race" in check.part] == [CheckState.MISSING]
    assert not [check for check in checks if "address" in check.part]


def test_in_an_installation_of_its_own_no_other_package_hides_a_room(tmp_path: Path) -> None:
    assert told(tmp_path, "marathon") == (CheckState.GOOD, "all parts are installed")
