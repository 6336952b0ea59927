"""The dwell model: one visit for each stay of a code in view, and no sighting lost."""

from collections import Counter
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scanners.dwell import GONE_AFTER, Visit, Watch
from timing.instants import MILLISECOND, SECOND, Instant

FRAME = 40 * MILLISECOND


def watched(sightings: list[tuple[int, str]]) -> list[Visit]:
    """The visits of a camera that sees these codes at these instants, in the order in which they end."""
    watch, visits = Watch(), []
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
    watch = Watch()
    watch.see("A", Instant(0), 50.0, 0)
    assert watch.gone(Instant(GONE_AFTER)) == []
    assert [visit.text for visit in watch.gone(Instant(GONE_AFTER + 1))] == ["A"]
    assert watch.gone(Instant(9 * SECOND)) == watch.close() == []


def test_whoever_is_in_view_when_the_picture_ends_has_visited_too() -> None:
    watch = Watch()
    watch.see("B", Instant(10), 50.0, 1)
    watch.see("A", Instant(0), 50.0, 0)
    assert [visit.text for visit in watch.close()] == ["A", "B"]


def test_the_best_frame_is_the_one_with_the_largest_code() -> None:
    watch = Watch()
    for number, size in enumerate([40.0, 90.0, 60.0]):
        watch.see("A", Instant(number), size, 100 + number)
    (visit,) = watch.close()
    assert (visit.best_frame, visit.best_size) == (101, 90.0)
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
