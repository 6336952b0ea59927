"""What the operator sees and does: boxes with names, the last scans, counts, taps and typed bibs that are safe at once."""

from collections.abc import Callable

import cv2
import numpy as np
import pytest

from scanners.operator.operator_view import PICTURE_PX
from scanners.operator.recent_scans import MINUTES, RecentScans
from scanners.outbox.uplink import Refused
from scanners.protocol import RosterAnswer
from scanners.station.upload_status import UploadStatus
from scanners.station_roster import StationRoster
from tests.builders import GUN, code_of
from tests.clock_and_chance import ManualClock
from tests.operators import FIRMS, ROSTER, Grey, Stand, marked, scanned, seen, wall
from timing.errors import Unreachable, WrongUse
from timing.language import pair
from timing.race.events import (
    Scanned,
    TapNamed,
)
from timing.race.instants import MILLISECOND, SECOND, Instant, Span, later
from timing.stations.station_status import StationStatus


def test_whoever_is_in_view_has_a_box_with_bib_and_firm() -> None:
    stand = Stand()
    stand.sees(wall(417, 418), [seen(417, 50), seen(418, 250)])
    boxes = stand.view.state().boxes
    assert [(box.bib, box.firm) for box in boxes] == [(417, "한빛테크"), (418, "가온전자")]
    assert boxes[0].corners == [(0.0833, 0.25), (0.25, 0.25), (0.25, 0.75), (0.0833, 0.75)]


def test_a_box_outlives_a_missed_frame_and_not_its_runner() -> None:
    stand = Stand()
    stand.sees(wall(417), [seen(417)])
    stand.sees(wall())
    assert len(stand.view.state().boxes) == 1
    stand.watches(wall(), 0.5)
    assert stand.view.state().boxes == []


