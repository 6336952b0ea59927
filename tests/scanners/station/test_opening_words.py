"""What a station says when it opens."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from scanners.outbox import Outbox
from scanners.station.opening_words import cut_off, opening_words
from scanners.station.station_options import StationOptions
from tests.builders import after_gun, scan
from timing.race.events import StationClosed, StationFact, StationOpened, TapNamed

OPENED = StationOpened("finish-1", "finish", after_gun("00:00"))
CLOSED = StationClosed(after_gun("90:00"))


@pytest.fixture
def outbox(tmp_path: Path) -> Iterator[Outbox]:
    with closing(Outbox(tmp_path / "finish-1.db")) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kept", "last"),
    [
        ([], None),
        ([OPENED, scan(417, "17:05"), CLOSED], None),
        ([OPENED], "00:00"),
        ([OPENED, scan(417, "17:05", "17:06")], "17:06"),
        ([OPENED, CLOSED, OPENED, scan(417, "17:05"), TapNamed(1, scan(417, "17:05").code)], "17:05"),
        ([OPENED, *[scan(417, "17:05")] * 40, CLOSED], None),
    ],
)
def test_a_run_that_did_not_close_is_known_by_what_it_kept_last(
    outbox: Outbox, kept: list[StationFact], last: str | None
) -> None:
    for fact in kept:
        outbox.keep(fact)
    assert cut_off(outbox) == (last and after_gun(last))


def test_after_a_power_cut_the_operator_is_told_to_look_at_the_film(outbox: Outbox) -> None:
    outbox.keep(OPENED)
    camera = StationOptions(source="0", name="finish-1", point="finish")
    (told, *_) = opening_words(camera, None, after_gun("18:00"), None, outbox)
    assert "did not close" in told.to("en") and "marathon film" in told.to("ko")
    outbox.keep(CLOSED)
    assert not any(
        "did not close" in one.to("en") for one in opening_words(camera, None, after_gun("18:00"), None, outbox)
    )
