"""The door: who has a token comes in at once, who has none costs the database nothing, and one that hangs is waited for by nobody."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from threading import Event

import pytest

from tests.boards import PATIENCE_S
from timing.bounded_threads import BoundedThreads, NoAnswerInTime
from timing.errors import Unreachable
from timing.language import pair
from timing.people.directory import hashed
from timing.stations.token_cache import TokenCache


class Directory:
    """The enrolled stations; counts how often it is asked, and hangs while it is told to."""

    def __init__(self) -> None:
        self.known = {hashed("seven"): "finish-1"}
        self.asked = 0
        self.goes = Event()
        self.goes.set()

    def stations(self) -> Mapping[bytes, str]:
        self.asked += 1
        self.goes.wait()
        return dict(self.known)


def test_a_new_token_opens_at_once_and_one_taken_back_soon_opens_nothing() -> None:
    async def day() -> None:
        directory = Directory()
        door = TokenCache(directory.stations, BoundedThreads("test", 1, PATIENCE_S))
        assert await door.station_of("seven") == "finish-1"
        assert await door.station_of("eight") is None
        directory.known[hashed("eight")] = "finish-2"
        assert await door.station_of("eight") == "finish-2"
        del directory.known[hashed("seven")]
        async with asyncio.timeout(PATIENCE_S):
            while await door.station_of("seven"):
                await asyncio.sleep(0.05)

    asyncio.run(day())


def test_a_thousand_wrong_tokens_at_once_are_one_look_at_the_database() -> None:
    async def flood() -> int:
        directory = Directory()
        door = TokenCache(directory.stations, BoundedThreads("test", 1, PATIENCE_S))
        found = await asyncio.gather(*(door.station_of(f"wrong {at}") for at in range(1_000)))
        assert found == [None] * 1_000
        return directory.asked

    assert asyncio.run(flood()) <= 2


def test_a_database_that_hangs_is_given_up_in_time_and_asked_again_when_it_goes_on() -> None:
    async def stall() -> list[str]:
        directory, told = Directory(), list[str]()
        door = TokenCache(directory.stations, BoundedThreads("test", 2, patience_s=0.2, complain=told.append))
        directory.goes.clear()
        asked = [door.station_of(f"{at}") for at in range(50)] + [door.station_of("seven")]
        found = await asyncio.gather(*asked, return_exceptions=True)
        assert all(isinstance(one, NoAnswerInTime) for one in found)
        directory.goes.set()
        async with asyncio.timeout(PATIENCE_S):
            while True:
                try:
                    assert await door.station_of("seven") == "finish-1"
                    return told
                except NoAnswerInTime:
                    await asyncio.sleep(0.05)

    assert len(asyncio.run(stall())) == 1  # said once, however many asked


def test_a_database_that_is_gone_is_told_to_each_who_asks() -> None:
    def away() -> Mapping[bytes, str]:
        raise Unreachable(pair("없음", "gone"))

    async def ask() -> None:
        door = TokenCache(away, BoundedThreads("test", 1, PATIENCE_S))
        for _ in range(2):
            with pytest.raises(Unreachable, match="gone"):
                await door.station_of("seven")

    asyncio.run(ask())


def test_work_beyond_the_queue_is_put_off_at_once_and_work_that_nobody_waits_for_is_not_done() -> None:
    async def crowd() -> list[int]:
        begun, goes, done = Event(), Event(), list[int]()
        aside = BoundedThreads("test", 1, patience_s=1, waiting_most=5)

        def work(at: int) -> None:
            begun.set()
            goes.wait()
            done.append(at)

        first = asyncio.create_task(aside(work, 0))
        async with asyncio.timeout(PATIENCE_S):
            while not begun.is_set():
                await asyncio.sleep(0.01)
        found = await asyncio.gather(first, *(aside(work, at) for at in range(1, 20)), return_exceptions=True)
        assert all(isinstance(one, NoAnswerInTime) for one in found)
        goes.set()
        async with asyncio.timeout(PATIENCE_S):
            while done[-1:] != [20]:
                with suppress(NoAnswerInTime):
                    await aside(work, 20)
        return sorted(set(done))

    assert asyncio.run(crowd()) == [0, 20]
