"""The dwell model: one visit for each stay of a code in view, and no sighting lost."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scanners.reading.visits import GONE_AFTER, Visit, VisitTracker
from tests.builders import code_of
from tests.pictures import url
from timing.race.instants import MILLISECOND, SECOND, Instant

FRAME = 40 * MILLISECOND


def watched(sightings: list[tuple[int, str]]) -> list[Visit]:
    """The visits of a camera that sees these codes at these instants, in the order in which they end."""
    watch, visits = VisitTracker(), []
    for number, (at, text) in enumerate(sightings):
        visits += watch.gone(Instant(at))
        watch.see(text, Instant(at), 50.0, number)
    return visits + watch.close()


def test_however_long_a_code_stays_it_is_one_visit() -> None:
    (visit,) = watched([(n * FRAME, "A") for n in range(1_000)])
    assert (visit.first_at, visit.last_at, visit.sightings) == (0, 999 * FRAME, 1_000)


def test_an_arm_before_the_bib_does_not_end_the_visit() -> None:
    (visit,) = watched([(0, "A"), (GONE_AFTER, "A")])
    assert visit.sightings == 2


def test_who_comes_back_later_makes_a_second_visit() -> None:
    first, second = watched([(0, "A"), (GONE_AFTER + 1, "A")])
    assert (first.last_at, second.first_at) == (0, GONE_AFTER + 1)


def test_a_visit_ends_only_when_the_code_is_gone() -> None:
    watch = VisitTracker()
    watch.see("A", Instant(0), 50.0, 0)
    assert watch.gone(Instant(GONE_AFTER)) == []
    assert [visit.text for visit in watch.gone(Instant(GONE_AFTER + 1))] == ["A"]
    assert watch.gone(Instant(9 * SECOND)) == watch.close() == []


def test_whoever_is_in_view_when_the_picture_ends_has_visited_too() -> None:
    watch = VisitTracker()
    watch.see("B", Instant(10), 50.0, 1)
    watch.see("A", Instant(0), 50.0, 0)
    assert [visit.text for visit in watch.close()] == ["A", "B"]


def test_the_best_frame_is_the_one_with_the_largest_code() -> None:
    watch = VisitTracker()
    for number, size in enumerate([40.0, 90.0, 60.0]):
        watch.see("A", Instant(number), size, 100 + number)
    (visit,) = watch.close()
    assert visit.best_frame == 101
    assert visit.sizes == [(0, 40.0), (1, 90.0), (2, 60.0)]


steps = st.lists(st.tuples(st.integers(0, 2 * GONE_AFTER), st.sampled_from("ABC")), max_size=60)


@given(steps)
def test_no_sighting_is_lost_and_none_counts_twice(steps: list[tuple[int, str]]) -> None:
    at, sightings = 0, []
    for gap, text in steps:
        at += gap
        sightings.append((at, text))
    visits = watched(sightings)
    seen = Counter[str]()
    for visit in visits:
        seen[visit.text] += visit.sightings
        assert (visit.first_at, visit.last_at) == (visit.sizes[0][0], visit.sizes[-1][0])
        assert all(later - earlier <= GONE_AFTER for (earlier, _), (later, _) in pairwise(visit.sizes))
    assert seen == Counter(text for _, text in sightings)
    for text in seen:
        stays = sorted((v.first_at, v.last_at) for v in visits if v.text == text)
        assert all(back - gone > GONE_AFTER for (_, gone), (back, _) in pairwise(stays))


CODE, MARK = code_of(417), "0123456789abcdef"


def test_code_and_mark_of_one_bib_are_one_visit_and_the_code_counts() -> None:
    watch = VisitTracker()
    for number in range(40):
        watch.see_mark(CODE, MARK, 0.4, Instant(number * FRAME), 20.0 + number, number)
    for number in range(30, 50):
        watch.see(url(417), Instant(number * FRAME), 30.0 + number, number)
    (visit,) = watch.close()
    assert (visit.text, visit.code, visit.mark, visit.margin) == (url(417), CODE, MARK, 0.4)
    assert (visit.first_at, visit.last_at, visit.sightings) == (30 * FRAME, 49 * FRAME, 20)
    assert len(visit.mark_sizes) == 40


def test_where_no_code_was_read_the_mark_stands_in() -> None:
    watch = VisitTracker()
    for number, margin in enumerate([0.3, 0.6, 0.5]):
        watch.see_mark(CODE, MARK, margin, Instant(number * FRAME), 20.0 + number, number)
    (visit,) = watch.close()
    assert (visit.text, visit.margin, visit.first_at, visit.sightings, visit.best_frame) == ("", 0.6, 0, 3, 2)


def test_a_code_on_another_host_is_the_same_bib_s() -> None:
    (visit,) = watched([(0, url(417)), (FRAME, url(417).replace("GV.TEST", "NEW.TEST"))])
    assert (visit.text, visit.sightings) == (url(417), 2)


def test_two_copies_of_a_code_in_one_frame_are_one_sighting() -> None:
    watch = VisitTracker()
    for size in (30.0, 50.0, 40.0):
        watch.see("A", Instant(0), size, 7)
    (visit,) = watch.close()
    assert visit.sizes == [(0, 50.0)]


def test_what_is_heard_late_belongs_to_the_visit_it_is_of_and_changes_none_that_was_told() -> None:
    watch = VisitTracker()
    watch.see("A", Instant(SECOND), 50.0, 25)
    watch.see("A", Instant(0), 50.0, 0)
    (visit,) = watch.gone(Instant(4 * SECOND))
    assert (visit.first_at, visit.last_at, visit.sightings) == (0, SECOND, 2)
    watch.see("A", Instant(SECOND // 2), 50.0, 12)
    assert watch.close() == []
    watch.see("A", Instant(5 * SECOND), 50.0, 125)
    assert len(watch.close()) == 1


def test_who_was_only_seen_from_afar_has_yet_to_come() -> None:
    watch = VisitTracker(near_px=60.0)
    watch.see("far", Instant(0), 30.0, 0)
    watch.see("near", Instant(0), 90.0, 0)
    assert [visit.text for visit in watch.gone(Instant(GONE_AFTER + 1))] == ["near"]
    watch.see("far", Instant(5 * SECOND), 90.0, 125)
    (visit,) = watch.gone(Instant(8 * SECOND))
    assert visit.sightings == 2


def test_a_dispute_falls_on_the_code_and_on_the_mark_that_stand_on_one_bib() -> None:
    watch = VisitTracker()
    watch.see(url(417), Instant(0), 50.0, 0)
    watch.see_mark(code_of(418), MARK, 0.4, Instant(0), 45.0, 0)
    watch.dispute(url(417), code_of(418))
    one, other = sorted(watch.close(), key=lambda visit: visit.text)
    assert (one.mark_disputed, one.code_disputed, other.code_disputed) == (True, False, True)


def test_a_mark_alone_waits_longer_for_its_code_than_a_code_for_itself() -> None:
    watch = VisitTracker()
    watch.see_mark(CODE, MARK, 0.4, Instant(0), 20.0, 0)
    assert watch.gone(Instant(3 * SECOND)) == []
    watch.see(url(417), Instant(3 * SECOND), 50.0, 75)
    assert [visit.first_at for visit in watch.gone(Instant(5 * SECOND))] == [3 * SECOND]
