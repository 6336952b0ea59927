"""Tracks: whom two frames show at one place is one runner, and a mark counts when two frames of one runner agree."""

from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.boxes import PixelBox, on_one_bib, placed, steps
from scanners.reading.tracks import AGREE_WITHIN, LOST_AFTER, Track, Tracks
from timing.race.instants import SECOND, Instant

FRAME = SECOND // 30


def bib(x: float, width: float = 60) -> PixelBox:
    return PixelBox(x, 100, x + width, 100 + width)


def followed(*seen: tuple[int, str, PixelBox]) -> list[Track[str]]:
    tracks = Tracks[str]()
    return [tracks.named(name, box, Instant(at)) for at, name, box in seen]


def test_a_runner_who_comes_nearer_is_one_track() -> None:
    tracks = followed(*((n * FRAME, "A", bib(300 + 3 * n, 40 + 2 * n)) for n in range(30)))
    assert len(set(map(id, tracks))) == 1


def test_two_side_by_side_are_two() -> None:
    tracks = followed((0, "A", bib(100)), (0, "B", bib(220)), (FRAME, "A", bib(104)), (FRAME, "B", bib(224)))
    assert [track.number for track in tracks] == [1, 2, 1, 2]


def test_somebody_far_behind_at_the_same_place_is_another() -> None:
    near, far = followed((0, "A", bib(100, 120)), (0, "B", bib(140, 30)))
    assert near is not far


def test_code_and_mark_seen_at_one_place_are_one_runner_s() -> None:
    one, other = followed((0, "A", bib(100)), (FRAME, "B", bib(106)))
    assert one is other
    assert one.names == {"A", "B"}


def test_a_bib_that_was_found_and_not_read_becomes_a_runner_once_it_is_read() -> None:
    tracks = Tracks[str]()
    nobody = tracks.unread(bib(100), Instant(0))
    assert tracks.unread(bib(104), Instant(FRAME)) is nobody
    assert {track.read for track in tracks.going()} == {False}
    assert tracks.named("A", bib(108), Instant(2 * FRAME)) is nobody
    assert {track.read for track in tracks.going()} == {True}
    assert tracks.unread(bib(112), Instant(3 * FRAME)) is nobody  # a frame in which it cannot be read
    assert tracks.unread(bib(400), Instant(3 * FRAME)) is not nobody


def test_a_track_ends_when_it_is_out_of_sight() -> None:
    tracks = Tracks[str]()
    track = tracks.named("A", bib(100), Instant(0))
    assert tracks.ended(Instant(LOST_AFTER)) == []
    assert tracks.ended(Instant(LOST_AFTER + 1)) == [track]
    assert tracks.close() == []


def glimpsed(*seen: tuple[int, str]) -> list[list[str]]:
    (track,) = followed((0, "A", bib(100)))
    return [track.glimpse(mark, Instant(at), f"{mark}{at}") for at, mark in seen]


def test_one_frame_makes_no_mark_and_two_that_agree_make_both() -> None:
    assert glimpsed((0, "m"), (5, "m"), (9, "m")) == [[], ["m0", "m5"], ["m9"]]


def test_one_frame_that_was_looked_at_twice_is_one() -> None:
    assert glimpsed((5, "m"), (5, "m"), (9, "m")) == [[], [], ["m5", "m5", "m9"]]


def test_two_frames_that_differ_or_lie_too_far_apart_agree_on_nothing() -> None:
    assert glimpsed((0, "m"), (5, "n")) == [[], []]
    assert glimpsed((0, "m"), (AGREE_WITHIN + 1, "m")) == [[], []]
    assert glimpsed((0, "m"), (AGREE_WITHIN, "m"))[1] == ["m0", f"m{AGREE_WITHIN}"]


@given(st.lists(st.tuples(st.integers(0, 3 * SECOND), st.sampled_from("mno")), max_size=30))
def test_nothing_is_believed_that_only_one_frame_says_and_nothing_twice(seen: list[tuple[int, str]]) -> None:
    told = [one for some in glimpsed(*sorted(seen)) for one in some]
    assert len(told) <= len(seen)
    for mark in {one[0] for one in told}:
        assert sum(one[0] == mark for one in told) >= 2


CODE = ((100.0, 100.0), (190.0, 100.0), (190.0, 190.0), (100.0, 190.0))
MARK = ((216.0, 105.0), (296.0, 105.0), (296.0, 185.0), (216.0, 185.0))


def test_the_mark_of_the_default_sheet_lies_where_its_code_says() -> None:
    assert steps(CODE, (256.0, 145.0)) == (111 / 90, 0.0)
    assert on_one_bib(CODE, 90.0, MARK, 80.0)


def test_a_neighbour_s_mark_is_not_on_this_bib() -> None:
    assert not on_one_bib(CODE, 90.0, tuple((x + 150, y) for x, y in MARK), 80.0)
    assert not on_one_bib(CODE, 90.0, MARK, 30.0)
    assert not on_one_bib(CODE, 90.0, tuple((x, y + 120) for x, y in MARK), 80.0)


def test_places_turn_with_the_bib() -> None:
    upside_down = (CODE[2], CODE[3], CODE[0], CODE[1])
    right, left = placed(CODE, (1, -0.5, 2, 0.5)), placed(upside_down, (1, -0.5, 2, 0.5))
    assert (right.middle, left.middle) == ((280.0, 145.0), (10.0, 145.0))


def test_frames_that_agree_make_no_mark_until_one_of_them_is_sure() -> None:
    (track,) = followed((0, "A", bib(100)))
    told = [
        track.glimpse("m", Instant(at), f"m{at}", sure=sure)
        for at, sure in ((0, False), (5, False), (9, True), (12, False))
    ]
    assert told == [[], [], ["m0", "m5", "m9"], ["m12"]]


def test_one_frame_that_shows_a_mark_at_both_its_places_is_enough() -> None:
    (track,) = followed((0, "A", bib(100)))
    assert track.glimpse("n", Instant(0), "n0", sure=False) == []
    assert track.glimpse("m", Instant(5), "m5", sure=False, twice=True) == ["m5"]
    assert track.glimpse("n", Instant(5), "n5", sure=False) == []
