"""The largest pages while the race moves: made seldom, but never shown with somebody whom nobody may see any more."""

from results.board.large_pages import HeavyPages
from results.board.snapshot import Snapshot
from results.web.asset import Asset
from tests.boards import net, view_of_runs

SOONER = [net(bib, 1_000 + bib, name="김하늘") for bib in range(1, 4)]
LATER = [*SOONER, net(4, 1_100, name="이가람")]


class Kitchen:
    """Makes pages at a cost, and counts them."""

    def __init__(self, cost: int) -> None:
        self.now, self.made, self._cost = 0, list[Snapshot](), cost
        self.heavy = HeavyPages(self.make, lambda: self.now)

    def make(self, snapshot: Snapshot, path: str) -> Asset:
        self.now += self._cost
        self.made.append(snapshot)
        return Asset(path, f"{len(self.made)}".encode())

    def asks(self, snapshot: Snapshot, path: str = "print.html") -> bytes:
        found = self.heavy.get(snapshot, path)
        assert found
        return found.plain


def test_a_page_is_made_once_for_a_version() -> None:
    kitchen, board = Kitchen(100), Snapshot(view_of_runs(SOONER))
    assert [kitchen.asks(board) for _ in range(5)] == [b"1"] * 5


def test_a_new_version_is_not_made_before_ten_times_the_cost_has_passed() -> None:
    kitchen, older, newer = Kitchen(100), Snapshot(view_of_runs(SOONER)), Snapshot(view_of_runs(LATER))
    kitchen.asks(older)
    kitchen.now += 999
    assert kitchen.asks(newer) == b"1"
    kitchen.now += 1
    assert kitchen.asks(newer) == b"2"


def test_whoever_may_not_be_seen_any_more_is_gone_at_once() -> None:
    kitchen, with_all, without = Kitchen(100), Snapshot(view_of_runs(LATER)), Snapshot(view_of_runs(SOONER))
    kitchen.asks(with_all)
    assert kitchen.asks(without) == b"2"
