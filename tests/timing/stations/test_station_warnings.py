"""The operator is told what is wrong and what to do, in both languages, and of nothing that is well."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from timing.race.instants import SECOND, Span
from timing.stations.station_status import StationAlarm, StationStatus
from timing.stations.station_warnings import DISK, SET, StationWarning, warnings

UNKNOWN = StationStatus(0, "", 0)
WELL = StationStatus(
    7, "", 0, paper=210, glare=0.02, edge=0.4, smear=0.1, module_px=4.2, live=True, frame_age_s=0.03, fps=29.8, latency_ms=60, disk_free=80_000_000_000
)  # fmt: skip


def but(**changes: object) -> StationStatus:
    """A station of which nothing is known but this."""
    return msgspec.structs.replace(UNKNOWN, **changes)


def kinds(status: StationStatus) -> list[str]:
    return [warning.kind for warning in warnings(status)]


def test_nothing_is_said_when_all_is_well_or_nothing_is_known() -> None:
    assert warnings(WELL) == warnings(UNKNOWN) == []


@pytest.mark.parametrize(
    ("wrong", "kind", "level"),
    [
        ({"paper": 40.0}, "dark", "alarm"),
        ({"glare": 0.6}, "bright", "alarm"),
        ({"edge": 0.05}, "blurred", "alarm"),
        ({"smear": 0.9}, "slow-shutter", "notice"),
        ({"module_px": 1.8}, "far", "notice"),
        ({"moving_s": 15.0}, "unread", "alarm"),
        ({"passed_lately": 10, "unread_lately": 3}, "unread", "alarm"),
        ({"changed": 0.9}, "moved", "alarm"),
        ({"frozen_s": 31.0}, "frozen", "alarm"),
        ({"frame_age_s": 3.0}, "camera", "alarm"),
        ({"camera_lost": True}, "camera", "alarm"),
        ({"fps": 7.0}, "few", "notice"),
        ({"latency_ms": 1500.0}, "late", "notice"),
        ({"dropped": 0.5}, "slow", "notice"),
        ({"trial": True}, "trial", "alarm"),
        ({"lacks_line": True}, "no-line", "notice"),
        ({"conflicts": 2}, "conflict", "alarm"),
        ({"disk_free": 300_000_000}, "disk", "notice"),
        ({"disk_free": 30_000_000}, "disk", "alarm"),
        ({"alarms": (StationAlarm("디스크가 가득 찼습니다", "the disk is full"),)}, "outbox", "alarm"),
        ({"away_s": 12.0}, "away", "notice"),
        ({"away_s": 40.0}, "away", "alarm"),
        ({"refused": StationAlarm("토큰이 맞지 않습니다", "wrong token")}, "refused", "alarm"),
        ({"wall_moved": Span(-3_600 * SECOND)}, "clock", "notice"),
    ],
)
def test_each_trouble_alone_is_told_with_its_weight_and_what_to_do(
    wrong: dict[str, object], kind: str, level: str
) -> None:
    (trouble,) = warnings(msgspec.structs.replace(WELL, **wrong))
    assert (trouble.kind, trouble.level) == (kind, level)
    assert any("가" <= letter <= "힣" for letter in trouble.text.to("ko"))
    assert trouble.text.to("en").isascii()


def test_nothing_is_called_safe_that_is_in_memory_alone() -> None:
    told = warnings(but(away_s=40.0, unsent=3, alarms=(StationAlarm("가득", "full"),)))
    assert [trouble.kind for trouble in told] == ["outbox", "away"]
    assert "safe" not in told[1].text.to("en") and "안전" not in told[1].text.to("ko")


def test_a_short_silence_of_the_server_is_not_worth_a_word() -> None:
    assert kinds(but(away_s=5.0, unsent=3)) == []


def test_a_camera_that_gives_nothing_leaves_nothing_to_say_of_its_picture() -> None:
    assert kinds(but(paper=10, edge=0.01, changed=1.0, camera_lost=True, wall_moved=Span(900_000))) == [
        "camera",
        "clock",
    ]


def test_the_office_hears_in_short_of_a_full_disk_and_of_a_clock_that_was_set() -> None:
    status = but(disk_free=10**8, wall_moved=Span(-3_600 * SECOND), paper=10, away_s=60.0)
    assert [one.short for one in warnings(status) if one.short] == [DISK, SET]
    assert [one.short for one in warnings(but(wall_moved=Span(SECOND // 2)))] == [None]  # it drifts


def test_a_film_that_is_read_slowly_is_no_slow_computer() -> None:
    assert kinds(but(fps=3.0, live=False)) == []


def test_a_full_disk_says_that_pictures_have_stopped() -> None:
    (trouble,) = warnings(but(disk_free=200_000_000, evidence_stopped=True))
    assert "증거 사진 저장이 중단되었습니다" in trouble.text.to("ko")
    assert "pictures of evidence have stopped" in trouble.text.to("en")


@given(
    st.builds(
        but,
        paper=st.floats(0, 255),
        glare=st.floats(0, 1),
        edge=st.none() | st.floats(0, 1),
        changed=st.floats(0, 1),
        moving_s=st.floats(0, 15),
        conflicts=st.integers(0, 3),
        disk_free=st.integers(0, 10**12),
        away_s=st.none() | st.floats(0, 10_000),
        wall_moved=st.integers(-(10**10), 10**10),
    )
)
def test_alarms_come_first_and_nothing_is_said_twice(measured: StationStatus) -> None:
    told: list[StationWarning] = warnings(measured)
    levels = [trouble.level for trouble in told]
    assert levels == sorted(levels)  # "alarm" before "notice"
    assert len({trouble.kind for trouble in told}) == len(told)