def test_the_picture_is_a_small_jpeg_of_the_frame_that_the_boxes_belong_to() -> None:
    stand = Stand()
    stand.sees(np.zeros((1080, 1920), np.uint8))
    number = stand.view.state().picture
    stand.sees(np.full((1080, 1920), 255, np.uint8))
    taken = stand.view.picture(number)
    assert taken and taken.startswith(b"\xff\xd8\xff")
    picture = cv2.imdecode(np.frombuffer(taken, np.uint8), cv2.IMREAD_GRAYSCALE)
    assert picture is not None
    assert picture.shape == (PICTURE_PX * 1080 // 1920, PICTURE_PX)
    assert picture.max() < 10
    assert stand.view.picture(number + 50) is None


def test_the_last_scans_say_how_they_are_known_and_who_came_again() -> None:
    stand = Stand()
    stand.keeps(scanned(417, GUN))
    stand.keeps(marked(418, later(GUN, Span(SECOND))))
    stand.keeps(scanned(417, later(GUN, Span(9 * SECOND))))
    state = stand.view.state()
    assert [(line.bib, line.source, line.again) for line in state.scans] == [
        (417, "qr", True),
        (418, "mark", False),
        (417, "qr", False),
    ]
    assert (state.last, state.runners) == (3, 2)


def test_a_tap_keeps_the_time_at_which_the_key_was_pressed_and_is_named_later() -> None:
    stand = Stand()
    tap = stand.view.manual_entry.tap(ago_ms=250)
    at = later(GUN, Span(-250 * MILLISECOND))
    assert stand.facts == [Scanned("tap", "", at, at)]
    assert [(one.seq, one.at) for one in stand.view.state().taps] == [(tap, at)]
    stand.clock.tick(Span(20 * SECOND))
    stand.view.manual_entry.name(tap, 417)
    assert stand.facts[1] == TapNamed(tap, code_of(417))
    state = stand.view.state()
    assert state.taps == []
    assert [(line.seq, line.at, line.bib, line.source) for line in state.scans] == [(tap, at, 417, "tap")]


def test_a_typed_bib_is_for_now() -> None:
    stand = Stand()
    stand.view.manual_entry.type_bib(418, ago_ms=0)
    assert stand.facts == [Scanned("typed", code_of(418), GUN, GUN)]
    assert [(line.bib, line.source) for line in stand.view.state().scans] == [(418, "typed")]


def test_a_bib_that_nobody_wears_is_not_kept() -> None:
    stand = Stand()
    tap = stand.view.manual_entry.tap(0)
    with pytest.raises(WrongUse, match="999"):
        stand.view.manual_entry.type_bib(999, 0)
    with pytest.raises(WrongUse, match="999"):
        stand.view.manual_entry.name(tap, 999)
    assert len(stand.facts) == 1


def test_a_tap_has_one_name() -> None:
    stand = Stand()
    tap = stand.view.manual_entry.tap(0)
    stand.view.manual_entry.name(tap, 417)
    for wrong in (tap, 77):
        with pytest.raises(WrongUse):
            stand.view.manual_entry.name(wrong, 418)
    assert len(stand.facts) == 2


def test_after_a_restart_the_page_knows_what_the_outbox_holds() -> None:
    stand = Stand()
    stand.view.remember(
        [
            (2, scanned(417, GUN)),
            (3, Scanned("tap", "", GUN, GUN)),
            (4, Scanned("tap", "", GUN, GUN)),
            (5, TapNamed(3, code_of(418))),
        ]
    )
    state = stand.view.state()
    assert [line.bib for line in state.scans] == [418, 417]
    assert [tap.seq for tap in state.taps] == [4]
    stand.view.manual_entry.name(4, 419)
    with pytest.raises(WrongUse):
        stand.view.manual_entry.name(3, 419)


def test_a_bib_entered_while_the_station_runs_can_be_typed_and_names_what_was_seen_before() -> None:
    stand = Stand()
    stand.keeps(scanned(1251, GUN))
    stand.sees(wall(1251), [seen(1251)])
    assert [line.bib for line in stand.view.state().scans] == [None]
    late = code_of(1251)
    stand.roster.replace(RosterAnswer("", ROSTER.bibs | {late: 1251}, {}, ROSTER.firms | {late: "새참산업"}))
    stand.view.manual_entry.type_bib(1251, 0)
    state = stand.view.state()
    assert stand.facts[-1] == Scanned(
        "typed", late, later(GUN, Span(40 * MILLISECOND)), later(GUN, Span(40 * MILLISECOND))
    )
    assert [(line.bib, line.firm, line.again) for line in state.scans] == [
        (1251, "새참산업", True),
        (1251, "새참산업", False),
    ]
    assert [(box.bib, box.firm) for box in state.boxes] == [(1251, "새참산업")]
    assert state.runners == 1


def test_a_bib_taken_out_of_the_roster_can_be_typed_no_more() -> None:
    stand = Stand()
    stand.roster.replace(RosterAnswer("", {code_of(417): 417}))
    with pytest.raises(WrongUse, match="418"):
        stand.view.manual_entry.type_bib(418, 0)


def test_counts_per_minute_reach_back_a_quarter_of_an_hour() -> None:
    recent = RecentScans(StationRoster(ROSTER).bearer)
    minute = 60 * SECOND
    for seq, ago in enumerate((0, 0, 3, 14, 15)):
        recent.add(seq, scanned(417 + seq % 3, Instant(GUN - ago * minute)))
    counts = list(recent.per_minute(GUN))
    assert [at for at, _ in counts] == [GUN - minute * ago for ago in range(MINUTES - 1, -1, -1)]
    assert [count for _, count in counts] == [1] + [0] * 10 + [1, 0, 0, 2]


def test_in_a_film_a_tap_falls_where_the_film_is() -> None:
    stand = Stand(StationStatus(0, "", 0))
    film_at = later(GUN, Span(-3600 * SECOND))
    stand.view.on_frame(film_at, wall(), ())
    stand.clock.tick(Span(SECOND // 2))
    stand.view.manual_entry.tap(0)
    assert stand.facts == [Scanned("tap", "", later(film_at, Span(SECOND // 2)), later(film_at, Span(SECOND // 2)))]


def test_a_camera_that_stops_is_an_alarm_and_its_return_ends_it() -> None:
    stand = Stand()
    stand.watches(wall(), 1)
    assert stand.troubles == []
    stand.clock.tick(Span(3 * SECOND))
    assert stand.troubles == ["camera"]
    stand.sees(wall())
    assert "camera" not in stand.troubles


def test_a_camera_that_gives_the_same_picture_for_ever_is_an_alarm() -> None:
    stand, hung = Stand(), wall()
    for _ in range(40):
        for _ in range(20):
            stand.takes(hung, seconds=0.05)
    assert stand.troubles == ["frozen"]
    stand.watches(wall(), 3)
    assert stand.troubles == []


def test_a_camera_with_few_pictures_a_second_is_not_blamed_on_the_computer() -> None:
    stand = Stand()
    for _ in range(60):
        stand.sees(wall(), seconds=0.1)
    assert stand.troubles == ["few"]


def test_frames_dropped_are_those_of_the_last_minute() -> None:
    stand, told = (
        Stand(StationStatus(0, "", 0, live=True, drops=90)),
        list[list[str]](),
    )  # while the stream was connected
    for lost in (0, 50, 50, 50, *[0] * 12):
        stand.status = StationStatus(0, "", 0, live=True, drops=stand.status.drops + lost)
        stand.watches(wall(), 5)
        told.append(stand.troubles)
    assert told[0] == []
    assert told[3] == ["slow"]
    assert told[-1] == []


def test_people_who_are_never_read_are_an_alarm() -> None:
    stand, rng = Stand(), np.random.default_rng(3)
    for _ in range(400):
        picture = wall().copy()
        left = int(rng.integers(0, 400))
        picture[:, left : left + 150] = 60
        stand.sees(picture, seconds=0.05)
    assert "unread" in stand.troubles
    stand.sees(wall(417), [seen(417)], 0.6)
    stand.sees(wall(417), [seen(417)], 0.1)
    assert "unread" not in stand.troubles


def test_bibs_that_stay_small_are_too_far_away() -> None:
    stand = Stand()
    for bib in FIRMS:
        stand.sees(wall(bib), [seen(bib, side=45)])
    assert stand.troubles == ["far"]
    assert stand.view.state().status.module_px == pytest.approx(1.8)


def of_bib(change: Callable[[Grey], Grey], before: Callable[[Grey], Grey]) -> Grey:
    """A bib and what is behind it, each changed by itself."""
    picture, empty = wall(417), wall()
    return np.where(picture == empty, before(empty), change(picture)).astype(np.uint8)


def soft(picture: Grey) -> Grey:
    return np.asarray(cv2.GaussianBlur(picture, (0, 0), 5), np.uint8)


def dim(picture: Grey) -> Grey:
    return np.asarray(picture // 4, np.uint8)


def as_it_is(picture: Grey) -> Grey:
    return picture


@pytest.mark.parametrize(("change", "trouble"), [(soft, "blurred"), (dim, "dark")])
def test_light_and_focus_are_those_of_the_bibs_and_not_of_what_stands_behind_them(
    change: Callable[[Grey], Grey], trouble: str
) -> None:
    stand = Stand()
    stand.watches(of_bib(as_it_is, change), 3, [seen(417)])
    assert stand.troubles == []
    stand.watches(of_bib(change, as_it_is), 10, [seen(417)])
    assert stand.troubles == [trouble]
    stand.watches(wall(), 61)  # nobody has come for a minute, and the picture is good
    assert stand.troubles == []
    stand.watches(change(wall()), 5)
    assert stand.troubles == [trouble]


def test_a_conflict_is_told_for_a_minute() -> None:
    stand = Stand()
    stand.watches(wall(), 1)
    stand.status = StationStatus(0, "", 0, live=True, conflicts=1)
    assert stand.troubles == ["conflict"]
    stand.clock.tick(Span(61 * SECOND))
    stand.sees(wall())
    assert stand.troubles == []


def test_contact_says_since_when_there_is_none_and_when_it_is_back() -> None:
    clock = ManualClock(GUN)
    contact = UploadStatus(clock)
    contact.unsent = lambda: 7
    assert (contact.unsent_now(), contact.away_s()) == (7, None)
    contact.on_trouble(Unreachable(pair("닿지 못합니다", "away")))
    clock.tick(Span(12 * SECOND))
    contact.on_trouble(Unreachable(pair("시간이 다 되었습니다", "timed out")))
    assert contact.away_s() == 12.0
    contact.on_trouble(None)
    assert contact.away_s() is None


def test_contact_tells_a_refusal_from_a_silence() -> None:
    contact = UploadStatus(ManualClock(GUN))
    contact.on_trouble(Refused(pair("토큰이 맞지 않습니다", "wrong token")))
    assert contact.refused() == pair("토큰이 맞지 않습니다", "wrong token")


def test_nothing_is_kept_after_the_station_has_closed() -> None:
    contact = UploadStatus(ManualClock(GUN))
    keep = contact.until_closed(lambda _: 1)
    assert keep(Scanned("tap", "", GUN, GUN)) == 1
    contact.closed = True
    with pytest.raises(WrongUse):
        keep(Scanned("tap", "", GUN, GUN))


def test_the_line_is_set_where_a_bib_is_held_still_and_taken_back() -> None:
    stand = Stand()
    with pytest.raises(WrongUse, match="hold a bib over the line"):
        stand.view.set_line()
    stand.watches(wall(417), 1.2, [seen(417, side=100)])
    before = stand.view.state().line
    assert before and (before.px, before.ready, before.can_undo) == (None, True, False)
    stand.view.set_line()
    now = stand.view.state().line
    assert now and (now.px, now.corners[0], now.can_undo) == (100.0, (0.0833, 0.25), True)
    assert stand.timer.line_px == 100
    stand.view.undo_line()
    after = stand.view.state().line
    assert after and after.px is None
    assert stand.timer.line_px is None


def test_a_runner_who_comes_nearer_does_not_move_the_line() -> None:
    stand = Stand()
    for side in range(60, 110, 2):
        stand.sees(wall(417), [seen(417, side=side)], 0.05)
    with pytest.raises(WrongUse, match="still"):
        stand.view.set_line()
