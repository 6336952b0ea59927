"""How much may come: from one client_network, from everybody, and no more however many ask at the same moment."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from results.web.limits import WINDOW_S, Limits, client_network
from tests.clock_and_chance import ManualClock
from timing.race.instants import SECOND, Span


def test_a_server_on_both_kinds_of_network_tells_ipv4_addresses_apart() -> None:
    assert client_network("::ffff:192.0.2.7") == client_network("192.0.2.7") != client_network("::ffff:192.0.2.8")
    assert (
        client_network("2001:db8:1:2::1") == client_network("2001:db8:1:2:ffff::1") != client_network("2001:db8:1:3::1")
    )


@pytest.mark.parametrize(("networks", "share"), [(256, 4), (65_536, 16)])
def test_who_owns_many_networks_gets_the_share_of_a_few_households_and_shuts_nobody_out(
    clock: ManualClock, networks: int, share: int
) -> None:
    limits = Limits(clock, from_one=10, from_all=1_000)
    came = [limits.may(f"2001:db8:0:{number * (networks // 256):x}::1") for number in range(256)]
    assert sum(came) == share * 10
    assert limits.may("2001:db8:1::1") and limits.may("192.0.2.7")


def test_whoever_sent_nothing_yet_may_still_send_once_when_as_much_came_as_from_everybody(clock: ManualClock) -> None:
    limits = Limits(clock, from_one=5, from_all=20)
    assert [limits.may(f"192.0.2.{number % 4}") for number in range(100)].count(True) == 20
    assert [limits.may("192.0.2.77") for _ in range(3)] == [True, False, False]
    assert not limits.may("192.0.2.1")


@pytest.mark.parametrize("late_s", [0, WINDOW_S])
def test_what_is_given_back_may_come_again_and_never_twice(clock: ManualClock, late_s: int) -> None:
    limits = Limits(clock, from_one=2, from_all=3)
    assert [limits.may("a") for _ in range(3)] == [True, True, False]
    clock.tick(Span(late_s * SECOND))
    for _ in range(5):
        limits.give_back("a")
    assert [limits.may("a") for _ in range(3)] == [True, True, False]
    assert [limits.may("b") for _ in range(2)] == [True, False]


def test_however_many_ask_at_once_no_more_may_come(clock: ManualClock) -> None:
    limits = Limits(clock, from_one=1_000, from_all=1_000)
    with ThreadPoolExecutor(16) as many:
        assert sum(many.map(limits.may, ["192.0.2.7"] * 5_000)) == 1_000
