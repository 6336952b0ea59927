"""The room that an outbox keeps for a full disk: given up then, and taken again when there is room, never more than its share."""

import errno
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path

import pytest

from scanners.outbox import Outbox, room
from scanners.outbox.history import OutboxRow
from tests.builders import scan
from tests.clock_and_chance import seeded_bits
from tests.faults.small_disk import fill, mounted


def allocated(file: Path) -> int:
    """Bytes on the disk: a hole has none."""
    return file.stat().st_blocks * 512


def turns(outbox: Outbox, path: Path, times: int) -> list[int]:
    """The bytes of the reserve before each turn of the uploader."""
    sizes = list[int]()
    for _ in range(times):
        sizes.append(path.with_suffix(".reserve").stat().st_size)
        outbox.save()
    return sizes


def test_a_reserve_is_freed_before_anything_is_held_in_memory_and_taken_again_for_the_next_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "finish-1.db"
    with closing(Outbox(path, seeded_bits(1), reserve_bytes=1_000_000)) as outbox:
        reserve = path.with_suffix(".reserve")
        insert = Outbox._insert

        def full_while_reserved(self: Outbox, rows: Sequence[OutboxRow]) -> OutboxRow:
            if reserve.stat().st_size:
                raise OSError("database or disk is full")
            return insert(self, rows)

        for kept in (1, 2):
            assert allocated(reserve) >= 1_000_000
            with monkeypatch.context() as full:
                full.setattr(Outbox, "_insert", full_while_reserved)
                assert outbox.keep(scan(417, "17:05")) == kept
            assert (outbox.safe, outbox.unsaved, reserve.stat().st_size) == (kept, 0, 0)
            outbox.save()
    assert not reserve.exists()


def test_a_reserve_takes_no_more_than_its_share_of_what_is_free(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free = iter((400_000, 300_000, 0, 900_000, 9_000_000))
    monkeypatch.setattr(room, "free_bytes", lambda _: next(free))
    path = tmp_path / "finish-1.db"
    with closing(Outbox(path, seeded_bits(1), reserve_bytes=1_000_000)) as outbox:
        assert turns(outbox, path, 5) == [100_000, 100_000, 100_000, 250_000, 1_000_000]


def test_a_quota_that_no_disk_tells_of_makes_the_reserve_smaller(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fill = room._fill

    def quota(file: int, taken: int, size: int) -> None:
        fill(file, taken, min(size, 300_000))
        if size > 300_000:
            raise OSError(errno.EDQUOT, "quota")

    monkeypatch.setattr(room, "_fill", quota)
    path = tmp_path / "finish-1.db"
    with closing(Outbox(path, seeded_bits(1), reserve_bytes=1_000_000)) as outbox:
        assert turns(outbox, path, 3) == [0, 0, 250_000]


def test_a_disk_that_fills_twice_finds_a_reserve_twice(tmp_path: Path) -> None:
    with mounted(tmp_path / "small") as small:
        path, film = small / "finish-1.db", small / "film"
        with closing(Outbox(path, seeded_bits(1), reserve_bytes=200_000)) as outbox:
            reserve = path.with_suffix(".reserve")
            for _ in range(2):
                assert allocated(reserve) >= 200_000
                fill(small)
                while reserve.stat().st_size:
                    outbox.keep(scan(417, "17:05"), "가" * 300)
                assert outbox.unsaved == 0
                film.unlink()
                outbox.save()
            fill(small)
            while not outbox.unsaved:
                outbox.keep(scan(417, "17:05"), "가" * 300)
            assert not reserve.exists()  # it is the marker now
            outbox.save()
            assert outbox.unsaved and not reserve.exists()
            film.unlink()
            outbox.save()
            assert (outbox.unsaved, allocated(reserve) >= 200_000) == (0, True)
            assert not path.with_suffix(".unsaved").exists()
