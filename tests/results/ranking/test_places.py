"""Places: equal ones share, the next is skipped."""

from hypothesis import given
from hypothesis import strategies as st

from results.ranking.places import grouped, places


def same(score: int) -> int:
    return score


times = st.lists(st.integers(0, 20), max_size=40).map(sorted)


def test_two_who_share_the_second_place_leave_no_third() -> None:
    assert places([1013, 1020, 1020, 1031], same) == [1, 2, 2, 4]


def test_three_winners() -> None:
    assert places([1013, 1013, 1013, 1031], same) == [1, 1, 1, 4]


def test_nobody_has_no_place() -> None:
    assert places([], same) == []


@given(times)
def test_a_place_is_one_more_than_the_number_of_those_in_front(run: list[int]) -> None:
    assert places(run, same) == [1 + sum(other < one for other in run) for one in run]


@given(st.lists(st.sampled_from(["가산정밀", "구로소프트", ""])))
def test_groups_hold_everybody_who_has_one_in_their_order(firms: list[str]) -> None:
    runners = list(enumerate(firms))
    groups = grouped(runners, lambda numbered: numbered[1])
    assert "" not in groups
    assert sorted(one for group in groups.values() for one in group) == [one for one in runners if one[1]]
    assert all(group == sorted(group) for group in groups.values())
