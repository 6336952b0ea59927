"""The judgement of batches: whatever a station, its clone and a bad network do, nothing that was sent is lost."""

from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from timing.race.chain import ROOT, Batch, Head, Item, Verdict, items_of, judge, link, race_link
from timing.race.instants import Instant

LINEAGE = "5eed"


@dataclass
class Shelf:
    """The smallest store: does what a verdict says."""

    stored: list[Item] = field(default_factory=list)
    aside: set[Item] = field(default_factory=set)
    head: Head = field(default_factory=Head)

    def receive(self, batch: Batch) -> Verdict:
        verdict = judge(self.head, {item.seq: item.hash for item in self.stored}, batch)
        self.stored += verdict.fresh
        self.aside |= set(verdict.forked)
        self.head = verdict.head
        return verdict

    @property
    def everything(self) -> set[Item]:
        return {*self.stored, *self.aside}


def cut(outbox: list[bytes], first: int, length: int) -> Batch:
    prev_hash = ROOT
    for data in outbox[: first - 1]:
        prev_hash = link(prev_hash, data)
    return Batch(LINEAGE, first, prev_hash, outbox[first - 1 : first - 1 + length])


@st.composite
def forked_outboxes(draw: st.DrawFn) -> list[list[bytes]]:
    """One or two outboxes that share a past."""
    items = st.lists(st.binary(min_size=1, max_size=2), max_size=6)
    past = draw(items)
    return [past + draw(items) for _ in range(draw(st.integers(1, 2)))]


@st.composite
def uploads(draw: st.DrawFn) -> list[Batch]:
    outboxes = draw(forked_outboxes())

    def batch() -> Batch:
        outbox = draw(st.sampled_from(outboxes))
        return cut(outbox, draw(st.integers(1, len(outbox) + 1)), draw(st.integers(0, 8)))

    return [batch() for _ in range(draw(st.integers(1, 12)))]


@given(uploads())
def test_everything_sent_is_stored_or_set_aside_unless_the_station_was_told_of_a_gap(batches: list[Batch]) -> None:
    shelf = Shelf()
    sent: set[Item] = set()
    for batch in batches:
        verdict = shelf.receive(batch)
        if verdict.gap:
            assert not verdict.fresh and not verdict.forked
        else:
            sent |= set(items_of(batch))
    assert shelf.everything == sent


@given(uploads())
def test_what_is_stored_is_one_unbroken_chain(batches: list[Batch]) -> None:
    shelf = Shelf()
    for batch in batches:
        shelf.receive(batch)
    head = Head()
    for item in shelf.stored:
        assert (item.seq, item.prev_hash, item.hash) == (head.seq + 1, head.hash, link(head.hash, item.data))
        head = Head(item.seq, item.hash)
    assert head == shelf.head


@given(uploads())
def test_sending_everything_again_changes_nothing(batches: list[Batch]) -> None:
    shelf = Shelf()
    taken = [batch for batch in batches if not shelf.receive(batch).gap]
    head, stored, aside = shelf.head, list(shelf.stored), set(shelf.aside)
    for batch in taken:
        verdict = shelf.receive(batch)
        assert not verdict.gap
        assert not verdict.fresh
    assert (shelf.head, shelf.stored, shelf.aside) == (head, stored, aside)


@given(forked_outboxes())
def test_stations_that_rewind_on_a_gap_get_everything_through(outboxes: list[list[bytes]]) -> None:
    shelf = Shelf()
    for outbox in outboxes:
        if shelf.receive(cut(outbox, len(outbox), 1)).gap:
            assert not shelf.receive(cut(outbox, shelf.head.seq + 1, len(outbox))).gap
        assert not shelf.receive(cut(outbox, 1, len(outbox))).gap
    assert {item.hash for item in shelf.everything} == {
        item.hash for outbox in outboxes for item in items_of(cut(outbox, 1, len(outbox)))
    }


@given(forked_outboxes(), st.integers(2, 9))
def test_a_gap_leaves_the_head_where_it_was(outboxes: list[list[bytes]], beyond: int) -> None:
    shelf = Shelf()
    shelf.receive(cut(outboxes[0], 1, len(outboxes[0])))
    head = shelf.head
    verdict = shelf.receive(Batch(LINEAGE, head.seq + beyond, b"?", [b"x"]))
    assert verdict == Verdict(head, gap=True)


@given(st.integers(-3, 0))
def test_numbers_before_the_first_are_set_aside(first: int) -> None:
    shelf = Shelf()
    verdict = shelf.receive(Batch(LINEAGE, first, ROOT, [b"a", b"b"]))
    assert [item.data for item in verdict.forked] == [b"a", b"b"]
    assert shelf.head == Head()


def test_the_race_s_chain_covers_place_time_lineage_and_content() -> None:
    told = race_link(b"before", 7, Instant(5), "5eed", b"content")
    assert told != race_link(b"Before", 7, Instant(5), "5eed", b"content")
    assert told != race_link(b"before", 8, Instant(5), "5eed", b"content")
    assert told != race_link(b"before", 7, Instant(6), "5eed", b"content")
    assert told != race_link(b"before", 7, Instant(5), "5eee", b"content")
    assert told != race_link(b"before", 7, Instant(5), "5eed", b"Content")
